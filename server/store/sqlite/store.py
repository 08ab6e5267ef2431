"""The embedded store: a journal for edits, and one SQLite file, connection and thread for all.

A commit of nothing but edits is one write to the journal (journal.py); whatever else is written
goes to the database in one transaction, and takes the journal's edits along. WAL with
synchronous=FULL: a commit that returned is on the disk. One connection does everything, checkpoints
included, because SQLite before 3.51.3 can corrupt a WAL that two connections reset
(sqlite.org/wal.html, "WAL-reset bug"), and Debian's 3.40 is one of those.
"""

import logging
import sqlite3
import zlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import IO, Any, TypeVar

from server.store import (
    Append,
    Commit,
    Misfit,
    Moment,
    Record,
    StoredBoard,
    StoredCheckpoint,
    StoredHistory,
    StoreUnavailable,
    Versioned,
)
from server.store.ends import End, Ends
from server.store.records import parse
from server.store.sqlite import history as histories
from server.store.sqlite import journal as journals
from server.store.sqlite import records, restoring
from server.store.sqlite.commits import fitting, write_all
from server.store.sqlite.database import DATABASE, connect, empty_wal, transaction, translated
from server.store.sqlite.dropping import delete_some
from server.store.sqlite.journal import JOURNAL, Journal, JournalFile, Mark, Replay, replay
from server.store.sqlite.locking import take_lock
from server.store.sqlite.pending import Pending
from server.store.sqlite.rows import (
    end_of,
    insert_pending,
    read_board,
    read_mark,
    write_checkpoint,
    write_mark,
)
from server.store.sqlite.thread import WriterThread
from server.store.whole import WholeBoard

__all__ = ["DATABASE", "SqliteStore"]

log = logging.getLogger(__name__)

T = TypeVar("T")

JOURNAL_BYTES = 512 * 1024  # of edits call for the database to take them over
JOURNAL_MOST = 8 * JOURNAL_BYTES  # while it cannot; then edits are refused as well
ENDS_KEPT = 10_000  # boards of which it is remembered where their logs end


class SqliteStore:
    """A store in one folder: a journal for edits, and SQLite behind it.

    `folder`: the data folder, made if missing. `synchronous`: FULL, or weaker in tests only.
    """

    homes = None  # one process has all of it

    def __init__(self, folder: Path, *, synchronous: str = "FULL") -> None:
        self._folder = folder
        self._synchronous = synchronous
        self._thread = WriterThread()
        self._lock: IO[str] | None = None
        self._db: sqlite3.Connection | None = None
        # The writer thread's own:
        self._journal: Journal | None = None
        self._pending = Pending()  # what the journal holds
        self._drain_at = JOURNAL_BYTES
        self._ends = Ends(self._end_of, ENDS_KEPT)
        self._complaint = ""  # about the journal, as it was found

    async def open(self) -> None:
        """Raises StoreLocked if another process has the folder, StoreUnavailable if unusable."""
        self._lock = take_lock(self._folder)
        self._thread.start()
        try:
            self._db = await self._thread.run(lambda: connect(self._folder, self._synchronous))
            await self._thread.run(partial(self._take_up, self._db))
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        if self._db is not None:
            await self._thread.run(partial(self._end, self._db))
            self._db = None
        self._thread.stop()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _take_up(self, db: sqlite3.Connection) -> None:
        """Let the database have what the last server left in the journal, and begin it anew."""
        path = self._folder / JOURNAL
        mark = translated(db, lambda: read_mark(db))
        try:
            content = path.read_bytes() if path.exists() else None
            found = replay(content or b"", mark or Mark.fresh())
            self._complain(complaint(mark, found, content is None), content)
            file = journals.JournalFile(path, durable=self._synchronous == "FULL")
        except OSError as error:
            raise StoreUnavailable(f"cannot use {path}: {error.strerror}") from error
        self._journal = Journal(file, found.generation, found.number, found.position)
        if mark is None:
            self._begin_anew(db, file)
        self._pending.add(found.appends)
        try:
            self._drain(db)
        except StoreUnavailable as error:  # a full disk can still be read
            log.error("edits stay in the journal for now: %s", error)
        except ValueError:
            self._complain("it does not fit the database", content)
            self._begin_anew(db, file)
        self._wipe()
        self._delete_later(db)

    def _begin_anew(self, db: sqlite3.Connection, file: JournalFile) -> None:
        """With nothing of what the journal holds."""
        mark = Mark.fresh()
        transaction(db, lambda db: write_mark(db, mark))
        self._journal = Journal(file, mark.generation + 1, 0, 0)
        self._pending.clear()

    def _complain(self, complaint: str, content: bytes | None) -> None:
        """Say what is wrong, if anything is, and keep what there was."""
        self._complaint = complaint
        if not complaint:
            return
        path = self._folder / JOURNAL
        log.error("%s: %s; edits may be missing", path, complaint)
        try:
            if content:
                name = f"{JOURNAL}.damaged-{zlib.crc32(content):08x}"
                path.with_name(name).write_bytes(content)
        except OSError as error:
            raise StoreUnavailable(f"cannot keep the damaged {path}: {error.strerror}") from error

    def _end(self, db: sqlite3.Connection) -> None:
        if self._journal is not None:
            try:
                self._drain(db)
                self._journal.wipe()
            except (StoreUnavailable, ValueError, OSError) as error:
                log.error("the journal stays for the next start: %s", error)
            self._journal.close()
            self._journal = None
        self._pending.clear()
        self._ends.forget()
        db.close()

    async def commit(self, commit: Commit) -> None:
        for misfit in await self.commit_all([commit]):
            if misfit is not None:
                raise misfit

    async def commit_all(self, commits: Sequence[Commit]) -> list[Misfit | None]:
        db = self._opened()
        return await self._thread.run(lambda: self._commit_all(db, commits))

    def _commit_all(self, db: sqlite3.Connection, commits: Sequence[Commit]) -> list[Misfit | None]:
        """On the writer thread. Edits alone are one write and no statement of the database:

        each of those lets go of Python's lock, and taking it back under load costs more than
        the statement does.
        """
        ends = Ends(self._ends.of)
        if all(commit.is_edits for commit in commits):
            outcomes, appends = fitting(commits, ends)
            self._note(db, appends)
        else:
            outcomes = self._write(db, commits, ends)
        self._ends.keep(ends.kept)
        return outcomes

    def _write(
        self, db: sqlite3.Connection, commits: Sequence[Commit], ends: Ends
    ) -> list[Misfit | None]:
        """Write them into the database."""
        try:
            outcomes = self._drained(db, lambda db: write_all(db, commits, ends))
        except BaseException:
            self._ends.forget()
            raise
        if any(commit.drops for commit in commits):
            self._wipe()
            self._delete_later(db)
        return outcomes

    def _delete_later(self, db: sqlite3.Connection) -> None:
        """What is left of boards that were dropped, behind what others wait for."""
        self._thread.later(partial(self._delete_some, db))

    def _delete_some(self, db: sqlite3.Connection) -> None:
        if self._journal is not None and transaction(db, delete_some):
            self._delete_later(db)

    def _note(self, db: sqlite3.Connection, appends: Sequence[Append]) -> None:
        """Write edits into the journal."""
        journal = self._open_journal()
        if not appends:
            return
        if journal.position >= JOURNAL_MOST:
            self._drain(db)
        try:
            journal.append(appends)
        except OSError as error:
            raise StoreUnavailable(f"cannot write {self._folder / JOURNAL}: {error}") from error
        self._pending.add(appends)
        if journal.position >= self._drain_at:
            self._drain_at = journal.position + JOURNAL_BYTES  # not at once again, if it fails
            self._thread.later(partial(self._drain_or_tell, db))

    def _end_of(self, board: str) -> End | None:
        """Whose a board is, and where its log ends."""
        db = self._opened()
        return translated(db, lambda: end_of(db, board, self._pending))

    def _drain_or_tell(self, db: sqlite3.Connection) -> None:
        if self._journal is None:
            return  # closed meanwhile
        try:
            self._drain(db)
        except StoreUnavailable as error:
            log.error("edits stay in the journal for now: %s", error)

    def _drain(self, db: sqlite3.Connection) -> None:
        """Let the database take over what the journal holds."""
        if self._pending:
            self._drained(db, lambda _: None)

    def _drained(self, db: sqlite3.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` in a transaction that first takes over what the journal holds."""
        journal = self._open_journal()

        def both(db: sqlite3.Connection) -> T:
            if self._pending:
                insert_pending(db, self._pending)
                write_mark(db, journal.mark)
            return work(db)

        result = transaction(db, both)
        if self._pending:
            self._pending.clear()
            self._drain_at = JOURNAL_BYTES
            journal.restart()
        return result

    def _wipe(self) -> None:
        try:
            self._open_journal().wipe()
        except OSError as error:
            log.warning("the journal keeps old edits until it is written over: %s", error)

    def _open_journal(self) -> Journal:
        if self._journal is None:
            raise StoreUnavailable("the store is closed")
        return self._journal

    async def load(self, board: str) -> StoredBoard | None:
        return await self._run(lambda db: read_board(db, board, self._pending.of(board)))

    async def look(self, board: str) -> StoredBoard | None:
        return await self.load(board)

    async def boards(self) -> list[str]:
        return await self._run(
            lambda db: [row[0] for row in db.execute("SELECT id FROM board ORDER BY id")]
        )

    async def compact(self, board: str, checkpoint: StoredCheckpoint) -> None:
        db = self._opened()  # with what the journal holds, so that it ages with the rest
        work = partial(write_checkpoint, board=board, checkpoint=checkpoint)
        await self._thread.run(lambda: self._drained(db, work))

    async def erase(self, board: str, checkpoint: StoredCheckpoint) -> None:
        db = self._opened()  # what the journal holds as well: else it became a row later
        work = partial(histories.erase, board=board, checkpoint=checkpoint)
        await self._thread.run(lambda: self._drained(db, work))

    async def history(self, board: str) -> StoredHistory | None:
        return await self._run(
            lambda db: histories.read_history(db, board, self._pending.of(board))
        )

    async def aged(self, before: Sequence[int]) -> list[str]:
        return await self._run(lambda db: histories.aged(db, before))

    async def passed(self, board: str, level: int, before: int, most: int) -> list[Moment]:
        return await self._run(lambda db: histories.passed(db, board, level, before, most))

    async def thin(self, board: str, level: int, moments: Sequence[Moment]) -> None:
        await self._run(lambda db: histories.thin(db, board, level, moments))

    async def lengths(self, board: str) -> list[tuple[int, int, int]]:
        return await self._run(lambda db: histories.lengths(db, board))

    async def rebase(self, board: str, base: StoredCheckpoint) -> None:
        await self._run(lambda db: histories.rebase(db, board, base))

    async def workshops(self) -> list[str]:
        return await self._run(restoring.all_workshops)

    async def records(self, workshop: str) -> list[Record]:
        return await self._run(lambda db: restoring.all_records(db, workshop))

    async def restore(self, board: str, stored: StoredBoard, history: StoredHistory) -> None:
        db, work = (
            self._opened(),
            partial(restoring.restore, board=board, whole=WholeBoard(stored, history)),
        )
        await self._thread.run(lambda: self._drained(db, work))
        await self._thread.run(self._ends.forget)

    async def scrub(self) -> None:
        while await self._run(delete_some):
            pass
        await self._thread.run(partial(self._scrub, self._opened()))

    def _scrub(self, db: sqlite3.Connection) -> None:
        self._drain(db)
        empty_wal(db)
        try:
            self._open_journal().wipe()
        except OSError as error:
            raise StoreUnavailable(f"cannot empty {self._folder / JOURNAL}: {error}") from error

    async def get(self, kind: str, id: str) -> dict[str, Any] | None:
        return (await self.read(kind, id)).value

    async def read(self, kind: str, id: str) -> Versioned:
        return await self._run(lambda db: records.read(db, kind, id))

    async def blob(self, kind: str, id: str) -> bytes | None:
        sql = "SELECT blob FROM record WHERE kind = ? AND id = ?"
        row = await self._run(lambda db: db.execute(sql, (kind, id)).fetchone())
        return None if row is None else row[0]

    async def find(self, kind: str, parent: str) -> list[tuple[str, dict[str, Any]]]:
        sql = "SELECT id, value FROM record WHERE kind = ? AND parent = ? ORDER BY rowid"
        rows = await self._run(lambda db: db.execute(sql, (kind, parent)).fetchall())
        return [(id, parse(id, value)) for id, value in rows]

    async def verify(self) -> list[tuple[str, str]]:
        """SQLite's own words of its file, which reads all; damaged journals."""
        try:
            rows = await self._run(lambda db: db.execute("PRAGMA integrity_check").fetchall())
        except StoreUnavailable as error:
            rows = [(str(error),)]
        wrong = [(DATABASE, text) for (text,) in rows if text != "ok"]
        if self._complaint:
            wrong.append((JOURNAL, self._complaint))
        kept = sorted(path.name for path in self._folder.glob(f"{JOURNAL}.damaged-*"))
        return wrong + [(name, "kept when the server found it: edits were lost") for name in kept]

    async def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        db = self._opened()
        return await self._thread.run(lambda: transaction(db, work))

    def _opened(self) -> sqlite3.Connection:
        if self._db is None:
            raise StoreUnavailable("the store is closed")
        return self._db


def complaint(mark: Mark | None, found: Replay, is_missing: bool) -> str:
    """What is wrong with the journal, if anything."""
    if mark is None:
        return "its mark in the database is damaged"
    if is_missing and mark.done:
        return "the file is missing"
    if found.foreign:
        return "it belongs to another database"
    return "it is damaged" if found.lost else ""
