"""Messages that are allowed, and cost the server a hundred times what others do (rule RM17)."""

import asyncio
import contextlib
import gc
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from websockets.asyncio.client import connect

from boards.document import Document
from boards.edits import add_note
from server.errors import TooManyTries
from server.sync.clock import LoopClock
from server.sync.limits import SyncLimits
from server.sync.room.connection import Connection
from server.sync.room.room import Room
from server.sync.shares import STRUCT_BYTES
from server.sync.transport.delivery import deliver
from server.sync.wire import messages
from tests.attacks.resources.attackers import masked, upgrade
from tests.support.network.sockets import Site, site
from tests.support.pauses import watched
from tests.support.peer import Peer, texts_of, wait_until
from tests.support.rooms import BOARD, LIMITS, Client, access
from tests.support.updates import yjs_bytes as yjs
from tests.support.updates.yjs_bytes import any_value, deletions, item, section, update

ME = 7
VALUES = 4_900
VOLLEY = 24  # connections, of as many people, that send at once
SPARE = 0.03  # seconds of a turn beside one of their messages, and half as much again


def many_values(number: int) -> bytes:
    """As many entries as one edit may bring; after the first time they are known."""
    value = b"\1" + any_value(1)
    entries = [item(yjs.ANY, value, root=f"layout/{BOARD}", key=str(n)) for n in range(VALUES)]
    return messages.update(update(section(ME, 0, entries)))


def many_deletions(number: int) -> bytes:
    """Every second of them, and each of these again and again."""
    ranges = [(2 * (n % (VALUES // 2)), 1) for n in range(19_000 - number)]
    return messages.update(update(deleted=[deletions(ME, ranges)]))


def many_clients(number: int) -> bytes:
    """Each time others, as what was answered once costs nothing."""
    return messages.sync_step1(
        messages.write_state_vector(dict.fromkeys(range(number, number + 4_900), 1))
    )


def many_present(number: int) -> bytes:
    state = '{"x":"' + "y" * 100 + '"}'
    return messages.awareness(messages.AwarenessEntry(client, 1, state) for client in range(1_990))


KINDS: dict[str, Callable[[int], bytes]] = {
    "what is known already": many_values,
    "the same deletions": many_deletions,
    "a state vector of many": many_clients,
    "presence of many": many_present,
}


@pytest.fixture
def calm_collector() -> Iterator[None]:
    """As in a server, where what was made at the start is not walked through for garbage."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("calm_collector")
@pytest.mark.parametrize("frame_of", KINDS.values(), ids=KINDS.keys())
async def test_rm17_costly_messages_of_many_at_once_are_not_one_turn(
    frame_of: Callable[[int], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with site(handoff=True) as here, here.rooms.hold(BOARD) as room:
        client = Client(room, access("who was here"))
        client.sync()
        one = min(seconds_of(client, many_values(0), frame_of(n)) for n in range(100, 103))
        heard: list[bytes] = []

        def receive(connection: Connection, *frames: bytes) -> None:
            heard.extend(frame for frame in frames if len(frame) > 1000)
            Room.receive(room, connection, *frames)

        async with contextlib.AsyncExitStack() as stack:
            writers = [
                await stack.enter_async_context(raw_socket(here, f"p{number}"))
                for number in range(VOLLEY)
            ]
            monkeypatch.setattr(room, "receive", receive)
            for number, writer in enumerate(writers):
                writer.write(masked(frame_of(number)))
            with watched(tick=0.001) as pauses:
                async with asyncio.timeout(20):
                    for _ in iter(lambda: len(heard) < VOLLEY, False):
                        await asyncio.sleep(0.001)
        assert all(not connection.closed for connection in room.connections)
    assert pauses.longest < 1.5 * one + SPARE, f"{pauses.longest:.3f} s, and one takes {one:.3f} s"


def seconds_of(client: Client, *frames: bytes) -> float:
    """Of the processor, for the last of them."""
    for frame in frames[:-1]:
        client.send(frame)
    began = time.thread_time()
    client.send(frames[-1])
    return time.thread_time() - began


@contextlib.asynccontextmanager
async def raw_socket(here: Site, person: str) -> AsyncIterator[asyncio.StreamWriter]:
    """A connection that is let in and has said nothing yet."""
    reader, writer = await asyncio.open_connection("127.0.0.1", here.port)
    try:
        writer.write(upgrade(BOARD, person))
        await reader.readuntil(b"\r\n\r\n")
        yield writer
    finally:
        writer.transport.abort()


BOTH = pytest.mark.parametrize("handoff", [True, False], ids=["handoff", "asgi"])
FEW_BYTES = replace(LIMITS, person_bytes=2_000_000, person_bytes_burst=500_000)


@BOTH
@pytest.mark.parametrize("limits", [LIMITS, FEW_BYTES], ids=["time", "bytes"])
async def test_rm17_who_has_to_wait_loses_nothing(
    limits: SyncLimits, handoff: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.sync.shares.SPARE", 0.005)  # felt at once
    waited: list[float] = []
    async with site(handoff=handoff, limits=limits) as here:
        charge = here.rooms.pace.charge

        def noted(*cost: Any) -> float:
            waited.append(charge(*cost))
            return waited[-1]

        monkeypatch.setattr(here.rooms.pace, "charge", noted)
        anna, ben = (Peer(here.url, BOARD, token=name) for name in ("anna", "ben"))
        async with anna, ben:
            for number in range(6):
                anna.edit(partial(place_many, first=number * 3_000))
                anna.edit(partial(add_note, board=BOARD, zone="z", text=f"{number}", at=1))
            await anna.saved()
            expected = [f"{number}" for number in range(6)]
            await wait_until(lambda: texts_of(ben) == expected, ben)
        assert {code for code, _ in anna.closes} == {1006}
        assert max(waited) > 0


@BOTH
async def test_rm17_who_has_to_wait_does_so_on_all_connections(handoff: bool) -> None:
    async with site(handoff=handoff) as here:
        anna, again, ben = (Peer(here.url, BOARD, token=name) for name in ("anna", "anna", "ben"))
        async with anna, again, ben:
            for peer in (anna, again, ben):
                await peer.saved()
            spend(here, "anna")
            again.edit(partial(add_note, board=BOARD, zone="z", text="later", at=1))
            ben.edit(partial(add_note, board=BOARD, zone="z", text="at once", at=2))
            await ben.saved()
            assert texts_of(ben) == ["at once"]
            await wait_until(lambda: sorted(texts_of(ben)) == ["at once", "later"], ben)
            spend(here, "anna")
            with pytest.raises(TooManyTries) as told:
                await deliver(here.rooms, access("anna"), b"\0\0")
            assert told.value.seconds == 1
            await deliver(here.rooms, access("ben"), b"\0\0")


async def test_rm17_a_call_is_paid_for_as_a_message_is() -> None:
    document = Document()
    update = document.record(lambda: place_many(document, first=0))[1]
    slow = replace(FEW_BYTES, person_bytes=10_000)  # it waits for longer than that may take
    async with site(handoff=True, limits=slow) as here:
        anna = access("anna")
        await deliver(here.rooms, anna, update)  # which is more than is free
        with pytest.raises(TooManyTries):
            await deliver(here.rooms, anna, update)


class SteppedClock(LoopClock):
    """The clock of the accounts: it stands still, and whoever looks has worked for a `step`."""

    def __init__(self) -> None:
        self.at, self.step, self._worked = 1000.0, 0.0, 0.0

    def now(self) -> float:
        return self.at

    def worked(self) -> float:
        self._worked += self.step
        return self._worked


@BOTH
async def test_rm17_newcomers_wait_for_their_workshop_and_who_types_does_not(
    handoff: bool,
) -> None:
    async with site(handoff=handoff) as here, Peer(here.url, BOARD, token="ben") as ben:
        here.rooms.pace.clock = clock = SteppedClock()
        ben.edit(partial(add_note, board=BOARD, zone="z", text="builds the board", at=1))
        await ben.saved()
        assert here.rooms.pace.charge(access("anna"), 0.0, 0.4, 0) > 0.3
        eve = Peer(here.url, BOARD, token="eve").open()
        async with asyncio.timeout(10):
            for _ in iter(lambda: here.rooms.connections, 2):
                await asyncio.sleep(0)
        for at in range(20):  # long enough for her SyncStep1 to come
            ben.edit(partial(add_note, board=BOARD, zone="z", text="at once", at=at))
            await ben.saved()
        assert not eve.synced
        clock.at += 1
        await eve.until(lambda: eve.synced)
        await eve.close()


@BOTH
async def test_rm17_what_is_costly_comes_one_after_the_other_and_who_types_is_in_between(
    handoff: bool,
) -> None:
    async with site(handoff=handoff) as here:
        here.rooms.pace.clock = clock = SteppedClock()
        anna, ben, eve = (Peer(here.url, BOARD, token=name) for name in ("anna", "ben", "eve"))
        async with anna, ben, eve:
            for each in (anna, ben, eve):
                await each.until(lambda each=each: each.synced)  # type: ignore[misc]
                each.edit(partial(add_note, board=BOARD, zone="z", text="here", at=1))
                await each.saved()  # so all that it said when it came is heard
            clock.step = 0.01  # each time that somebody looks at the clock, which is three times
            anna.edit(partial(place_many, first=0, count=400))
            await anna.saved()
            clock.step = 0.0
            assert 0.01 < here.rooms.pace.rest() < 0.1
            eve.edit(partial(place_many, first=3_000, count=400))
            for at in range(20):  # long enough for hers to come
                ben.edit(partial(add_note, board=BOARD, zone="z", text="at once", at=at))
                await ben.saved()
            assert eve.unsaved
            clock.at += 0.1
            await eve.saved()


async def test_rm17_small_things_without_number_count_as_what_they_take_up() -> None:
    document = Document()
    update = document.record(lambda: place_many(document, first=0))[1]
    burst = 3 * len(update)
    assert burst < 3_000 * STRUCT_BYTES
    limits = replace(LIMITS, person_bytes=1000, person_bytes_burst=burst)
    async with site(handoff=True, limits=limits) as here:
        await deliver(here.rooms, access("anna"), update)
        with pytest.raises(TooManyTries):
            await deliver(here.rooms, access("anna"), b"\0\0")


@BOTH
async def test_rm17_many_sync_steps_in_one_go_hold_up_nobody_and_fill_no_memory(
    handoff: bool,
) -> None:
    """Each is answered with what its author lacks, which is much and no one else's."""
    async with site(handoff=handoff) as here, here.rooms.hold(BOARD) as room:
        for first in range(0, 15_000, 3_000):
            room.edit(partial(place_many, first=first))
        await here.rooms.committer.commit(room.workshop)
        vectors = (messages.write_state_vector({client: 1}) for client in range(1, 101))
        steps = [messages.sync_step1(each) for each in vectors]
        room.loaded_board().step2_for(b"\1\1\1")  # the document is built, as on any day
        address = f"ws://127.0.0.1:{here.port}/sync/{BOARD}?token=anna"
        async with connect(address, proxy=None, max_size=None, close_timeout=0) as socket:
            socket.transport.pause_reading()
            most = 0
            with watched() as pauses:
                for step1 in steps:
                    await socket.send(step1)
                async with asyncio.timeout(20):
                    for _ in iter(lambda: not room.connections, True):
                        most = max(most, here.unsent())
                        await asyncio.sleep(0)
        assert pauses.longest < 0.25
        assert most < here.rooms.limits.outbox_bytes + 2 * here.rooms.limits.own_step2_bytes


def spend(here: Site, person: str) -> None:
    """They took half a second of the loop."""
    assert here.rooms.pace.charge(access(person), 0.5, 0.0, 0) > 0.3


def place_many(document: Document, *, first: int, count: int = 3_000) -> None:
    places = document.root(f"layout/{BOARD}")
    with document.transaction():
        for number in range(first, first + count):
            places[f"{number}"] = 1.0
