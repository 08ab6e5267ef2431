"""A board as it is loaded, and the checkpoints that stand for the beginning of its log.

What a script writes of what was read before goes by that, and is put together again where it is no
longer so.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from server.store import StoredBoard, StoredCheckpoint, StoreReadOnly, StoreUnavailable
from server.store.redis import boards as forms
from server.store.redis.access import Access
from server.store.redis.scripts import COMPACT, ERASE, LOAD

__all__ = ["compact", "erase", "load"]

ATTEMPTS = 5


async def load(access: Access, board: str, *, serves: bool = True) -> StoredBoard | None:
    """`serves`: who reads it is its home, or raises NotHome. Raises StoreCorrupted."""
    workshop = await access.home(board)
    if workshop is None:
        return None
    if serves:
        with suppress(StoreReadOnly):  # what nobody can write to can still be read
            await access.homes.ensure(workshop)
            await access.enter(workshop)
    keys = access.keys.some(workshop, "ends", "lineages")
    keys += access.keys.of_board(workshop, board, "check", "log")
    found = await access.run(LOAD, workshop, keys, board, -1)
    needed = forms.log_needed(board, found) if found else None
    if needed is not None:
        found = await access.run(LOAD, workshop, keys, board, needed)
    return forms.board_of(board, workshop, found) if found else None


async def compact(access: Access, board: str, checkpoint: StoredCheckpoint) -> None:
    workshop = await access.home(board)
    if workshop is None:
        return
    ends, ages = access.keys.some(workshop, "ends", "ages")
    keys = access.keys.of_board(workshop, board, "check", "log", "history", "pieces")
    value = forms.checkpoint_value(board, checkpoint)

    async def attempt() -> Any:
        previous = max(map(int, await access.ask(keys[0], "HKEYS")), default=0)
        log = await access.ask(keys[1], "XRANGE", "-", previous) if previous else []
        pieces = forms.pieces_of(board, forms.rows_of(board, log))
        return await access.run(
            COMPACT,
            workshop,
            [ends, *keys, ages],
            *(board, previous, checkpoint.seq, value),
            *(len(pieces), *(each for piece in pieces for each in piece)),
        )

    await agreed(attempt)


async def erase(access: Access, board: str, checkpoint: StoredCheckpoint) -> None:
    workshop = await access.home(board)
    if workshop is None:
        return
    ends, ages = access.keys.some(workshop, "ends", "ages")
    keys = access.keys.of_board(workshop, board, "check", "log", "history", "pieces", "base")
    value = forms.checkpoint_value(board, checkpoint)

    async def attempt() -> Any:
        log = await access.ask(keys[1], "XRANGE", checkpoint.seq + 1, "+")
        rest = forms.rest_of(board, forms.rows_of(board, log), checkpoint.seq)
        return await access.run(
            ERASE, workshop, [ends, *keys, ages], board, checkpoint.seq, value, *rest
        )

    await agreed(attempt)


async def agreed(attempt: Callable[[], Awaitable[Any]]) -> None:
    """Again while others write what it goes by."""
    for _ in range(ATTEMPTS):
        if await attempt() != b"a":
            return
    raise StoreUnavailable("the log is never as it was read")
