"""The application of the tests behind another, which passes every call on over a real socket."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from unittest import mock

import uvicorn
from starlette.applications import Starlette

import server.app
from server.app import create_app
from server.config import Config
from server.doorway import DoorProtocol
from server.passing.passer import Passer
from server.service import Service
from server.serving import address_of, listen_inside, passing
from server.sync.transport.lobby import Lobby
from server.sync.transport.takeover import HandoffProtocol
from tests.support.passed.never_home import NeverHome
from tests.support.redis.servers import RedisServer

__all__ = ["PASSED", "before", "redis_of"]

PASSED = os.environ.get("HAHMO_TEST_PASSED") == "1"
MOST_KEPT = 2  # Redis servers of tests that are over, or start again on the same data
servers: dict[Path, RedisServer] = {}


def redis_of(data: Path) -> RedisServer:
    """The one of a data folder, as long as that may be asked for again."""
    if data not in servers:
        while len(servers) >= MOST_KEPT:
            servers.pop(next(iter(servers))).end()
        servers[data] = RedisServer().start()
    return servers[data]


@contextlib.asynccontextmanager
async def before(home: Starlette, config: Config, static: Path) -> AsyncIterator[Starlette]:
    """The one that calls are made to; `home` answers them, and its lifespan has begun."""
    async with inside(home, config):
        with passers(NeverHome):
            front = create_app(config, static=static)
            async with front.router.lifespan_context(front):
                yield front


@contextlib.contextmanager
def passers(kind: type[Passer]) -> Iterator[None]:
    with mock.patch.object(server.app, "Passer", kind):
        yield


@contextlib.asynccontextmanager
async def inside(app: Starlette, config: Config) -> AsyncIterator[None]:
    """`app`, served to other processes."""
    service: Service = app.state.service
    assert service.passer is not None
    with listen_inside(config) as inner:
        lobby = Lobby(most=1000)
        settings = uvicorn.Config(
            app,
            http=type("Http", (DoorProtocol,), {"lobby": lobby, **passing(service, [inner])}),
            ws=type("WebSocket", (HandoffProtocol,), {"lobby": lobby}),
            lifespan="off",
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        serving = uvicorn.Server(settings)
        task = asyncio.create_task(serving._serve([inner]))
        await service.passer.homes.tell(address_of(inner))
        try:
            yield
        finally:
            serving.should_exit = True
            await task
