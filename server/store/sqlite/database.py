"""The database file: its schema and formats, how it is opened, and transactions on it."""

import contextlib
import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from server.store import Misfit, StoreUnavailable
from server.store.sqlite.journal import Mark
from server.store.sqlite.rows import write_mark

__all__ = [
    "DATABASE",
    "FORMAT",
    "connect",
    "empty_wal",
    "transaction",
    "translated",
    "update_format",
]

log = logging.getLogger(__name__)

T = TypeVar("T")

DATABASE = "hahmo.sqlite3"  # in the data folder
CHECKPOINT_PAGES = 4000  # 16 MB of log between two checkpoints, each of which stalls a commit
FORMAT = 6  # PRAGMA user_version of the file; a higher one was written by a newer Hahmo

JOURNAL_SCHEMA = """
CREATE TABLE journal (
    id INTEGER PRIMARY KEY,      -- of the only row: 1
    generation INTEGER NOT NULL, -- of the journal, all before it are in this database
    done INTEGER NOT NULL,       -- and of it the records below this number
    crc INTEGER NOT NULL
);
"""
HISTORY_SCHEMA = """
CREATE TABLE history (  -- rows that were the log's, or that stand for such
    board TEXT NOT NULL,
    seq INTEGER NOT NULL,    -- number of the last update in this row
    count INTEGER NOT NULL,  -- how many updates the row stands for
    crc INTEGER NOT NULL,    -- as in the log
    payload BLOB NOT NULL,
    stamps BLOB NOT NULL,
    level INTEGER NOT NULL,  -- 0: as it was in the log; then thinned once, twice
    at INTEGER NOT NULL,     -- when the last update was stored: ms since the epoch
    UNIQUE (board, seq)
);
CREATE INDEX history_age ON history (level, at);
CREATE TABLE base (  -- where a board's history begins: a checkpoint
    board TEXT PRIMARY KEY,
    seq INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    state_vector BLOB NOT NULL,
    data BLOB NOT NULL,
    at INTEGER NOT NULL
);
"""
SCHEMA = f"""
CREATE TABLE board (
    id TEXT PRIMARY KEY,
    lineage TEXT NOT NULL,
    workshop TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE log (
    board TEXT NOT NULL,
    seq INTEGER NOT NULL,    -- number of the last update in this row
    count INTEGER NOT NULL,  -- how many updates the row holds
    crc INTEGER NOT NULL,    -- of all the other columns: see checksum()
    payload BLOB NOT NULL,
    stamps BLOB NOT NULL DEFAULT x'',  -- see stamps.py
    UNIQUE (board, seq)
);
CREATE TABLE checkpoint (
    board TEXT NOT NULL,
    seq INTEGER NOT NULL,    -- stands for updates 1..seq
    sha256 BLOB NOT NULL,    -- of all the other columns: see digest()
    state_vector BLOB NOT NULL,
    data BLOB NOT NULL,
    at INTEGER NOT NULL DEFAULT 0,  -- when the last of them was stored: ms since the epoch
    UNIQUE (board, seq)
);
CREATE TABLE record (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    parent TEXT NOT NULL,
    value TEXT NOT NULL,
    blob BLOB,
    workshop TEXT NOT NULL DEFAULT '',   -- empty: the server's own
    version INTEGER NOT NULL DEFAULT 1,  -- how often it was put
    UNIQUE (kind, id)
);
CREATE INDEX record_parent ON record (kind, parent);
{JOURNAL_SCHEMA}
{HISTORY_SCHEMA}
"""
TAKEOVERS = {  # format of a database: what brings it to the next
    1: JOURNAL_SCHEMA,
    2: "ALTER TABLE snapshot RENAME TO checkpoint;",
    3: """
        ALTER TABLE log ADD COLUMN stamps BLOB NOT NULL DEFAULT x'';
        ALTER TABLE checkpoint ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
    """,
    4: HISTORY_SCHEMA,
    5: """
        ALTER TABLE board ADD COLUMN workshop TEXT NOT NULL DEFAULT '';
        UPDATE board SET workshop = coalesce(
            (SELECT parent FROM record WHERE kind = 'board' AND record.id = board.id), id
        );
        ALTER TABLE record ADD COLUMN workshop TEXT NOT NULL DEFAULT '';
        ALTER TABLE record ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
        UPDATE record SET workshop = coalesce(
            (SELECT workshop FROM board WHERE board.id = record.parent),
            (SELECT id FROM record AS found WHERE found.kind = 'workshop'
                AND found.id = CASE record.kind
                WHEN 'workshop' THEN record.id
                WHEN 'wipe' THEN replace(replace(record.value, '{"board": "', ''), '"}', '')
                ELSE record.parent END),
            ''
        );
    """,
}


def connect(folder: Path, synchronous: str) -> sqlite3.Connection:
    path = folder / DATABASE
    try:
        db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version > FORMAT:
            raise StoreUnavailable(
                f"{path} was written by a newer Hahmo (format {version}, this one knows {FORMAT})"
            )
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(f"PRAGMA synchronous = {synchronous}")
        db.execute("PRAGMA secure_delete = ON")
        db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        with contextlib.suppress(sqlite3.OperationalError):  # a full disk can still be read
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # what a crash kept from being scrubbed
        if version < FORMAT:
            update_format(db, version)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise StoreUnavailable(f"cannot open {path}: {error}") from error
    return db


def update_format(db: sqlite3.Connection, version: int) -> None:
    """Bring a database of an earlier format, or one that is new (0), to this one."""
    steps = [TAKEOVERS[format] for format in range(version, FORMAT)] if version else [SCHEMA]
    db.executescript(f"BEGIN; {' '.join(steps)} PRAGMA user_version = {FORMAT};")
    if version < 2:  # no journal belongs to it yet
        write_mark(db, Mark.fresh())
    db.execute("COMMIT")


def transaction(db: sqlite3.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
    """Run `work` in one transaction; nothing of it stays if it raises."""

    def framed() -> T:
        db.execute("BEGIN")
        result = work(db)
        db.execute("COMMIT")
        return result

    return translated(db, framed)


def translated(db: sqlite3.Connection, work: Callable[[], T]) -> T:
    """Run `work`, its errors told as the store's; a transaction that it left open is undone."""
    try:
        try:
            return work()
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # it quotes damaged bytes
        if isinstance(error, sqlite3.IntegrityError):
            raise Misfit(f"it does not fit what is stored: {error}") from error
        raise StoreUnavailable(f"the database answers: {error}") from error


def empty_wal(db: sqlite3.Connection) -> None:
    """Cut the WAL to nothing: it holds every page as it was after each of the last commits.

    In the file itself secure_delete has overwritten what was replaced.
    """
    try:
        busy, _, _ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as error:
        raise StoreUnavailable(f"the database answers: {error}") from error
    if busy:  # somebody reads along, say a backup
        raise StoreUnavailable("a reader of the database keeps earlier versions in its WAL")
