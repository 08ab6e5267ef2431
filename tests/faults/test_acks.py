"""CN7, RM2: whatever the order of messages and commits, an ack covers only what is durable."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from boards import edits
from boards.document import Document
from server.sync.rooms import Rooms
from server.sync.wire import messages
from tests.faults.support.stores import SteeredStore
from tests.support.rooms import (
    BOARD,
    Client,
    board_rooms,
    committed,
)


def note(document: Document, text: str = "hei") -> bytes:
    """The update of a note written in `document`."""
    return document.record(
        lambda: edits.add_note(document, BOARD, zone="challenges", text=text, at=1)
    )[1]


@asynccontextmanager
async def synced(people: int) -> AsyncIterator[tuple[SteeredStore, Rooms, list[Client]]]:
    """A board with people who have heard everything; commits wait from now on."""
    store = SteeredStore()
    async with board_rooms(store) as rooms, rooms.hold(BOARD) as room:
        clients = [Client(room) for _ in range(people)]
        for client in clients:
            client.sync()
            client.hear()
        store.hold()
        try:
            yield store, rooms, clients
        finally:
            store.go_on()


async def settle(store: SteeredStore, rooms: Rooms, *clients: Client) -> None:
    """Everything is committed, and everybody has heard of it."""
    store.go_on()
    await committed(rooms)
    for client in clients:
        client.hear()
        assert client.error is None
        assert client.acked == client.connection.received


async def test_cn7_an_empty_answer_acks_no_edit_before_its_commit() -> None:
    async with synced(2) as (store, rooms, (ann, bea)):
        bea.send_update(note(bea.document))
        await store.begun()
        ann.send_update(note(ann.document))
        edit = ann.connection.received
        ann.send(messages.sync_step2(b"\0\0"))
        ann.hear()
        assert ann.acked < edit
        await settle(store, rooms, ann, bea)


async def test_cn7_joining_acks_no_edit_of_the_next_commit() -> None:
    """A stock client edits before it has got the SyncStep2 to its SyncStep1."""
    async with synced(1) as (store, rooms, (bea,)):
        bea.send_update(note(bea.document))  # the room is busy, so who joins waits for the commit
        ann = Client(bea.room)
        ann.ask()
        await store.begun()
        ann.send_update(note(ann.document))
        edit = ann.connection.received
        store.end_one()
        await store.begun()
        ann.hear()
        assert ann.acked < edit
        await settle(store, rooms, ann, bea)


async def test_cn7_what_was_parked_holds_back_the_acks_of_later_messages() -> None:
    """An edit with a gap, then one without, in a commit of its own; then the gap closes."""
    async with synced(1) as (store, rooms, (ann,)):
        other = Document()
        first, second = note(other), note(other)
        ann.send_update(second)
        parked = ann.connection.received
        ann.send_update(note(ann.document))
        await store.begun()
        ann.send_update(first)  # and with it the parked one: both wait for the commit after
        store.end_one()
        await store.begun()
        ann.hear()
        assert ann.acked < parked
        await settle(store, rooms, ann)


async def test_cn7_an_answer_that_was_seen_before_acks_nothing_before_its_commit() -> None:
    """Somebody comes back twice while their edit is on its way to the disk."""
    async with synced(1) as (store, rooms, (ann,)):
        ann.send_update(note(ann.document))
        await store.begun()
        answer = messages.sync_step2(ann.document.get_update())
        for _ in range(2):
            ann.room.leave(ann.connection)
            ann.reconnect()
            ann.send(answer)
            ann.hear()
            assert ann.acked == 0
        await settle(store, rooms, ann)
