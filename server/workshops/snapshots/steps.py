"""Much of a board goes back in steps, so that nobody else waits for all of it.

Each step is an edit of its own. The first that changes anything is committed with the snapshot of
the board as it was, so whatever happens between two steps can be gone on with.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence

from boards.layout.taken import Taken, place_keys
from server.store import Record
from server.sync.commit.committer import Committer
from server.sync.room.room import Room
from server.workshops.members import document_of

__all__ = ["STEP", "places_on", "stepwise"]

STEP = 100  # items; some milliseconds
LOOKED_AT = 500  # notes in one go; as long


async def stepwise(
    committer: Committer,
    workshop: str,
    room: Room,
    steps: Iterable[Callable[[], object]],
    begin: Callable[[], Record],
    end: Callable[[], Sequence[Record]] = tuple,
) -> bool:
    """Take them; whether anything changed. `begin`: the record of the board as it was, asked for
    at the first change; `end`: what is stored with the last."""
    seq, puts, begun = room.seq, list[Record](), False
    for number, step in enumerate(steps):
        if puts:
            await committer.commit(workshop, puts=puts)
            puts = []
        elif number:
            await asyncio.sleep(0)
        step()
        if not begun and room.seq != seq:
            begun, puts = True, [begin()]
    await committer.commit(workshop, puts=[*puts, *end()])
    return begun


async def places_on(room: Room) -> Taken:
    """Where notes stand; others have their turns while they are looked at."""
    places = Taken()
    keys = place_keys(document_of(room), room.board)
    for at in range(0, len(keys), LOOKED_AT):
        places.look(document_of(room), room.board, keys[at : at + LOOKED_AT])
        await asyncio.sleep(0)
    return places
