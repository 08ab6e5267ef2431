"""Commits of several workshops in one go, each of them whole or not at all.

Whether one fits is found out before anything of it is written, so nothing has to be taken back.
(SQLite's savepoints would keep what may have to come back in files outside the data folder.)
"""

import sqlite3
from collections.abc import Sequence

from server.store import Append, Commit, Misfit
from server.store.ends import Ends
from server.store.sqlite import records
from server.store.sqlite.dropping import drop
from server.store.sqlite.rows import create, insert_appends

__all__ = ["fitting", "write_all"]


def fitting(commits: Sequence[Commit], ends: Ends) -> tuple[list[Misfit | None], list[Append]]:
    """Of commits of edits: why not, of each that does not fit, and all edits of the others."""
    outcomes: list[Misfit | None] = []
    appends: list[Append] = []
    for commit in commits:
        misfit = place(commit, ends)
        outcomes.append(misfit)
        if misfit is None:
            appends += commit.appends
    return outcomes, appends


def place(commit: Commit, ends: Ends) -> Misfit | None:
    """Let the logs end behind it, or say why not."""
    try:
        ends.keep(ends.after(commit))
    except Misfit as misfit:
        return misfit
    return None


def write_all(db: sqlite3.Connection, commits: Sequence[Commit], ends: Ends) -> list[Misfit | None]:
    """Within a transaction; edits that follow each other are one statement."""
    outcomes: list[Misfit | None] = []
    edits: list[Append] = []
    for commit in commits:
        if commit.is_edits:
            misfit = place(commit, ends)
            edits += () if misfit else commit.appends
        else:
            insert_appends(db, edits)
            edits = []
            misfit = write_or_not(db, commit, ends)
        outcomes.append(misfit)
    insert_appends(db, edits)
    return outcomes


def write_or_not(db: sqlite3.Connection, commit: Commit, ends: Ends) -> Misfit | None:
    try:
        records.check(db, commit)
        after = ends.after(commit)
    except Misfit as misfit:
        return misfit
    write(db, commit)
    ends.keep(after)
    return None


def write(db: sqlite3.Connection, commit: Commit) -> None:
    for new in commit.creates:
        create(db, commit.workshop, new)
    insert_appends(db, commit.appends)
    for board in commit.drops:
        drop(db, board)
    records.write(db, commit)
