"""Surveys over HTTP: the way of a round, and who may do what in it when."""

import asyncio
from pathlib import Path

import pytest

from server.web.api.openapi import description
from tests.support.app import App, Json, Person, running_app
from tests.support.workshops.surveys import (
    FORM,
    answer,
    answered,
    closed,
    code,
    opened,
    post,
    rounds,
    statements,
    words,
)


async def test_a_round_from_its_opening_to_its_results(app: App) -> None:
    team = await opened(app)
    assert (await team.desk())["assessment"] == {FORM: {"round": 1, "state": "open"}}
    await answered(team, [team.facilitator, *team.people])
    found = await closed(team)
    assert (found["state"], found["answers"], found["released"]) == ("closed", 7, True)
    assert found["statements"][0]["distribution"]["counts"] == [2, 2, 1, 1, 1]
    assert {item["id"] for item in found["statements"]} == set(statements())
    assert sorted(found["comments"]) == sorted(words(n) for n in range(7))
    assert (await team.desk())["assessment"] == {FORM: {"round": 1, "state": "closed"}}
    assert await rounds(team, team.people[0]) == [found]


async def test_rounds_are_told_apart_and_compared(app: App) -> None:
    team = await opened(app, 5)
    for rating in (2, 4):
        for person in team.people:
            assert (await answer(team, person, rating)).status_code == 204
        await closed(team)
        assert (await post(team, "rounds", form=FORM)).status_code == 201
    first, second, third = await rounds(team)
    means = [entry["statements"][0]["distribution"]["mean"] for entry in (first, second)]
    assert means == [2.0, 4.0]
    assert (third["round"], third["state"], third["answers"]) == (3, "open", 0)
    assert await rounds(team, round="2") == [second]
    missing = await team.facilitator.http.get(
        f"/api/workshops/{team.id}/results", params={"form": FORM, "round": "9"}
    )
    assert code(missing) == (400, "field-invalid")


async def test_forms_have_rounds_of_their_own(app: App) -> None:
    team = await opened(app, 5, form="employee")
    assert code(await answer(team, team.people[0])) == (409, "round-closed")
    assert await rounds(team) == []
    assert [entry["state"] for entry in await rounds(team, form="employee")] == ["open"]


async def test_a_restart_forgets_neither_answers_nor_who_gave_them(tmp_path: Path) -> None:
    async with running_app(tmp_path) as app:
        team = await opened(app, 5)
        await answered(team, team.people)
        token = team.people[0].token
    async with running_app(tmp_path) as app:
        http = app.by(token)
        body = {"form": FORM, "ratings": {statements()[0]: 1}}
        again = await http.post(f"/api/workshops/{team.id}/answers", json=body)
        assert code(again) == (409, "already-answered")
        found = await http.get(f"/api/workshops/{team.id}/results", params={"form": FORM})
        assert found.json()[0]["answers"] == 5
        leader = app.by(team.facilitator.token)
        ended = await leader.post(f"/api/workshops/{team.id}/rounds/close", json={"form": FORM})
        assert ended.json()["released"] is True


async def test_only_a_facilitator_opens_and_closes(app: App) -> None:
    team = await opened(app, 1)
    observer = await team.join("Haapa", "observer")
    for person in (team.people[0], observer):
        for path in ("rounds", "rounds/close"):
            assert code(await post(team, path, person, form=FORM)) == (403, "not-allowed")


async def test_observers_read_and_do_not_answer(app: App) -> None:
    team = await opened(app, 5)
    observer = await team.join("Haapa", "observer")
    assert code(await answer(team, observer)) == (403, "not-allowed")
    await answered(team, team.people)
    [seen], [known] = await rounds(team, observer), await rounds(team)
    assert {**seen, "invited": known["invited"]} == known


async def test_people_of_other_workshops_see_and_say_nothing(app: App) -> None:
    team, other = await opened(app, 1), await app.team(1)
    assert code(await answer(team, other.people[0])) == (401, "token-unknown")
    found = await other.facilitator.http.get(
        f"/api/workshops/{team.id}/results", params={"form": FORM}
    )
    assert code(found) == (401, "token-unknown")


async def test_each_answers_once_a_round_however_often_they_send(app: App) -> None:
    team = await opened(app, 2)
    person = team.people[0]
    found = await asyncio.gather(*(answer(team, person, 1 + n % 5) for n in range(8)))
    assert sorted(entry.status_code for entry in found) == [204, *[409] * 7]
    assert code(await answer(team, person)) == (409, "already-answered")
    assert (await rounds(team))[0]["answers"] == 1


async def test_the_same_person_on_another_device_is_one_person(app: App) -> None:
    team = await app.team(1)
    body = {"code": team.made["join_code"], "name": "Koivu"}
    joined = (await app.http.post("/api/join", json=body)).json()
    back = await app.http.post("/api/return", json={"code": joined["return_code"]})
    app.http.cookies.clear()
    devices = [
        Person(joined["person"], entry["token"], app.by(entry["token"]))
        for entry in (joined, back.json())
    ]
    await team.at_work(devices[0])
    await post(team, "rounds", form=FORM, few=True)
    assert [(await answer(team, device)).status_code for device in devices] == [204, 409]


async def test_all_at_once_loses_no_answer(app: App) -> None:
    team = await opened(app, 12)
    found = await asyncio.gather(*(answer(team, person) for person in team.people))
    assert {entry.status_code for entry in found} == {204}
    assert (await closed(team))["answers"] == 12


async def test_a_round_is_opened_once_and_closed_once(app: App) -> None:
    team = await app.team(1)
    assert code(await post(team, "rounds/close", form=FORM)) == (409, "round-closed")
    assert code(await answer(team, team.people[0])) == (409, "round-closed")
    assert (await post(team, "rounds", form=FORM, few=True)).status_code == 201
    assert code(await post(team, "rounds", form=FORM, few=True)) == (409, "round-open")
    await closed(team)
    assert code(await post(team, "rounds/close", form=FORM)) == (409, "round-closed")
    assert code(await answer(team, team.people[0])) == (409, "round-closed")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"form": "unknown", "ratings": {}},
        {"form": FORM},
        {"form": FORM, "ratings": {}},
        {"form": FORM, "ratings": [1]},
        {"form": FORM, "ratings": {"unknown": 1}},
        {"form": FORM, "ratings": {statements()[0]: 0}},
        {"form": FORM, "ratings": {statements()[0]: 6}},
        {"form": FORM, "ratings": {statements()[0]: True}},
        {"form": FORM, "ratings": {statements()[0]: 2.5}},
        {"form": FORM, "ratings": {statements()[0]: "1"}},
        {"form": FORM, "ratings": {statements()[0]: 1}, "comment": 7},
        {"form": FORM, "ratings": {statements()[0]: 1}, "comment": "x" * 2001},
        {"form": FORM, "ratings": {statements()[0]: 1}, "person": "somebody"},
    ],
)
async def test_what_is_no_answer_is_refused_and_counts_for_none(app: App, body: Json) -> None:
    team = await opened(app, 1)
    assert (await post(team, "answers", team.people[0], **body)).status_code == 400
    assert (await rounds(team))[0]["answers"] == 0
    assert (await answer(team, team.people[0])).status_code == 204


async def test_answers_have_the_described_shape(app: App) -> None:
    team = await opened(app, 5)
    schemas = description()["components"]["schemas"]
    assert set((await rounds(team))[0]) == set(schemas["SurveyRound"]["required"])
    await answered(team, team.people)
    found = await closed(team)
    assert set(found) == set(schemas["SurveyRound"]["required"])
    distribution = found["statements"][0]["distribution"]
    assert set(distribution) == set(schemas["Distribution"]["required"])


async def test_results_of_all_forms_are_told_when_none_is_named(app: App) -> None:
    team = await opened(app)
    await post(team, "rounds", form="manager")
    await answered(team, team.people)
    await closed(team)
    address = f"/api/workshops/{team.id}/results"
    told = (await team.people[0].http.get(address)).raise_for_status().json()
    assert [(round["form"], round["state"]) for round in told] == [
        (FORM, "closed"),
        ("manager", "open"),
    ]
    assert told[0]["released"]
    missing = await team.people[0].http.get(address, params={"form": "x"})
    assert code(missing) == (400, "field-invalid")


async def test_a_deleted_workshop_takes_its_rounds_along(app: App) -> None:
    team = await opened(app)
    await answered(team, team.people)
    await team.facilitator.http.delete(f"/api/workshops/{team.id}")
    assert await app.service.store.find("round", team.id) == []
