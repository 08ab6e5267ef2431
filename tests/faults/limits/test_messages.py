"""What one person may send holds at n and is felt at n + 1, by whoever passes it alone."""

from __future__ import annotations

import itertools

import pytest

from server.errors import TooManyTries
from server.sync.clock import LoopClock
from server.sync.rooms import Rooms
from server.sync.transport.delivery import deliver
from server.sync.wire import messages
from tests.faults.support.one_limit import board, fate, later, note
from tests.support.rooms import Client, settled
from tests.support.updates import yjs_bytes as yjs


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


async def is_taken(rooms: Rooms, client: Client, update: bytes) -> bool:
    try:
        await deliver(rooms, client.access, update)
    except TooManyTries:
        return False
    return True


WHOSE = ("person", "workshop")


@pytest.mark.parametrize("whose", WHOSE)
async def test_limit_person_bytes_burst_and_workshop_bytes_burst(whose: str) -> None:
    first, second, small = note("x" * 2000), note("y" * 2000), note("z")
    size = len(messages.sync_step2(first))
    for most, expected in (size, True), (size - 1, False):
        async with board(**{f"{whose}_bytes_burst": most}) as (rooms, _, one, other):
            assert await is_taken(rooms, one, first)
            assert await is_taken(rooms, one, second) == expected
            assert await is_taken(rooms, other, small)
            assert await is_taken(rooms, other, note("w" * 2000)) == (whose == "person")


@pytest.mark.parametrize("whose", WHOSE)
async def test_limit_person_bytes_and_workshop_bytes(whose: str) -> None:
    first, second = note("x" * 2000), note("y" * 2000)
    rate = len(messages.sync_step2(first)) / 4
    changed = {f"{whose}_bytes": rate, f"{whose}_bytes_burst": 0.0}
    async with board(**changed) as (rooms, _, one, _):
        assert await is_taken(rooms, one, first)
        later(rooms, 3.99)
        assert not await is_taken(rooms, one, second)
        later(rooms, 0.01)
        assert await is_taken(rooms, one, second)


async def test_limit_state_bytes() -> None:
    state = '{"cursor":"' + "x" * 500 + '"}'
    frame = messages.awareness([messages.AwarenessEntry(7, 1, state)])
    for most, expected in (len(state), "fine"), (len(state) - 1, "malformed-message"):
        async with board(state_bytes=most) as (_, _, client, _):
            client.sync()
            client.send(frame)
            assert fate(client) == expected


async def test_limit_apply_seconds() -> None:
    assert await after_one_update(note("x"), apply_seconds=60.0) == "fine"
    assert await after_one_update(note("x"), apply_seconds=0.0) == "refused-update"


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
