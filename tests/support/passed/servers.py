"""Several servers on one Redis, each a process of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.support.redis.servers import RedisServer
from tests.support.server import Server, ended_at_last

__all__ = ["NEVER_HOME", "behind_another", "beside", "several"]

KEY = "5a" * 32
NEVER_HOME = ("tests.support.passed.never_home",)


def beside(
    redis: RedisServer, folder: Path, env: Mapping[str, str] | None = None, *, takes: bool = True
) -> Server:
    """One that is not started yet. `takes`: it may be home; else it passes everything on."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = {"HAHMO_REDIS_URL": redis.url, "HAHMO_KEY": KEY, **(env or {})}
    return Server(folder / "data", settings, command=("server",) if takes else NEVER_HOME)


@contextlib.contextmanager
def several(
    redis: RedisServer, folder: Path, n: int = 2, *, front: bool = False, **env: str
) -> Iterator[list[Server]]:
    """So many, started. `front`: with one more at the end that is home of nothing."""
    with contextlib.ExitStack() as stack:
        servers = [beside(redis, folder / str(number), env) for number in range(n)]
        if front:
            servers.append(beside(redis, folder / "front", env, takes=False))
        for server in servers:
            stack.enter_context(ended_at_last(server))
            server.start()
        yield servers


@contextlib.contextmanager
def behind_another(data: Path, env: Mapping[str, str], files: int | None) -> Iterator[Server]:
    """A server to which clients come through another one, which is home of nothing."""
    with RedisServer() as redis:
        settings = {"HAHMO_REDIS_URL": redis.url, "HAHMO_KEY": KEY, **env}
        home = Server(data, settings, files)
        front = Server(data.parent / "front" / "data", settings, files, NEVER_HOME)
        front.log.parent.mkdir(parents=True, exist_ok=True)
        with ended_at_last(home), ended_at_last(front):
            home.start()
            front.start()
            home.reach(front.own_port)
            yield home
