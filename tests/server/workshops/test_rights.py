"""The whole matrix of rights: as a function (shared with the client by vectors), and by hand-made
requests over HTTP."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from boards.desk import Breakout, Desk, DeskBoard, Group, Role
from boards.desk import Person as DeskPerson
from boards.desk_parts.board_rights import EVERYTHING, BoardRights
from boards.document import Document
from boards.edits import add_note
from server.errors import NotAllowed, NotSignedIn
from server.sync.access import Access
from server.workshops.members import renewal
from server.workshops.rights import allowed, desk_rights, may_deliver, rights
from tests.support.app import App, Person, Team

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "rights.json").read_text())


def desk_of(value: dict[str, Any]) -> Desk:
    """A desk from the vectors: only what rights depend on."""
    return Desk(
        locks=dict.fromkeys(value["locks"], True),
        people=tuple(
            DeskPerson(id=person, name=person, role=role, color=0, joined=0)
            for person, role in value["people"].items()
        ),
        boards=tuple(
            DeskBoard(id=board, key="phenomena", kind="notes", lineage="l", **place)
            for board, place in value["boards"].items()
        ),
        breakouts=tuple(
            Breakout(
                id=breakout,
                board="shared",
                state=entry["state"],
                created=0,
                groups=tuple(
                    Group(id=group, name=group, board=f"{group}-board", people=tuple(people))
                    for group, people in entry["groups"].items()
                ),
            )
            for breakout, entry in value["breakouts"].items()
        ),
    )


CELLS = [
    pytest.param(person, board, cell, id=f"{person} on {board}")
    for person, row in VECTORS["rights"].items()
    for board, cell in row.items()
]


@pytest.mark.parametrize(("person", "board", "cell"), CELLS)
def test_every_cell_of_the_matrix(person: str, board: str, cell: str) -> None:
    found = rights(desk_of(VECTORS["desk"]), person, board)
    assert (found.may_see, found.may_write) == (cell != "nothing", cell == "write")


def test_the_matrix_is_whole() -> None:
    desk = VECTORS["desk"]
    assert VECTORS["rights"].keys() == desk["people"].keys()
    assert all(row.keys() == desk["boards"].keys() for row in VECTORS["rights"].values())


def test_strangers_and_unknown_boards_have_no_rights() -> None:
    desk = desk_of(VECTORS["desk"])
    assert not rights(desk, "stranger", "shared").may_see
    assert not rights(desk, "facilitator", "unknown").may_see
    assert not desk_rights(desk, "stranger").may_see


@pytest.mark.parametrize("person", ["facilitator", "in-a", "observer"])
def test_everybody_reads_the_desk_and_nobody_writes_it(person: str) -> None:
    found = desk_rights(desk_of(VECTORS["desk"]), person)
    assert (found.may_see, found.may_write) == (True, False)


@pytest.mark.parametrize("person", VECTORS["bounds"]["expected"])
def test_which_rights_with_notes_hold_on_which_board(person: str) -> None:
    given = VECTORS["bounds"]["rights"]
    known = {board: BoardRights(**each) for board, each in given.items()}
    desk = replace(desk_of(VECTORS["desk"]), rights=known)
    for board, whose in VECTORS["bounds"]["expected"][person].items():
        assert allowed(desk, person, board) == (EVERYTHING if whose == "all" else known[whose])
    assert allowed(desk_of(VECTORS["desk"]), person, "shared") == EVERYTHING


HOUR = 3_600_000  # ms
AFTER = {
    "in-a": {"a-board": True, "old-board": True, "b-board": False, "locked": False},
    "in-b": {"b-board": True, "old-board": True, "a-board": True, "shared": True},
    "in-none": {"old-board": False, "a-board": False, "lost-board": False},
    "observer-in-a": {"a-board": False, "shared": False},
    "facilitator": {"old-board": True, "locked": True},
    "stranger": {"old-board": False},
}
DELIVERIES = [(person, board, may) for person, row in AFTER.items() for board, may in row.items()]


@pytest.mark.parametrize(("person", "board", "may"), DELIVERIES)
def test_what_members_wrote_is_taken_for_some_hours_after(
    person: str, board: str, may: bool
) -> None:
    """`before` was over, and in-b and an observer were moved out of a, two hours ago."""
    desk = moved(desk_of(VECTORS["desk"]))
    assert may_deliver(desk, person, board, now=2 * HOUR, late_seconds=2 * 3600 + 1) is may
    if not rights(desk, person, board).may_write:
        assert not may_deliver(desk, person, board, now=2 * HOUR, late_seconds=2 * 3600)


def moved(desk: Desk) -> Desk:
    now, before = desk.breakouts
    a, b = now.groups
    left = {"in-b": 0, "observer-in-a": 0}
    return replace(
        desk,
        breakouts=(
            replace(now, groups=(replace(a, left=left), b)),
            replace(before, closed=0),
        ),
    )


def test_group_work_that_was_over_before_times_were_kept_takes_nothing_late() -> None:
    assert not may_deliver(desk_of(VECTORS["desk"]), "in-a", "old-board", now=0, late_seconds=HOUR)


def access(person: str, board: str, role: Role = "participant") -> Access:
    return Access(board, "w", person, person, role, 0, True, "notes", "phenomena", "l")


def test_an_open_connection_is_looked_at_again() -> None:
    renew = renewal(desk_of(VECTORS["desk"]))
    assert renew(access("in-a", "a-board")).may_write
    assert not renew(access("in-a", "old-board")).may_write
    with pytest.raises(NotAllowed):
        renew(access("in-b", "a-board"))
    with pytest.raises(NotSignedIn):
        renew(access("stranger", "shared"))
    assert not renew(access("in-a", "w")).may_write  # the desk


async def test_a_member_delivers_after_moving_and_after_the_end(app: App) -> None:
    team = await app.team(2)
    one, two = team.people
    breakout = await team.split([{"people": [one.id]}, {"people": [two.id]}])
    first, second = breakout["groups"]

    async def delivers(person: Person, board: str) -> bool:
        try:
            found = await app.service.workshops.delivery(board, lambda _: person.token)
        except NotAllowed:
            return False
        assert found.may_deliver
        return True

    assert not await delivers(two, first["board"])
    body = {"groups": [{"id": second["id"], "people": [one.id, two.id]}]}
    http = team.facilitator.http
    moved = (await http.patch(f"/api/breakouts/{breakout['id']}", json=body)).json()
    assert list(moved["groups"][0]["left"]) == [one.id]
    assert await delivers(one, first["board"])
    assert await delivers(one, second["board"])
    assert (await one.http.get(f"/api/boards/{first['board']}")).status_code == 403
    await http.post(f"/api/breakouts/{breakout['id']}/close", json={})
    for board in (first["board"], second["board"]):
        assert await delivers(one, board)
    assert await delivers(two, second["board"])
    assert not await delivers(two, first["board"])
    await http.patch(f"/api/workshops/{team.id}", json={"locks": {team.board(): True}})
    assert not await delivers(one, team.board())


async def test_who_comes_back_to_a_group_has_not_left_it(app: App) -> None:
    team = await app.team(1)
    [one] = team.people
    breakout = await team.split([{"people": [one.id]}, {"people": []}])
    first, second = breakout["groups"]
    for group in (second, first):
        body = {"groups": [{"id": group["id"], "people": [one.id]}]}
        answer = await team.facilitator.http.patch(f"/api/breakouts/{breakout['id']}", json=body)
    assert [list(group["left"]) for group in answer.json()["groups"]] == [[], [one.id]]


async def everybody(team: Team) -> dict[str, Any]:
    """Clients of every kind of person, with a stranger and somebody of another workshop."""
    observer = await team.join("Haapa", "observer")
    other = await team.app.team(1)
    return {
        "facilitator": team.facilitator.http,
        "member": team.people[0].http,
        "other group": team.people[1].http,
        "observer": observer.http,
        "foreign participant": other.people[0].http,
        "foreign facilitator": other.facilitator.http,
        "stranger": team.app.client(),
        "forged": team.app.by("x" * 32),
    }


READERS = {
    "shared": {"facilitator", "member", "other group", "observer"},
    "group": {"facilitator", "member"},
}
SIGNED_IN = {"facilitator", "member", "other group", "observer"}


async def test_hand_made_requests_read_only_what_may_be_seen(app: App) -> None:
    team = await app.team(2)
    first, second = (person.id for person in team.people)
    breakout = await team.split([{"people": [first]}, {"people": [second]}])
    await app.write(breakout["groups"][0]["board"], "ryhmän oma")
    boards = {"shared": team.board(), "group": breakout["groups"][0]["board"]}
    clients = await everybody(team)
    for name, board in boards.items():
        for address in (f"/api/boards/{board}", f"/api/boards/{board}/snapshots"):
            found = {who: (await http.get(address)).status_code for who, http in clients.items()}
            expected = {
                who: 200 if who in READERS[name] else 403 if who in SIGNED_IN else 401
                for who in clients
            }
            assert found == expected, address
        answers = [await http.get(f"/api/boards/{board}/export.md") for http in clients.values()]
        allowed = {who for who, got in zip(clients, answers, strict=True) if got.is_success}
        assert allowed == READERS[name]


async def test_a_snapshot_is_seen_by_who_may_see_its_board(app: App) -> None:
    team = await app.team(2)
    breakout = await team.split(2)
    await app.write(breakout["groups"][0]["board"], "uusi")
    snapshot = (await team.merge(breakout))["snapshot"]
    clients = await everybody(team)
    answers = {
        who: (await http.get(f"/api/snapshots/{snapshot}")).status_code
        for who, http in clients.items()
    }
    assert {who for who, status in answers.items() if status == 200} == READERS["shared"]
    assert set(answers.values()) == {200, 401}


async def test_only_facilitators_of_this_workshop_command(app: App) -> None:
    team = await app.team(2)
    breakout = await team.split(2)
    clients = await everybody(team)
    del clients["facilitator"]
    commands = [
        ("PATCH", f"/api/workshops/{team.id}", {"title": "kaapattu"}),
        ("POST", f"/api/workshops/{team.id}/breakouts", {"board": team.board(), "groups": 2}),
        ("PATCH", f"/api/breakouts/{breakout['id']}", {"groups": []}),
        ("POST", f"/api/breakouts/{breakout['id']}/merge", {}),
        ("POST", f"/api/breakouts/{breakout['id']}/close", {}),
        ("POST", f"/api/breakouts/{breakout['id']}/recall", {"seconds": 60}),
        ("POST", f"/api/breakouts/{breakout['id']}/message", {"text": "kaapattu"}),
        ("POST", f"/api/breakouts/{breakout['id']}/reopen", {}),
        ("POST", f"/api/workshops/{team.id}/signals/clear", {"signal": "hand"}),
    ]
    before = await team.desk()
    for method, address, body in commands:
        for who, http in clients.items():
            answer = await http.request(method, address, json=body)
            expected = (403, "not-allowed") if who in SIGNED_IN else (401, "token-unknown")
            assert (answer.status_code, answer.json()["code"]) == expected, (who, address)
    assert await team.desk() == before


async def test_only_members_read_the_desk(app: App) -> None:
    team = await app.team(2)
    clients = await everybody(team)
    for part in ("", "/workbook", "/qr.svg"):
        found = {
            who: (await http.get(f"/api/workshops/{team.id}{part}")).status_code
            for who, http in clients.items()
        }
        assert {who for who, status in found.items() if status == 200} == SIGNED_IN
        assert set(found.values()) == {200, 401}


async def test_jd19_nobody_but_who_leads_is_told_who_wrote_on_an_anonymous_board(app: App) -> None:
    team = await app.team(1)
    [one] = team.people
    board = team.board()
    update = Document()
    add_note(update, board, zone="challenges", text="oma", author=one.id, at=1)
    headers = {"Content-Type": "application/octet-stream"}
    body = update.get_update()
    await one.http.post(f"/api/boards/{board}/edits", content=body, headers=headers)
    made = await team.facilitator.http.post(f"/api/boards/{board}/snapshots", json={"name": "nyt"})
    addresses = [f"/api/boards/{board}", f"/api/snapshots/{made.json()['id']}"]

    async def told(person: Person) -> list[bool]:
        return [one.id in (await person.http.get(address)).text for address in addresses]

    assert await told(one) == [True, True]
    for change in ({board: {"anonymous": True}}, {board: None, "*": {"anonymous": True}}):
        patch = {"rights": change}
        await team.facilitator.http.patch(f"/api/workshops/{team.id}", json=patch)
        assert await told(one) == [False, False]
        assert await told(await team.join("Haapa", "observer")) == [False, False]
        assert await told(team.facilitator) == [True, True]
