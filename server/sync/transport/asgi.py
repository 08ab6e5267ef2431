"""The way out to one reader over plain ASGI: bounded, and never in another reader's way."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable

from starlette.websockets import WebSocket, WebSocketDisconnect

from server.errors import ServiceError
from server.sync.errors import TooSlow
from server.sync.limits import SyncLimits
from server.sync.wire.frames import Outgoing

__all__ = ["FAREWELL_SECONDS", "AsgiOutbox"]

FAREWELL_SECONDS = 1.0  # in which a reader that is cut off may still wake up and hear why
SLOWEST = (
    8 << 10
)  # bytes a second that a reader takes at least: ASGI does not tell how many it took


class AsgiOutbox:
    """Queue and writer task over an accepted ASGI WebSocket.

    The server below pauses `send` while the socket's buffer is full, so what waits here is what
    the reader has not taken. When too much waits behind what is being sent (which may be a whole
    board), or that one takes too long for its size, it is thrown away, and the
    reader hears 1013 if it takes something within FAREWELL_SECONDS; else `on_stuck` is called, to
    end the connection. ASGI has no way to send a close past a full buffer or to cut a socket: one
    that never wakes up is the server's to drop.
    """

    def __init__(
        self, websocket: WebSocket, limits: SyncLimits, on_stuck: Callable[[], object]
    ) -> None:
        self._websocket = websocket
        self._limits = limits
        self._on_stuck = on_stuck
        self._queue: deque[tuple[Outgoing, ...]] = deque()
        self._waiting = 0  # bytes in the queue
        self._error: ServiceError | None = None
        self._wake = asyncio.Event()
        self._sending: int | None = None  # bytes
        self._sending_since = 0.0
        self._farewell: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()
        self._task = self._loop.create_task(self._write(), name="outbox")

    def post(self, *outgoing: Outgoing) -> None:
        if self._error is not None:
            return
        self._queue.append(outgoing)
        self._waiting += size_of(outgoing)
        self._wake.set()
        if self._sending is not None and self._takes_too_little(self._sending):
            self._give_up()

    @property
    def is_stuck(self) -> bool:
        """The reader was given up."""
        return isinstance(self._error, TooSlow)

    def close(self, error: ServiceError) -> None:
        if self._error is None:
            self._error = error
            self._wake.set()

    async def finish(self) -> None:
        """The reading side has ended: give what is queued a moment to leave, then stop."""
        if self._farewell is not None:
            self._farewell.cancel()
        if self._error is None or self.is_stuck:
            self._task.cancel()
        await asyncio.wait((self._task,), timeout=self._limits.blocked_seconds)
        self._task.cancel()

    def _give_up(self) -> None:
        self._error = TooSlow(f"{self._waiting} bytes wait")
        self._queue.clear()
        self._farewell = self._loop.call_later(FAREWELL_SECONDS, self._on_stuck)

    def _takes_too_little(self, sending: int) -> bool:
        seconds = self._limits.blocked_seconds + sending / SLOWEST
        too_long = self._loop.time() - self._sending_since > seconds
        return too_long or self._waiting > self._limits.outbox_bytes

    async def _write(self) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError, OSError):  # the reader left
            while self._error is None or self._queue:
                while self._queue:
                    await self._send(self._queue.popleft())
                if self._error is None:
                    self._wake.clear()
                    await self._wake.wait()
            await self._websocket.close(self._error.close_code, self._error.slug)

    async def _send(self, outgoing: tuple[Outgoing, ...]) -> None:
        self._sending, self._sending_since = size_of(outgoing), self._loop.time()
        self._waiting -= self._sending
        for one in outgoing:
            for message in one.messages:
                await self._websocket.send_bytes(message)
        self._sending = None


def size_of(outgoing: tuple[Outgoing, ...]) -> int:
    return sum(one.size for one in outgoing)
