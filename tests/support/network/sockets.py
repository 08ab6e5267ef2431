"""A board behind a real socket and a real uvicorn, in the test's own event loop."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from server.store import Store
from server.sync.access import Access
from server.sync.limits import SyncLimits
from server.sync.rooms import Rooms
from server.sync.transport.endpoint import serve_connection
from server.sync.transport.takeover import HandoffProtocol
from tests.support.network.recut import Kind, recut, recut_if_asked
from tests.support.rooms import LIMITS, access, board_rooms

__all__ = ["Site", "site"]


@dataclass
class Site:
    """`url`: where the board is served; `token` in its query names the person."""

    url: str
    port: int
    rooms: Rooms
    early: Callable[[], int]  # bytes that wait on connections which are not let in yet
    unsent: Callable[[], int]  # bytes that wait for readers, each counted for itself


@asynccontextmanager
async def site(
    *,
    handoff: bool,
    limits: SyncLimits = LIMITS,
    renew: Callable[[Access], Access] = lambda access: access,
    door: asyncio.Event | None = None,
    store: Store | None = None,
    cut: Kind | None = None,
) -> AsyncIterator[Site]:
    """`handoff`: over the short way; else over plain ASGI. `renew`: see serve_connection.

    `store`: with the board in it, else one is made. `door`: nobody is let in before it is
    set, as when it takes long to find out who somebody is. `cut`: how the line to it cuts.
    """
    async with board_rooms(store, limits, create=store is None) as rooms:

        async def sync(websocket: WebSocket) -> None:
            await websocket.accept()
            if door is not None:
                await door.wait()
            who = access(websocket.query_params.get("token", ""))
            lineage = websocket.query_params.get("lineage")
            await serve_connection(websocket, who, rooms, ack=True, lineage=lineage, renew=renew)

        app = Starlette(routes=[WebSocketRoute("/sync/{board}", sync)])
        config = uvicorn.Config(
            app,
            ws=HandoffProtocol if handoff else "websockets-sansio",
            log_config=None,
            access_log=False,
            lifespan="off",
            ws_per_message_deflate=False,
        )
        listener = socket.create_server(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve(sockets=[listener]))

        def early() -> int:
            connections = server.server_state.connections
            return sum(len(c._unread) for c in connections if isinstance(c, HandoffProtocol))

        def unsent() -> int:
            connections = server.server_state.connections
            return sum(c.unsent for c in connections if isinstance(c, HandoffProtocol))

        with recut(port, cut) if cut else recut_if_asked(port) as reached:
            try:
                yield Site(f"http://127.0.0.1:{reached}", reached, rooms, early, unsent)
            finally:
                server.should_exit = True
                await task
                listener.close()
