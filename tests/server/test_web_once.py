"""A command with an Idempotency-Key is carried out once, however often it comes."""

import asyncio
from typing import Any

import httpx
import pytest
from starlette.responses import Response

from server.errors import KeyReused
from server.web.once import KEEP_SECONDS, MOST_BYTES, MOST_KEYS, Once, once
from server.web.openapi import description
from server.web.routes import STATIC, routes
from tests.server.test_web_assessment import FORM, statements
from tests.support.app import App, Team

KEY = {"Idempotency-Key": "a23456789012345678901234"}


def test_every_command_that_is_done_once_says_so() -> None:
    parameter = {"$ref": "#/components/parameters/once"}
    described = {
        path
        for path, operations in description()["paths"].items()
        for operation in operations.values()
        if parameter in operation.get("parameters", [])
    }
    served = {
        str(getattr(route, "path", ""))
        for route in routes(STATIC)
        if hasattr(getattr(route, "endpoint", None), "__wrapped__")
    }
    assert described == served
    assert {"/api/join", "/api/workshops", "/api/breakouts/{breakout}/merge"} <= served


async def test_a_lost_answer_to_join_makes_no_second_person(app: App) -> None:
    team = await app.team()
    body = {"code": team.made["join_code"], "name": "Koivu"}
    answers = [await app.client(headers=KEY).post("/api/join", json=body) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert len({answer.headers["set-cookie"] for answer in answers}) == 1
    assert all("content-security-policy" in answer.headers for answer in answers)
    assert [p["name"] for p in (await team.desk())["people"]].count("Koivu") == 1


async def test_tries_at_the_same_time_are_one(app: App) -> None:
    team = await app.team()
    body = {"code": team.made["join_code"], "name": "Koivu"}
    tries = [app.client(headers=KEY).post("/api/join", json=body) for _ in range(5)]
    answers = await asyncio.gather(*tries)
    assert len({answer.json()["person"] for answer in answers}) == 1


async def commands(team: Team) -> list[tuple[str, Any]]:
    """Every command that makes something, ready to be sent twice."""
    breakout = await team.split(2)
    await team.app.write(breakout["groups"][0]["board"], "lappu")
    workshop = f"/api/workshops/{team.id}"
    return [
        ("/api/workshops", {"title": "Toinen"}),
        (f"{workshop}/next", {}),
        (f"{workshop}/breakouts", {"board": team.board(), "groups": 2}),
        (f"{workshop}/rounds", {"form": FORM}),
        (f"/api/breakouts/{breakout['id']}/merge", {}),
    ]


async def test_whatever_is_made_is_made_once(app: App) -> None:
    team = await app.team(people=4)
    for number, (path, body) in enumerate(await commands(team)):
        headers = {"Idempotency-Key": f"{number:024}"}
        first, again = [
            await team.facilitator.http.post(path, json=body, headers=headers) for _ in range(2)
        ]
        assert first.is_success, (path, first.text)
        assert (again.status_code, again.text) == (first.status_code, first.text), path
    assert len((await team.desk())["breakouts"]) == 2


async def test_an_answer_to_a_survey_counts_once_and_its_second_try_is_well(app: App) -> None:
    team = await app.team(people=1)
    leader, path = team.facilitator.http, f"/api/workshops/{team.id}"
    (await leader.post(f"{path}/rounds", json={"form": FORM})).raise_for_status()
    person = team.people[0].http
    for _ in range(2):
        body = {"form": FORM, "ratings": dict.fromkeys(statements(), 3)}
        answer = await person.post(f"{path}/answers", json=body, headers=KEY)
        assert answer.status_code == 204, answer.text
    rounds = (await leader.get(f"{path}/results?form={FORM}")).json()
    assert rounds[-1]["answers"] == 1


async def test_a_key_belongs_to_one_command(app: App) -> None:
    team = await app.team()
    http = app.client(headers=KEY)
    for name, status in (("Koivu", 201), ("Haapa", 409)):
        body = {"code": team.made["join_code"], "name": name}
        assert (await http.post("/api/join", json=body)).status_code == status


async def test_what_was_refused_may_be_tried_again(app: App) -> None:
    team = await app.team()
    body = {"code": team.made["join_code"], "name": ""}
    http = app.client(headers=KEY)
    assert (await http.post("/api/join", json=body)).status_code == 400
    body["name"] = "Koivu"
    assert (await http.post("/api/join", json=body)).status_code == 201


@pytest.mark.parametrize("key", ["short", "a" * 201, "välilyönti ei käy avaimeen"])
async def test_a_key_that_others_may_guess_is_refused(app: App, key: str) -> None:
    headers = httpx.Headers({"Idempotency-Key": key}, encoding="utf-8")
    answer = await app.client().post("/api/workshops", json={}, headers=headers)
    assert answer.status_code == 400


async def test_keys_and_answers_are_bounded_in_time_and_number() -> None:
    now = 0.0
    kept = Once(lambda: now)
    made: list[bytes] = []

    async def make(body: bytes = b"") -> Response:
        made.append(body)
        return Response(body)

    async def do(number: int, body: bytes = b"") -> None:
        await kept.do(str(number).encode(), b"", lambda: make(body))

    for number in range(MOST_KEYS + 1):
        await do(number)
    await do(MOST_KEYS)
    assert len(made) == MOST_KEYS + 1
    await do(0)  # the oldest one made room
    assert len(made) == MOST_KEYS + 2
    now = KEEP_SECONDS + 1
    await do(MOST_KEYS)
    assert len(made) == MOST_KEYS + 3
    await do(-1, b"x" * (MOST_BYTES + 1))
    await do(-2)
    await do(-1)
    assert len(made) == MOST_KEYS + 6


async def test_a_try_that_failed_leaves_the_next_one_to_be_first() -> None:
    kept = Once()
    gate = asyncio.Event()

    async def fail() -> Response:
        await gate.wait()
        raise KeyReused("any error")

    async def work() -> Response:
        return Response(b"done")

    first = asyncio.create_task(kept.do(b"key", b"", fail))
    await asyncio.sleep(0)
    second = asyncio.create_task(kept.do(b"key", b"", work))
    await asyncio.sleep(0)
    gate.set()
    with pytest.raises(KeyReused):
        await first
    assert (await second).body == b"done"


def test_a_call_keeps_its_name() -> None:
    async def handler(_: object) -> Response:
        return Response()

    assert once(handler).__name__ == "handler"
