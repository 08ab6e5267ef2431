"""Answers that nobody takes lie here to an amount, and who comes anew gets theirs (rule CN11)."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from server.doorway import DoorProtocol
from server.sync.transport.lobby import Lobby
from tests.support.network.recut import straight

ANSWER = 12 << 20  # bytes
MOST = 40 << 20  # bytes of all, and so half of it of one address; the kernel holds some more
READERS = 6
GET = b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"


async def large(scope: Scope, receive: Receive, send: Send) -> None:
    length = str(ANSWER).encode()
    headers = [(b"content-length", length)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"x" * ANSWER})


@contextlib.asynccontextmanager
async def served(lobby: Lobby) -> AsyncIterator[int]:
    """Its port."""
    settings = uvicorn.Config(
        large,
        http=type("Http", (DoorProtocol,), {"lobby": lobby}),
        lifespan="off",
        log_config=None,
        timeout_graceful_shutdown=1,
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(settings)
        task = asyncio.create_task(server._serve([listening]))
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            await task


async def asked(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Somebody who was answered and has read the head, and nothing behind it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 12)
    writer.write(GET)
    await reader.readuntil(b"\r\n\r\n")
    return reader, writer


async def is_whole(reader: asyncio.StreamReader) -> bool:
    try:
        await reader.readexactly(ANSWER)
    except (asyncio.IncompleteReadError, ConnectionError):
        return False
    return True


@straight
@pytest.mark.parametrize("is_proxy", [False, True], ids=["one address", "a proxy"])
async def test_cn11_what_nobody_takes_has_an_end_and_the_latest_is_whole(is_proxy: bool) -> None:
    """Sixty readers of a full board, who read slowly, held 1.2 GB."""
    lobby = Lobby(most=100, untaken=MOST, is_proxy=lambda host: is_proxy)
    async with served(lobby) as port, asyncio.timeout(30):
        people = [await asked(port) for _ in range(READERS)]
        whole = [await is_whole(reader) for reader, _ in people]
        for _, writer in people:
            writer.close()
    assert whole[-1]
    assert whole == sorted(whole)  # who waited longest let go
    assert whole.count(True) <= (5 if is_proxy else 3)


@straight
async def test_cn11_a_single_answer_may_be_as_long_as_it_will() -> None:
    async with served(Lobby(most=100, untaken=1 << 20)) as port, asyncio.timeout(30):
        reader, writer = await asked(port)
        assert await is_whole(reader)
        writer.close()
