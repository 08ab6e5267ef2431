"""The waiting room: who waits is nobody yet, and nobody can fill it for the others."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from server.access.throttle import Quota
from server.workshops.doors.waiting import GONE_SECONDS, MOST_WAITING, SILENT_SECONDS
from server.workshops.errors import JoiningClosed
from tests.support.app import App, Json, Person, Team, running_app

NAME = "Kanarialintu"


async def asks_each(app: App, people: int = 0) -> Team:
    team = await app.team(people)
    await set_door(team, "ask")
    return team


async def set_door(team: Team, joining: str) -> None:
    path = f"/api/workshops/{team.id}"
    (await team.facilitator.http.patch(path, json={"joining": joining})).raise_for_status()


async def knock(team: Team, name: str = NAME, host: str = "192.0.2.1", **more: str) -> Json:
    """What one is told who joins by the code."""
    body = {"code": team.made["join_code"], "name": name, **more}
    answer = await team.app.client(host).post("/api/join", json=body)
    told: Json = {**answer.json(), "status": answer.status_code}
    return told


async def look(team: Team, knocked: Json) -> Json:
    answer = await team.app.client().post("/api/waiting", json={"waiting": knocked["waiting"]})
    told: Json = {**answer.raise_for_status().json(), "cookies": dict(answer.cookies)}
    return told


async def state(team: Team, knocked: Json) -> str:
    return str((await look(team, knocked))["state"])


async def waiting_there(team: Team) -> list[Json]:
    answer = await team.facilitator.http.get(f"/api/workshops/{team.id}/waiting")
    found: list[Json] = answer.raise_for_status().json()
    return found


async def answer(team: Team, who: Person | None = None, **body: Any) -> Any:
    http = (who or team.facilitator).http
    return await http.post(f"/api/workshops/{team.id}/waiting", json=body)


async def names(team: Team) -> list[str]:
    return [person["name"] for person in (await team.desk())["people"]]


# -- the way in ----------------------------------------------------------------------------------


async def test_who_is_let_in_is_a_person_with_the_keys_they_were_given(app: App) -> None:
    team = await asks_each(app)
    knocked = await knock(team)
    assert knocked["status"] == 202
    assert set(knocked) == {"waiting", "return_code", "status"}
    assert await state(team, knocked) == "waiting"
    [entry] = await waiting_there(team)
    assert (entry["name"], entry["role"]) == (NAME, "participant")
    assert (await answer(team, let_in=[entry["id"]])).json() == []
    told = await look(team, knocked)
    assert (told["state"], told["workshop"]) == ("in", team.id)
    assert list(told["cookies"].values()) == [knocked["waiting"]]
    desk = (await app.by(knocked["waiting"]).get(f"/api/workshops/{team.id}")).json()
    assert [person["id"] for person in desk["people"]][1:] == [told["person"]]
    back = await app.client().post("/api/return", json={"code": knocked["return_code"]})
    assert back.json()["person"] == told["person"]


async def test_who_is_turned_away_is_told_and_leaves_no_name(app: App) -> None:
    team = await asks_each(app)
    knocked = await knock(team)
    [entry] = await waiting_there(team)
    assert (await answer(team, turn_away=[entry["id"]])).json() == []
    assert await state(team, knocked) == "away"
    assert await names(team) == ["Vetäjä"]
    files = app.service.config.data.glob("hahmo.*")
    assert not [file.name for file in files if NAME.encode() in file.read_bytes()]


async def test_a_door_that_opens_lets_in_who_waits_and_one_that_closes_does_not(app: App) -> None:
    team = await asks_each(app)
    first, second = await knock(team), await knock(team, "Koivu")
    await set_door(team, "open")
    assert await state(team, first) == "in"
    await set_door(team, "closed")
    assert await state(team, second) == "away"
    assert await names(team) == ["Vetäjä", NAME]
    await set_door(team, "ask")
    assert await state(team, second) == "away"


async def test_who_waits_may_go(app: App) -> None:
    team = await asks_each(app)
    knocked = await knock(team, role="observer")
    assert [entry["role"] for entry in await waiting_there(team)] == ["observer"]
    gone = await app.client().post("/api/waiting/leave", json={"waiting": knocked["waiting"]})
    assert gone.status_code == 204
    assert await waiting_there(team) == []


async def test_a_restart_forgets_nobody_who_waits(tmp_path: Path) -> None:
    async with running_app(tmp_path) as app:
        team = await asks_each(app)
        knocked = await knock(team)
    async with running_app(tmp_path) as app:
        team = Team(app, team.made, Person("", "", app.by(team.made["token"])))
        assert await state(team, knocked) == "waiting"
        [entry] = await waiting_there(team)
        await answer(team, let_in=[entry["id"]])
        assert await state(team, knocked) == "in"


async def test_two_facilitators_who_let_in_the_same_person_make_one(app: App) -> None:
    team = await asks_each(app)
    await knock(team)
    [entry] = await waiting_there(team)
    told = await asyncio.gather(*(answer(team, let_in=[entry["id"]]) for _ in range(4)))
    assert [each.status_code for each in told] == [200] * 4
    assert await names(team) == ["Vetäjä", NAME]


# -- nobody yet ----------------------------------------------------------------------------------


async def test_who_waits_opens_nothing_and_is_counted_nowhere(app: App) -> None:
    team = await asks_each(app, 1)
    knocked = await knock(team)
    http = app.by(knocked["waiting"])
    for path in (
        f"/api/workshops/{team.id}",
        f"/api/workshops/{team.id}/workbook",
        f"/api/workshops/{team.id}/waiting",
        f"/api/workshops/{team.id}/results",
        f"/api/boards/{team.board()}",
        f"/api/boards/{team.board()}/export.md",
    ):
        assert (await http.get(path)).status_code == 401, path
    assert (await http.post("/api/session", json={"token": knocked["waiting"]})).status_code == 401
    body = {"code": knocked["return_code"]}
    assert (await app.client().post("/api/return", json=body)).status_code == 404
    brought = await http.post(
        f"/api/boards/{team.board()}/edits",
        content=b"\0\0",
        headers={"Content-Type": "application/octet-stream"},
    )
    assert brought.status_code == 401
    stored = await app.service.store.load(team.id)
    assert stored is not None
    assert not [update for update in stored.updates if NAME.encode() in update]
    assert len(await app.service.store.find("person", team.id)) == 2


async def test_a_door_that_is_set_to_ask_in_the_moment_of_joining_lets_nobody_past(
    app: App,
) -> None:
    team = await asks_each(app)
    with pytest.raises(JoiningClosed):
        await app.service.doors.join(team.id, NAME, "participant")
    assert await names(team) == ["Vetäjä"]


async def test_only_facilitators_see_and_answer_who_waits(app: App) -> None:
    team, other = await asks_each(app, 1), await app.team()
    await knock(team)
    [entry] = await waiting_there(team)
    path = f"/api/workshops/{team.id}/waiting"
    for who, status in ((team.people[0], 403), (other.facilitator, 401)):
        assert (await who.http.get(path)).status_code == status
        assert (await answer(team, who, let_in=[entry["id"]])).status_code == status
    assert await names(team) == ["Vetäjä", "Osallistuja 1"]
    told = await answer(other, let_in=[entry["id"]])  # of another workshop: they wait elsewhere
    assert told.json() == []
    assert len(await waiting_there(team)) == 1


async def test_what_is_made_up_waits_for_nothing(app: App) -> None:
    team = await asks_each(app)
    assert await state(team, {"waiting": "x" * 43}) == "away"
    for body in ({}, {"waiting": 7}, {"waiting": "x" * 201}, {"waiting": "x", "more": 1}):
        assert (await app.client().post("/api/waiting", json=body)).status_code == 400
    assert (await answer(team, let_in=["x", 7])).json() == []
    assert (await answer(team, let_in="x")).status_code == 400


async def test_a_deleted_workshop_has_nobody_waiting(app: App) -> None:
    team = await asks_each(app)
    knocked = await knock(team)
    await team.facilitator.http.delete(f"/api/workshops/{team.id}")
    assert await state(team, knocked) == "away"
    assert await app.service.store.find("waiting", team.id) == []


# -- nobody fills it for the others --------------------------------------------------------------


@pytest.fixture
def calm(app: App) -> list[float]:
    """A clock for the waiting room."""
    now = [1000.0]
    room = app.service.waiting
    room._clock = lambda: now[0]
    room._began = now[0]
    return now


async def test_ghosts_of_one_address_make_room_for_people_from_elsewhere(app: App) -> None:
    team = await asks_each(app)
    early = await knock(team, "Aikainen", "198.51.100.7")
    for number in range(MOST_WAITING - 1):
        await knock(team, f"Haamu {number}")
    refused = await knock(team, "Yksi liikaa")
    assert (refused["status"], refused["code"]) == (429, "waiting-full")
    late = await knock(team, "Myöhäinen", "198.51.100.8")
    assert late["status"] == 202
    there = await waiting_there(team)
    assert len(there) == MOST_WAITING
    assert [there[0]["name"], there[-1]["name"]] == ["Aikainen", "Myöhäinen"]
    assert f"Haamu {MOST_WAITING - 2}" not in [entry["name"] for entry in there]
    assert await state(team, early) == "waiting"


async def test_who_is_not_heard_of_makes_room(app: App, calm: list[float]) -> None:
    team = await asks_each(app)
    stays = await knock(team, "Pysyvä")
    for number in range(MOST_WAITING - 1):
        await knock(team, f"Haamu {number}")
    calm[0] += SILENT_SECONDS
    assert await state(team, stays) == "waiting"
    assert (await knock(team))["status"] == 429
    calm[0] += 1
    assert (await knock(team))["status"] == 202
    assert [entry["name"] for entry in await waiting_there(team)] == ["Pysyvä", NAME]


async def test_whoever_is_long_gone_is_not_shown(app: App, calm: list[float]) -> None:
    team = await asks_each(app)
    await knock(team)
    calm[0] += GONE_SECONDS
    assert len(await waiting_there(team)) == 1
    calm[0] += 1
    assert await waiting_there(team) == []
    assert await app.service.store.find("waiting", team.id) == []


async def test_whoever_is_long_gone_leaves_no_name_though_nobody_looks(
    app: App, calm: list[float]
) -> None:
    team = await asks_each(app)
    await knock(team)
    calm[0] += GONE_SECONDS + 1
    await knock(team, "Koivu")
    [(_, value)] = await app.service.store.find("waiting", team.id)
    assert value["name"] == "Koivu"


async def test_one_address_does_not_knock_without_end(app: App) -> None:
    app.service.joins = Quota(3, seconds=600.0)
    team = await asks_each(app)
    told = [(await knock(team))["status"] for _ in range(5)]
    assert told == [202] * 3 + [429] * 2


async def test_a_full_workshop_is_told_to_who_lets_in(tmp_path: Path) -> None:
    async with running_app(tmp_path, people=2) as app:
        team = await asks_each(app)
        for name in ("Koivu", "Haapa"):
            await knock(team, name)
        everybody = [entry["id"] for entry in await waiting_there(team)]
        refused = await answer(team, let_in=everybody)
        assert refused.json()["code"] == "workshop-full"
        assert await names(team) == ["Vetäjä", "Koivu"]
        assert [entry["name"] for entry in await waiting_there(team)] == ["Haapa"]
