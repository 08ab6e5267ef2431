"""R6: Redis itself dies, sleeps, or is out of one server's reach, with two servers in front.

People hear within seconds that nothing is saved, keep what they write, and it goes on by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest

from tests.faults.redis.test_homes import Crowd, crowd_at, home_of, judged
from tests.faults.support.counts import count
from tests.support.network.relay import relay_to
from tests.support.passed.servers import beside, several
from tests.support.peer import Peer
from tests.support.redis.servers import RedisServer
from tests.support.server import Server, ended_at_last

ROUNDS = count("HAHMO_TEST_REDIS_FAILS", ordinary=1, soak=15)
AWAY_SECONDS = 5.0  # for which Redis sleeps
TOLD_SECONDS = 3.0  # until everybody knows, on a machine that has nothing else to do
BACK_SECONDS = 6.0  # until all write again, then
BUSY = 3  # times slower than that at most

pytestmark = [pytest.mark.timeout(1200), pytest.mark.xdist_group("r4")]


class Told:
    """When each of them heard that the connection is over, from now on."""

    def __init__(self, peers: list[Peer]) -> None:
        self._peers = peers
        self._began = asyncio.get_running_loop().time()
        self._before = [len(peer.closes) for peer in peers]

    async def all(self) -> float:
        """Seconds until the last of them had."""
        await asyncio.gather(*map(self._one, self._peers, self._before))
        return asyncio.get_running_loop().time() - self._began

    async def _one(self, peer: Peer, before: int) -> None:
        await peer.until(lambda: len(peer.closes) > before)

    def codes(self) -> set[int]:
        pairs = zip(self._peers, self._before, strict=True)
        return {code for peer, before in pairs for code, _ in peer.closes[before:]}


def saved(crowd: Crowd) -> list[int]:
    return [peer._saved for peer in crowd.peers]


async def readiness(server: Server, *, is_ready: bool) -> None:
    """Until it says that it is, or is not."""
    async with (
        asyncio.timeout(30),
        httpx.AsyncClient(base_url=server.url, trust_env=False) as http,
    ):
        while (await http.get("/readyz")).is_success != is_ready:
            pass


Away = Callable[[RedisServer], contextlib.AbstractAsyncContextManager[None]]


@contextlib.asynccontextmanager
async def dead(redis: RedisServer) -> AsyncIterator[None]:
    redis.kill9()
    yield
    await asyncio.to_thread(redis.start)


@contextlib.asynccontextmanager
async def asleep(redis: RedisServer) -> AsyncIterator[None]:
    until = asyncio.get_running_loop().time() + AWAY_SECONDS
    redis.pause()
    try:
        yield
        await asyncio.sleep(max(0.0, until - asyncio.get_running_loop().time()))
    finally:
        redis.go_on()


@pytest.mark.parametrize("away", [dead, asleep], ids=["dies", "sleeps"])
async def test_r6_redis_is_away_and_all_hear_of_it_and_go_on(
    tmp_path: Path, dice: random.Random, away: Away
) -> None:
    heard, backs = [], []
    with RedisServer() as redis, several(redis, tmp_path) as servers:
        crowd = await asyncio.to_thread(crowd_at, servers[0], servers, dice)
        async with crowd.at_work():
            for _ in range(ROUNDS):
                told = Told(crowd.peers)
                async with away(redis):
                    heard.append(await told.all())
                    before = saved(crowd)
                    for server in servers:
                        await readiness(server, is_ready=False)
                    assert saved(crowd) == before
                    assert told.codes() <= {4503, 1006}
                backs.append(await crowd.all_write())
                for server in servers:
                    await readiness(server, is_ready=True)
        more = f"heard of after {max(heard):.1f} s, writing again after {max(backs):.1f} s"
        await judged(f"Redis {away.__name__}", redis, crowd, ROUNDS, more)
    assert min(heard) < TOLD_SECONDS
    assert max(heard) < BUSY * TOLD_SECONDS
    assert min(backs) < BACK_SECONDS
    assert max(backs) < BUSY * BACK_SECONDS


async def test_r6_a_home_that_cannot_reach_redis_is_followed_by_the_other(
    tmp_path: Path, dice: random.Random
) -> None:
    """Those who are at the other go on while the one is cut off; those at the one, when it ends."""
    with RedisServer() as redis, contextlib.ExitStack() as stack:
        async with relay_to(redis.port) as relay:
            env = {"HAHMO_REDIS_URL": f"redis://127.0.0.1:{relay.port}/0"}
            servers = [beside(redis, tmp_path / "0", env), beside(redis, tmp_path / "1")]
            for server in servers:
                stack.enter_context(ended_at_last(server))
                await asyncio.to_thread(server.start)
            crowd = await asyncio.to_thread(crowd_at, servers[0], servers, dice)
            async with crowd.at_work():
                _, epoch = home_of(redis, crowd.workshop.id)
                told = Told(crowd.peers)
                relay.asks = lambda: True
                heard = await told.all()
                await readiness(servers[0], is_ready=False)
                on = await crowd.all_write(crowd.writers[1::2])
                assert home_of(redis, crowd.workshop.id)[1] == epoch + 1
                assert not any(peer.synced for peer in crowd.peers[::2])
                relay.asks = lambda: False
                await crowd.all_write()
                await readiness(servers[0], is_ready=True)
            more = f"heard of after {heard:.1f} s, followed after {on:.1f} s more"
            await judged("Redis out of reach", redis, crowd, 1, more)
            await asyncio.to_thread(servers[0].stop)
    assert heard < BUSY * TOLD_SECONDS
    assert on < BUSY * BACK_SECONDS
