"""Names of people who are gone stay in no file: however they went, and whatever came between."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from server.sync.commit.compactor import Compactor
from server.workshops.doors import doors
from tests.attacks.data.test_deletion import CANARY, words_left
from tests.support.app import App, Json, Person, Team, running_app

REMOVED_AT_ONCE = 12
PEOPLE = 4


async def remove(team: Team, person: Person) -> None:
    path = f"/api/workshops/{team.id}/people/{person.id}"
    assert (await team.facilitator.http.delete(path)).status_code == 204


@pytest.fixture
async def busy(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many logs were written anew at the same time, at each beginning."""
    found: list[int] = []
    now = 0
    erase = Compactor.erase

    async def counted(compactor: Compactor, board: str) -> None:
        nonlocal now
        now += 1
        found.append(now)
        try:
            await erase(compactor, board)
        finally:
            now -= 1

    monkeypatch.setattr(Compactor, "erase", counted)
    return found


async def test_h4_many_who_are_removed_at_once_are_wiped_one_board_at_a_time(
    app: App, busy: list[int]
) -> None:
    team = await app.team()
    gone = [await team.join(f"{CANARY} {number}") for number in range(REMOVED_AT_ONCE)]
    await asyncio.gather(*(remove(team, person) for person in gone))
    assert words_left(app.service.config.data, CANARY) == {}
    assert max(busy) == 1
    assert len(busy) <= 4  # who comes while it is written waits for the next time, together


async def unreadable(compactor: Compactor, board: str) -> None:
    raise ValueError("replaying failed")


async def test_h4_what_could_not_be_wiped_is_wiped_after_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    async with running_app(data) as app:
        team = await app.team()
        with monkeypatch.context() as patch:
            patch.setattr(Compactor, "erase", unreadable)  # or the process was ended before
            await remove(team, await team.join(CANARY))
    assert words_left(data, CANARY)
    async with running_app(data) as app:
        await app.service.retention.wipe_again()
        assert words_left(data, CANARY) == {}
        assert await app.service.store.find("wipe", "") == []


async def test_h4_one_board_that_cannot_be_wiped_keeps_no_other_from_it(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged, whole = await app.team(), await app.team()
    erase = Compactor.erase

    async def but_for_one(compactor: Compactor, board: str) -> None:
        await (unreadable if board == damaged.id else erase)(compactor, board)

    with monkeypatch.context() as patch:
        patch.setattr(Compactor, "erase", but_for_one)
        await remove(damaged, await damaged.join("Lumikko"))
        await remove(whole, await whole.join(CANARY))
        assert words_left(app.service.config.data, CANARY) == {}
        assert words_left(app.service.config.data, "Lumikko")
    await app.service.retention.wipe_again()
    assert words_left(app.service.config.data, "Lumikko") == {}


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[App]:
    async with running_app(tmp_path / "data", people=PEOPLE) as running:
        yield running


async def test_h9_the_names_of_ghosts_that_made_room_are_wiped(
    small: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "GHOST_SECONDS", -1.0)
    team = await small.team()
    for number in range(PEOPLE - 1):
        await team.join(f"{CANARY} {number}")
    await team.join("Koivu")
    assert [person["name"] for person in (await team.desk())["people"]][1:] == ["Koivu"]
    await small.service.retention.wipe_again()
    assert words_left(small.service.config.data, CANARY) == {}


async def knock(team: Team, name: str) -> Json:
    body = {"code": team.made["join_code"], "name": name}
    told: Json = (await team.app.client().post("/api/join", json=body)).raise_for_status().json()
    return told


async def leaves(team: Team, knocked: Json) -> None:
    body = {"waiting": knocked["waiting"]}
    (await team.app.client().post("/api/waiting/leave", json=body)).raise_for_status()


async def finds_the_door_closed(team: Team, knocked: Json) -> None:
    await set_door(team, "closed")
    body = {"waiting": knocked["waiting"]}
    told = (await team.app.client().post("/api/waiting", json=body)).json()
    assert told["state"] == "away"


async def is_turned_away(team: Team, knocked: Json) -> None:
    path = f"/api/workshops/{team.id}/waiting"
    [entry] = (await team.facilitator.http.get(path)).json()
    (await team.facilitator.http.post(path, json={"turn_away": [entry["id"]]})).raise_for_status()


async def set_door(team: Team, joining: str) -> None:
    path = f"/api/workshops/{team.id}"
    (await team.facilitator.http.patch(path, json={"joining": joining})).raise_for_status()


@pytest.mark.parametrize("goes", [leaves, finds_the_door_closed, is_turned_away])
async def test_the_name_of_who_waited_in_vain_stays_nowhere(app: App, goes: Any) -> None:
    team = await app.team()
    await set_door(team, "ask")
    knocked = await knock(team, CANARY)
    assert words_left(app.service.config.data, CANARY)
    await goes(team, knocked)
    await app.service.retention.wipe_again()
    assert words_left(app.service.config.data, CANARY) == {}


async def test_the_name_of_who_gave_up_without_a_word_stays_nowhere(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.workshops.doors.waiting.GONE_SECONDS", -1.0)
    team = await app.team()
    await set_door(team, "ask")
    await knock(team, CANARY)
    await app.service.retention.wipe_again()  # and nobody looks who waits
    assert words_left(app.service.config.data, CANARY) == {}


async def lives_here(team: Team, person: Person) -> None:
    """All that may leave a trace: written, voted, in a group, merged, seen on sockets, exported."""
    await team.at_work(person)
    breakout = await team.split([{"name": "Yksi", "people": [person.id]}])
    await team.app.write(breakout["groups"][0]["board"], "ryhmässä")
    await team.merge(breakout)
    http = team.facilitator.http
    for path in (
        f"/api/boards/{team.board()}/export.md",
        f"/api/workshops/{team.id}/people/{person.id}/held",
    ):
        await http.get(path)
    (await http.post(f"/api/workshops/{team.id}/next", json={})).raise_for_status()


async def test_h4_whoever_did_everything_and_is_removed_leaves_no_name(app: App) -> None:
    team = await app.team(1)
    key = {"Idempotency-Key": "k" * 30}
    body = {"code": team.made["join_code"], "name": CANARY}
    joined = (await app.client().post("/api/join", json=body, headers=key)).json()
    person = Person(joined["person"], joined["token"], app.by(joined["token"]))
    await lives_here(team, person)
    await remove(team, person)
    assert words_left(app.service.config.data, CANARY) == {}
