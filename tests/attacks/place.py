"""The server that is attacked, and a workshop in it that stays."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
from websockets.asyncio.client import connect

from server.service import Service
from server.sync.transport.lobby import Lobby

Json = dict[str, Any]


@dataclass
class Place:
    """The server that is attacked, and a workshop in it that stays."""

    service: Service
    lobby: Lobby
    port: int
    http: httpx.AsyncClient  # the facilitator's
    anybody: httpx.AsyncClient
    made: Json
    member: Json
    turn: int = 0

    def board(self, key: str = "phenomena") -> str:
        found: dict[str, str] = {board["key"]: board["id"] for board in self.made["boards"]}
        return found[key]

    @property
    def path(self) -> str:
        return f"/api/workshops/{self.made['id']}"

    def sync(self, token: str, board: str | None = None) -> connect:
        where = f"/sync/{board or self.board()}?token={token}&ack=1"
        url = f"ws://127.0.0.1:{self.port}{where}"
        return connect(url, compression=None, proxy=None, close_timeout=1)

    def upgrade(self, board: str | None = None) -> bytes:
        return (
            f"GET /sync/{board or self.board()}?token={self.member['token']}&ack=1 HTTP/1.1\r\n"
            "Host: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        ).encode()


@contextlib.asynccontextmanager
async def people_of(service: Service, lobby: Lobby, port: int) -> AsyncIterator[Place]:
    client = functools.partial(
        httpx.AsyncClient,
        base_url=f"http://127.0.0.1:{port}",
        trust_env=False,
        timeout=60,
        limits=httpx.Limits(max_keepalive_connections=0),
    )
    async with client() as anybody:
        made = (await anybody.post("/api/workshops", json={})).raise_for_status().json()
        anybody.cookies.clear()
        async with client(headers={"Authorization": f"Bearer {made['token']}"}) as http:
            member = (await join(anybody, made)).json()
            yield Place(service, lobby, port, http, anybody, made, member)


async def join(anybody: httpx.AsyncClient, made: Json, **more: str) -> httpx.Response:
    body = {"code": made["join_code"], "name": "Koivu", **more}
    answer = await anybody.post("/api/join", json=body)
    anybody.cookies.clear()
    return answer
