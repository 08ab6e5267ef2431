"""A workshop has one home at a time, whatever an earlier one believes."""

import asyncio
import random

import pytest

from server.store import Append, Commit, NewBoard, NotHome, Place, Record, StoreUnavailable
from server.store.redis.commits import commit_call
from server.store.redis.homes import homes as redis_homes
from server.store.redis.homes.session import LIFE_MS
from server.store.redis.nodes import Command
from server.store.redis.scripts import ENTER
from server.store.redis.store import RedisStore
from tests.server.store.test_redis import in_reach
from tests.support.redis.servers import RedisServer, cluster, prefix, shared
from tests.support.seed import SOAK

EDIT = Commit("w", appends=[Append("b", 2, (b"2",))])
NEW = Commit("w", creates=[NewBoard("b", "line", b"1")])
ROUNDS = 60 * SOAK


async def opened(keys: str, url: str = "") -> RedisStore:
    store = RedisStore(url or shared().url, prefix=keys)
    await store.open()
    return store


async def end_session(store: RedisStore) -> None:
    """As if it were cut off, or paused: it believes to be alive, and nobody else does."""
    assert store._session._task is not None
    store._session._task.cancel()
    await store._nodes.ask(own_key(store))


def own_key(store: RedisStore) -> Command:
    key = store._keys.node(store.homes.session)
    return Command(key, ("DEL", key))


async def test_two_processes_write_each_to_its_own_and_read_all() -> None:
    keys = prefix()
    one, two = await opened(keys), await opened(keys)
    await one.homes.tell("one:1")
    await one.commit(NEW)
    await two.commit(Commit("v", creates=[NewBoard("c", "line", b"1")]))
    assert await two.homes.find("w") == Place(one.homes.session, "one:1")
    assert await one.homes.find("w") is None
    assert [one.homes.is_ours(each) for each in ("w", "v")] == [True, False]
    assert await two.homes.whose("board", "b") == "w"
    with pytest.raises(NotHome):
        await two.commit(EDIT)
    with pytest.raises(NotHome):
        await two.load("b")
    found = await two.look("b")
    assert found is not None
    assert found.updates == (b"1",)
    outcomes = await two.commit_all(
        [EDIT, Commit("v", appends=[Append("c", 2, (b"2",))])]
    )  # what does not fit fails alone
    assert isinstance(outcomes[0], NotHome)
    assert outcomes[1] is None
    await one.commit(EDIT)
    await one.close()
    await two.commit(Commit("w", appends=[Append("b", 3, (b"3",))]))  # it was given up
    await two.close()


async def test_what_belongs_to_no_workshop_is_written_by_all() -> None:
    keys = prefix()
    stores = [await opened(keys) for _ in range(3)]
    for number in range(30):
        puts = [Record("sign_in", f"s{number}", "all", {"n": number})]
        await stores[number % 3].commit(Commit("", puts=puts))
    found = await stores[0].find("sign_in", "all")
    assert [value["n"] for _, value in found] == list(range(30))
    for store in stores:
        await store.close()


async def test_an_earlier_home_writes_nothing_once_a_later_one_is_there() -> None:
    keys = prefix()
    first, lost = await opened(keys), list[object]()
    first.homes.on_lost = lost.append
    await first.commit(NEW)
    await end_session(first)
    second = await opened(keys)
    stored = await second.load("b")
    assert stored is not None
    with pytest.raises(NotHome):
        await first.commit(EDIT)
    assert lost == [["w"]]
    for commit in (EDIT, Commit("w", puts=[Record("person", "p", "w", {})])):
        with pytest.raises(NotHome):
            await first.commit(commit)
    assert await second.load("b") == stored
    assert await second.get("person", "p") is None
    await second.commit(EDIT)
    await first.close()
    await second.commit(Commit("w", appends=[Append("b", 3, (b"3",))]))  # it is still its own
    await second.close()


async def test_of_two_who_take_a_workshop_at_once_one_is_home(dice: random.Random) -> None:
    """Again and again: what was committed stands in one row, and no number twice."""
    keys = prefix()
    stores = [await opened(keys) for _ in range(3)]
    await stores[0].commit(NEW)
    seq = 1
    for _ in range(ROUNDS):
        for store in stores:
            await store.homes.give_up()
        some = dice.sample(stores, 2)
        edit = Commit("w", appends=[Append("b", seq + 1, (b"%d" % (seq + 1),))])
        done = await asyncio.gather(*(store.commit(edit) for store in some), return_exceptions=True)
        assert [type(each) for each in done if each is not None] == [NotHome]
        assert [len(store.homes) for store in stores].count(1) == 1
        seq += 1
    stored = await next(store for store in stores if len(store.homes)).load("b")
    assert stored is not None
    assert stored.updates == tuple(b"%d" % number for number in range(1, seq + 1))
    for store in stores:
        await store.close()


async def test_who_lost_its_session_begins_another_and_has_nothing_any_more() -> None:
    keys = prefix()
    store = await opened(keys)
    lost: list[object] = []
    store.homes.on_lost = lost.append
    await store.commit(NEW)
    before = store.homes.session
    await store._nodes.ask(own_key(store))
    await store._session._renew()
    assert lost == [None]
    assert not store.homes.is_ours("w")
    with pytest.raises(StoreUnavailable, match="out of reach"):
        await store.commit(EDIT)
    await in_reach(store)
    assert store.homes.session != before
    await store.commit(EDIT)  # nobody else had taken it
    await store.close()


async def test_who_cannot_renew_serves_nothing_before_another_can_take_over() -> None:
    with RedisServer() as server:
        store = await opened("hahmo", server.url)
        lost = asyncio.Event()
        store.homes.on_lost = lambda _: lost.set()
        await store.commit(NEW)
        loop = asyncio.get_running_loop()
        await store._session._renew()
        began = loop.time()
        server.pause()
        async with asyncio.timeout(5):
            await lost.wait()
        assert loop.time() - began < LIFE_MS / 1000
        assert not store.homes.is_ours("w")
        server.go_on()
        await in_reach(store)
        await store.commit(EDIT)
        await store.close()


async def test_a_workshop_that_nobody_uses_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = prefix()
    one, two = await opened(keys), await opened(keys)
    await one.commit(NEW)
    monkeypatch.setattr(redis_homes, "IDLE_SECONDS", -1.0)
    one.homes.busy = lambda: {"w"}
    await one.homes.give_up_idle()
    assert await two.homes.find("w") is not None
    one.homes.busy = set
    await one.homes.give_up_idle()
    assert await two.homes.find("w") is None
    await one.close()
    await two.close()


async def test_who_is_about_to_end_takes_nothing() -> None:
    keys = prefix()
    one, two = await opened(keys), await opened(keys)
    await one.commit(NEW)
    one.homes.takes = False
    await one.homes.give_up()
    with pytest.raises(StoreUnavailable, match="about to end"):
        await one.homes.find("w")
    assert await two.homes.find("w") is None
    assert await one.homes.find("w") is not None
    await one.close()
    await two.close()


async def test_an_index_entry_that_another_home_deleted_is_written_again() -> None:
    keys = prefix()
    one, two = await opened(keys), await opened(keys)
    put = Commit("w", puts=[Record("idle", "w", "w", {})])
    await one.commit(put)
    await one.homes.give_up()
    await two.commit(Commit("w", deletes=[("idle", "w")]))
    await two.homes.give_up()
    await one.commit(put)
    assert await two.get("idle", "w") == {}
    assert len(await two.find("idle", "w")) == 1
    await one.close()
    await two.close()


async def test_on_a_cluster_too() -> None:
    keys, url = prefix(), cluster()[2].url
    one, two = await opened(keys, url), await opened(keys, url)
    await one.commit(NEW)
    place = await two.homes.find("w")
    assert place is not None
    assert await two.homes.living([place.session, "nobody"]) == {place.session}
    await one.close()
    assert await two.homes.find("w") is None
    await two.commit(EDIT)
    await two.close()


async def test_a_batch_that_comes_after_a_later_one_is_refused() -> None:
    store = await opened(prefix())
    await store.commit(NEW)
    access = store._access
    epoch, batch, session = access.writer("w")
    writer = epoch, batch + 1, session
    late = commit_call(access.keys, EDIT, access.home_key("w"), writer, 0)
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
