"""The way of an edit through a room, in order (rules RM1–RM7, RM10)."""

import asyncio
from collections.abc import Sequence

import pytest
from pycrdt import Doc, Map, Text

from boards import edits
from boards.schema import NOTES, layout_root, read_board
from server.store import Commit, Misfit, Record, StoreUnavailable
from server.store.memory import MemoryStore
from server.sync.inspection import inspector
from server.sync.wire import messages
from tests.support.clock import HandClock
from tests.support.rooms import (
    BOARD,
    LIMITS,
    WORKSHOP,
    Client,
    access,
    board_rooms,
    read_only,
    settled,
    write,
)
from tests.support.updates import yjs_bytes as yjs


async def test_rm1_an_edit_reaches_the_others_and_its_author_gets_the_ack() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann, bea = Client(room), Client(room)
        ann.sync()
        bea.sync()
        ann.send_update(write(ann))
        await settled(rooms)
        bea.hear()
        ann.hear()
        assert bea.texts() == ["hei"]
        assert ann.acked == ann.connection.received
        assert room.document is not None
        assert read_board(room.document, BOARD, "notes", "phenomena").notes


class GatedStore(MemoryStore):
    """A store whose commits wait for a gate, to look at the time before they are durable."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.gate.set()
        self.entered = asyncio.Event()
        self.broken = False

    async def commit_all(self, commits: Sequence[Commit]) -> list[Misfit | None]:
        self.entered.set()
        await self.gate.wait()
        if self.broken:
            raise StoreUnavailable("disk full")
        return await super().commit_all(commits)


async def test_rm2_nobody_hears_of_an_edit_before_it_is_durable() -> None:
    store = GatedStore()
    async with board_rooms(store) as rooms, rooms.hold(BOARD) as room:
        ann, bea, late = Client(room), Client(room), Client(room)
        ann.sync()
        bea.sync()
        await settled(rooms)
        ann.hear()
        bea.hear()
        acked = ann.acked
        store.entered.clear()
        store.gate.clear()
        ann.send_update(write(ann))
        await store.entered.wait()
        late.ask()
        assert bea.hear() == []
        assert late.hear() == []
        ann.hear()
        assert ann.acked == acked
        store.gate.set()
        await settled(rooms)
        bea.hear()
        ann.hear()
        late.hear()
        assert bea.texts() == late.texts() == ["hei"]
        assert ann.acked == acked + 1


async def test_rm2_a_failed_commit_acks_nothing_and_the_edit_arrives_after_coming_back() -> None:
    store = GatedStore()
    async with board_rooms(store) as rooms:
        async with rooms.hold(BOARD) as room:
            ann, bea = Client(room), Client(room)
            ann.sync()
            bea.sync()
            await settled(rooms)
            store.broken = True
            ann.send_update(write(ann))
            with pytest.raises(StoreUnavailable):
                await settled(rooms)
            bea.hear()
            assert bea.texts() == []
            assert isinstance(ann.error, StoreUnavailable)
            assert isinstance(bea.error, StoreUnavailable)
        assert rooms.in_memory(BOARD) is None
        async with rooms.hold(BOARD) as again:
            reader = Client(again)
            ann.room = again
            ann.reconnect()
            reader.sync()
            ann.sync()
            assert isinstance(ann.error, StoreUnavailable)
            assert reader.error is None
            store.broken = False
            await rooms.committer.commit(WORKSHOP, puts=[Record("probe", "probe", "", {})])
            ann.reconnect()
            ann.sync()
            await settled(rooms)
            reader.hear()
            assert reader.texts() == ["hei"]


async def test_rm3_a_newcomer_gets_everything_and_misses_nothing_that_follows() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann = Client(room)
        ann.sync()
        for number in range(5):
            ann.send_update(write(ann, f"note {number}"))
        newcomer = Client(room)
        newcomer.ask()
        ann.send_update(write(ann, "after"))
        await settled(rooms)
        newcomer.hear()
        assert newcomer.texts() == ann.texts()
        assert len(newcomer.texts()) == 6


async def test_rm4_an_edit_ahead_of_its_predecessors_waits_for_them() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann, bea = Client(room), Client(room)
        bea.sync()
        write(ann, "written offline")
        ann.send_update(write(ann, "live, before its SyncStep2"))
        assert ann.error is None
        await settled(rooms)
        assert bea.hear() == []
        ann.hear()
        assert ann.acked == 0
        ann.sync()
        await settled(rooms)
        bea.hear()
        ann.hear()
        assert bea.texts() == ["live, before its SyncStep2", "written offline"]
        assert ann.acked == ann.connection.received


async def test_rm4_a_gap_that_nobody_fills_closes_only_its_author() -> None:
    clock = HandClock()
    async with board_rooms(clock=clock) as rooms, rooms.hold(BOARD) as room:
        ann, bea = Client(room), Client(room)
        bea.sync()
        write(ann)
        ann.send_update(write(ann))
        clock.turn(LIMITS.parked_seconds - 0.1)
        assert ann.error is None
        clock.turn(0.1)
        assert ann.error is not None
        assert ann.error.close_code == 4509
        assert bea.error is None


async def test_rm5_what_is_known_already_is_neither_stored_nor_sent_again() -> None:
    store = MemoryStore()
    async with board_rooms(store) as rooms, rooms.hold(BOARD) as room:
        ann, bea = Client(room), Client(room)
        ann.sync()
        bea.sync()
        update = write(ann)
        ann.send_update(update)
        ann.send_update(
            ann.document.record(lambda: edits.delete_note(ann.document, ann.board().notes[0].id))[1]
        )
        await settled(rooms)
        ann.hear()
        bea.hear()
        stored = await store.load(BOARD)
        ann.send_update(update)
        ann.reconnect()
        ann.sync()
        ann.send(messages.sync_step2(ann.document.get_update()))
        await settled(rooms)
        ann.hear()
        assert ann.error is None
        assert ann.acked == ann.connection.received
        assert bea.hear() == []
        assert await store.load(BOARD) == stored


async def test_rm5_of_what_is_known_in_part_only_the_rest_is_stored() -> None:
    store = MemoryStore()
    async with board_rooms(store) as rooms, rooms.hold(BOARD) as room:
        ann, bea = Client(room), Client(room)
        ann.sync()
        bea.sync()
        ann.send_update(write(ann, "known"))
        write(ann, "new")
        ann.send_update(ann.document.get_update())
        await settled(rooms)
        ann.hear()
        bea.hear()
        assert bea.texts() == ["known", "new"]
        assert ann.acked == ann.connection.received
        stored = await store.load(BOARD)
        assert stored is not None
        assert [b"known" in update for update in stored.updates] == [False, True, False]


async def test_in15_the_rest_of_a_struct_cannot_be_put_elsewhere() -> None:
    """The engine would believe it, and read memory that it has freed."""
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        eve = Client(room)
        eve.sync()
        layout = layout_root(BOARD)
        three, four = (b"\3" + yjs.any_value(1) * 3, b"\4" + yjs.any_value(1) * 4)
        for root, values in ((layout, three), (NOTES, four)):
            struct = yjs.item(yjs.ANY, values, root=root, key="here")
            eve.send_update(yjs.update(yjs.section(7, 0, [struct])))
        assert eve.error is None
        assert room.document is not None
        assert list(room.document.root(layout).keys()) == ["here"]
        assert list(room.document.root(NOTES).keys()) == []


@pytest.mark.parametrize("stock", [False, True])
async def test_rm6_a_reader_reads_and_cannot_write(stock: bool) -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann = Client(room)
        ann.sync()
        ann.send_update(write(ann))
        await settled(rooms)
        reader = Client(room, read_only(access()), stock=stock)
        reader.sync()
        reader.sync()
        assert reader.texts() == ["hei"]
        assert reader.error is None
        reader.send_update(write(reader))
        sneaky = Client(room, read_only(access()), stock=stock)
        write(sneaky, "in a step 2")
        sneaky.sync()
        for who in reader, sneaky:
            assert (who.error and who.error.close_code) == (4403 if stock else None)
        await settled(rooms)
        ann.hear()
        assert ann.texts() == ["hei"]


async def test_rm10_what_was_on_its_way_when_a_lock_came_is_kept() -> None:
    clock = HandClock()
    async with board_rooms(clock=clock) as rooms, rooms.hold(BOARD) as room:
        ann, bea, reader = Client(room), Client(room, stock=True), Client(room, read_only(access()))
        for who in ann, bea, reader:
            who.sync()
        rooms.reauthorise(WORKSHOP, read_only)
        ann.send_update(write(ann, "typed in that very moment"))
        bea.send_update(write(bea, "this too"))
        await settled(rooms)
        ann.hear()
        assert ann.acked == ann.connection.received
        assert ann.standing is not None
        assert ann.standing.takes
        clock.turn(LIMITS.grace_seconds)
        ann.hear()
        assert not ann.standing.takes
        assert (ann.error, reader.error) == (None, None)
        assert bea.error is not None
        assert bea.error.close_code == 4510


async def test_rm7_nobody_writes_under_anothers_client_id() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann, bea = Client(room), Client(room)
        ann.sync()
        bea.sync()
        ann.send_update(write(ann))
        await settled(rooms)
        forged: Doc[Map[object]] = Doc(client_id=ann.document.doc.client_id)
        forged.apply_update(ann.document.get_update())
        before = forged.get_state()
        forged.get("notes", type=Map)["forged"] = Map({"text": Text("x"), "zone": "challenges"})
        bea.send_update(forged.get_update(before))
        assert bea.error is not None
        assert bea.error.close_code == 4403
        ann.send_update(write(ann, "mine"))
        await settled(rooms)
        assert ann.error is None


async def test_rm5_the_answers_of_a_crowd_that_comes_back_are_looked_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann = Client(room)
        ann.sync()
        ann.send_update(write(ann))
        note = ann.board().notes[0].id
        ann.send_update(ann.document.record(lambda: edits.delete_note(ann.document, note))[1])
        await settled(rooms)
        ann.reconnect()
        ann.sync()
        await settled(rooms)
        looked = []
        monkeypatch.setattr(inspector, "inspect", lambda *args: looked.append(args))
        for _ in range(20):
            ann.reconnect()
            ann.sync()
            ann.hear()
            assert ann.acked == ann.connection.received
        assert looked == []
