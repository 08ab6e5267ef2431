"""The embedded store: one SQLite file, one connection, one thread, one transaction per commit.

WAL with synchronous=FULL: a commit that returned is on the disk. One connection does everything,
checkpoints included, because SQLite before 3.51.3 can corrupt a WAL that two connections reset
(sqlite.org/wal.html, "WAL-reset bug"), and Debian's 3.40 is one of those.
"""

import contextlib
import fcntl
import hashlib
import json
import logging
import os
import sqlite3
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import IO, Any, TypeVar

from server.store import (
    Append,
    Commit,
    NewBoard,
    Record,
    StoreCorrupted,
    StoredBoard,
    StoredSnapshot,
    StoreLocked,
    StoreUnavailable,
)
from server.store.packing import pack, unpack
from server.store.thread import WriterThread

__all__ = ["DATABASE", "SqliteStore"]

log = logging.getLogger(__name__)

T = TypeVar("T")

DATABASE = "hahmo.sqlite3"  # in the data folder
CHECKPOINT_PAGES = 4000  # 16 MB of log between two checkpoints, each of which stalls a commit
ROWS_AT_ONCE = 64  # of one statement; each number of rows is a statement of its own in its cache
SEQS_KEPT = 10_000  # boards whose last number is remembered
FORMAT = 1  # PRAGMA user_version of the file; a higher one was written by a newer Hahmo

SCHEMA = """
CREATE TABLE board (id TEXT PRIMARY KEY, lineage TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE log (
    board TEXT NOT NULL,
    seq INTEGER NOT NULL,    -- number of the last update in this row
    count INTEGER NOT NULL,  -- how many updates the row holds
    crc INTEGER NOT NULL,    -- of all the other columns: see checksum()
    payload BLOB NOT NULL,
    UNIQUE (board, seq)
);
CREATE TABLE snapshot (
    board TEXT NOT NULL,
    seq INTEGER NOT NULL,    -- stands for updates 1..seq
    sha256 BLOB NOT NULL,    -- of all the other columns: see digest()
    state_vector BLOB NOT NULL,
    data BLOB NOT NULL,
    UNIQUE (board, seq)
);
CREATE TABLE record (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    parent TEXT NOT NULL,
    value TEXT NOT NULL,
    blob BLOB,
    UNIQUE (kind, id)
);
CREATE INDEX record_parent ON record (kind, parent);
"""


class SqliteStore:
    """`folder`: the data folder, made if missing. `synchronous`: FULL, or weaker in tests only."""

    def __init__(self, folder: Path, *, synchronous: str = "FULL") -> None:
        self._folder = folder
        self._synchronous = synchronous
        self._thread = WriterThread()
        self._lock: IO[str] | None = None
        self._db: sqlite3.Connection | None = None
        self._seqs: dict[str, int] = {}  # of boards written to lately; the writer thread's own

    async def open(self) -> None:
        """Raises StoreLocked if another process has the folder, StoreUnavailable if unusable."""
        self._lock = take_lock(self._folder)
        self._thread.start()
        try:
            self._db = await self._thread.run(lambda: connect(self._folder, self._synchronous))
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        if self._db is not None:
            await self._thread.run(self._db.close)
            self._db = None
        self._thread.stop()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    async def commit(self, commit: Commit) -> None:
        db = self._opened()
        await self._thread.run(lambda: self._commit(db, commit))

    def _commit(self, db: sqlite3.Connection, commit: Commit) -> None:
        """On the writer thread. Edits alone are one statement, which is a transaction of its own:

        the connection lets go of Python's lock around every statement, and taking it back under
        load costs more than the statement does.
        """
        try:
            if commit.is_edits and len(commit.appends) <= ROWS_AT_ONCE:
                translated(db, lambda: append(db, commit.appends, self._seqs))
            else:
                transaction(db, lambda db: write(db, commit, self._seqs))
        except BaseException:
            self._seqs.clear()
            raise

    async def load(self, board: str) -> StoredBoard | None:
        return await self._run(lambda db: read_board(db, board))

    async def boards(self) -> list[str]:
        return await self._run(
            lambda db: [row[0] for row in db.execute("SELECT id FROM board ORDER BY id")]
        )

    async def compact(self, board: str, snapshot: StoredSnapshot) -> None:
        await self._run(lambda db: write_snapshot(db, board, snapshot))

    async def scrub(self) -> None:
        db = self._opened()
        await self._thread.run(lambda: empty_wal(db))

    async def get(self, kind: str, id: str) -> dict[str, Any] | None:
        sql = "SELECT value FROM record WHERE kind = ? AND id = ?"
        row = await self._run(lambda db: db.execute(sql, (kind, id)).fetchone())
        return None if row is None else parse(id, row[0])

    async def blob(self, kind: str, id: str) -> bytes | None:
        sql = "SELECT blob FROM record WHERE kind = ? AND id = ?"
        row = await self._run(lambda db: db.execute(sql, (kind, id)).fetchone())
        return None if row is None else row[0]

    async def find(self, kind: str, parent: str) -> list[tuple[str, dict[str, Any]]]:
        sql = "SELECT id, value FROM record WHERE kind = ? AND parent = ? ORDER BY rowid"
        rows = await self._run(lambda db: db.execute(sql, (kind, parent)).fetchall())
        return [(id, parse(id, value)) for id, value in rows]

    async def verify(self) -> list[str]:
        """What SQLite itself finds wrong with the file, in its words; reads all of it."""
        rows = await self._run(lambda db: db.execute("PRAGMA integrity_check").fetchall())
        return [text for (text,) in rows if text != "ok"]

    async def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        db = self._opened()
        return await self._thread.run(lambda: transaction(db, work))

    def _opened(self) -> sqlite3.Connection:
        if self._db is None:
            raise StoreUnavailable("the store is closed")
        return self._db


def take_lock(folder: Path) -> IO[str]:
    """An exclusive lock on the folder for as long as the file stays open."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("a+")
    except OSError as error:
        raise StoreUnavailable(f"cannot use the data folder {folder}: {error.strerror}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        owner = lock.read().strip() or "unknown"
        lock.close()
        raise StoreLocked(
            f"the data folder {folder} is used by another server (process {owner});"
            " stop it, or choose another folder with HAHMO_DATA",
            folder=str(folder),
            process=owner,
        ) from error
    # A disk that is full must not keep us from serving what is there: the pid is only a courtesy.
    with contextlib.suppress(OSError):
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
    return lock


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
        if version == 0:
            db.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = {FORMAT}; COMMIT;")
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise StoreUnavailable(f"cannot open {path}: {error}") from error
    return db


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
            raise ValueError(f"the commit does not fit what is stored: {error}") from error
        raise StoreUnavailable(f"the database answers: {error}") from error


def empty_wal(db: sqlite3.Connection) -> None:
    """Cut the WAL to nothing: it holds every page as it was after each of the last commits.

    In the file itself secure_delete has overwritten what was replaced.
    """
    try:
        busy, _, _ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as error:
        raise StoreUnavailable(f"the database answers: {error}") from error
    if busy:  # somebody reads along, say a backup: the next scrub makes up for it
        log.warning("a reader of the database kept earlier versions in its WAL")


def write(db: sqlite3.Connection, commit: Commit, seqs: dict[str, int]) -> None:
    for new in commit.creates:
        create(db, new)
        seqs[new.board] = 1
    for at in range(0, len(commit.appends), ROWS_AT_ONCE):
        append(db, commit.appends[at : at + ROWS_AT_ONCE], seqs)
    for board in commit.drops:
        for table in ("log", "snapshot"):
            db.execute(f"DELETE FROM {table} WHERE board = ?", (board,))
        db.execute("DELETE FROM board WHERE id = ?", (board,))
        seqs.pop(board, None)
    for record in commit.puts:
        put(db, record)
    db.executemany("DELETE FROM record WHERE kind = ? AND id = ?", commit.deletes)


def create(db: sqlite3.Connection, new: NewBoard) -> None:
    db.execute("INSERT INTO board VALUES (?, ?)", (new.board, new.lineage))
    insert_log(db, [log_row(new.board, 1, (new.update,))])


def append(db: sqlite3.Connection, batches: Sequence[Append], seqs: dict[str, int]) -> None:
    """`seqs`: number of the last update of boards, as far as it is known; brought up to date."""
    rows = []
    for batch in batches:
        stored = seqs.get(batch.board)
        if stored is None:
            stored = last_seq(db, batch.board)
        if stored + 1 != batch.first_seq:
            raise ValueError(
                f"board {batch.board}: expected update {stored + 1}, got {batch.first_seq}"
            )
        last = stored + len(batch.updates)
        rows.append(log_row(batch.board, last, batch.updates))
        if len(seqs) >= SEQS_KEPT:
            seqs.clear()
        seqs[batch.board] = last
    insert_log(db, rows)


def log_row(board: str, seq: int, updates: tuple[bytes, ...]) -> tuple[str, int, int, int, bytes]:
    payload = pack(updates)
    count = len(updates)
    return board, seq, count, checksum(board, seq, count, payload), payload


def insert_log(db: sqlite3.Connection, rows: list[tuple[str, int, int, int, bytes]]) -> None:
    db.execute(insertion(len(rows)), [value for row in rows for value in row])


@cache
def insertion(rows: int) -> str:
    """The statement that inserts so many rows into the log."""
    return "INSERT INTO log VALUES " + ", ".join(["(?, ?, ?, ?, ?)"] * rows)


def checksum(board: str, seq: int, count: int, payload: bytes) -> int:
    """Of a log row: a damaged index may lead to a row that is whole, but another board's."""
    return zlib.crc32(payload, zlib.crc32(f"{board}/{seq}/{count}".encode()))


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


def last_seq(db: sqlite3.Connection, board: str) -> int:
    sql = "SELECT max(seq) FROM (SELECT max(seq) AS seq FROM log WHERE board = ?1 UNION ALL"
    row = db.execute(sql + " SELECT max(seq) FROM snapshot WHERE board = ?1)", (board,)).fetchone()
    return int(row[0] or 0)


def read_board(db: sqlite3.Connection, board: str) -> StoredBoard | None:
    row = db.execute("SELECT lineage FROM board WHERE id = ?", (board,)).fetchone()
    if row is None:
        return None
    snapshot = read_snapshot(db, board)
    seq = snapshot.seq if snapshot else 0
    sql = "SELECT seq, count, crc, payload FROM log WHERE board = ? AND seq > ? ORDER BY seq"
    updates: list[bytes] = []
    at = seq
    for row_of_log in db.execute(sql, (board, seq)):
        updates += checked_row(board, at, *typed(board, row_of_log, (int, int, int, bytes)))
        at = row_of_log[0]
    if at == 0:
        raise StoreCorrupted(f"board {board} has neither a snapshot nor updates")
    (lineage,) = typed(board, row, (str,))
    return StoredBoard(lineage, snapshot, tuple(updates))


def typed(board: str, row: tuple[Any, ...], types: tuple[type, ...]) -> tuple[Any, ...]:
    """The row, if its values are of these types: damage may change also what a column is."""
    if any(type(value) is not wanted for value, wanted in zip(row, types, strict=True)):
        raise StoreCorrupted(f"board {board}: a row holds values of another kind")
    return row


def checked_row(
    board: str, at: int, last: int, count: int, crc: int, payload: bytes
) -> list[bytes]:
    """The updates of a row that may overlap the snapshot's end; raises StoreCorrupted."""
    if last - count > at:
        raise StoreCorrupted(f"board {board}: updates {at + 1} to {last - count} are missing")
    if checksum(board, last, count, payload) != crc:
        raise StoreCorrupted(f"board {board}: checksum of update {last} does not fit")
    try:
        updates = unpack(payload)
    except ValueError as error:
        raise StoreCorrupted(f"board {board}: update {last}: {error}") from error
    if len(updates) != count:
        raise StoreCorrupted(f"board {board}: expected {count} updates, got {len(updates)}")
    return updates[at - (last - count) :]


def read_snapshot(db: sqlite3.Connection, board: str) -> StoredSnapshot | None:
    """The newest snapshot that is whole; an older one serves if the newest is damaged."""
    sql = "SELECT seq, sha256, state_vector, data FROM snapshot WHERE board = ? ORDER BY seq DESC"
    damaged = False
    for row in db.execute(sql, (board,)):
        with contextlib.suppress(StoreCorrupted):
            seq, expected, state_vector, update = typed(board, row, (int, bytes, bytes, bytes))
            snapshot = StoredSnapshot(seq, state_vector, update)
            if digest(board, snapshot) == expected:
                return snapshot
        damaged = True
    if damaged and not has_first_update(db, board):
        raise StoreCorrupted(f"board {board}: no snapshot of it is whole")
    return None


def digest(board: str, snapshot: StoredSnapshot) -> bytes:
    place = f"{board}/{snapshot.seq}/{len(snapshot.state_vector)}/".encode()
    return hashlib.sha256(place + snapshot.state_vector + snapshot.update).digest()


def has_first_update(db: sqlite3.Connection, board: str) -> bool:
    sql = "SELECT 1 FROM log WHERE board = ? AND seq - count = 0"
    return db.execute(sql, (board,)).fetchone() is not None


def write_snapshot(db: sqlite3.Connection, board: str, snapshot: StoredSnapshot) -> None:
    """Insert it, keep one generation before it, and drop the log that both of them cover."""
    if db.execute("SELECT 1 FROM board WHERE id = ?", (board,)).fetchone() is None:
        return  # deleted while the snapshot was made
    row = db.execute("SELECT max(seq) FROM snapshot WHERE board = ?", (board,)).fetchone()
    previous = int(row[0] or 0)
    values = (board, snapshot.seq, digest(board, snapshot), snapshot.state_vector, snapshot.update)
    db.execute("INSERT OR REPLACE INTO snapshot VALUES (?, ?, ?, ?, ?)", values)
    db.execute("DELETE FROM snapshot WHERE board = ? AND seq < ?", (board, previous))
    db.execute("DELETE FROM log WHERE board = ? AND seq <= ?", (board, previous))
