"""`hahmo migrate`: everything of one store is in the other, board by board, and nothing is half."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from server import cli, migration
from server.config import Config
from server.i18n import t
from server.store import Commit, NewBoard, Store, StoredBoard, StoredHistory
from server.store.opened import named_store
from server.sync.commit.compactor import checkpoint_of
from tests.server.test_cli import terminal, workshop
from tests.support.redis.servers import RedisServer, cluster

__all__ = ["terminal"]

Capture = pytest.CaptureFixture[str]
All = tuple[list[tuple[str, StoredBoard | None, StoredHistory | None]], list[object]]


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    with RedisServer() as running:
        yield running


@contextlib.asynccontextmanager
async def opened(place: Path | str) -> AsyncIterator[Store]:
    store = named_store(Config(data=place) if isinstance(place, Path) else Config(redis_url=place))
    await store.open()
    yield store
    await store.close()


async def everything(place: Path | str) -> All:
    async with opened(place) as store:
        boards = [(b, await store.look(b), await store.history(b)) for b in await store.boards()]
        records: list[object] = [
            (of, record) for of in await store.workshops() for record in await store.records(of)
        ]
        return boards, records


async def compacted(data: Path) -> None:
    """Some of what there is has left the logs, as after a long day."""
    async with opened(data) as store:
        for board in await store.boards():
            for _ in range(2):
                stored = await store.load(board)
                assert stored is not None
                await store.compact(board, checkpoint_of(stored))


@pytest.fixture
def filled(terminal: Path) -> Path:
    asyncio.run(workshop(terminal))
    asyncio.run(compacted(terminal))
    asyncio.run(workshop(terminal))
    return terminal


def run(*arguments: object) -> int:
    return cli.main([str(argument) for argument in arguments])


def test_there_and_back_everything_is_as_it_was(
    filled: Path, redis: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = asyncio.run(everything(filled))
    boards, records = before
    assert any(stored and stored.checkpoint for _, stored, _ in boards)
    assert len(records) > 20
    assert run("migrate", "--to", redis.url) == 0
    assert asyncio.run(everything(redis.url)) == before
    there, back = cluster()[0].url, tmp_path / "back"
    assert run("migrate", "--from", redis.url, "--to", there) == 0
    assert run("migrate", "--from", there, "--to", back) == 0
    assert asyncio.run(everything(back)) == before
    assert (back / "secret.key").read_bytes() == (filled / "secret.key").read_bytes()
    monkeypatch.setenv("HAHMO_DATA", str(back))
    assert run("check") == 0
    monkeypatch.setenv("HAHMO_REDIS_URL", redis.url)
    assert run("check") == 0
    for node in cluster():
        node.command("FLUSHALL")


def test_what_was_interrupted_serves_nobody_and_goes_on_where_it_was(
    filled: Path, redis: RedisServer, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    restored = []
    read = migration.read

    async def cut_off(store: Store, board: str) -> object:
        if store.homes is not None:
            restored.append(board)
            if len(restored) > 9:
                raise OSError("the power is gone")
        return await read(store, board)

    monkeypatch.setattr(migration, "read", cut_off)
    assert run("migrate", "--to", redis.url) == 1
    monkeypatch.setattr(migration, "read", read)
    capsys.readouterr()
    with monkeypatch.context() as patched:
        patched.setenv("HAHMO_REDIS_URL", redis.url)
        for command in ("serve", "check"):
            assert run(command) == 1
            assert "let hahmo migrate end" in capsys.readouterr().err
    asyncio.run(changed(filled))
    assert run("migrate", "--to", redis.url) == 0
    boards = len(asyncio.run(everything(filled))[0])
    said = capsys.readouterr().out
    assert f"boards {boards} (newly written {boards - 5})" in said
    assert asyncio.run(everything(redis.url)) == asyncio.run(everything(filled))
    assert run("migrate", "--to", redis.url) == 0
    assert f"boards {boards} (newly written 0)" in capsys.readouterr().out


async def changed(data: Path) -> None:
    """The source goes on meanwhile: one record is gone."""
    async with opened(data) as store:
        of = (await store.workshops())[1]
        last = (await store.records(of))[-1]
        await store.commit(Commit(of, deletes=[(last.kind, last.id)]))


def test_what_cannot_be_moved_is_told_and_nothing_is_written(
    filled: Path,
    redis: RedisServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    def told(*arguments: object) -> str:
        assert run("migrate", *arguments) == 1
        return capsys.readouterr().err.strip()

    where = f"127.0.0.1:{redis.port}"
    places = {"source": str(filled), "target": where}
    assert told("--to", filled) == t("en", "cli.migrate_same", place=str(filled))
    for nothing, name in ((tmp_path / "empty", str(tmp_path / "empty")), (redis.url, where)):
        said = told("--from", nothing, "--to", tmp_path / "to")
        assert said == t("en", "cli.migrate_nothing", place=name)
    assert not (tmp_path / "to").exists()
    assert "--to" in told("--to", "http://elsewhere")
    asyncio.run(another(redis.url))
    assert told("--to", redis.url) == t("en", "cli.migrate_others", **places)
    redis.command("FLUSHALL")
    assert run("migrate", "--to", redis.url) == 0
    capsys.readouterr()
    moving = ("--from", redis.url, "--to", tmp_path / "to")
    (filled / "secret.key").write_bytes(b"k" * 32)
    assert told(*moving) == t("en", "cli.migrate_key")
    assert not (tmp_path / "to").exists()
    monkeypatch.setenv("HAHMO_KEY", "00" * 32)
    served = {"source": where, "target": str(tmp_path / "to")}
    assert asyncio.run(while_served(redis.url, *moving)) == 1
    assert capsys.readouterr().err.strip() == t("en", "cli.migrate_served", **served)


async def another(url: str) -> None:
    async with opened(url) as store:
        await store.commit(Commit("other", creates=[NewBoard("b", "line", b"1")]))


async def while_served(url: str, *arguments: object) -> int:
    async with opened(url) as store:
        assert store.homes is not None
        await store.homes.serves((await store.workshops())[1])
        return await asyncio.to_thread(run, "migrate", *arguments)
