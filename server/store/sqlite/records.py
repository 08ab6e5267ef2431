"""Records in the database: small JSON values under a kind and an id."""

import sqlite3
from collections.abc import Sequence

from server.store import Commit, Misfit, Overtaken, Record, Versioned
from server.store.records import parse, text_of

__all__ = ["check", "read", "write"]

# An update keeps the rowid, so `find` keeps the order in which records were first written.
PUT = """
INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, 1) ON CONFLICT (kind, id) DO UPDATE SET
parent = excluded.parent, value = excluded.value, blob = excluded.blob, version = version + 1
"""
OWNER = "SELECT workshop FROM record WHERE kind = ? AND id = ?"
DELETE = "DELETE FROM record WHERE kind = ? AND id = ? AND workshop = ?"


def write(db: sqlite3.Connection, commit: Commit) -> None:
    """What a commit puts, deletes and forgets, once it is checked."""
    for record in commit.puts:
        put(db, commit.workshop, record)
    db.executemany(DELETE, [(kind, id, commit.workshop) for kind, id in commit.deletes])
    if commit.forgets:
        forget(db, commit.workshop, commit.forgets)


def read(db: sqlite3.Connection, kind: str, id: str) -> Versioned:
    sql = "SELECT value, version FROM record WHERE kind = ? AND id = ?"
    row = db.execute(sql, (kind, id)).fetchone()
    return Versioned(None, 0) if row is None else Versioned(parse(id, row[0]), row[1])


def check(db: sqlite3.Connection, commit: Commit) -> None:
    """Raises Overtaken where a commit expects another version, Misfit for another's records."""
    for kind, id, version in commit.expects:
        if version_of(db, kind, id) != version:
            raise Overtaken(f"{kind} {id} is no longer of version {version}")
    for record in commit.puts:
        found = db.execute(OWNER, (record.kind, record.id)).fetchone()
        if found is not None and found[0] != commit.workshop:
            raise Misfit(f"{record.kind} {record.id} is of another workshop")


def version_of(db: sqlite3.Connection, kind: str, id: str) -> int:
    sql = "SELECT version FROM record WHERE kind = ? AND id = ?"
    row = db.execute(sql, (kind, id)).fetchone()
    return 0 if row is None else int(row[0])


def put(db: sqlite3.Connection, workshop: str, record: Record) -> None:
    values = (record.kind, record.id, record.parent, text_of(record.value), record.blob, workshop)
    db.execute(PUT, values)


def forget(db: sqlite3.Connection, workshop: str, parents: Sequence[str]) -> None:
    """Delete the records under `parents`; by kind, as the index goes."""
    kinds = [kind for (kind,) in db.execute("SELECT DISTINCT kind FROM record")]
    rows = [(kind, parent, workshop) for kind in kinds for parent in parents]
    db.executemany("DELETE FROM record WHERE kind = ? AND parent = ? AND workshop = ?", rows)
