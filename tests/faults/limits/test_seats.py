"""How many connections there may be holds at n and is felt at n + 1."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from server.sync.wire import messages
from tests.faults.support.one_limit import limits
from tests.support.network.sockets import site
from tests.support.rooms import BOARD


async def test_limit_connections_per_board() -> None:
    async with site(handoff=True, limits=limits(connections_per_board=2)) as here:
        address = f"ws://127.0.0.1:{here.port}/sync/{BOARD}"
        async with contextlib.AsyncExitStack() as stack:
            for _ in range(2):
                socket = await stack.enter_async_context(connect(address, proxy=None))
                await socket.send(messages.sync_step1(b"\0"))
                assert await socket.recv()
            third = await stack.enter_async_context(connect(address, proxy=None))
            with pytest.raises(ConnectionClosed):
                await third.recv()
            assert (third.close_code, third.close_reason) == (4429, "workshop-full")
        async with connect(address, proxy=None) as again:
            await again.send(messages.sync_step1(b"\0"))
            assert await again.recv()


SEATS = ("per_workshop", "per_person", "per_person_and_board")


@pytest.mark.parametrize("limit", SEATS)
async def test_limit_connections_per_workshop_connections_per_person_and_board(limit: str) -> None:
    async with site(handoff=True, limits=limits(**{f"connections_{limit}": 2})) as here:
        address = f"ws://127.0.0.1:{here.port}/sync/{BOARD}?token=anna"
        async with contextlib.AsyncExitStack() as stack:
            sockets = []
            for number in range(3):
                sockets.append(await stack.enter_async_context(connect(address, proxy=None)))
                await sockets[-1].send(messages.sync_step1(b"\0"))
                assert await sockets[-1].recv()
                first = sockets[0]
                assert await is_let_go(first) == (number == 2)
            assert (first.close_code, first.close_reason) == (4429, "too-many-connections")


async def is_let_go(socket: ClientConnection) -> bool:
    """Whether it ends, or else answers."""
    try:
        async with asyncio.timeout(10):
            await (await socket.ping())
    except ConnectionClosed:
        return True
    return False
