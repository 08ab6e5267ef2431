"""What is moved from store to store as a whole, in the database: boards and records."""

import sqlite3

from server.store import SERVER, Record
from server.store.records import parse
from server.store.rows import time_of
from server.store.sqlite.dropping import DOOMED, drop, must_be_free
from server.store.sqlite.history import insert_thinned, write_base
from server.store.sqlite.rows import checkpoint_row, insert_run, log_row
from server.store.whole import WholeBoard, run_of

__all__ = ["all_records", "all_workshops", "restore"]


def all_workshops(db: sqlite3.Connection) -> list[str]:
    rows = db.execute("SELECT workshop FROM board UNION SELECT workshop FROM record ORDER BY 1")
    found = [workshop for (workshop,) in rows]
    return [SERVER, *(each for each in found if each != SERVER)]


def all_records(db: sqlite3.Connection, workshop: str) -> list[Record]:
    sql = "SELECT kind, id, parent, value, blob FROM record WHERE workshop = ? ORDER BY rowid"
    return [
        Record(kind, id, parent, parse(id, value), blob)
        for kind, id, parent, value, blob in db.execute(sql, (workshop,))
        if kind != DOOMED
    ]


def restore(db: sqlite3.Connection, board: str, whole: WholeBoard) -> None:
    drop(db, board)
    must_be_free(db, board)
    stored, base = whole.stored, whole.history.base
    db.execute("INSERT INTO board VALUES (?, ?, ?)", (board, stored.lineage, stored.workshop))
    if base is not None:
        write_base(db, board, base)
    for level, moments in whole.past():
        if level:
            insert_thinned(db, board, level, moments)
            continue
        _, seq, count, crc, payload, stamps = log_row(board, run_of(moments))
        values = (board, seq, count, crc, payload, stamps, 0, time_of(board, stamps, count))
        db.execute("INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
    if stored.checkpoint is not None:
        values = checkpoint_row(board, stored.checkpoint)
        db.execute("INSERT INTO checkpoint VALUES (?, ?, ?, ?, ?, ?)", values)
    for run in whole.log():
        insert_run(db, board, run)
