"""One workshop never waits for another's turn; within one, one is served at a time."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from boards.workbook.installed import load
from server.store import Commit
from tests.support.app import App, Team

TEAMS = 4
FORM = next(form for form in load("valoa").board("assessment").forms if form.id == "community")


async def ready_to_answer(team: Team) -> None:
    await team.at_work()
    body = {"form": FORM.id, "few": True}
    made = await team.facilitator.http.post(f"/api/workshops/{team.id}/rounds", json=body)
    made.raise_for_status()


async def answer(team: Team) -> httpx.Response:
    body = {"form": FORM.id, "ratings": {FORM.statements[0].id: 4}}
    return await team.people[0].http.post(f"/api/workshops/{team.id}/answers", json=body)


async def ready_to_knock(team: Team) -> None:
    body = {"joining": "ask"}
    done = await team.facilitator.http.patch(f"/api/workshops/{team.id}", json=body)
    done.raise_for_status()


async def knock(team: Team) -> httpx.Response:
    body = {"code": team.made["join_code"], "name": "Tulija"}
    return await team.app.client().post("/api/join", json=body)


async def ready_to_return(team: Team) -> None:
    pass


async def come_back(team: Team) -> httpx.Response:
    return await team.app.client().post("/api/return", json={"code": team.made["return_code"]})


@pytest.mark.parametrize(
    ("kind", "prepare", "call"),
    [
        ("round", ready_to_answer, answer),
        ("waiting", ready_to_knock, knock),
        ("token", ready_to_return, come_back),
    ],
)
async def test_teams_are_served_side_by_side(
    app: App,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    prepare: Callable[[Team], Awaitable[None]],
    call: Callable[[Team], Awaitable[httpx.Response]],
) -> None:
    """Each is held before its commit until all have come so far."""
    teams = [await app.team(1) for _ in range(TEAMS)]
    for team in teams:
        await prepare(team)
    committer, together = app.service.rooms.committer, asyncio.Barrier(TEAMS)
    commit_alone = committer.commit_alone

    async def held(commit: Commit) -> None:
        if any(record.kind == kind for record in commit.puts):
            await together.wait()
        await commit_alone(commit)

    monkeypatch.setattr(committer, "commit_alone", held)
    async with asyncio.timeout(5):
        answers = await asyncio.gather(*map(call, teams))
    assert all(found.is_success for found in answers)
