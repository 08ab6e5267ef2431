"""Edits that build on earlier ones in ways that two engines read differently (rule IN18).

Each was taken once, and the board was another one after it was loaded, or could not be loaded.
"""

import asyncio
import random
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from boards.document import Document
from server.store import Append, Commit, NewBoard, StoreCorrupted
from server.store.memory import MemoryStore
from server.sync.commit.compactor import checkpoint_of, replay
from server.sync.errors import RefusedUpdate
from server.sync.inspection.places import LARGE, Places
from server.sync.wire import messages
from tests.support.rooms import BOARD, Client, board_rooms, settled, write
from tests.support.seed import rounds
from tests.support.updates import yjs_bytes as yjs
from tests.support.updates.mutants import Forger
from tests.support.updates.weaver import Weaver
from tests.support.updates.yjs import ask_yjs, to_base64
from tests.support.updates.yjs_bytes import any_value, deletions, item, section, string, update

LAYOUT = f"layout/{BOARD}"
ROOTS = ("notes", "themes", "links", "votes", "answers", "experiments", LAYOUT)
ME, OTHER = 7, 8
VALUE = b"\1" + any_value(1)
TEXT = item(yjs.TYPE, bytes([yjs.TEXT]), root=LAYOUT, key="a")
ENTRY = item(yjs.ANY, VALUE, root=LAYOUT, key="b")
# Text "abc" at clocks 0-3, an entry at 4, a second text "xyz" at 5-8.
START = section(
    ME,
    0,
    [
        TEXT,
        item(yjs.STRING, string("abc"), parent=(ME, 0)),
        ENTRY,
        item(yjs.TYPE, bytes([yjs.TEXT]), root=LAYOUT, key="c"),
        item(yjs.STRING, string("xyz"), parent=(ME, 5)),
    ],
)
LETTERS = deletions(ME, [(1, 3)])
WHOLE = deletions(ME, [(0, 1)])


def of(*structs: bytes, clock: int = 9) -> bytes:
    return update(section(ME, clock, structs))


HOSTILE = {
    "a child of a deleted letter": [
        update(deleted=[LETTERS]),
        of(item(yjs.ANY, VALUE, parent=(ME, 1), key="k")),
    ],
    "a child of a letter": [of(item(yjs.STRING, string("q"), parent=(ME, 1)))],
    "a child of a value": [of(item(yjs.ANY, VALUE, parent=(ME, 4), key="k"))],
    "a key in a text": [of(item(yjs.ANY, VALUE, parent=(ME, 0), key="k"))],
    "letters beside an entry": [of(item(yjs.STRING, string("q"), left=(ME, 4)))],
    "letters before an entry": [of(item(yjs.STRING, string("q"), right=(ME, 4)))],
    "a value in a text": [of(item(yjs.ANY, VALUE, left=(ME, 2)))],
    "a map in a text": [of(item(yjs.TYPE, bytes([yjs.MAP]), left=(ME, 2)))],
    "between two texts": [of(item(yjs.STRING, string("q"), left=(ME, 2), right=(ME, 7)))],
    "between a collected text and another": [
        update(deleted=[WHOLE]),
        of(item(yjs.STRING, string("q"), left=(ME, 2), right=(ME, 7))),
    ],
    "on both sides of one letter": [of(item(yjs.STRING, string("q"), left=(ME, 2), right=(ME, 2)))],
    "an entry before an entry": [of(item(yjs.ANY, VALUE, right=(ME, 4)))],
    "letters behind letters beside an entry": [
        of(
            item(yjs.STRING, string("q"), left=(ME, 4)),
            item(yjs.STRING, string("r"), left=(ME, 9)),
        )
    ],
    "the right one first": [of(item(yjs.STRING, string("q"), left=(ME, 2), right=(ME, 1)))],
    "the right one first, where several wrote": [
        update(
            section(OTHER, 0, [item(yjs.STRING, string("q"), left=(ME, 1), right=(ME, 2))]),
            section(9, 0, [item(yjs.STRING, string("r"), left=(ME, 1), right=(ME, 2))]),
        ),
        of(item(yjs.STRING, string("s"), left=(9, 0), right=(OTHER, 0))),
    ],
    "two with something between that they name": [
        of(item(yjs.STRING, string("q"), left=(ME, 1), right=(ME, 3)))
    ],
    "the beginning, and what has something before it": [
        of(item(yjs.STRING, string("q"), right=(ME, 2)))
    ],
    "the end, and what has something behind it": [
        of(item(yjs.STRING, string("q"), left=(ME, 1), right=(ME, 2))),
        of(item(yjs.STRING, string("r"), left=(ME, 9)), clock=10),
    ],
    "the end, and what has something behind it, by another": [
        of(item(yjs.STRING, string("q"), left=(ME, 1), right=(ME, 2))),
        update(section(OTHER, 0, [item(yjs.STRING, string("r"), left=(ME, 9))])),
    ],
    "another client's child of a letter": [
        update(
            section(OTHER, 0, [item(yjs.STRING, string("q"), parent=(ME, 9))]),
            section(ME, 9, [item(yjs.STRING, string("r"), left=(ME, 3))]),
        )
    ],
}


@pytest.mark.parametrize("loaded", [False, True], ids=["live", "loaded again"])
@pytest.mark.parametrize("edits", HOSTILE.values(), ids=HOSTILE.keys())
async def test_in18_what_hangs_where_nothing_of_its_kind_does_is_refused(
    edits: list[bytes], loaded: bool
) -> None:
    store = MemoryStore()
    async with board_rooms(store) as rooms, rooms.hold(BOARD) as room:
        hostile, neighbour = Client(room), Client(room)
        hostile.sync()
        neighbour.sync()
        hostile.send_update(update(START))
        await settled(rooms)
        if loaded:
            room.close()
            rooms._load(room)
            await until_loaded(rooms)
        for each in edits[:-1]:
            hostile.send_update(each)
            await settled(rooms)
        assert hostile.error is None
        hostile.send_update(edits[-1])
        await settled(rooms)
        assert hostile.error is not None
        assert hostile.error.slug == "refused-update"
        neighbour.hear()
        neighbour.send_update(write(neighbour, "stays"))
        await settled(rooms)
        assert neighbour.error is None
        assert room.document is not None
        shown = contents(room.document)
        await same_when_loaded(store, shown)


async def until_loaded(rooms: Any) -> None:
    async with rooms.hold(BOARD):
        return


def contents(document: Document) -> dict[str, Any]:
    return {name: document.root(name).to_py() or {} for name in ROOTS}


async def same_when_loaded(store: MemoryStore, shown: dict[str, Any]) -> None:
    stored = await store.load(BOARD)
    assert stored is not None
    assert contents(Document(checkpoint_of(stored).update)) == shown


async def test_in18_the_same_after_a_refused_edit(dice: random.Random) -> None:
    """What was refused has left no trace in what is known of the board's places."""
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        honest = Client(room)
        honest.sync()
        honest.send_update(update(START))
        await settled(rooms)
        for _ in range(3):
            hostile = Client(room, honest.access)
            hostile.sync()
            bad = of(item(yjs.TYPE, bytes([yjs.TEXT]), root="notes", key="n"))
            hostile.send_update(bad)  # a note that is none: the judge sees it
            await settled(rooms)
            assert hostile.error is not None
        honest.send_update(of(item(yjs.STRING, string("d"), left=(ME, 3))))
        honest.send_update(of(item(yjs.STRING, string("f"), left=(ME, 9)), clock=10))
        honest.send_update(
            of(item(yjs.STRING, string("e"), left=(ME, 9), right=(ME, 10)), clock=11)
        )
        await settled(rooms)
        assert honest.error is None


NOTE = [  # with a word, and in the server's words, which the judge sees
    item(yjs.TYPE, bytes([yjs.MAP]), root="notes", key="bad"),
    item(yjs.TYPE, bytes([yjs.TEXT]), parent=(OTHER, 0), key="text"),
    item(yjs.STRING, string("q"), parent=(OTHER, 1)),
    item(yjs.ANY, b"\1" + any_value("g"), parent=(OTHER, 0), key="group"),
]
LEFT = {
    "judged": [update(section(OTHER, 0, NOTE))],
    "found among its structs": [
        update(section(OTHER, 0, [*NOTE[:3], item(yjs.ANY, VALUE, left=(OTHER, 2))]))
    ],
    "found among those of two": [
        update(
            section(OTHER, 0, NOTE[:3]),
            section(ME, 9, [item(yjs.ANY, VALUE, left=(OTHER, 2))]),
        )
    ],
}


@pytest.mark.parametrize("edits", LEFT.values(), ids=LEFT.keys())
async def test_in18_what_is_refused_leaves_nothing(edits: list[bytes]) -> None:
    """Not even the number of a text, or those who try without end fill the memory."""
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        honest, hostile = Client(room), Client(room)
        for each in honest, hostile:
            each.sync()
        honest.send_update(update(START))
        for edit in edits[:-1]:
            hostile.send_update(edit)
        await settled(rooms)
        assert hostile.error is None
        before = known(room._places)
        hostile.send_update(edits[-1])
        await settled(rooms)
        assert hostile.error is not None
        assert known(room._places) == before


def known(places: Places) -> Any:
    sides = places._sides
    return deepcopy([places._codes, places._types, places._texts, sides._texts, sides._unread])


async def test_in19_what_two_wrote_at_one_place_has_room_between(dice: random.Random) -> None:
    """Neither of these neighbours was put beside the other; honest people write there all the same,
    also long after."""
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        honest = Client(room)
        honest.sync()
        honest.send_update(update(START))
        clocks = {11: 0, 12: 0}
        for client in clocks:
            q = item(yjs.STRING, string("pq"), left=(ME, 1), right=(ME, 2))
            honest.send_update(update(section(client, 0, [q])))
        for left, right in [((11, 1), (12, 0)), ((12, 0), (12, 1)), ((12, 1), (ME, 2))]:
            between = item(yjs.STRING, string("s"), left=left, right=right)
            honest.send_update(of(between, clock=room.loaded_board().state.clocks[ME]))
            await settled(rooms)
            assert honest.error is None


def large() -> bytes:
    """A board that takes too long to be read in one go."""
    values = [
        item(yjs.ANY, b"\1" + any_value("v" * 4_000), root=LAYOUT, key=str(n)) for n in range(200)
    ]
    return update(section(OTHER, 0, values))


async def test_in18_holds_at_once_on_a_large_board_that_was_loaded() -> None:
    store = MemoryStore()
    await store.open()
    await store.commit(Commit("w", creates=[NewBoard(BOARD, "line", Document().get_update())]))
    await store.commit(Commit("w", appends=[Append(BOARD, 2, (update(START), large()))]))
    assert len(large()) > LARGE
    async with board_rooms(store, create=False) as rooms, rooms.hold(BOARD) as room:
        hostile, honest, reader = Client(room), Client(room), Client(room)
        hostile.send_update(HOSTILE["a child of a letter"][0])
        honest.send_update(of(item(yjs.STRING, string("q"), left=(ME, 3))))
        honest.send_update(of(item(yjs.STRING, string("r"), left=(ME, 9)), clock=10))
        assert room.seq == 3, "taken unchecked"
        reader.ask()
        assert isinstance(reader.hear()[0], messages.SyncStep2), "a newcomer has to wait"
        room.keep_own(room.loaded_board().write(lambda d: d.root("answers").update({"q": 1}))[1])
        async with asyncio.timeout(20):
            for _ in iter(lambda: hostile.error is not None and room.seq == 6, True):
                await asyncio.sleep(0)
        await settled(rooms)
        assert isinstance(hostile.error, RefusedUpdate)
        assert honest.error is None
        assert room.document is not None
        assert str(room.document.root(LAYOUT)["a"]) == "abcqr"


FORGED, WOVEN = rounds(20), rounds(84)
PER_ROUND = 60
Edits = Callable[[dict[int, int]], bytes]


async def played(edit_of: Edits, note: Callable[[bytes], None]) -> tuple[Any, list[bytes], int]:
    """A board after some edits: what it shows, its log, and how many of them were taken."""
    store, taken = MemoryStore(), 0
    async with board_rooms(store) as rooms, rooms.hold(BOARD) as room:
        client = Client(room)
        client.sync()
        client.send_update(update(START))
        note(update(START))
        for _ in range(PER_ROUND):
            edit = edit_of(dict(room.loaded_board().state.clocks))
            before = room.seq
            client.send_update(edit)
            await settled(rooms)
            if room.seq > before:
                taken += 1
                note(edit)
            if client.error is not None or client.connection.parked:
                client.reconnect()
                client.connection.has_synced()
                await until_loaded(rooms)
        assert room.document is not None
        shown = contents(room.document)
        stored = await store.load(BOARD)
    assert stored is not None
    assert contents(replay(stored)) == shown
    assert contents(Document(checkpoint_of(stored).update)) == shown
    return (
        shown,
        [*([stored.checkpoint.update] if stored.checkpoint else []), *stored.updates],
        taken,
    )


def forged(dice: random.Random) -> tuple[Edits, Callable[[bytes], None]]:
    return Forger([LAYOUT], ["a", "b", "c"], dice).update, lambda edit: None


def woven(dice: random.Random) -> tuple[Edits, Callable[[bytes], None]]:
    weaver = Weaver(LAYOUT, dice)
    return weaver.edit, weaver.note


@pytest.mark.parametrize(
    ("kind", "count", "least"), [(forged, FORGED, 0.05), (woven, WOVEN, 0.3)], ids=["odd", "near"]
)
async def test_in19_what_is_taken_reads_the_same_live_loaded_compacted_and_in_yjs(
    kind: Callable[[random.Random], Any], count: int, least: float, dice: random.Random
) -> None:
    """Some thousands of edits that depend on earlier updates; `make soak` makes 100,000."""
    done = 0
    while count > 0:
        boards = [await played(*kind(dice)) for _ in range(min(count, 100))]
        done, count = done + len(boards), count - len(boards)
        logs = [[to_base64(each) for each in log] for _, log, _ in boards]
        answers = ask_yjs("replay", logs=logs, roots=list(ROOTS))
        for answer, (shown, _, _) in zip(answers, boards, strict=True):
            assert not answer["waits"]
            assert answer["shown"] == shown
        assert sum(taken for *_, taken in boards) > least * PER_ROUND * len(boards)


async def test_rm18_a_board_that_cannot_be_loaded_whole_is_read_as_it_was_before(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Such as one that was spoilt before what spoils it was refused."""
    before = Document()
    before.apply_update(update(START))
    bad = of(item(yjs.ANY, VALUE, parent=(ME, 1), key="k"))
    after = of(item(yjs.ANY, VALUE, root=LAYOUT, key="later"), clock=10)
    store = MemoryStore()
    await store.open()
    await store.commit(Commit("w", creates=[NewBoard(BOARD, "line", Document().get_update())]))
    await store.commit(Commit("w", appends=[Append(BOARD, 2, (update(START), bad, after))]))
    async with board_rooms(store, create=False) as rooms, rooms.hold(BOARD) as room:
        assert room.document is not None
        assert contents(room.document) == contents(before)
        assert f"board {BOARD} is read-only" in caplog.text
        reader = Client(room)
        reader.sync()
        reader.hear()
        assert contents(reader.document) == contents(before)
        reader.send_update(write(reader, "waits on the device"))
        await settled(rooms)
        reader.hear()
        assert reader.error is None
        assert reader.standing is not None
        assert (reader.standing.takes, reader.standing.reason) == (False, "read-only")
        with pytest.raises(StoreCorrupted):
            room.edit(lambda document: None)
        stored = await store.load(BOARD)
        assert stored is not None
        assert stored.updates[-2:] == (bad, after)
