"""Records in the database: small JSON values under a kind and an id."""

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from server.store import Record, StoreCorrupted

__all__ = ["forget", "parse", "put"]


def put(db: sqlite3.Connection, record: Record) -> None:
    # An update keeps the rowid, so `find` keeps the order in which records were first written.
    db.execute(
        "INSERT INTO record VALUES (?, ?, ?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET"
        " parent = excluded.parent, value = excluded.value, blob = excluded.blob",
        (
            record.kind,
            record.id,
            record.parent,
            json.dumps(record.value, ensure_ascii=False),
            record.blob,
        ),
    )


def parse(id: str, value: str) -> dict[str, Any]:
    try:
        parsed: dict[str, Any] = json.loads(value)
    except ValueError as error:
        raise StoreCorrupted(f"record {id} is damaged: {error}") from error
    return parsed


def forget(db: sqlite3.Connection, parents: Sequence[str]) -> None:
    """Delete the records under `parents`; by kind, as the index goes."""
    kinds = [kind for (kind,) in db.execute("SELECT DISTINCT kind FROM record")]
    pairs = [(kind, parent) for kind in kinds for parent in parents]
    db.executemany("DELETE FROM record WHERE kind = ? AND parent = ?", pairs)
