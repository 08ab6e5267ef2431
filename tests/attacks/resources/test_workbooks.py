"""Workbooks that are made to be slow, or to break what reads them: by anybody, without a code."""

import json
from importlib.resources import files

import pytest

from tests.support.app import App
from tests.support.pauses import watched

VALOA = files("boards.workbook").joinpath("data", "valoa.toml").read_text("utf-8")
JSON = {"Content-Type": "application/json"}
LONGEST = 0.25  # seconds for which others may wait

HOSTILE = {
    "one long dotted key": ".".join("a" * 40_000) + "=1",
    "one long quoted key": ".".join(['"a"'] * 20_000) + "=1",
    "one long table": "[" + ".".join("a" * 40_000) + "]",
    "a number of many digits": "\n\nx=" + "1" * 5_000,
    "a number with many marks": "x=" + "1_" * 20_000 + "1",
    "lists inside each other": "x=" + "[" * 20_000 + "]" * 20_000,
    "tables inside each other": "x=" + "{a=" * 5_000 + "1" + "}" * 5_000,
    "very many lists": "[[t]]\n" * 30_000,
    "a date that is none": "x=" + "1979-" * 40_000,
}


@pytest.mark.parametrize("toml", HOSTILE.values(), ids=HOSTILE.keys())
async def test_a_hostile_workbook_is_refused_with_a_place_and_holds_up_nobody(
    app: App, toml: str
) -> None:
    body = json.dumps({"workbook_toml": toml})
    with watched() as pauses:
        answer = await app.http.post("/api/workshops", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "workbook-invalid")
    assert answer.json()["place"]
    assert pauses.longest < LONGEST


async def test_a_number_that_is_too_long_is_told_with_its_line(app: App) -> None:
    toml = HOSTILE["a number of many digits"]
    answer = await app.http.post("/api/workshops", json={"workbook_toml": toml})
    assert answer.json()["place"] == "3:1"


async def test_another_workshops_workbook_opens_nothing(app: App) -> None:
    team = await app.team(workbook_toml=VALOA)
    answer = await app.http.post("/api/workshops", json={"workbook": f"own/{team.id}"})
    assert (answer.status_code, answer.json()["field"]) == (400, "workbook")
