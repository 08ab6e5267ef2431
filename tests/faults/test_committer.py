"""RM2, RM9: whatever goes wrong in a commit, the next one comes, and nobody is told too much."""

import asyncio
import contextlib

import pytest
from pycrdt import Map

from boards import edits
from boards.document import Document
from boards.errors import PoisonedDocument
from server.store import (
    SERVER,
    Append,
    Commit,
    Expected,
    Misfit,
    NewBoard,
    Overtaken,
    Record,
    StoreUnavailable,
)
from server.sync.commit import committer
from server.sync.rooms import Rooms
from server.sync.wire.frames import Outgoing
from tests.faults.support.stores import SteeredStore
from tests.support.rooms import (
    BOARD,
    WORKSHOP,
    Client,
    Recorder,
    board_rooms,
)


def note(client: Client, text: str = "hei") -> bytes:
    document = client.document
    return document.record(
        lambda: edits.add_note(document, BOARD, zone="challenges", text=text, at=1)
    )[1]


async def committed(rooms: Rooms) -> None:
    await rooms.committer.commit(SERVER, puts=[Record("probe", "probe", "", {})])


@pytest.mark.parametrize("error", [RuntimeError("a bug"), MemoryError(), KeyError("board")])
async def test_rm2_an_error_nobody_expected_ends_neither_the_commits_nor_the_promise(
    error: Exception,
) -> None:
    store = SteeredStore()
    async with board_rooms(store) as rooms:
        async with rooms.hold(BOARD) as room:
            ann = Client(room)
            ann.sync()
            ann.hear()
            store.error = error
            ann.send_update(note(ann))
            edit = ann.connection.received
            with pytest.raises(StoreUnavailable):
                await committed(rooms)
            ann.hear()
            assert ann.acked < edit
            assert isinstance(ann.error, StoreUnavailable)
        store.error = None
        await committed(rooms)
        async with rooms.hold(BOARD) as room:
            ann.room = room
            ann.reconnect()
            ann.sync()
            await rooms.committer.commit(WORKSHOP)
            ann.hear()
            assert ann.acked == ann.connection.received
            assert (await store.load(BOARD)).seq == 2  # type: ignore[union-attr]


async def test_rm2_a_commit_that_does_not_fit_says_so_to_its_caller_and_refuses_no_writes() -> None:
    store = SteeredStore()
    async with board_rooms(store) as rooms, rooms.hold(BOARD) as room:
        ann = Client(room)
        ann.sync()
        with pytest.raises(ValueError, match="exists"):
            await rooms.committer.commit(WORKSHOP, creates=[empty(BOARD)])
        ann.send_update(note(ann))
        await rooms.committer.commit(WORKSHOP)
        ann.hear()
        assert ann.error is None
        assert ann.acked == ann.connection.received


WORKSHOPS = [f"workshop{number}" for number in range(100)]


async def test_rm2_one_workshop_that_does_not_fit_costs_no_other_an_ack_or_a_connection() -> None:
    """A hundred are at work in one cycle; one of them has written behind this server's back."""
    store = SteeredStore()
    async with board_rooms(store) as rooms, contextlib.AsyncExitStack() as held:
        for workshop in WORKSHOPS:
            await store.commit(Commit(workshop, creates=[empty(workshop)]))
        others = [await held.enter_async_context(rooms.hold(workshop)) for workshop in WORKSHOPS]
        people = [Client(room) for room in others]
        for person in people:
            person.sync()
        await rooms.committer.commit(SERVER)
        for person in people:
            person.hear()
        misfit, *fitting = people
        await store.commit(Commit(WORKSHOPS[0], appends=[Append(WORKSHOPS[0], 2, (b"\0\0",))]))
        store.hold()
        before = store.attempts
        for person in people:
            person.send_update(note(person))
        await store.begun()
        for person in people:
            person.hear()
            assert person.acked < person.connection.received
        store.go_on()
        await rooms.committer.commit(SERVER)
        assert store.attempts == before + 1
        for person in people:
            person.hear()
        assert isinstance(misfit.error, StoreUnavailable)
        assert misfit.acked < misfit.connection.received
        for person in fitting:
            assert person.error is None
            assert person.acked == person.connection.received
            assert person.room.connections
        assert not rooms.committer.failing
        async with rooms.hold(WORKSHOPS[0]) as room:  # and it goes on where the store is
            misfit.room = room
            misfit.reconnect()
            misfit.sync()
            await rooms.committer.commit(WORKSHOPS[0])
            misfit.hear()
            assert misfit.acked == misfit.connection.received
        assert (await store.load(WORKSHOPS[0])).seq == 3  # type: ignore[union-attr]


async def test_rm2_all_rooms_of_a_workshop_that_does_not_fit_are_read_again() -> None:
    """What its boards and its records were to become belongs together."""
    store = SteeredStore()
    async with board_rooms(store) as rooms, rooms.hold(BOARD) as room:
        await store.commit(Commit(WORKSHOP, creates=[empty("desk")]))
        await store.commit(Commit("another", puts=[Record("person", "p", "another", {})]))
        async with rooms.hold("desk") as desk:
            ann, bea = Client(room), Client(desk)
            for client in (ann, bea):
                client.sync()
                client.hear()
            for client in (ann, bea):
                client.send_update(note(client))
            with pytest.raises(Misfit, match="another workshop"):
                await rooms.committer.commit(WORKSHOP, puts=[Record("person", "p", WORKSHOP, {})])
            assert isinstance(ann.error, StoreUnavailable)
            assert isinstance(bea.error, StoreUnavailable)
        assert (await store.load(BOARD)).seq == 1  # type: ignore[union-attr]


async def test_rm2_a_record_that_others_wrote_first_costs_its_caller_alone() -> None:
    store = SteeredStore()
    async with board_rooms(store) as rooms, rooms.hold(BOARD) as room:
        ann = Client(room)
        ann.sync()
        ann.send_update(note(ann))
        puts = [Record("round", "r", WORKSHOP, {})]
        late = Commit(WORKSHOP, puts=puts, expects=[Expected("round", "r", 1)])
        with pytest.raises(Overtaken):
            await rooms.committer.commit_alone(late)
        ann.hear()
        assert ann.error is None
        assert ann.acked == ann.connection.received
        assert await store.get("round", "r") is None


def empty(board: str) -> NewBoard:
    return NewBoard(board, "line", Document().get_update())


async def test_rm2_a_store_that_is_gone_is_tried_once_a_while_however_many_ask(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pause, askers, tries = 0.1, 20, 10
    monkeypatch.setattr(committer, "PROBE_SECONDS", pause)
    store = SteeredStore()
    async with board_rooms(store) as rooms:
        store.error = StoreUnavailable("disk full")
        for _ in range(askers):
            with pytest.raises(StoreUnavailable):
                await committed(rooms)
            await asyncio.sleep(pause / askers)  # as people come, not all in one moment
        loop = asyncio.get_running_loop()
        began, before = loop.time(), store.attempts
        store.hold()
        async with asyncio.timeout(30):
            while store.attempts < before + tries:
                await store.begun()
                store.end_one()
        assert loop.time() - began > pause * tries / 2
        store.error = None
        store.go_on()
        await committed(rooms)
        assert not rooms.committer.failing


class Broken(Recorder):
    """An outbox whose transport raises, as uvloop's does in moments nobody foresees."""

    def post(self, *outgoing: Outgoing) -> None:
        raise RuntimeError("unable to perform operation on a closed transport")


async def test_rm9_an_outbox_that_raises_costs_its_board_a_reconnect_and_others_nothing() -> None:
    store = SteeredStore()
    async with board_rooms(store) as rooms, rooms.hold(BOARD) as room:
        await store.commit(Commit("w", creates=[empty("other")]))
        async with rooms.hold("other") as other:
            ann, bea, eve = Client(room), Client(room), Client(other)
            for client in (ann, bea, eve):
                client.sync()
                client.hear()
            bea.connection.outbox = Broken()
            ann.send_update(note(ann))
            eve.send_update(note(eve))
            await rooms.committer.commit(WORKSHOP)
            eve.hear()
            assert eve.acked == eve.connection.received
            assert isinstance(ann.error, StoreUnavailable)
        eve.send_update(note(eve))
        assert (await store.load(BOARD)).seq == 2  # type: ignore[union-attr]


async def test_rm8_a_change_of_the_servers_that_fails_half_way_is_not_kept() -> None:
    """The engine does not roll back: the document in memory would hold what no log has."""
    store = SteeredStore()
    async with board_rooms(store) as rooms, rooms.hold(BOARD) as room:
        ann = Client(room)
        ann.sync()

        def half(document: Document) -> None:
            document.root("notes")["half"] = Map({"zone": "challenges"})
            raise KeyError("the other half")

        with pytest.raises(PoisonedDocument):
            room.edit(half)
        async with rooms.hold(BOARD) as again:
            assert again is room
            again.edit(lambda document: edits.add_note(document, BOARD, zone="z", text="x", at=1))
            await rooms.committer.commit(WORKSHOP)
        ann.hear()
        assert ann.error is None
        assert ann.texts() == ["x"]
        assert room.document is not None
        assert "half" not in room.document.root("notes")


async def test_rm2_who_joins_a_board_that_has_just_failed_is_told_to_come_back() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        room.fail(StoreUnavailable("the last edits could not be stored"))
        ann = Client(room)
        ann.ask()
        assert isinstance(ann.error, StoreUnavailable)
        async with rooms.hold(BOARD) as again:
            ann.room = again
            ann.reconnect()
            ann.sync()
            assert ann.error is None
