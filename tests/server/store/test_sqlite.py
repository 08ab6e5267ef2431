import shutil
import sqlite3
from pathlib import Path

import pytest

from server.store import (
    Append,
    Commit,
    NewBoard,
    Record,
    Store,
    StoreCorrupted,
    StoredBoard,
    StoredCheckpoint,
    StoreLocked,
    StoreUnavailable,
)
from server.store.sqlite.store import SqliteStore
from tests.server.store.contract import StoreContract


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        return SqliteStore(tmp_path / "data")


async def filled(folder: Path) -> None:
    store = SqliteStore(folder)
    await store.open()
    await store.commit(Commit("w", creates=[NewBoard("b", "line", b"1")]))
    await store.commit(Commit("w", appends=[Append("b", 2, (b"2", b"3"))]))
    await store.close()


def damage(folder: Path, sql: str) -> None:
    with sqlite3.connect(folder / "hahmo.sqlite3") as db:
        assert db.execute(sql).rowcount > 0
    db.close()


async def load(folder: Path) -> StoredBoard | None:
    store = SqliteStore(folder)
    await store.open()
    try:
        return await store.load("b")
    finally:
        await store.close()


async def test_a_board_survives_closing(tmp_path: Path) -> None:
    await filled(tmp_path)
    assert await load(tmp_path) == StoredBoard("line", None, (b"1", b"2", b"3"), workshop="w")


async def test_full_durability_is_on(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    await store.open()
    assert store._db is not None
    assert store._db.execute("PRAGMA synchronous").fetchone() == (2,)
    assert store._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    await store.close()


async def test_two_servers_on_one_folder_are_refused(tmp_path: Path) -> None:
    first, second = SqliteStore(tmp_path), SqliteStore(tmp_path)
    await first.open()
    with pytest.raises(StoreLocked, match="another server"):
        await second.open()
    await first.close()
    await second.open()
    await second.close()


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("UPDATE log SET payload = x'00' WHERE seq = 3", "checksum"),
        ("DELETE FROM log WHERE seq = 1", "updates 1 to 1 are missing"),
        ("DELETE FROM log", "neither a checkpoint nor updates"),
    ],
)
async def test_a_damaged_board_is_refused_and_never_opened_empty(
    tmp_path: Path, sql: str, says: str
) -> None:
    await filled(tmp_path)
    damage(tmp_path, sql)
    with pytest.raises(StoreCorrupted, match=says):
        await load(tmp_path)


async def test_the_checkpoint_before_serves_when_the_newest_is_damaged(tmp_path: Path) -> None:
    await filled(tmp_path)
    one = StoredCheckpoint(1, b"sv", b"one")
    store = SqliteStore(tmp_path)
    await store.open()
    await store.compact("b", one)
    await store.compact("b", StoredCheckpoint(3, b"sv", b"all"))
    await store.close()
    damage(tmp_path, "UPDATE checkpoint SET data = x'00' WHERE seq = 3")
    assert await load(tmp_path) == StoredBoard("line", one, (b"2", b"3"), workshop="w")
    damage(tmp_path, "UPDATE checkpoint SET data = x'00'")
    with pytest.raises(StoreCorrupted, match="no checkpoint"):
        await load(tmp_path)


async def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    await filled(tmp_path)
    with sqlite3.connect(tmp_path / "hahmo.sqlite3") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreUnavailable, match="newer Hahmo"):
        await load(tmp_path)


async def test_a_folder_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable, match="data folder"):
        await SqliteStore(tmp_path / "file" / "data").open()


def raw(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("hahmo.*"))


async def test_st8_a_scrub_leaves_nothing_of_what_was_replaced(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    await store.open()
    for size in (1, 50, 2_000, 30, 3_000, 5):  # within a page, and over several
        words = [f"worn{size}" * size, f"fresh{size}" * size]
        for word in words:
            await store.commit(Commit("w", puts=[Record("round", "r", "w", {"word": word})]))
        assert f"worn{size}".encode() in raw(tmp_path)
        await store.scrub()
        assert b"worn" not in raw(tmp_path)
        assert f"fresh{size}".encode() in raw(tmp_path)
    await store.commit(Commit("w", deletes=[("round", "r")]))
    await store.scrub()
    assert b"fresh" not in raw(tmp_path)
    await store.close()


async def test_hi4_erasing_leaves_nothing_of_what_the_checkpoint_stands_for(
    tmp_path: Path,
) -> None:
    """Nor in history, what that begins with, or the log, also in a row that goes on behind it."""
    store = SqliteStore(tmp_path)
    await store.open()
    await store.commit(Commit("w", creates=[NewBoard("b", "line", b"worn1")]))
    for seq in range(2, 5):
        await store.commit(Commit("w", appends=[Append("b", seq, (b"worn%d" % seq,), seq, ("a",))]))
        await store.compact("b", StoredCheckpoint(seq, b"sv", b"worn", at=seq))
    await store.rebase("b", StoredCheckpoint(2, b"sv", b"worn", at=2))
    assert await store.lengths("b") != []
    for seq, word in ((5, b"worn"), (6, b"fresh")):  # in the journal, from where they go together
        await store.commit(Commit("w", appends=[Append("b", seq, (word,), seq, ("a",))]))
    await store.erase("b", StoredCheckpoint(5, b"sv", b"clean", at=5))
    await store.scrub()
    left = raw(tmp_path)
    assert b"worn" not in left
    assert b"fresh" in left
    assert await store.load("b") == StoredBoard(
        "line", StoredCheckpoint(5, b"sv", b"clean", at=5), (b"fresh",), at=6, workshop="w"
    )
    await store.close()


async def test_st8_what_a_crash_kept_from_being_scrubbed_is_scrubbed_at_the_start(
    tmp_path: Path,
) -> None:
    store = SqliteStore(tmp_path / "data")
    await store.open()
    for word in ("worn", "fresh"):
        await store.commit(Commit("w", puts=[Record("round", "r", "w", {"word": word})]))
    shutil.copytree(tmp_path / "data", tmp_path / "crashed")  # as a crash leaves it
    await store.close()
    assert b"worn" in raw(tmp_path / "crashed")
    found = SqliteStore(tmp_path / "crashed")
    await found.open()
    assert b"worn" not in raw(tmp_path / "crashed")
    assert await found.get("round", "r") == {"word": "fresh"}
    await found.close()
