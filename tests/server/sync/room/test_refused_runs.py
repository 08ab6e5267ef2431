"""Of what came in one go, only what may be is taken, as if it had come piece by piece (RM12)."""

from collections.abc import Callable
from functools import partial

import pytest
from pycrdt import Text

from boards import edits
from boards.document import Document
from boards.schema import read_board
from server.errors import NotAllowed, ServiceError
from server.sync.errors import RefusedUpdate, TooFast
from server.sync.limits import SyncLimits
from server.sync.room.inbox import RUN
from server.sync.wire import messages
from server.sync.wire.lib0 import write_var_uint
from tests.support.rooms import BOARD, Client, access, board_rooms, read_only, settled, write
from tests.support.updates.runs import at_once, frames, new_note, synced


async def test_rm12_who_may_no_longer_write_cannot_in_a_run() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann = synced(room)
        at_once(ann, frames(ann, 1))
        ann.connection.access = read_only(ann.access)
        at_once(ann, frames(ann, 3))
        ann.hear()
        assert (ann.error, ann.not_taken) == (None, [4, 5, 6])


def forged(client: Client) -> bytes:
    """A note in somebody else's name."""
    document = client.document
    add = partial(edits.add_note, document, BOARD, zone="challenges", text="forged", at=1)
    return messages.update(document.record(partial(add, author="somebody"))[1])


def not_ours(client: Client) -> bytes:
    """An edit under another's client id."""
    other = Document()
    return messages.update(other.record(lambda: other.root("odd").update({"x": 1}))[1])


BAD: list[tuple[Callable[[Client], bytes], type[ServiceError], int]] = [
    (lambda client: b"\x00\x07", ServiceError, 3),
    (lambda client: messages.update(b"\xff" * 9), RefusedUpdate, 3),
    (not_ours, RefusedUpdate, 3),
    (forged, NotAllowed, 0),
]


@pytest.mark.parametrize(("bad", "error", "kept"), BAD, ids=["frame", "bytes", "root", "judged"])
async def test_rm12_what_came_before_a_bad_frame_is_kept_and_what_follows_is_not(
    bad: Callable[[Client], bytes], error: type[ServiceError], kept: int
) -> None:
    """What breaks a rule of the document takes the run with it: its author brings that again."""
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann, bea = synced(room), synced(room)
        at_once(ann, frames(ann, 1))
        at_once(ann, [*frames(ann, 3), bad(ann), *frames(ann, 2)])
        assert isinstance(ann.error, error)
        async with rooms.hold(BOARD):
            assert room.loaded
        await settled(rooms)
        bea.hear()
        assert bea.error is None
        assert len(bea.texts()) == 1 + kept
        at_once(bea, frames(bea, 2))
        await settled(rooms)
        bea.hear()
        assert bea.acked == bea.connection.received


async def test_rm12_nobody_writes_under_anothers_client_id_in_a_run() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann, bea = synced(room), synced(room)
        at_once(ann, frames(ann, 1))
        at_once(bea, frames(bea, 1))
        stolen = Client(room, bea.access)
        stolen.document = ann.document
        theirs = [messages.update(write(stolen, "in her name")) for _ in range(2)]
        at_once(bea, [*frames(bea, 2), *theirs])
        assert isinstance(bea.error, NotAllowed)
        await settled(rooms)
        assert room.document is not None
        assert len(read_board(room.document, BOARD, "notes", "phenomena").notes) == 4


async def test_rm12_a_character_is_not_cut_by_what_follows_it() -> None:
    """Yjs and yrs differ on half a character; the edit before is not in the document yet."""
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann = synced(room)
        note, made = ann.document.record(partial(new_note, ann.document, 1))
        at_once(ann, [messages.update(made)])
        text: Text = ann.document.root("notes")[note]["text"]
        tree = ann.document.record(partial(text.insert, len(text), "🌲"))[1]
        client, clock = ann.document.doc.client_id, clocks(ann)[ann.document.doc.client_id] - 2
        number = write_var_uint
        cut = b"".join(
            [b"\1\1", number(client), number(clock + 2), b"\x84", number(client), number(clock)]
        )
        at_once(ann, [messages.update(tree), messages.update(cut + b"\1x\0")])
        assert isinstance(ann.error, RefusedUpdate)
        assert "surrogate" in str(ann.error)


def clocks(client: Client) -> dict[int, int]:
    return messages.read_state_vector(client.document.get_state_vector())


async def test_rm12_a_reader_cannot_write_in_a_run_either() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        reader = synced(room, Client(room, read_only(access())))
        at_once(reader, frames(reader, 3))
        reader.hear()
        assert (reader.error, reader.not_taken) == (None, [3, 4, 5])
        assert room.seq == 1


async def test_rm12_while_nothing_can_be_stored_a_run_is_refused() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann = synced(room)
        at_once(ann, frames(ann, 1))
        await settled(rooms)
        rooms.committer.failing = True
        at_once(ann, frames(ann, 3))
        assert ann.error is not None
        assert ann.error.slug == "store-unavailable"
        assert room.seq == 2


async def test_rm12_a_run_that_takes_the_engine_too_long_is_not_kept() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann = synced(room)
        at_once(ann, frames(ann, 1))
        room._limits = SyncLimits(messages_per_second=0, commit_seconds=0, apply_seconds=0.0)
        room.loaded_board()._limits = room._limits
        at_once(ann, frames(ann, 3))
        assert isinstance(ann.error, RefusedUpdate)
        assert "costly" in str(ann.error)


async def test_rm12_a_costly_edit_does_not_hide_among_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        synced(room)
        live = room.loaded_board()
        monkeypatch.setattr(live.state, "cost_of", lambda updates: 0.6)
        assert live._too_costly(0.6, [b"x"] * RUN) is not None
        assert live._too_costly(0.6, [bytes(64 << 10)]) is None


async def test_rm12_a_full_board_takes_of_a_run_what_fits() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann, bea = synced(room), synced(room)
        at_once(ann, frames(ann, 1))
        sent = frames(ann, 4)
        fits = room.loaded_board().state.size + sum(len(each) - 3 for each in sent[:2])
        room.loaded_board()._limits = SyncLimits(messages_per_second=0, board_bytes=fits)
        at_once(ann, sent)
        ann.hear()
        assert (ann.error, ann.not_taken) == (None, [6, 7])
        await settled(rooms)
        bea.hear()
        assert len(bea.texts()) == 3


async def test_rm12_messages_of_a_run_count_one_by_one() -> None:
    limits = SyncLimits(messages_per_second=1, messages_burst=5, commit_seconds=0)
    async with board_rooms(limits=limits) as rooms, rooms.hold(BOARD) as room:
        ann = Client(room, limits=limits)
        at_once(ann, [messages.sync_step1(b"\0"), *frames(ann, 5)])
        assert isinstance(ann.error, TooFast)
        await settled(rooms)
        assert room.document is not None
        assert len(read_board(room.document, BOARD, "notes", "phenomena").notes) == 4


async def test_rm12_too_many_notes_are_too_many_in_a_run_and_beside_the_servers_own() -> None:
    limits = SyncLimits(messages_per_second=0, commit_seconds=0, notes=8)
    async with board_rooms(limits=limits) as rooms, rooms.hold(BOARD) as room:
        ann, bea = synced(room), synced(room)
        at_once(ann, frames(ann, 2))
        room.edit(lambda document: [new_note(document, number) for number in range(3)])
        at_once(ann, frames(ann, 3))
        await settled(rooms)
        ann.hear()
        assert ann.notices == []
        at_once(ann, frames(ann, 3))
        await settled(rooms)
        ann.hear()
        bea.hear()
        assert [(at, told["count"]) for at, told in ann.notices] == [(10, 3)]
        assert (ann.error, ann.acked) == (None, 10)
        assert len(ann.texts()) == 8
        assert ann.texts() == bea.texts()


async def test_rm12_of_a_run_of_more_notes_than_may_come_those_stay_that_fit() -> None:
    limits = SyncLimits(messages_per_second=0, commit_seconds=0, notes=8)
    async with board_rooms(limits=limits) as rooms, rooms.hold(BOARD) as room:
        ann = synced(room)
        at_once(ann, frames(ann, 6))
        at_once(ann, frames(ann, 3))
        await settled(rooms)
        ann.hear()
        assert len(ann.texts()) == 8
        assert [told["count"] for _, told in ann.notices] == [1]
