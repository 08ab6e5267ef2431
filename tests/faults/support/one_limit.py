"""A board with some limit changed, somebody who passes it, and somebody who must not notice."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from functools import partial

from boards import edits
from boards.document import Document
from server.sync.clock import Clock
from server.sync.limits import SyncLimits
from server.sync.room.room import Room
from server.sync.rooms import Rooms
from tests.support.clock import HandClock
from tests.support.rooms import BOARD, Client, board_rooms, settled


def limits(**changed: float) -> SyncLimits:
    return SyncLimits(**{"messages_per_second": 0, "commit_seconds": 0.0, **changed})  # type: ignore[arg-type]


@contextlib.asynccontextmanager
async def board(
    clock: Clock | None = None, /, **changed: float
) -> AsyncIterator[tuple[Rooms, Room, Client, Client]]:
    """A board with these limits, somebody who passes one, and somebody who must not notice.

    Its time stands still, unless `clock` is another.
    """
    these, clock = limits(**changed), clock or HandClock()
    async with board_rooms(limits=these, clock=clock) as rooms, rooms.hold(BOARD) as room:
        one, other = (Client(room, limits=these) for _ in range(2))
        yield rooms, room, one, other
        await settled(rooms)
        assert other.error is None


def later(rooms: Rooms, seconds: float) -> None:
    assert isinstance(rooms.clock, HandClock)
    rooms.clock.turn(seconds)


def fate(client: Client) -> str:
    return client.error.slug if client.error else "fine"


def update_of(change: Callable[[Document], object], document: Document | None = None) -> bytes:
    document = document or Document()
    return document.record(lambda: change(document))[1]


def note(text: str) -> bytes:
    return update_of(partial(edits.add_note, board=BOARD, zone="challenges", text=text, at=1))


async def put_right(client: Client, rooms: Rooms) -> list[tuple[str, int, list[str]]]:
    """What was, as the client is told: code, count, texts."""
    await settled(rooms)
    client.hear()
    assert fate(client) == "fine"
    return [(note["code"], note["count"], note["texts"]) for _, note in client.notices]
