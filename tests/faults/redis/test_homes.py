"""Several servers on one Redis: a home dies, sleeps or ends, and so does who passes on to it.

Nothing that was acked is missing, nobody's copy differs, and people write again within seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import pytest

from server.sync.commit.compactor import contents
from tests.faults.redis.test_kills import findings, in_redis
from tests.faults.support.counts import count, tell
from tests.faults.support.crash import Ledger, Workshop, Writer
from tests.support.passed.servers import several
from tests.support.peer import Peer
from tests.support.redis.servers import RedisServer
from tests.support.server import Server

KILLS = count("HAHMO_TEST_HOME_KILLS", ordinary=3, soak=40)
SLEEP_SECONDS = count("HAHMO_TEST_HOME_SLEEP", ordinary=6, soak=20)
PEOPLE = 4
WORKSHOPS = count("HAHMO_TEST_ROLLING_WORKSHOPS", ordinary=6, soak=20)
EACH = count("HAHMO_TEST_ROLLING_EACH", ordinary=5, soak=10)  # people in each
WAIT_SECONDS = 2.0  # without the board, while all servers are restarted in turn
BACK_SECONDS = 8.0  # until all write again, on a machine that has nothing else to do
BUSY = 3  # times slower than that at most

pytestmark = [pytest.mark.timeout(1200), pytest.mark.xdist_group("r4")]


class Crowd:
    """People who write all the time, on three boards, and what they were told is saved.

    `pace`: seconds between two edits of each, at most.
    """

    def __init__(
        self, workshop: Workshop, ways: list[str], dice: random.Random, pace: float = 0.05
    ) -> None:
        self.workshop = workshop
        self.peers = [
            Peer(ways[number % len(ways)], workshop.boards[number % 3], token=token)
            for number, token in enumerate(workshop.tokens)
        ]
        self.writers = [Writer(peer, dice) for peer in self.peers]
        self.ledger = Ledger()
        self.checked = 0  # edits that were acked when somebody fell, each time counted
        self._dice = dice
        self._pace = pace

    @contextlib.asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Until the block is left; then all is saved, and everybody has the same."""
        for peer in self.peers:
            peer.open()
        await self.all_write()
        tasks = [asyncio.create_task(self._write(writer)) for writer in self.writers]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for peer in self.peers:
            await peer.saved(deadline=60)
        for writer in self.writers:
            writer.note_down(self.ledger)
        first = self.peers[0]
        for peer in self.peers[3::3]:  # on the same board
            await peer.until(partial(agree, peer, first), deadline=30)
        for peer in self.peers:
            assert peer.refused is None
            await peer.close()

    async def _write(self, writer: Writer) -> None:
        while True:
            if writer.peer.unsaved < 20:
                writer.edit()
            await asyncio.sleep(self._dice.uniform(0.2, 1.0) * self._pace)

    async def lost_now(self, redis: RedisServer) -> list[str]:
        """What was acked so far and is not there, before its authors bring it again: nobody can be
        home before the session of who just fell is over."""
        told = Ledger()
        for writer in self.writers:
            writer.note_down(told)
        self.checked += told.acked
        return told.lost(await in_redis(redis.url))

    async def all_write(self, writers: list[Writer] | None = None) -> float:
        """Seconds until something that each of them writes now is saved. `writers`: only these."""
        began = asyncio.get_running_loop().time()
        await asyncio.gather(*map(self._write_one, writers or self.writers))
        return asyncio.get_running_loop().time() - began

    async def _write_one(self, writer: Writer) -> None:
        peer = writer.peer
        writer.edit()
        edits = peer.unsaved + peer._saved
        await peer.until(lambda: peer._saved >= edits, deadline=60)


def agree(one: Peer, other: Peer) -> bool:
    return contents(one.document) == contents(other.document)


def crowd_at(home: Server, ways: list[Server], dice: random.Random) -> Crowd:
    return Crowd(Workshop.open(home.port, PEOPLE), [way.url for way in ways], dice)


async def judged(name: str, redis: RedisServer, crowd: Crowd, n: int, more: str = "") -> None:
    lost = crowd.ledger.lost(await in_redis(redis.url))
    tell(name, n=n, acked=crowd.ledger.acked, lost=len(lost), more=more)
    assert crowd.ledger.acked > 50
    assert lost == []
    assert await findings(redis.url) == []


@contextlib.contextmanager
def asleep(server: Server) -> Iterator[None]:
    os.kill(server.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(server.pid, signal.SIGCONT)


def home_of(redis: RedisServer, workshop: str) -> tuple[bytes, int]:
    """Its session, and its epoch."""
    node, epoch = redis.command("HMGET", f"hahmo:{{{workshop}}}:home", "node", "epoch")
    return node, int(epoch)


async def test_r5_acked_edits_survive_kill_9_of_the_home(
    tmp_path: Path, dice: random.Random
) -> None:
    """It is killed and comes back, and the other one is; people are at a third, which lives."""
    with RedisServer() as redis, several(redis, tmp_path, 2, front=True) as servers:
        *homes, front = servers
        crowd = await asyncio.to_thread(crowd_at, front, [front], dice)
        waits, lost = [], list[str]()
        async with crowd.at_work():
            for _ in range(KILLS):
                node, epoch = home_of(redis, crowd.workshop.id)
                dying = next(each for each in homes if is_home(redis, each, node))
                await asyncio.sleep(dice.uniform(0.2, 1.0))
                dying.kill9()
                lost += await crowd.lost_now(redis)
                waits.append(await crowd.all_write())
                assert home_of(redis, crowd.workshop.id)[1] > epoch
                await asyncio.to_thread(dying.restart)
        told = f"writing again after {max(waits):.1f} s at most"
        await judged("homes killed", redis, crowd, KILLS, told)
    assert lost == []
    assert crowd.checked
    assert min(waits) < BACK_SECONDS
    assert max(waits) < BUSY * BACK_SECONDS


def is_home(redis: RedisServer, server: Server, node: bytes) -> bool:
    """Whether a session is this server's, by the port that it listens on."""
    address = redis.command("GET", b"hahmo:node:" + node)
    assert address is not None
    inodes = {
        target
        for entry in Path(f"/proc/{server.pid}/fd").iterdir()
        if (target := os.readlink(entry)).startswith("socket:")
    }
    port = f":{int(address.decode().rpartition(':')[2]):04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return any(
        row[1].endswith(port) and row[3] == "0A" and f"socket:[{row[9]}]" in inodes for row in rows
    )


async def test_r5_who_passes_on_may_die_and_nobody_else_notices(
    tmp_path: Path, dice: random.Random
) -> None:
    with RedisServer() as redis, several(redis, tmp_path, 1, front=True) as (home, front):
        crowd = await asyncio.to_thread(crowd_at, home, [home, front], dice)
        async with crowd.at_work():
            before = home_of(redis, crowd.workshop.id)
            for _ in range(KILLS):
                await asyncio.sleep(dice.uniform(0.1, 0.5))
                front.kill9()
                await asyncio.to_thread(front.restart)
                await crowd.all_write()
            assert home_of(redis, crowd.workshop.id) == before
            assert [peer.closes for peer in crowd.peers[::2]] == [[], []]
        await judged("passers killed", redis, crowd, KILLS)


async def test_r5_a_home_that_slept_writes_nothing_any_more(
    tmp_path: Path, dice: random.Random
) -> None:
    """Those who were passed on to it are cut, and served by another before it wakes up."""
    with RedisServer() as redis, several(redis, tmp_path, 2, front=True) as servers:
        *homes, front = servers
        crowd = await asyncio.to_thread(crowd_at, front, [front], dice)
        lost: list[str] = []
        async with crowd.at_work():
            node, epoch = home_of(redis, crowd.workshop.id)
            sleeper = next(each for each in homes if is_home(redis, each, node))
            with asleep(sleeper):
                lost += await crowd.lost_now(redis)
                took = await crowd.all_write()
                await asyncio.sleep(max(0.0, SLEEP_SECONDS - took))
                assert home_of(redis, crowd.workshop.id)[1] == epoch + 1
            await asyncio.sleep(1.0)
            await crowd.all_write()
            assert home_of(redis, crowd.workshop.id)[1] == epoch + 1
        await judged("homes asleep", redis, crowd, 1, f"writing again after {took:.1f} s")
    assert lost == []
    assert crowd.checked
    assert took < BUSY * BACK_SECONDS


async def test_r5_a_rolling_restart_is_hardly_noticed(tmp_path: Path, dice: random.Random) -> None:
    """One after the other ends and comes back, while people are at a third."""
    with RedisServer() as redis, several(redis, tmp_path, 2, front=True) as servers:
        *homes, front = servers
        crowd = await asyncio.to_thread(crowd_at, front, [front], dice)
        waits = []
        async with crowd.at_work():
            for server in homes:
                ending = asyncio.create_task(asyncio.to_thread(server.stop))
                await asyncio.sleep(0.3)
                waits.append(await crowd.all_write())
                assert await ending == 0
                await asyncio.to_thread(server.restart)
            codes = {code for peer in crowd.peers for code, _ in peer.closes}
        told = f"told {codes}, writing again after {max(waits):.1f} s at most"
        await judged("rolling restart", redis, crowd, len(homes), told)
    assert 1012 in codes
    assert codes <= {1012, 4503}
    assert max(waits) < BUSY * BACK_SECONDS


class Wait:
    """How long somebody was without their board, at the longest."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.longest = 0.0

    async def watch(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            while self.peer.synced:
                await self.peer.changed()
            since = loop.time()
            while not self.peer.synced:
                await self.peer.changed()
            self.longest = max(self.longest, loop.time() - since)


async def test_r5_a_crowd_in_many_workshops_hardly_waits_while_all_servers_are_restarted(
    tmp_path: Path, dice: random.Random
) -> None:
    with RedisServer() as redis, several(redis, tmp_path, 2, front=True) as servers:
        *homes, front = servers
        opened = [asyncio.to_thread(Workshop.open, front.port, EACH) for _ in range(WORKSHOPS)]
        made = await asyncio.gather(*opened)
        crowds = [Crowd(workshop, [front.url], dice, pace=2.0) for workshop in made]
        peers = [peer for crowd in crowds for peer in crowd.peers]
        async with contextlib.AsyncExitStack() as stack:
            for crowd in crowds:
                await stack.enter_async_context(crowd.at_work())
            waits = [Wait(peer) for peer in peers]
            watches = [asyncio.create_task(wait.watch()) for wait in waits]
            for server in homes:
                assert await asyncio.to_thread(server.stop) == 0
                await asyncio.gather(*(crowd.all_write() for crowd in crowds))
                await asyncio.to_thread(server.restart)
            for watch in watches:
                watch.cancel()
            codes = {code for peer in peers for code, _ in peer.closes}
        lost = [each for crowd in crowds for each in crowd.ledger.lost(await in_redis(redis.url))]
        assert await findings(redis.url) == []
    longest = sorted(wait.longest for wait in waits)
    half = longest[len(longest) // 2]
    more = f"told {codes}, without the board for {longest[-1]:.1f} s, half for {half:.1f} s"
    acked = sum(crowd.ledger.acked for crowd in crowds)
    tell("rolling restart of a crowd", n=len(peers), acked=acked, lost=len(lost), more=more)
    assert lost == []
    assert codes <= {1012, 4503}
    assert longest[-1] < BUSY * WAIT_SECONDS
