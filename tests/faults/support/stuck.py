"""The way out to a reader that takes nothing."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping

from starlette.websockets import WebSocket

from server.sync.limits import SyncLimits
from server.sync.transport.asgi import AsgiOutbox
from server.sync.wire import messages
from server.sync.wire.frames import Outgoing

__all__ = ["stuck_outbox"]


@contextlib.asynccontextmanager
async def stuck_outbox(limits: SyncLimits) -> AsyncIterator[AsgiOutbox]:
    """An outbox with one keepalive on its way for ever."""
    sending = asyncio.Event()

    async def send(message: Mapping[str, object]) -> None:
        if message["type"] == "websocket.send":
            sending.set()
            await asyncio.Event().wait()

    async def receive() -> dict[str, object]:
        return {"type": "websocket.connect"}

    websocket = WebSocket({"type": "websocket"}, receive, send)
    await websocket.accept()
    outbox = AsgiOutbox(websocket, limits, on_stuck=lambda: None)
    outbox.post(Outgoing((messages.KEEPALIVE,)))
    await asyncio.wait_for(sending.wait(), 10)
    try:
        yield outbox
    finally:
        outbox._task.cancel()
        await outbox.finish()
