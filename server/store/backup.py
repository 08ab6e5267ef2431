"""A copy of the embedded store that is whole, made while a server goes on writing.

The copy is made in one read transaction, so it is the store as one of its commits left it. (The
command `.backup` of sqlite3 copies 100 pages at a time and begins anew after every commit of the
server: under load it does not end.) The second connection cannot meet the WAL-reset bug of
SqliteStore, since it is read-only: it neither writes nor checkpoints.
"""

import contextlib
import os
import sqlite3
from pathlib import Path

from server.store import StoreUnavailable
from server.store.sqlite import DATABASE

__all__ = ["copy_database"]

WAIT_SECONDS = 30.0  # for a lock that somebody else holds


def copy_database(folder: Path, to: Path) -> None:
    """Write the database of the data folder `folder` into the folder `to`, all of it or nothing.

    Raises StoreUnavailable when one of the two cannot be used, or the copy is not whole.
    """
    unfinished = to / f"{DATABASE}.part"
    try:
        copy(folder / DATABASE, unfinished)
        sync(unfinished)
        unfinished.replace(to / DATABASE)
        sync(to)
    except (sqlite3.Error, OSError) as error:
        raise StoreUnavailable(f"cannot copy {folder / DATABASE} to {to}: {error}") from error
    finally:
        unfinished.unlink(missing_ok=True)


def copy(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)  # of a copy that was broken off
    address = f"{source.absolute().as_uri()}?mode=ro"
    with (
        contextlib.closing(sqlite3.connect(address, uri=True, timeout=WAIT_SECONDS)) as live,
        contextlib.closing(sqlite3.connect(target)) as made,
    ):
        live.backup(made)  # every page in one step
        wrong = [text for (text,) in made.execute("PRAGMA quick_check") if text != "ok"]
    if wrong:
        raise StoreUnavailable(f"{source} is damaged: {wrong[0]}")


def sync(path: Path) -> None:
    """What lies at `path`, a file or a folder's list of files, survives a power cut from now."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
