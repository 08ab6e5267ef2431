"""What is large is inspected in slices and taken in portions, in many turns (rule RM19)."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from typing import Any

import pytest

from server.sync import shares
from server.sync.inspection import inspector
from server.sync.room import taking
from server.sync.room.inbox import Inbox
from server.sync.room.room import Room
from server.sync.wire import messages
from tests.support.pauses import watched
from tests.support.rooms import (
    BOARD,
    Client,
    access,
    board_rooms,
    committed,
    facilitator,
    read_only,
    settled,
    write,
)
from tests.support.updates import yjs_bytes as yjs
from tests.support.updates.yjs_bytes import any_value, deletions, item, section, string, update

LAYOUT = f"layout/{BOARD}"
VALUE = b"\1" + any_value(1)
MANY_VALUES = b"\1" + any_value([None] * 19_999)
ME = 7
TURN = 0.05  # seconds of processor time; a portion takes a third
NOTES = 6_000  # of three structs each: nearly as many as an answer may bring


def notes(count: int, client: int = ME) -> list[bytes]:
    structs = []
    for number in range(count):
        note = (client, 3 * number)
        structs += [
            item(yjs.TYPE, bytes([yjs.MAP]), root="notes", key=f"n{client}/{number}"),
            item(yjs.TYPE, bytes([yjs.TEXT]), parent=note, key="text"),
            item(yjs.ANY, VALUE, parent=note, key="at"),
        ]
    return structs


def entries(count: int) -> bytes:
    return update(
        section(ME, 0, [item(yjs.ANY, VALUE, root=LAYOUT, key=str(n)) for n in range(count)])
    )


def ping_pong(count: int) -> bytes:
    """Letters of two people, each behind one of the other's."""
    text = [
        item(yjs.TYPE, bytes([yjs.MAP]), root="notes", key="n"),
        item(yjs.TYPE, bytes([yjs.TEXT]), parent=(ME, 0), key="text"),
        item(yjs.STRING, string("a"), parent=(ME, 1)),
    ]
    mine = [item(yjs.STRING, string("a"), left=(ME + 1, n)) for n in range(count)]
    yours = [item(yjs.STRING, string("b"), left=(ME, n + 2)) for n in range(count)]
    return update(section(ME, 0, [*text, *mine]), section(ME + 1, 0, yours))


def every_second(count: int) -> bytes:
    return update(deleted=[deletions(ME, [(2 * n, 1) for n in range(count)])])


LARGE = {
    "notes": ([], update(section(ME, 0, notes(NOTES)))),
    "entries": ([], entries(20_000)),
    "two who wait for each other": ([], ping_pong(2_400)),
    "deletions": ([entries(20_000)], every_second(10_000)),
    "deletions, again and again": (
        [entries(4_900), every_second(2_000)],
        update(deleted=[deletions(ME, [(2 * (n % 2_000), 1) for n in range(170_000)])]),
    ),
    "values": (
        [],
        update(
            section(ME, 0, [item(yjs.ANY, MANY_VALUES, root=LAYOUT, key=str(n)) for n in range(9)])
        ),
    ),
}


@pytest.fixture
def calm_collector() -> Iterator[None]:
    """As in a server, where what was made at the start is not walked through for garbage."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("calm_collector")
@pytest.mark.parametrize("reads", [False, True], ids=["writer", "reader"])
@pytest.mark.parametrize("kind", LARGE)
async def test_rm19_a_large_answer_is_not_one_turn(
    kind: str, reads: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "CHORE", 0.001)  # a fast machine needs more than one turn, too
    before, answer = LARGE[kind]
    async with board_rooms() as rooms, rooms.hold(BOARD) as here:
        ann, bea = Client(here, facilitator()), Client(here)
        ann.sync()
        bea.sync()
        for each in before:
            ann.send(messages.sync_step2(each))
        await settled(rooms)
        assert ann.error is None
        late = Client(here, read_only(access("reader")) if reads else facilitator())
        late.ask()
        with watched(tick=0.001) as pauses:
            late.send(messages.sync_step2(answer))
            text = "meanwhile"
            before_hers = here.seq
            bea.send_update(write(bea, text))
            assert here.seq == before_hers + 1
            await settled(rooms)
        late.hear()
        assert late.error is None
        assert late.acked == 2
        known = not reads or kind == "deletions, again and again"
        assert late.not_taken == ([] if known else [2])
        assert text in bea.texts()
        assert pauses.longest < TURN


async def test_rm19_it_is_acked_when_all_of_it_is_durable_and_what_follows_is_served_then(
    singly: None,
) -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as here:
        ann = Client(here, facilitator())
        ann.ask()
        ann.send(messages.sync_step2(update(section(ME, 0, notes(40)))))
        ann.send_update(update(section(ME + 1, 0, notes(1, ME + 1))))
        await until_some(here)
        await committed(rooms)
        ann.hear()
        assert ann.acked == 1
        assert here.waits
        await settled(rooms)
        ann.hear()
        assert ann.acked == ann.connection.received == 4  # it has answered our question as well
        assert len(shown_notes(here)) == 41


async def test_rm19_who_may_write_no_more_is_told_so_once_and_stays(singly: None) -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as here:
        ann = Client(here, facilitator())
        ann.ask()
        ann.send(messages.sync_step2(update(section(ME, 0, notes(40)))))
        await until_some(here)
        ann.connection.access = read_only(ann.access)
        await settled(rooms)
        ann.hear()
        assert ann.error is None
        assert ann.not_taken == [2]
        assert ann.acked == 2
        assert 0 < len(shown_notes(here)) < 40


async def test_rm19_what_waited_for_a_gap_is_taken_so_as_well(singly: None) -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as here:
        ann = Client(here, facilitator())
        ann.sync()
        structs = notes(40)
        ann.send_update(update(section(ME, 3, structs[3:])))
        ann.send_update(update(section(ME + 1, 0, notes(1, ME + 1))))
        await settled(rooms)
        ann.hear()
        assert len(ann.connection.parked) == 1
        assert ann.acked == 2
        ann.send_update(update(section(ME, 0, structs[:3])))
        await until_some(here, 2)
        await committed(rooms)
        ann.hear()
        assert ann.acked == 2
        await settled(rooms)
        ann.hear()
        assert ann.acked == ann.connection.received == 6  # it was asked again
        assert ann.connection.parked_bytes == 0
        assert len(shown_notes(here)) == 41


@pytest.mark.parametrize("cut", [False, True], ids=["as it is", "in portions"])
async def test_rm19_a_character_that_came_meanwhile_is_not_cut(
    cut: bool, singly: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was not there when the answer that cuts it was inspected, and it is when that is taken."""
    monkeypatch.setattr(taking, "is_one", lambda found: not cut)
    async with board_rooms() as rooms, rooms.hold(BOARD) as here:
        ann, eve = Client(here, facilitator()), Client(here, facilitator())
        ann.sync()
        eve.ask()
        text = [*notes(1, ME + 1), item(yjs.STRING, string("x"), parent=(ME + 1, 1))]
        gone = [deletions(ME, [(3, 1)]), *(deletions(n, [(0, 1)]) for n in range(100, 120))]
        before = [section(n, 0, notes(1, n)) for n in range(100, 120)]
        for each in before:
            ann.send_update(update(each))
        answer = update(section(ME + 1, 0, text), deleted=gone)
        left = sum(1 for _ in inspector.in_slices(answer, inspector.STEP2_LIMITS, None))
        go_on = Inbox.go_on

        def counted(reader: Inbox, *work: Any) -> bool:
            nonlocal left
            done, left = go_on(reader, *work), left - 1
            if not left:  # the deletion was read, and nothing is taken yet
                tree = item(yjs.STRING, string("🌲"), parent=(ME, 1))
                typed = messages.update(update(section(ME, 0, [*notes(1), tree])))
                reader.receive(ann.connection, [typed])
            return done

        await settled(rooms)
        monkeypatch.setattr(Inbox, "go_on", counted)
        eve.send(messages.sync_step2(answer))
        await settled(rooms)
        assert ann.error is None
        assert "surrogate" in str(eve.error)


@pytest.mark.parametrize("goes", [False, True], ids=["to its end", "and its author goes"])
async def test_rm19_a_value_that_was_there_for_a_moment_is_not_put_in_the_place_of_the_next(
    goes: bool, singly: None
) -> None:
    """Offline somebody coloured a note twice; of the first time nothing is left but its place."""
    note = [*notes(1), item(yjs.ANY, b"\1" + any_value("yellow"), parent=(ME, 0), key="color")]
    begins = len(note)
    twice = [
        item(yjs.DELETED, b"\1", left=(ME, begins - 1), key="color"),
        *(item(yjs.ANY, VALUE, root=LAYOUT, key=str(n)) for n in range(40)),
        item(yjs.ANY, b"\1" + any_value("blue"), left=(ME, begins), key="color"),
    ]
    async with board_rooms() as rooms, rooms.hold(BOARD) as here:
        ann = Client(here, facilitator())
        ann.ask()
        ann.send_update(update(section(ME, 0, note)))
        await settled(rooms)
        ann.send(messages.sync_step2(update(section(ME, begins, twice))))
        for _ in iter(lambda: "color" in shown_notes(here)[f"n{ME}/0"], False):
            await asyncio.sleep(0)
        if goes:
            here.leave(ann.connection)
        await settled(rooms)
        assert shown_notes(here)[f"n{ME}/0"]["color"] == ("yellow" if goes else "blue")
        assert here.document is not None
        assert not here.busy


def shown_notes(here: Room) -> dict[str, Any]:
    assert here.document is not None
    return here.document.root("notes").to_py() or {}


async def until_some(here: Room, count: int = 1) -> None:
    """Some of it is taken and the rest is not."""
    before = here.seq
    for _ in iter(lambda: here.seq < before + count, False):
        await asyncio.sleep(0)
