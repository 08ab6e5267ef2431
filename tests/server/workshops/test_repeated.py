"""A workshop that was prepared as another one was, for the next team."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from boards import edits
from boards.document import Document
from tests.server.workshops.test_copies import board_in
from tests.server.workshops.test_snapshots import edit
from tests.support.app import App, Json, Team


async def repeat(team: Team, **body: Any) -> httpx.Response:
    return await team.facilitator.http.post(f"/api/workshops/{team.id}/copy", json=body)


async def prepared(app: App) -> Team:
    """Times, rights and notes of its facilitator are their own; somebody has written."""
    team = await app.team(2)
    board, http = team.board(), team.facilitator.http
    changes = {
        "guidance": {"boards": {"phenomena": {"minutes": [10, 15]}}},
        "rights": {"*": {"move": "own"}, board: {"most": 3}},
    }
    (await http.patch(f"/api/workshops/{team.id}", json=changes)).raise_for_status()
    note = {"board": board, "text": "Muista kahvi"}
    (await http.patch(f"/api/workshops/{team.id}/scripts", json=note)).raise_for_status()
    groups = [{"name": each.id, "people": [each.id]} for each in team.people]
    await team.split(groups)
    (one, _) = team.people

    def write(document: Document) -> None:
        note = edits.add_note(document, board, zone="challenges", text="jono", author=one.id, at=1)
        edits.vote(document, note, one.id, 2)

    await edit(app, board, write)
    return team


async def desk_of(app: App, made: Json) -> tuple[Json, httpx.AsyncClient]:
    http = app.by(made["token"])
    return (await http.get(f"/api/workshops/{made['id']}")).raise_for_status().json(), http


async def test_a_copy_is_prepared_as_its_model_and_empty(app: App) -> None:
    team = await prepared(app)
    before = await team.desk()
    answer = await repeat(team, title="Toinen tiimi", joining="closed")
    assert answer.status_code == 201, answer.text
    made = answer.json()
    desk, http = await desk_of(app, made)
    board = next(each["id"] for each in desk["boards"] if each["key"] == "phenomena")
    assert (desk["title"], desk["joining"], desk["previous"]) == ("Toinen tiimi", "closed", None)
    assert desk["guidance"] == before["guidance"] != {}
    assert (desk["rights"]["*"]["move"], desk["rights"][board]["most"]) == ("own", 3)
    assert set(desk["rights"]) == {"*", board}
    assert [each["role"] for each in desk["people"]] == ["facilitator"]
    assert desk["breakouts"] == []
    scripts = (await http.get(f"/api/workshops/{made['id']}/scripts")).json()["texts"]
    assert scripts == {board: "Muista kahvi"}
    assert (await board_in(app, made, "phenomena")).notes == ()
    assert await team.desk() == before


async def test_with_contents_what_was_written_comes_along_and_nobody_with_it(app: App) -> None:
    team = await prepared(app)
    made = (await repeat(team, contents=True)).json()
    [note] = (await board_in(app, made, "phenomena")).notes
    assert (note.text, note.author, note.votes, note.group) == ("jono", None, 0, None)
    desk, _ = await desk_of(app, made)
    assert desk["title"] == (await team.desk())["title"]
    assert len(desk["boards"]) == len([b for b in (await team.desk())["boards"] if not b["group"]])


@pytest.mark.parametrize(
    "body", [{"contents": "yes"}, {"joining": "never"}, {"title": 7}, {"people": True}]
)
async def test_what_cannot_be_meant_is_refused(app: App, body: Json) -> None:
    team = await app.team()
    assert (await repeat(team, **body)).status_code == 400


async def test_only_who_leads_copies_a_workshop(app: App) -> None:
    team, others = await app.team(1), await app.team()
    path = f"/api/workshops/{team.id}/copy"
    assert (await team.people[0].http.post(path, json={})).status_code == 403
    assert (await others.facilitator.http.post(path, json={})).status_code == 401
