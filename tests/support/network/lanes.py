"""What a bad network does with bytes that go one way: holds, delays, slows and counts them."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque

__all__ = ["CHUNK", "Lane", "Pipe"]

CHUNK = 16 << 10
HELD_BYTES = 4 << 20  # of one connection and direction; beyond that the sender is made to wait
SLOW_BYTES = 64 << 10  # the same of a line with a rate


class Lane:
    """What one direction of a way does with bytes, for all its connections."""

    def __init__(self) -> None:
        self.delay = 0.0  # seconds
        self.rate = 0.0  # bytes a second; 0: as fast as it goes
        self.passed = 0  # bytes
        self.held = 0  # bytes that were read and have not been passed on
        self._open = asyncio.Event()
        self._open.set()
        self._free = 0.0  # when the line has sent what it was given

    def hold(self) -> None:
        self._open.clear()

    def release(self) -> None:
        self._open.set()

    async def turn(self, size: int, due: float) -> None:
        """Wait until `size` bytes that are `due` then may pass."""
        await self._open.wait()
        now = time.monotonic()
        if self.rate:
            due = max(due, self._free, now) + size / self.rate
            self._free = due
        if due > now:
            await asyncio.sleep(due - now)
            await self._open.wait()  # held while it was under way


class Pipe:
    """One direction of one connection: read, keep, pass on."""

    def __init__(self, lane: Lane, to: asyncio.StreamWriter) -> None:
        self._lane = lane
        self._to = to
        self._kept: deque[tuple[float, bytes]] = deque()
        self._bytes = 0
        self._news = asyncio.Condition()
        self._ended = False

    async def put(self, data: bytes) -> None:
        most = SLOW_BYTES if self._lane.rate else HELD_BYTES
        async with self._news:
            await self._news.wait_for(lambda: self._bytes < most)
            due = time.monotonic() + self._lane.delay
            for at in range(0, len(data), CHUNK):
                self._kept.append((due, data[at : at + CHUNK]))
            self._count(len(data))
            self._news.notify_all()

    async def end(self) -> None:
        async with self._news:
            self._ended = True
            self._news.notify_all()

    async def run(self) -> None:
        """Pass on until the end, and then the end itself."""
        while data := await self._next():
            self._to.write(data)
            await self._to.drain()
            self._lane.passed += len(data)
            async with self._news:
                self._count(-len(data))
                self._news.notify_all()
        with contextlib.suppress(OSError):
            self._to.write_eof()

    async def _next(self) -> bytes:
        async with self._news:
            await self._news.wait_for(lambda: self._kept or self._ended)
        due, data = self._kept[0] if self._kept else (0.0, b"")
        await self._lane.turn(len(data), due)
        return self._kept.popleft()[1] if self._kept else b""

    def _count(self, more: int) -> None:
        self._bytes += more
        self._lane.held += more

    def forget(self) -> None:
        """What was kept is lost."""
        self._kept.clear()
        self._count(-self._bytes)
