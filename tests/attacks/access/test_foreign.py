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
}
BODIES: dict[str, Any] = {
    "/api/boards/{board}/edits": b"\0\0",
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
    raw = BODIES.get(path)
    kind = "application/json" if raw is None else "application/octet-stream"
    content = b"{}" if raw is None else raw
    if method == "get":
        return await http.get(path.format(**values))
    return await http.request(
        method.upper(), path.format(**values), content=content, headers={"Content-Type": kind}
    )
