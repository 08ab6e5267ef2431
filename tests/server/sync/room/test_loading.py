"""A room loads once, loads anew, unloads, and opens whatever its log holds (rule RM8)."""

import asyncio
import gc
import weakref
from collections.abc import Callable

from pycrdt import Array

from boards import edits
from boards.document import Document
from boards.schema import read_board
from server.errors import NotAllowed
from server.store import Commit, NewBoard
from server.store.memory import MemoryStore
from tests.support.clock import HandClock
from tests.support.rooms import BOARD, LIMITS, Client, board_rooms, settled, write


async def test_rm7_ownership_outlives_the_room() -> None:
    store = MemoryStore()
    async with board_rooms(store) as rooms, rooms.hold(BOARD) as room:
        ann = Client(room)
        ann.sync()
        ann.send_update(write(ann))
        await settled(rooms)
    async with board_rooms(store, create=False) as rooms, rooms.hold(BOARD) as room:
        bea = Client(room)
        bea.document = ann.document
        bea.send_update(write(ann, "forged"))
        assert bea.error is not None
        assert bea.error.close_code == 4403


async def test_rm8_a_cold_room_is_loaded_once_however_many_join() -> None:
    loads = 0

    class Counting(MemoryStore):
        async def load(self, board: str):  # type: ignore[no-untyped-def]
            nonlocal loads
            loads += 1
            return await super().load(board)

    async with board_rooms(Counting()) as rooms:

        async def join() -> list[str]:
            async with rooms.hold(BOARD) as room:
                client = Client(room)
                client.sync()
                return client.texts()

        assert len(await asyncio.gather(*(join() for _ in range(500)))) == 500
        assert loads == 1
        assert len(rooms) == 1


async def test_rm8_a_second_bad_update_while_the_board_is_read_anew_costs_its_author_alone() -> (
    None
):
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann, eve, mallory = Client(room), Client(room), Client(room)
        for client in (ann, eve, mallory):
            client.sync()
        for hostile in (eve, mallory):
            hostile.send_update(forged_note(hostile))
        ann.send_update(write(ann))
        async with rooms.hold(BOARD):
            assert room.loaded
        await settled(rooms)
        ann.hear()
        assert ann.error is None
        assert ann.acked == ann.connection.received
        for hostile in (eve, mallory):
            assert isinstance(hostile.error, NotAllowed)


async def test_rm8_a_bad_update_right_after_the_board_was_read_anew_has_it_read_once_more() -> None:
    then: list[Callable[[], None]] = []

    class Telling(MemoryStore):
        async def find(self, kind: str, parent: str):  # type: ignore[no-untyped-def]
            if kind == "owner" and then:  # the last that is read before a room opens
                asyncio.get_running_loop().call_soon(then.pop())
            return await super().find(kind, parent)

    async with board_rooms(Telling()) as rooms, rooms.hold(BOARD) as room:
        ann, eve, mallory = Client(room), Client(room), Client(room)
        for client in (ann, eve, mallory):
            client.sync()
        forged = forged_note(mallory)
        then.append(lambda: mallory.send_update(forged))
        eve.send_update(forged_note(eve))
        await settled(rooms)
        assert isinstance(mallory.error, NotAllowed)
        async with rooms.hold(BOARD):
            assert room.loaded
        ann.send_update(write(ann))
        await settled(rooms)
        ann.hear()
        assert ann.acked == ann.connection.received


def forged_note(client: Client) -> bytes:
    """A note in somebody else's name."""
    document = client.document
    return document.record(
        lambda: edits.add_note(
            document, BOARD, zone="challenges", text="forged", author="somebody", at=1
        )
    )[1]


async def test_rm8_a_board_opens_whatever_its_log_holds() -> None:
    store = MemoryStore()
    await store.open()
    odd = Document()
    update = odd.record(lambda: odd.root("notes").update({"x": Array(["no client may send this"])}))
    await store.commit(Commit("w", creates=[NewBoard(BOARD, "line", update[1])]))
    async with board_rooms(store, create=False) as rooms, rooms.hold(BOARD) as room:
        client = Client(room)
        client.sync()
        client.send_update(write(client))
        await settled(rooms)
        client.hear()
        assert client.error is None
        assert client.acked == client.connection.received


async def test_rm8_an_idle_room_unloads_and_leaves_nothing_in_memory() -> None:
    clock = HandClock()
    async with board_rooms(clock=clock) as rooms:
        async with rooms.hold(BOARD) as room:
            client = Client(room)
            client.sync()
            client.send_update(write(client))
            await settled(rooms)
            room.leave(client.connection)
            document = weakref.ref(room.document)
        del client
        gone = weakref.ref(room)
        del room
        clock.turn(LIMITS.unload_seconds)
        assert len(rooms) == 0
        gc.collect()
        assert gone() is None
        assert document() is None
        async with rooms.hold(BOARD) as again:
            assert again.document is not None
            assert len(read_board(again.document, BOARD, "notes", "phenomena").notes) == 1
