"""Named places in the way of an edit, a checkpoint, a merge, where a server may die."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from server.store.sqlite import commits, database, records, rows, store
from server.store.sqlite.journal import Journal, JournalFile
from server.sync.commit import committer, compactor
from server.sync.room import follow_up
from server.workshops import members, workshops
from server.workshops.breakouts import breakouts, merging
from server.workshops.doors import doors

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

    def __post_init__(self) -> None:
        getattr(self.owner, self.name)  # one that was renamed is told at once, not after an hour

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
        original, sql = database.connect, self.sql

        def connect(*args: Any) -> Any:
            return Deadly(original(*args), sql, passing)

        setattr(store, "connect", connect)  # noqa: B010


class Torn:
    """In the middle of a write to the journal."""

    def arm(self, passing: Callable[[], None]) -> None:
        write = JournalFile.write

        def deadly(self: JournalFile, data: bytes, offset: int) -> None:
            write(self, data[: len(data) // 2], offset)
            passing()
            write(self, data, offset)

        setattr(JournalFile, "write", deadly)  # noqa: B010


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


def some_rows(_: sqlite3.Connection, some: Sequence[object]) -> bool:
    return bool(some)


POINTS: dict[str, Around | Statement | Torn] = {
    # an edit
    "before-write": before(store.SqliteStore, "_commit_all"),
    "before-journal": before(Journal, "append"),
    "mid-journal": Torn(),
    "after-journal": after(Journal, "append"),
    "before-drain": before(store, "insert_pending"),
    "mid-drain": before(store, "write_mark"),
    "before-restart": before(Journal, "restart"),
    "after-restart": after(Journal, "restart"),
    "mid-append": Around(rows, "insert_log", False, some_rows),
    "mid-write": Around(rows, "insert_log", True, some_rows),
    "before-records": before(records, "put"),
    "after-write": after(store.SqliteStore, "_commit_all"),
    "mid-group": after(commits, "write"),
    "before-commit": Statement("COMMIT"),
    "after-commit": after(store.SqliteStore, "commit_all"),
    "before-telling": before(committer.Committer, "_succeed"),
    "before-acks": before(follow_up, "acks_due"),
    "after-acks": after(follow_up, "acks_due"),
    "after-telling": after(committer.Committer, "_succeed"),
    "after-load": after(store, "read_board"),
    # a checkpoint
    "before-replay": before(compactor, "replayed_elsewhere"),
    "after-replay": after(compactor, "replayed_elsewhere"),
    "mid-checkpoint": Statement("INSERT OR REPLACE INTO checkpoint"),
    "mid-history": Statement("INSERT INTO history"),
    "mid-base": Statement("INSERT OR REPLACE INTO base"),
    "before-cut": Statement("DELETE FROM history WHERE board = ? AND seq"),
    "mid-trim": Statement("DELETE FROM log"),
    "after-checkpoint": after(store, "write_checkpoint"),
    "after-compaction": after(store.SqliteStore, "compact"),
    # a merge
    "mid-merge": after(merging, "merge_group"),
    "before-merge-commit": after(breakouts, "home"),
    "mid-merge-commit": Around(
        records, "put", False, lambda _, workshop, put: put.kind == "snapshot"
    ),
    "after-merge-commit": before(breakouts, "shared_source"),
    # a workshop, a breakout, a newcomer
    "mid-creation": after(commits, "create"),
    "mid-seeding": after(workshops, "seed"),
    "mid-forks": after(breakouts, "fork_for"),
    "mid-opening": after(breakouts, "list_breakout"),
    "mid-closing": after(breakouts, "put_breakout"),
    "before-reauthorise": before(members.Desks, "reauthorise"),
    "mid-joining": after(doors, "seat"),
    "mid-deletion": Statement("DELETE FROM board"),
    "mid-forgetting": Statement("DELETE FROM record"),
}


def die_at(point: str, count: int) -> Callable[[], None]:
    """The process ends, as by SIGKILL, at the `count`th passing of `point` after the answer's call.

    Before that, the store takes up what the last server left, on the same ways.
    """
    left: list[int] = [count]
    begun: list[bool] = []

    def passing() -> None:
        left[0] -= bool(begun)
        if left[0] == 0:
            os._exit(DIED)  # nothing is flushed, no handler runs

    POINTS[point].arm(passing)
    return lambda: begun.append(True)
