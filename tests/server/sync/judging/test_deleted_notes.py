"""Deleted notes are known, told, and can be brought back by who leads (rules DN1–DN3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from boards import edits
from boards.desk import Desk, Person
from boards.document import Document
from boards.schema import layout_root
from server.store import Append, Commit, Misfit
from server.store.memory import MemoryStore
from server.sync.judging import alarms
from server.sync.judging.removals import Removed
from server.workshops.removals import sprees
from tests.support.app import App, Json, Team, running_app
from tests.support.app import Person as Member
from tests.support.rooms import BOARD, Client, board_rooms, settled

EVER = {"from": 0, "until": 2**53}


@asynccontextmanager
async def at(app: App, board: str, member: Member) -> Any:
    """A client of a board or desk, which has all of it."""
    async with app.service.rooms.hold(board) as room:
        access = await app.service.workshops.access(board, lambda _: member.token)
        client = Client(room, access)
        room.join(client.connection)
        client.sync()
        await settled(app.service.rooms)
        client.hear()
        try:
            yield client
        finally:
            room.leave(client.connection)


def change(client: Client, edit: Any, notes: Sequence[str]) -> None:
    """One edit of several notes."""

    def all_of_them() -> None:
        for note in notes:
            edit(client.document, note)

    client.send_update(client.document.record(all_of_them)[1])
    assert client.error is None


async def delete(app: App, board: str, member: Member, notes: Sequence[str]) -> None:
    async with at(app, board, member) as client:
        change(client, edits.delete_note, notes)
        await settled(app.service.rooms)


async def notes_on(
    app: App, board: str, count: int, author: str | None = None, zone: str = "challenges"
) -> list[str]:
    async with app.service.rooms.hold(board) as room:

        def write(document: Document) -> list[str]:
            return [
                edits.add_note(document, board, zone=zone, text=f"lappu {n}", author=author, at=1)
                for n in range(count)
            ]

        notes: list[str] = room.edit(write)
        await settled(app.service.rooms)
    return notes


async def listed(team: Team) -> list[Json]:
    answer = await team.facilitator.http.get(f"/api/workshops/{team.id}/deletions")
    found: list[Json] = answer.raise_for_status().json()
    return found


async def restore(team: Team, by: Member | None = None, **wanted: Any) -> httpx.Response:
    path = f"/api/workshops/{team.id}/deletions/restore"
    return await (by or team.facilitator).http.post(path, json={**EVER, **wanted})


async def restored(team: Team, **wanted: Any) -> int:
    count: int = (await restore(team, **wanted)).raise_for_status().json()["restored"]
    return count


async def test_dn1_who_deleted_what_is_listed_and_comes_back(app: App) -> None:
    team = await app.team(2)
    ann, bea = team.people
    notes = await notes_on(app, team.board(), 4, author=bea.id)
    await delete(app, team.board(), ann, notes[:3])
    await delete(app, team.board(), bea, notes[3:])
    last, first = sorted(await listed(team), key=lambda one: int(one["count"]))
    assert (first["person"], first["board"]) == (ann.id, team.board())
    assert (first["count"], first["others"]) == (3, 3)
    assert sorted(first["texts"]) == ["lappu 0", "lappu 1", "lappu 2"]
    assert first["from"] <= first["until"]
    assert (last["person"], last["count"], last["others"]) == (bea.id, 1, 0)
    assert await team.texts(team.board()) == []
    assert await restored(team, person=ann.id, board=first["board"], until=first["until"]) == 3
    assert await team.texts(team.board()) == ["lappu 0", "lappu 1", "lappu 2"]
    assert await listed(team) == [last]
    data = (await bea.http.get(f"/api/workshops/{team.id}/people/{bea.id}/data")).json()
    assert [{**one, "texts": ["lappu 3"]} for one in data["deletions"]] == [last]
    assert await restored(team, person=ann.id) == 0


async def test_dn3_only_what_is_asked_for_comes_back(app: App) -> None:
    team = await app.team(2)
    ann, bea = team.people
    for board in (team.board(), team.board("change")):
        notes = await notes_on(app, board, 2)
        await delete(app, board, ann, notes[:1])
        await delete(app, board, bea, notes[1:])
    times = {one["board"]: one["from"] for one in await listed(team) if one["person"] == ann.id}
    assert await restored(team, person=ann.id, until=min(times.values()) - 1) == 0
    assert await restored(team, person=ann.id, board=team.board()) == 1
    assert await team.texts(team.board()) == ["lappu 0"]
    assert await restored(team, person=bea.id) == 2
    assert {(one["person"], one["board"]) for one in await listed(team)} == {
        (ann.id, team.board("change"))
    }


async def test_dn1_it_is_known_after_a_restart_also_on_groups_boards(tmp_path: Path) -> None:
    async with running_app(tmp_path / "data") as app:
        team = await app.team(2)
        ann = team.people[0]
        await notes_on(app, team.board(), 2)
        breakout = await team.split([{"name": "A", "people": [ann.id]}])
        board = breakout["groups"][0]["board"]
        async with at(app, board, ann) as client:
            change(client, edits.delete_note, list(client.document.root("notes").keys()))
            await settled(app.service.rooms)
        before = await listed(team)
        made, facilitator = team.made, team.facilitator.token
    async with running_app(tmp_path / "data") as app:
        team = Team(app, made, Member(made["person"], facilitator, app.by(facilitator)))
        assert app.service.rooms.in_memory(board) is None
        assert await listed(team) == before
        assert [(one["person"], one["board"], one["count"]) for one in before] == [
            (ann.id, board, 2)
        ]
        assert await restored(team, person=ann.id) == 2
        assert await team.texts(board) == ["lappu 0", "lappu 1"]
    async with running_app(tmp_path / "data") as app:
        team = Team(app, made, Member(made["person"], facilitator, app.by(facilitator)))
        assert await listed(team) == []
        assert await team.texts(board) == ["lappu 0", "lappu 1"]


async def test_dn1_what_a_group_deleted_is_known_where_it_comes_home(app: App) -> None:
    team = await app.team(1)
    [ann] = team.people
    notes = await notes_on(app, team.board(), 2)
    breakout = await team.split([{"name": "A", "people": [ann.id]}])
    await delete(app, breakout["groups"][0]["board"], ann, notes[:1])
    await team.merge(breakout)
    assert await team.texts(team.board()) == ["lappu 1"]
    assert {(one["person"], one["board"], one["count"]) for one in await listed(team)} == {
        (ann.id, team.board(), 1),
        (ann.id, breakout["groups"][0]["board"], 1),
    }
    assert await restored(team, person=ann.id, board=team.board()) == 1
    await team.merge(breakout)
    assert await team.texts(team.board()) == ["lappu 0", "lappu 1"]


async def test_dn1_an_empty_note_of_ones_own_is_no_news_and_undo_takes_it_back(app: App) -> None:
    team = await app.team(1)
    [ann] = team.people
    notes = await notes_on(app, team.board(), 2, author=ann.id)
    async with at(app, team.board(), ann) as client:
        change(client, lambda document, note: edits.retext(document, note, ""), notes[:1])
        change(client, edits.delete_note, notes)
        await settled(app.service.rooms)
        assert [one["count"] for one in await listed(team)] == [1]
        change(client, edits.restore_note, notes)
        await settled(app.service.rooms)
        assert await listed(team) == []
        change(client, edits.delete_note, notes[1:])
        change(client, edits.restore_note, notes[1:])
        change(client, edits.delete_note, notes[1:])
        await settled(app.service.rooms)
        assert [one["count"] for one in await listed(team)] == [1]


async def experiments_on(app: App, board: str, *texts: str) -> list[str]:
    async with app.service.rooms.hold(board) as room:

        def write(document: Document) -> list[str]:
            made = [edits.add_experiment(document, texts=("what", "why"), at=1) for _ in texts]
            for experiment, text in zip(made, texts, strict=True):
                edits.set_experiment(document, experiment, "what", text)
            return made

        made: list[str] = room.edit(write)
        await settled(app.service.rooms)
    return made


async def planned(team: Team, board: str) -> list[str]:
    found = (await team.facilitator.http.get(f"/api/boards/{board}")).raise_for_status().json()
    return sorted(one["fields"]["what"] for one in found["experiments"])


async def test_dn1_an_experiment_is_listed_told_and_comes_back_as_a_note_does(app: App) -> None:
    team = await app.team(1)
    [ann] = team.people
    board = team.board("experiments")
    made = await experiments_on(app, board, "a", "b", "c", "d", "e", "f", "")
    [note] = await notes_on(app, board, 1, author=ann.id)
    async with at(app, team.id, team.facilitator) as lead, at(app, board, ann) as client:
        change(client, edits.delete_experiment, made)
        change(client, edits.delete_note, [note])
        await settled(app.service.rooms)
        [notice, *_] = told(lead)
        assert (notice["code"], notice["person"]) == ("notes-deleted", ann.id)
    [entry] = await listed(team)
    assert (entry["board"], entry["count"], entry["others"]) == (board, 7, 6)  # not the empty one
    assert await planned(team, board) == []
    assert await restored(team, person=ann.id, board=board) == 7
    assert await planned(team, board) == ["a", "b", "c", "d", "e", "f"]
    assert await listed(team) == []
    await delete_experiments(app, board, ann, made[:1])
    [entry] = await listed(team)
    assert (entry["count"], entry["texts"]) == (1, ["a"])


async def delete_experiments(app: App, board: str, member: Member, made: Sequence[str]) -> None:
    async with at(app, board, member) as client:
        change(client, edits.delete_experiment, made)
        await settled(app.service.rooms)


async def test_dn1_an_experiment_that_a_group_deleted_is_known_where_it_comes_home(
    app: App,
) -> None:
    team = await app.team(1)
    [ann] = team.people
    board = team.board("experiments")
    made = await experiments_on(app, board, "a", "b")
    breakout = await team.split([{"name": "A", "people": [ann.id]}], board=board)
    await delete_experiments(app, breakout["groups"][0]["board"], ann, made[:1])
    await team.merge(breakout)
    assert await planned(team, board) == ["b"]
    assert {(one["person"], one["board"], one["count"]) for one in await listed(team)} == {
        (ann.id, board, 1),
        (ann.id, breakout["groups"][0]["board"], 1),
    }
    assert await restored(team, person=ann.id, board=board) == 1
    assert await planned(team, board) == ["a", "b"]


async def test_dn1_a_note_without_its_text_is_deleted_as_any(app: App) -> None:
    """There were such before JD16."""
    team = await app.team(1)
    [ann] = team.people
    [note] = await notes_on(app, team.board(), 1, author=ann.id)
    async with app.service.rooms.hold(team.board()) as room:
        room.edit(lambda document: document.root("notes")[note].update({"text": "plain"}))
        await settled(app.service.rooms)
    async with at(app, team.board(), ann) as client:
        handle = client.document.root("notes")[note]
        client.send_update(client.document.record(lambda: handle.update({"del": True}))[1])
        assert client.error is None


async def test_dn3_what_is_on_other_boards_is_listed_although_one_cannot_be_read(app: App) -> None:
    team = await app.team(1)
    [ann] = team.people
    rooms, store = app.service.rooms, app.service.store
    for board in (team.board(), team.board("change")):
        await delete(app, board, ann, await notes_on(app, board, 1))
    rooms._forget(rooms._rooms[team.board()])
    stored = await store.load(team.board())
    assert stored is not None
    await store.commit(Commit(team.id, appends=[Append(team.board(), stored.seq + 1, (b"\xff",))]))
    texts = {one["board"]: one["texts"] for one in await listed(team)}
    assert texts == {team.board(): [], team.board("change"): ["lappu 0"]}
    answer = await restore(team, person=ann.id, board=team.board())
    assert (answer.status_code, answer.json()["code"]) == (500, "board-damaged")
    assert await restored(team, person=ann.id, board=team.board("change")) == 1


async def test_dn3_is_for_facilitators(app: App) -> None:
    team = await app.team(1)
    watcher = await team.join("Katsoja", "observer")
    notes = await notes_on(app, team.board(), 1)
    await delete(app, team.board(), team.people[0], notes)
    for member in (team.people[0], watcher):
        answer = await member.http.get(f"/api/workshops/{team.id}/deletions")
        assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")
        answer = await restore(team, member, person=team.people[0].id)
        assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")
        assert answer.headers["content-type"] == "application/problem+json"
    stranger = await app.team()
    answer = await stranger.facilitator.http.get(f"/api/workshops/{team.id}/deletions")
    assert answer.status_code == 401
    assert len(await listed(team)) == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"until": 1, "from": 0}, 400, "field-invalid"),
        ({"person": None, "from": 0}, 400, "field-invalid"),
        ({"person": 7, "from": 0, "until": 1}, 400, "field-invalid"),
        ({"person": None, "from": -1, "until": 1}, 400, "field-invalid"),
        ({"person": None, "from": 0, "until": 1, "all": True}, 400, "field-invalid"),
        ({"person": None, "from": 0, "until": 1, "board": "elsewhere"}, 404, "board-gone"),
    ],
)
async def test_dn3_what_is_no_such_command_is_refused(
    app: App, body: Json, status: int, code: str
) -> None:
    team = await app.team()
    path = f"/api/workshops/{team.id}/deletions/restore"
    answer = await team.facilitator.http.post(path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_dn1_who_was_sent_out_leaves_no_name_but_what_they_deleted_comes_back(
    app: App,
) -> None:
    team = await app.team(2)
    ann, bea = team.people
    for board in (team.board(), team.board("change")):
        notes = await notes_on(app, board, 2)
        await delete(app, board, ann, notes[:1])
        await delete(app, board, bea, notes[1:])
    app.service.rooms._forget(app.service.rooms._rooms[team.board()])  # one open, the other not
    path = f"/api/workshops/{team.id}/people/{ann.id}"
    (await team.facilitator.http.delete(path)).raise_for_status()
    for board in (team.board(), team.board("change")):
        stored = await app.service.store.find("removal", board)
        assert sorted(value["person"] for _, value in stored) == ["", bea.id]
    people = [one["person"] for one in await listed(team)]
    assert (people.count(None), people.count(bea.id)) == (2, 2)
    assert await restored(team, person=ann.id, board=team.board()) == 1
    assert await restored(team, person=None) == 1
    assert [one["person"] for one in await listed(team)] == [bea.id, bea.id]


async def test_dn3_a_place_that_was_taken_meanwhile_stays_who_took_it(app: App) -> None:
    team = await app.team(1)
    [ann] = team.people
    board = team.board()
    covered, free = await notes_on(app, board, 2)
    [taker] = await notes_on(app, board, 1)

    def place(document: Document) -> None:
        document.root(layout_root(board)).update({covered: [100, 100], free: [600, 100]})

    async with app.service.rooms.hold(board) as room:
        room.edit(place)
        await settled(app.service.rooms)
    async with at(app, board, ann) as client:
        change(client, edits.delete_note, [covered, free])
        moved = client.document.root(layout_root(board))
        client.send_update(client.document.record(lambda: moved.update({taker: [120, 110]}))[1])
        await settled(app.service.rooms)
    assert await restored(team, person=ann.id) == 2
    answer = (await team.facilitator.http.get(f"/api/boards/{board}")).json()
    places = {note["id"]: note["position"] for note in answer["notes"]}
    assert places == {covered: None, free: [600, 100], taker: [120, 110]}


def test_dn1_deletions_are_listed_apart_where_nothing_happened_for_a_minute() -> None:
    ann = Person(id="ann", name="Ann", role="participant", color=0, joined=1)
    minute = 60_000
    moments = {"a": 0, "b": minute, "c": 2 * minute, "d": 3 * minute + 1, "e": 3 * minute + 2}
    removed = {note: Removed("ann", at, note > "b") for note, at in moments.items()}
    removed["f"] = Removed("gone", 0, True)
    found = list(sprees(Desk(people=(ann,)), "board", removed))
    assert [(one.person, one.notes, one.began, one.until, one.others) for one in found] == [
        ("ann", ("a", "b", "c"), 0, 2 * minute, 1),
        ("ann", ("d", "e"), 3 * minute + 1, 3 * minute + 2, 2),
        (None, ("f",), 0, 0, 1),
    ]


class Counting(MemoryStore):
    """Knows which commits were more than edits: those take longer."""

    def __init__(self) -> None:
        super().__init__()
        self.wide: list[Commit] = []

    async def commit_all(self, commits: Sequence[Commit]) -> list[Misfit | None]:
        self.wide += (commit for commit in commits if not commit.is_edits)
        return await super().commit_all(commits)


async def test_dn1_a_new_note_costs_no_record() -> None:
    """It is born deleted, and shown in the next edit."""
    store = Counting()
    async with board_rooms(store) as rooms, rooms.hold(BOARD) as room:
        ann = Client(room)
        ann.sync()
        note = edits.new_id()

        def born(document: Document) -> None:
            edits.add_note(document, BOARD, zone="challenges", text="", at=1, note=note)
            edits.delete_note(document, note)

        ann.send_update(ann.document.record(lambda: born(ann.document))[1])
        await settled(rooms)
        before = len(store.wide)
        change(ann, edits.restore_note, [note])
        change(ann, lambda document, note: edits.retext(document, note, "hei"), [note])
        await settled(rooms)
        assert len(store.wide) == before
        change(ann, edits.delete_note, [note])
        await settled(rooms)
        assert len(store.wide) == before + 1


# -- who is told -------------------------------------------------------------------------------


def told(client: Client) -> list[Json]:
    """What a client was told since the last time."""
    client.hear()
    notices, client.notices = client.notices, []
    assert all(number == 0 for number, _ in notices)
    return [notice for _, notice in notices]


@contextmanager
def quickly(monkeypatch: pytest.MonkeyPatch, **seconds: float) -> Iterator[None]:
    with monkeypatch.context() as patch:
        for name, value in seconds.items():
            patch.setattr(alarms, name, value)
        yield


async def test_dn2_who_leads_is_told_wherever_it_was(app: App) -> None:
    team = await app.team(2)
    ann, bea = team.people
    await notes_on(app, team.board(), 6, author=bea.id)
    breakout = await team.split([{"name": "A", "people": [ann.id]}])
    board = breakout["groups"][0]["board"]
    async with (
        at(app, team.id, team.facilitator) as lead,
        at(app, team.id, ann) as doer,
        at(app, team.id, bea) as other,
        at(app, board, ann) as client,
    ):
        change(client, edits.delete_note, list(client.document.root("notes").keys()))
        assert told(lead) == []  # not before it is durable
        await settled(app.service.rooms)
        [notice] = told(lead)
        [entry] = await listed(team)
        assert {name: entry[name] for name in ("person", "board", "from", "until", "count")} == {
            name: notice[name] for name in ("person", "board", "from", "until", "count")
        }
        assert (notice["code"], notice["count"], notice["texts"]) == ("notes-deleted", 6, [])
        assert told(doer) == told(other) == []
    async with at(app, team.id, team.facilitator) as lead, at(app, team.id, bea) as other:
        assert told(lead) == [notice]  # the page was loaded again
        assert told(other) == []


async def test_dn2_few_notes_or_ones_own_are_nobodys_business(app: App) -> None:
    team = await app.team(2)
    ann, bea = team.people
    mine = await notes_on(app, team.board(), 7, author=ann.id)
    others = await notes_on(app, team.board(), 5, author=bea.id)
    async with at(app, team.id, team.facilitator) as lead:
        await delete(app, team.board(), ann, [*mine, *others])
        assert told(lead) == []


async def test_dn2_one_after_the_other_is_the_same_but_after_a_pause_it_is_not(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = await app.team(1)
    [ann] = team.people
    notes = await notes_on(app, team.board(), 12)
    async with at(app, team.id, team.facilitator) as lead:
        with quickly(monkeypatch, PAUSE_SECONDS=-1.0):
            for note in notes[:6]:
                await delete(app, team.board(), ann, [note])
            assert told(lead) == []
        with quickly(monkeypatch, AGAIN_SECONDS=0.0):
            for note in notes[6:]:
                await delete(app, team.board(), ann, [note])
            await settled(app.service.rooms)
        # With the last one before.
        assert {notice["count"] for notice in told(lead)} == {6, 7}


async def test_dn2_what_came_back_is_told_too(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    team = await app.team(1)
    [ann] = team.people
    notes = await notes_on(app, team.board(), 8)
    with quickly(monkeypatch, AGAIN_SECONDS=0.0):
        async with at(app, team.id, team.facilitator) as lead:
            await delete(app, team.board(), ann, notes)
            [first] = told(lead)
            async with at(app, team.board(), ann) as client:
                change(client, edits.restore_note, notes[:3])
                await settled(app.service.rooms)
            await settled(app.service.rooms)
            [second] = told(lead)
            assert (second["id"], second["count"]) == (first["id"], 5)
            assert await restored(team, person=ann.id) == 5
            await settled(app.service.rooms)
            assert [notice["count"] for notice in told(lead)] == [0]
    async with at(app, team.id, team.facilitator) as lead:
        assert told(lead) == []


async def test_dn2_another_facilitators_doing_is_told_and_ones_own_is_not(app: App) -> None:
    team = await app.team(1)
    notes = await notes_on(app, team.board(), 6)
    async with at(app, team.id, team.facilitator) as lead:
        await delete(app, team.board(), team.facilitator, notes)
        assert told(lead) == []
    assert [one["count"] for one in await listed(team)] == [6]
