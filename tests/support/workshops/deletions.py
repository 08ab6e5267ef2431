"""Deleting as people do it, and what the calls about it answer."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx

from boards import edits
from boards.document import Document
from tests.support.app import App, Json, Team
from tests.support.app import Person as Member
from tests.support.rooms import Client, settled

EVER = {"from": 0, "until": 2**53}


@asynccontextmanager
async def at(app: App, board: str, member: Member) -> Any:
    """A client of a board or desk, which has all of it."""
    async with app.service.rooms.hold(board) as room:
        access = await app.service.workshops.access(board, lambda _: member.token)
        client = Client(room, access)
        room.join(client.connection)
        client.sync()
        await settled(app.service.rooms)
        client.hear()
        try:
            yield client
        finally:
            room.leave(client.connection)


def change(client: Client, edit: Any, notes: Sequence[str]) -> None:
    """One edit of several notes."""

    def all_of_them() -> None:
        for note in notes:
            edit(client.document, note)

    client.send_update(client.document.record(all_of_them)[1])
    assert client.error is None


async def delete(app: App, board: str, member: Member, notes: Sequence[str]) -> None:
    async with at(app, board, member) as client:
        change(client, edits.delete_note, notes)
        await settled(app.service.rooms)


async def notes_on(
    app: App, board: str, count: int, author: str | None = None, zone: str = "challenges"
) -> list[str]:
    async with app.service.rooms.hold(board) as room:

        def write(document: Document) -> list[str]:
            return [
                edits.add_note(document, board, zone=zone, text=f"lappu {n}", author=author, at=1)
                for n in range(count)
            ]

        notes: list[str] = room.edit(write)
        await settled(app.service.rooms)
    return notes


async def listed(team: Team) -> list[Json]:
    answer = await team.facilitator.http.get(f"/api/workshops/{team.id}/deletions")
    found: list[Json] = answer.raise_for_status().json()
    return found


async def restore(team: Team, by: Member | None = None, **wanted: Any) -> httpx.Response:
    path = f"/api/workshops/{team.id}/deletions/restore"
    return await (by or team.facilitator).http.post(path, json={**EVER, **wanted})


async def restored(team: Team, **wanted: Any) -> int:
    count: int = (await restore(team, **wanted)).raise_for_status().json()["restored"]
    return count


def told(client: Client) -> list[Json]:
    """What a client was told since the last time."""
    client.hear()
    notices, client.notices = client.notices, []
    assert all(number == 0 for number, _ in notices)
    return [notice for _, notice in notices]
