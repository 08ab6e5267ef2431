"""What is held about a person, for them to take along: all of theirs, nothing of others'."""

from typing import Any

import pytest

from boards.edits import add_note, delete_note, vote
from server.i18n import LANGUAGES, t
from server.web.api.openapi import description
from tests.support.app import App, Json, Person, Team


async def written(app: App, board: str, author: str, text: str) -> str:
    """A note of somebody's on a board; its id."""
    async with app.service.rooms.hold(board) as room:
        note: str = room.edit(
            lambda document: add_note(
                document, board, zone="challenges", text=text, author=author, at=7
            )
        )
        await app.service.rooms.committer.commit(room.workshop)
    return note


async def edited(app: App, board: str, edit: Any, *args: Any) -> None:
    async with app.service.rooms.hold(board) as room:
        room.edit(lambda document: edit(document, *args))
        await app.service.rooms.committer.commit(room.workshop)


async def held(team: Team, asker: Person, person: str, **headers: str) -> Json:
    path = f"/api/workshops/{team.id}/people/{person}/data"
    answer = (await asker.http.get(path, headers=headers)).raise_for_status()
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["cache-control"] == "no-store"
    found: Json = answer.json()
    return found


async def test_all_of_theirs_is_there_and_nothing_of_others(app: App) -> None:
    team = await app.team(2)
    me, other = team.people
    mine = await written(app, team.board(), me.id, "oma lappu")
    gone = await written(app, team.board(), me.id, "oma poistettu")
    others = await written(app, team.board(), other.id, "toisen salaisuus")
    await edited(app, team.board(), delete_note, gone)
    await edited(app, team.board(), vote, others, me.id, 3)
    await edited(app, team.board(), vote, others, other.id, 1)
    breakout = await team.split([{"name": "Koivu", "people": [me.id]}])
    group = breakout["groups"][0]
    inside = await written(app, group["board"], me.id, "ryhmässä")

    found = await held(team, me, me.id)
    assert found["person"]["name"] == "Osallistuja 1"
    assert [(g["id"], g["left"]) for g in found["groups"]] == [(group["id"], None)]
    boards = {board["id"]: board for board in found["boards"]}
    texts = {note["id"]: (note["text"], note["deleted"]) for note in boards[team.board()]["notes"]}
    assert texts == {mine: ("oma lappu", False), gone: ("oma poistettu", True)}
    assert boards[team.board()]["dots"] == [{"note": others, "dots": 3}]
    assert inside in {note["id"] for note in boards[group["board"]]["notes"]}
    assert found["deletions"] == []  # the server deleted that one, for nobody
    assert "toisen salaisuus" not in str(found)
    assert other.id not in str(found)


async def test_who_has_nothing_gets_what_is_known_of_them(app: App) -> None:
    team = await app.team(1)
    found = await held(team, team.people[0], team.people[0].id)
    assert (found["boards"], found["groups"]) == ([], [])
    shape = description()["components"]["schemas"]["PersonData"]
    assert set(shape["required"]) == found.keys()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_is_not_in_it_is_explained(app: App, language: str) -> None:
    team = await app.team(1)
    me = team.people[0]
    found = await held(team, me, me.id, **{"Accept-Language": language})
    assert found["apart"]["surveys"] == t(language, "held.surveys")


async def test_a_large_workshop_is_read_elsewhere_and_is_whole(app: App) -> None:
    team = await app.team(1)
    me = team.people[0]
    for part in range(3):
        await written(app, team.board(), me.id, f"{part} " + "sana" * 20_000)
    notes = (await held(team, me, me.id))["boards"][0]["notes"]
    assert sorted(note["text"][:2] for note in notes) == ["0 ", "1 ", "2 "]


async def test_only_they_and_facilitators_may_ask(app: App) -> None:
    team = await app.team(2)
    me, other = team.people
    path = f"/api/workshops/{team.id}/people/{me.id}/data"
    assert (await held(team, team.facilitator, me.id))["person"]["id"] == me.id
    assert (await other.http.get(path)).status_code == 403
    assert (await app.client().get(path)).status_code == 401
    stranger = (await app.team(1)).facilitator
    assert (await stranger.http.get(path)).status_code == 401


async def test_of_somebody_who_was_removed_nothing_is_told(app: App) -> None:
    team = await app.team(1)
    gone = team.people[0]
    path = f"/api/workshops/{team.id}/people/{gone.id}"
    assert (await team.facilitator.http.delete(path)).status_code == 204
    answer = await team.facilitator.http.get(f"{path}/data")
    assert (answer.status_code, answer.json()["code"]) == (404, "person-gone")
