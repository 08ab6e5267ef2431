"""A real server in a process of its own, for tests that need sockets, crashes or browsers."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import httpx

from tests.support.network.recut import recut_if_asked

__all__ = ["Server", "free_port", "running_server"]

START_SECONDS = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """`hahmo serve` on a port of its own; the same port and folder after every restart.

    `files`: how many it may have open, its connections included. `command`: a module that is
    run in the place of `server`, and what it is told first.
    """

    def __init__(
        self,
        data: Path,
        env: Mapping[str, str],
        files: int | None = None,
        command: Sequence[str] = ("server",),
    ) -> None:
        self._files = files
        self._command = command
        self.data = data
        self.own_port = free_port()
        self.reach(self.own_port)
        self._env = {**os.environ, **env, "HAHMO_DATA": str(data), "PORT": str(self.own_port)}
        self.process: subprocess.Popen[bytes] | None = None
        self.log = data.parent / f"server-{self.port}.log"

    def reach(self, port: int) -> None:
        """Clients find it there from now on."""
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.ws_url = f"ws://127.0.0.1:{port}"

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self) -> None:
        """Start it and wait until it answers. Raises RuntimeError with its log if it ends."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self._limited(), sys.executable, "-m", *self._command, "serve"],
                env=self._env,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start:\n{self.log.read_text()}")
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(0.02)

    def _limited(self) -> list[str]:
        few = f'ulimit -n {self._files}; exec "$@"'
        return [] if self._files is None else ["/bin/sh", "-c", few, "sh"]

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", timeout=1.0, trust_env=False).is_success
        except httpx.TransportError:
            return False

    def kill9(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM, and the exit status."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise

    def restart(self, **env: str) -> None:
        """Start again after `kill9` or `stop`, with settings besides those it had."""
        self._env |= env
        self.start()


@contextlib.contextmanager
def running_server(
    data: Path,
    env: Mapping[str, str] | None = None,
    *,
    files: int | None = None,
    command: Sequence[str] = ("server",),
) -> Iterator[Server]:
    if os.environ.get("HAHMO_TEST_PASSED") == "1" and command == ("server",):
        from tests.support.passed.servers import behind_another  # which needs this file

        with behind_another(data, env or {}, files) as server:
            yield server
        return
    server = Server(data, env or {}, files, command)
    with recut_if_asked(server.own_port) as port:
        server.reach(port)
        with ended_at_last(server):
            server.start()
            yield server


@contextlib.contextmanager
def ended_at_last(server: Server) -> Iterator[None]:
    try:
        yield
    finally:
        if server.process is not None and server.process.poll() is None:
            server.stop()
