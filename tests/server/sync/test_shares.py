"""What takes long leaves the loop to others for about as long as it took (rule RM17)."""

from __future__ import annotations

import asyncio

import pytest

from server.sync.limits import SyncLimits
from server.sync.room.connection import Connection
from server.sync.shares import CHORE, Chores, Pace
from tests.support.clock import HandClock
from tests.support.rooms import BOARD, Client, board_rooms

SLICE = CHORE / 8  # seconds, far less than what is costly by itself
TURNS, FREE = 12, 4
MOST_SLICES = 200  # or it would go on within one turn of a clock that stands still


async def test_rm17_many_small_slices_leave_as_much_of_the_loop_as_they_take() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as here:
        clock, connection, slices = HandClock(), Client(here).connection, 0

        def do() -> Connection | None:
            nonlocal slices
            slices += 1
            clock.pause(SLICE)
            return connection if slices < MOST_SLICES else None

        chores = Chores(Pace(SyncLimits(), clock), clock, do)
        chores.begin_later()
        rests = []
        for _ in range(TURNS):
            clock.turn(clock.left or 0.0)
            await asyncio.sleep(0)  # so the loop's turn is over
            rests.append(clock.left)
        assert slices == pytest.approx(TURNS * CHORE / SLICE, abs=TURNS)
        assert rests[FREE:] == [pytest.approx(CHORE, rel=0.3)] * (TURNS - FREE)
