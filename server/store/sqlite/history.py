"""History in the database: rows that left the log, thinned as they age, behind a base state.

A row of level 0 is as it was in the log. One of a higher level holds fewer updates, each of which
stands for several; its stamps tell of how many, and who took part.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from server.store import Append, Moment, StoreCorrupted, StoredCheckpoint, StoredHistory
from server.store.packing import pack
from server.store.rows import (
    check_hole,
    checksum,
    digest,
    moments_of,
    row_moments,
    thinned_rows,
)
from server.store.runs import Run
from server.store.sqlite.rows import (
    CHECKPOINT_COLUMNS,
    CHECKPOINT_TYPES,
    LOG_COLUMNS,
    LOG_TYPES,
    checkpoint_row,
    exists,
    insert_run,
    typed,
)
from server.store.stamps import pack_several

__all__ = ["aged", "erase", "lengths", "passed", "read_history", "rebase", "thin"]


def read_history(db: sqlite3.Connection, board: str, runs: Iterable[Run]) -> StoredHistory | None:
    """`runs`: what follows in the journal. Raises StoreCorrupted."""
    if not exists(db, board):
        return None
    base = read_base(db, board)
    at = base.seq if base else 0
    found: list[Moment] = []
    for moments in (*stored_moments(db, board), *(moments_of(run) for run in runs)):
        check_hole(board, at, moments[0].seq - moments[0].stamp.updates + 1)
        found += (moment for moment in moments if moment.seq > at)
        at = max(at, moments[-1].seq)
    return StoredHistory(base, tuple(found))


def stored_moments(db: sqlite3.Connection, board: str) -> Iterator[list[Moment]]:
    """By row: of history, then of the log."""
    sql = f"SELECT {LOG_COLUMNS}, level FROM history WHERE board = ?1 UNION ALL"
    sql += f" SELECT {LOG_COLUMNS}, 0 FROM log WHERE board = ?1 ORDER BY seq"
    for row in db.execute(sql, (board,)):
        yield row_moments(board, *typed(board, row, (*LOG_TYPES, int)))


def read_base(db: sqlite3.Connection, board: str) -> StoredCheckpoint | None:
    sql = f"SELECT {CHECKPOINT_COLUMNS} FROM base WHERE board = ?"
    row = db.execute(sql, (board,)).fetchone()
    if row is None:
        return None
    seq, expected, state_vector, update, at = typed(board, row, CHECKPOINT_TYPES)
    base = StoredCheckpoint(seq, state_vector, update, at)
    if digest(board, base) != expected:
        raise StoreCorrupted(f"board {board}: where its history begins is not whole")
    return base


def write_base(db: sqlite3.Connection, board: str, base: StoredCheckpoint) -> None:
    values = checkpoint_row(board, base)
    db.execute("INSERT OR REPLACE INTO base VALUES (?, ?, ?, ?, ?, ?)", values)


def aged(db: sqlite3.Connection, before: Sequence[int]) -> list[str]:
    sql = "SELECT board FROM history WHERE level = ? AND at < ?"
    found = {
        board for level, limit in enumerate(before) for (board,) in db.execute(sql, (level, limit))
    }
    return sorted(board for board in found if exists(db, board))


def passed(db: sqlite3.Connection, board: str, level: int, before: int, most: int) -> list[Moment]:
    sql = f"SELECT {LOG_COLUMNS}, level FROM history WHERE board = ? AND level = ? AND at < ?"
    moments: list[Moment] = []
    size = 0
    for row in db.execute(f"{sql} ORDER BY seq", (board, level, before)):
        if size >= most:
            break
        moments += row_moments(board, *typed(board, row, (*LOG_TYPES, int)))
        size += len(row[3])
    return moments


def thin(db: sqlite3.Connection, board: str, level: int, moments: Sequence[Moment]) -> None:
    first, last = moments[0].seq - moments[0].stamp.updates, moments[-1].seq
    where = "FROM history WHERE board = ? AND level = ? AND seq > ? AND seq <= ?"
    which = (board, level - 1, first, last)
    (count,) = db.execute(f"SELECT sum(count) {where}", which).fetchone()
    if count != last - first:
        return  # it was erased, or dropped with its board, meanwhile
    db.execute(f"DELETE {where}", which)
    for row in thinned_rows(moments):
        insert_thinned(db, board, level, row)


def insert_thinned(
    db: sqlite3.Connection, board: str, level: int, moments: Sequence[Moment]
) -> None:
    seq, stamp, _ = moments[-1]
    count = sum(moment.stamp.updates for moment in moments)
    payload = pack([moment.update for moment in moments])
    stamps = pack_several([moment.stamp for moment in moments])
    crc = checksum(board, seq, count, payload, stamps)
    values = (board, seq, count, crc, payload, stamps, level, stamp.at)
    db.execute("INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)


def lengths(db: sqlite3.Connection, board: str) -> list[tuple[int, int, int]]:
    sql = "SELECT seq, at, length(payload) + length(stamps) FROM history WHERE board = ?"
    return db.execute(f"{sql} ORDER BY seq", (board,)).fetchall()


def rebase(db: sqlite3.Connection, board: str, base: StoredCheckpoint) -> None:
    sql = "SELECT 1 FROM history WHERE board = ? AND seq = ?"
    if db.execute(sql, (board, base.seq)).fetchone() is None:
        return  # it was erased, or dropped with its board, meanwhile
    write_base(db, board, base)
    db.execute("DELETE FROM history WHERE board = ? AND seq <= ?", (board, base.seq))


def erase(db: sqlite3.Connection, board: str, checkpoint: StoredCheckpoint) -> None:
    if not exists(db, board):
        return
    for table in ("checkpoint", "history"):
        db.execute(f"DELETE FROM {table} WHERE board = ?", (board,))
    cut_log(db, board, checkpoint.seq)
    values = checkpoint_row(board, checkpoint)
    db.execute("INSERT INTO checkpoint VALUES (?, ?, ?, ?, ?, ?)", values)
    write_base(db, board, checkpoint)


def cut_log(db: sqlite3.Connection, board: str, seq: int) -> None:
    """Keep what follows this update, also of a row that it stands in the middle of."""
    sql = f"SELECT {LOG_COLUMNS} FROM log WHERE board = ? AND seq > ? AND seq - count < ?"
    for row in db.execute(sql, (board, seq, seq)).fetchall():
        moments = row_moments(board, *typed(board, row, LOG_TYPES))
        rest = Run(seq + 1)
        for last, stamp, update in moments:
            if last > seq:
                rest.add(Append(board, last, (update,), stamp.at, stamp.who or ("",)))
        db.execute("DELETE FROM log WHERE board = ? AND seq = ?", (board, row[0]))
        insert_run(db, board, rest)
    db.execute("DELETE FROM log WHERE board = ? AND seq <= ?", (board, seq))
