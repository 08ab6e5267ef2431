"""Snapshots: however many are asked for at once, others' edits are written in between, and what is
kept of a board has an end."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from server.store import Commit
from server.workshops.snapshots import snapshots, thinning
from server.workshops.snapshots.large import PAUSE, Large
from server.workshops.snapshots.snapshot import Snapshot
from server.workshops.snapshots.thinning import too_old
from tests.attacks.resources.test_reading import fill
from tests.support.app import App, Team

AT_ONCE = 6


async def full(app: App) -> tuple[Team, int]:
    """A workshop with a large board, and how large."""
    team = await app.team()
    async with app.service.rooms.hold(team.board()) as room:
        room.edit(lambda document: fill(document, team.board(), 2_000))
        await app.service.rooms.committer.commit(room.workshop)
        assert room.document is not None
        return team, len(room.document.get_update())


def watched(
    app: App, monkeypatch: pytest.MonkeyPatch, counted: Callable[[Commit], int] | None = None
) -> list[int]:
    """How many snapshots the store is given in one go, each time; or what is `counted`."""
    given: list[int] = []
    commit_all = app.service.store.commit_all
    count = counted or (lambda commit: sum(put.kind == "snapshot" for put in commit.puts))

    async def telling(commits: Sequence[Commit]) -> Any:
        given.append(sum(map(count, commits)))
        return await commit_all(commits)

    monkeypatch.setattr(app.service.store, "commit_all", telling)
    return given


async def test_many_snapshots_at_once_are_written_one_by_one(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred of a full board were one commit of two gigabytes: nobody saved for a minute."""
    team, _ = await full(app)
    other, _ = await full(app)
    given = watched(app, monkeypatch)
    asked = [
        each.facilitator.http.post(f"/api/boards/{each.board()}/snapshots", json={"name": "Nyt"})
        for each in (team, other)
        for _ in range(AT_ONCE)
    ]
    told = Counter(answer.status_code for answer in await asyncio.gather(*asked))
    assert told == {201: 2 * AT_ONCE}
    assert max(given) == 1
    assert sum(given) == 2 * AT_ONCE


async def test_moving_on_many_times_at_once_keeps_a_state_once(app: App) -> None:
    team, _ = await full(app)
    automatic = app.service.snapshots.automatic
    kept = (automatic.keep(team.id, [team.board()], "move") for _ in range(AT_ONCE))
    assert sum(len(ids) for ids in await asyncio.gather(*kept)) == 1


async def test_others_have_their_turns_between_two_large_ones() -> None:
    now = [100.0]
    large, loop = Large(lambda: now[0]), asyncio.get_running_loop()
    async with large.turn("one", 1 << 20):
        now[0] += 0.05  # so long the store had time for nobody else
    began = loop.time()
    async with large.turn("two", 1 << 10):
        assert loop.time() - began < 0.04  # small ones need not wait
    async with large.turn("two", 1 << 20):
        assert loop.time() - began >= PAUSE * 0.05 - 0.01


async def test_snapshots_by_hand_have_a_size_in_all(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    team, size = await full(app)
    monkeypatch.setattr(snapshots, "MOST_BYTES", 7 * size // 2)
    path = f"/api/boards/{team.board()}/snapshots"
    asked = [team.facilitator.http.post(path, json={"name": "Nyt"}) for _ in range(AT_ONCE)]
    told = Counter(answer.status_code for answer in await asyncio.gather(*asked))
    assert told == {201: 3, 409: AT_ONCE - 3}


def test_the_servers_own_have_a_size_in_all_and_the_latest_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(thinning, "MOST_BYTES", 25)
    own = [Snapshot(f"{at}", "", at, "b", "restore", size=10) for at in range(5)]
    assert sorted(too_old(own, 5)) == ["0", "1", "2"]
    huge = Snapshot("huge", "", 9, "b", "merge", size=1_000)
    assert sorted(too_old([*own, huge], 9)) == ["0", "1", "2", "3", "4"]


async def test_going_back_and_forth_fills_no_disk(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each keeps the board as it was before; those add up to no more than they may."""
    team, size = await full(app)
    monkeypatch.setattr(thinning, "MOST_BYTES", 3 * size)
    http, path = team.facilitator.http, f"/api/boards/{team.board()}/snapshots"
    first = (await http.post(path, json={"name": "Nyt"})).json()["id"]
    for number in range(6):
        await app.write(team.board(), f"uusi {number}")
        answer = await http.post(f"/api/snapshots/{first}/restore", json={})
        assert answer.raise_for_status().json()["deleted"] == 1
    listed = (await http.get(path)).json()
    assert [each["cause"] for each in listed].count("restore") in (2, 3)
    assert first in [each["id"] for each in listed]


async def test_a_workshop_is_deleted_with_one_large_state_in_each_go(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """440 MB of snapshots in one commit: nobody saved for three seconds."""
    team, _ = await full(app)
    await app.team()
    for _ in range(3):
        await team.facilitator.http.post(
            f"/api/boards/{team.board()}/snapshots", json={"name": "x"}
        )
    found = await app.service.store.find("snapshot", team.board())
    gone = watched(app, monkeypatch, lambda commit: sum(k == "snapshot" for k, _ in commit.deletes))
    answer = await team.facilitator.http.delete(f"/api/workshops/{team.id}")
    assert answer.status_code == 204
    assert max(gone) == 1
    assert sum(gone) == len(found) >= 3
    assert await app.service.store.find("snapshot", team.board()) == []
