"""History in Redis: pieces that left the log, thinned as they age, behind a base state."""

from collections.abc import Sequence

from server.store import Moment, StoredCheckpoint, StoredHistory
from server.store.redis import boards as forms
from server.store.redis.access import Access
from server.store.redis.nodes import Command
from server.store.redis.scripts import HISTORY, REBASE, THIN
from server.store.rows import thinned_rows

__all__ = ["aged", "lengths", "passed", "read_history", "rebase", "thin"]


async def read_history(access: Access, board: str) -> StoredHistory | None:
    """Raises StoreCorrupted."""
    workshop = await access.home(board)
    if workshop is None:
        return None
    ends = access.keys.home(workshop, "ends")
    keys = access.keys.of_board(workshop, board, "base", "history", "pieces", "log")
    return forms.history_of(board, await access.run(HISTORY, workshop, [ends, *keys], board))


async def aged(access: Access, before: Sequence[int]) -> list[str]:
    access.check()
    keys = [access.keys.home(each, "ages") for each in await access.index.workshops()]
    commands = (Command(key, ("ZRANGE", key, 0, -1, "WITHSCORES")) for key in keys)
    found: set[str] = set()
    for places in await access.nodes.ask(*commands):
        for place, at in zip(places[::2], places[1::2], strict=True):
            level, _, board = place.decode().partition("/")
            if int(level) < len(before) and float(at) < before[int(level)]:
                found.add(board)
    return sorted(found)


async def passed(access: Access, board: str, level: int, before: int, most: int) -> list[Moment]:
    workshop = await access.home(board)
    if workshop is None:
        return []
    wanted: list[forms.Piece] = []
    for piece in await pieces(access, workshop, board):
        if sum(each.size for each in wanted) >= most:
            break
        if piece.level == level and piece.at < before:
            wanted.append(piece)
    if not wanted:
        return []
    key = access.keys.of(workshop, "history", board)
    held = await access.ask(key, "HMGET", *(piece.seq for piece in wanted))
    return [
        moment
        for piece, one in zip(wanted, held, strict=True)
        if one is not None  # else it was erased meanwhile
        for moment in forms.piece_moments(board, piece, one)
    ]


async def pieces(access: Access, workshop: str, board: str) -> list[forms.Piece]:
    """Oldest first."""
    key = access.keys.of(workshop, "pieces", board)
    return [forms.Piece.read(told) for told in await access.ask(key, "ZRANGE", 0, -1)]


async def lengths(access: Access, board: str) -> list[tuple[int, int, int]]:
    workshop = await access.home(board)
    found = await pieces(access, workshop, board) if workshop is not None else []
    return [(piece.seq, piece.at, piece.size) for piece in found]


async def thin(access: Access, board: str, level: int, moments: Sequence[Moment]) -> None:
    workshop = await access.home(board)
    if workshop is None:
        return
    first, last = moments[0].seq - moments[0].stamp.updates, moments[-1].seq
    made = [forms.thinned_piece(board, level, row) for row in thinned_rows(moments)]
    keys = access.keys.of_board(workshop, board, "history", "pieces")
    await access.run(
        THIN,
        workshop,
        [*keys, access.keys.home(workshop, "ages")],
        *(board, level, first, last),
        *(len(made), *(each for piece in made for each in piece)),
    )


async def rebase(access: Access, board: str, base: StoredCheckpoint) -> None:
    workshop = await access.home(board)
    if workshop is not None:
        keys = access.keys.of_board(workshop, board, "history", "pieces", "base")
        value = forms.checkpoint_value(board, base)
        ages = access.keys.home(workshop, "ages")
        await access.run(REBASE, workshop, [*keys, ages], board, base.seq, value)
