"""POST /api/boards/{board}/import: notes to a board, by who leads, shown first or written."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from server.exports.formats.csv import write_csv
from server.workshops.imports.bringing import NOTES_BYTES
from tests.server.exports.samples import phenomena
from tests.support.app import App, Json, Person, Team
from tests.support.pauses import watched

LONGEST = 0.25  # seconds for which others may wait


async def bring(team: Team, who: Person | None = None, key: str = "phenomena", **body: Any) -> Any:
    http = (who or team.facilitator).http
    return await http.post(f"/api/boards/{team.board(key)}/import", json=body)


async def test_a_preview_writes_nothing_and_then_all_comes_at_once(app: App) -> None:
    team = await app.team()
    body: Json = {"text": "Jonot\n\nKiire", "zone": "challenges", "color": "green"}
    shown = (await bring(team, **body, preview=True)).raise_for_status().json()
    assert [(n["row"], n["text"], n["id"]) for n in shown["notes"]] == [
        (1, "Jonot", None),
        (3, "Kiire", None),
    ]
    assert shown["complaints"] == [{"row": 2, "column": 1, "code": "empty", "got": ""}]
    assert await team.texts(team.board()) == []
    async with app.service.rooms.hold(team.board()) as room:
        before = room.seq
        done = (await bring(team, **body)).raise_for_status().json()
        assert room.seq == before + 1  # one update, which is one step on everybody's screen
    board = (await team.facilitator.http.get(f"/api/boards/{team.board()}")).json()
    assert [(n["id"], n["text"], n["color"]) for n in board["notes"]] == [
        (n["id"], n["text"], "green") for n in done["notes"]
    ]
    assert {note["author"] for note in board["notes"]} == {None}


async def test_a_row_that_is_wrong_refuses_all_unless_it_is_left_out(app: App) -> None:
    team = await app.team()
    body: Json = {"text": "note;zone\nJonot;challenges\nKiire;muualla"}
    refused = await bring(team, **body)
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (400, "notes-incomplete")
    assert (problem["row"], problem["column"], problem["why"]) == (3, 2, "zone-unknown")
    assert "{" not in problem["detail"]
    assert await team.texts(team.board()) == []
    assert (await bring(team, **body, skip=True)).status_code == 200
    assert await team.texts(team.board()) == ["Jonot"]


async def test_a_file_comes_as_base64(app: App) -> None:
    team = await app.team()
    file = write_csv(phenomena("fi", ["Jonot", "=1+1"]))
    body: Json = {"file": base64.b64encode(file).decode()}
    found = (await bring(team, **body, preview=True)).raise_for_status().json()
    assert [note["text"] for note in found["notes"]] == ["Jonot", "=1+1"]
    assert (await bring(team, **body)).status_code == 200
    assert await team.texts(team.board()) == ["=1+1", "Jonot"]


async def test_only_who_leads_brings_notes(app: App) -> None:
    team = await app.team(1)
    body: Json = {"text": "Jonot", "zone": "challenges"}
    for preview in (True, False):
        refused = await bring(team, team.people[0], **body, preview=preview)
        assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed")
    path = f"/api/boards/{team.board()}/import"
    assert (await app.http.post(path, json=body)).status_code == 401
    assert await team.texts(team.board()) == []


WRONG = [
    ({"text": "a", "zone": "muualla"}, "field-invalid"),
    ({"text": "a", "color": "black"}, "field-invalid"),
    ({"zone": "challenges"}, "field-invalid"),
    ({"text": "a", "file": "YQ=="}, "field-invalid"),
    ({"file": "%%%"}, "field-invalid"),
    ({"file": base64.b64encode(b"PK\x03\x04").decode()}, "notes-unreadable"),
    ({"text": "a", "zones": "challenges"}, "field-invalid"),
]


@pytest.mark.parametrize(("body", "code"), WRONG)
async def test_what_makes_no_sense_is_refused(app: App, body: Any, code: str) -> None:
    answer = await bring(await app.team(), **body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_a_board_without_zones_takes_none(app: App) -> None:
    answer = await bring(await app.team(), key="phenomena_summary", text="a")
    assert (answer.status_code, answer.json()["field"]) == (400, "board")


async def test_five_hundred_notes_hold_up_nobody(app: App) -> None:
    team = await app.team()
    text = "\n".join(f"Lappu {n} " + "x" * 60 for n in range(500))
    with watched() as pauses:
        answer = await bring(team, text=text, zone="challenges")
    assert len(answer.json()["notes"]) == 500
    assert pauses.longest < LONGEST
    large: Json = {"text": "x" * NOTES_BYTES, "zone": "challenges"}
    assert (await bring(team, **large)).json()["code"] == "too-large"
