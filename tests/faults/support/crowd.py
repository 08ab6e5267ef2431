"""Hundreds of real sockets on one real server, in the test's own event loop."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from urllib.parse import urlencode

import httpx
from websockets.asyncio.client import connect

from boards.document import Document
from server.demo.peer import LARGEST_FRAME
from server.sync.wire import messages
from tests.faults.support.crash import Workshop
from tests.support.peer import Peer

__all__ = ["all_of", "allow_files", "crowd", "metric", "newcomer"]

PATIENCE = 60.0


def allow_files(count: int) -> None:
    """Let this process, and those it starts, have so many open files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(count, hard), hard))


@asynccontextmanager
async def crowd(workshop: Workshop, size: int) -> AsyncIterator[list[Peer]]:
    """So many people on the first board, all of them in step with it."""
    peers = [workshop.peer(number).open() for number in range(size)]
    try:
        await all_of(peers, lambda peer: peer.synced)
        yield peers
    finally:
        await asyncio.gather(*(peer.close() for peer in peers))


async def all_of(peers: list[Peer], condition: Callable[[Peer], object]) -> None:
    """Until `condition` holds for each of them."""
    waits = (peer.until(partial(condition, peer), deadline=PATIENCE) for peer in peers)
    await asyncio.gather(*waits)


async def newcomer(workshop: Workshop, number: int) -> tuple[bytes, ...]:
    """The updates that somebody gets who has nothing and asks for everything."""
    token = workshop.tokens[number % len(workshop.tokens)]
    address = workshop.url.replace("http", "ws", 1) + f"/sync/{workshop.boards[0]}"
    query = urlencode({"token": token})
    async with (
        asyncio.timeout(PATIENCE),
        connect(
            f"{address}?{query}",
            compression=None,
            max_size=LARGEST_FRAME,
            proxy=None,
            open_timeout=PATIENCE,
        ) as socket,
    ):
        await socket.send(messages.sync_step1(Document().get_state_vector()))
        updates: tuple[bytes, ...] = ()
        while True:
            match messages.decode(await socket.recv(decode=False)):
                case messages.SyncStep2(update) | messages.Update(update):
                    updates += (update,)
                case messages.SyncStep1():
                    return updates


async def metric(url: str, name: str) -> float:
    """One number of /metrics."""
    async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as http:
        text = (await http.get(f"{url}/metrics")).raise_for_status().text
    found = [line.split()[1] for line in text.splitlines() if line.startswith(f"{name} ")]
    return float(found[0])
