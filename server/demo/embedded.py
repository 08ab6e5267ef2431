"""A server of the demo's own, in a process of its own, as `hahmo serve` runs it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from server.demo.api import Api, Unreachable

__all__ = ["AddressTaken", "Embedded", "ServerEnded", "embedded_server"]

START_SECONDS = 20.0
STOP_SECONDS = 12.0
BACKLOG = 2048  # connections that wait to be accepted
EVERYWHERE = ("0.0.0.0", "::")
LOG_SHOWN = 2000  # last characters of its log that an error repeats


class ServerEnded(Exception):
    """The server did not start, or went away; the message is the end of its log."""


class AddressTaken(Exception):
    """Somebody else listens at `where`, or we may not; `reason`: the system's words."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
        self.where = where
        self.reason = reason


class Embedded:
    """A running server: `address`, and `ended` to wait for its end."""

    def __init__(self, address: str, process: asyncio.subprocess.Process, log: Path) -> None:
        self.address = address
        self._process = process
        self._log = log

    async def ended(self) -> ServerEnded:
        """Wait until it ends by itself; what to say then."""
        await self._process.wait()
        return ServerEnded(self._log.read_text(errors="replace")[-LOG_SHOWN:])

    async def answers(self) -> None:
        """Wait until it serves. Raises ServerEnded, TimeoutError."""
        async with asyncio.timeout(START_SECONDS):
            while not await is_alive(self.address):
                if self._process.returncode is not None:
                    raise await self.ended()
                await asyncio.sleep(0.05)

    async def stop(self) -> None:
        """Ask it to end, and insist if it does not."""
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), STOP_SECONDS)
            except TimeoutError:
                self._process.kill()
                await self._process.wait()


@contextlib.asynccontextmanager
async def embedded_server(*, data: Path | None, port: int) -> AsyncIterator[Embedded]:
    """Serve from `data`, or a folder that is gone afterwards; on `port`; 0 = 8000 if it is free.

    Raises AddressTaken. We take the address before the server starts, and the server
    inherits it: what answers there can be no other server, in which the demo would write.
    """
    with (
        tempfile.TemporaryDirectory(prefix="hahmo-demo-") as folder,
        listener(port) as listening,
    ):
        log = Path(folder, "server.log")
        process = await started(data or Path(folder, "data"), listening, log)
        server = Embedded(address(listening), process, log)
        try:
            await server.answers()
            yield server
        finally:
            await server.stop()


async def started(data: Path, listening: socket.socket, log: Path) -> asyncio.subprocess.Process:
    """`hahmo serve` with this folder, on this socket."""
    number = listening.fileno()
    with await asyncio.to_thread(log.open, "wb") as output:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "server", "serve", "--fd", str(number)),
            env={
                **os.environ,
                "HAHMO_DATA": str(data),
                "PORT": str(listening.getsockname()[1]),
            },
            pass_fds=(number,),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C is for us; we end the server afterwards
        )


def listener(port: int) -> socket.socket:
    """The socket to serve on: at `port`; for 0 at 8000, or at any port if that is taken."""
    if not port:
        with contextlib.suppress(AddressTaken):
            return listener(8000)
    host = os.environ.get("HAHMO_HOST") or "127.0.0.1"
    try:
        family, _, _, _, where = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(where[:2], family=family, backlog=BACKLOG)
    except OSError as error:
        raise AddressTaken(f"{host}:{port}", error.strerror or str(error)) from error


def address(listening: socket.socket) -> str:
    """Where this machine reaches a socket."""
    host, port = listening.getsockname()[:2]
    if host in EVERYWHERE:
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def is_alive(address: str) -> bool:
    try:
        await Api(address).get("/healthz")
    except Unreachable:
        return False
    except ValueError:
        return True  # it answers, if not in JSON
    return True
