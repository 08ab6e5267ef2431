"""Dots: who may give how many and when (JD3), and that hidden numbers stay hidden."""

from dataclasses import replace
from typing import Any

import pytest
from pycrdt import Map, Text

from boards.edits import delete_note, vote
from server.sync.access import Access
from server.sync.limits import SyncLimits
from server.workshops.rights import dots
from tests.support.app import App, Team
from tests.support.rooms import BOARD, Client, access, board_rooms, settled

DOTS = 3
VOTING = {"dots": DOTS, "hidden": False, "open": True}


def put_votes(client: Client, votes: dict[str, Any]) -> None:
    root = client.document.root("votes")
    client.send_update(client.document.record(lambda: root.update(votes))[1])


def put_notes(client: Client, *notes: str) -> None:
    root = client.document.root("notes")
    new = {note: Map({"text": Text(note), "zone": "challenges"}) for note in notes}
    client.send_update(client.document.record(lambda: root.update(new))[1])


@pytest.mark.parametrize(
    ("votes", "code"),
    [
        ({"a/koivu": 3}, None),
        ({"a/koivu": 1, "b/koivu": 2}, None),
        ({"a/koivu": 0}, None),
        ({"a/koivu": 4}, 4422),
        ({"a/koivu": 2, "b/koivu": 2}, 4422),
        ({"a/koivu": 1.5}, 4422),
        ({"a/koivu": -1}, 4422),
        ({"a/koivu": True}, 4422),
        ({"a/koivu": "1"}, 4422),
        ({"a/koivu": Text("1")}, 4422),
        ({"a/koivu": Map({"dots": 1})}, 4422),
        ({"a/kuusi": 1}, 4403),
        ({"a/x/koivu": 1}, 4403),
        ({"a/": 1}, 4403),
        ({"koivu": 1}, 4403),
        ({"nowhere/koivu": 1}, 4422),
        ({"/koivu": 1}, 4422),
    ],
)
async def test_jd3_dots_are_ones_own_and_no_more_than_there_are(
    votes: dict[str, Any], code: int | None
) -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann = Client(room, replace(access("koivu"), dots=DOTS))
        ann.sync()
        put_notes(ann, "a", "b")
        put_votes(ann, votes)
        assert (ann.error and ann.error.close_code) == code


async def test_jd3_dots_one_after_the_other_are_counted_together() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann = Client(room, replace(access("koivu"), dots=DOTS))
        ann.sync()
        put_notes(ann, "a", "b")
        put_votes(ann, {"a/koivu": 3})
        put_votes(ann, {"a/koivu": 1})
        put_votes(ann, {"b/koivu": 2})
        assert ann.error is None
        put_votes(ann, {"b/koivu": 3})
        assert ann.error is not None


async def test_jd3_dots_on_a_deleted_note_are_the_voters_again() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann = Client(room, replace(access("koivu"), dots=DOTS))
        ann.sync()
        put_notes(ann, "a", "b")
        put_votes(ann, {"a/koivu": 3})
        ann.send_update(ann.document.record(lambda: delete_note(ann.document, "a"))[1])
        put_votes(ann, {"b/koivu": 3})
        assert ann.error is None


async def test_jd3_who_has_too_many_after_a_merge_can_only_take_back() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann = Client(room, replace(access("koivu"), dots=DOTS))
        ann.sync()
        put_notes(ann, "a", "b")
        await settled(rooms)
        room.edit(lambda document: vote(document, "a", "koivu", 3))
        room.edit(lambda document: vote(document, "b", "koivu", 3))
        await settled(rooms)
        ann.hear()
        put_votes(ann, {"a/koivu": 2})
        assert ann.error is None
        put_votes(ann, {"b/koivu": 1, "a/koivu": 3})
        assert ann.error is not None


@pytest.mark.parametrize("dots_after", [0, 1])
async def test_jd3_dots_on_their_way_when_voting_closes_are_kept(dots_after: int) -> None:
    """Closing takes nobody's connection, and after a moment it holds."""
    limits = SyncLimits(messages_per_second=0, commit_seconds=0, grace_seconds=0.05)

    def fewer(who: Access) -> Access:
        return replace(who, dots=dots_after)

    async with board_rooms(limits=limits) as rooms, rooms.hold(BOARD) as room:
        ann = Client(room, replace(access("koivu"), dots=DOTS))
        ann.sync()
        put_notes(ann, "a")
        rooms.review("workshop", fewer)
        put_votes(ann, {"a/koivu": 2})
        assert ann.error is None
        while ann.connection.access.dots != dots_after:
            await settled(rooms)
        put_votes(ann, {"a/koivu": 3})
        assert ann.error is not None


async def test_voting_that_opens_again_in_that_moment_stays_open() -> None:
    limits = SyncLimits(messages_per_second=0, commit_seconds=0, grace_seconds=0.0)
    async with board_rooms(limits=limits) as rooms, rooms.hold(BOARD) as room:
        ann = Client(room, replace(access("koivu"), dots=DOTS))
        rooms.review("workshop", lambda who: replace(who, dots=0))
        rooms.review("workshop", lambda who: replace(who, dots=5))
        await settled(rooms)
        await settled(rooms)
        assert (ann.connection.access.dots, ann.error) == (5, None)


# -- over HTTP -------------------------------------------------------------------------------------


async def open_voting(team: Team, **how: Any) -> None:
    body = {"votes": {team.board(): {**VOTING, **how}}}
    answer = await team.facilitator.http.patch(f"/api/workshops/{team.id}", json=body)
    assert answer.raise_for_status().json()["votes"] == {team.board(): {**VOTING, **how}}


async def give(app: App, board: str, note: str, person: str, number: int) -> None:
    async with app.service.rooms.hold(board) as room:
        room.edit(lambda document: vote(document, note, person, number))
        await app.service.rooms.committer.flush()


async def test_open_voting_holds_for_members_and_for_the_forks_of_the_board(app: App) -> None:
    team = await app.team(2)
    one, two = team.people
    watcher = await team.join("Haapa", "observer")
    await open_voting(team)
    breakout = await team.split([{"people": [one.id]}, {"people": [two.id]}])
    mine, theirs = (group["board"] for group in breakout["groups"])
    desk = await app.service.workshops.desk(team.id)
    found = {board: dots(desk, one.id, board) for board in (team.board(), mine, theirs)}
    assert found == {team.board(): DOTS, mine: DOTS, theirs: 0}
    assert dots(desk, one.id, team.board("change")) == 0
    assert dots(desk, watcher.id, team.board()) == 0
    assert dots(desk, team.facilitator.id, theirs) == DOTS
    await open_voting(team, open=False)
    desk = await app.service.workshops.desk(team.id)
    assert dots(desk, one.id, team.board()) == dots(desk, one.id, mine) == 0


async def test_only_a_facilitator_opens_voting_and_only_on_shared_boards(app: App) -> None:
    team = await app.team(1)
    body = {"votes": {team.board(): VOTING}}
    refused = await team.people[0].http.patch(f"/api/workshops/{team.id}", json=body)
    assert refused.status_code == 403
    fork = (await team.split(1))["groups"][0]["board"]
    wrong = await team.facilitator.http.patch(
        f"/api/workshops/{team.id}", json={"votes": {fork: VOTING}}
    )
    assert (wrong.status_code, wrong.json()["field"]) == (400, "votes")


async def test_hidden_numbers_are_nowhere_for_participants(app: App) -> None:
    """Each way out is tried: the board, the fork, snapshots, every format of export."""
    team = await app.team(2)
    one = team.people[0]
    watcher = await team.join("Haapa", "observer")
    note = await app.write(team.board(), "äänestetty")
    await give(app, team.board(), note, team.people[1].id, 3)
    await open_voting(team, hidden=True)
    breakout = await team.split([{"people": [p.id for p in team.people]}])
    fork = breakout["groups"][0]["board"]
    await app.write(fork, "ryhmän")
    snapshot = (await team.merge(breakout))["snapshot"]
    shown = f"/api/snapshots/{snapshot}"
    for who, expected in ((one, {None}), (watcher, {None}), (team.facilitator, {3, 0})):
        read = (await who.http.get(f"/api/boards/{team.board()}")).json()
        assert {entry["votes"] for entry in read["notes"]} == expected
        kept = (await who.http.get(shown)).json()["content"]
        assert {entry["votes"] for entry in kept["notes"]} == expected - {0}
        out = (await who.http.get(f"/api/boards/{team.board()}/export.json")).json()
        assert {entry["votes"] for entry in out["notes"]} == expected
        told = (await who.http.get(f"/api/boards/{team.board()}/export.md?language=fi")).text
        assert ("3 ääntä" in told) == (who is team.facilitator)
    in_group = (await one.http.get(f"/api/boards/{fork}")).json()
    assert {entry["votes"] for entry in in_group["notes"]} == {None}
    await open_voting(team, hidden=False, open=False)
    read = (await one.http.get(f"/api/boards/{team.board()}")).json()
    assert {entry["votes"] for entry in read["notes"]} == {3, 0}
