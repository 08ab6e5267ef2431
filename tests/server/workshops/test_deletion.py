"""A deleted workshop is gone whole: by a facilitator's word, or after the days of retention."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.workshops.erasure.retention import LOOKS
from server.workshops.usage import DAY
from tests.support.app import App, running_app


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A clock in ms that the test moves: clock[0]."""
    now = [1_800_000_000_000]
    for module in ("workshops", "usage", "erasure.retention", "breakouts.breakouts"):
        monkeypatch.setattr(f"server.workshops.{module}.milliseconds", lambda: now[0])
    return now


async def everything(app: App) -> set[tuple[str, str]]:
    """Every board and every record of the store, as (kind, id)."""
    store = app.service.store
    boards = await store.boards()
    found = {("document", board) for board in boards}
    for workshop, _ in await store.find("workshop", ""):
        found.add(("workshop", workshop))
        for kind in ("person", "token", "code", "return_code", "breakout", "board"):
            found |= {(kind, id) for id, _ in await store.find(kind, workshop)}
    for board in boards:
        for kind in ("owner", "snapshot"):
            found |= {(kind, id) for id, _ in await store.find(kind, board)}
    return found


async def test_a_deleted_workshop_leaves_nothing(app: App) -> None:
    kept = await app.team(1)
    before = await everything(app)
    team = await app.team(3)
    breakout = await team.split(2)
    await app.write(breakout["groups"][0]["board"], "lappu")
    await team.merge(breakout)
    doomed = await everything(app) - before
    assert {kind for kind, _ in doomed} >= {"document", "token", "code", "snapshot", "owner"}
    answer = await team.facilitator.http.delete(f"/api/workshops/{team.id}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert await everything(app) == before
    left = [(kind, id) for kind, id in doomed if await app.service.store.get(kind, id)]
    assert left == []
    answer = await team.facilitator.http.get(f"/api/workshops/{team.id}")
    assert answer.json()["code"] == "workshop-gone"
    answer = await team.facilitator.http.get(f"/api/boards/{team.board()}")
    assert answer.json()["code"] == "board-gone"
    body = {"code": team.made["join_code"], "name": "Koivu"}
    assert (await app.http.post("/api/join", json=body)).json()["code"] == "code-unknown"
    body = {"code": team.made["return_code"]}
    assert (await app.http.post("/api/return", json=body)).json()["code"] == "code-unknown"
    assert (await kept.desk())["id"] == kept.id


async def test_participants_do_not_delete(app: App) -> None:
    team = await app.team(1)
    answer = await team.people[0].http.delete(f"/api/workshops/{team.id}")
    assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")
    assert (await team.desk())["id"] == team.id


async def days_pass(app: App, clock: list[int], days: int) -> list[int]:
    """How many workshops went on each of these days; the server looks several times a day."""
    gone = []
    for _ in range(days):
        gone.append(sum([await app.service.retention.look() for _ in range(3)]))
        clock[0] += DAY
    return gone


@pytest.fixture
async def forgetful(tmp_path: Path) -> AsyncIterator[App]:
    """A server that keeps for ten days what nobody uses."""
    async with running_app(tmp_path, retention_days=10) as running:
        yield running


async def test_what_is_unused_for_long_is_forgotten(forgetful: App, clock: list[int]) -> None:
    old, used = await forgetful.team(), await forgetful.team(1)
    for _ in range(10):
        clock[0] += DAY
        assert await forgetful.service.retention.look() == 0
    assert (await used.people[0].http.get(f"/api/boards/{used.board()}")).is_success
    clock[0] += 1
    assert await days_pass(forgetful, clock, LOOKS + 1) == [0] * LOOKS + [1]
    assert (await old.facilitator.http.get(f"/api/workshops/{old.id}")).status_code == 404
    assert (await used.desk())["id"] == used.id


async def test_who_opens_it_on_the_last_day_keeps_it(forgetful: App, clock: list[int]) -> None:
    team = await forgetful.team()
    clock[0] += 11 * DAY
    assert await days_pass(forgetful, clock, LOOKS) == [0] * LOOKS
    await team.desk()
    assert await days_pass(forgetful, clock, 10) == [0] * 10
    assert await days_pass(forgetful, clock, LOOKS + 2) == [0] * (LOOKS + 1) + [1]


YEARS = 3650 * DAY


@pytest.mark.parametrize("wrong", [YEARS, -YEARS], ids=["ahead", "behind"])
async def test_h7_a_clock_that_was_wrong_for_a_start_deletes_nothing(
    tmp_path: Path, clock: list[int], wrong: int
) -> None:
    right = clock[0]
    async with running_app(tmp_path, retention_days=10) as app:
        team = await app.team()
    clock[0] = right + wrong
    async with running_app(tmp_path, retention_days=10) as app:
        assert await app.service.retention.look() == 0
        mine = app.by(team.facilitator.token)
        if wrong < 0:  # somebody uses it meanwhile
            assert (await mine.get(f"/api/workshops/{team.id}")).is_success
    clock[0] = right + DAY
    async with running_app(tmp_path, retention_days=10) as app:
        assert await days_pass(app, clock, 9) == [0] * 9
        assert (await app.by(team.facilitator.token).get(f"/api/workshops/{team.id}")).is_success


async def test_h7_a_clock_that_jumps_to_and_fro_counts_no_days(
    forgetful: App, clock: list[int]
) -> None:
    await forgetful.team()
    right = clock[0]
    for _ in range(3 * LOOKS):
        clock[0] = right + YEARS
        assert await forgetful.service.retention.look() == 0
        clock[0] = right + 11 * DAY
        assert await forgetful.service.retention.look() == 0


async def test_use_is_written_once_a_day(app: App, clock: list[int]) -> None:
    team = await app.team()
    clock[0] += DAY
    commits = app.service.rooms.committer.commits
    for _ in range(3):
        await team.desk()
    assert app.service.rooms.committer.commits == commits + 1


async def test_the_server_forgets_by_itself(tmp_path: Path, clock: list[int]) -> None:
    async with running_app(tmp_path) as app:
        team = await app.team()
    clock[0] += 31 * DAY
    for _ in range(LOOKS + 1):  # a server that is started anew each day looks at each start
        async with running_app(tmp_path, retention_days=30) as app:
            async with asyncio.timeout(10):
                while not await looked(app, team.id, clock[0]):
                    pass  # the store's own thread takes turns with us
        clock[0] += DAY
    async with running_app(tmp_path) as app:
        answer = await app.by(team.facilitator.token).get(f"/api/workshops/{team.id}")
        assert answer.status_code == 404
        assert await app.service.store.boards() == []


async def looked(app: App, workshop: str, now: int) -> bool:
    """Whether the server has found it unused today, or deleted it."""
    idle = await app.service.store.get("idle", workshop)
    gone = await app.service.store.get("workshop", workshop) is None
    return gone or (idle is not None and idle["at"] == now)
