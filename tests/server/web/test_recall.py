"""A breakout's end over HTTP: people come back, and what they did comes home, now or late."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from server.store import Commit, Misfit, NotHome, StoreUnavailable
from server.sync.room.room import Room
from tests.support.app import App, Json, Person, Team, running_app
from tests.support.workshops.breakouts import grouped


async def test_closing_leads_people_back_and_can_be_asked_twice(app: App) -> None:
    team, breakout = await grouped(app)
    http = team.facilitator.http
    await http.patch(f"/api/workshops/{team.id}", json={"board": team.board("change")})
    answers = [
        (await http.post(f"/api/breakouts/{breakout['id']}/close", json={})).json()
        for _ in range(2)
    ]
    at = answers[0]["closed"]
    assert at >= breakout["created"]
    assert answers == [{**breakout, "state": "closed", "closed": at}] * 2
    desk = await team.desk()
    assert desk["board"] == team.board()
    assert desk["breakouts"][0]["state"] == "closed"
    await app.write(breakout["groups"][0]["board"], "viime hetken lappu")
    report = await team.merge(breakout)
    assert [note["text"] for note in report["added"]] == ["viime hetken lappu"]


async def test_a_recall_gathers_first_what_is_new(app: App) -> None:
    team, breakout = await grouped(app)
    first, second = breakout["groups"]
    await app.write(first["board"], "ennen kokoamista")
    await team.merge(breakout)
    await app.write(first["board"], "kokoamisen jälkeen")
    await app.write(second["board"], "toisen ryhmän")
    address = f"/api/breakouts/{breakout['id']}/close"
    closed = (await team.facilitator.http.post(address, json={"gather": True})).json()
    gathered = closed.pop("gathered")
    assert {note["text"] for note in gathered["added"]} == {"kokoamisen jälkeen", "toisen ryhmän"}
    assert await team.texts(team.board()) == [
        "ennen kokoamista",
        "kokoamisen jälkeen",
        "toisen ryhmän",
    ]
    assert (closed["state"], closed["merged"]) == ("closed", closed["closed"])
    desk = await team.desk()
    assert desk["breakouts"] == [closed]
    assert desk["board"] == team.board()
    again = (await team.facilitator.http.post(address, json={"gather": True})).json()
    assert again["gathered"]["added"] == []
    answer = await team.facilitator.http.post(address, json={"gather": "yes"})
    assert (answer.status_code, answer.json()["field"]) == (400, "gather")


async def test_a_recall_that_gathers_is_one_commit(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    team, breakout = await grouped(app)
    await app.write(breakout["groups"][0]["board"], "uusi")
    commits: list[Commit] = []
    commit_all = app.service.store.commit_all

    async def seen(batch: Sequence[Commit]) -> Sequence[Misfit | NotHome | None]:
        commits.extend(batch)
        return await commit_all(batch)

    monkeypatch.setattr(app.service.store, "commit_all", seen)
    address = f"/api/breakouts/{breakout['id']}/close"
    await team.facilitator.http.post(address, json={"gather": True})
    boards = {append.board for append in commits[0].appends}
    assert {team.id, team.board()} <= boards


async def test_people_are_called_back_also_when_nothing_can_be_gathered(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    team, breakout = await grouped(app)
    board = breakout["groups"][0]["board"]
    await app.write(board, "uusi")
    acquire = app.service.rooms.acquire

    async def damaged(name: str) -> Room:
        if name == board:
            raise StoreUnavailable("this board could not be loaded")
        return await acquire(name)

    address = f"/api/breakouts/{breakout['id']}/close"
    with monkeypatch.context() as broken:
        broken.setattr(app.service.rooms, "acquire", damaged)
        closed = (await team.facilitator.http.post(address, json={"gather": True})).json()
        assert (closed["state"], closed["gathered"]) == ("closed", None)
    assert (await team.desk())["board"] == team.board()
    assert (await late(team, breakout, [1, None]))["merged"] is None
    report = await team.merge(breakout)
    assert [note["text"] for note in report["added"]] == ["uusi"]
    await late(team, breakout, [None, None])


async def test_what_comes_after_the_end_is_told_on_the_desk_until_it_is_gathered(app: App) -> None:
    team, breakout = await grouped(app)
    earlier = await team.split(1)
    first, second = breakout["groups"]
    for one in (earlier, breakout):
        await close(team, one, gather=True)
    await app.write(first["board"], "lause kesken")  # on its way at the recall: comes by itself
    await until_home(team, ["lause kesken"])
    await app.write(second["board"], "myöhässä 1")
    await app.write(second["board"], "myöhässä 2")
    await app.write(earlier["groups"][0]["board"], "aiemman kierroksen")
    await late(team, breakout, [None, 2])
    await late(team, earlier, [1])
    report = await team.merge(breakout)
    assert {note["text"] for note in report["added"]} == {"myöhässä 1", "myöhässä 2"}
    await late(team, breakout, [None, None])
    await late(team, earlier, [1])


async def close(team: Team, breakout: Json, **body: bool) -> Json:
    answer = await team.facilitator.http.post(f"/api/breakouts/{breakout['id']}/close", json=body)
    closed: Json = answer.raise_for_status().json()
    return closed


async def until_home(team: Team, texts: list[str]) -> None:
    async with asyncio.timeout(10):
        while True:
            if await team.texts(team.board()) == texts:
                return
            await asyncio.sleep(0.05)


async def test_what_came_late_is_found_again_after_a_restart(tmp_path: Path) -> None:
    async with running_app(tmp_path) as app:
        team, breakout = await grouped(app)
        board = breakout["groups"][0]["board"]
        await team.facilitator.http.post(f"/api/breakouts/{breakout['id']}/close", json={})
        await app.write(board, "ehti levylle")  # and the server ends before it is counted
    async with running_app(tmp_path) as app:
        team = Team(app, team.made, Person("", team.facilitator.token, app.by(team.made["token"])))
        await team.texts(board)
        await late(team, breakout, [1, None])


async def late(team: Team, breakout: Json, expected: list[int | None]) -> Json:
    """The breakout as the desk has it once it says that so many notes of its groups are late."""
    async with asyncio.timeout(10):
        while True:
            desk = await team.desk()
            found: Json = next(one for one in desk["breakouts"] if one["id"] == breakout["id"])
            if [group["late"] for group in found["groups"]] == expected:
                return found
            await asyncio.sleep(0.05)
