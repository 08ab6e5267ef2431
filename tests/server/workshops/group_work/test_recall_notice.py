"""Group work that was given notice ends by itself: once, also after a restart."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from boards.desk import Breakout, Recall
from server.store import StoreUnavailable
from server.sync.room.room import Room
from server.workshops.breakouts import recalls
from server.workshops.pace import deadlines
from server.workshops.pace.deadlines import NotDue
from tests.support.app import App, Json, Person, Team, running_app
from tests.support.workshops.breakouts import grouped, until_desk

AT_ONCE = {"add_seconds": -3600}  # who gave notice brings its end forward


async def notice(team: Team, breakout: Json, **body: Any) -> Json:
    address = f"/api/breakouts/{breakout['id']}/recall"
    answer = await team.facilitator.http.post(address, json=body)
    found: Json = answer.raise_for_status().json()
    return found


async def until_over(team: Team) -> Json:
    return await until_desk(team, lambda desk: bool(desk["breakouts"][0]["state"] == "closed"))


async def test_a_notice_stands_on_the_desk_is_put_off_and_called_off(app: App) -> None:
    team, breakout = await grouped(app)
    told = await notice(team, breakout, seconds=60, gather=True)
    assert (await team.desk())["breakouts"] == [told]
    assert told == {**breakout, "recall": told["recall"]}
    later = await notice(team, breakout, add_seconds=60)
    assert later["recall"] == {"ends": told["recall"]["ends"] + 60_000, "gather": True}
    assert len(app.service.deadlines) == 1
    assert await notice(team, breakout, seconds=None) == breakout
    assert len(app.service.deadlines) == 0
    assert await notice(team, breakout, **AT_ONCE) == breakout  # called off it stays


async def test_when_the_notice_is_over_work_is_gathered_and_everybody_led_back(app: App) -> None:
    team, breakout = await grouped(app)
    await team.facilitator.http.patch(
        f"/api/workshops/{team.id}", json={"board": team.board("change")}
    )
    await app.write(breakout["groups"][0]["board"], "ryhmän lappu")
    await notice(team, breakout, seconds=60, gather=True)
    await notice(team, breakout, **AT_ONCE)
    desk = await until_over(team)
    [over] = desk["breakouts"]
    assert (desk["board"], over["recall"]) == (team.board(), None)
    assert over["merged"] == over["closed"]
    assert await team.texts(team.board()) == ["ryhmän lappu"]
    address = f"/api/breakouts/{breakout['id']}/gathered"
    told = (await team.facilitator.http.get(address)).json()["gathered"]
    assert [note["text"] for note in told["added"]] == ["ryhmän lappu"]
    assert (await team.people[0].http.get(address)).status_code == 403
    with pytest.raises(NotDue):
        await app.service.breakouts.end_due(team.id, breakout["id"])


async def test_without_gathering_the_work_stays_in_its_groups(app: App) -> None:
    team, breakout = await grouped(app)
    await app.write(breakout["groups"][0]["board"], "ryhmän lappu")
    await notice(team, breakout, seconds=60)
    await notice(team, breakout, **AT_ONCE)
    assert (await until_over(team))["breakouts"][0]["merged"] is None
    address = f"/api/breakouts/{breakout['id']}/gathered"
    assert (await team.facilitator.http.get(address)).json() == {"gathered": None}
    assert await team.texts(team.board()) == []


async def test_a_notice_from_before_a_restart_is_carried_out_by_who_comes_back_first(
    tmp_path: Path,
) -> None:
    async with running_app(tmp_path) as app:
        team, breakout = await grouped(app)
        app.service.deadlines._desks.on_desk = None  # it ends before the time has come
        await notice(team, breakout, seconds=60, gather=True)
        await notice(team, breakout, **AT_ONCE)
        assert (await team.desk())["breakouts"][0]["state"] == "open"
        someone = team.people[0]
    async with running_app(tmp_path) as app:  # the facilitator is not there
        team = Team(app, team.made, Person("", someone.token, app.by(someone.token)))
        await until_over(team)


async def test_what_fails_is_tried_again(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    team, breakout = await grouped(app)
    await notice(team, breakout, seconds=60)
    monkeypatch.setattr(deadlines, "RETRY_SECONDS", 0.01)
    acquire, failed = app.service.rooms.acquire, 0

    async def failing(name: str) -> Room:
        nonlocal failed
        task = asyncio.current_task()
        if task is not None and task.get_name() == "deadline" and failed < 3:
            failed += 1
            raise StoreUnavailable("the store does not answer")
        return await acquire(name)

    monkeypatch.setattr(app.service.rooms, "acquire", failing)
    await notice(team, breakout, **AT_ONCE)
    await until_over(team)
    assert failed == 3


async def test_what_is_no_notice_is_refused(app: App) -> None:
    team, breakout = await grouped(app)
    address = f"/api/breakouts/{breakout['id']}/recall"
    bodies: list[tuple[Json, str]] = [
        ({}, "seconds"),
        ({"seconds": 4}, "seconds"),
        ({"seconds": 3601}, "seconds"),
        ({"seconds": 60, "gather": 1}, "gather"),
        ({"add_seconds": "60"}, "add_seconds"),
        ({"add_seconds": 60, "seconds": 60}, "seconds"),
    ]
    for body, field in bodies:
        answer = await team.facilitator.http.post(address, json=body)
        assert (answer.status_code, answer.json()["field"]) == (400, field), body
    await team.facilitator.http.post(f"/api/breakouts/{breakout['id']}/close", json={})
    answer = await team.facilitator.http.post(address, json={"seconds": 60})
    assert (answer.status_code, answer.json()["code"]) == (409, "breakout-closed")


def test_a_notice_ends_between_now_and_an_hour() -> None:
    work = Breakout(id="b", board="x", state="open", created=0, recall=Recall(ends=60_000))

    def ends(more: int, now: int) -> int:
        recall = recalls.with_recall(work, {"add_seconds": more}, now).recall
        assert recall is not None
        return recall.ends

    assert ends(60, 30_000) == 120_000
    assert ends(-3600, 30_000) == 30_000
    assert ends(60, 90_000) == 150_000  # over, and not carried out yet: from now
    assert ends(3600, 30_000) == 3_630_000
