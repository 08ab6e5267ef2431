"""Doors: a facilitator keeps out whom they will, ghosts take nobody's place, keys change."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.access.throttle import Quota
from server.workshops.doors import doors
from server.workshops.doors.doors import GHOST_SECONDS, SILENT_SECONDS, TOKENS
from server.workshops.records import owner_record
from tests.support.app import App, Person, Team, running_app
from tests.support.asgi import conversation

NAME = "Kanarialintu"


async def tries_to_join(team: Team, name: str = "Koivu", code: str = "") -> str:
    """What one is told: "in", or the problem's code."""
    body = {"code": code or team.made["join_code"], "name": name}
    answer = await team.app.client().post("/api/join", json=body)
    return "in" if answer.status_code == 201 else str(answer.json()["code"])


async def status(team: Team, person: Person) -> int:
    return (await person.http.get(f"/api/workshops/{team.id}")).status_code


async def names(team: Team) -> list[str]:
    return [person["name"] for person in (await team.desk())["people"]]


# -- joining ------------------------------------------------------------------------------------


async def test_h9_a_closed_door_lets_nobody_in_but_who_has_been_there(app: App) -> None:
    team = await app.team(1)
    mine, path = team.facilitator.http, f"/api/workshops/{team.id}"
    desk = (await mine.patch(path, json={"joining": "closed"})).json()
    assert desk["joining"] == "closed"
    answer = await app.http.post("/api/join", json={"code": desk["join_code"], "name": "Koivu"})
    assert (answer.status_code, answer.json()["code"]) == (403, "joining-closed")
    assert await status(team, team.people[0]) == 200
    body = {"code": team.made["return_code"]}
    assert (await app.client().post("/api/return", json=body)).status_code == 201
    await mine.patch(path, json={"joining": "open"})
    assert await tries_to_join(team) == "in"
    assert (await mine.patch(path, json={"joining": "maybe"})).status_code == 400
    refused = await team.people[0].http.patch(path, json={"joining": "closed"})
    assert refused.status_code == 403


async def test_h9_a_new_code_and_the_old_leads_nowhere(app: App) -> None:
    team = await app.team(1)
    path = f"/api/workshops/{team.id}/join-code"
    assert (await team.people[0].http.post(path, json={})).status_code == 403
    told = (await team.facilitator.http.post(path, json={})).json()
    assert told["join_url"].endswith(f"/j/{told['join_code']}")
    assert (await team.desk())["join_code"] == told["join_code"] != team.made["join_code"]
    assert await tries_to_join(team) == "code-unknown"
    assert (await app.http.get(f"/j/{team.made['join_code']}")).status_code == 404
    assert await tries_to_join(team, code=told["join_code"]) == "in"
    assert await status(team, team.people[0]) == 200


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[App]:
    """A server whose workshops hold ten people."""
    async with running_app(tmp_path, people=10) as running:
        yield running


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    now = [1_800_000_000_000]
    monkeypatch.setattr(doors, "milliseconds", lambda: now[0])
    return now


async def test_h9_ghosts_make_room_for_people(small: App, clock: list[int]) -> None:
    team = await small.team(2)
    for person in team.people:
        await status(team, person)  # a page that is opened asks for as much
    breakout = await team.split(2)
    for number in range(7):
        await team.join(f"Haamu {number}")
    assert await tries_to_join(team) == "workshop-full"
    clock[0] += round(1000 * GHOST_SECONDS) + 1
    assert await tries_to_join(team) == "in"
    assert set(await names(team)) == {"Vetäjä", "Osallistuja 1", "Osallistuja 2", "Koivu"}
    desk = await team.desk()
    seated = [person for group in desk["breakouts"][0]["groups"] for person in group["people"]]
    assert sorted(seated) == sorted(p["id"] for p in desk["people"] if p["role"] != "facilitator")
    assert breakout["id"] == desk["breakouts"][0]["id"]
    store = small.service.store
    for kind, many in (("person", 4), ("token", 4), ("return_code", 4)):
        assert len(await store.find(kind, team.id)) == many


async def test_h9_who_was_seen_is_no_ghost_also_after_a_restart(
    tmp_path: Path, clock: list[int]
) -> None:
    async with running_app(tmp_path, people=3) as app:
        team = await app.team(2)
        for person in team.people:
            await status(team, person)
    clock[0] += round(2000 * GHOST_SECONDS)
    async with running_app(tmp_path, people=3) as app:
        body = {"code": team.made["join_code"], "name": "Koivu"}
        answer = await app.http.post("/api/join", json=body)
        assert answer.json()["code"] == "workshop-full"


async def test_h9_ghosts_that_were_heard_of_make_room_as_well(small: App, clock: list[int]) -> None:
    """A program that joins and looks at the desk once would have kept its place for ever."""
    team = await small.team(3)
    wrote, here, _ = team.people
    await small.service.rooms.committer.commit(
        team.id, puts=[owner_record(team.board(), 4711, wrote.id)]
    )
    ghosts = [await team.join(f"Haamu {number}") for number in range(6)]
    for person in (*team.people, *ghosts):
        await status(team, person)
    async with conversation(small, team.id, here.token) as sent, asyncio.timeout(30):
        assert (await sent.get())["type"] == "websocket.accept"
        assert await tries_to_join(team) == "workshop-full"
        clock[0] += round(1000 * GHOST_SECONDS) + 1
        assert await tries_to_join(team) == "workshop-full"
        clock[0] += round(1000 * SILENT_SECONDS)
        for number in range(7):
            assert await tries_to_join(team, f"Vieras {number}") == "in"
        assert await tries_to_join(team) == "workshop-full"
    stayed = ["Osallistuja 1", "Osallistuja 2", "Vetäjä"]  # who came at one moment has no order
    assert sorted(await names(team)) == [*stayed, *(f"Vieras {number}" for number in range(7))]


async def test_h9_one_address_does_not_join_without_end(app: App) -> None:
    app.service.joins = Quota(3, seconds=600.0)
    team = await app.team()
    client = app.client("192.0.2.99")
    told = []
    for number in range(5):
        body = {"code": team.made["join_code"], "name": f"Haamu {number}"}
        answer = await client.post("/api/join", json=body)
        client.cookies.clear()
        told.append(answer.json().get("code", "in"))
    assert told == ["in"] * 3 + ["too-many-tries"] * 2
    assert await tries_to_join(team) == "in"  # from elsewhere


# -- going --------------------------------------------------------------------------------------


async def test_h9_a_facilitator_removes_somebody_who_is_out_at_once(app: App) -> None:
    team = await app.team(1)
    bad = await team.join(NAME)
    breakout = await team.split(1)
    await app.write(team.board(), "jää")
    path = f"/api/workshops/{team.id}/people/{bad.id}"
    assert (await team.people[0].http.delete(path)).status_code == 403
    answer = await team.facilitator.http.delete(path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert await status(team, bad) == 401
    assert await names(team) == ["Vetäjä", "Osallistuja 1"]
    desk = await team.desk()
    assert bad.id not in str(desk["breakouts"])
    assert breakout["id"] == desk["breakouts"][0]["id"]
    assert await team.texts(team.board()) == ["jää"]
    assert (await team.facilitator.http.delete(path)).json()["code"] == "person-gone"


async def test_a_person_who_goes_leaves_no_name_in_the_files(app: App) -> None:
    team = await app.team()
    going = await team.join(NAME)
    folder = app.service.config.data
    assert holds(folder, NAME)
    path = f"/api/workshops/{team.id}/people/{going.id}"
    assert (await going.http.delete(path)).status_code == 204
    assert not holds(folder, NAME)
    assert await names(team) == ["Vetäjä"]
    await team.join("Koivu")  # the desk goes on
    assert await names(team) == ["Vetäjä", "Koivu"]


def holds(folder: Path, word: str) -> bool:
    files = (path for path in folder.rglob("*") if path.is_file())
    return any(word.encode() in path.read_bytes() for path in files)


async def test_a_facilitator_is_not_removed(app: App) -> None:
    team = await app.team(1)
    path = f"/api/workshops/{team.id}/people/{team.facilitator.id}"
    for person in (team.facilitator, team.people[0]):
        assert (await person.http.delete(path)).status_code == 403


# -- keys ---------------------------------------------------------------------------------------


async def test_m5_signed_out_everywhere_nothing_from_before_opens(app: App) -> None:
    team = await app.team()
    anna = await team.join("Anna")
    joined = await app.client().post(
        "/api/join", json={"code": team.made["join_code"], "name": "Berit"}
    )
    code = joined.json()["return_code"]
    berit = app.by(joined.json()["token"])
    answer = await berit.post(f"/api/workshops/{team.id}/sign-out", json={})
    keys = answer.json()
    assert keys.keys() == {"token", "return_code"}
    assert (await berit.get(f"/api/workshops/{team.id}")).status_code == 401
    assert (await app.client().post("/api/return", json={"code": code})).status_code == 404
    new = app.by(keys["token"])
    assert (await new.get(f"/api/workshops/{team.id}")).status_code == 200
    back = await app.client().post("/api/return", json={"code": keys["return_code"]})
    assert back.json()["person"] == joined.json()["person"]
    assert await status(team, anna) == 200


async def test_m5_a_facilitators_link_can_be_changed(app: App) -> None:
    team = await app.team()
    keys = (await team.facilitator.http.post(f"/api/workshops/{team.id}/sign-out", json={})).json()
    assert keys["facilitator_url"].endswith(f"/w/{team.id}#t={keys['token']}")
    assert await status(team, team.facilitator) == 401
    exchanged = await app.client().post("/api/session", json={"token": keys["token"]})
    assert exchanged.json()["role"] == "facilitator"


async def test_m5_a_return_code_mints_no_keys_without_end(app: App) -> None:
    team = await app.team()
    joined = await app.client().post(
        "/api/join", json={"code": team.made["join_code"], "name": "Anna"}
    )
    tokens = [joined.json()["token"]]
    for _ in range(TOKENS + 5):
        back = await app.client().post("/api/return", json={"code": joined.json()["return_code"]})
        tokens.append(back.json()["token"])
    found = [(await app.by(token).get(f"/api/workshops/{team.id}")).status_code for token in tokens]
    assert found == [401] * 6 + [200] * TOKENS


async def test_m5_a_facilitators_link_outlives_their_comings_back(app: App) -> None:
    team = await app.team()
    body = {"code": team.made["return_code"]}
    await asyncio.gather(*(app.client().post("/api/return", json=body) for _ in range(3)))
    for _ in range(TOKENS):
        await app.client().post("/api/return", json=body)
    assert await status(team, team.facilitator) == 200
    assert len(await app.service.store.find("token", team.id)) <= TOKENS + 1


async def test_m5_a_link_changes_nobody_unasked(app: App) -> None:
    team = await app.team(2)
    anna, mallory = team.people
    browser = app.client(headers={"Sec-Fetch-Site": "same-origin"})
    await browser.post("/api/session", json={"token": anna.token})
    answer = await browser.post("/api/session", json={"token": mallory.token})
    assert (answer.status_code, answer.json()["code"]) == (409, "signed-in-already")
    again = await browser.post("/api/session", json={"token": anna.token})
    assert again.json()["person"] == anna.id
    body = {"token": mallory.token, "replace": True}
    assert (await browser.post("/api/session", json=body)).json()["person"] == mallory.id
