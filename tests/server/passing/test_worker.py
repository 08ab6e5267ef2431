"""A worker beside servers on one Redis: what nobody's next step waits for is its own to do."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from server import clock as wall
from server.app import create_app
from server.children import Ended
from server.config import Config
from server.passing.passer import split
from server.passing.preamble import WORK, passing_key
from server.passing.work import PROOF_BYTES, Said, our_code, proof
from server.store import Place
from server.store.homes import is_ours
from server.workshops.erasure import retention
from server.workshops.erasure.retention import LOOKS
from server.workshops.usage import DAY
from tests.support.app import App, Team
from tests.support.passed.apps import inside
from tests.support.redis.servers import RedisServer

KEY = b"k" * 32
COMPACTOR = "server.sync.commit.compactor"


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    with RedisServer() as running:
        yield running


@contextlib.asynccontextmanager
async def process(redis: RedisServer, folder: Path, *, works: bool = False) -> AsyncIterator[App]:
    """As good as one of its own: a session, and an address under which the others reach it."""
    config = Config(data=folder, redis_url=redis.url, key=KEY, retention_days=10)
    app = create_app(config, static=folder, works=works)
    async with app.router.lifespan_context(app), inside(app, config):
        running = App(app, app)
        if works:
            await running.service.store.homes.looks_after()  # type: ignore[union-attr]
        yield running


async def compacted(app: App, team: Team) -> int:
    """Where the checkpoint of a board ends, once it has one more."""
    await app.write(team.board(), "muistiin")
    await app.service.rooms.compactor.compact(team.board())
    stored = await app.service.store.load(team.board())
    assert stored is not None
    assert stored.checkpoint is not None
    assert stored.updates == ()
    return stored.seq


def lent(app: App) -> int:
    assert app.service.lending is not None
    return app.service.lending.lent


async def test_a_checkpoint_is_made_by_the_worker_and_at_home_without_one(
    redis: RedisServer, tmp_path: Path
) -> None:
    async with process(redis, tmp_path) as web:
        team = await web.team()
        async with process(redis, tmp_path, works=True):
            first = await compacted(web, team)
            assert lent(web) == 1
        assert await compacted(web, team) > first  # it was there a moment ago
        assert lent(web) == 1


async def test_a_worker_that_dies_over_its_work_is_not_waited_for(
    redis: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its session ends, as of one that was killed or sleeps; what it had is done at home."""
    begun = asyncio.Event()

    async def forever(module: str, told: bytes) -> Ended:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError(module)

    async with process(redis, tmp_path) as web, process(redis, tmp_path, works=True) as worker:
        assert worker.service.work is not None
        monkeypatch.setattr(worker.service.work, "_child", forever)
        team = await web.team()
        compacting = asyncio.create_task(compacted(web, team))
        await begun.wait()
        homes = worker.service.store.homes
        assert homes is not None
        redis.command("DEL", f"hahmo:node:{homes.session}")
        await compacting
        assert lent(web) == 0


async def test_what_nobody_serves_is_looked_after_by_one_worker(
    redis: RedisServer, tmp_path: Path
) -> None:
    async with process(redis, tmp_path) as web:
        assert await is_ours(web.service.store, "free")  # there is no worker
        await web.service.store.homes.give_up()  # type: ignore[union-attr]
        async with (
            process(redis, tmp_path, works=True) as one,
            process(redis, tmp_path, works=True) as two,
        ):
            stores = [two.service.store, web.service.store, one.service.store]
            assert [await is_ours(store, "free") for store in stores] == [False, False, True]
            assert [await is_ours(store, "") for store in stores] == [True, True, True]
            one.service.store.homes.takes = False  # type: ignore[union-attr]
            await one.service.store.homes.give_up()  # type: ignore[union-attr]
            assert [await is_ours(store, "free") for store in stores[:2]] == [True, False]
        assert await is_ours(web.service.store, "free")


async def test_what_is_unused_is_forgotten_by_the_worker_and_what_is_served_by_its_home(
    redis: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [wall.milliseconds()]
    monkeypatch.setattr(retention, "milliseconds", lambda: now[0])
    async with process(redis, tmp_path) as web, process(redis, tmp_path, works=True) as worker:
        free, served = await web.team(), await web.team()
        homes = web.service.store.homes
        assert homes is not None
        await homes.give_up([free.id])
        now[0] += 11 * DAY
        gone = []
        for _ in range(LOOKS + 1):
            gone.append([await app.service.retention.look() for app in (web, worker)])
            now[0] += DAY
        assert gone == [*([[0, 0]] * LOOKS), [1, 1]]
        assert await worker.service.store.boards() == []
        assert served.id != free.id


async def test_nothing_is_run_for_who_cannot_prove_to_have_the_key(
    redis: RedisServer, tmp_path: Path
) -> None:
    """Neither a client's request, nor what was changed on the way, nor another module."""
    async with process(redis, tmp_path, works=True) as worker:
        assert (await worker.http.post(f"/{COMPACTOR}")).status_code in (404, 405)
        passer = worker.service.passer
        assert passer is not None
        session = passer.homes.session
        place = Place(session, await address_of(redis, session))
        key = passing_key(KEY)
        good = proof(key, our_code(), COMPACTOR.encode(), b"told") + b"told"
        other = proof(key, b"another version", COMPACTOR.encode(), b"told") + b"told"
        assert b" 403 " in await asked(worker, place, COMPACTOR, other)
        assert b" 403 " in await asked(worker, place, COMPACTOR, good[:-1] + b"e")
        assert b" 403 " in await asked(worker, place, "server.cli", good)
        assert b" 200 " in await asked(worker, place, COMPACTOR, good)  # and ends with a complaint


def test_an_answer_belongs_to_what_was_asked() -> None:
    key = passing_key(KEY)
    said = Said()
    said._status, said._body = 200, bytearray(proof(key, b"asked", b"") + b"")
    with pytest.raises(ValueError, match="200"):
        said.read(key, b"asked before")
    assert len(said._body) == PROOF_BYTES


async def address_of(redis: RedisServer, session: str) -> str:
    return str((await asyncio.to_thread(redis.command, "GET", f"hahmo:node:{session}")).decode())


async def asked(app: App, place: Place, module: str, body: bytes) -> bytes:
    """The first line of the answer."""
    assert app.service.passer is not None
    reader, writer = await asyncio.open_connection(*split(place.address))
    writer.write(app.service.passer.preamble(place, None, None, WORK))
    head = f"POST /{module} HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    first = await reader.readline()
    writer.close()
    return first
