"""Snapshots by calls: by hand and by themselves, going back, undoing a merge."""

import asyncio
from typing import Any

import pytest

from boards.edits import delete_note, recolour, retext, vote
from server.clock import milliseconds
from server.store import Record, StoreUnavailable
from server.workshops.snapshots import automatic
from server.workshops.snapshots.snapshot import Snapshot
from server.workshops.snapshots.snapshots import MOST_BY_HAND
from server.workshops.snapshots.thinning import DAY, HOUR, MOST, too_old
from tests.support.app import App, Json, Team


async def edit(app: App, board: str, change: Any) -> None:
    async with app.service.rooms.hold(board) as room:
        room.edit(change)
        await app.service.rooms.committer.commit(room.workshop)


async def take(team: Team, name: str = "Ennen taukoa") -> Json:
    path = f"/api/boards/{team.board()}/snapshots"
    answer = await team.facilitator.http.post(path, json={"name": name})
    assert answer.status_code == 201, answer.text
    snapshot: Json = answer.json()
    return snapshot


async def listed(team: Team, key: str = "phenomena") -> list[Json]:
    answer = await team.facilitator.http.get(f"/api/boards/{team.board(key)}/snapshots")
    found: list[Json] = answer.raise_for_status().json()
    return found


async def restore(team: Team, snapshot: str, **body: str) -> Json:
    path = f"/api/snapshots/{snapshot}/restore"
    answer = await team.facilitator.http.post(path, json=body)
    went: Json = answer.raise_for_status().json()
    return went


async def test_a_board_is_kept_under_a_name_and_comes_back(app: App) -> None:
    """SN1, SN3."""
    team = await app.team(1)
    note = await app.write(team.board(), "alku")
    gone = await app.write(team.board(), "poistuu")
    snapshot = await take(team)
    assert (snapshot["name"], snapshot["cause"]) == ("Ennen taukoa", "by_hand")
    assert (snapshot["person"], snapshot["merge"]) == (team.facilitator.id, None)
    await edit(app, team.board(), lambda document: retext(document, note, "muuttui"))
    await edit(app, team.board(), lambda document: delete_note(document, gone))
    await app.write(team.board(), "myöhempi")
    went = await restore(team, snapshot["id"], mode="in_place")
    assert (went["deleted"], went["restored"]) == (1, 1)
    assert await team.texts(team.board()) == ["alku", "poistuu"]
    before = went["snapshot"]
    assert [(one["id"], one["cause"]) for one in await listed(team)] == [
        (snapshot["id"], "by_hand"),
        (before, "restore"),
    ]
    await restore(team, before)
    assert await team.texts(team.board()) == ["muuttui", "myöhempi"]


async def test_a_board_that_is_as_it_was_stays_so_and_nothing_is_kept(app: App) -> None:
    team = await app.team()
    await app.write(team.board(), "alku")
    snapshot = await take(team)
    went = await restore(team, snapshot["id"])
    assert went == {"snapshot": None, "deleted": 0, "restored": 0}
    assert len(await listed(team)) == 1


async def test_what_going_back_took_off_is_in_the_log_of_deletions(app: App) -> None:
    """SN7."""
    team = await app.team(1)
    snapshot = await take(team)
    await team.at_work()
    await restore(team, snapshot["id"])
    path = f"/api/workshops/{team.id}/deletions"
    [entry] = (await team.facilitator.http.get(path)).json()
    assert (entry["person"], entry["count"], entry["others"]) == (team.facilitator.id, 1, 1)


async def test_a_merge_is_taken_back_and_what_was_written_since_stays(app: App) -> None:
    """SN5."""
    team = await app.team(2)
    old = await app.write(team.board(), "yhteinen")
    breakout = await team.split(2)
    first, second = (group["board"] for group in breakout["groups"])
    await app.write(first, "ensimmäisen")
    touched = await app.write(second, "toisen")
    await edit(app, first, lambda document: retext(document, old, "yhteinen ryhmässä"))
    snapshot = (await team.merge(breakout))["snapshot"]
    assert (await listed(team))[0]["merge"] == "done"
    await app.write(team.board(), "sen jälkeen")
    await edit(app, team.board(), lambda document: recolour(document, touched, "pink"))
    went = await restore(team, snapshot, mode="undo_merge")
    assert went["deleted"] == 1
    assert await team.texts(team.board()) == ["sen jälkeen", "toisen", "yhteinen"]
    assert (await listed(team))[0]["merge"] == "undone"
    assert (await team.desk())["breakouts"][0]["merged"] is None
    path = f"/api/snapshots/{snapshot}/restore"
    again = await team.facilitator.http.post(path, json={"mode": "undo_merge"})
    assert (again.status_code, again.json()["code"]) == (409, "merge-undone")


async def test_merging_again_brings_home_what_was_taken_back_and_what_is_new(app: App) -> None:
    """SN6."""
    team = await app.team(2)
    breakout = await team.split(2)
    board = breakout["groups"][0]["board"]
    await app.write(board, "ennen")
    snapshot = (await team.merge(breakout))["snapshot"]
    await restore(team, snapshot, mode="undo_merge")
    assert await team.texts(team.board()) == []
    await app.write(board, "uusi")
    report = await team.merge(breakout)
    assert await team.texts(team.board()) == ["ennen", "uusi"]
    [shown] = [one for one in await listed(team) if one["id"] == report["snapshot"]]
    assert shown["merge"] == "done"
    await restore(team, report["snapshot"], mode="undo_merge")
    assert await team.texts(team.board()) == []
    again = await team.merge(breakout)
    assert await team.texts(team.board()) == ["ennen", "uusi"]
    assert (await team.merge(breakout))["snapshot"] is None
    assert again["snapshot"]


async def test_two_who_take_the_same_merge_back_do_it_once(app: App) -> None:
    team = await app.team(2)
    breakout = await team.split(2)
    await app.write(breakout["groups"][0]["board"], "ryhmän")
    snapshot = (await team.merge(breakout))["snapshot"]
    path = f"/api/snapshots/{snapshot}/restore"
    answers = await asyncio.gather(
        *(team.facilitator.http.post(path, json={"mode": "undo_merge"}) for _ in range(3))
    )
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert sum(answer.json().get("deleted", 0) for answer in answers) == 1
    assert await team.texts(team.board()) == []


async def test_only_facilitators_take_delete_and_go_back(app: App) -> None:
    team, others = await app.team(1), await app.team()
    snapshot = await take(team)
    path = f"/api/snapshots/{snapshot['id']}"
    member, stranger = team.people[0].http, others.facilitator.http
    refused = [
        await member.post(f"/api/boards/{team.board()}/snapshots", json={"name": "oma"}),
        await member.post(f"{path}/restore", json={}),
        await member.delete(path),
    ]
    assert [answer.status_code for answer in refused] == [403] * 3
    strange = [await stranger.post(f"{path}/restore", json={}), await stranger.delete(path)]
    assert [answer.status_code for answer in strange] == [401] * 2
    assert (await member.get(path)).status_code == 200
    assert (await team.facilitator.http.delete(path)).status_code == 204
    assert (await team.facilitator.http.get(path)).status_code == 404


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "a" * 121}, {"name": "a", "x": 1}])
async def test_a_snapshot_needs_a_name(app: App, body: Json) -> None:
    team = await app.team()
    path = f"/api/boards/{team.board()}/snapshots"
    assert (await team.facilitator.http.post(path, json=body)).status_code == 400


async def test_a_board_has_so_many_by_hand_and_no_more(app: App) -> None:
    team = await app.team()
    for number in range(MOST_BY_HAND):
        await take(team, f"{number}")
    path = f"/api/boards/{team.board()}/snapshots"
    answer = await team.facilitator.http.post(path, json={"name": "liikaa"})
    assert answer.json()["code"] == "snapshots-full"


async def test_moving_on_keeps_what_is_left_behind_once(app: App) -> None:
    """SN2."""
    team = await app.team()
    http, path = team.facilitator.http, f"/api/workshops/{team.id}"
    await app.write(team.board(), "alku")
    for key in ("change", "phenomena", "change"):
        (await http.patch(path, json={"board": team.board(key)})).raise_for_status()
    assert [one["cause"] for one in await listed(team)] == ["move"]
    assert await listed(team, "change") == []
    await app.write(team.board(), "lisää")
    desk = await team.desk()
    stage = next(s for s in (await stages(team)) if s != desk["stage"])
    (await http.patch(path, json={"stage": stage})).raise_for_status()
    assert [one["cause"] for one in await listed(team)] == ["move", "move"]


async def stages(team: Team) -> list[str]:
    path = f"/api/workshops/{team.id}/workbook"
    workbook = (await team.facilitator.http.get(path)).raise_for_status().json()
    return [stage["id"] for stage in workbook["stages"]]


async def test_the_team_moves_on_though_no_snapshot_can_be_taken(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SN2."""
    team = await app.team()
    await app.write(team.board(), "alku")
    commit = app.service.rooms.committer.commit

    async def refusing(workshop: str, **parts: Any) -> None:
        if any(record.kind == "snapshot" for record in parts.get("puts", ())):
            raise StoreUnavailable("no room for a snapshot")
        await commit(workshop, **parts)

    monkeypatch.setattr(app.service.rooms.committer, "commit", refusing)
    body = {"board": team.board("change")}
    answer = await team.facilitator.http.patch(f"/api/workshops/{team.id}", json=body)
    assert answer.json()["board"] == team.board("change")
    assert await listed(team) == []


async def test_dots_stay_as_they_are(app: App) -> None:
    """SN4."""
    team = await app.team()
    note = await app.write(team.board(), "alku")
    snapshot = await take(team)
    await edit(app, team.board(), lambda document: vote(document, note, "koivu", 2))
    await edit(app, team.board(), lambda document: retext(document, note, "muuttui"))
    await restore(team, snapshot["id"])
    board = (await team.facilitator.http.get(f"/api/boards/{team.board()}")).json()
    assert [(one["text"], one["votes"]) for one in board["notes"]] == [("alku", 2)]


async def test_calling_back_keeps_the_shared_board(app: App) -> None:
    team = await app.team(2)
    await app.write(team.board(), "yhteinen")
    breakout = await team.split(2)
    path = f"/api/breakouts/{breakout['id']}/close"
    (await team.facilitator.http.post(path, json={})).raise_for_status()
    assert [(one["cause"], one["person"]) for one in await listed(team)] == [
        ("recall", team.facilitator.id)
    ]


async def test_a_board_that_is_worked_on_is_kept_every_ten_minutes(app: App) -> None:
    team = await app.team()
    keeper, now = app.service.snapshots.automatic, milliseconds()
    async with app.service.rooms.hold(team.board()):
        await app.write(team.board(), "yksi")
        await keeper.look(now)
        await app.write(team.board(), "kaksi")
        await keeper.look(now + 599_000)
        assert await listed(team) == []
        await keeper.look(now + 600_000)
        await keeper.look(now + 1_300_000)
    assert [one["cause"] for one in await listed(team)] == ["activity"]


async def test_a_board_that_cannot_be_kept_costs_no_other_its_snapshot(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:
    team = await app.team()
    keeper, now = app.service.snapshots.automatic, milliseconds()
    first, second = (board["id"] for board in team.made["boards"][:2])
    async with app.service.rooms.hold(first), app.service.rooms.hold(second):
        await keeper.look(now)
        for board in first, second:
            await app.write(board, "uusi")
        spoilt = Record("snapshot", "spoilt", first, {})  # as no version writes it
        await app.service.rooms.committer.commit(team.id, puts=[spoilt])
        await keeper.look(now + 600_000)
    assert [value["cause"] for _, value in await app.service.store.find("snapshot", second)] == [
        "activity"
    ]
    assert f"no snapshot of board {first} was taken" in caplog.text


async def test_boards_are_looked_at_again_whatever_one_look_meets(
    app: App, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looked, again = 0, asyncio.Event()

    async def look(now: int) -> None:
        nonlocal looked
        looked += 1
        if looked > 1:
            return again.set()
        raise RuntimeError("nobody thought of this")

    kept_by = app.service.snapshots.automatic
    monkeypatch.setattr(automatic, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(kept_by, "look", look)
    async with asyncio.timeout(10), kept_by.watching():
        await again.wait()
    assert "nobody thought of this" in caplog.text


def kept(at: int, cause: str = "activity", id: str = "") -> Snapshot:
    return Snapshot(id or f"{cause}{at}", "", at, "board", cause)


def test_the_servers_own_are_thinned_and_those_by_hand_stay() -> None:
    """SN8."""
    now = 100 * DAY
    hourly = [kept(now - 2 * DAY - number * 60_000) for number in range(120)]
    daily = [kept(now - 40 * DAY - number * HOUR) for number in range(48)]
    fresh = [kept(now - number * 60_000) for number in range(30)]
    by_hand = [kept(now - 50 * DAY, "by_hand", f"own{number}") for number in range(9)]
    everything = [*hourly, *daily, *fresh, *by_hand]
    gone = set(too_old(everything, now))
    left = [one for one in everything if one.id not in gone]
    assert [one for one in left if one in fresh] == fresh
    assert [one for one in left if one in by_hand] == by_hand
    assert len([one for one in left if one in hourly]) in (2, 3)
    assert len([one for one in left if one in daily]) in (2, 3)
    assert too_old(left, now) == []


def test_no_more_than_so_many_of_the_servers_own() -> None:
    many = [kept(number) for number in range(MOST + 5)]
    assert sorted(too_old(many, MOST + 5)) == sorted(one.id for one in many[:5])
