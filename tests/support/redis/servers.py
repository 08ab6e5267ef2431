"""Real Redis servers on free ports, alone or as a Cluster, for as long as the tests run.

They keep to a folder of their own, sync every write as production does, and end with the process
that started them. Each test takes keys of its own: `prefix()`.
"""

from __future__ import annotations

import atexit
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, ConnectionError
from redis.retry import Retry

from tests.support.server import free_port

__all__ = ["RedisServer", "cluster", "follow", "node", "prefix", "share_slots", "shared", "until"]

BINARY = os.environ.get("REDIS_SERVER", "redis-server")
START_SECONDS = 20.0
SLOTS = 16384
numbers = itertools.count()


class RedisServer:
    """One process; the same port and folder after every restart."""

    def __init__(self, *settings: str, folder: Path | None = None, binary: str = BINARY) -> None:
        self._binary = binary
        self.folder = folder or Path(tempfile.mkdtemp(prefix="hahmo-redis-"))
        self._is_ours = folder is None
        self.port = free_port()
        self.bus = free_port()  # between the nodes of a Cluster
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._settings = [
            *("--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)),
            *("--appendonly", "yes", "--appendfsync", "always", "--save", ""),
            *("--cluster-port", str(self.bus), "--repl-diskless-sync-delay", "0"),
            *settings,
        ]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> RedisServer:
        """And wait until it answers."""
        assert shutil.which(self._binary), (
            "the tests need redis-server; scripts/system-tools installs it"
        )
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self._binary, *self._settings], stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        atexit.register(self.end)
        until(self._answers)
        return self

    def _answers(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise RuntimeError((self.folder / "log").read_text())
        try:
            with self.client() as client:
                return bool(client.ping())
        except AuthenticationError:
            return True
        except ConnectionError:  # it still loads, or is not there yet
            return False

    def client(self) -> Redis:
        return Redis(port=self.port, socket_timeout=5, retry=Retry(NoBackoff(), 0))

    def command(self, *words: Any) -> Any:
        with self.client() as client:
            return client.execute_command(*words)

    def kill9(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def pause(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def end(self) -> None:
        atexit.unregister(self.end)
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self._is_ours:
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> RedisServer:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.end()

    def files(self) -> bytes:
        """All that lies on the disk."""
        paths = (path for path in self.folder.rglob("*") if path.is_file())
        return b"".join(path.read_bytes() for path in paths if path.name != "log")


def until(condition: Any, seconds: float = START_SECONDS) -> None:
    """Raises AssertionError."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "Redis did not come to it in time"
        time.sleep(0.01)


@cache
def shared() -> RedisServer:
    """The one for all tests of this process."""
    return RedisServer().start()


@cache
def cluster() -> tuple[RedisServer, ...]:
    """Three that share the slots, for all tests of this process."""
    servers = tuple(node().start() for _ in range(3))
    share_slots(servers)
    return servers


def node() -> RedisServer:
    """Of a Cluster that is to be."""
    return RedisServer("--cluster-enabled", "yes", "--cluster-node-timeout", "1000")


def follow(replica: RedisServer, servers: Sequence[RedisServer]) -> None:
    """Let it be a replica of the first of a Cluster, until it could take its place."""
    first = servers[0]
    replica.command("CLUSTER", "MEET", "127.0.0.1", first.port, first.bus)
    for server in (*servers, replica):
        until(lambda server=server: is_whole(server, len(servers) + 1))
    replica.command("CLUSTER", "REPLICATE", first.command("CLUSTER", "MYID"))
    until(lambda: "online" in str(first.command("INFO", "replication")))


def share_slots(servers: Sequence[RedisServer]) -> None:
    bounds = [SLOTS * number // len(servers) for number in range(len(servers) + 1)]
    for server, first, end in zip(servers, bounds, bounds[1:], strict=False):
        server.command("CLUSTER", "ADDSLOTSRANGE", first, end - 1)
    for server in servers[1:]:
        servers[0].command("CLUSTER", "MEET", "127.0.0.1", server.port, server.bus)
    for server in servers:
        until(lambda server=server: is_whole(server, len(servers)))


def is_whole(server: RedisServer, nodes: int) -> bool:
    facts = bytes(server.command("CLUSTER", "INFO")).split()
    return {b"cluster_state:ok", b"cluster_known_nodes:%d" % nodes} <= set(facts)


def prefix() -> str:
    """Of the keys of one test."""
    return f"test{os.getpid()}-{next(numbers)}"
