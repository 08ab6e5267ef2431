"""What was done to much of a large board is taken back in steps, and nobody else waits for it."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from boards.document import Document
from boards.schema import NOTES, layout_root, read_all_notes
from server.workshops.members import document_of
from tests.attacks.resources.test_reading import fill
from tests.support.app import App, Json, Team
from tests.support.pauses import watched

NOTES_THERE = 6_000
AT_ONCE = 1_000  # notes of one edit
LONGEST = 0.15  # seconds for which others may wait
UPDATE = {"Content-Type": "application/octet-stream"}


@pytest.fixture
async def spoiled(app: App) -> AsyncIterator[Team]:
    """A full board with places, of which somebody has deleted and moved all that others wrote."""
    team = await app.team(1)
    board, rooms = team.board(), app.service.rooms
    kept = f"/api/boards/{board}/snapshots"
    async with rooms.hold(board) as room:
        room.edit(lambda document: fill(document, board, NOTES_THERE))
        room.edit(lambda document: place(document, board))
        await rooms.committer.commit(room.workshop)
        (await team.facilitator.http.post(kept, json={"name": "Alku"})).raise_for_status()
        await spoil(team, Document(document_of(room).get_update()))
        gc.collect()
        yield team


def place(document: Document, board: str) -> None:
    """All beside each other."""
    with document.transaction():
        for number, note in enumerate(document.root(NOTES).keys()):
            document.root(layout_root(board))[note] = [number % 80 * 120, number // 80 * 60]


async def spoil(team: Team, copy: Document) -> None:
    notes = list(copy.root(NOTES).keys())
    for at in range(0, len(notes), AT_ONCE):
        known = copy.get_state_vector()
        with copy.transaction():
            for note in notes[at : at + AT_ONCE]:
                copy.root(NOTES)[note]["zone"] = "strengths"
                copy.root(NOTES)[note]["del"] = True
        path = f"/api/boards/{team.board()}/edits"
        update = copy.get_update(known)
        (await team.people[0].http.post(path, content=update, headers=UPDATE)).raise_for_status()


async def by_person(team: Team) -> int:
    path = f"/api/boards/{team.board()}/restore"
    body = {"person": team.people[0].id, "since": 0}
    back = (await team.facilitator.http.post(path, json=body)).raise_for_status().json()
    assert back["snapshot"]
    found: int = back["deleted"]
    return found


async def to_snapshot(team: Team) -> int:
    http = team.facilitator.http
    [kept] = (await http.get(f"/api/boards/{team.board()}/snapshots")).json()
    back = await http.post(f"/api/snapshots/{kept['id']}/restore", json={})
    found: int = back.raise_for_status().json()["restored"]
    return found


async def from_the_log(team: Team) -> int:
    path = f"/api/workshops/{team.id}/deletions/restore"
    body = {"person": team.people[0].id, "from": 0, "until": 2**50}
    back = await team.facilitator.http.post(path, json=body)
    found: int = back.raise_for_status().json()["restored"]
    return found


@pytest.mark.parametrize("way", [by_person, to_snapshot, from_the_log])
async def test_h8_all_of_a_full_board_comes_back_beside_the_others_work(
    spoiled: Team, way: Callable[[Team], Any]
) -> None:
    with watched() as pauses:
        assert await way(spoiled) == NOTES_THERE
    assert pauses.longest < LONGEST
    async with spoiled.app.service.rooms.hold(spoiled.board()) as room:
        document = document_of(room)
        assert not any(note.deleted for note in read_all_notes(document).values())
        assert len(document.root(layout_root(room.board))) == NOTES_THERE  # each at its place


async def test_h8_what_somebody_did_to_a_full_board_is_told_beside_the_others_work(
    spoiled: Team,
) -> None:
    path = f"/api/boards/{spoiled.board()}/changes/{spoiled.people[0].id}"
    with watched() as pauses:
        told: Json = (await spoiled.facilitator.http.get(path)).raise_for_status().json()
    assert len(told["deleted"]) == NOTES_THERE
    assert pauses.longest < LONGEST


async def test_h8_a_workshop_that_is_deleted_while_a_board_comes_back_is_gone(
    spoiled: Team,
) -> None:
    ways = asyncio.gather(
        by_person(spoiled), to_snapshot(spoiled), from_the_log(spoiled), return_exceptions=True
    )
    for _ in range(200):  # somewhere within their steps
        await asyncio.sleep(0)
    answer = await spoiled.facilitator.http.delete(f"/api/workshops/{spoiled.id}")
    assert answer.status_code == 204
    for end in await ways:  # told that it is gone, or done before
        gone = isinstance(end, httpx.HTTPStatusError) and end.response.status_code
        assert isinstance(end, int) or gone in (404, 409, 503), end
    store = spoiled.app.service.store
    assert await store.find("snapshot", spoiled.board()) == []
    assert await store.find("removal", spoiled.board()) == []
    assert await store.get("workshop", spoiled.id) is None
