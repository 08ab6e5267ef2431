"""Every call there is, asked by who has no business there: nothing is told and nothing done."""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.support.app import App, Team

OPEN = {  # to whom it may concern: they tell nothing of a workshop, or are asked with a code
    "/api/workshops/{workshop}/leave",  # of who is nobody there it does nothing
    "/j/{code}",
    "/w/{workshop}",
    "/w/{workshop}/wall",  # leads to the page before
}
EDITS = "/api/boards/{board}/edits"
BODIES = {  # where without one nothing is asked about who asks
    EDITS: b"\0\0",
    "/api/boards/{board}/restore": b'{"person":"x","since":0}',
    "/api/workshops/{workshop}/deletions/restore": b'{"person":null,"from":0,"until":1}',
}
WHO = ("a stranger", "another workshop's facilitator", "somebody who was removed")


@dataclass
class Scene:
    team: Team
    values: dict[str, str]
    clients: dict[str, httpx.AsyncClient]

    async def state(self) -> Any:
        """What a call could have changed."""
        desk = await self.team.desk()
        http = self.team.facilitator.http
        board = self.team.board()
        kept = (await http.get(f"/api/boards/{board}/snapshots")).json()
        return desk, kept, await self.team.texts(board)


@pytest.fixture
async def scene(app: App) -> Scene:
    team, other = await app.team(2), await app.team(0)
    http, board = team.facilitator.http, team.board()
    await app.write(board, "salaisuus")
    breakout = await team.split(1)
    snapshot = (await http.post(f"/api/boards/{board}/snapshots", json={"name": "x"})).json()["id"]
    wanted = {"format": "md", "board": board}
    export = (await http.post(f"/api/workshops/{team.id}/exports", json=wanted)).json()["id"]
    removed, left = team.people
    gone = await http.delete(f"/api/workshops/{team.id}/people/{removed.id}")
    assert gone.status_code == 204
    values = {
        "workshop": team.id,
        "board": board,
        "breakout": breakout["id"],
        "snapshot": snapshot,
        "person": left.id,
        "export": export,
        "moment": "1",
        "format": "md",
        "code": team.made["join_code"],
    }
    clients = dict(zip(WHO, (app.client(), other.facilitator.http, removed.http), strict=True))
    return Scene(team, values, clients)


@pytest.mark.parametrize("who", WHO)
async def test_no_call_on_a_workshop_is_answered_to_who_is_not_in_it(
    scene: Scene, who: str
) -> None:
    http, before, tried = scene.clients[who], await scene.state(), 0
    spec = (await http.get("/api/openapi.json")).json()
    for path, methods in spec["paths"].items():
        if "{" not in path or path in OPEN:
            continue
        for method in methods.keys() & {"get", "post", "patch", "delete", "put"}:
            answer = await ask(http, method, path, scene.values)
            assert answer.status_code in (400, 401, 403, 404), (method, path, answer.text)
            assert "salaisuus" not in answer.text
            tried += 1
    assert tried > 45
    assert await scene.state() == before


async def ask(
    http: httpx.AsyncClient, method: str, path: str, values: dict[str, str]
) -> httpx.Response:
    """With a body that is right as far as one is needed to get to who asks."""
    where, kind = path.format(**values), "octet-stream" if path == EDITS else "json"
    if method == "get":
        return await http.get(where)
    headers = {"Content-Type": f"application/{kind}"}
    body = BODIES.get(path, b"{}")
    return await http.request(method.upper(), where, content=body, headers=headers)


OWN_COMMANDS = {  # of everybody, on what is theirs; those that end something are not tried here
    ("post", "/api/workshops/{workshop}/sign-out"),
    ("post", "/api/workshops/{workshop}/leave"),
    ("post", "/api/workshops/{workshop}/answers"),
    ("post", "/api/workshops/{workshop}/exports"),
    ("post", "/api/boards/{board}/edits"),
    ("post", "/api/breakouts/{breakout}/help"),
    ("post", "/api/breakouts/{breakout}/choose"),
    ("delete", "/api/exports/{export}"),
    ("post", "/api/facilitator/workshops/{workshop}"),  # of who has signed in with a provider
}


@pytest.mark.parametrize("role", ["participant", "observer"])
async def test_no_command_of_a_facilitator_is_carried_out_for_others(
    scene: Scene, role: str
) -> None:
    person = await scene.team.join("Oksa", role)
    before, tried = await scene.state(), 0
    spec = (await person.http.get("/api/openapi.json")).json()
    for path, methods in spec["paths"].items():
        for method in methods.keys() & {"post", "patch", "delete", "put"}:
            if "{" not in path or (method, path) in OWN_COMMANDS:
                continue
            answer = await ask(person.http, method, path, scene.values)
            told = (answer.status_code, answer.json()["code"])
            assert told == (403, "not-allowed"), (method, path, answer.text)
            tried += 1
    assert tried > 20
    assert await scene.state() == before
