"""A line that cuts every stream of bytes anew: byte by byte, at random places, or not at all.

TCP keeps bytes and their order, and nothing else: what one side wrote in one go may come in pieces,
and what it wrote in pieces in one go. On loopback that hardly ever happens, on Wi-Fi always. It
lives in a thread of its own, before a server on another port.
HAHMO_TEST_RECUT=1 puts it before every server of tests/support/network/sockets.py and server.py.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from typing import Literal

import pytest

from tests.support.seed import seed

__all__ = ["KINDS", "RECUT", "Kind", "recut", "recut_if_asked", "straight"]

RECUT = os.environ.get("HAHMO_TEST_RECUT") == "1"
Kind = Literal["bytes", "random", "whole"]
KINDS: tuple[Kind, ...] = ("bytes", "random", "whole")
CHUNK = 64 << 10
APART = 60  # pieces of a stream that come so far from each other that each is read for itself
PAUSE_SECONDS = 0.0005
GATHER_SECONDS = 0.003
LAST_SECONDS = 2.0  # for what is under way when the line ends
SMALL = 512  # bytes of a stream that are cut as finely as its kind says; then in larger pieces
# For tests that look at the line itself: its port, or how much waits in it.
straight = pytest.mark.skipif(RECUT, reason="this looks at the line itself")
RESET = struct.pack("ii", 1, 0)  # SO_LINGER for no time at all: closing sends RST


class Line:
    """To one server; `kind`: how it cuts, None: each connection in one of the ways."""

    def __init__(self, to: int, kind: Kind | None, dice: random.Random) -> None:
        self._to = to
        self._kind = kind
        self._dice = dice
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        address = writer.get_extra_info("peername")[0]  # a server may count by it
        try:
            there, back = await asyncio.open_connection(
                "127.0.0.1", self._to, local_addr=(address, 0)
            )
        except OSError:
            return reset(writer)
        dice = random.Random(self._dice.random())
        kind: Kind = dice.choice(KINDS) if self._kind is None else self._kind
        for each in (writer, back):
            each.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            each.transport.set_write_buffer_limits(0)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pass_on(reader, back, kind, dice))
                group.create_task(self._pass_on(there, writer, kind, dice))
        except* OSError:
            reset(writer)
            reset(back)
        finally:
            writer.close()
            back.close()

    async def _pass_on(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        kind: Kind,
        dice: random.Random,
    ) -> None:
        passed = 0
        while data := await self._read(reader, kind):
            while data:
                size = len(data) if kind == "whole" else piece(kind, passed, dice)
                writer.write(data[:size])
                await writer.drain()
                data = data[size:]
                passed += 1
                if passed < APART and kind != "whole":
                    await asyncio.sleep(PAUSE_SECONDS)
        with contextlib.suppress(OSError):
            writer.write_eof()

    async def _read(self, reader: asyncio.StreamReader, kind: Kind) -> bytes:
        data = await reader.read(CHUNK)
        if data and kind == "whole":
            await asyncio.sleep(GATHER_SECONDS)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0):
                    data += await reader.read(CHUNK)
        return data

    async def end(self) -> None:
        """What is under way arrives, if anybody takes it."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=LAST_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


def piece(kind: Kind, passed: int, dice: random.Random) -> int:
    """Bytes of the next piece; not for ever as fine as at first, or large boards took minutes."""
    if passed > SMALL:
        return dice.randrange(1, 8 << 10)
    return 1 if kind == "bytes" else dice.randrange(1, 40)


def reset(writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    writer.transport.abort()


@contextlib.contextmanager
def recut(to: int, kind: Kind | None = None, *, on: int = 0) -> Iterator[int]:
    """The port of a line to the server on port `to`."""
    listener = socket.create_server(("127.0.0.1", on))
    ready = threading.Event()
    stop: list[Callable[[], object]] = []

    async def run() -> None:
        line = Line(to, kind, random.Random(f"{seed()}/{kind}"))
        ending = asyncio.Event()
        loop = asyncio.get_running_loop()
        stop.append(lambda: loop.call_soon_threadsafe(ending.set))
        server = await asyncio.start_server(line.serve, sock=listener)
        ready.set()
        await ending.wait()
        server.close()
        await line.end()

    thread = threading.Thread(target=asyncio.run, args=(run(),), daemon=True)
    thread.start()
    ready.wait()
    try:
        yield listener.getsockname()[1]
    finally:
        stop[0]()
        thread.join()


@contextlib.contextmanager
def recut_if_asked(to: int) -> Iterator[int]:
    """The port that clients of a test's server use."""
    if not RECUT:
        yield to
        return
    with recut(to) as port:
        yield port
