"""What is moved from store to store as a whole, in Redis: boards and records."""

from collections.abc import Iterator, Sequence

from server.store import SERVER, Record, StoreUnavailable
from server.store.records import parse
from server.store.redis import boards as forms
from server.store.redis.access import Access
from server.store.redis.commits import Claims
from server.store.redis.keys import board_name, unescaped
from server.store.redis.nodes import Command
from server.store.redis.scripts import RESTORE
from server.store.whole import WholeBoard, run_of

__all__ = ["all_records", "all_workshops", "restore"]

PORTION_BYTES = 1 << 20  # of what one call of the script writes


async def all_workshops(access: Access) -> list[str]:
    access.check()
    return [SERVER, *sorted(await access.index.workshops())]


async def all_records(access: Access, workshop: str) -> list[Record]:
    await access.enter(workshop)
    records, blobs = access.keys.some(workshop, "records", "blobs")
    held, large = await access.nodes.ask(
        Command(records, ("HGETALL", records)), Command(blobs, ("HGETALL", blobs))
    )
    blob = dict(zip(large[::2], large[1::2], strict=True))
    found: list[tuple[int, Record]] = []
    for field, value in zip(held[::2], held[1::2], strict=True):
        head, _, text = value.partition(b"\t")
        _, number, parent = head.decode().split(" ", 2)
        kind, _, id = field.decode().partition("/")
        record = Record(kind, unescaped(id), unescaped(parent), parse(id, text), blob.get(field))
        found.append((int(number), record))
    return [record for _, record in sorted(found, key=lambda each: each[0])]


async def restore(access: Access, board: str, whole: WholeBoard) -> None:
    """Of its workshop we are home from now on. Raises StoreUnavailable."""
    workshop = whole.stored.workshop
    await access.homes.ensure(workshop)
    await access.enter(workshop)
    claims = Claims(names=(board_name(board),), drops=(), unders=(), has_boards=True)
    await access.index.claim([(workshop, claims)])
    keys = access.keys.some(workshop, "ends", "lineages")
    keys += access.keys.of_board(workshop, board, "check", "log", "history", "pieces", "base")
    keys += access.keys.some(workshop, "ages")
    portions = [*in_portions(board, whole), ([], [])]
    for number, (pieces, rows) in enumerate(portions):
        is_last = number + 1 == len(portions)
        found = await access.run(
            RESTORE,
            workshop,
            keys,
            *(board, int(number == 0), int(is_last)),
            *(len(pieces), *(each for piece in pieces for each in piece)),
            *(len(rows), *(each for row in rows for each in row)),
            *(ending(board, whole) if is_last else ()),
        )
        if found != b"k":
            raise StoreUnavailable(f"board {board} could not be written ({found})")


Parts = list[Sequence[forms.Argument]]


def in_portions(board: str, whole: WholeBoard) -> Iterator[tuple[Parts, Parts]]:
    """Pieces of history, and rows of the log."""
    pieces: Parts = []
    rows: Parts = []
    size = 0
    for level, moments in whole.past():
        if level:
            pieces.append(forms.thinned_piece(board, level, moments))
        else:
            row = forms.row_of(board, run_of(moments))
            pieces.append(forms.row_piece(row, moments[0].stamp.at))
        size += sum(len(moment.update) for moment in moments)
        if size > PORTION_BYTES:
            yield pieces, []
            pieces, size = [], 0
    for run in whole.log():
        row = forms.row_of(board, run)
        rows.append((row.seq, row.updates, row.crc, row.at, row.payload, row.stamps))
        size += len(row.payload)
        if size > PORTION_BYTES:
            yield pieces, rows
            pieces, rows, size = [], [], 0
    yield pieces, rows


def ending(board: str, whole: WholeBoard) -> tuple[forms.Argument, ...]:
    stored, base = whole.stored, whole.history.base
    checkpoint = stored.checkpoint
    return (
        stored.seq,
        stored.lineage,
        checkpoint.seq if checkpoint else 0,
        forms.checkpoint_value(board, checkpoint) if checkpoint else b"",
        forms.checkpoint_value(board, base) if base else b"",
    )
