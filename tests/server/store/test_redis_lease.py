"""One server writes to a Redis at a time, whatever an earlier one believes."""

import asyncio

import pytest

from server.store import Append, Commit, NewBoard, Record, RedisTaken, StoreUnavailable
from server.store.redis.commits import commit_call
from server.store.redis.scripts import ENTER
from server.store.redis.store import RedisStore
from tests.support.redis.servers import prefix, shared

EDIT = Commit("w", appends=[Append("b", 2, (b"2",))])


async def opened(keys: str, lost: asyncio.Event | None = None) -> RedisStore:
    lost = lost or asyncio.Event()
    store = RedisStore(shared().url, prefix=keys, lost=lost.set)
    await store.open()
    return store


def end_session(keys: str) -> None:
    """As if its server had not been able to renew it."""
    assert shared().command("DEL", f"{keys}:{{server}}:session") == 1


async def test_a_second_server_is_refused_and_the_first_goes_on() -> None:
    keys = prefix()
    first = await opened(keys)
    with pytest.raises(RedisTaken, match="another server") as caught:
        await opened(keys)
    assert set(caught.value.values) == {"where", "process", "host"}
    await first.commit(Commit("w", creates=[NewBoard("b", "line", b"1")]))
    await first.close()
    second = await opened(keys)
    await second.close()


async def test_the_next_server_need_not_wait_for_one_that_gave_up() -> None:
    keys = prefix()
    async with asyncio.timeout(1):
        for _ in range(3):
            await (await opened(keys)).close()


async def test_who_comes_after_one_that_was_killed_waits_for_its_session() -> None:
    keys = prefix()
    first = await opened(keys)
    assert first._lease._task is not None
    first._lease._task.cancel()  # nobody renews it, nobody gives it up
    second = await opened(keys)
    await second.close()
    await first._nodes.close()


async def test_an_earlier_server_writes_nothing_once_a_later_one_has_read() -> None:
    """It was paused, say, and finds out by its first commit, or before."""
    keys = prefix()
    lost = asyncio.Event()
    first = await opened(keys, lost)
    await first.commit(Commit("w", creates=[NewBoard("b", "line", b"1")]))
    end_session(keys)
    second = await opened(keys)
    stored = await second.load("b")
    assert stored is not None
    for commit in (EDIT, Commit("w", puts=[Record("person", "p", "w", {})])):
        with pytest.raises(StoreUnavailable, match="another server"):
            await first.commit(commit)
    assert await second.load("b") == stored
    assert await second.get("person", "p") is None
    await second.commit(EDIT)
    async with asyncio.timeout(5):
        await lost.wait()
    with pytest.raises(StoreUnavailable, match="another server"):
        await first.load("b")
    await first.close()
    await second.commit(Commit("w", appends=[Append("b", 3, (b"3",))]))  # it is still its own
    await second.close()


async def test_who_lost_its_session_to_nobody_goes_on() -> None:
    """Redis was away for longer than the session lives."""
    keys = prefix()
    lost = asyncio.Event()
    store = await opened(keys, lost)
    await store.commit(Commit("w", creates=[NewBoard("b", "line", b"1")]))
    end_session(keys)
    await store._lease._renew()
    assert shared().command("EXISTS", f"{keys}:{{server}}:session") == 1
    assert not lost.is_set()
    await store.commit(EDIT)
    await store.close()


async def test_a_batch_that_comes_after_a_later_one_is_refused() -> None:
    store = await opened(prefix())
    await store.commit(Commit("w", creates=[NewBoard("b", "line", b"1")]))
    access = store._access
    late = commit_call(access.keys, EDIT, access.lease.epoch, access.batch + 1, 0)
    access.batch += 2
    await access.run(ENTER, "w", [])
    assert (await access.nodes.write(late))[0] == b"l"
    stored = await store.load("b")
    assert stored is not None
    assert stored.updates == (b"1",)
    await store.commit(EDIT)
    assert (await access.nodes.write(late))[0] == b"l"
    await store.close()


async def test_what_a_newer_hahmo_wrote_is_refused() -> None:
    keys = prefix()
    shared().command("SET", f"{keys}:{{server}}:format", 99)
    with pytest.raises(StoreUnavailable, match="newer Hahmo"):
        await opened(keys)
