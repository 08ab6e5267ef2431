"""A copy of the embedded store that is whole, made while a server goes on writing.

The copy is made in one read transaction, so it is the store as one of its commits left it. (The
command `.backup` of sqlite3 copies 100 pages at a time and begins anew after every commit of the
server: under load it does not end.) The second connection cannot meet the WAL-reset bug of
SqliteStore, since it is read-only: it neither writes nor checkpoints.

The journal is read first, the database after it. Then nothing that was acked before is missing:
either the database had taken an edit over by the time it was copied; or the journal has not begun
anew since that edit was written, because it begins anew only after the database has what it
holds, so while it was read that record and all before it in its generation lay there untouched.
What the copied database has already of the copied journal its mark tells, which travels along.
"""

import contextlib
import sqlite3
from pathlib import Path

from server.store import StoreUnavailable
from server.store.sqlite.database import DATABASE, FORMAT, update_format
from server.store.sqlite.journal import JOURNAL, Mark, replay, sync
from server.store.sqlite.pending import Pending
from server.store.sqlite.rows import insert_pending, read_mark, write_mark

__all__ = ["copy_database"]

WAIT_SECONDS = 30.0  # for a lock that somebody else holds
ATTEMPTS = 3


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
    for _ in range(ATTEMPTS):
        if copied(source, target):
            return
    raise StoreUnavailable(f"{source.with_name(JOURNAL)} is damaged")


def copied(source: Path, target: Path) -> bool:
    """Make the copy; whether the journal seemed whole.

    One that is written to while it is read may look damaged: where its reader came too early for
    a record but in time for the one behind it.
    """
    target.unlink(missing_ok=True)  # of a copy that was broken off
    journal = source.with_name(JOURNAL)
    content = journal.read_bytes() if journal.exists() else b""
    address = f"{source.absolute().as_uri()}?mode=ro"
    with (
        contextlib.closing(sqlite3.connect(address, uri=True, timeout=WAIT_SECONDS)) as live,
        contextlib.closing(sqlite3.connect(target)) as made,
    ):
        live.backup(made)  # every page in one step
        made.execute("PRAGMA journal_mode = DELETE")  # nothing beside the file
        is_whole = fold_journal(made, content)
        wrong = [text for (text,) in made.execute("PRAGMA quick_check") if text != "ok"]
    if wrong:
        raise StoreUnavailable(f"{source} is damaged: {wrong[0]}")
    return is_whole


def fold_journal(db: sqlite3.Connection, content: bytes) -> bool:
    """Add to the copy what the journal holds beyond it; whether nothing is missing between.

    The copy gets a mark of its own: the journal goes on with the server, not with the copy.
    """
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version > FORMAT:
        raise StoreUnavailable(f"format {version} is a newer Hahmo's, this one knows {FORMAT}")
    if version < FORMAT:
        update_format(db, version)
    mark = read_mark(db)
    if mark is None:
        return not content
    found = replay(content, mark)
    pending = Pending()
    pending.add(found.appends)
    with db:
        insert_pending(db, pending)
        write_mark(db, Mark.fresh())
    return not found.lost
