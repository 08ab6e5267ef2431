"""Checkpoints in place of logs: rules CP1–CP3 of docs/protocol.md."""

from collections.abc import Callable

import pytest

from boards import edits
from boards.document import Document
from boards.schema import read_board
from server.store import Append, Commit, NewBoard, StoredBoard, StoredCheckpoint
from server.store.memory import MemoryStore
from server.sync.commit import compactor
from server.sync.commit.compactor import Compactor, checkpoint_of
from server.sync.limits import SyncLimits
from tests.support.rooms import BOARD, Client, board_rooms


def history(updates: int) -> tuple[bytes, ...]:
    document = Document()

    def write() -> str:
        return edits.add_note(document, BOARD, zone="challenges", text="x", at=1)

    made = [document.record(write)[1] for _ in range(updates)]
    first = read_board(document, BOARD, "notes", "phenomena").notes[0].id
    made.append(document.record(lambda: edits.delete_note(document, first))[1])
    return tuple(made)


async def stored_board(store: MemoryStore, updates: tuple[bytes, ...]) -> None:
    await store.open()
    await store.commit(
        Commit(
            "w",
            creates=[NewBoard(BOARD, "line", updates[0])],
            appends=[Append(BOARD, 2, updates[1:])],
        )
    )


async def test_cp1_a_long_log_becomes_a_checkpoint_that_says_the_same() -> None:
    store = MemoryStore()
    updates = history(30)
    await stored_board(store, updates)
    before = await store.load(BOARD)
    assert before is not None
    work = Compactor(store, SyncLimits(log_updates=10))
    assert not work.consider(BOARD, 9, 0, False)
    await work.compact(BOARD)
    await work.stop()
    after = await store.load(BOARD)
    assert after is not None
    assert after.checkpoint is not None
    assert after.updates == ()
    assert after.seq == before.seq == len(updates)
    boards = [
        read_board(compactor.replay(stored), BOARD, "notes", "phenomena")
        for stored in (before, after)
    ]
    assert boards[0] == boards[1]
    assert len(boards[0].notes) == 29


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda update: Document().get_update(), "state vector"),
        (lambda update: changed_text(update), "contents"),
    ],
)
def test_cp2_a_checkpoint_that_says_something_else_is_refused(
    monkeypatch: pytest.MonkeyPatch, spoil: Callable[[bytes], bytes], says: str
) -> None:
    stored = StoredBoard("line", None, history(3))
    original = compactor.replay

    class Spoiled(Document):
        def get_update(self, state_vector: bytes | None = None) -> bytes:
            return spoil(super().get_update(state_vector))

    def replay(board: StoredBoard) -> Document:
        return Spoiled(original(board).get_update())

    monkeypatch.setattr(compactor, "replay", replay)
    with pytest.raises(ValueError, match=says):
        checkpoint_of(stored)


def changed_text(update: bytes) -> bytes:
    """The same structs with one letter replaced."""
    spoiled = update.replace(b"challenges", b"challengez", 1)
    assert spoiled != update
    return spoiled


async def test_cp3_a_room_asks_for_a_checkpoint_when_its_log_has_grown() -> None:
    store = MemoryStore()
    limits = SyncLimits(messages_per_second=0, commit_seconds=0, log_updates=5, busy_log_updates=5)
    async with board_rooms(store, limits) as rooms, rooms.hold(BOARD) as room:
        client = Client(room)
        client.sync()
        for update in history(6):
            client.send_update(update)
        await rooms.committer.commit(room.workshop)
        task = rooms.compactor._task
        assert task is not None
        await task
        stored = await store.load(BOARD)
        assert stored is not None
        assert stored.checkpoint is not None
        client.send_update(history(1)[0])
        await rooms.committer.commit(room.workshop)
    async with board_rooms(store, limits, create=False) as rooms, rooms.hold(BOARD) as room:
        reader = Client(room)
        reader.sync()
        assert len(reader.texts()) == 6
        assert not room.loaded_board().state.built


async def test_a_board_that_was_deleted_meanwhile_stays_deleted() -> None:
    store = MemoryStore()
    await stored_board(store, history(3))
    await store.commit(Commit("w", drops=[BOARD]))
    await store.compact(BOARD, StoredCheckpoint(3, b"\0", b"\0\0"))
    assert await store.load(BOARD) is None
