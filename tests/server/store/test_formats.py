"""Data folders that earlier versions wrote are taken over whole.

`formats/format-N.tar.xz`: a folder as the last version of that format left it when it was killed,
with edits in its WAL and, since format 2, in its journal.
"""

import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from boards.schema import read_board
from server.config import Config
from server.maintenance import back_up
from server.store import SERVER, Commit, Misfit, NewBoard, Record
from server.store.sqlite.database import DATABASE, FORMAT
from server.store.sqlite.store import SqliteStore
from server.sync.commit.compactor import replay

EARLIER = range(1, FORMAT)
NOTES = {"short": 5, "long": 24}  # on each board of it: "note 1", "note 2", …


@pytest.fixture(params=EARLIER)
def earlier(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    packed = Path(__file__).parent / "formats" / f"format-{request.param}.tar.xz"
    with tarfile.open(packed) as tar:
        tar.extractall(folder, filter="data")
    return folder


async def must_have_all(folder: Path) -> None:
    store = SqliteStore(folder)
    await store.open()
    try:
        assert await store.boards() == sorted(NOTES)
        for board, count in NOTES.items():
            stored = await store.load(board)
            assert stored is not None
            assert stored.lineage == f"line-{board}"
            assert stored.workshop == "w"
            notes = read_board(replay(stored), board, "notes", "phenomena").notes
            assert {note.text for note in notes} == {f"note {n + 1}" for n in range(count)}
        removed = {"note": "n", "person": "p", "at": 1, "others": True}
        assert await store.find("removal", "long") == [("long note", removed)]
        assert await store.blob("snapshot", "s") == b"\0\1"
        assert await store.verify() == []
    finally:
        await store.close()


async def test_a_folder_of_an_earlier_version_is_taken_over(earlier: Path) -> None:
    for _ in ("at first", "and again"):
        await must_have_all(earlier)
    assert schema(earlier)["PRAGMA user_version"] == FORMAT


async def test_all_of_it_belongs_to_its_workshop(earlier: Path) -> None:
    store = SqliteStore(earlier)
    await store.open()
    try:
        theirs = [("workshop", "w", ""), ("board", "long", "w"), ("removal", "long note", "long")]
        theirs.append(("snapshot", "s", "long"))
        for kind, id, parent in theirs:
            assert (await store.read(kind, id)).version == 1
            with pytest.raises(Misfit):
                await store.commit(Commit(SERVER, puts=[Record(kind, id, parent, {})]))
            await store.commit(Commit("w", puts=[Record(kind, id, parent, {})]))
        for id, _ in await store.find("wipe", ""):
            await store.commit(Commit("w", deletes=[("wipe", id)]))
        assert await store.find("wipe", "") == []
        await store.commit(Commit(SERVER, puts=[Record("leads", "somebody", "sign_in", {})]))
    finally:
        await store.close()


async def test_a_backup_of_it_is_whole_too(earlier: Path, tmp_path: Path) -> None:
    """Also of what its server would have taken from the journal at its next start."""
    (earlier / "secret.key").write_bytes(b"k" * 32)
    back_up(Config(data=earlier), tmp_path / "copy")
    await must_have_all(tmp_path / "copy")


async def test_what_is_taken_over_has_the_same_schema_as_what_is_new(
    earlier: Path, tmp_path: Path
) -> None:
    await must_have_all(earlier)
    fresh = SqliteStore(tmp_path / "fresh")
    await fresh.open()
    await fresh.commit(Commit("w", creates=[NewBoard("b", "line", b"1")]))
    await fresh.close()
    assert schema(earlier) == schema(tmp_path / "fresh")


def schema(folder: Path) -> dict[str, object]:
    """The format, and every table and index with its columns."""
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        names = db.execute("SELECT name, type FROM sqlite_schema").fetchall()
        found: dict[str, object] = {
            name: db.execute(f"PRAGMA {type}_info({name})").fetchall() for name, type in names
        }
        found["PRAGMA user_version"] = db.execute("PRAGMA user_version").fetchone()[0]
    return found
