"""What waits for a reader, a gap or a board has a bound, and so has how long it does."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from boards import edits
from boards.document import Document
from server.store import StoreUnavailable
from server.sync.transport.delivery import deliver
from server.sync.wire import messages
from server.sync.wire.frames import Outgoing
from tests.faults.support.one_limit import board, fate, later, limits, note, put_right, update_of
from tests.faults.support.stores import SlowStore
from tests.faults.support.stuck import stuck_outbox
from tests.support.rooms import BOARD, WORKSHOP, Client, board_rooms, read_only, settled

LONG = 3600.0


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
