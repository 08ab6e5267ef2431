"""Named places in the way of an edit, a snapshot, a merge, where a server may die."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from server.store import sqlite
from server.sync import committer, compactor, room
from server.workshops import breakouts, service

__all__ = ["DIED", "POINTS", "die_at"]

DIED = 97  # exit status of a server that died at its point


@dataclass(frozen=True)
class Around:
    """Before or after a function; `owner` is the module or class that holds it.

    `only`: whether a call with these arguments counts.
    """

    owner: Any
    name: str
    after: bool
    only: Callable[..., bool] = lambda *_: True

    def arm(self, passing: Callable[[], None]) -> None:
        original: Callable[..., Any] = getattr(self.owner, self.name)

        def deadly(*args: Any, **options: Any) -> Any:
            if not self.only(*args):
                return original(*args, **options)
            if not self.after:
                passing()
            result = original(*args, **options)
            if hasattr(result, "__await__"):
                return finish(result)
            if self.after:
                passing()
            return result

        async def finish(awaited: Any) -> Any:
            result = await awaited
            if self.after:
                passing()
            return result

        setattr(self.owner, self.name, deadly)


@dataclass(frozen=True)
class Statement:
    """Before the SQL statement that begins so."""

    sql: str

    def arm(self, passing: Callable[[], None]) -> None:
        original, sql = sqlite.connect, self.sql

        def connect(*args: Any) -> Any:
            return Deadly(original(*args), sql, passing)

        setattr(sqlite, "connect", connect)  # noqa: B010


class Deadly:
    """A connection that passes the point before certain statements."""

    def __init__(self, db: sqlite3.Connection, sql: str, passing: Callable[[], None]) -> None:
        self._db = db
        self._sql = sql
        self._passing = passing

    def execute(self, sql: str, *values: Any) -> Any:
        if sql.startswith(self._sql):
            self._passing()
        return self._db.execute(sql, *values)

    def executemany(self, sql: str, rows: Any) -> Any:
        rows = list(rows)
        if rows and sql.startswith(self._sql):
            self._passing()
        return self._db.executemany(sql, rows)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)


def before(owner: Any, name: str) -> Around:
    return Around(owner, name, after=False)


def after(owner: Any, name: str) -> Around:
    return Around(owner, name, after=True)


POINTS: dict[str, Around | Statement] = {
    # an edit
    "before-write": before(sqlite.SqliteStore, "_commit"),
    "mid-append": before(sqlite, "insert_log"),
    "mid-write": after(sqlite, "insert_log"),
    "before-records": before(sqlite, "put"),
    "after-write": after(sqlite.SqliteStore, "_commit"),
    "before-commit": Statement("COMMIT"),
    "after-commit": after(sqlite.SqliteStore, "commit"),
    "before-telling": before(committer.Committer, "_succeed"),
    "before-acks": before(room.Room, "_acks"),
    "after-acks": after(room.Room, "_acks"),
    "after-telling": after(committer.Committer, "_succeed"),
    "after-load": after(sqlite, "read_board"),
    # a snapshot
    "before-replay": before(compactor, "replayed_elsewhere"),
    "after-replay": after(compactor, "replayed_elsewhere"),
    "mid-snapshot": Statement("INSERT OR REPLACE INTO snapshot"),
    "mid-trim": Statement("DELETE FROM log"),
    "after-snapshot": after(sqlite, "write_snapshot"),
    "after-compaction": after(sqlite.SqliteStore, "compact"),
    # a merge
    "mid-merge": after(breakouts, "merge_group"),
    "before-merge-commit": before(breakouts, "merge_snapshot"),
    "mid-merge-commit": Around(sqlite, "put", False, lambda _, put: put.kind == "snapshot"),
    "after-merge-commit": before(breakouts, "report_on"),
    # a workshop, a breakout, a newcomer
    "mid-creation": after(sqlite, "create"),
    "mid-seeding": after(service, "seed"),
    "mid-forks": after(breakouts, "fork_for"),
    "mid-opening": after(breakouts, "list_breakout"),
    "mid-closing": after(breakouts, "put_breakout"),
    "before-review": before(breakouts, "renewal"),
    "mid-joining": after(service, "seat"),
    "mid-deletion": Statement("DELETE FROM board"),
    "mid-forgetting": Statement("DELETE FROM record"),
}


def die_at(point: str, count: int) -> None:
    """From now on the process ends, as by SIGKILL, at the `count`th passing of `point`."""
    left = [count]

    def passing() -> None:
        left[0] -= 1
        if left[0] == 0:
            os._exit(DIED)  # nothing is flushed, no handler runs

    POINTS[point].arm(passing)
