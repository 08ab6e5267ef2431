"""The journal when a write or the database fails, with a backup, and against a store in memory."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.config import Config
from server.maintenance import back_up
from server.store import Append, Commit, NewBoard, Record, StoredCheckpoint, StoreUnavailable
from server.store.memory import MemoryStore
from server.store.sqlite import store as product
from server.store.sqlite.journal import JOURNAL, JournalFile, encoded
from server.store.sqlite.store import SqliteStore
from tests.support.journals import (
    edits,
    flip,
    found,
    killed,
    opened,
    rows,
    up_to,
    update,
    updates_of,
)

PUT = Commit("w", puts=[Record("person", "p", "w", {})])


@dataclass
class Faults:
    """`room`: how many bytes of a write arrive before the disk is full, if it is."""

    room: int | None = None
    may_truncate: bool = True


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> Faults:
    """A disk under the journal that fails when a test wants it to."""
    told = Faults()

    class Failing(JournalFile):
        def write(self, data: bytes, offset: int) -> None:
            if told.room is None:
                super().write(data, offset)
            else:
                super().write(data[: told.room], offset)
                raise OSError(28, "No space left on device")

        def truncate(self, size: int) -> None:
            if not told.may_truncate:
                raise OSError(5, "Input/output error")
            super().truncate(size)

    monkeypatch.setattr("server.store.sqlite.journal.JournalFile", Failing)
    return told


@pytest.mark.parametrize("room", [0, 1, 30, 10_000])
async def test_nothing_is_left_of_an_edit_that_could_not_be_written(
    tmp_path: Path, faults: Faults, room: int
) -> None:
    async with found(tmp_path / "alive") as store:
        await store.commit(Commit("w", creates=[NewBoard("b", "line", update(1))]))
        await store.commit(edits(2))
        faults.room = room
        with pytest.raises(StoreUnavailable, match="No space left"):
            await store.commit(edits(3, size=500))
        shutil.copytree(tmp_path / "alive", tmp_path / "killed")
        assert await updates_of(store) == up_to(2)
        faults.room = None
        await store.commit(edits(3))
        assert await updates_of(store) == up_to(3)
    async with found(tmp_path / "killed") as store:
        assert await updates_of(store) == up_to(2)


async def test_the_next_edit_takes_the_place_of_one_that_failed(
    tmp_path: Path, faults: Faults
) -> None:
    async with found(tmp_path / "alive") as store:
        await store.commit(Commit("w", creates=[NewBoard("b", "line", update(1))]))
        faults.room, faults.may_truncate = 10_000, False
        with pytest.raises(StoreUnavailable):
            await store.commit(edits(2, size=500))
        faults.room, faults.may_truncate = None, True
        await store.commit(edits(2))
        await store.commit(edits(3))
        shutil.copytree(tmp_path / "alive", tmp_path / "killed")
    async with found(tmp_path / "killed") as store:
        assert await updates_of(store) == up_to(3)
        assert await store.verify() == []


@asynccontextmanager
async def database_locked(folder: Path, store: SqliteStore) -> AsyncIterator[None]:
    """Another program keeps the database meanwhile; nobody waits for it."""
    assert store._db is not None
    store._db.execute("PRAGMA busy_timeout = 0")
    with closing(sqlite3.connect(folder / "hahmo.sqlite3", isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        yield
        db.execute("ROLLBACK")


async def test_while_the_database_cannot_take_over_edits_go_on_up_to_a_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(product, "JOURNAL_BYTES", 500)
    monkeypatch.setattr(product, "JOURNAL_MOST", 4000)
    folder = tmp_path / "alive"
    async with found(folder) as store:
        await store.commit(Commit("w", creates=[NewBoard("b", "line", update(1))]))
        async with database_locked(folder, store):
            number = await first_refused(store)
            with pytest.raises(StoreUnavailable, match="locked"):
                await store.commit(PUT)
            assert 4000 <= (folder / JOURNAL).stat().st_size < 4100
            assert await updates_of(store) == up_to(number - 1)
            shutil.copytree(folder, tmp_path / "killed")
        await store.commit(edits(number))
        assert await updates_of(store) == up_to(number)
    async with found(tmp_path / "killed") as store:
        assert await updates_of(store) == up_to(number - 1)


async def first_refused(store: SqliteStore) -> int:
    for number in range(2, 1000):
        try:
            await store.commit(edits(number))
        except StoreUnavailable:
            return number
    raise AssertionError("the journal has no bound")


async def test_edits_outlast_a_commit_that_failed(tmp_path: Path) -> None:
    """The numbers of boards with edits in the journal stay right, which the database has then."""
    async with found(tmp_path) as store:
        await store.commit(Commit("w", creates=[NewBoard("b", "line", update(1))]))
        await store.commit(edits(2))
        with pytest.raises(ValueError, match="exists"):
            await store.commit(Commit("w", creates=[NewBoard("b", "line", b"")]))
        await store.commit(edits(3))
        assert await updates_of(store) == up_to(3)
    assert rows(tmp_path) == [(1, 1), (2, 1), (3, 1)]


async def test_a_transaction_that_was_said_to_have_failed_may_have_happened(tmp_path: Path) -> None:
    """A COMMIT whose sync fails may be found after a crash; edits went on in its generation."""
    folder = await killed(tmp_path, commits=3)
    journal = (folder / JOURNAL).read_bytes()
    async with found(folder) as store:  # the database takes over edits 2 to 4
        shutil.copytree(folder, tmp_path / "crashed")
        with closing(sqlite3.connect(folder / "hahmo.sqlite3")) as db:
            generation, done = db.execute("SELECT generation, done FROM journal").fetchone()
        assert done == 3
        await store.boards()
    more = encoded(generation, 3, edits(5).appends)
    (tmp_path / "crashed" / JOURNAL).write_bytes(journal + more)
    async with found(tmp_path / "crashed") as store:
        assert await updates_of(store) == up_to(5)
        assert await store.verify() == []


async def test_st8_a_scrub_leaves_nothing_of_edits_that_were_deleted(tmp_path: Path) -> None:
    async with found(tmp_path) as store:
        await store.commit(Commit("w", creates=[NewBoard("b", "line", b"1")]))
        await store.commit(Commit("w", appends=[Append("b", 2, (b"secret",))]))
        await store.commit(PUT)
        assert b"secret" in (tmp_path / JOURNAL).read_bytes()
        await store.scrub()
        assert (tmp_path / JOURNAL).read_bytes() == b""
        await store.commit(Commit("w", appends=[Append("b", 3, (b"secret",))]))
        await store.commit(Commit("w", drops=["b"]))
        assert (tmp_path / JOURNAL).read_bytes() == b""
        await store.scrub()
        assert b"secret" not in content(tmp_path)


def content(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def copied(folder: Path, to: Path) -> Path:
    (folder / "secret.key").write_bytes(b"k" * 32)
    back_up(Config(data=folder), to)
    return to


async def test_a_backup_holds_the_journals_edits_of_a_server_at_work(tmp_path: Path) -> None:
    folder = tmp_path / "alive"
    async with found(folder) as store:
        await store.commit(Commit("w", creates=[NewBoard("b", "line", update(1))]))
        for number in range(2, 6):
            await store.commit(edits(number))
            to = await asyncio.to_thread(copied, folder, tmp_path / f"{number}")
            async with found(to) as backup:
                assert await updates_of(backup) == up_to(number)
                assert await backup.verify() == []
            if number == 3:
                await store.commit(PUT)


async def test_a_backup_says_that_the_journal_is_damaged(tmp_path: Path) -> None:
    folder = await killed(tmp_path, commits=5)
    flip(folder / JOURNAL, update(3))
    with pytest.raises(StoreUnavailable, match="damaged"):
        copied(folder, tmp_path / "to")
    assert not (tmp_path / "to" / "hahmo.sqlite3").exists()


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), st.integers(0, 2), st.integers(1, 3)),
        st.tuples(st.sampled_from(["put", "drop", "compact", "wrong"]), st.integers(0, 2)),
        st.tuples(st.sampled_from(["scrub", "reopen", "kill"])),
    ),
    max_size=25,
)


@given(STEPS)
def test_st2_whatever_happens_a_board_is_as_one_in_memory(
    steps: list[tuple[object, ...]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(compare(Path(folder), steps))


async def compare(home: Path, steps: list[tuple[object, ...]]) -> None:
    """Both stores go through the steps; after each they hold the same."""
    twin = MemoryStore()
    await twin.open()
    lives = 0
    folder = home / "0"
    store = await opened(folder)
    try:
        for what, *numbers in steps:
            board = f"b{numbers[0]}" if numbers else ""
            if what == "reopen":
                await store.close()
                store = await opened(folder)
            elif what == "kill":
                lives += 1
                shutil.copytree(folder, home / f"{lives}")
                await store.close()
                folder = home / f"{lives}"
                store = await opened(folder)
            elif what == "scrub":
                await store.scrub()
            else:
                for one in (twin, store):
                    await step(one, str(what), board, numbers[-1])
            await assert_same(twin, store)
    finally:
        await store.close()


async def step(store: MemoryStore | SqliteStore, what: str, board: str, count: object) -> None:
    stored = await store.load(board)
    seq = stored.seq if stored else 0
    if stored is None:
        await store.commit(Commit("w", creates=[NewBoard(board, "line", update(1))]))
    elif what == "edit":
        assert isinstance(count, int)
        more = tuple(update(n) for n in range(seq + 1, seq + 1 + count))
        await store.commit(Commit("w", appends=[Append(board, seq + 1, more)]))
    elif what == "put":
        put = Record("number", board, "w", {"seq": seq})
        await store.commit(
            Commit("w", appends=[Append(board, seq + 1, (update(seq + 1),))], puts=[put])
        )
    elif what == "drop":
        await store.commit(Commit("w", drops=[board]))
    elif what == "compact":
        await store.compact(board, StoredCheckpoint(seq, b"sv", b"all"))
    elif what == "wrong":
        with pytest.raises(ValueError, match="expected"):
            await store.commit(Commit("w", appends=[Append(board, seq + 2, (b"",))]))


async def assert_same(twin: MemoryStore, store: SqliteStore) -> None:
    assert await store.boards() == await twin.boards()
    for board in ("b0", "b1", "b2"):
        assert await store.load(board) == await twin.load(board)
        assert await store.get("number", board) == await twin.get("number", board)
    assert await store.verify() == []
