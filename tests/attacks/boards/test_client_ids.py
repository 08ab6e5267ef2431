"""Client ids and deletions beyond number: they close no board to others (rules RM15 and IN17)."""

from functools import partial
from typing import Any

import pytest
from pycrdt import Doc, Map

from boards.document import Document
from boards.edits import add_note
from server.store import Append, Commit, NewBoard
from server.store.memory import MemoryStore
from server.sync.wire import messages
from tests.support.network.sockets import site
from tests.support.peer import Peer, texts_of, wait_until
from tests.support.rooms import BOARD, LIMITS, Client, board_rooms, settled, write
from tests.support.updates import yjs_bytes as yjs
from tests.support.updates.yjs import ask_yjs, from_base64, to_base64
from tests.support.updates.yjs_bytes import deletions, run, section, update

MANY = 51_000  # client ids; 50,000 was a limit
RANGES = 140_000  # whose list is longer than a first message may be


def collected(first: int, count: int) -> bytes:
    """As many collected runs, each under a client id of its own."""
    clients = range(first, first + count)
    return update(
        *(section(client, 0, [run(yjs.GC, 1)]) for client in clients),
        deleted=[deletions(client, [(0, 1)]) for client in clients],
    )


def scattered() -> bytes:
    """A board with as many ranges of deletions as fit between things that stay."""
    doc: Doc[Any] = Doc()
    places: Map[Any] = doc.get(f"layout/{BOARD}", type=Map)
    with doc.transaction():
        for number in range(2 * RANGES):
            places[str(number)] = 1.0
    with doc.transaction():
        for number in range(0, 2 * RANGES, 2):
            del places[str(number)]
    return doc.get_update()


async def stored(*updates: bytes) -> MemoryStore:
    """A store with a board that holds these, from before they were limited."""
    store = MemoryStore()
    await store.open()
    await store.commit(Commit("w", creates=[NewBoard(BOARD, "line", Document().get_update())]))
    await store.commit(Commit("w", appends=[Append(BOARD, 2, updates)]))
    return store


async def test_rm15_nobody_takes_client_ids_without_number() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room, rooms.hold(BOARD):
        neighbour, hostile = Client(room), Client(room)
        neighbour.sync()
        hostile.sync()
        for number in range(20):
            hostile.send(messages.sync_step2(collected(1000 * number, 64)))
        await settled(rooms)
        assert hostile.error is not None
        assert hostile.error.slug == "too-fast"
        assert len(room.loaded_board().state.clocks) <= LIMITS.client_ids_burst
        neighbour.send_update(write(neighbour, "stays"))
        newcomer = Client(room)
        newcomer.sync()
        await settled(rooms)
        newcomer.hear()
        neighbour.hear()
        assert newcomer.texts() == neighbour.texts() == ["stays"]
        assert (neighbour.error, newcomer.error) == (None, None)


async def test_rm15_coming_back_gives_no_new_share() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        hostile = Client(room)
        for number in range(20):
            hostile.reconnect()
            hostile.sync()
            hostile.send(messages.sync_step2(collected(1000 * number, 64)))
        assert len(room.loaded_board().state.clocks) <= LIMITS.client_ids_burst


async def test_rm15_a_person_who_reloads_often_is_never_stopped() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        first = Client(room)
        for number in range(90):
            again = Client(room, first.access)
            again.sync()
            again.send_update(write(again, str(number)))
            again.hear()
            assert again.error is None


@pytest.mark.parametrize("stock", [False, True], ids=["ours", "stock Yjs"])
async def test_in17_a_board_of_many_client_ids_is_open_to_all(stock: bool) -> None:
    store = await stored(*(collected(first, 3_000) for first in range(0, MANY, 3_000)))
    async with board_rooms(store, create=False) as rooms, rooms.hold(BOARD) as room:
        honest = Client(room)
        if stock:
            content = room.loaded_board().state
            log = [to_base64(content.document.get_update())]
            state_vector, answer = yjs_answer(log, content.state_vector)
            honest.send(messages.sync_step1(state_vector))
            honest.send(messages.sync_step2(answer))
        else:
            honest.sync()
            honest.ask()  # comes back with all of it
        await settled(rooms)
        honest.hear()
        honest.send_update(write(honest, "hei"))
        await settled(rooms)
        assert honest.error is None
        other = Client(room)
        other.sync()
        assert other.texts() == ["hei"]


def yjs_answer(log: list[str], step1: bytes) -> tuple[bytes, bytes]:
    """The state vector of a Y.Doc with this log, and what it answers to that of another."""
    answer = ask_yjs("answer", log=log, question=to_base64(step1))
    return from_base64(answer["stateVector"]), from_base64(answer["update"])


async def test_in17_deletions_longer_than_a_first_message_keep_nobody_out() -> None:
    store = await stored(scattered())
    async with site(handoff=True, store=store) as here:
        anna, ben = (Peer(here.url, BOARD, token=name) for name in ("anna", "ben"))
        async with anna, ben:
            answer = anna.document.get_update(anna.document.get_state_vector())
            assert len(answer) > LIMITS.first_frame_bytes
            anna.edit(partial(add_note, board=BOARD, zone="challenges", text="hei", at=1))
            await anna.saved()
            await wait_until(lambda: texts_of(ben) == ["hei"], ben)
        assert {code for code, _ in anna.closes + ben.closes} == {1006}
