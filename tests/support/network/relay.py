"""Before a server of any protocol: bytes pass both ways, until an answer is lost or held back.

It lives in the tests' own loop.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

__all__ = ["Relay", "relay_to"]

CHUNK = 1 << 16


class Relay:
    """`loses()`: whether what the server just answered is lost, and the connection with it.

    `asks()`: whether what a client just said is lost instead. `lost`: how often either happened.
    `holds()`: whether what a client just said arrives only with `release`, also when it has left.
    """

    def __init__(self, target: int) -> None:
        self._target = target
        self.port = 0
        self.lost = 0
        self.loses: Callable[[], bool] = lambda: False
        self.asks: Callable[[], bool] = lambda: False
        self.holds: Callable[[], bool] = lambda: False
        self._held: list[tuple[asyncio.StreamWriter, bytes]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, server = await asyncio.open_connection("127.0.0.1", self._target)
        ways = [
            asyncio.create_task(self._pass(reader, server, lambda: self.asks(), server)),
            asyncio.create_task(self._pass(answers, writer, lambda: self.loses(), server)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            writer.close()
            if all(to is not server for to, _ in self._held):
                server.close()

    async def release(self) -> int:
        """Let what was held arrive, after all else; how many pieces that were."""
        held, self._held = self._held, []
        for to, data in held:
            to.write(data)
            await to.drain()
            to.close()
            await to.wait_closed()
        return len(held)

    async def _pass(
        self,
        reader: asyncio.StreamReader,
        to: asyncio.StreamWriter,
        is_lost: Callable[[], bool],
        server: asyncio.StreamWriter,
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK):
                if is_lost():
                    self.lost += 1
                    return
                if to is server and self.holds():
                    self._held.append((to, data))
                    continue
                to.write(data)
                await to.drain()


@contextlib.asynccontextmanager
async def relay_to(port: int) -> AsyncIterator[Relay]:
    relay = Relay(port)
    server = await asyncio.start_server(relay.serve, "127.0.0.1", 0)
    relay.port = server.sockets[0].getsockname()[1]
    try:
        yield relay
    finally:
        server.close()
