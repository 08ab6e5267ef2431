"""An honest edit at the wrong moment is held: told, not taken, nobody thrown out (RM13, RM14).

And afterwards whoever wrote it is saved again, over whichever connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from boards import edits
from boards.document import Document
from boards.schema import NOTES
from server.errors import NotAllowed, NotSignedIn
from server.sync.access import Access
from server.sync.limits import SyncLimits
from server.sync.rooms import Rooms
from server.sync.wire import messages
from tests.support.clock import HandClock
from tests.support.network.sockets import site
from tests.support.peer import Peer, texts_of, wait_until
from tests.support.rooms import (
    BOARD,
    WORKSHOP,
    Client,
    access,
    board_rooms,
    read_only,
    settled,
    write,
)

AT_ONCE = SyncLimits(messages_per_second=0, commit_seconds=0, grace_seconds=0.0)


def may_write(who: Access) -> Access:
    return replace(who, may_write=True)


async def reviewed(rooms: Rooms, decide: Callable[[Access], Access], client: Client) -> None:
    """Rights have changed, and the moment for what is on its way is over."""
    rooms.reauthorise(WORKSHOP, decide)
    async with asyncio.timeout(10):
        while client.connection.ending is not None:
            await settled(rooms)


def standing_frames(client: Client) -> list[messages.Standing | None]:
    """What `client` was sent and has not heard: what it was told of its standing; None: others."""
    return [
        messages.read_standing(frame) if frame[0] == messages.STANDING else None
        for frame in client.outbox.messages
    ]


@pytest.mark.parametrize(
    ("writes", "told"),
    [(True, messages.Standing(True, 0, "")), (False, messages.Standing(False, 0, "read-only"))],
)
async def test_cn8_rm13_a_newcomer_is_told_first_whether_edits_are_taken(
    writes: bool, told: messages.Standing
) -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann = Client(room, access(may_write=writes))
        ann.ask()
        await settled(rooms)
        assert standing_frames(ann)[:2] == [told, None]
        stock = Client(room, access(may_write=writes), stock=True)
        stock.ask()
        await settled(rooms)
        assert not any(standing_frames(stock))


async def test_rm13_locked_in_the_middle_of_three_edits_and_open_again() -> None:
    """What builds on an edit that was not taken is not taken either, and nothing waits for it."""
    async with board_rooms(limits=AT_ONCE) as rooms, rooms.hold(BOARD) as room:
        ann, bea = Client(room), Client(room)
        ann.sync()
        bea.sync()
        await settled(rooms)
        ann.hear()
        first, second, third = (write(ann, text) for text in ("one", "two", "three"))
        ann.send_update(first)
        await reviewed(rooms, read_only, ann)
        ann.send_update(second)
        ann.send_update(third)
        await settled(rooms)
        ann.hear()
        assert ann.error is None
        assert ann.not_taken == [4, 5]
        assert ann.standing == messages.Standing(False, 5, "read-only")
        assert not ann.connection.parked
        await reviewed(rooms, may_write, ann)
        ann.hear()
        assert ann.standing == messages.Standing(True, 0, "")
        ann.send_update(second)
        ann.send_update(third)
        await settled(rooms)
        ann.hear()
        bea.hear()
        assert ann.acked == ann.connection.received
        assert bea.texts() == ["one", "three", "two"]


async def test_rm13_what_follows_before_the_news_of_an_opening_arrives_waits_for_the_rest() -> None:
    async with board_rooms(limits=AT_ONCE) as rooms, rooms.hold(BOARD) as room:
        ann, bea = Client(room, read_only(access())), Client(room)
        ann.sync()
        bea.sync()
        held, next_one = write(ann, "held"), write(ann, "written after it was open")
        ann.send_update(held)
        await reviewed(rooms, may_write, ann)
        ann.send_update(next_one)
        assert ann.connection.parked
        ann.hear()
        ann.send_update(held)
        await settled(rooms)
        ann.hear()
        bea.hear()
        assert bea.texts() == ["held", "written after it was open"]
        assert (ann.error, ann.acked) == (None, ann.connection.received)


async def test_rm13_what_waits_for_its_predecessors_is_told_when_rights_end() -> None:
    clock = HandClock()
    async with board_rooms(limits=AT_ONCE, clock=clock) as rooms, rooms.hold(BOARD) as room:
        ann = Client(room)
        ann.sync()
        write(ann, "never sent alone")
        ann.send_update(write(ann, "ahead of it"))
        assert ann.connection.parked
        rooms.reauthorise(WORKSHOP, read_only)
        clock.turn(AT_ONCE.grace_seconds)
        ann.hear()
        assert ann.not_taken == [3]
        clock.turn(AT_ONCE.parked_seconds)
        await settled(rooms)
        assert ann.error is None
        rooms.reauthorise(WORKSHOP, may_write)
        ann.send(messages.sync_step2(ann.document.get_update()))
        await settled(rooms)
        ann.hear()
        assert ann.acked == ann.connection.received
        assert len(Client(room).document.root("notes")) == 0


@pytest.mark.parametrize("change", ["note", "deletion"])
async def test_rm6_a_reader_who_comes_back_with_something_new_is_told(change: str) -> None:
    """Deletions are no exception: a state vector says nothing of them."""
    async with board_rooms(limits=AT_ONCE) as rooms, rooms.hold(BOARD) as room:
        ann = Client(room)
        ann.sync()
        ann.send_update(write(ann, "to be shortened"))
        await settled(rooms)
        ann.hear()
        [note] = ann.document.root("notes").keys()
        if change == "note":
            write(ann, "while away")
        else:
            text = ann.document.root("notes")[note]["text"]
            ann.document.record(lambda: text.clear())
        ann.access = read_only(ann.access)
        ann.reconnect()
        ann.sync()
        ann.hear()
        assert (ann.error, ann.not_taken) == (None, [2])
        await reviewed(rooms, may_write, ann)
        ann.send(messages.sync_step2(ann.document.get_update()))
        await settled(rooms)
        ann.hear()
        assert ann.acked == ann.connection.received
        assert room.document is not None
        assert len(room.document.root("notes")) == 1 + (change == "note")
        assert (str(room.document.root("notes")[note]["text"]) == "") == (change == "deletion")


async def test_rm6_a_reader_who_repeats_what_is_there_is_told_nothing() -> None:
    async with board_rooms(limits=AT_ONCE) as rooms, rooms.hold(BOARD) as room:
        ann = Client(room)
        ann.sync()
        ann.send_update(write(ann))
        [note] = ann.document.root("notes").keys()
        text = ann.document.root("notes")[note]["text"]
        ann.send_update(ann.document.record(lambda: text.clear())[1])
        await settled(rooms)
        ann.access = read_only(ann.access)
        for _ in range(2):
            ann.reconnect()
            ann.ask()
            ann.send(messages.sync_step2(ann.document.get_update()))
            ann.hear()
            ann.hear()
            assert (ann.error, ann.not_taken) == (None, [])
            assert ann.acked == ann.connection.received


async def test_rm10_a_board_that_is_no_longer_mine_takes_what_was_on_its_way() -> None:
    def moved(who: Access) -> Access:
        raise NotAllowed("in another group now")

    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann, bea = Client(room), Client(room, read_only(access()))
        ann.sync()
        bea.sync()
        rooms.reauthorise(WORKSHOP, moved)
        assert bea.error is not None
        ann.send_update(write(ann))
        await settled(rooms)
        ann.hear()
        assert (ann.error, ann.acked) == (None, ann.connection.received)
        assert ann.connection.ending is not None

    async with board_rooms(limits=AT_ONCE) as rooms, rooms.hold(BOARD) as room:
        ann = Client(room)
        ann.sync()
        await reviewed(rooms, moved, ann)
        assert ann.error is not None
        assert ann.error.close_code == 4403


async def test_who_is_no_longer_in_the_workshop_is_out_at_once() -> None:
    def removed(who: Access) -> Access:
        raise NotSignedIn("no longer in this workshop")

    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann = Client(room)
        rooms.reauthorise(WORKSHOP, removed)
        assert ann.error is not None


async def test_rm10_the_moment_is_not_prolonged_by_other_changes_and_ends_when_it_is_open() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann = Client(room)
        ann.sync()
        rooms.reauthorise(WORKSHOP, read_only)
        ending = ann.connection.ending
        assert ending is not None
        rooms.reauthorise(WORKSHOP, read_only)
        assert ann.connection.ending is ending
        rooms.reauthorise(WORKSHOP, may_write)
        assert ann.connection.ending is None
        assert ending.timer.cancelled()
        assert ann.connection.access.may_write


async def test_rm14_a_full_board_holds_what_grows_it_and_takes_deletions() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann = Client(room)
        ann.sync()
        ann.send_update(write(ann, "x" * 3000))
        assert room.document is not None
        size = len(room.document.get_update())
        [note] = ann.document.root("notes").keys()
    limits = replace(AT_ONCE, board_bytes=size + 500)
    async with board_rooms(limits=limits) as rooms, rooms.hold(BOARD) as room:
        ann, bea = Client(room, limits=limits), Client(room, limits=limits)
        ann.sync()
        bea.sync()
        ann.send_update(write(ann, "x" * 3000))
        await settled(rooms)
        bea.hear()
        held = write(ann, "y" * 1000)
        ann.send_update(held)
        after = write(ann, "z")
        ann.send_update(after)
        ann.hear()
        assert ann.error is None
        assert ann.not_taken == [4, 5]
        assert ann.standing == messages.Standing(False, 5, "full")
        [note] = bea.document.root("notes").keys()
        text = bea.document.root("notes")[note]["text"]
        bea.send_update(bea.document.record(lambda: text.clear())[1])
        await settled(rooms)
        bea.hear()
        assert (bea.error, bea.acked) == (None, bea.connection.received)


async def test_rm13_over_a_socket_a_lock_and_its_end_cost_nobody_anything() -> None:
    async with (
        site(handoff=True, limits=AT_ONCE) as here,
        Peer(here.url, BOARD, token="ann") as ann,
        Peer(here.url, BOARD, token="bea") as bea,
    ):
        ann.edit(note("before"))
        await ann.saved()
        here.rooms.reauthorise(WORKSHOP, read_only)
        await ann.until(lambda: ann.standing == messages.Standing(False, 0, "read-only"))
        ann.edit(note("while it is locked"))
        await ann.until(lambda: ann.standing is not None and ann.standing.number)
        assert ann.unsaved
        here.rooms.reauthorise(WORKSHOP, may_write)
        await ann.saved()
        await wait_until(lambda: texts_of(bea) == ["before", "while it is locked"], bea)
        assert ann.closes == bea.closes == []


def note(text: str) -> Callable[[Document], str]:
    def change(document: Document) -> str:
        return edits.add_note(document, BOARD, zone="challenges", text=text, at=1)

    return change


async def test_br16_a_member_brings_late_what_was_written_before_the_end() -> None:
    def over(who: Access) -> Access:
        return replace(read_only(who), may_deliver=True)

    async with board_rooms(limits=AT_ONCE) as rooms, rooms.hold(BOARD) as room:
        ann, stock = Client(room), Client(room, stock=True)
        for client in (ann, stock):
            client.sync()
        await reviewed(rooms, over, ann)
        for text in ("late", "later"):
            ann.send_update(write(ann, text))
        await settled(rooms)
        ann.hear()
        assert (ann.error, ann.acked) == (None, ann.connection.received)
        back = Client(room, over(access()))
        back.ask()
        await settled(rooms)
        assert standing_frames(back)[0] == messages.Standing(True, 0, "")
        assert room.document is not None
        assert len(room.document.root(NOTES)) == 2
        assert stock.error is not None  # it would go on writing: it is told by the close
        assert stock.error.close_code == 4510
        again = Client(room, over(access()), stock=True)
        again.sync()
        again.send_update(write(again, "on and on"))
        assert again.error is not None
        assert again.error.close_code == 4403
