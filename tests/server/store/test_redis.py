"""The store on a real Redis and a real Cluster: its contract, and what only these can get wrong."""

import asyncio
import random
import time
from collections.abc import AsyncIterator

import pytest

from server.store import (
    Append,
    Commit,
    NewBoard,
    Record,
    Store,
    StoreCorrupted,
    StoredBoard,
    StoredCheckpoint,
    StoreUnavailable,
    Versioned,
)
from server.store.redis.store import RedisStore
from tests.server.store.contract import StoreContract
from tests.support.network.relay import relay_to
from tests.support.redis.servers import RedisServer, cluster, prefix, shared, until


class TestRedisStore(StoreContract):
    @pytest.fixture
    def store(self) -> Store:
        return RedisStore(shared().url, prefix=prefix())


class TestRedisClusterStore(StoreContract):
    @pytest.fixture
    def store(self) -> Store:
        return RedisStore(cluster()[1].url, prefix=prefix())


@pytest.fixture
async def store() -> AsyncIterator[RedisStore]:
    store = RedisStore(shared().url, prefix=prefix())
    await store.open()
    yield store
    await store.close()


async def filled(store: RedisStore, board: str = "b") -> None:
    await store.commit(Commit("w", creates=[NewBoard(board, "line", b"1")]))
    await store.commit(Commit("w", appends=[Append(board, 2, (b"2", b"3"))]))


def key(store: RedisStore, what: str) -> str:
    return store._keys.of("w", what, "b")


async def test_what_was_committed_survives_a_kill_of_redis() -> None:
    with RedisServer() as server:
        store = RedisStore(server.url)
        await store.open()
        await filled(store)
        await store.commit(Commit("w", puts=[Record("person", "p", "w", {"name": "A"})]))
        server.kill9()
        server.start()
        assert await store.load("b") == StoredBoard("line", None, (b"1", b"2", b"3"), workshop="w")
        await store.commit(Commit("w", appends=[Append("b", 4, (b"4",))]))  # scripts are gone
        assert await store.get("person", "p") == {"name": "A"}
        await store.close()


async def test_scripts_that_redis_has_forgotten_are_loaded_again(store: RedisStore) -> None:
    shared().command("SCRIPT", "FLUSH")
    await filled(store)
    shared().command("SCRIPT", "FLUSH")
    stored = await store.load("b")
    assert stored is not None
    assert stored.seq == 3


@pytest.mark.parametrize("what", ["a flipped byte", "a hole", "no log", "a short log"])
async def test_a_damaged_board_is_refused_and_never_opened_empty(
    store: RedisStore, what: str
) -> None:
    await filled(store)
    log = key(store, "log")
    with shared().client() as client:
        if what == "no log":
            client.delete(log)
        elif what == "a short log":
            client.xdel(log, "3-0")
        else:
            client.delete(log)
            row = {"n": 2, "c": 1, "t": 0, "p": b"\x012\x013", "s": b""}
            client.xadd(log, row, id="3-0")
            if what == "a flipped byte":
                client.delete(log)
                client.xadd(log, row | {"n": 3}, id="3-0")
    with pytest.raises(StoreCorrupted, match=r"board b"):
        await store.load("b")


async def test_the_checkpoint_before_serves_when_the_newest_is_damaged(store: RedisStore) -> None:
    await filled(store)
    one = StoredCheckpoint(1, b"sv", b"one")
    await store.compact("b", one)
    await store.compact("b", StoredCheckpoint(3, b"sv", b"all"))
    with shared().client() as client:
        client.hset(key(store, "check"), "3", b"x")
        assert await store.load("b") == StoredBoard("line", one, (b"2", b"3"), workshop="w")
        client.hset(key(store, "check"), "1", b"x")
    with pytest.raises(StoreCorrupted, match="no checkpoint"):
        await store.load("b")


async def test_st8_a_scrub_leaves_nothing_of_what_was_replaced_or_deleted() -> None:
    with RedisServer() as server:
        store = RedisStore(server.url)
        await store.open()
        for word in ("worn", "fresh"):
            await store.commit(Commit("w", puts=[Record("round", "r", "w", {"word": word})]))
        await store.commit(Commit("w", creates=[NewBoard("b", "line", b"worn1")]))
        for seq in range(2, 5):
            update = b"worn%d" % seq
            await store.commit(Commit("w", appends=[Append("b", seq, (update,), seq, ("a",))]))
            await store.compact("b", StoredCheckpoint(seq, b"sv", b"worn", at=seq))
        await store.rebase("b", StoredCheckpoint(2, b"sv", b"worn", at=2))
        assert await store.lengths("b") != []
        together = Append("b", 5, (b"worn", b"fresh6"), 5, ("a", "a"))
        await store.commit(Commit("w", appends=[together]))
        clean = StoredCheckpoint(5, b"sv", b"clean", at=5)
        await store.erase("b", clean)
        assert b"worn" in server.files()
        await store.scrub()
        until(lambda: b"worn" not in server.files())  # Redis unlinks them by the way
        assert b"fresh" in server.files()
        assert await store.load("b") == StoredBoard("line", clean, (b"fresh6",), 5, "w")
        await store.close()


async def test_a_deleted_workshop_leaves_no_key_but_who_was_home() -> None:
    with RedisServer() as server:
        store = RedisStore(server.url)
        await store.open()
        before = sorted(server.command("KEYS", "*"))
        await filled(store)
        await store.compact("b", StoredCheckpoint(2, b"sv", b"two"))
        await store.compact("b", StoredCheckpoint(3, b"sv", b"three"))
        puts = [
            Record("person", "p", "w", {}, blob=b"x"),
            Record("owner", "b/1", "b", {}),
            Record("workshop", "w", "", {}),
        ]
        await store.commit(Commit("w", puts=puts))
        gone = [("workshop", "w")]
        await store.commit(Commit("w", drops=["b"], forgets=["w", "b"], deletes=gone))
        home = b"hahmo:{w}:home"
        assert sorted(server.command("KEYS", "*")) == sorted([*before, home])
        assert server.command("TTL", home) > 0
        await store.close()


async def test_all_of_a_workshop_lies_in_one_slot() -> None:
    nodes = cluster()
    store = RedisStore(nodes[0].url, prefix=prefix())
    await store.open()
    for workshop in ("w", "v"):
        puts = [Record("person", f"p{workshop}", "x", {}, blob=b"1")]
        new = NewBoard(f"b{workshop}", "line", b"1")
        await store.commit(Commit(workshop, creates=[new], puts=puts))
        await store.compact(new.board, StoredCheckpoint(1, b"", b"one"))
    found = [node.command("KEYS", f"{store._keys.prefix}:*") for node in nodes]
    keys: list[bytes] = [each for some in found for each in some]
    for tag in (b"{w}", b"{v}"):
        own = [each for each in keys if tag in each]
        assert len(own) > 6
        assert len({nodes[0].command("CLUSTER", "KEYSLOT", each) for each in own}) == 1
    await store.close()


async def test_a_slot_that_moves_is_followed() -> None:
    nodes = cluster()
    store = RedisStore(nodes[0].url, prefix=prefix())
    await store.open()
    await filled(store, "before")
    slot = nodes[0].command("CLUSTER", "KEYSLOT", "{moved}")
    names = [node.command("CLUSTER", "MYID") for node in nodes]
    owners = [name for node, name in zip(nodes, names, strict=True) if owns(node, slot)]
    new = next(name for name in names if name not in owners)
    for node in nodes:
        node.command("CLUSTER", "SETSLOT", slot, "NODE", new)
    await store.commit(Commit("moved", creates=[NewBoard("b", "line", b"1")]))
    assert await store.boards() == ["b", "before"]
    await store.close()


def owns(node: RedisServer, slot: int) -> bool:
    own = next(each for each in node.command("CLUSTER", "NODES").splitlines() if b"myself" in each)
    ranges = [part.split(b"-") for part in own.split()[8:]]
    return any(int(ends[0]) <= slot <= int(ends[-1]) for ends in ranges)


@pytest.mark.parametrize("losing", ["answers", "questions"])
async def test_what_is_lost_on_the_way_doubles_nothing(losing: str, dice: random.Random) -> None:
    """Some edits, some with records, some that do not fit, which stays so."""
    async with relay_to(shared().port) as relay:
        store = RedisStore(f"redis://127.0.0.1:{relay.port}", prefix=prefix())
        await store.open()
        await store.commit(Commit("w", creates=[NewBoard("b", "line", b"1")]))

        def is_lost() -> bool:
            return dice.random() < 0.2

        relay.loses, relay.asks = (
            (is_lost, relay.asks)
            if losing == "answers"
            else (
                relay.loses,
                is_lost,
            )
        )
        for number in range(2, 102):
            puts = [Record("count", "c", "w", {"n": number})] if number % 2 else []
            outcomes = await store.commit_all(
                [
                    Commit("w", appends=[Append("b", number, (b"%d" % number,))], puts=puts),
                    Commit("w", appends=[Append("b", 9999, (b"x",))]),
                    Commit("v", puts=[Record("other", "o", "v", {})]),
                ]
            )
            assert [outcome is None for outcome in outcomes] == [True, False, True]
        relay.loses = relay.asks = lambda: False
        stored = await store.load("b")
        assert stored is not None
        assert stored.updates == tuple(b"%d" % number for number in range(1, 102))
        assert await store.read("count", "c") == Versioned({"n": 101}, 50)
        assert await store.read("other", "o") == Versioned({}, 100)
        assert relay.lost > 10
        await store.close()


async def in_reach(store: RedisStore) -> None:
    """Until it has a session again."""
    async with asyncio.timeout(5):
        while not store.homes.session:
            await store._nodes.ask_each("PING")


async def test_a_silent_redis_is_told_within_three_seconds_and_writes_nothing_later() -> None:
    with RedisServer() as server:
        store = RedisStore(server.url)
        await store.open()
        await filled(store)
        server.pause()
        began = time.monotonic()
        with pytest.raises(StoreUnavailable):
            await store.commit(Commit("w", appends=[Append("b", 4, (b"late",))]))
        assert time.monotonic() - began < 3.5
        server.go_on()
        await in_reach(store)
        stored = await store.load("b")
        assert stored is not None
        after = stored.updates + (b"next",)
        await store.commit(Commit("w", appends=[Append("b", stored.seq + 1, (b"next",))]))
        assert await store.load("b") == StoredBoard("line", None, after, workshop="w")
        await store.close()


async def test_what_arrives_after_it_was_given_up_is_not_written() -> None:
    keys = prefix()
    async with relay_to(shared().port) as relay:
        store = RedisStore(f"redis://127.0.0.1:{relay.port}", prefix=keys)
        await store.open()
        await filled(store)
        before = await store.load("b")
        relay.holds = lambda: True
        with pytest.raises(StoreUnavailable):
            await store.commit(Commit("w", appends=[Append("b", 4, (b"late",))]))
        relay.holds = lambda: False
        await in_reach(store)
        assert await store.load("b") == before
        assert await relay.release() > 0
        await store.commit(Commit("v", creates=[NewBoard("c", "line", b"1")]))
        assert await store.load("b") == before
        await store.commit(Commit("w", appends=[Append("b", 4, (b"4",))]))
        await store.close()
