"""What is quiet is let go when its time is over, and not before."""

from __future__ import annotations

import gc
import weakref

from boards.document import Document
from tests.faults.support.one_limit import board, later, limits, note
from tests.support.clock import HandClock
from tests.support.rooms import BOARD, board_rooms, settled


async def test_limit_rest_seconds() -> None:
    assert await rests(note("x"), 3.0)
    assert not await rests(note("x"), 2.9)


async def test_limit_rest_bytes() -> None:
    update = note("x")
    size = len(Document().get_update()) + len(update)
    assert await rests(update, 3.0, rest_bytes=size)
    assert not await rests(update, 3.0, rest_bytes=size - 1)


async def rests(update: bytes, after: float, **changed: float) -> bool:
    """Whether a board with this update lets its document go once it was quiet for so long."""
    async with board(rest_seconds=3, **changed) as (rooms, room, client, _):
        client.sync()
        client.send_update(update)
        document = weakref.ref(room.document)
        await settled(rooms)
        later(rooms, after)
        gc.collect()
        return document() is None


async def test_limit_unload_seconds() -> None:
    async with board_rooms(limits=limits(unload_seconds=60), clock=HandClock()) as rooms:
        async with rooms.hold(BOARD):
            assert len(rooms) == 1
        later(rooms, 59.9)
        assert len(rooms) == 1
        later(rooms, 0.2)
        assert len(rooms) == 0
