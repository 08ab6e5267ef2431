"""Deleted is deleted: not a word stays in the files, whoever is at work meanwhile."""

import asyncio
import secrets
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from boards.edits import delete_note
from server.store import StoreUnavailable
from server.store.sqlite.database import DATABASE
from server.sync.commit.compactor import Compactor
from server.sync.judging.removals import Removed
from server.sync.limits import SyncLimits
from server.web.kept import KIND
from server.workshops.members import document_of
from tests.support.app import App, Json, Team

CANARY = "kanarialintu"
ROUNDS = 6


@pytest.fixture
async def others(app: App) -> AsyncIterator[set[str]]:
    """What the store holds of a workshop that has nothing to do with it; it must not change."""
    team = await app.team(2)
    await app.write(team.board(), "jää")
    before = await kept(app)
    yield before
    assert await kept(app) == before
    assert await team.texts(team.board()) == ["jää"]


async def kept(app: App) -> set[str]:
    """Every board and every record, whatever its kind, that the database holds."""
    store = app.service.store
    rows = await store._run(  # type: ignore[attr-defined]
        lambda db: db.execute(
            "SELECT kind || ' ' || id FROM record WHERE kind <> 'probe'"
        ).fetchall()
    )
    return {*await store.boards(), *(row[0] for row in rows)}


def words_left(folder: Path, word: str) -> dict[str, int]:
    """How often the word stands in which files of the data folder."""
    word_bytes = word.encode()
    found = {
        str(path): path.read_bytes().count(word_bytes)
        for path in folder.rglob("*")
        if path.is_file()
    }
    return {path: count for path, count in found.items() if count}


async def doomed(app: App) -> Team:
    """A workshop full of words, with groups and a merge."""
    made = await app.team(0, title=f"{CANARY} otsikko")
    for number in range(2):
        await made.join(f"{CANARY} {number}")
    for number in range(10):
        await app.write(made.board(), f"{CANARY} lappu {number}")
    async with app.service.rooms.hold(made.board()) as room:
        notes = list(document_of(room).root("notes").keys())
        room.edit(lambda document: delete_note(document, notes[0]))
        room.log_removals({notes[0]: Removed(made.people[0].id, 1, True)})
    breakout = await made.split([{"name": f"{CANARY} ryhmä", "people": [made.people[0].id]}])
    await app.write(breakout["groups"][0]["board"], f"{CANARY} ryhmässä")
    await made.merge(breakout)
    return made


async def test_h4_no_word_stays_in_any_file(app: App, others: set[str]) -> None:
    folder = app.service.config.data
    team = await doomed(app)
    assert words_left(folder, CANARY)
    assert any(record.startswith("removal ") for record in await kept(app))
    answer = await team.facilitator.http.delete(f"/api/workshops/{team.id}")
    assert answer.status_code == 204
    assert words_left(folder, CANARY) == {}
    assert not any(record.startswith("removal ") for record in await kept(app))


async def compacted(app: App, board: str) -> None:
    """Until what was written before is history, and a part of it what history begins with."""
    for number in range(6):
        async with app.service.rooms.hold(board) as room:
            room.edit(lambda document, n=number: document.root("odd").__setitem__("n", n))  # type: ignore[misc]
            await app.service.rooms.committer.commit(room.workshop)
        if number == 4:
            lengths = await app.service.store.lengths(board)
            most = sum(size for _, _, size in lengths) - 1
            work = Compactor(app.service.store, SyncLimits(history_bytes=most))
        else:
            work = app.service.rooms.compactor
        await work.compact(board)


async def in_history(app: App, board: str, word: str) -> tuple[bool, bool]:
    """Whether it is in what happened, and in what that begins with."""
    history = await app.service.store.history(board)
    assert history is not None
    assert history.base is not None
    happened = b"".join(moment.update for moment in history.moments)
    return word.encode() in happened, word.encode() in history.base.update


async def test_hi4_no_word_of_a_workshop_stays_in_history(app: App, others: set[str]) -> None:
    team = await doomed(app)
    await compacted(app, team.board())
    assert any(await in_history(app, team.board(), CANARY))
    answer = await team.facilitator.http.delete(f"/api/workshops/{team.id}")
    assert answer.status_code == 204
    assert words_left(app.service.config.data, CANARY) == {}


async def test_hi4_no_name_of_somebody_who_was_removed_stays_in_the_desks_history(
    app: App,
) -> None:
    team = await app.team(1)
    person = await team.join(CANARY)
    await compacted(app, team.id)
    assert any(await in_history(app, team.id, CANARY))
    path = f"/api/workshops/{team.id}/people/{person.id}"
    answer = await team.facilitator.http.delete(path)
    assert answer.status_code == 204
    assert words_left(app.service.config.data, CANARY) == {}


def splitting(team: Team) -> Awaitable[object]:
    body = {"board": team.board(), "groups": 3}
    return team.facilitator.http.post(f"/api/workshops/{team.id}/breakouts", json=body)


def joining(team: Team) -> Awaitable[object]:
    body = {"code": team.made["join_code"], "name": f"{CANARY} myöhässä"}
    return team.app.client().post("/api/join", json=body)


def coming_back(team: Team) -> Awaitable[object]:
    return team.app.client().post("/api/return", json={"code": team.made["return_code"]})


def renaming(team: Team) -> Awaitable[object]:
    body = {"title": f"{CANARY} uusi"}
    return team.facilitator.http.patch(f"/api/workshops/{team.id}", json=body)


async def writing(team: Team) -> None:
    for number in range(5):
        await team.app.write(team.board(), f"{CANARY} viime hetken lappu {number}")


async def merging(team: Team) -> None:
    desk: Json = await team.desk()
    for breakout in desk["breakouts"]:
        await team.facilitator.http.post(f"/api/breakouts/{breakout['id']}/merge", json={})


def keyed() -> dict[str, str]:
    """As browsers do, so that an answer is kept."""
    return {"Idempotency-Key": secrets.token_hex(16)}


async def keeping(team: Team) -> str | None:
    """A snapshot under a name; its id."""
    path = f"/api/boards/{team.board()}/snapshots"
    body = {"name": f"{CANARY} tallenne"}
    answer = await team.facilitator.http.post(path, json=body, headers=keyed())
    return str(answer.json()["id"]) if answer.status_code == 201 else None


async def going_back(team: Team) -> None:
    if snapshot := await keeping(team):
        path = f"/api/snapshots/{snapshot}/restore"
        await team.facilitator.http.post(path, json={}, headers=keyed())
    body = {"person": team.people[0].id, "since": 0}
    path = f"/api/boards/{team.board()}/restore"
    await team.facilitator.http.post(path, json=body, headers=keyed())


async def copying(team: Team) -> None:
    """What was copied in time is another workshop, which goes for itself."""
    if snapshot := await keeping(team):
        path = f"/api/snapshots/{snapshot}/copy"
        made = await team.facilitator.http.post(path, json={}, headers=keyed())
        if made.status_code == 201:
            by_them = team.app.by(made.json()["token"])
            gone = await by_them.delete(f"/api/workshops/{made.json()['id']}")
            assert gone.status_code == 204


async def bringing(team: Team) -> None:
    """Notes of a list that is long enough to be read in another process."""
    body = {"text": f"{CANARY} tuotu\n" * 400 + "\n" * 700, "zone": "challenges", "skip": True}
    path = f"/api/boards/{team.board()}/import"
    await team.facilitator.http.post(path, json=body, headers=keyed())


async def exporting(team: Team) -> None:
    path = f"/api/workshops/{team.id}/exports"
    body = {"format": "md", "board": team.board()}
    await team.facilitator.http.post(path, json=body, headers=keyed())
    await team.facilitator.http.get(f"/api/boards/{team.board()}/moments")


MEANWHILE: dict[str, Callable[[Team], Awaitable[object]]] = {
    "breakouts": splitting,
    "joins": joining,
    "comings back": coming_back,
    "titles": renaming,
    "edits": writing,
    "merges": merging,
    "snapshots": keeping,
    "goings back": going_back,
    "copies": copying,
    "notes of files": bringing,
    "exports": exporting,
}


@pytest.mark.parametrize("meanwhile", MEANWHILE.values(), ids=MEANWHILE.keys())
async def test_h5_what_meets_a_deletion_leaves_nothing(
    app: App, others: set[str], meanwhile: Callable[[Team], Awaitable[object]]
) -> None:
    for turns in range(ROUNDS):
        team = await doomed(app)
        work = [asyncio.ensure_future(meanwhile(team)) for _ in range(3)]
        for _ in range(turns * turns):
            await asyncio.sleep(0)  # each round they are a little further
        answer = await team.facilitator.http.delete(f"/api/workshops/{team.id}")
        assert answer.status_code == 204
        await asyncio.gather(*work, return_exceptions=True)
        assert await kept(app) == others
    assert words_left(app.service.config.data, CANARY) == {}


@pytest.mark.parametrize("command", [keeping, going_back, copying, bringing])
async def test_h4_no_answer_that_was_kept_outlives_its_workshop(
    app: App, others: set[str], command: Callable[[Team], Awaitable[object]]
) -> None:
    team = await doomed(app)
    await command(team)
    assert any(record.startswith(f"{KIND} ") for record in await kept(app))
    answer = await team.facilitator.http.delete(f"/api/workshops/{team.id}")
    assert answer.status_code == 204
    assert await kept(app) == others


async def test_h5_two_deletions_at_once_are_one(app: App, others: set[str]) -> None:
    team = await doomed(app)
    path = f"/api/workshops/{team.id}"
    answers = await asyncio.gather(*(team.facilitator.http.delete(path) for _ in range(3)))
    assert {answer.status_code for answer in answers} <= {204, 404}
    assert await kept(app) == others


async def test_m8_a_deletion_that_fails_sends_nobody_away(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = await doomed(app)
    store = app.service.store
    async with app.service.rooms.hold(team.board()) as room:
        with monkeypatch.context() as patch:
            patch.setattr(store, "commit_all", unavailable)
            answer = await team.facilitator.http.delete(f"/api/workshops/{team.id}")
            assert (answer.status_code, answer.json()["code"]) == (503, "store-unavailable")
            assert app.service.rooms.in_memory(team.board()) is room
            assert room.loaded
    assert (await team.join("uusi")).id  # the store takes writes again
    assert len(await team.texts(team.board())) == 10
    answer = await team.facilitator.http.delete(f"/api/workshops/{team.id}")
    assert answer.status_code == 204


async def unavailable(commit: object) -> None:
    raise StoreUnavailable("disk full")


async def test_h4_what_the_disk_kept_from_being_wiped_is_wiped_later(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = app.service.config.data
    team = await doomed(app)
    reader = sqlite3.connect(folder / DATABASE)  # as a backup does
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM record").fetchone()
    answer = await team.facilitator.http.delete(f"/api/workshops/{team.id}")
    assert answer.status_code == 204
    assert words_left(folder, CANARY)
    reader.close()
    await app.service.retention.wipe_again()
    assert words_left(folder, CANARY) == {}
