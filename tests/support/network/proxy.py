"""A bad network before a real server: it cuts, holds, loses and slows what passes, on real sockets.

Each `Way` is an address of its own (a port) that leads to the server, so that every person or
device can have a line of their own. It passes bytes as they are, and knows HTTP as far as to tell
one request from the next. It lives in a thread of its own; every method may be called from any
other, takes effect before it returns, and never waits for the network.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from tests.support.network.http_heads import (
    END_OF_HEAD,
    Seen,
    accepted,
    read_head,
    read_request,
    without_upgrade,
)
from tests.support.network.lanes import CHUNK, Lane, Pipe

__all__ = ["Direction", "Lane", "Proxy", "Seen", "Way", "proxy_to"]

T = TypeVar("T")
Reader = asyncio.StreamReader
Direction = Literal["up", "down"]  # up: to the server
Upgrades = Literal["pass", "swallow", "strip", "refuse", "mute"]

HEAD_BYTES = 64 << 10
CALL_SECONDS = 10.0
CONDITION_SECONDS = 20.0
RESET = struct.pack("ii", 1, 0)  # SO_LINGER for no time at all: closing sends RST


@dataclass(slots=True)
class LostAnswer:
    """Which requests reach the server without their answer reaching the client."""

    method: str
    path: re.Pattern[str]
    times: int

    def takes(self, seen: Seen) -> bool:
        fits = seen.method == self.method and self.path.search(seen.path) is not None
        if not fits or self.times < 1:
            return False
        self.times -= 1
        return True


class Link:
    """One connection of a client, and ours to the server for it."""

    def __init__(
        self, way: Way, client: asyncio.StreamWriter, server: asyncio.StreamWriter
    ) -> None:
        self.way = way
        self.client = client
        self.server = server
        self.up = Pipe(way.up, server)
        self.down = Pipe(way.down, client)
        self.is_losing = False  # the next answer, and the connection with it

    async def run(self, from_client: Reader, from_server: Reader) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self.up.run())
            group.create_task(self.down.run())
            group.create_task(self._requests(from_client))
            group.create_task(self._answers(from_server))

    async def _requests(self, reader: asyncio.StreamReader) -> None:
        """One HTTP request after the other; whatever follows an upgrade as it is."""
        while head := await read_head(reader):
            seen, body = read_request(head)
            if not await self._request(seen, head):
                while await reader.read(CHUNK):
                    pass
                break
            if seen.is_upgrade or body is None:
                break
            while body:
                data = await reader.read(min(body, CHUNK))
                if not data:
                    break
                body -= len(data)
                await self.up.put(data)
        while data := await reader.read(CHUNK):
            await self.up.put(data)
        await self.up.end()

    async def _request(self, seen: Seen, head: bytes) -> bool:
        """False when it does not reach the server."""
        self.is_losing = self.way.note(seen)
        if seen.is_upgrade and self.way.upgrades in ("swallow", "refuse", "mute"):
            await self._instead_of_server(head)
            return False
        await self.up.put(without_upgrade(head, seen) if self.way.upgrades == "strip" else head)
        return True

    async def _instead_of_server(self, head: bytes) -> None:
        if self.way.upgrades == "refuse":
            empty = b" No\r\nContent-Length: 0\r\nConnection: close" + END_OF_HEAD
            await self.down.put(b"HTTP/1.1 %d" % self.way.refusal + empty)
            await self.down.end()
        elif self.way.upgrades == "mute":
            await self.down.put(accepted(head))

    async def _answers(self, reader: asyncio.StreamReader) -> None:
        while data := await reader.read(CHUNK):
            if self.is_losing:
                self.way.cut_link(self, reset=True)
                return
            await self.down.put(data)
        await self.down.end()

    def end(self, *, reset: bool, quietly: bool) -> None:
        self.up.forget()
        self.down.forget()
        close(self.client, reset)
        if not quietly:
            close(self.server, reset)


def close(writer: asyncio.StreamWriter, reset: bool) -> None:
    """At once, without what was still to be written."""
    connection = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    if reset:
        writer.transport.abort()
    else:
        writer.close()


class Way:
    """One line to the server. `url` is what its user types."""

    def __init__(self, proxy: Proxy, name: str) -> None:
        self.name = name
        self.up = Lane()
        self.down = Lane()
        self.upgrades: Upgrades = "pass"
        self.refusal = 403
        self.is_down = False
        self.port = 0
        self._proxy = proxy
        self._links: dict[asyncio.Task[None], Link] = {}
        self._ghosts: list[asyncio.StreamWriter] = []
        self._seen: list[Seen] = []
        self._lost: list[LostAnswer] = []
        self._listener: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    # -- from the tests -----------------------------------------------------------------------

    def cut(self, *, reset: bool = True, quietly: bool = False) -> None:
        """End every open connection and lose what is held; new ones are welcome.

        `reset`: by RST, else by FIN. `quietly`: the server hears nothing of it.
        """
        self._proxy.call(lambda: self._cut(reset, quietly))

    def break_off(self, *, quietly: bool = False) -> None:
        """Cut, and refuse every new connection, until `restore`."""

        def broken() -> None:
            self.is_down = True
            self._cut(True, quietly)

        self._proxy.call(broken)

    def restore(self) -> None:
        """All as on the first day: nothing is held, slowed, lost or refused any more."""
        self._proxy.call(self._restore)

    def hold(self, *directions: Direction) -> None:
        """Keep what comes, in both directions unless told, until `release`; `cut` loses it."""
        for lane in self._lanes(directions):
            self._proxy.call(lane.hold)

    def release(self, *directions: Direction) -> None:
        for lane in self._lanes(directions):
            self._proxy.call(lane.release)

    def slow(self, *, delay: float = 0.0, rate: float = 0.0) -> None:
        """`delay`: seconds on each way; `rate`: bytes a second on each, 0 for no bound."""

        def set_all() -> None:
            for lane in (self.up, self.down):
                lane.delay, lane.rate = delay, rate

        self._proxy.call(set_all)

    def lose_answers(self, method: str, path: str, times: int = 1) -> None:
        """The next `times` such requests reach the server; the answer is swallowed, and the
        connection cut. `path` is a regular expression that is searched for."""
        self._proxy.call(lambda: self._lost.append(LostAnswer(method, re.compile(path), times)))

    def websockets(self, upgrades: Upgrades, *, status: int = 403) -> None:
        """swallow: they are asked for and nothing ever comes. strip: as a proxy of old times does
        that knows no `Upgrade`; the server sees a plain GET. refuse: answered with `status`, and
        the server never hears of it. mute: opened, and nothing ever passes. Open ones go on."""

        def set_both() -> None:
            self.upgrades, self.refusal = upgrades, status

        self._proxy.call(set_both)

    @property
    def seen(self) -> list[Seen]:
        """Requests so far, in their order."""
        return list(self._seen)

    @property
    def open_connections(self) -> int:
        return len(self._links)

    def held(self, direction: Direction) -> int:
        """Bytes that wait."""
        return self._lanes((direction,))[0].held

    def until(self, condition: Callable[[], object], seconds: float = CONDITION_SECONDS) -> None:
        """Wait for what this way counts (`seen`, `held`, `open_connections`, `passed`)."""
        ends = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < ends, f"{self.name}: still not after {seconds} s"
            time.sleep(0.005)

    # -- in the proxy's thread ----------------------------------------------------------------

    def _lanes(self, directions: tuple[Direction, ...]) -> list[Lane]:
        lanes = {"up": self.up, "down": self.down}
        return [lanes[each] for each in directions or ("up", "down")]

    def _restore(self) -> None:
        self.is_down = False
        self.upgrades = "pass"
        self._lost.clear()
        for lane in (self.up, self.down):
            lane.delay = lane.rate = 0.0
            lane.release()

    def _cut(self, reset: bool, quietly: bool) -> None:
        for link in list(self._links.values()):
            self.cut_link(link, reset=reset, quietly=quietly)

    def cut_link(self, link: Link, *, reset: bool, quietly: bool = False) -> None:
        link.end(reset=reset, quietly=quietly)
        if quietly:
            self._ghosts.append(link.server)
        for task, each in self._links.items():
            if each is link:
                task.cancel()

    def note(self, seen: Seen) -> bool:
        """Remember a request; True when its answer is to be lost."""
        self._seen.append(seen)
        return any(lost.takes(seen) for lost in self._lost)

    async def listen(self) -> None:
        self._listener = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=HEAD_BYTES)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_down:
            return close(writer, reset=True)
        try:
            target = await asyncio.open_connection("127.0.0.1", self._proxy.target)
        except OSError:
            return close(writer, reset=True)  # as where nobody listens
        link = Link(self, writer, target[1])
        task = asyncio.current_task()
        assert task is not None
        self._links[task] = link
        try:
            await link.run(reader, target[0])
        except (ExceptionGroup, asyncio.CancelledError):
            pass  # somebody hung up, or we did
        finally:
            del self._links[task]
            if link.server not in self._ghosts:
                link.end(reset=False, quietly=False)

    async def stop(self) -> None:
        if self._listener:
            self._listener.close()
        self._cut(True, False)
        for ghost in self._ghosts:
            close(ghost, reset=True)
        await asyncio.gather(*self._links, return_exceptions=True)


class Proxy:
    """Makes ways to the server on `target`, a port of this machine."""

    def __init__(self, target: int) -> None:
        self.target = target
        self._ways: list[Way] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        for way in self._ways:
            self.wait(way.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(CALL_SECONDS)
        self._loop.close()

    def way(self, name: str) -> Way:
        """A new line to the server."""

        async def make() -> Way:
            way = Way(self, name)
            await way.listen()
            self._ways.append(way)
            return way

        return self.wait(make())

    def call(self, change: Callable[[], object]) -> None:
        """Do something in the proxy's thread, and wait until it is done."""

        async def done() -> None:
            change()

        self.wait(done())

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(CALL_SECONDS)


@contextlib.contextmanager
def proxy_to(port: int) -> Iterator[Proxy]:
    """A proxy before the server on this port, for as long as the context lasts."""
    proxy = Proxy(port)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()
