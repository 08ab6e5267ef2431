"""A large board is read and built beside other work, to the same end (rule RM19)."""

from __future__ import annotations

import asyncio
import gc
import random
from collections.abc import Iterator
from typing import Any

import pytest
from pycrdt import Map

from boards.document import Document
from server.store import Append, Commit, NewBoard, StoredBoard, StoredCheckpoint
from server.store.memory import MemoryStore
from server.sync.board import building
from server.sync.board.board_state import BoardState
from server.sync.board.building import Building
from server.sync.inspection.clocks import Deletions, deletions
from server.sync.wire import messages
from tests.server.sync.room.test_portions import loaded, shown
from tests.server.sync.room.test_taking import LAYOUT, ME, entries, every_second, notes
from tests.support.pauses import watched
from tests.support.rooms import (
    BOARD,
    WORKSHOP,
    Client,
    board_rooms,
    settled,
    write,
)
from tests.support.seed import rounds
from tests.support.updates import yjs_bytes as yjs
from tests.support.updates.weaver import Weaver
from tests.support.updates.yjs_bytes import item, section, string, update

SMALL = "small"
TURN = 0.03  # seconds of processor time; in one go these take two to fifty times that
BOARDS, EDITS = rounds(20), 60


def trees() -> bytes:
    structs = [item(yjs.STRING, string("🌲" * 16_000), parent=(ME, 1)) for _ in range(60)]
    return update(section(ME, 0, [*notes(1), *structs]))


def letters() -> bytes:
    """Each in front of the one before it."""
    first = item(yjs.STRING, string("a"), parent=(ME, 1))
    more = [item(yjs.STRING, string("b"), right=(ME, n)) for n in range(3, 40_000)]
    return update(section(ME, 0, [*notes(1), first, *more]))


LARGE = {
    "notes": [update(section(ME, 0, notes(14_000)))],
    "what was deleted": [entries(60_000), every_second(30_000)],
    "characters of two": [trees()],
    "letters": [letters()],
}


@pytest.fixture
def calm_collector() -> Iterator[None]:
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


async def store_of(log: list[bytes]) -> MemoryStore:
    store = MemoryStore()
    await store.open()
    empty = Document().get_update()
    creates = [NewBoard(BOARD, "line", empty), NewBoard(SMALL, "line", empty)]
    await store.commit(Commit(WORKSHOP, creates=creates, appends=[Append(BOARD, 2, tuple(log))]))
    return store


@pytest.mark.usefixtures("calm_collector")
@pytest.mark.parametrize("kind", LARGE)
async def test_rm19_a_large_board_is_opened_joined_and_written_to_in_short_turns(kind: str) -> None:
    store = await store_of(LARGE[kind])
    async with board_rooms(store, create=False) as rooms:
        other = await rooms.acquire(SMALL)
        bea = Client(other)
        bea.sync()
        bea.send_update(write(bea, "before"))
        await settled(rooms)
        with watched(tick=0.001) as pauses:
            here = await rooms.acquire(BOARD)
            ann, cid = Client(here), Client(here)
            ann.document.apply_update(update(section(ME, 0, notes(1)[:1])))
            ann.ask()
            cid.send_update(write(cid, "while it is built"))
            assert not here.loaded_board().state.built
            before = other.seq
            bea.send_update(write(bea, "meanwhile"))
            assert other.seq == before + 1
            here.longest_message()
            await settled(rooms)
        step2s = [each for each in ann.hear() if isinstance(each, messages.SyncStep2)]
        assert len(step2s) == 1
        assert cid.error is None
        assert "while it is built" in texts(here.document)
        assert pauses.longest < TURN


@pytest.mark.usefixtures("calm_collector")
async def test_rm19_a_large_board_that_a_refused_edit_spoiled_is_there_again_in_short_turns() -> (
    None
):
    store = await store_of(LARGE["notes"])
    async with board_rooms(store, create=False) as rooms, rooms.hold(BOARD) as here:
        ann, eve = Client(here), Client(here)
        for each in ann, eve:
            each.ask()
        ann.send_update(write(ann, "before"))
        await settled(rooms)
        bad = eve.document.record(lambda: put(eve.document, "votes", "note/somebody", 1.0))[1]
        with watched(tick=0.001) as pauses:
            eve.send_update(bad)
            assert eve.error is not None
            ann.send_update(write(ann, "after"))
            await settled(rooms)
            async with rooms.hold(BOARD):
                await settled(rooms)
        assert ann.error is None
        assert {"before", "after"} <= texts(here.document)
        assert pauses.longest < TURN


def put(document: Document, root: str, key: str, value: object) -> None:
    document.root(root)[key] = value


def texts(document: Document | None) -> set[str]:
    assert document is not None
    found = document.root("notes")
    return {str(note["text"]) for note in found.values() if isinstance(note, Map)}


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is longer than a few structs is large."""
    for name, size in {"LONG": 0, "WHOLE": 0, "TURN": 1e-6}.items():
        monkeypatch.setattr(building, name, size)
    for name, size in {"FULL": 2, "FULLER": 4, "FULLEST": 8, "DELETED": 2}.items():
        monkeypatch.setattr(f"server.sync.inspection.portions.{name}", size)


async def built(stored: StoredBoard) -> BoardState:
    state = BoardState(BOARD, stored)
    done = asyncio.Event()
    Building(state, done.set)
    await done.wait()
    return state


@pytest.mark.usefixtures("tiny")
async def test_rm19_built_in_portions_it_is_what_it_is_in_one_go(dice: random.Random) -> None:
    for _ in range(BOARDS):
        log = [Document().get_update(), *await woven(dice)]
        cut = dice.randrange(len(log))
        whole = Document()
        for each in log[:cut]:
            whole.apply_update(each)
        checkpoint = StoredCheckpoint(cut, whole.get_state_vector(), whole.get_update())
        for stored in (
            StoredBoard("line", None, tuple(log)),
            StoredBoard("line", checkpoint, tuple(log[cut:])),
        ):
            state, expected = await built(stored), BoardState(BOARD, stored).document
            assert state.built
            assert said_by(state.document) == said_by(expected)
            assert shown(state.document) == shown(expected)


def said_by(document: Document) -> tuple[dict[int, int], Deletions]:
    """How far it goes, and what is deleted: bytes say that in different ways."""
    return messages.read_state_vector(document.get_state_vector()), deletions(document.get_update())


async def woven(dice: random.Random) -> list[bytes]:
    """Edits that build on each other, as a board took them."""
    weaver, log = Weaver(LAYOUT, dice), list[bytes]()
    async with board_rooms() as rooms, rooms.hold(BOARD) as here:
        client = Client(here)
        client.sync()
        for number in range(EDITS):
            edit = write(client, "🌲") if number % 4 == 0 else weave(weaver, here)
            before = here.seq
            client.send_update(edit)
            await settled(rooms)
            if client.error is not None or client.connection.parked:
                client.reconnect()
                client.connection.has_synced()
                await loaded(rooms)
            elif here.seq > before:
                weaver.note(edit)
                log.append(edit)
    return log


def weave(weaver: Weaver, here: Any) -> bytes:
    return weaver.edit(dict(here.loaded_board().state.clocks))


@pytest.mark.usefixtures("tiny")
async def test_rm19_what_cannot_be_built_in_portions_is_built_in_one_go() -> None:
    """Its log ends where the engine refuses it."""
    orphan = update(section(ME, 5, [item(yjs.STRING, string("a"), parent=(ME + 1, 7))]))
    stored = StoredBoard("line", None, (entries(3), orphan))
    state = await built(stored)
    assert not state.built
    assert state.document.root(LAYOUT).to_py() == {"0": 1.0, "1": 1.0, "2": 1.0}
