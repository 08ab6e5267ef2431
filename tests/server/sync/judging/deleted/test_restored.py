"""What was deleted comes back, as far as it is asked for, by whoever leads (rule DN3)."""

from __future__ import annotations

import pytest

from boards import edits
from boards.document import Document
from boards.schema import layout_root
from server.store import Append, Commit
from tests.support.app import App, Json
from tests.support.rooms import settled
from tests.support.workshops.deletions import (
    at,
    change,
    delete,
    listed,
    notes_on,
    restore,
    restored,
)


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
