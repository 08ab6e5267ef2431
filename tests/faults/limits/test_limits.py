"""Every limit of SyncLimits holds at n and is felt at n + 1, by whoever passes it alone.

A test for each, named `test_limit_<name>`; the last test sees to it that none is missing.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import itertools
import sys
import weakref
from collections.abc import AsyncIterator, Callable
from dataclasses import fields
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from boards import edits
from boards.document import Document
from server.errors import TooManyTries
from server.store import Append, Commit, NewBoard, StoredBoard, StoreUnavailable
from server.store.memory import MemoryStore
from server.sync.clock import Clock, LoopClock
from server.sync.commit import compactor
from server.sync.commit.compactor import Compactor, checkpoint_of
from server.sync.commit.history import DAY, states
from server.sync.limits import SyncLimits
from server.sync.room.room import Room
from server.sync.rooms import Rooms
from server.sync.transport.delivery import deliver
from server.sync.wire import messages
from server.sync.wire.frames import Outgoing
from tests.faults.support.stores import SlowStore
from tests.faults.support.stuck import stuck_outbox
from tests.support.clock import HandClock
from tests.support.network.sockets import site
from tests.support.rooms import (
    BOARD,
    LIMITS,
    WORKSHOP,
    Client,
    board_rooms,
    read_only,
    settled,
)
from tests.support.updates import yjs_bytes as yjs

LONG = 3600.0


def limits(**changed: float) -> SyncLimits:
    return SyncLimits(**{"messages_per_second": 0, "commit_seconds": 0.0, **changed})  # type: ignore[arg-type]


@contextlib.asynccontextmanager
async def board(
    clock: Clock | None = None, /, **changed: float
) -> AsyncIterator[tuple[Rooms, Room, Client, Client]]:
    """A board with these limits, somebody who passes one, and somebody who must not notice.

    Its time stands still, unless `clock` is another.
    """
    these, clock = limits(**changed), clock or HandClock()
    async with board_rooms(limits=these, clock=clock) as rooms, rooms.hold(BOARD) as room:
        one, other = (Client(room, limits=these) for _ in range(2))
        yield rooms, room, one, other
        await settled(rooms)
        assert other.error is None


def later(rooms: Rooms, seconds: float) -> None:
    assert isinstance(rooms.clock, HandClock)
    rooms.clock.turn(seconds)


def fate(client: Client) -> str:
    return client.error.slug if client.error else "fine"


def update_of(change: Callable[[Document], object], document: Document | None = None) -> bytes:
    document = document or Document()
    return document.record(lambda: change(document))[1]


def note(text: str) -> bytes:
    return update_of(partial(edits.add_note, board=BOARD, zone="challenges", text=text, at=1))


async def after_one_update(update: bytes, **changed: float) -> str:
    async with board(LoopClock(), **changed) as (_, _, client, _):
        client.sync()
        client.send_update(update)
        return fate(client)


async def test_limit_frame_bytes() -> None:
    update = note("x" * 1000)
    most = len(messages.update(update))
    assert await after_one_update(update, frame_bytes=most) == "fine"
    assert await after_one_update(update, frame_bytes=most - 1) == "too-large"


async def test_limit_first_frame_bytes() -> None:
    frame = messages.sync_step2(note("x" * 1000))
    for most, expected in (len(frame), "fine"), (len(frame) - 1, "too-large"):
        async with board(first_frame_bytes=most) as (_, _, client, _):
            client.ask()
            client.send(frame)
            assert fate(client) == expected


async def sent_before_refused(client: Client) -> int:
    for count in itertools.count():
        client.send(messages.KEEPALIVE)
        if client.error is not None:
            assert fate(client) == "too-fast"
            return count
    raise AssertionError


async def test_limit_messages_burst() -> None:
    async with board(messages_per_second=5, messages_burst=20) as (_, _, client, _):
        assert await sent_before_refused(client) == 20


async def test_limit_messages_per_second() -> None:
    async with board(messages_per_second=5, messages_burst=20) as (rooms, _, client, _):
        for _ in range(20):
            client.send(messages.KEEPALIVE)
        for _ in range(10):
            later(rooms, 1.0)
            for _ in range(5):
                client.send(messages.KEEPALIVE)
            assert client.error is None
        assert await sent_before_refused(client) == 0


@pytest.fixture
def pace_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """The clock of the budgets; what it answers moves it on."""
    now = [1000.0]
    stepped = SimpleNamespace(monotonic=lambda: now[0], perf_counter=lambda: 0.0)
    monkeypatch.setattr("server.sync.shares.time", stepped)

    def go_on(seconds: float) -> None:
        now[0] += seconds

    return go_on


async def is_taken(rooms: Rooms, client: Client, update: bytes) -> bool:
    try:
        await deliver(rooms, client.access, update)
    except TooManyTries:
        return False
    return True


WHOSE = ("person", "workshop")


@pytest.mark.parametrize("whose", WHOSE)
async def test_limit_person_bytes_burst_and_workshop_bytes_burst(
    whose: str, pace_clock: Callable[[float], None]
) -> None:
    first, second, small = note("x" * 2000), note("y" * 2000), note("z")
    size = len(messages.sync_step2(first))
    for most, expected in (size, True), (size - 1, False):
        async with board(**{f"{whose}_bytes_burst": most}) as (rooms, _, one, other):
            assert await is_taken(rooms, one, first)
            assert await is_taken(rooms, one, second) == expected
            assert await is_taken(rooms, other, small)
            assert await is_taken(rooms, other, note("w" * 2000)) == (whose == "person")


@pytest.mark.parametrize("whose", WHOSE)
async def test_limit_person_bytes_and_workshop_bytes(
    whose: str, pace_clock: Callable[[float], None]
) -> None:
    first, second = note("x" * 2000), note("y" * 2000)
    rate = len(messages.sync_step2(first)) / 4
    changed = {f"{whose}_bytes": rate, f"{whose}_bytes_burst": 0.0}
    async with board(**changed) as (rooms, _, one, _):
        assert await is_taken(rooms, one, first)
        pace_clock(3.99)
        assert not await is_taken(rooms, one, second)
        pace_clock(0.01)
        assert await is_taken(rooms, one, second)


async def test_limit_connections_per_board() -> None:
    async with site(handoff=True, limits=limits(connections_per_board=2)) as here:
        address = f"ws://127.0.0.1:{here.port}/sync/{BOARD}"
        async with contextlib.AsyncExitStack() as stack:
            for _ in range(2):
                socket = await stack.enter_async_context(connect(address, proxy=None))
                await socket.send(messages.sync_step1(b"\0"))
                assert await socket.recv()
            third = await stack.enter_async_context(connect(address, proxy=None))
            with pytest.raises(ConnectionClosed):
                await third.recv()
            assert (third.close_code, third.close_reason) == (4429, "workshop-full")
        async with connect(address, proxy=None) as again:
            await again.send(messages.sync_step1(b"\0"))
            assert await again.recv()


SEATS = ("per_workshop", "per_person", "per_person_and_board")


@pytest.mark.parametrize("limit", SEATS)
async def test_limit_connections_per_workshop_connections_per_person_and_board(limit: str) -> None:
    async with site(handoff=True, limits=limits(**{f"connections_{limit}": 2})) as here:
        address = f"ws://127.0.0.1:{here.port}/sync/{BOARD}?token=anna"
        async with contextlib.AsyncExitStack() as stack:
            sockets = []
            for number in range(3):
                sockets.append(await stack.enter_async_context(connect(address, proxy=None)))
                await sockets[-1].send(messages.sync_step1(b"\0"))
                assert await sockets[-1].recv()
                first = sockets[0]
                assert await is_let_go(first) == (number == 2)
            assert (first.close_code, first.close_reason) == (4429, "too-many-connections")


async def is_let_go(socket: ClientConnection) -> bool:
    """Whether it ends, or else answers."""
    try:
        async with asyncio.timeout(10):
            await (await socket.ping())
    except ConnectionClosed:
        return True
    return False


async def test_limit_own_step2_bytes() -> None:
    most = len(Document().get_update()) + len(note("x")) + 16  # client ids are longer or shorter
    for own, expected in (most, False), (0, True):
        async with board(own_step2_bytes=own) as (_, room, client, other):
            client.sync()
            client.send_update(note("x"))
            whole = room.loaded_board().step2_for(b"\0")
            assert (room.loaded_board().step2_for(b"\1\5\1") == whole) == expected
            other.sync()


async def test_limit_outbox_bytes() -> None:
    outgoing = Outgoing((b"x" * 1000,))
    most = 2 * outgoing.size  # behind the one that is being sent
    for bytes_, expected in (most, False), (most - 1, True):
        async with stuck_outbox(limits(outbox_bytes=bytes_, blocked_seconds=LONG)) as outbox:
            outbox.post(outgoing)
            assert not outbox.is_stuck
            outbox.post(outgoing)
            assert outbox.is_stuck == expected


async def test_limit_blocked_seconds() -> None:
    for seconds, expected in (LONG, False), (-1.0, True):
        async with stuck_outbox(limits(blocked_seconds=seconds)) as outbox:
            outbox.post(Outgoing((messages.KEEPALIVE,)))
            assert outbox.is_stuck == expected


def gapped(text: str) -> bytes:
    """An edit whose predecessor nobody sent."""
    document = Document()
    add = partial(edits.add_note, board=BOARD, zone="challenges", at=1)
    update_of(partial(add, text="before"), document)
    return update_of(partial(add, text=text), document)


async def test_limit_parked_bytes() -> None:
    first, second = gapped("x" * 500), gapped("y" * 500)
    most = len(first) + len(second)
    for bytes_, expected in (most, "fine"), (most - 1, "gap-unfilled"):
        async with board(parked_bytes=bytes_, parked_seconds=LONG) as (_, _, client, _):
            client.send_update(first)
            client.send_update(second)
            assert fate(client) == expected


async def test_limit_parked_seconds() -> None:
    async with board(parked_seconds=5) as (rooms, _, client, _):
        client.send_update(gapped("x"))
        await settled(rooms)
        later(rooms, 4.9)
        assert fate(client) == "fine"
        later(rooms, 0.2)
        assert fate(client) == "gap-unfilled"


async def test_limit_backlog_bytes() -> None:
    frame = messages.sync_step2(note("x" * 1000))
    for bytes_, expected in (2 * len(frame), "fine"), (2 * len(frame) - 1, "store-unavailable"):
        store, these = SlowStore(), limits(backlog_bytes=bytes_)
        async with board_rooms(store, these) as rooms:
            coming = asyncio.create_task(rooms.acquire(BOARD))
            await asyncio.sleep(0)
            room = rooms.in_memory(BOARD)
            assert room is not None
            one, other = Client(room), Client(room)
            one.send(frame)
            other.send(frame)
            store.may_load.set()
            assert fate(one) == "fine"
            assert fate(other) == expected
            rooms.release(await coming)


async def test_limit_state_bytes() -> None:
    state = '{"cursor":"' + "x" * 500 + '"}'
    frame = messages.awareness([messages.AwarenessEntry(7, 1, state)])
    for most, expected in (len(state), "fine"), (len(state) - 1, "malformed-message"):
        async with board(state_bytes=most) as (_, _, client, _):
            client.sync()
            client.send(frame)
            assert fate(client) == expected


async def put_right(client: Client, rooms: Rooms) -> list[tuple[str, int, list[str]]]:
    """What was, as the client is told: code, count, texts."""
    await settled(rooms)
    client.hear()
    assert fate(client) == "fine"
    return [(note["code"], note["count"], note["texts"]) for _, note in client.notices]


async def of_one_update(update: bytes, **changed: float) -> list[tuple[str, int, list[str]]]:
    async with board(**changed) as (rooms, _, client, _):
        client.sync()
        client.send_update(update)
        return await put_right(client, rooms)


async def test_limit_note_characters() -> None:
    for text in "ä" * 50, "🌲" * 50:
        assert await of_one_update(note(text), note_characters=50) == []
        cut = ("text-too-long", 1, [text[0]])
        assert await of_one_update(note(text), note_characters=49) == [cut]


async def test_limit_name_characters() -> None:
    update = update_of(partial(edits.add_theme, name="ä" * 50, zone="challenges"))
    assert await of_one_update(update, name_characters=50) == []
    assert await of_one_update(update, name_characters=49) == [("text-too-long", 1, ["ä"])]


async def test_limit_answer_characters() -> None:
    for most, expected in (50, []), (49, [("text-too-long", 1, ["ä"])]):
        async with board(answer_characters=most) as (rooms, room, client, _):
            room.edit(lambda document: edits.seed_answers(document, ("q",)))
            await settled(rooms)
            client.sync()
            answer = client.document.root("answers")["q"]
            client.send_update(client.document.record(partial(answer.insert, 0, "ä" * 50))[1])
            assert await put_right(client, rooms) == expected


async def test_limit_notes() -> None:
    async with board(notes=3) as (rooms, _, client, _):
        client.sync()
        for _ in range(3):
            client.send_update(note("x"))
        assert await put_right(client, rooms) == []
        client.send_update(note("one too many"))
        assert await put_right(client, rooms) == [("board-full-of-notes", 1, ["one too many"])]
        client.ask()
        client.hear()
        assert client.texts() == ["x"] * 3


async def test_limit_delivery_seconds() -> None:
    for seconds, expected in (LONG, True), (0.0, False):
        async with board(delivery_seconds=seconds) as (rooms, _, client, _):
            brought = deliver(rooms, client.access, note("x"))
            if expected:
                assert await brought == []
            else:
                with pytest.raises(StoreUnavailable):
                    await brought


async def test_limit_notice_seconds_and_notice_bytes() -> None:
    """So long, and so much, is told again to who comes back."""
    for seconds, expected in (600.0, 1), (600.1, 0):
        assert await told_again(seconds, notice_seconds=600) == expected
    size = 100 + len("is too long"[3:])
    for most, expected in (size, 1), (size - 1, 0):
        assert await told_again(0.0, notice_bytes=most) == expected


async def told_again(after: float, **changed: float) -> int:
    async with board(note_characters=3, **changed) as (rooms, _, client, _):
        client.sync()
        client.send_update(note("is too long"))
        assert len(await put_right(client, rooms)) == 1
        later(rooms, after)
        client.reconnect()
        client.sync()
        return len(client.notices)


async def test_limit_board_bytes() -> None:
    """A board that is full takes no more; who comes back with what it holds is let in."""
    document = Document()
    first = update_of(adder("x" * 500), document)
    before = len(document.get_update())
    second = update_of(adder("y" * 500), document)
    most = before + len(second)
    for bytes_, expected in (most, []), (most - 1, [4]):
        async with board(board_bytes=bytes_) as (rooms, room, client, other):
            client.sync()
            client.send_update(first)
            client.send_update(second)
            client.hear()
            assert (fate(client), client.not_taken) == ("fine", expected)
            stock = Client(room, stock=True)
            stock.send_update(update_of(adder("z" * 600)))
            assert fate(stock) == "board-full"
            other.sync()
            other.send(messages.sync_step2(other.document.get_update()))
            await settled(rooms)
            assert other.error is None


async def test_limit_full_seconds() -> None:
    """Whose edit did not fit is told when it does, and so often it is looked."""
    for seconds, told in (4.9, False), (5.1, True):
        async with board(full_seconds=5, board_bytes=1500) as (rooms, room, client, other):
            client.sync()
            other.sync()
            client.send_update(update_of(adder("x" * 1000), client.document))
            await settled(rooms)
            other.hear()
            client.send_update(update_of(adder("y" * 1000), client.document))
            client.hear()
            assert client.standing == messages.Standing(False, 4, "full")
            [only] = other.document.root("notes").keys()
            clear = other.document.root("notes")[only]["text"].clear
            other.send_update(other.document.record(clear)[1])
            await settled(rooms)
            later(rooms, seconds)
            client.hear()
            assert client.standing.takes == told


def adder(text: str) -> Callable[[Document], str]:
    return partial(edits.add_note, board=BOARD, zone="challenges", text=text, at=1)


async def test_limit_board_bytes_is_of_what_the_board_is_and_not_of_how_it_became_so() -> None:
    document = Document()
    first = update_of(partial(edits.add_note, board=BOARD, zone="z", text="x", at=1), document)
    [only] = document.root("notes").keys()
    async with board(board_bytes=2000) as (_, _, client, _):
        client.send_update(first)
        for at in range(200):
            move = partial(edits.move_note, board=BOARD, note=only, zone="z", position=(at, at))
            client.send_update(update_of(move, document))
        assert fate(client) == "fine"


async def test_limit_keepalive_seconds() -> None:
    for seconds, count in (11.9, 0), (12.1, 1), (25.0, 2):
        async with board(keepalive_seconds=12) as (rooms, _, client, _):
            client.sync()
            await settled(rooms)
            client.hear()
            later(rooms, seconds)
            assert client.outbox.messages == [messages.KEEPALIVE] * count


async def test_limit_presence_seconds() -> None:
    """Whatever many say within it leaves as one frame."""
    async with board(presence_seconds=0.05) as (rooms, room, client, _):
        client.sync()
        talkers = [Client(room) for _ in range(10)]
        for number, talker in enumerate(talkers):
            talker.sync()
            talker.send(messages.awareness([messages.AwarenessEntry(number + 1, 1, "{}")]))
        client.hear()
        later(rooms, 0.049)
        assert not client.outbox.messages
        later(rooms, 0.001)
        [heard] = client.hear()
        assert isinstance(heard, messages.Awareness)
        assert len(messages.read_awareness(heard.update)) == 10


async def test_limit_commit_seconds() -> None:
    """However many edits, commits are so far apart; the first one comes at once."""
    interval = 0.05
    async with board(LoopClock(), commit_seconds=interval) as (rooms, _, client, _):
        client.sync()
        began = rooms.clock.now()
        for _ in range(10):
            client.send_update(note("x"))
            await settled(rooms)
        assert rooms.committer.commits <= 2 + (rooms.clock.now() - began) / interval


@pytest.mark.parametrize("name", ["log_updates", "log_bytes"])
async def test_limit_log_updates_and_log_bytes(name: str) -> None:
    store = MemoryStore()
    async with board_rooms(store, limits(**{name: 10})) as rooms:
        grown = partial(rooms.compactor.consider, BOARD)
        at = {"log_updates": (1, 0), "log_bytes": (0, 1)}[name]
        assert not grown(9 * at[0], 9 * at[1], False)
        assert grown(10 * at[0], 10 * at[1], False)


async def test_limit_busy_log_updates() -> None:
    """While people write, the log may grow longer than a quiet board's."""
    async with board_rooms(MemoryStore(), limits(log_updates=5, busy_log_updates=10)) as rooms:
        grown = partial(rooms.compactor.consider, BOARD)
        assert not grown(9, 0, True)
        assert grown(10, 0, True)
        assert grown(5, 0, False)


@pytest.mark.parametrize(("seconds", "asked"), [(3600.0, 1), (0.0, 3)])
async def test_limit_checkpoint_seconds(seconds: float, asked: int) -> None:
    """However fast its log grows, a board has so few checkpoints made."""
    async with board(busy_log_updates=1, checkpoint_seconds=seconds) as (rooms, room, client, _):
        grown, count = room._on_grown, 0

        def on_grown(*args: Any) -> bool:
            nonlocal count
            due = grown(*args)
            count += due
            return due

        room._on_grown = on_grown
        client.sync()
        for _ in range(3):
            client.send_update(note("x"))
            await settled(rooms)
        assert count == asked


async def test_limit_replay_seconds() -> None:
    stored = StoredBoard("line", None, (note("x"),))
    assert (await compactor.replayed_elsewhere(stored, seconds=60.0)).seq == 1
    with pytest.raises(TimeoutError):
        await compactor.replayed_elsewhere(stored, seconds=0.0)


async def test_limit_apply_seconds() -> None:
    assert await after_one_update(note("x"), apply_seconds=60.0) == "fine"
    assert await after_one_update(note("x"), apply_seconds=0.0) == "refused-update"


async def test_limit_grace_seconds() -> None:
    for seconds, takes in (1.9, True), (2.1, False):
        async with board(grace_seconds=2) as (rooms, room, client, other):
            room.leave(other.connection)
            client.sync()
            rooms.reauthorise(WORKSHOP, read_only)
            later(rooms, seconds)
            client.hear()
            assert client.standing is not None
            assert (fate(client), client.standing.takes) == ("fine", takes)


async def test_limit_rest_seconds() -> None:
    assert await rests(note("x"), 3.0)
    assert not await rests(note("x"), 2.9)


def runs(*clients: int) -> bytes:
    """Something under each of these client ids."""
    return yjs.update(*(yjs.section(client, 0, [yjs.run(yjs.GC, 1)]) for client in clients))


async def test_limit_client_ids() -> None:
    for most, expected in (4, "fine"), (3, "too-fast"):
        async with board(client_ids=most) as (_, _, client, _):
            client.sync()
            client.send_update(runs(1, 2))
            client.send_update(runs(3, 4))
            assert fate(client) == expected


async def test_limit_client_ids_burst_and_client_ids_per_minute() -> None:
    for seconds, expected in (30.0, "fine"), (29.0, "too-fast"):
        async with board(client_ids_burst=2, client_ids_per_minute=2) as (rooms, _, client, _):
            client.sync()
            client.send_update(runs(1, 2))
            assert fate(client) == "fine"
            await settled(rooms)
            later(rooms, seconds)
            client.send_update(runs(3))
            assert fate(client) == expected


async def test_limit_unknown_clients() -> None:
    for count, expected in (2, "fine"), (3, "malformed-message"):
        async with board(unknown_clients=2) as (_, _, client, _):
            client.send(
                messages.sync_step1(messages.write_state_vector(dict.fromkeys(range(count), 1)))
            )
            assert fate(client) == expected


async def test_limit_rest_bytes() -> None:
    update = note("x")
    size = len(Document().get_update()) + len(update)
    assert await rests(update, 3.0, rest_bytes=size)
    assert not await rests(update, 3.0, rest_bytes=size - 1)


async def rests(update: bytes, after: float, **changed: float) -> bool:
    """Whether a board with this update lets its document go once it was quiet for so long."""
    async with board(rest_seconds=3, **changed) as (rooms, room, client, _):
        client.sync()
        client.send_update(update)
        document = weakref.ref(room.document)
        await settled(rooms)
        later(rooms, after)
        gc.collect()
        return document() is None


async def begins_anew(now: int, *, more: int = 0, days: int = 9) -> bool:
    """Whether a history of three updates, of days 0 to 2, is cut when it may have `more` bytes."""
    store = MemoryStore()
    await store.open()
    document = Document()
    made = [document.record(partial(put_word, document, word))[1] for word in "abcd"]
    await store.commit(Commit("w", creates=[NewBoard(BOARD, "line", made[0], at=0)]))
    for number, update in enumerate(made[1:], start=2):
        append = Append(BOARD, number, (update,), at=(number - 1) * DAY)
        await store.commit(Commit("w", appends=[append]))
        stored = await store.load(BOARD)
        assert stored is not None
        await store.compact(BOARD, checkpoint_of(stored))
    most = sum(size for _, _, size in await store.lengths(BOARD))
    bounds = SyncLimits(history_bytes=most + more, history_days=days)
    await Compactor(store, bounds).history.tidy(BOARD, now)
    history = await store.history(BOARD)
    assert history is not None
    *_, (seq, _, last) = states(history)
    assert (seq, last.root("notes").to_py()) == (4, document.root("notes").to_py())
    return history.base is not None


def put_word(document: Document, word: str) -> None:
    document.root("notes")[word] = word


@pytest.mark.parametrize(("more", "cut"), [(0, False), (-1, True)])
async def test_limit_history_bytes(more: int, cut: bool) -> None:
    assert await begins_anew(0, more=more) == cut


@pytest.mark.parametrize(("days", "cut"), [(9, False), (8, True)])
async def test_limit_history_days(days: int, cut: bool) -> None:
    assert await begins_anew(9 * DAY, days=days) == cut


async def test_limit_unload_seconds() -> None:
    async with board_rooms(limits=limits(unload_seconds=60), clock=HandClock()) as rooms:
        async with rooms.hold(BOARD):
            assert len(rooms) == 1
        later(rooms, 59.9)
        assert len(rooms) == 1
        later(rooms, 0.2)
        assert len(rooms) == 0


def test_every_limit_has_a_test() -> None:
    tests = [name for name in dir(sys.modules[__name__]) if name.startswith("test_limit_")]
    missing = [
        field.name for field in fields(SyncLimits) if not any(field.name in test for test in tests)
    ]
    assert missing == []
    assert LIMITS.frame_bytes == SyncLimits.frame_bytes  # what other tests use is the real thing
