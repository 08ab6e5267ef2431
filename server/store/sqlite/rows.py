"""Boards in the database: rows of the log, each of which holds consecutive updates; checkpoints."""

import contextlib
import sqlite3
import zlib
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from server.store import Append, NewBoard, StoreCorrupted, StoredBoard, StoredCheckpoint
from server.store.ends import End
from server.store.packing import pack
from server.store.rows import check_hole, checked_row, checksum, digest, time_of
from server.store.runs import Run
from server.store.sqlite.dropping import must_be_free
from server.store.sqlite.journal import Mark
from server.store.sqlite.pending import Pending
from server.store.stamps import pack_stamps

__all__ = [
    "create",
    "end_of",
    "insert_appends",
    "insert_pending",
    "read_board",
    "read_mark",
    "write_mark",
    "write_checkpoint",
]

LOG_COLUMNS, LOG_TYPES = "seq, count, crc, payload, stamps", (int, int, int, bytes, bytes)
CHECKPOINT_COLUMNS = "seq, sha256, state_vector, data, at"
CHECKPOINT_TYPES = (int, bytes, bytes, bytes, int)
ROWS_AT_ONCE = 64  # of one statement; each number of rows is a statement of its own in its cache

LogRow = tuple[str, int, int, int, bytes, bytes]


def create(db: sqlite3.Connection, workshop: str, new: NewBoard) -> None:
    must_be_free(db, new.board)
    db.execute("INSERT INTO board VALUES (?, ?, ?)", (new.board, new.lineage, workshop))
    insert_appends(db, [Append(new.board, 1, (new.update,), new.at)])


def log_row(board: str, run: Run) -> LogRow:
    payload, stamps = pack(run.updates), pack_stamps(run.times, run.who)
    seq, count = run.last, len(run.updates)
    return board, seq, count, checksum(board, seq, count, payload, stamps), payload, stamps


def insert_log(db: sqlite3.Connection, rows: Sequence[LogRow]) -> None:
    for at in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[at : at + ROWS_AT_ONCE]
        db.execute(insertion(len(some)), [value for row in some for value in row])


def insert_appends(db: sqlite3.Connection, appends: Sequence[Append]) -> None:
    insert_log(db, [log_row(append.board, Run.of(append)) for append in appends])


def insert_run(db: sqlite3.Connection, board: str, run: Run) -> None:
    insert_log(db, [log_row(board, run)])


def insert_pending(db: sqlite3.Connection, pending: Pending) -> None:
    """All that the journal holds, in as few rows as possible."""
    insert_log(db, [log_row(board, run) for board, run in pending.pieces()])


@cache
def insertion(rows: int) -> str:
    """The statement that inserts so many rows into the log."""
    return "INSERT INTO log VALUES " + ", ".join(["(?, ?, ?, ?, ?, ?)"] * rows)


def end_of(db: sqlite3.Connection, board: str, pending: Pending) -> End | None:
    """Whose a board is and where its log ends, with what is pending; None if there is no board."""
    row = db.execute("SELECT workshop FROM board WHERE id = ?", (board,)).fetchone()
    if row is None:
        return None
    return row[0], pending.last(board) or last_seq(db, board)


def last_seq(db: sqlite3.Connection, board: str) -> int:
    sql = "SELECT max(seq) FROM (SELECT max(seq) AS seq FROM log WHERE board = ?1 UNION ALL"
    row = db.execute(
        sql + " SELECT max(seq) FROM checkpoint WHERE board = ?1)", (board,)
    ).fetchone()
    return int(row[0] or 0)


def read_board(db: sqlite3.Connection, board: str, runs: Iterable[Run]) -> StoredBoard | None:
    """`runs`: what follows in the journal."""
    row = db.execute("SELECT lineage, workshop FROM board WHERE id = ?", (board,)).fetchone()
    if row is None:
        return None
    checkpoint = read_checkpoint(db, board)
    seq = checkpoint.seq if checkpoint else 0
    sql = f"SELECT {LOG_COLUMNS} FROM log WHERE board = ? AND seq > ? ORDER BY seq"
    updates: list[bytes] = []
    last = seq
    stamps = (b"", 0)
    for values in db.execute(sql, (board, seq)):
        updates += checked_row(board, last, *typed(board, values, LOG_TYPES))
        last, stamps = values[0], (values[4], values[1])
    at = time_of(board, *stamps) or (checkpoint.at if checkpoint else 0)
    for run in runs:
        if run.last > last:
            check_hole(board, last, run.first)
            updates += run.updates[last + 1 - run.first :]
            last, at = run.last, run.times[-1][0]
    if last == 0:
        raise StoreCorrupted(f"board {board} has neither a checkpoint nor updates")
    lineage, workshop = typed(board, row, (str, str))
    return StoredBoard(lineage, checkpoint, tuple(updates), at, workshop)


def typed(board: str, row: tuple[Any, ...], types: tuple[type, ...]) -> tuple[Any, ...]:
    """The row, if its values are of these types: damage may change also what a column is."""
    if any(type(value) is not wanted for value, wanted in zip(row, types, strict=True)):
        raise StoreCorrupted(f"board {board}: a row holds values of another kind")
    return row


def read_checkpoint(db: sqlite3.Connection, board: str) -> StoredCheckpoint | None:
    """The newest checkpoint that is whole; an older one serves if the newest is damaged."""
    sql = f"SELECT {CHECKPOINT_COLUMNS} FROM checkpoint WHERE board = ? ORDER BY seq DESC"
    damaged = False
    for row in db.execute(sql, (board,)):
        with contextlib.suppress(StoreCorrupted):
            seq, expected, state_vector, update, at = typed(board, row, CHECKPOINT_TYPES)
            checkpoint = StoredCheckpoint(seq, state_vector, update, at)
            if digest(board, checkpoint) == expected:
                return checkpoint
        damaged = True
    if damaged and not has_first_update(db, board):
        raise StoreCorrupted(f"board {board}: no checkpoint of it is whole")
    return None


def has_first_update(db: sqlite3.Connection, board: str) -> bool:
    sql = "SELECT 1 FROM log WHERE board = ? AND seq - count = 0"
    return db.execute(sql, (board,)).fetchone() is not None


def write_checkpoint(db: sqlite3.Connection, board: str, checkpoint: StoredCheckpoint) -> None:
    """Insert it, keep one generation before it; the log that both of them cover is history."""
    if not exists(db, board):
        return  # deleted while the checkpoint was made
    row = db.execute("SELECT max(seq) FROM checkpoint WHERE board = ?", (board,)).fetchone()
    previous = int(row[0] or 0)
    if checkpoint.seq < previous:
        return  # the board was erased while it was made
    values = checkpoint_row(board, checkpoint)
    db.execute("INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?, ?, ?, ?)", values)
    db.execute("DELETE FROM checkpoint WHERE board = ? AND seq < ?", (board, previous))
    move_to_history(db, board, previous)
    db.execute("DELETE FROM log WHERE board = ? AND seq <= ?", (board, previous))


def move_to_history(db: sqlite3.Connection, board: str, seq: int) -> None:
    """Copy the log's rows up to this update; whoever calls deletes them in the same transaction."""
    sql = f"SELECT {LOG_COLUMNS} FROM log WHERE board = ? AND seq <= ? ORDER BY seq"
    for last, count, crc, payload, stamps in db.execute(sql, (board, seq)).fetchall():
        values = (board, last, count, crc, payload, stamps, 0, time_of(board, stamps, count))
        db.execute("INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)


def exists(db: sqlite3.Connection, board: str) -> bool:
    return db.execute("SELECT 1 FROM board WHERE id = ?", (board,)).fetchone() is not None


def checkpoint_row(board: str, checkpoint: StoredCheckpoint) -> tuple[Any, ...]:
    return (
        board,
        checkpoint.seq,
        digest(board, checkpoint),
        checkpoint.state_vector,
        checkpoint.update,
        checkpoint.at,
    )


def read_mark(db: sqlite3.Connection) -> Mark | None:
    """How far the database has taken the journal over; None if that is damaged."""
    row = db.execute("SELECT generation, done, crc FROM journal WHERE id = 1").fetchone()
    if row is None or any(type(value) is not int for value in row):
        return None
    mark = Mark(row[0], row[1])
    return mark if mark_checksum(mark) == row[2] else None


def write_mark(db: sqlite3.Connection, mark: Mark) -> None:
    values = (mark.generation, mark.done, mark_checksum(mark))
    db.execute("INSERT OR REPLACE INTO journal VALUES (1, ?, ?, ?)", values)


def mark_checksum(mark: Mark) -> int:
    return zlib.crc32(f"{mark.generation}/{mark.done}".encode())
