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

__all__ = ["Embedded", "ServerEnded", "embedded_server"]

START_SECONDS = 20.0
STOP_SECONDS = 12.0
LOG_SHOWN = 2000  # last characters of its log that an error repeats


class ServerEnded(Exception):
    """The server did not start, or went away; the message is the end of its log."""


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
    """Serve from `data`, or a folder that is gone afterwards; on `port`; 0 = 8000 if it is free."""
    with tempfile.TemporaryDirectory(prefix="hahmo-demo-") as folder:
        chosen = port or free_port()
        log = Path(folder, "server.log")
        with await asyncio.to_thread(log.open, "wb") as output:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "server", "serve"),
                env={
                    **os.environ,
                    "HAHMO_DATA": str(data or Path(folder, "data")),
                    "HAHMO_HOST": os.environ.get("HAHMO_HOST", "127.0.0.1"),
                    "PORT": str(chosen),
                },
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C is for us; we end the server afterwards
            )
        server = Embedded(f"http://127.0.0.1:{chosen}", process, log)
        try:
            await server.answers()
            yield server
        finally:
            await server.stop()


def free_port() -> int:
    """8000 if nobody listens there, else any."""
    for wanted in (8000, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", wanted))
                return int(probe.getsockname()[1])
    raise OSError("no port is free")


async def is_alive(address: str) -> bool:
    try:
        await Api(address).get("/healthz")
    except Unreachable:
        return False
    except ValueError:
        return True  # it answers, if not in JSON
    return True
