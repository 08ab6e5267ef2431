"""A quiet board keeps its bytes and lets its document go; nobody notices but the memory."""

import asyncio
import gc
import weakref
from dataclasses import replace
from pathlib import Path

import pytest

from boards import edits
from boards.document import Document
from server.errors import NotAllowed
from server.store import NewBoard
from server.store.memory import MemoryStore
from server.sync.limits import SyncLimits
from server.sync.memory import DOCUMENT_FACTOR, ENOUGH, Freed, malloc_trim
from server.sync.room.room import Room
from tests.support.clock import HandClock
from tests.support.rooms import BOARD, WORKSHOP, Client, access, board_rooms, settled, write

REST = 3.0  # seconds
LIMITS = SyncLimits(messages_per_second=0, commit_seconds=0, rest_seconds=REST)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


def document_in(room: Room) -> "weakref.ref[Document]":
    assert room.document is not None
    return weakref.ref(room.document)


def rests(room: Room, clock: HandClock) -> bool:
    """Whether its document is no more once it was quiet for so long, and was there till then."""
    document = document_in(room)
    clock.turn(REST - 0.1)
    assert document() is not None
    clock.turn(0.1)
    gc.collect()
    return document() is None


async def test_rm8_a_quiet_board_lets_its_document_go_and_serves_on(clock: HandClock) -> None:
    async with board_rooms(limits=LIMITS, clock=clock) as rooms, rooms.hold(BOARD) as room:
        anna = Client(room)
        anna.sync()
        anna.send_update(write(anna, "before"))
        await settled(rooms)
        assert rests(room, clock)

        anna.send_update(write(anna, "after"))  # its author goes on where they were
        newcomer = Client(room)
        newcomer.sync()
        await settled(rooms)
        newcomer.hear()
        assert newcomer.texts() == anna.texts() == ["after", "before"]

        assert rests(room, clock)
        back = Client(room)
        back.document.apply_update(anna.document.get_update())
        back.sync()  # with a state vector, which takes a document to answer
        assert back.error is None
        assert back.texts() == ["after", "before"]


async def test_cp3_a_log_that_may_grow_while_people_write_becomes_a_checkpoint_once_they_rest(
    clock: HandClock,
) -> None:
    store = MemoryStore()
    limits = replace(LIMITS, log_updates=3, busy_log_updates=1000)
    async with board_rooms(store, limits, clock=clock) as rooms, rooms.hold(BOARD) as room:
        anna = Client(room)
        anna.sync()
        for number in range(4):
            anna.send_update(write(anna, f"{number}"))
            await settled(rooms)
        clock.turn(REST)
        async with asyncio.timeout(20):  # it is made in another process
            while (stored := await store.load(BOARD)) is None or stored.checkpoint is None:
                await settled(rooms)
        assert stored.checkpoint.seq == 5


async def test_rm8_what_is_written_on_a_rested_board_is_judged(clock: HandClock) -> None:
    async with board_rooms(limits=LIMITS, clock=clock) as rooms, rooms.hold(BOARD) as room:
        mallory = Client(room, access("mallory"))
        mallory.sync()
        mallory.send_update(write(mallory))
        await settled(rooms)
        assert rests(room, clock)
        forged = mallory.document.record(
            lambda: edits.add_note(
                mallory.document, BOARD, zone="challenges", text="x", author="anna", at=1
            )
        )[1]
        mallory.send_update(forged)
        assert isinstance(mallory.error, NotAllowed)


async def test_rm8_a_large_board_keeps_its_document(clock: HandClock) -> None:
    async with board_rooms(limits=replace(LIMITS, rest_bytes=1000), clock=clock) as rooms:
        await rooms.committer.commit(
            WORKSHOP, creates=[NewBoard("small", "line", Document().get_update())]
        )
        async with rooms.hold(BOARD) as large, rooms.hold("small") as small:
            anna = Client(large)
            anna.sync()
            anna.send_update(write(anna, "long " * 300))
            await settled(rooms)
            document = document_in(large)
            assert rests(small, clock)
            assert document() is not None


def resident() -> int:
    """Bytes of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@pytest.mark.skipif(malloc_trim is None, reason="no glibc here")
def test_memory_that_documents_held_goes_back_to_the_system() -> None:
    source = Document()
    for number in range(20):
        edits.add_note(source, BOARD, zone="challenges", text=f"note {number} " * 20, at=number)
    update = source.get_update()
    documents = [Document(update) for _ in range(2 * ENOUGH // (DOCUMENT_FACTOR * len(update)))]
    before = resident()
    count = len(documents)
    documents.clear()
    freed = Freed()
    for _ in range(count):
        freed.add(len(update))
    assert before - resident() > ENOUGH // 2
