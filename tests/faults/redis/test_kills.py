"""R4: a server on Redis, and Redis itself, die under load; nothing that was acked is missing."""

import asyncio
import random
import time
from pathlib import Path

import httpx
import pytest

from server.config import Config
from server.maintenance import Finding, check_store
from server.store.redis.store import RedisStore
from server.sync.commit.compactor import replay
from tests.faults.support.counts import count, tell
from tests.faults.support.crash import Acked, Ledger, Workshop, notes_of, write_until_dead
from tests.support.network.relay import relay_to
from tests.support.redis.servers import RedisServer
from tests.support.server import Server, running_server

KILLS = count("HAHMO_TEST_REDIS_KILLS", ordinary=4, soak=50)
PEOPLE = 4
BACK_SECONDS = 5.0  # until a server takes writes again once Redis is back, on a busy machine

pytestmark = [pytest.mark.timeout(1200), pytest.mark.xdist_group("r4")]


async def in_redis(url: str) -> dict[str, dict[str, Acked]]:
    """Every board, and its notes. Raises where one does not load."""
    store = RedisStore(url)
    await store.open()
    found = {}
    for board in await store.boards():
        stored = await store.look(board)
        assert stored is not None
        found[board] = notes_of(replay(stored))
    await store.close()
    return found


async def findings(url: str) -> list[Finding]:
    found: list[Finding] = []
    await check_store(Config(redis_url=url), found.append)
    return found


async def test_r4_acked_edits_survive_kill_9_of_the_server(
    tmp_path: Path, dice: random.Random
) -> None:
    ledger = Ledger()
    with RedisServer() as redis:
        with running_server(tmp_path / "data", {"HAHMO_REDIS_URL": redis.url}) as server:
            workshop = Workshop.open(server.port, PEOPLE)
            for _ in range(KILLS):
                seconds = dice.uniform(0.1, 0.5)
                await write_until_dead(workshop, dice, ledger, kill=server.pid, seconds=seconds)
                server.kill9()
                server.restart()
        lost = ledger.lost(await in_redis(redis.url))
        assert await findings(redis.url) == []
    tell("R4 server", n=KILLS, acked=ledger.acked, lost=len(lost))
    assert ledger.acked > 10 * KILLS
    assert lost == []


async def test_r4_acked_edits_survive_kill_9_of_redis(tmp_path: Path, dice: random.Random) -> None:
    """The server lives on, and takes writes again by itself."""
    ledger = Ledger()
    with RedisServer() as redis:
        with running_server(tmp_path / "data", {"HAHMO_REDIS_URL": redis.url}) as server:
            workshop = Workshop.open(server.port, PEOPLE)
            for _ in range(KILLS):
                assert redis.process is not None
                seconds = dice.uniform(0.1, 0.5)
                dying = redis.process.pid
                await write_until_dead(workshop, dice, ledger, kill=dying, seconds=seconds)
                redis.kill9()
                redis.start()
                began = time.monotonic()
                await ready(server)
                assert time.monotonic() - began < BACK_SECONDS
            assert server.process is not None
            assert server.process.poll() is None
        lost = ledger.lost(await in_redis(redis.url))
        assert await findings(redis.url) == []
    tell("R4 Redis", n=KILLS, acked=ledger.acked, lost=len(lost))
    assert ledger.acked > 10 * KILLS
    assert lost == []


async def ready(server: Server) -> None:
    """Until an edit can be saved again."""
    async with (
        asyncio.timeout(30),
        httpx.AsyncClient(base_url=server.url, trust_env=False) as http,
    ):
        while not (await http.get("/readyz")).is_success:
            pass


async def test_r4_answers_that_are_lost_lose_and_double_nothing(
    tmp_path: Path, dice: random.Random
) -> None:
    ledger = Ledger()
    with RedisServer() as redis:
        async with relay_to(redis.port) as relay:
            env = {"HAHMO_REDIS_URL": f"redis://127.0.0.1:{relay.port}/0"}
            server = Server(tmp_path / "data", env)
            await asyncio.to_thread(server.start)
            try:
                workshop = await asyncio.to_thread(Workshop.open, server.port, PEOPLE)
                relay.loses = lambda: dice.random() < 0.1
                await write_until_dead(workshop, dice, ledger, kill=server.pid, seconds=3.0)
            finally:
                server.kill9()
        lost = ledger.lost(await in_redis(redis.url))
        assert await findings(redis.url) == []
    tell("R4 answers", n=relay.lost, acked=ledger.acked, lost=len(lost))
    assert relay.lost > 5
    assert ledger.acked > 50
    assert lost == []
