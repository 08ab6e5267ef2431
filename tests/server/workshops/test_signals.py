"""Hands that go up, and who is ready, by calls."""

from typing import Any

import httpx

from server.workshops.doors.signals import CHANGES_PER_MINUTE
from tests.support.app import App, Json, Person, Team


async def shown(by: Person, team: Team, whom: Person, **body: Any) -> httpx.Response:
    path = f"/api/workshops/{team.id}/people/{whom.id}/signals"
    return await by.http.patch(path, json=body)


async def cleared(by: Person, team: Team, signal: str) -> httpx.Response:
    path = f"/api/workshops/{team.id}/signals/clear"
    return await by.http.post(path, json={"signal": signal})


async def entry(team: Team, person: Person) -> Json:
    people = (await team.desk())["people"]
    found: Json = next(each for each in people if each["id"] == person.id)
    return found


async def test_a_hand_is_up_since_it_went_up_and_everybody_sees_it(app: App) -> None:
    team = await app.team(2)
    anna, other = team.people
    answer = (await shown(anna, team, anna, hand=True)).json()
    assert answer == {"id": anna.id, "hand": answer["hand"], "ready": None}
    assert answer["hand"] >= (await entry(team, anna))["joined"]
    assert (await shown(anna, team, anna, hand=True, ready=True)).json()["hand"] == answer["hand"]
    found = await entry(team, anna)
    assert found["hand"] == answer["hand"]
    assert found["ready"] is not None
    assert (await entry(team, other))["hand"] is None
    assert (await shown(anna, team, anna, hand=False)).json()["hand"] is None
    assert (await entry(team, anna))["ready"] == found["ready"]


async def test_who_leads_takes_back_anybodys_and_raises_nobodys(app: App) -> None:
    team = await app.team(2)
    anna, other = team.people
    await shown(anna, team, anna, hand=True)
    assert (await shown(other, team, anna, hand=False)).status_code == 403
    assert (await shown(team.facilitator, team, other, hand=True)).status_code == 403
    assert (await shown(team.facilitator, team, anna, hand=False)).is_success
    assert (await entry(team, anna))["hand"] is None


async def test_before_the_next_question_nobody_is_ready(app: App) -> None:
    team = await app.team(3)
    for person in team.people:
        await shown(person, team, person, ready=True, hand=True)
    assert (await cleared(team.people[0], team, "ready")).status_code == 403
    assert (await cleared(team.facilitator, team, "ready")).json() == {"cleared": 3}
    assert (await cleared(team.facilitator, team, "ready")).json() == {"cleared": 0}
    people = (await team.desk())["people"]
    assert [each["ready"] for each in people] == [None] * 4
    assert sum(each["hand"] is not None for each in people) == 3
    assert (await cleared(team.facilitator, team, "name")).status_code == 400


async def test_observers_have_hands_too_and_strangers_none(app: App) -> None:
    team, others = await app.team(1), await app.team(1)
    watcher = await team.join("Tarkkailija", "observer")
    assert (await shown(watcher, team, watcher, hand=True)).is_success
    assert (await shown(others.people[0], team, watcher, hand=False)).status_code == 401
    assert (await shown(team.facilitator, team, others.people[0], hand=False)).status_code == 404
    assert (await shown(watcher, team, watcher, name="Uusi")).status_code == 400
    assert (await shown(watcher, team, watcher, hand=1)).status_code == 400


async def test_a_change_of_role_and_name_keeps_a_hand_up(app: App) -> None:
    team = await app.team(1)
    anna = team.people[0]
    hand = (await shown(anna, team, anna, hand=True)).json()["hand"]
    path = f"/api/workshops/{team.id}/people/{anna.id}"
    assert (await team.facilitator.http.patch(path, json={"role": "observer"})).is_success
    assert (await entry(team, anna))["hand"] == hand


async def test_one_persons_signals_have_a_pace(app: App) -> None:
    team = await app.team(2)
    anna, other = team.people
    for number in range(CHANGES_PER_MINUTE):
        assert (await shown(anna, team, anna, hand=not number % 2)).is_success
    assert (await shown(anna, team, anna, hand=True)).status_code == 429
    assert (await shown(other, team, other, hand=True)).is_success
