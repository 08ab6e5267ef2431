"""RM8: ten thousand boards are opened and closed; no document stays behind, and memory is flat."""

from __future__ import annotations

import gc
import random
import weakref
from pathlib import Path

import pytest

from boards import edits
from boards.document import Document
from boards.schema import NOTES
from server.store import Commit, NewBoard
from server.store.sqlite.store import SqliteStore
from server.sync.commit.compactor import replay
from server.sync.limits import SyncLimits
from server.sync.rooms import Rooms
from tests.faults.support.counts import count, tell
from tests.support.process import resident
from tests.support.rooms import Client, access, board_rooms, settled

OPENINGS = count("HAHMO_TEST_OPENINGS", ordinary=10_000, soak=200_000)
WARM_UP = 2_000  # openings until the allocator has what it needs
BOARDS = 40
NOTE_COUNT = 20
EDITED = 10  # in every tenth opening somebody writes
MOST_BYTES = 8 << 20  # that may be added: a kilobyte left behind each time would be seen
LIMITS = SyncLimits(messages_per_second=0, commit_seconds=0.0, unload_seconds=0.0)


@pytest.mark.timeout(3600)
async def test_rm8_10000_rooms_leave_no_document_and_no_memory_behind(
    tmp_path: Path, dice: random.Random
) -> None:
    store = SqliteStore(tmp_path, synchronous="OFF")  # nobody cuts the power here
    documents: weakref.WeakSet[Document] = weakref.WeakSet()
    acked = 0
    async with board_rooms(store, LIMITS) as rooms:
        boards = [f"board{number}" for number in range(BOARDS)]
        await store.commit(Commit("w", creates=[filled(board) for board in boards]))
        for opening in range(OPENINGS):
            if opening == WARM_UP:
                gc.collect()
                before = resident()
            edit = opening % EDITED == 0
            acked += await visit(rooms, dice.choice(boards), documents, edit=edit)
        gc.collect()
        grown = resident() - before
        notes = [len(await notes_of(store, board)) for board in boards]
    lost = BOARDS * NOTE_COUNT + acked - sum(notes)
    more = f"documents left: {len(documents)}, grown by {grown >> 10} KiB"
    tell("RM8 memory", n=OPENINGS, acked=acked, lost=lost, more=more)
    assert acked == OPENINGS // EDITED
    assert lost == 0
    assert len(documents) == 0
    assert grown < MOST_BYTES


def filled(board: str) -> NewBoard:
    document = Document()
    for number in range(NOTE_COUNT):
        edits.add_note(document, board, zone="challenges", text=f"Havainto {number}", at=number)
    return NewBoard(board, "line", document.get_update())


async def visit(
    rooms: Rooms, board: str, documents: weakref.WeakSet[Document], *, edit: bool
) -> int:
    """Somebody comes, reads, perhaps writes a note, and leaves; the number of notes acked."""
    acked = 0
    async with rooms.hold(board) as room:
        client = Client(room, access("ann", board=board))
        client.sync()
        assert room.document is not None
        documents.add(room.document)
        if edit:
            document = client.document
            update = document.record(
                lambda: edits.add_note(document, board, zone="challenges", text="uusi", at=1)
            )[1]
            client.send_update(update)
            number = client.connection.received
            await settled(rooms)
            client.hear()
            acked = int(client.acked >= number)
        room.leave(client.connection)
    while len(rooms):
        await settled(rooms)
    return acked


async def notes_of(store: SqliteStore, board: str) -> list[str]:
    stored = await store.load(board)
    assert stored is not None
    return list(replay(stored).root(NOTES).keys())
