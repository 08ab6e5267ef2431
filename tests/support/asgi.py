"""A WebSocket to the application without a network: for what has to happen in a certain order."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from tests.support.app import App

__all__ = ["conversation"]

Sent = asyncio.Queue[dict[str, Any]]


@contextlib.asynccontextmanager
async def conversation(app: App, board: str, token: str) -> AsyncIterator[Sent]:
    """What the server says to somebody who says nothing, and who hangs up at the end."""
    scope = {
        "type": "websocket",
        "path": f"/sync/{board}",
        "query_string": f"token={token}".encode(),
        "headers": [(b"host", b"hahmo.test")],
        "scheme": "ws",
        "server": ("hahmo.test", 80),
    }
    sent, said = Sent(), Sent()
    said.put_nowait({"type": "websocket.connect"})

    async def send(message: Any) -> None:
        sent.put_nowait(message)

    task = asyncio.create_task(app.app(scope, said.get, send))
    try:
        yield sent
    finally:
        said.put_nowait({"type": "websocket.disconnect", "code": 1001})
        async with asyncio.timeout(10):
            await task
