"""HAHMO_DURABILITY against what real Redis servers say of themselves."""

import asyncio
import contextlib

import pytest

from server.store import Append, Commit, NewBoard, Record, StoredBoard, StoreUnavailable
from server.store.redis.fit.promises import Facts, weakness
from server.store.redis.store import RedisStore
from tests.support.redis.servers import (
    RedisServer,
    follow,
    node,
    prefix,
    share_slots,
    shared,
    until,
)

GOOD = Facts((7, 0, 15), 0, True, "always", "noeviction")


@pytest.mark.parametrize(
    ("durability", "settings", "says"),
    [
        ("disk", ("--appendonly", "no"), "appendonly is no"),
        ("disk", ("--appendfsync", "everysec"), "HAHMO_DURABILITY=disk needs always"),
        ("replica", ("--appendfsync", "no"), "HAHMO_DURABILITY=replica needs always"),
        ("replica", (), "no replica is connected"),
        ("second", ("--appendfsync", "no"), "needs everysec"),
        ("second", ("--maxmemory-policy", "allkeys-lru"), "set noeviction"),
    ],
)
async def test_weaker_than_promised_is_refused_and_nothing_is_written(
    durability: str, settings: tuple[str, ...], says: str
) -> None:
    with RedisServer(*settings) as server:
        with pytest.raises(StoreUnavailable, match=says):
            await RedisStore(server.url, durability=durability).open()
        assert server.command("DBSIZE") == 0


@pytest.mark.parametrize(
    ("durability", "facts", "says"),
    [
        ("disk", GOOD, ""),
        ("second", GOOD, ""),
        ("disk", Facts((6, 2, 14), 0, True, "always", "noeviction"), "version 6.2.14"),
        ("replica", Facts((7, 2), 1, True, "always", "noeviction"), ""),
        ("disk", Facts((7, 2), 1, True, None, None), ""),  # a managed one does not tell
        ("disk", Facts((7, 2), 1, False, None, None), "appendonly"),
    ],
)
def test_what_redis_says_decides(durability: str, facts: Facts, says: str) -> None:
    found = weakness(durability, facts)
    assert (found is None) == (says == "")
    assert found is None or says in found.words


async def test_where_config_is_forbidden_the_rest_is_checked() -> None:
    with RedisServer("--rename-command", "CONFIG", "") as server:
        store = RedisStore(server.url)
        await store.open()
        await store.commit(Commit("w", creates=[NewBoard("b", "line", b"1")]))
        await store.close()


async def test_where_config_is_forbidden_a_missing_log_is_seen_all_the_same() -> None:
    with (
        RedisServer("--rename-command", "CONFIG", "", "--appendonly", "no") as server,
        pytest.raises(StoreUnavailable, match="appendonly"),
    ):
        await RedisStore(server.url).open()


async def test_a_promise_that_is_broken_later_stops_the_writing() -> None:
    with RedisServer() as server:
        store = RedisStore(server.url)
        await store.open()
        await store.commit(Commit("w", creates=[NewBoard("b", "line", b"1")]))
        server.command("CONFIG", "SET", "appendfsync", "everysec")
        await store._judge()
        with pytest.raises(StoreUnavailable, match="appendfsync"):
            await store.commit(Commit("w", appends=[Append("b", 2, (b"2",))]))
        assert await store.load("b") is not None
        server.command("CONFIG", "SET", "appendfsync", "always")
        await store._judge()
        await store.commit(Commit("w", appends=[Append("b", 2, (b"2",))]))
        await store.close()


async def test_with_replica_nothing_is_acked_before_a_replica_has_it() -> None:
    with RedisServer() as primary, RedisServer() as replica:
        replica.command("REPLICAOF", "127.0.0.1", primary.port)
        until(lambda: "online" in str(primary.command("INFO", "replication")))
        store = RedisStore(primary.url, durability="replica")
        await store.open()
        await store.commit(Commit("w", creates=[NewBoard("b", "line", b"1")]))
        replica.pause()
        with pytest.raises(StoreUnavailable, match="too few replicas"):
            await store.commit(Commit("w", appends=[Append("b", 2, (b"2",))]))
        replica.go_on()
        async with asyncio.timeout(10):
            while True:
                try:
                    stored = await store.load("b")
                    assert stored is not None
                    append = Append("b", stored.seq + 1, (b"next",))
                    await store.commit(Commit("w", appends=[append]))
                    break
                except StoreUnavailable:
                    continue
        replica.command("REPLICAOF", "NO", "ONE")
        assert replica.command("HGET", "hahmo:{w}:ends", "b") == b"%d" % append.first_seq
        await store.close()


async def test_a_password_is_asked_for() -> None:
    with RedisServer("--requirepass", "kukkakaali") as server:
        for user in ("", ":wrong@"):
            url = f"redis://{user}127.0.0.1:{server.port}"
            with pytest.raises(StoreUnavailable, match="refuses us") as caught:
                await RedisStore(url).open()
            assert "wrong@" not in str(caught.value.problem)
        store = RedisStore(f"redis://:kukkakaali@127.0.0.1:{server.port}")
        await store.open()
        await store.close()


async def test_a_redis_that_is_not_there_is_told_at_once() -> None:
    with RedisServer() as server:
        url = server.url
    async with asyncio.timeout(2):
        with pytest.raises(StoreUnavailable, match="cannot reach Redis at 127.0.0.1"):
            await RedisStore(url).open()


async def test_databases_of_one_redis_are_apart() -> None:
    keys = prefix()
    stores = [RedisStore(shared().url[:-1] + number, prefix=keys) for number in "12"]
    for store in stores:
        await store.open()
    await stores[0].commit(Commit("w", creates=[NewBoard("b", "line", b"1")]))
    assert await stores[1].load("b") is None
    for store in stores:
        await store.close()


async def test_a_replica_that_takes_over_in_a_cluster_is_followed() -> None:
    """What was acked with `replica` is there, and writing goes on without a restart."""
    with contextlib.ExitStack() as running:
        nodes = [running.enter_context(node()) for _ in range(3)]
        share_slots(nodes)
        replicas = [running.enter_context(node()) for _ in nodes]
        for number, replica in enumerate(replicas):
            known = [*nodes, *replicas[:number]]
            follow(replica, [nodes[number], *(each for each in known if each != nodes[number])])
        store = RedisStore(nodes[1].url, durability="replica")
        await store.open()
        workshops = [f"w{number}" for number in range(20)]
        news = [Commit(each, creates=[NewBoard(each, "line", b"1")]) for each in workshops]
        assert await store.commit_all(news) == [None] * 20
        nodes[0].kill9()
        async with asyncio.timeout(30):
            for each in workshops:
                while (stored := await loaded(store, each)) is None:
                    pass
                assert stored.updates == (b"1",)
        nodes[0].start()  # the replica of its replica by now, which had none
        async with asyncio.timeout(30):
            for each in workshops:
                edit = Commit(each, appends=[Append(each, 2, (b"2",))])
                while not await is_written(store, edit):
                    pass
        await store.close()


async def loaded(store: RedisStore, board: str) -> StoredBoard | None:
    """None while it cannot be read."""
    await asyncio.sleep(0)  # that is told at once
    with contextlib.suppress(StoreUnavailable):
        return await store.load(board)
    return None


async def is_written(store: RedisStore, edit: Commit) -> bool:
    """Whether it is by now; one whose answer was lost is not written again."""
    [append] = edit.appends
    stored = await loaded(store, append.board)
    with contextlib.suppress(StoreUnavailable):
        if stored is not None and stored.seq < append.first_seq:
            await store.commit(edit)
            return True
    return stored is not None and stored.seq >= append.first_seq


async def test_a_redis_that_is_full_says_so_and_can_be_read() -> None:
    with RedisServer() as server:
        store = RedisStore(server.url)
        await store.open()
        await store.commit(Commit("w", creates=[NewBoard("b", "line", b"1")]))
        server.command("CONFIG", "SET", "maxmemory", 1)
        for commit in (
            Commit("w", appends=[Append("b", 2, (b"2",))]),
            Commit("w", puts=[Record("person", "p", "w", {})], creates=[NewBoard("c", "l", b"1")]),
        ):
            with pytest.raises(StoreUnavailable, match="maxmemory"):
                await store.commit(commit)
        stored = await store.load("b")
        assert stored is not None
        assert stored.updates == (b"1",)
        assert await store.load("c") is None
        server.command("CONFIG", "SET", "maxmemory", 0)
        await store.commit(Commit("w", appends=[Append("b", 2, (b"2",))]))
        await store.close()
