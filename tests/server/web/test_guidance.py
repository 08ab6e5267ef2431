"""Guidance, own workbooks and the next round over HTTP."""

import re
from pathlib import Path
from typing import Any

import pytest

import boards
from boards.workbook.rules import EXPECTED
from server.i18n import LANGUAGES, catalogue, t
from tests.support.app import App, Json, Team, running_app

VALOA = (Path(boards.__file__).parent / "workbook" / "data" / "valoa.toml").read_text("utf-8")
OWN = VALOA.replace('title.fi = "Ilmiöhahmotus"', 'title.fi = "Havaintokartta"').replace(
    'id = "challenges"', 'id = "worries"'
)


async def guide(team: Team, guidance: Any, who: Any = None) -> Any:
    http = (who or team.facilitator).http
    return await http.patch(f"/api/workshops/{team.id}", json={"guidance": guidance})


async def workbook(team: Team) -> Json:
    found: Json = (await team.facilitator.http.get(f"/api/workshops/{team.id}/workbook")).json()
    return found


async def test_guidance_is_laid_over_the_workbook(app: App) -> None:
    team = await app.team(1)
    told = {
        "stages": [{"id": "experiment", "title": "Iltapäivä"}, {"id": "assess", "hidden": True}],
        "boards": {"phenomena": {"minutes": [10, 15], "prompts": {"challenges": {"fi": "Mikä?"}}}},
    }
    answer = await guide(team, told)
    assert answer.status_code == 200
    assert answer.json()["guidance"]["stages"][0]["title"]["sv"] == "Iltapäivä"
    found = await workbook(team)
    assert [stage["id"] for stage in found["stages"]] == ["experiment", "assess", "pause"]
    assert found["stages"][1]["hidden"]
    [phenomena] = [board for board in found["boards"] if board["key"] == "phenomena"]
    assert phenomena["minutes"] == [10, 15]
    assert phenomena["zones"][0]["prompt"]["fi"] == "Mikä?"
    text = await team.facilitator.http.get(f"/api/boards/{team.board()}/export.md?language=fi")
    assert "Mikä?" in text.text
    assert (await guide(team, None)).json()["guidance"] == {}
    assert [stage["id"] for stage in (await workbook(team))["stages"]][0] == "pause"


async def test_boards_get_names_principles_and_an_order(app: App) -> None:
    team = await app.team(1)
    told = {
        "stages": [{"id": "pause", "boards": ["change"]}],
        "boards": {"change": {"title": "Kartta", "principles": "Yksi\nKaksi"}},
    }
    assert (await guide(team, told)).status_code == 200
    found = await workbook(team)
    pause = next(stage for stage in found["stages"] if stage["id"] == "pause")
    assert pause["boards"][0] == "change"
    assert set(pause["boards"]) > {"change", "phenomena"}
    change = next(board for board in found["boards"] if board["key"] == "change")
    assert change["title"]["sv"] == "Kartta"
    assert [text["en"] for text in change["principles"]] == ["Yksi", "Kaksi"]
    text = await team.facilitator.http.get(f"/api/boards/{team.board('change')}/export.md")
    assert "**Kartta**" in text.text
    await guide(team, {"boards": {"change": {"principles": ""}}})
    change = next(board for board in (await workbook(team))["boards"] if board["key"] == "change")
    assert change["principles"] == []


async def test_only_a_facilitator_guides(app: App) -> None:
    team = await app.team(1)
    assert (await guide(team, {}, team.people[0])).status_code == 403


@pytest.mark.parametrize(
    ("guidance", "field"),
    [
        ([], "guidance"),
        ({"phases": []}, "guidance.phases"),
        ({"stages": {}}, "guidance.stages"),
        ({"stages": [{"id": "x"}]}, "guidance.stages[0].id"),
        ({"stages": [{"id": "pause"}, {"id": "pause"}]}, "guidance.stages[1].id"),
        ({"stages": [{"id": "pause", "hidden": 1}]}, "guidance.stages[0].hidden"),
        ({"stages": [{"id": "pause", "title": ""}]}, "guidance.stages[0].title"),
        ({"stages": [{"id": "pause", "title": {"de": "x"}}]}, "guidance.stages[0].title.de"),
        ({"stages": [{"id": "pause", "minutes": [9, 3]}]}, "guidance.stages[0].minutes"),
        ({"stages": [{"id": "pause", "minutes": 9}]}, "guidance.stages[0].minutes"),
        ({"stages": [{"id": "pause", "boards": ["plan"]}]}, "guidance.stages[0].boards[0]"),
        ({"stages": [{"id": "pause", "boards": ["change"] * 2}]}, "guidance.stages[0].boards"),
        ({"boards": {"x": {}}}, "guidance.boards.x"),
        ({"boards": {"change": {"title": " "}}}, "guidance.boards.change.title"),
        ({"boards": {"change": {"principles": ["x"]}}}, "guidance.boards.change.principles"),
        (
            {"boards": {"change": {"principles": {"sv": "x" * 2001}}}},
            "guidance.boards.change.principles.sv",
        ),
        ({"boards": {"change": {"prompts": {"x": "y"}}}}, "guidance.boards.change.prompts.x"),
        ({"boards": {"change": []}}, "guidance.boards.change"),
    ],
)
async def test_a_wrong_field_is_named_and_nothing_is_changed(
    app: App, guidance: Any, field: str
) -> None:
    team = await app.team()
    answer = await guide(team, guidance)
    assert (answer.status_code, answer.json()["field"]) == (400, field)
    assert (await team.desk())["guidance"] == {}


async def test_a_workbook_of_ones_own_is_used_everywhere(tmp_path: Path) -> None:
    async with running_app(tmp_path / "data") as app:
        team = await app.team(2, workbook_toml=OWN)
        desk = await team.desk()
        assert desk["workbook"] == f"own/{team.id}"
        await app.write(team.board(), "huoli", "worries")
        breakout = await team.split(2)
        await app.write(breakout["groups"][0]["board"], "ryhmän huoli", "worries")
        assert len((await team.merge(breakout))["added"]) == 1
        http = team.facilitator.http
        text = (await http.get(f"/api/boards/{team.board()}/export.md?language=fi")).text
        assert "Havaintokartta" in text
        assert (await http.patch(f"/api/workshops/{team.id}", json={"stage": "assess"})).is_success
        token, board = team.facilitator.token, team.board()
    async with running_app(tmp_path / "data") as app:  # nothing is in memory any more
        http = app.by(token)
        assert "Havaintokartta" in (await http.get(f"/api/workshops/{team.id}/workbook")).text
        notes = (await http.get(f"/api/boards/{board}")).json()["notes"]
        assert {note["zone"] for note in notes} == {"worries"}
        assert (await http.delete(f"/api/workshops/{team.id}")).status_code == 204
        assert await app.service.store.get("workbook", team.id) is None


@pytest.mark.parametrize(
    ("toml", "place"),
    [
        ("id = ", "1:1"),
        (VALOA.replace('kind = "plan"', 'kind = "dream"'), "boards[6].kind"),
        (VALOA.replace('id = "valoa"', 'id = "Valoa!"'), "id"),
    ],
)
async def test_a_broken_workbook_is_refused_at_its_place(app: App, toml: str, place: str) -> None:
    answer = await app.http.post("/api/workshops", json={"workbook_toml": toml})
    assert (answer.status_code, answer.json()["code"]) == (400, "workbook-invalid")
    assert (answer.json()["file"], answer.json()["place"]) == ("workbook.toml", place)
    assert place in answer.json()["detail"]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fi", "Tiedosto oma.toml, kohta version: tässä pitää olla kokonaisluku 1–10"),
        ("sv", "Filen oma.toml, stället version: här ska stå ett heltal 1–10"),
        ("en", "File oma.toml, at version: expected a whole number from 1 to 10,000"),
    ],
)
async def test_a_broken_workbook_is_told_in_the_readers_language(
    app: App, language: str, told: str
) -> None:
    body = {"workbook_toml": re.sub(r"(?m)^version = .*$", "", VALOA), "workbook_file": "oma.toml"}
    headers = {"Accept-Language": language}
    problem = (await app.http.post("/api/workshops", json=body, headers=headers)).json()
    assert problem["detail"].startswith(told)
    assert (problem["file"], problem["place"]) == ("oma.toml", "version")
    assert problem["expected"] == "expected a whole number from 1 to 10000, got nothing"
    assert t(language, "workbook.nothing") in problem["detail"]


def test_every_rule_of_a_workbook_has_words() -> None:
    for language in LANGUAGES:
        for rule, words in EXPECTED.items():
            told = catalogue(language)[f"workbook.expected.{rule}"]
            names = re.compile(r"\{(\w+)\}")
            assert set(names.findall(told)) == set(names.findall(words))
            assert language != "en" or told == f"expected {words}"


async def test_a_workbook_has_a_size_and_is_a_text(app: App) -> None:
    answer = await app.http.post("/api/workshops", json={"workbook_toml": "#" * 300_000})
    assert answer.json()["code"] == "too-large"
    answer = await app.http.post("/api/workshops", json={"workbook_toml": 5})
    assert answer.json()["field"] == "workbook_toml"


async def begun(team: Team, **body: Any) -> Json:
    answer = await team.facilitator.http.post(f"/api/workshops/{team.id}/next", json=body)
    made: Json = answer.raise_for_status().json()
    return made


@pytest.mark.parametrize("toml", [None, OWN])
async def test_the_next_round_begins_where_this_one_arrived(app: App, toml: str | None) -> None:
    team = await app.team(1, title="Kevät", **({"workbook_toml": toml} if toml else {}))
    change = team.board("change")
    kept = await app.write(change, "Pilvi", "tools/to")
    await app.write(change, "Mappi", "tools/from")
    await guide(team, {"boards": {"change": {"minutes": [1, 2]}}})
    made = await begun(team, title="Syksy")
    http = app.by(made["token"])
    ids = {board["key"]: board["id"] for board in made["boards"]}
    notes = (await http.get(f"/api/boards/{ids['change']}")).json()["notes"]
    told = [(note["id"], note["zone"], note["text"], note["carried"]) for note in notes]
    assert told == [(kept, "tools/from", "Pilvi", True)]
    desk = (await http.get(f"/api/workshops/{made['id']}")).json()
    assert (desk["title"], desk["previous"]) == ("Syksy", {"workshop": team.id, "title": "Kevät"})
    assert desk["guidance"]["boards"]["change"]["minutes"] == [1, 2]
    assert [note["text"] for note in notes] != await team.texts(change)
    await team.facilitator.http.delete(f"/api/workshops/{team.id}")
    previous = (await http.get(f"/api/workshops/{made['id']}/previous/change")).json()
    assert previous["title"] == "Kevät"
    assert sorted(note["text"] for note in previous["board"]["notes"]) == ["Mappi", "Pilvi"]
    if toml:
        assert "Havaintokartta" in (await http.get(f"/api/workshops/{made['id']}/workbook")).text


async def test_only_a_facilitator_begins_the_next_round(app: App) -> None:
    team = await app.team(1)
    answer = await team.people[0].http.post(f"/api/workshops/{team.id}/next", json={})
    assert answer.status_code == 403


async def test_a_first_round_has_none_before(app: App) -> None:
    team = await app.team(1)
    address = f"/api/workshops/{team.id}/previous/change"
    answer = await team.people[0].http.get(address)
    assert (answer.status_code, answer.json()["code"]) == (404, "previous-gone")
    made = await begun(team)
    stranger = await team.people[0].http.get(f"/api/workshops/{made['id']}/previous/change")
    assert stranger.status_code == 401


async def test_changes_of_guidance_undo_nothing_of_each_other(app: App) -> None:
    team = await app.team()

    async def change(told: Any) -> Json:
        answer = await team.facilitator.http.patch(
            f"/api/workshops/{team.id}", json={"guidance_change": told}
        )
        found: Json = answer.raise_for_status().json()["guidance"]
        return found

    def prompt(zone: str, **words: str) -> Json:
        return {"boards": {"phenomena": {"prompts": {zone: words}}}}

    await change(prompt("challenges", fi="Mikä hiertää?"))
    await change(prompt("challenges", sv="Vad skaver?"))
    await change({"boards": {"phenomena": {"minutes": [5, 10]}, "change": {"hidden": True}}})
    found = await change({"stages": [{"id": "assess", "title": {"fi": "Iltapäivä"}}]})
    assert found["boards"] == {
        "phenomena": {
            "prompts": {"challenges": {"fi": "Mikä hiertää?", "sv": "Vad skaver?"}},
            "minutes": [5, 10],
        },
        "change": {"hidden": True},
    }
    assert found["stages"][[s["id"] for s in found["stages"]].index("assess")]["title"] == {
        "fi": "Iltapäivä"
    }
    before = [stage["id"] for stage in (await workbook(team))["stages"]]
    for _ in range(2):  # two quick presses are two places
        await change({"move": {"stage": before[0], "by": 1}})
    stages = (await workbook(team))["stages"]
    assert [stage["id"] for stage in stages] == [*before[1:3], before[0], *before[3:]]
    boards = next(stage["boards"] for stage in stages if len(stage["boards"]) > 1)
    await change({"move": {"board": boards[1], "by": -1}})
    after = (await workbook(team))["stages"]
    assert [boards[1], boards[0], *boards[2:]] in [stage["boards"] for stage in after]
    assert (await workbook(team))["boards"] != []
    assert await change({}) == (await team.desk())["guidance"]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"order": []}, "guidance_change.order"),
        ({"move": {"stage": "none", "by": 1}}, "guidance_change.move.stage"),
        ({"move": {"board": "phenomena", "by": "1"}}, "guidance_change.move.by"),
        ({"boards": {"phenomena": {"prompts": {"none": "?"}}}}, "guidance.boards"),
    ],
)
async def test_a_change_of_guidance_that_does_not_fit_changes_nothing(
    app: App, told: Any, field: str
) -> None:
    team = await app.team()
    http = team.facilitator.http
    answer = await http.patch(f"/api/workshops/{team.id}", json={"guidance_change": told})
    assert answer.status_code == 400
    assert answer.json()["field"].startswith(field)
    assert (await team.desk())["guidance"] == {}


async def test_a_workbook_made_ones_own_is_a_file_that_the_next_begins_with(app: App) -> None:
    team = await app.team(1, title="Kevät", language="fi")
    change = {"boards": {"phenomena": {"title": "Ilmiöt", "prompts": {"challenges": "Mikä?"}}}}
    path = f"/api/workshops/{team.id}"
    await team.facilitator.http.patch(path, json={"guidance": change})
    answer = await team.people[0].http.get(f"{path}/workbook.toml")
    assert answer.headers["content-type"] == "application/toml"
    assert answer.headers["content-disposition"] == 'attachment; filename="kevat.toml"'
    following = await app.team(workbook_toml=answer.text)
    there = (await following.facilitator.http.get(f"/api/workshops/{following.id}/workbook")).json()
    assert there == (await team.facilitator.http.get(f"{path}/workbook")).json()
    assert there["boards"][0]["title"]["fi"] == "Ilmiöt"
    assert (await app.http.get(f"{path}/workbook.toml")).status_code == 401
