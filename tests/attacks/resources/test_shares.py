"""What one address holds of what all share: turns at costly work, and the memory of bodies."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from server.access.bodies import Bodies
from tests.support.app import App

JSON = {"Content-Type": "application/json"}
IMPORT = "/api/workshops/import"
ATTACKERS = ("198.51.100.1", "198.51.100.2")
MOST = 1 << 20


class Slow:
    """A body that begins, and goes on when it is let."""

    def __init__(self, first: bytes) -> None:
        self.first = first
        self.sent = asyncio.Event()
        self.end = asyncio.Event()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.first
        self.sent.set()
        await self.end.wait()


async def test_h2_many_workshops_of_one_address_take_no_turn_from_another(app: App) -> None:
    teams = [await app.team() for _ in range(8)]
    greedy = [
        asyncio.ensure_future(team.facilitator.http.get(f"/api/boards/{team.board()}/export.xlsx"))
        for team in teams
        for _ in range(4)
    ]
    await asyncio.wait(greedy, return_when=asyncio.FIRST_COMPLETED)  # one is told that all is full
    mine = await app.team()
    other = app.client("203.0.113.7", headers=mine.facilitator.http.headers)
    answer = await other.get(f"/api/boards/{mine.board()}/export.xlsx")
    assert answer.status_code == 200
    assert not all(asked.done() for asked in greedy)  # nobody waited for all of them
    codes = [(await asked).status_code for asked in greedy]
    assert (codes.count(200), codes.count(503)) == (16, 16)


async def test_bodies_that_trickle_in_take_no_turn_from_an_import(app: App) -> None:
    slow = [Slow(b"[") for _ in ATTACKERS for _ in range(2)]
    trickling = [
        asyncio.ensure_future(app.client(address).post(IMPORT, content=body, headers=JSON))
        for address, body in zip(ATTACKERS * 2, slow, strict=True)
    ]
    for body in slow:
        await body.sent.wait()
    answer = await app.client("203.0.113.7").post(IMPORT, content=b"{}", headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "import-invalid")
    for body in slow:
        body.end.set()
    assert {(await each).status_code for each in trickling} == {400}


@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "a-key-of-twenty-letters"}])
async def test_bodies_of_one_address_leave_memory_to_others(app: App, key: dict[str, str]) -> None:
    site = app.app.state.site
    app.app.state.site = replace(site, bodies=Bodies(MOST))
    half = Slow(b"[" * (MOST // 2))
    mine = app.client(ATTACKERS[0], headers={**JSON, **key})
    held = asyncio.ensure_future(mine.post(IMPORT, content=half))
    await half.sent.wait()
    more = await app.client(ATTACKERS[0], headers=JSON).post(IMPORT, content=b"[" * 1000)
    assert (more.status_code, more.json()["code"]) == (503, "not-done")
    other = app.client("203.0.113.7", headers=JSON)
    answer = await other.post(IMPORT, content=b"[" * (MOST // 4))
    assert (answer.status_code, answer.json()["code"]) == (400, "import-invalid")
    half.end.set()
    assert (await held).json()["code"] == "import-invalid"
    assert (await mine.post(IMPORT, content=b"[" * 1000)).json()["code"] != "not-done"


async def test_a_body_that_is_refused_or_broken_off_gives_its_memory_back(app: App) -> None:
    app.app.state.site = replace(app.app.state.site, bodies=Bodies(MOST))
    client = app.client(ATTACKERS[0], headers=JSON)
    for _ in range(20):
        large = json.dumps({"title": "x" * (MOST // 10)})
        assert (await client.post("/api/workshops", content=large)).status_code >= 400
        half = Slow(b"[" * (MOST // 3))
        left = asyncio.ensure_future(client.post(IMPORT, content=half))
        await half.sent.wait()
        left.cancel()
        with pytest.raises(asyncio.CancelledError):
            await left
    answer: httpx.Response = await client.post(IMPORT, content=b"[" * (MOST // 2))
    assert answer.json()["code"] == "import-invalid"
