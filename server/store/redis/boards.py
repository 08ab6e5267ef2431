"""Boards as they lie in Redis, read and checked; and what compaction and erasing write.

The log is a stream whose ids are the numbers of the last update in each row. A checkpoint is one
value. What left the log is history: pieces in a hash, and a sorted set that tells what they are.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from server.store import (
    Append,
    Moment,
    StoreCorrupted,
    StoredBoard,
    StoredCheckpoint,
    StoredHistory,
)
from server.store.packing import pack, unpack
from server.store.redis.commits import row_fields
from server.store.rows import check_hole, checked_row, checksum, digest, row_moments, time_of
from server.store.runs import Run
from server.store.stamps import pack_several

__all__ = [
    "Argument",
    "Piece",
    "Row",
    "board_of",
    "checkpoint_value",
    "history_of",
    "log_needed",
    "piece_moments",
    "pieces_of",
    "read_checkpoint",
    "rest_of",
    "rows_of",
    "thinned_piece",
]

Argument = bytes | str | int

LONGEST_MS = 60_000  # that a piece of history that is not thinned yet spans


class Row(NamedTuple):
    """Of a log: `seq` is the number of its last update."""

    seq: int
    updates: int
    crc: int
    at: int
    payload: bytes
    stamps: bytes

    def moments(self, board: str) -> list[Moment]:
        """Raises StoreCorrupted."""
        return row_moments(board, self.seq, self.updates, self.crc, self.payload, self.stamps)


class Piece(NamedTuple):
    """Of a history: what is told of it.

    `at`, `since`: when its last and its first update were stored. `size`: bytes.
    """

    seq: int
    updates: int
    level: int
    at: int
    size: int
    since: int

    @classmethod
    def read(cls, told: bytes) -> "Piece":
        return cls(*map(int, told.split(b" ")))


def rows_of(board: str, found: Sequence[Any]) -> list[Row]:
    """From what XRANGE answers. Raises StoreCorrupted."""
    rows = []
    for id, fields in found:
        by_name = dict(zip(fields[::2], fields[1::2], strict=True))
        try:
            seq = int(id.partition(b"-")[0])
            count, crc, at = (int(by_name[name]) for name in (b"n", b"c", b"t"))
            rows.append(Row(seq, count, crc, at, by_name[b"p"], by_name[b"s"]))
        except (KeyError, ValueError) as error:
            raise StoreCorrupted(f"board {board}: a row of its log is damaged: {error}") from error
    return rows


def checkpoint_value(board: str, checkpoint: StoredCheckpoint) -> bytes:
    """Its number, its time, a digest of all of it, the state vector, the update."""
    seq, state_vector, update, at = (
        checkpoint.seq,
        checkpoint.state_vector,
        checkpoint.update,
        checkpoint.at,
    )
    return pack([b"%d" % seq, b"%d" % at, digest(board, checkpoint), state_vector, update])


def read_checkpoint(board: str, value: bytes) -> StoredCheckpoint:
    """The inverse. Raises StoreCorrupted."""
    try:
        seq, at, expected, state_vector, update = unpack(value)
        checkpoint = StoredCheckpoint(int(seq), state_vector, update, int(at))
    except ValueError as error:
        raise StoreCorrupted(f"board {board}: a checkpoint is damaged: {error}") from error
    if digest(board, checkpoint) != expected:
        raise StoreCorrupted(f"board {board}: a checkpoint is not whole")
    return checkpoint


def newest_whole(board: str, kept: Sequence[bytes]) -> StoredCheckpoint | None:
    """Of checkpoints by their numbers; an older one serves if the newest is damaged."""
    values = dict(zip(map(int, kept[::2]), kept[1::2], strict=True))
    for seq in sorted(values, reverse=True):
        with suppress(StoreCorrupted):
            return read_checkpoint(board, values[seq])
    return None


def log_needed(board: str, found: Sequence[Any]) -> int | None:
    """Behind which update the log has to be read, if LOAD went by a checkpoint that is damaged."""
    kept = found[2]
    checkpoint = newest_whole(board, kept)
    seq = checkpoint.seq if checkpoint else 0
    return None if seq == max(map(int, kept[::2]), default=0) else seq


def board_of(board: str, workshop: str, found: Sequence[Any]) -> StoredBoard:
    """From what LOAD answers of one that there is. Raises StoreCorrupted."""
    end, lineage, kept, log = int(found[0]), found[1], found[2], found[3]
    checkpoint = newest_whole(board, kept)
    rows = rows_of(board, log)
    has_first = bool(rows) and rows[0].seq == rows[0].updates
    if kept and checkpoint is None and not has_first:
        raise StoreCorrupted(f"board {board}: no checkpoint of it is whole")
    return replayed(board, workshop, lineage, checkpoint, rows, end)


def replayed(
    board: str,
    workshop: str,
    lineage: bytes | None,
    checkpoint: StoredCheckpoint | None,
    rows: Sequence[Row],
    end: int,
) -> StoredBoard:
    updates: list[bytes] = []
    last = checkpoint.seq if checkpoint else 0
    at = checkpoint.at if checkpoint else 0
    for row in rows:
        updates += checked_row(board, last, row.seq, row.updates, row.crc, row.payload, row.stamps)
        last = row.seq
        at = time_of(board, row.stamps, row.updates) or at
    if last == 0:
        raise StoreCorrupted(f"board {board} has neither a checkpoint nor updates")
    if lineage is None:
        raise StoreCorrupted(f"board {board} has no lineage")
    check_hole(board, last, end + 1)
    return StoredBoard(lineage.decode(), checkpoint, tuple(updates), at, workshop)


def history_of(board: str, found: Sequence[Any]) -> StoredHistory | None:
    """From what HISTORY answers. Raises StoreCorrupted."""
    if not found:
        return None
    value, told, held, log = found
    base = read_checkpoint(board, value) if value else None
    at = base.seq if base else 0
    moments: list[Moment] = []
    stored = (
        piece_moments(board, Piece.read(piece), one) for piece, one in zip(told, held, strict=True)
    )
    for some in (*stored, *(row.moments(board) for row in rows_of(board, log))):
        check_hole(board, at, some[0].seq - some[0].stamp.updates + 1)
        moments += (moment for moment in some if moment.seq > at)
        at = max(at, some[-1].seq)
    return StoredHistory(base, tuple(moments))


def piece_moments(board: str, piece: Piece, held: bytes | None) -> list[Moment]:
    """Raises StoreCorrupted."""
    try:
        crc, payload, stamps = unpack(held or b"")
        number = int(crc)
    except ValueError as error:
        raise StoreCorrupted(f"board {board}: update {piece.seq}: {error}") from error
    return row_moments(board, piece.seq, piece.updates, number, payload, stamps, piece.level)


def arguments(piece: Piece, crc: int, payload: bytes, stamps: bytes) -> tuple[Argument, ...]:
    """As the scripts take it."""
    return *piece, pack([b"%d" % crc, payload, stamps])


def pieces_of(board: str, rows: Sequence[Row]) -> list[tuple[Argument, ...]]:
    """Rows that leave the log, as few pieces of history; damaged ones as they are."""
    try:
        moments = [moment for row in rows for moment in row.moments(board)]
    except StoreCorrupted:
        return [row_piece(row, row.at) for row in rows]
    return [row_piece(row_of(board, run), run.times[0][0]) for run in merged(moments)]


def row_piece(row: Row, since: int) -> tuple[Argument, ...]:
    size = len(row.payload) + len(row.stamps)
    piece = Piece(row.seq, row.updates, 0, row.at, size, since)
    return arguments(piece, row.crc, row.payload, row.stamps)


def row_of(board: str, run: Run) -> Row:
    crc, at, payload, stamps = row_fields(board, run)
    return Row(run.last, len(run.updates), crc, at, payload, stamps)


def merged(moments: Sequence[Moment]) -> Iterator[Run]:
    """Runs of consecutive updates, of about a row's size and not longer than a minute."""
    run: Run | None = None
    for moment in moments:
        if run is not None and not follows(run, moment):
            yield from run.pieces()
            run = None
        run = run or Run(moment.seq)
        run.add(append_of(moment))
    if run is not None:
        yield from run.pieces()


def follows(run: Run, moment: Moment) -> bool:
    return moment.seq == run.last + 1 and moment.stamp.at < run.times[0][0] + LONGEST_MS


def append_of(moment: Moment) -> Append:
    return Append("", moment.seq, (moment.update,), moment.stamp.at, moment.stamp.who or ("",))


def thinned_piece(board: str, level: int, moments: Sequence[Moment]) -> tuple[Argument, ...]:
    seq, stamp, _ = moments[-1]
    updates = sum(moment.stamp.updates for moment in moments)
    payload = pack([moment.update for moment in moments])
    stamps = pack_several([moment.stamp for moment in moments])
    crc = checksum(board, seq, updates, payload, stamps)
    size = len(payload) + len(stamps)
    piece = Piece(seq, updates, level, stamp.at, size, moments[0].stamp.at)
    return arguments(piece, crc, payload, stamps)


def rest_of(board: str, rows: Sequence[Row], seq: int) -> tuple[Argument, ...]:
    """Of a row that update `seq` stands in the middle of: its number, and its fields without that.

    (0,) if there is none.
    """
    if not rows or rows[0].seq - rows[0].updates >= seq:
        return (0,)
    row = rows[0]
    run = Run(seq + 1)
    for moment in row.moments(board):
        if moment.seq > seq:
            run.add(append_of(moment))
    new = row_of(board, run)
    fields = ("n", new.updates, "c", new.crc, "t", new.at, "p", new.payload, "s", new.stamps)
    return row.seq, len(fields), *fields
