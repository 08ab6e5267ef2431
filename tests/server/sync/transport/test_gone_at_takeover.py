"""Who leaves in the very moment in which their connection is taken over."""

from __future__ import annotations

import asyncio
from typing import Any

import uvloop

from server.sync.transport.progress import show_progress


def test_a_socket_that_was_closed_meanwhile_is_no_error() -> None:
    """uvloop goes on showing it, without a descriptor."""

    async def closed() -> Any:
        loop = asyncio.get_running_loop()
        made: asyncio.Future[Any] = loop.create_future()
        lost = loop.create_future()

        class Taken(asyncio.Protocol):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                made.set_result(transport)

            def connection_lost(self, exc: Exception | None) -> None:
                lost.set_result(None)

        server = await loop.create_server(Taken, "127.0.0.1", 0)
        _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        transport = await made
        assert transport.get_extra_info("socket").fileno() > 0
        transport.abort()
        await lost
        writer.close()
        server.close()
        assert transport.get_extra_info("socket").fileno() < 0
        return transport

    async def main() -> None:
        show_progress(await closed())

    uvloop.run(main())
