"""A command with an Idempotency-Key is carried out once, however often it comes."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response

from server.errors import KeyReused
from server.web.api.openapi import description
from server.web.kept import KEPT_HOURS, MOST_ANSWER_BYTES, MOST_PER_WORKSHOP, KeptAnswers
from server.web.once import KEEP_SECONDS, MOST_BYTES, MOST_KEYS, Once, once
from server.web.routes import STATIC, routes
from tests.support.app import App, Team, running_app
from tests.support.workshops.surveys import FORM, statements

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
        (f"{workshop}/rounds", {"form": FORM, "few": True}),
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
    await team.at_work()
    (await leader.post(f"{path}/rounds", json={"form": FORM, "few": True})).raise_for_status()
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
    kept = Once(clock=lambda: now)
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


@contextlib.asynccontextmanager
async def restarted(tmp_path: Path) -> AsyncIterator[Callable[[], Awaitable[App]]]:
    """Gives the application over one data folder, each time started anew."""
    async with contextlib.AsyncExitStack() as stack:
        running: list[contextlib.AsyncExitStack] = []

        async def start() -> App:
            for before in running:
                await before.aclose()
            running[:] = [contextlib.AsyncExitStack()]
            stack.push_async_exit(running[0])
            return await running[0].enter_async_context(running_app(tmp_path / "data"))

        yield start


async def test_a_restart_makes_no_second_one_of_whatever_is_made(tmp_path: Path) -> None:
    async with restarted(tmp_path) as start:
        app = await start()
        team = await app.team(people=4)
        token, join = team.facilitator.token, {"code": team.made["join_code"], "name": "Koivu"}
        joined = await app.client(headers=KEY).post("/api/join", json=join)
        sent = [
            (path, body, f"{number:024}")
            for number, (path, body) in enumerate(await commands(team))
        ]

        async def send(app: App) -> list[httpx.Response]:
            return [
                await app.by(token).post(path, json=body, headers={"Idempotency-Key": key})
                for path, body, key in sent
            ]

        first = await send(app)
        app = await start()
        again = await send(app)
        for (path, *_), one, other in zip(sent, first, again, strict=True):
            assert one.is_success, (path, one.text)
            assert (other.status_code, other.text) == (one.status_code, one.text), path
        joined_again = await app.client(headers=KEY).post("/api/join", json=join)
        assert joined_again.text == joined.text
        assert joined_again.headers["set-cookie"] == joined.headers["set-cookie"]
        desk = (await app.by(token).get(f"/api/workshops/{team.id}")).json()
        assert [person["name"] for person in desk["people"]].count("Koivu") == 1
        other = await app.client(headers=KEY).post("/api/join", json={**join, "name": "Haapa"})
        assert other.status_code == 409


async def test_what_is_kept_is_sealed_and_goes_with_its_workshop(tmp_path: Path) -> None:
    async with restarted(tmp_path) as start:
        app = await start()
        team = await app.team()
        body = {"code": team.made["join_code"], "name": "Koivu"}
        joined = (await app.client(headers=KEY).post("/api/join", json=body)).json()
        path = f"/api/workshops/{team.id}/rounds"
        begin = {"form": FORM, "few": True, "also": [joined["person"]]}
        (await team.facilitator.http.post(path, json=begin)).raise_for_status()
        answers = {"form": FORM, "ratings": dict.fromkeys(statements(), 3)}
        survey = {"Idempotency-Key": "survey" * 4}
        path = f"/api/workshops/{team.id}/answers"
        given = await app.by(joined["token"]).post(path, json=answers, headers=survey)
        assert given.status_code == 204
        [(name, value)] = await app.service.store.find("once", team.id)
        sealed = await app.service.store.blob("once", name)
        assert sealed is not None
        readable = sealed + repr((name, value)).encode()
        for secret in (KEY["Idempotency-Key"], joined["token"], joined["return_code"], "Koivu"):
            assert secret.encode() not in readable
        await team.facilitator.http.delete(f"/api/workshops/{team.id}")
        assert await app.service.store.find("once", team.id) == []
        assert await app.service.store.get("once", name) is None


async def test_what_is_kept_is_bounded_in_time_and_number(app: App) -> None:
    team = await app.team()
    now = 0
    kept = KeptAnswers(app.service.store, app.service.rooms, lambda: now)
    request = Request({"type": "http", "path_params": {"workshop": team.id}})

    async def keep(key: str) -> None:
        await kept.keep(key, b"command", request, Response(key))

    async def count() -> int:
        return len(await app.service.store.find("once", team.id))

    for number in range(MOST_PER_WORKSHOP + 2):
        await keep(str(number))
    assert await count() == MOST_PER_WORKSHOP
    assert await kept.find("1", b"command") is None
    found = await kept.find("2", b"command")
    assert found is not None
    assert found.body == b"2"
    await kept.keep("large", b"", request, Response(b"x" * MOST_ANSWER_BYTES))
    assert await kept.find("large", b"") is None
    now = KEPT_HOURS * 3_600_000 + 1
    assert await kept.find("2", b"command") is None
    await keep("new")
    assert await count() == 1
