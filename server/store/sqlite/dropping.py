"""Boards that leave the database: large ones a piece at a time, so that nobody's commit waits.

All that is deleted is overwritten as well, so twenty megabytes take as long as a slow reader's
patience. A large board is gone at once, and a record says that rows of it are still there: its
own, of no board and no workshop, so that no end of the process loses it.
"""

from __future__ import annotations

import sqlite3

__all__ = ["DOOMED", "delete_some", "drop", "must_be_free"]

DOOMED = "doomed"  # the records' kind; their ids are the boards'
AT_ONCE = 2 << 20  # bytes that are deleted in one transaction, and what is one row
LOOKED_AT = 64  # rows at a time
TABLES = {"log": "payload", "history": "payload", "checkpoint": "data", "base": "data"}


def drop(db: sqlite3.Connection, board: str) -> None:
    """Nobody finds it any more. Of a large one the rows go later, by `delete_some`."""
    db.execute("DELETE FROM board WHERE id = ?", (board,))
    if is_large(db, board):
        db.execute(
            "INSERT OR IGNORE INTO record VALUES (?, ?, '', '{}', NULL, '', 1)", (DOOMED, board)
        )
    else:
        delete(db, board)


def must_be_free(db: sqlite3.Connection, board: str) -> None:
    """Before there is a board of this name again: nothing of the last one is left."""
    which = "FROM record WHERE kind = ? AND id = ?"
    if db.execute(f"SELECT 1 {which}", (DOOMED, board)).fetchone() is not None:
        db.execute(f"DELETE {which}", (DOOMED, board))
        delete(db, board)


def delete_some(db: sqlite3.Connection) -> bool:
    """Some rows of boards that were dropped; whether there may be more."""
    found = db.execute("SELECT id FROM record WHERE kind = ? LIMIT 1", (DOOMED,)).fetchone()
    if found is None:
        return False
    (board,) = found
    for table in TABLES:
        if delete_first(db, table, board):
            return True
    must_be_free(db, board)
    return True


def delete_first(db: sqlite3.Connection, table: str, board: str) -> bool:
    """The first rows of a table, of as many bytes as may be; whether there were any."""
    left = AT_ONCE
    sql = f"SELECT rowid, length({TABLES[table]}) FROM {table} WHERE board = ? LIMIT {LOOKED_AT}"
    rows = db.execute(sql, (board,)).fetchall()
    for rowid, size in rows:
        if left > 0:
            db.execute(f"DELETE FROM {table} WHERE rowid = ?", (rowid,))
        left -= size
    return bool(rows)


def is_large(db: sqlite3.Connection, board: str) -> bool:
    sums = [
        db.execute(f"SELECT sum(length({data})) FROM {table} WHERE board = ?", (board,)).fetchone()
        for table, data in TABLES.items()
    ]
    return sum(size or 0 for (size,) in sums) > AT_ONCE


def delete(db: sqlite3.Connection, board: str) -> None:
    for table in TABLES:
        db.execute(f"DELETE FROM {table} WHERE board = ?", (board,))
