"""The name somebody goes by, and whether they lead, take part or watch, changed by a call."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from server.workshops.doors.people import CHANGES_PER_MINUTE
from tests.support.app import App, Json, Person, Team, running_app
from tests.support.workshops.breakouts import grouped


async def changed(by: Person, team: Team, whom: Person, **body: Any) -> httpx.Response:
    return await by.http.patch(f"/api/workshops/{team.id}/people/{whom.id}", json=body)


async def refusal(by: Person, team: Team, whom: Person, **body: Any) -> tuple[int, str]:
    answer = await changed(by, team, whom, **body)
    return answer.status_code, answer.json()["code"]


def entry(desk: Json, person: Person) -> Json:
    found: Json = next(each for each in desk["people"] if each["id"] == person.id)
    return found


async def test_everybody_changes_their_own_name_and_who_leads_anybodys(app: App) -> None:
    team = await app.team(2)
    anna, other = team.people
    told = (await changed(anna, team, anna, name="  Anna \n Koivu ")).json()
    assert told == {"id": anna.id, "name": "Anna Koivu", "role": "participant"}
    assert (await changed(team.facilitator, team, anna, name="Anna")).status_code == 200
    assert (await changed(team.facilitator, team, team.facilitator, name="Ilona")).is_success
    desk = await team.desk()
    assert (entry(desk, anna)["name"], entry(desk, team.facilitator)["name"]) == ("Anna", "Ilona")
    assert await refusal(anna, team, other, name="Ilkiö") == (403, "not-allowed")
    assert await refusal(anna, team, anna, name=" \u200b") == (400, "name-missing")
    assert entry(await team.desk(), other)["name"] == "Osallistuja 2"


async def test_a_name_that_was_told_apart_is_not_put_in_the_place_of_the_one_given(
    app: App,
) -> None:
    team = await app.team()
    first, second = await team.join("Maija"), await team.join("Maija")
    assert entry(await team.desk(), second)["name"] == "Maija (2)"
    await changed(team.facilitator, team, second, role="observer")
    await changed(first, team, first, name="Maija Leppä")
    assert entry(await team.desk(), second)["name"] == "Maija"


async def test_who_is_made_a_facilitator_leads_and_stops_when_that_is_taken_back(app: App) -> None:
    team = await app.team(1)
    anna, path = team.people[0], f"/api/workshops/{team.id}"
    assert (await anna.http.patch(path, json={"title": "Ei vielä"})).status_code == 403
    await changed(team.facilitator, team, anna, role="facilitator")
    assert (await anna.http.patch(path, json={"title": "Yhdessä"})).json()["title"] == "Yhdessä"
    await changed(team.facilitator, team, anna, role="participant")
    assert (await anna.http.patch(path, json={"title": "Ei enää"})).status_code == 403
    assert (await team.desk())["title"] == "Yhdessä"


async def test_nobody_makes_themselves_what_they_are_not(app: App) -> None:
    team = await app.team(1)
    watcher = await team.join("Tarkkailija", "observer")
    for person in (team.people[0], watcher):
        for role in ("facilitator", "participant", "observer"):
            assert await refusal(person, team, person, role=role) == (403, "not-allowed")
    assert await refusal(team.facilitator, team, watcher, role="owner") == (400, "field-invalid")
    assert await refusal(team.facilitator, team, watcher, colour=1) == (400, "field-invalid")


async def test_somebody_leads_always_and_who_was_asked_to_help_sends_nobody_out(app: App) -> None:
    team = await app.team(2)
    lead, (anna, other) = team.facilitator, team.people
    assert await refusal(lead, team, lead, role="observer") == (409, "last-facilitator")
    await changed(lead, team, anna, role="facilitator")
    await changed(anna, team, other, role="facilitator")
    assert await refusal(anna, team, lead, role="participant") == (403, "not-allowed")
    assert (await changed(anna, team, other, role="participant")).is_success
    assert (await changed(lead, team, lead, role="participant")).is_success
    assert [each["role"] for each in (await team.desk())["people"]].count("facilitator") == 1


async def test_roles_and_groups_go_together(app: App) -> None:
    """Who leads or watches sits in no group; who takes part from now on does."""
    team, breakout = await grouped(app)
    anna = team.people[0]
    home = next(each for each in breakout["groups"] if anna.id in each["people"])
    assert (await anna.http.get(f"/api/boards/{home['board']}")).is_success
    await changed(team.facilitator, team, anna, role="observer")
    assert (await anna.http.get(f"/api/boards/{home['board']}")).status_code == 403
    groups = (await team.desk())["breakouts"][0]["groups"]
    assert anna.id not in {person for each in groups for person in each["people"]}
    await changed(team.facilitator, team, anna, role="participant")
    groups = (await team.desk())["breakouts"][0]["groups"]
    assert [anna.id in each["people"] for each in groups].count(True) == 1


async def test_who_is_not_there_is_told_so(app: App) -> None:
    team, others = await app.team(1), await app.team(1)
    stranger = others.people[0]
    found = await refusal(team.facilitator, team, stranger, name="Kuka")
    assert found == (404, "person-gone")
    assert (await changed(stranger, team, stranger, name="Kuka")).status_code == 401


async def test_changes_of_one_person_have_a_pace(app: App) -> None:
    team = await app.team(1)
    anna = team.people[0]
    for number in range(CHANGES_PER_MINUTE):
        assert (await changed(anna, team, anna, name=f"Anna {number}")).is_success
    assert (await changed(anna, team, anna, name="Liikaa")).status_code == 429
    assert (await changed(team.facilitator, team, anna, name="Anna")).is_success


@pytest.mark.parametrize("name", ["Kanarialintu"])
async def test_a_name_that_was_changed_is_in_no_file_when_the_server_has_looked(
    tmp_path: Path, name: str
) -> None:
    async with running_app(tmp_path) as app:
        team = await app.team()
        anna = await team.join(name)
        assert holds(tmp_path, name)
        await changed(anna, team, anna, name="Anna")
        await app.service.retention.wipe_again()
        assert not holds(tmp_path, name)
        assert holds(tmp_path, "Anna")


def holds(folder: Path, word: str) -> bool:
    return any(word.encode() in path.read_bytes() for path in folder.iterdir() if path.is_file())
