"""Connections of one person without number, and readers who take nothing (rules RM16 and CN5)."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from boards.document import Document
from boards.edits import add_note
from server.store import Append, Commit, NewBoard
from server.store.memory import MemoryStore
from server.sync.room.connection import Connection
from server.sync.seats import Seats
from server.sync.wire import messages
from tests.support.clock import HandClock
from tests.support.network.sockets import Site, site
from tests.support.peer import Peer, texts_of, wait_until
from tests.support.rooms import BOARD, LIMITS, Recorder, access

LARGE = 300  # notes of 30,000 letters: 9 MB
WHOLE = replace(LIMITS, log_bytes=1 << 30)  # no checkpoint is made while we look
CLOCK = HandClock()
OWN = LIMITS.connections_per_person_and_board


@contextlib.asynccontextmanager
async def sockets(here: Site, person: str, count: int) -> AsyncIterator[list[ClientConnection]]:
    """So many connections of one person that the server has let in, one after the other."""
    address = f"ws://127.0.0.1:{here.port}/sync/{BOARD}?token={person}"
    async with contextlib.AsyncExitStack() as stack:
        opened = []
        for _ in range(count):
            socket = connect(
                address, compression=None, proxy=None, max_size=64 << 20, max_queue=None
            )
            opened.append(await stack.enter_async_context(socket))
            await opened[-1].send(messages.sync_step1(b"\0"))
            with contextlib.suppress(ConnectionClosed):
                await opened[-1].recv()
        yield opened


async def is_open(socket: ClientConnection) -> bool:
    """Whether it still answers."""
    try:
        async with asyncio.timeout(10):
            await (await socket.ping())
    except ConnectionClosed:
        return False
    return True


def typing(text: str) -> Callable[[Document], str]:
    return partial(add_note, board=BOARD, zone="challenges", text=text, at=1)


async def test_rm16_a_persons_newest_connections_are_theirs() -> None:
    async with site(handoff=True) as here, Peer(here.url, BOARD, token="anna") as anna:
        async with sockets(here, "mallory", OWN + 30) as opened:
            told = [socket.close_code for socket in opened[:30] if not await is_open(socket)]
            assert told == [4429] * 30
            assert all([await is_open(socket) for socket in opened[30:]])
            anna.edit(typing("hei"))
            await anna.saved()
        assert anna.closes == []


async def test_rm16_a_full_board_has_a_seat_for_everybody() -> None:
    few = replace(LIMITS, connections_per_board=OWN + 1)
    async with site(handoff=True, limits=few) as here:
        anna, ben = (Peer(here.url, BOARD, token=name) for name in ("anna", "ben"))
        async with anna, sockets(here, "mallory", OWN + 1), ben:
            ben.edit(typing("hei"))
            await wait_until(lambda: texts_of(anna) == ["hei"], anna)
        assert (anna.refused, ben.refused) == (None, None)


async def test_rm16_a_workshop_gives_back_what_one_person_took() -> None:
    few = replace(LIMITS, connections_per_workshop=4)
    async with site(handoff=True, limits=few) as here:
        async with sockets(here, "mallory", 4), Peer(here.url, BOARD, token="ben") as ben:
            ben.edit(typing("hei"))
            await ben.saved()
        assert ben.refused is None


def test_rm16_a_desk_is_counted_as_a_board_and_not_as_its_workshop() -> None:
    """A second device of somebody whose page looks on all boards takes nothing from the first."""
    seats = Seats(LIMITS, CLOCK)
    pages = [
        [seated(seats, board) for board in ("workshop", *"abcdefghi")] for _ in range(OWN // 2)
    ]
    assert not [each.error for page in pages for each in page if each.error]


def seated(seats: Seats, board: str) -> Recorder:
    outbox = Recorder()
    seats.take(Connection(access("anna", board=board), outbox, LIMITS, CLOCK, wants_acks=True))
    return outbox


async def large_board() -> MemoryStore:
    document = Document()
    for number in range(LARGE):
        add_note(document, BOARD, zone="challenges", text=f"{number:03}" * 10_000, at=1)
    store = MemoryStore()
    await store.open()
    await store.commit(Commit("w", creates=[NewBoard(BOARD, "line", Document().get_update())]))
    await store.commit(Commit("w", appends=[Append(BOARD, 2, (document.get_update(),))]))
    return store


async def test_cn5_readers_who_take_nothing_keep_no_copies_of_a_large_board() -> None:
    async with site(handoff=True, limits=WHOLE, store=await large_board()) as here:
        anna = Peer(here.url, BOARD, token="anna")
        async with contextlib.AsyncExitStack() as stack:
            for number in range(OWN):
                address = f"ws://127.0.0.1:{here.port}/sync/{BOARD}?token=mallory"
                socket = await stack.enter_async_context(
                    connect(address, compression=None, proxy=None, max_queue=1, close_timeout=0)
                )
                socket.transport.pause_reading()
                await socket.send(messages.sync_step1(messages.write_state_vector({number: 1})))
            async with anna:  # and an honest reader gets all of it meanwhile
                assert len(texts_of(anna)) == LARGE
                anna.edit(typing("hei"))
                await anna.saved()
                assert here.unsent() < OWN << 20


async def test_cn5_a_large_board_leaves_in_slices_and_in_order() -> None:
    """Pings, and what others write meanwhile, come behind it and not into it."""
    async with site(handoff=True, limits=WHOLE, store=await large_board()) as here:
        address = f"ws://127.0.0.1:{here.port}/sync/{BOARD}?token=slow"
        anna = Peer(here.url, BOARD, token="anna")
        async with connect(address, compression=None, proxy=None, max_size=64 << 20) as slow, anna:
            slow.transport.pause_reading()
            await slow.send(messages.sync_step1(b"\0"))
            anna.edit(typing("first"))
            await anna.saved()
            pong = await slow.ping()  # a part of the board has left, and no more does
            for number in range(49):
                anna.edit(typing(str(number)))
            await anna.saved()
            slow.transport.resume_reading()
            async with asyncio.timeout(30):
                read, expected = Document(), LARGE + 50
                while len(read.root("notes")) < expected:
                    take_in(read, await slow.recv())
                await pong


def take_in(document: Document, frame: bytes | str) -> None:
    assert isinstance(frame, bytes)
    if frame[0] == messages.SYNC:
        message = messages.decode(frame)
        if isinstance(message, messages.SyncStep2 | messages.Update):
            document.apply_update(message.update)
