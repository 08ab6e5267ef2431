"""What another user of the machine can read: nothing."""

import os
from pathlib import Path

from server.store import Append, Commit, NewBoard
from server.store.sqlite.store import SqliteStore
from tests.support.app import running_app


def modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())}


async def test_the_data_folder_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        async with running_app(tmp_path / "data") as app:
            team = await app.team()
            await app.write(team.board(), "salaisuus")
            found = modes(tmp_path / "data")
    finally:
        os.umask(before)
    assert found.pop("data") == 0o700
    assert len(found) >= 4
    assert set(found.values()) == {0o600}


async def test_a_folder_of_an_earlier_version_is_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    store = SqliteStore(folder)
    await store.open()
    await store.commit(Commit("w", creates=[NewBoard("b", "line", b"\0\0")]))
    await store.commit(Commit("w", appends=[Append("b", 2, (b"\0\0",))]))
    await store.close()
    for path in folder.iterdir():
        path.chmod(0o644)
    folder.chmod(0o755)
    store = SqliteStore(folder)
    await store.open()
    found = modes(folder)
    await store.close()
    assert found.pop("data") == 0o700
    assert set(found.values()) == {0o600}
