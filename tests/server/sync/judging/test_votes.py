"""Dots: who may give how many and when (JD3), and that hidden numbers stay hidden."""

from dataclasses import replace
from typing import Any

import pytest
from pycrdt import Map, Text

from boards.edits import delete_note, vote
from server.sync.access import Access
from server.sync.limits import SyncLimits
from server.sync.rooms import Rooms
from server.workshops.rights import dots
from tests.support.app import App, Team
from tests.support.clock import HandClock
from tests.support.rooms import BOARD, WORKSHOP, Client, access, board_rooms, settled

DOTS = 3
VOTING = {"dots": DOTS, "hidden": False, "open": True}


def put_votes(client: Client, votes: dict[str, Any]) -> None:
    root = client.document.root("votes")
    client.send_update(client.document.record(lambda: root.update(votes))[1])


def put_notes(client: Client, *notes: str) -> None:
    root = client.document.root("notes")
    new = {note: Map({"text": Text(note), "zone": "challenges"}) for note in notes}
    client.send_update(client.document.record(lambda: root.update(new))[1])


def votes_of(client: Client) -> dict[str, Any]:
    """As the client's own document says them after it has heard everything."""
    return dict(client.document.root("votes").to_py() or {})


async def told(rooms: Rooms, client: Client) -> list[tuple[str, str, int]]:
    """What was put right, as the client hears it: rule, code and how many."""
    for _ in range(2):  # it may be asked something, and its answer is acked as well
        await settled(rooms)
        client.hear()
    assert (client.error, client.acked) == (None, client.connection.received)
    return [(note["rule"], note["code"], note["count"]) for _, note in client.notices]


@pytest.mark.parametrize(
    ("votes", "code"),
    [
        ({"a/koivu": 3}, None),
        ({"a/koivu": 1, "b/koivu": 2}, None),
        ({"a/koivu": 0}, None),
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
    ],
)
async def test_jd3_dots_are_ones_own_and_whole(votes: dict[str, Any], code: int | None) -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann = Client(room, replace(access("koivu"), dots=DOTS))
        ann.sync()
        put_notes(ann, "a", "b")
        put_votes(ann, votes)
        assert (ann.error and ann.error.close_code) == code


@pytest.mark.parametrize(
    ("votes", "left", "code"),
    [
        ({"a/koivu": 4}, {"a/koivu": 3}, "too-many-dots"),
        ({"a/koivu": 2, "b/koivu": 2}, {"a/koivu": 2, "b/koivu": 1}, "too-many-dots"),
        ({"a/koivu": 5, "b/koivu": 5}, {"a/koivu": 3}, "too-many-dots"),
        ({"c/koivu": 4}, {"c/koivu": 3}, "too-many-dots"),
        ({"nowhere/koivu": 1}, {}, "note-gone"),
        ({"/koivu": 1, "a/koivu": 1}, {"a/koivu": 1}, "note-gone"),
    ],
)
async def test_jd13_dots_too_many_are_taken_back_and_no_more(
    votes: dict[str, Any], left: dict[str, Any], code: str
) -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann, bea = Client(room, replace(access("koivu"), dots=DOTS)), Client(room)
        ann.sync()
        bea.sync()
        put_notes(ann, "a", "b", "c")
        ann.send_update(ann.document.record(lambda: delete_note(ann.document, "c"))[1])
        put_votes(ann, votes)
        [(rule, told_code, count)] = await told(rooms, ann)
        assert (rule, told_code) == ("JD13", code)
        assert count == sum(votes[key] != left.get(key) for key in votes)
        bea.hear()
        assert votes_of(ann) == votes_of(bea) == left


async def test_jd13_two_devices_give_the_last_dot() -> None:
    """Neither is thrown out, one dot stays, and both go on, also over new connections."""
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        who = replace(access("koivu"), dots=1)
        phone, laptop = Client(room, who), Client(room, who)
        phone.sync()
        put_notes(phone, "a", "b")
        await settled(rooms)
        laptop.sync()
        put_votes(phone, {"a/koivu": 1})
        put_votes(laptop, {"b/koivu": 1})
        assert await told(rooms, laptop) == [("JD13", "too-many-dots", 1)]
        assert await told(rooms, phone) == []
        assert votes_of(laptop) == votes_of(phone) == {"a/koivu": 1}
        [(_, first)] = laptop.notices
        for number, device in enumerate((phone, laptop)):
            put_notes(device, f"{number}")
            device.reconnect()
            device.sync()
            put_notes(device, f"{number} again")
            assert await told(rooms, device) == [("JD13", "too-many-dots", 1)]
            assert device.notices == [(0, first)]
        await told(rooms, phone)
        assert len(phone.document.root("notes")) == 6
        assert laptop.document.root("notes").to_py() == phone.document.root("notes").to_py()


async def test_jd3_dots_one_after_the_other_are_counted_together() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann = Client(room, replace(access("koivu"), dots=DOTS))
        ann.sync()
        put_notes(ann, "a", "b")
        put_votes(ann, {"a/koivu": 3})
        put_votes(ann, {"a/koivu": 1})
        put_votes(ann, {"b/koivu": 2})
        assert await told(rooms, ann) == []
        put_votes(ann, {"b/koivu": 3})
        assert await told(rooms, ann) == [("JD13", "too-many-dots", 1)]
        assert votes_of(ann) == {"a/koivu": 1, "b/koivu": 2}


async def test_jd3_dots_on_a_deleted_note_are_the_voters_again() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann = Client(room, replace(access("koivu"), dots=DOTS))
        ann.sync()
        put_notes(ann, "a", "b")
        put_votes(ann, {"a/koivu": 3})
        ann.send_update(ann.document.record(lambda: delete_note(ann.document, "a"))[1])
        put_votes(ann, {"b/koivu": 3})
        assert await told(rooms, ann) == []


async def test_jd13_who_has_too_many_after_a_merge_can_only_take_back() -> None:
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
        assert await told(rooms, ann) == []
        put_votes(ann, {"b/koivu": 1, "a/koivu": 3})
        assert await told(rooms, ann) == [("JD13", "too-many-dots", 1)]
        assert votes_of(ann) == {"a/koivu": 2, "b/koivu": 1}


async def test_jd14_after_voting_the_numbers_stay_as_they_were() -> None:
    """Dots that a slow network brings then are set back, taken ones return; the rest is taken."""
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann = Client(room, replace(access("koivu"), dots=DOTS))
        bea = Client(room)
        ann.sync()
        bea.sync()
        put_notes(ann, "a", "b", "c")
        put_votes(ann, {"a/koivu": 1, "b/koivu": 2})
        await told(rooms, ann)
        ann.connection.access = replace(ann.access, dots=0)
        root = ann.document.root("votes")

        def late() -> None:
            root["a/koivu"] = 2
            del root["b/koivu"]
            root["c/koivu"] = 1
            ann.document.root("notes")["d"] = Map({"text": Text("d"), "zone": "challenges"})

        ann.send_update(ann.document.record(late)[1])
        assert await told(rooms, ann) == [("JD14", "votes-closed", 3)]
        bea.hear()
        assert votes_of(ann) == votes_of(bea) == {"a/koivu": 1, "b/koivu": 2}
        assert "d" in bea.document.root("notes")


@pytest.mark.parametrize("dots_after", [0, 1])
async def test_jd3_dots_on_their_way_when_voting_closes_are_kept(dots_after: int) -> None:
    """Closing takes nobody's connection, and after a moment it holds."""
    limits, clock = SyncLimits(messages_per_second=0, commit_seconds=0), HandClock()

    def fewer(who: Access) -> Access:
        return replace(who, dots=dots_after)

    async with board_rooms(limits=limits, clock=clock) as rooms, rooms.hold(BOARD) as room:
        ann = Client(room, replace(access("koivu"), dots=DOTS))
        ann.sync()
        put_notes(ann, "a")
        rooms.reauthorise(WORKSHOP, fewer)
        put_votes(ann, {"a/koivu": 2})
        assert ann.error is None
        await settled(rooms)
        clock.turn(limits.grace_seconds)
        assert ann.connection.access.dots == dots_after
        put_votes(ann, {"a/koivu": 3})
        code = "too-many-dots" if dots_after else "votes-closed"
        assert [code for _, code, _ in await told(rooms, ann)] == [code]
        assert votes_of(ann) == {"a/koivu": 2}


async def test_voting_that_opens_again_in_that_moment_stays_open() -> None:
    limits, clock = SyncLimits(messages_per_second=0, commit_seconds=0), HandClock()
    async with board_rooms(limits=limits, clock=clock) as rooms, rooms.hold(BOARD) as room:
        ann = Client(room, replace(access("koivu"), dots=DOTS))
        rooms.reauthorise(WORKSHOP, lambda who: replace(who, dots=0))
        rooms.reauthorise(WORKSHOP, lambda who: replace(who, dots=5))
        clock.turn(limits.grace_seconds)
        assert (ann.connection.access.dots, ann.error) == (5, None)


# -- over HTTP -------------------------------------------------------------------------------------


async def open_voting(team: Team, **how: Any) -> None:
    body = {"votes": {team.board(): {**VOTING, **how}}}
    answer = await team.facilitator.http.patch(f"/api/workshops/{team.id}", json=body)
    assert answer.raise_for_status().json()["votes"] == {team.board(): {**VOTING, **how}}


async def give(app: App, board: str, note: str, person: str, number: int) -> None:
    async with app.service.rooms.hold(board) as room:
        room.edit(lambda document: vote(document, note, person, number))
        await app.service.rooms.committer.commit(room.workshop)


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


async def test_jd8_hidden_numbers_are_nowhere_for_participants(app: App) -> None:
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
