"""Commands that are begun in time and ended too late: what counts is who one is at their end."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest

from boards.document import Document
from boards.edits import add_note
from tests.support.app import App, Person, Team

Meanwhile = Callable[[], Awaitable[Any]]


async def halting(body: bytes, meanwhile: Meanwhile) -> AsyncIterator[bytes]:
    """A body whose sender waits in the middle of it, for something to happen."""
    yield body[:1]
    await meanwhile()
    yield body[1:]


async def late(
    person: Person, method: str, path: str, body: Any, meanwhile: Meanwhile
) -> httpx.Response:
    said = body if isinstance(body, bytes) else json.dumps(body).encode()
    kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
    headers = {"Content-Type": kind, "Content-Length": str(len(said))}
    return await person.http.request(
        method, path, content=halting(said, meanwhile), headers=headers
    )


async def with_helper(app: App) -> tuple[Team, Person]:
    """A workshop with one participant, and somebody who was asked to help to lead it."""
    team = await app.team(2)
    helper = team.people[1]
    await gets_role(team, helper, "facilitator")()
    return team, helper


def gets_role(team: Team, person: Person, role: str) -> Meanwhile:
    async def change() -> None:
        path = f"/api/workshops/{team.id}/people/{person.id}"
        (await team.facilitator.http.patch(path, json={"role": role})).raise_for_status()

    return change


async def test_who_leads_no_longer_ends_no_command_of_before(app: App) -> None:
    """They gave themselves the role back, and sent others out, two minutes after it was taken."""
    team, helper = await with_helper(app)
    other, at = team.people[0], f"/api/workshops/{team.id}"
    snapshots = f"/api/boards/{team.board()}/snapshots"
    commands: list[tuple[str, str, Any]] = [
        ("PATCH", f"{at}/people/{helper.id}", {"role": "facilitator"}),
        ("POST", f"{at}/people/remove", {"people": [other.id]}),
        ("PATCH", at, {"joining": "closed"}),
        ("POST", f"{at}/passphrase", {"passphrase": "koivu ja tähti"}),
        ("POST", f"{at}/waiting", {"let_in": []}),
        ("POST", f"{at}/breakouts", {"board": team.board(), "groups": 2}),
        ("POST", f"{at}/exports", {"format": "zip"}),
        ("POST", f"{at}/next", {}),
        ("POST", snapshots, {"name": "Alku"}),
        ("POST", f"/api/boards/{team.board()}/import", {"text": "yksi\nkaksi"}),
        ("DELETE", at, {}),
    ]
    for method, path, body in commands:
        await gets_role(team, helper, "facilitator")()
        demoted = gets_role(team, helper, "observer")
        answer = await late(helper, method, path, body, demoted)
        assert answer.status_code == 403, (method, path, answer.text)
    desk = await team.desk()
    assert [each["role"] for each in desk["people"]] == ["facilitator", "participant", "observer"]
    assert desk["joining"] == "open"
    assert await team.texts(team.board()) == []


@pytest.mark.parametrize("how", ["removed", "signed out", "observer", "locked"])
async def test_who_may_not_write_any_more_brings_nothing_that_was_begun_before(
    app: App, how: str
) -> None:
    team = await app.team(1)
    person = team.people[0]
    path = f"/api/workshops/{team.id}"
    document = Document()
    add_note(document, team.board(), zone="challenges", text="liian myöhään", at=1)

    async def meanwhile() -> None:
        lead = team.facilitator.http
        if how == "removed":
            answer = await lead.delete(f"{path}/people/{person.id}")
        elif how == "signed out":
            answer = await app.by(person.token).post(f"{path}/sign-out", json={})
        elif how == "observer":
            await gets_role(team, person, "observer")()
            return
        else:
            answer = await lead.patch(path, json={"locks": {team.board(): True}})
        answer.raise_for_status()

    answer = await late(
        person, "POST", f"/api/boards/{team.board()}/edits", document.get_update(), meanwhile
    )
    assert answer.status_code in (401, 403), answer.text
    assert await team.texts(team.board()) == []
