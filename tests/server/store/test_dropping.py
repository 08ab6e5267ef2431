"""A large board that is dropped is gone at once, and its rows go while others commit."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio

from server.store import SERVER, Append, Commit, NewBoard, StoredCheckpoint
from server.store.sqlite import dropping
from server.store.sqlite.database import DATABASE
from server.store.sqlite.store import SqliteStore

WORD = b"a word that nobody wrote elsewhere"
UPDATE = (WORD * 400)[:10_000]
UPDATES = 120


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dropping, "AT_ONCE", 2 * len(UPDATE))


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path)
    await store.open()
    await store.commit(Commit("v", creates=[NewBoard("other", "line", b"1")]))
    await store.commit(Commit("w", creates=[NewBoard("b", "line", UPDATE)]))
    for seq in range(2, UPDATES):
        await store.commit(Commit("w", appends=[Append("b", seq, (UPDATE,), at=seq)]))
        if not seq % 40:
            await store.compact("b", StoredCheckpoint(seq, b"\0", UPDATE, seq))
    yield store
    await store.close()


def rows(folder: Path) -> int:
    tables = ("log", "history", "checkpoint", "base")
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        sql = "SELECT count(*) FROM {} WHERE board = 'b'"
        return sum(db.execute(sql.format(table)).fetchone()[0] for table in tables)


def has_word(folder: Path) -> bool:
    return any(WORD in path.read_bytes() for path in folder.iterdir())


async def test_others_commit_while_its_rows_go(store: SqliteStore, tmp_path: Path) -> None:
    before = rows(tmp_path)
    await store.commit(Commit("w", drops=["b"]))
    left = [rows(tmp_path)]
    assert await store.load("b") is None
    assert await store.history("b") is None
    assert await store.boards() == ["other"]
    assert await store.aged([2**60]) == []
    while left[-1]:
        await store.commit(Commit("v", appends=[Append("other", len(left) + 1, (b"1",))]))
        left.append(rows(tmp_path))
    assert left[0] > before // 2
    assert len(left) > 5
    assert left == sorted(left, reverse=True)


async def test_nothing_of_it_is_left_when_the_files_were_wiped(
    store: SqliteStore, tmp_path: Path
) -> None:
    assert has_word(tmp_path)
    await store.commit(Commit("w", drops=["b"]))
    await store.scrub()
    assert not has_word(tmp_path)
    assert rows(tmp_path) == 0
    assert await store.records(SERVER) == []


async def test_the_next_server_goes_on_with_it(store: SqliteStore, tmp_path: Path) -> None:
    await store.commit(Commit("w", drops=["b"]))
    await store.close()
    assert rows(tmp_path)
    assert await records_of_server(tmp_path) == []
    while rows(tmp_path):
        assert await records_of_server(tmp_path) == []


async def records_of_server(folder: Path) -> list[object]:
    store = SqliteStore(folder)
    await store.open()
    try:
        assert await store.load("b") is None
        return list(await store.records(SERVER))
    finally:
        await store.close()


async def test_a_board_of_its_name_begins_anew(store: SqliteStore, tmp_path: Path) -> None:
    await store.commit(Commit("w", drops=["b"]))
    await store.commit(Commit("w", creates=[NewBoard("b", "new", b"1")]))
    await store.scrub()
    stored = await store.load("b")
    assert stored is not None
    assert (stored.lineage, stored.updates) == ("new", (b"1",))
