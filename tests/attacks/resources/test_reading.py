"""Large boards are read in another process: who reads or exports one holds up nobody."""

import asyncio
import gc
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from boards.document import Document
from boards.edits import add_note
from server.errors import NotDone
from server.exports.elsewhere import Costs, Elsewhere
from tests.support.app import App, Team
from tests.support.pauses import watched

NOTES = 6_000
MOST_NOTES = 18_000
CANARY = "Kanaria" + "lintu"  # lines of code are told
LONGEST = 0.25  # seconds for which others may wait


def fill(document: Document, board: str, notes: int = NOTES) -> None:
    with document.transaction():
        for number in range(notes):
            add_note(
                document,
                board,
                zone="challenges",
                text=f"lappu {number}: " + "sana " * 30,
                at=number,
            )


@pytest.fixture
async def full(app: App) -> AsyncIterator[Team]:
    """A workshop whose map is as full as one person can fill it in seconds."""
    team = await app.team(1)
    async with app.service.rooms.hold(team.board()) as room:
        room.edit(lambda document: fill(document, team.board()))
        await app.service.rooms.committer.commit(room.workshop)
        gc.collect()  # of the filling, not in the middle of what is measured
        yield team


async def test_h2_a_full_board_is_read_beside_the_others_work(full: Team) -> None:
    path = f"/api/boards/{full.board()}"
    with watched() as pauses:
        answers = await asyncio.gather(*(full.people[0].http.get(path) for _ in range(2)))
    for answer in answers:
        notes = answer.json()["notes"]
        assert len(notes) == NOTES
        assert notes[0]["text"].startswith("lappu 0:")
    assert pauses.longest < LONGEST


@pytest.mark.parametrize("format", ["json", "md"])
async def test_h2_a_full_board_is_exported_beside_the_others_work(full: Team, format: str) -> None:
    with watched() as pauses:
        answer = await full.people[0].http.get(f"/api/boards/{full.board()}/export.{format}")
    assert answer.status_code == 200
    found = answer.text.count("lappu 5999: sana")
    assert found == 1
    assert pauses.longest < LONGEST


async def test_h2_another_board_is_exported_beside_a_full_one(full: Team) -> None:
    with watched() as pauses:
        answer = await full.people[0].http.get(f"/api/boards/{full.board('change')}/export.json")
    assert json.loads(answer.content)["notes"] == []
    assert pauses.longest < LONGEST


async def test_h2_a_snapshot_of_a_full_board_is_read_beside_the_others_work(full: Team) -> None:
    breakout = await full.split(1)
    await full.app.write(breakout["groups"][0]["board"], "uusi")
    merged = await full.merge(breakout)
    with watched() as pauses:
        answer = await full.facilitator.http.get(f"/api/snapshots/{merged['snapshot']}")
    snapshot = answer.json()
    assert (snapshot["id"], len(snapshot["content"]["notes"])) == (merged["snapshot"], NOTES)
    assert pauses.longest < LONGEST


async def test_h2_one_workshop_takes_no_turn_from_another(full: Team) -> None:
    """Whoever asks again and again is told to wait, and nobody else waits behind them."""
    path = f"/api/boards/{full.board()}"
    greedy = [asyncio.ensure_future(full.people[0].http.get(path)) for _ in range(12)]
    other = await full.app.team(1)
    answer = await other.people[0].http.get(f"/api/boards/{other.board()}")
    assert answer.status_code == 200
    codes = [(await answered).status_code for answered in greedy]
    assert set(codes) == {200, 503}
    assert codes.count(200) <= Costs().waiting_of_one


def endless() -> None:
    while True:
        pass


def greedy() -> int:
    return len(bytearray(3 << 30))


def broken() -> None:
    try:
        {}[CANARY]  # type: ignore[index]
    except KeyError:
        raise RuntimeError(CANARY)  # noqa: B904


@pytest.mark.parametrize("function", [endless, greedy, broken])
async def test_work_elsewhere_ends_in_time_and_within_its_memory(
    function: object, caplog: pytest.LogCaptureFixture
) -> None:
    elsewhere = Elsewhere(Costs(processor_seconds=1, memory=1 << 30))
    with pytest.raises(NotDone):
        await elsewhere.run("w", function)  # type: ignore[arg-type]
    with pytest.raises(NotDone):
        await Elsewhere(Costs(seconds=0.2)).run("w", endless)
    assert await elsewhere.run("w", len, "abc") == 3
    assert CANARY not in caplog.text


async def test_the_log_tells_where_work_elsewhere_broke_and_not_in_whose_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with pytest.raises(NotDone):
        await Elsewhere().run("w", broken)
    assert "in broken" in caplog.text
    assert "KeyError\nand then" in caplog.text
    assert caplog.text.count("RuntimeError") >= 1
    assert CANARY not in caplog.text


@pytest.fixture
async def fuller(full: Team) -> Team:
    rooms, board = full.app.service.rooms, full.board()
    async with rooms.hold(board) as room:
        room.edit(lambda document: fill(document, board, MOST_NOTES - NOTES))
        await rooms.committer.commit(room.workshop)
    gc.collect()
    return full


async def test_h2_going_back_on_a_full_board_is_beside_the_others_work(fuller: Team) -> None:
    board, http = fuller.board(), fuller.facilitator.http
    kept = await http.post(f"/api/boards/{board}/snapshots", json={"name": "Alku"})
    await fuller.app.write(board, "sen jälkeen")
    with watched() as pauses:
        back = await http.post(f"/api/snapshots/{kept.json()['id']}/restore", json={})
    assert (back.json()["deleted"], back.json()["restored"]) == (1, 0)
    assert pauses.longest < LONGEST


async def test_h2_a_merge_of_a_full_board_is_undone_beside_the_others_work(fuller: Team) -> None:
    breakout = await fuller.split(1)
    await fuller.app.write(breakout["groups"][0]["board"], "uusi")
    merged = await fuller.merge(breakout)
    path = f"/api/snapshots/{merged['snapshot']}/restore"
    with watched() as pauses:
        back = await fuller.facilitator.http.post(path, json={"mode": "undo_merge"})
    assert back.json()["deleted"] == 1
    assert pauses.longest < LONGEST
    before = len((await notes_of(fuller))["notes"])
    await fuller.merge(breakout)
    assert len((await notes_of(fuller))["notes"]) == before + 1


async def test_h3_a_merge_into_a_full_board_is_told_beside_the_others_work(fuller: Team) -> None:
    breakout = await fuller.split(8)  # the most copies of so large a board
    for group in breakout["groups"]:
        await fuller.app.write(group["board"], "uusi")
    gc.collect()
    with watched() as pauses:
        merged = await fuller.merge(breakout)
    assert [note["text"] for note in merged["added"]] == ["uusi"] * 8
    assert pauses.longest < LONGEST


async def notes_of(team: Team) -> Any:
    return (await team.facilitator.http.get(f"/api/boards/{team.board()}")).json()


async def test_h2_a_snapshot_of_a_full_board_is_copied_beside_the_others_work(fuller: Team) -> None:
    http = fuller.facilitator.http
    kept = await http.post(f"/api/boards/{fuller.board()}/snapshots", json={"name": "Alku"})
    with watched() as pauses:
        made = await http.post(f"/api/snapshots/{kept.json()['id']}/copy", json={})
    assert pauses.longest < LONGEST
    copy = made.raise_for_status().json()
    board = next(each["id"] for each in copy["boards"] if each["key"] == "phenomena")
    found = await fuller.app.by(copy["token"]).get(f"/api/boards/{board}")
    assert len(found.json()["notes"]) == MOST_NOTES


async def test_h2_who_reads_takes_no_turn_from_who_goes_back(full: Team) -> None:
    board, http = full.board(), full.facilitator.http
    kept = await http.post(f"/api/boards/{board}/snapshots", json={"name": "Alku"})
    await full.app.write(board, "sen jälkeen")
    path = f"/api/boards/{board}"
    greedy = [asyncio.ensure_future(full.people[0].http.get(path)) for _ in range(12)]
    await asyncio.wait(greedy, return_when=asyncio.FIRST_COMPLETED)  # one is told that all is full
    back = await http.post(f"/api/snapshots/{kept.json()['id']}/restore", json={})
    assert (back.status_code, back.json()["deleted"]) == (200, 1)
    assert {(await answered).status_code for answered in greedy} == {200, 503}


async def test_a_command_that_finds_no_turn_is_told_that_nothing_changed(full: Team) -> None:
    path = f"/api/boards/{full.board()}/restore"
    body = {"person": full.people[0].id, "since": 0}
    headers = {"Accept-Language": "en"}
    asked = (full.facilitator.http.post(path, json=body, headers=headers) for _ in range(6))
    answers = await asyncio.gather(*asked)
    [problem, *_] = [answer.json() for answer in answers if answer.status_code != 200]
    assert (problem["status"], problem["code"]) == (503, "not-done")
    assert problem["detail"].startswith("Nothing was changed.")
    assert {answer.status_code for answer in answers} == {200, 503}
