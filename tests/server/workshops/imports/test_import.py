"""POST /api/workshops/import over HTTP: a workshop from its export, whole or not at all."""

from __future__ import annotations

import asyncio
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from boards.edits import (
    add_experiment,
    add_link,
    add_theme,
    put_check,
    set_experiment,
    set_theme,
    vote,
)
from boards.workbook.installed import load
from server.workshops.imports.imports import IMPORT_BYTES
from tests.server.workshops.imports.same import differences
from tests.support.app import App, Json, Team, running_app
from tests.support.pauses import watched
from tests.support.workshops.surveys import answered, closed, opened

HEADERS = {"Content-Type": "application/json"}
PATH = "/api/workshops/import"
VALOA = files("boards.workbook").joinpath("data", "valoa.toml").read_text("utf-8")
FIELDS = load("valoa").board("experiments").text_fields
LONGEST = 0.25  # seconds for which others may wait


async def export(team: Team) -> bytes:
    answer = await team.facilitator.http.get(f"/api/workshops/{team.id}/export.json")
    return answer.raise_for_status().content


async def taken_in(app: App, body: bytes, path: str = PATH, **headers: str) -> Any:
    answer = await app.http.post(path, content=body, headers={**HEADERS, **headers})
    app.http.cookies.clear()
    return answer


async def imported(app: App, body: bytes, path: str = PATH) -> Json:
    answer = await taken_in(app, body, path)
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    return made


async def exported(app: App, made: Json) -> Any:
    http = app.by(made["token"])
    return (await http.get(f"/api/workshops/{made['id']}/export.json")).json()


async def workshop(app: App) -> Team:
    """One with something of everything, that was worked on as people do."""
    team = await opened(app)
    await answered(team, team.people)
    await closed(team)
    shared, plan = team.board(), team.board("experiments")
    note = await app.write(shared, "Jonot kasvavat → =SUM(A1)")
    breakout = await team.split([{"name": "Koivu", "people": [team.people[0].id]}])
    of_group = await app.write(breakout["groups"][0]["board"], "Ryhmän lappu")
    await team.merge(breakout)
    async with app.service.rooms.hold(shared) as room:
        theme = room.edit(lambda d: add_theme(d, name="Tiedonkulku", zone="challenges"))
        room.edit(lambda d: set_theme(d, note, theme))
        room.edit(lambda d: vote(d, of_group, team.people[1].id, 3))
        await app.service.rooms.committer.commit(room.workshop)
    change = team.board("change")
    to = await app.write(change, "Pilvi", "tools/to")
    async with app.service.rooms.hold(change) as room:
        end = f"{shared}#{of_group}"
        room.edit(lambda d: add_link(d, source=to, target=end, kind="relates"))
        await app.service.rooms.committer.commit(room.workshop)
    async with app.service.rooms.hold(plan) as room:
        one = room.edit(lambda d: add_experiment(d, texts=FIELDS, at=5))
        room.edit(lambda d: set_experiment(d, one, FIELDS[0], "Kokeillaan"))
        room.edit(lambda d: set_experiment(d, one, "start", "2026-05-11"))
        room.edit(lambda d: put_check(d, one, "2026-05-18"))
        await app.service.rooms.committer.commit(room.workshop)
    changes = {
        "title": "Kevät: näkymä",
        "stage": "assess",
        "locks": {shared: True},
        "votes": {shared: {"dots": 5, "hidden": True}},
        "guidance": {"boards": {"phenomena": {"title": "Ilmiöt", "hidden": True}}},
    }
    answer = await team.facilitator.http.patch(f"/api/workshops/{team.id}", json=changes)
    answer.raise_for_status()
    return team


async def test_a_workshop_goes_out_and_comes_in_as_it_was(app: App) -> None:
    body = await export(await workshop(app))
    made = await imported(app, body)
    again = await exported(app, made)
    assert differences(json.loads(body), again) == []
    notes = again["boards"][0]["notes"]
    [group] = again["breakouts"][0]["groups"]
    assert [note["group"] for note in notes if note["text"] == "Ryhmän lappu"] == [group["id"]]
    assert made["left_out"] == ["people", "authors", "answers", "history", "settings", "groups"]


async def test_it_is_a_workshop_as_any_other(app: App) -> None:
    made = await imported(app, await export(await workshop(app)), f"{PATH}?name=Tammi")
    http = app.by(made["token"])
    desk = (await http.get(f"/api/workshops/{made['id']}")).json()
    assert [person["name"] for person in desk["people"]] == ["Tammi"]
    assert [breakout["state"] for breakout in desk["breakouts"]] == ["closed"]
    results = (await http.get(f"/api/workshops/{made['id']}/results")).json()
    assert [(r["round"], r["answers"], r["asked"], r["state"]) for r in results] == [
        (1, 6, 7, "closed")
    ]
    join = await app.http.post("/api/join", json={"code": made["join_code"], "name": "Koivu"})
    assert join.status_code == 201
    board = made["boards"][0]["id"]
    await app.write(board, "uusi")
    body = {"board": board, "groups": 2}
    assert (await http.post(f"/api/workshops/{made['id']}/breakouts", json=body)).status_code == 201
    await http.delete(f"/api/workshops/{made['id']}")
    assert (await http.get(f"/api/workshops/{made['id']}")).status_code == 404


async def test_a_next_round_keeps_what_it_went_on_from(app: App) -> None:
    team = await app.team()
    await app.write(team.board("change"), "Pilvi", "tools/to")
    path = f"/api/workshops/{team.id}/next"
    made = (await team.facilitator.http.post(path, json={})).json()
    data = await exported(app, made)
    [note] = data["previous"]["board"]["notes"]
    [carried] = data["boards"][2]["notes"]
    assert (note["id"], carried["carried"]) == (carried["id"], True)
    twin = await imported(app, json.dumps(data).encode())
    assert differences(data, await exported(app, twin)) == []
    http = app.by(twin["token"])
    earlier = (await http.get(f"/api/workshops/{twin['id']}/previous/change")).json()
    assert earlier["board"]["notes"][0]["text"] == "Pilvi"


async def test_a_workbook_of_ones_own_comes_along(app: App) -> None:
    own = VALOA.replace('id = "valoa"', 'id = "oma"').replace("Ilmiöhahmotus", "Oma hahmotus")
    team = await app.team(workbook_toml=own)
    await app.write(team.board(), "työ muuttuu")
    body = await export(team)
    assert json.loads(body)["workbook"] == {"id": "oma", "version": 1, "toml": own}
    made = await imported(app, body)
    assert differences(json.loads(body), await exported(app, made)) == []
    desk = (await app.by(made["token"]).get(f"/api/workshops/{made['id']}")).json()
    assert desk["workbook"] == f"own/{made['id']}"


async def test_a_workbook_that_is_wrong_is_told_as_when_one_opens_with_it(app: App) -> None:
    data = json.loads(await export(await app.team(workbook_toml=VALOA)))
    data["workbook"]["toml"] = VALOA.replace('kind = "grid"', 'kind = "kanban"')
    answer = await taken_in(app, json.dumps(data).encode())
    assert (answer.status_code, answer.json()["code"]) == (400, "workbook-invalid")
    assert answer.json()["place"] == "boards[2].kind"


async def test_what_does_not_fit_is_told_and_nothing_is_made(app: App) -> None:
    team = await app.team()
    await app.write(team.board(), "työ muuttuu")
    data = json.loads(await export(team))
    data["boards"][0]["notes"][0]["color"] = "black"
    before = await app.service.store.find("workshop", "")
    body = json.dumps(data).encode()
    for language, words in (("fi", "Kohdassa"), ("sv", "Vid"), ("en", "At")):
        answer = await taken_in(app, body, **{"Accept-Language": language})
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (400, "import-invalid")
        assert problem["place"] == "/boards/0/notes/0/color"
        assert f"{words} /boards/0/notes/0/color" in problem["detail"]
        assert "'black'" in problem["detail"]
        assert "{" not in problem["detail"]
    assert await app.service.store.find("workshop", "") == before


async def test_what_is_no_export_is_told_so(app: App) -> None:
    answer = await taken_in(app, b"kissa", **{"Accept-Language": "en"})
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["place"]) == (400, "import-invalid", "")
    assert "At the whole file: expected JSON" in problem["detail"]
    data = json.loads(await export(await app.team()))
    older = await taken_in(app, json.dumps({**data, "version": 1}).encode())
    assert (older.status_code, older.json()["code"]) == (400, "import-version")
    one = await taken_in(app, json.dumps(data["boards"][0]).encode())
    assert (one.json()["code"], one.json()["place"]) == ("import-invalid", "/schema")


async def test_only_who_may_open_workshops_brings_one_in(tmp_path: Path) -> None:
    async with running_app(tmp_path, create_key="avain", workshops_per_hour=1) as app:
        body = json.dumps({"schema": "hahmo/workshop"}).encode()
        refused = await taken_in(app, body)
        assert (refused.status_code, refused.json()["code"]) == (401, "create-key")
        right = {"Authorization": "Bearer avain"}
        assert (await taken_in(app, body, **right)).json()["code"] == "import-version"
        assert (await taken_in(app, body, **right)).json()["code"] == "too-many-tries"


async def test_what_is_too_large_is_refused_unread(app: App) -> None:
    answer = await taken_in(app, b" " * (IMPORT_BYTES + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


async def test_the_same_command_is_carried_out_once(app: App) -> None:
    body = await export(await app.team())
    key = {"Idempotency-Key": "sama-avain-kahdesti-1"}
    first, second = [await taken_in(app, body, **key) for _ in range(2)]
    assert first.json() == second.json()


async def test_more_than_can_wait_are_told_to_come_back(app: App) -> None:
    answers = await asyncio.gather(*(taken_in(app, b"{}") for _ in range(4)))
    codes = sorted((answer.status_code, answer.json()["code"]) for answer in answers)
    assert codes == [(400, "import-invalid")] * 2 + [(503, "import-failed")] * 2


@pytest.mark.parametrize(
    "hostile",
    [b"[" * 2_000_000, b'{"a":' * 300_000, b"[" + b"1," * 3_000_000 + b"1]"],
    ids=["lists inside each other", "objects inside each other", "a long list"],
)
async def test_hostile_files_hold_up_nobody(app: App, hostile: bytes) -> None:
    with watched() as pauses:
        answer = await taken_in(app, hostile)
    assert (answer.status_code, answer.json()["code"]) == (400, "import-invalid")
    assert re.fullmatch(r"[/\w]*", answer.json()["place"])
    assert pauses.longest < LONGEST
