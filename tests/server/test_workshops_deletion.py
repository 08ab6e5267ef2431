"""A deleted workshop is gone whole: by a facilitator's word, or after the days of retention."""

import asyncio
from pathlib import Path

import pytest

from server.workshops.usage import DAY
from tests.support.app import App, running_app


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A clock in ms that the test moves: clock[0]."""
    now = [1_800_000_000_000]
    for module in ("service", "usage", "deletion", "breakouts"):
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


async def test_what_is_unused_for_long_is_forgotten(app: App, clock: list[int]) -> None:
    old, used = await app.team(), await app.team(1)
    clock[0] += 5 * DAY
    assert (await used.people[0].http.get(f"/api/boards/{used.board()}")).is_success
    clock[0] += 5 * DAY
    assert await app.service.deletion.forget_unused(10) == 0
    clock[0] += 1
    assert await app.service.deletion.forget_unused(10) == 1
    assert (await old.facilitator.http.get(f"/api/workshops/{old.id}")).status_code == 404
    assert (await used.desk())["id"] == used.id


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
    async with running_app(tmp_path, retention_days=30) as app:
        async with asyncio.timeout(10):
            while await app.service.store.find("workshop", ""):
                pass  # the store's own thread takes turns with us
        answer = await app.by(team.facilitator.token).get(f"/api/workshops/{team.id}")
        assert answer.status_code == 404
        assert await app.service.store.boards() == []
