"""Real sockets, over both ways between a socket and a room (rules CN1–CN4 and CN6)."""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator
from functools import partial

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from boards.document import Document
from server.errors import NotAllowed
from server.sync.access import Access
from server.sync.wire import messages
from tests.support.network.sites import CLOSE, PING, PONG, QUICK, has_notes, joined, masked, note
from tests.support.network.sockets import Site, site
from tests.support.peer import Peer, texts_of, wait_until
from tests.support.rooms import BOARD


@contextlib.asynccontextmanager
async def raw(here: Site, query: str = "") -> AsyncIterator[ClientConnection]:
    address = f"ws://127.0.0.1:{here.port}/sync/{BOARD}{query}"
    async with connect(address, compression=None, proxy=None) as connection:
        yield connection


async def close_code(connection: ClientConnection) -> int:
    async with asyncio.timeout(10):
        with contextlib.suppress(ConnectionClosed):
            while True:
                await connection.recv()
    assert connection.close_code is not None
    return connection.close_code


async def test_cn1_two_people_write_and_see_each_other(here: Site) -> None:
    async with (
        Peer(here.url, BOARD, token="ann") as ann,
        Peer(here.url, BOARD, token="bea") as bea,
    ):
        ann.edit(note("from ann"))
        bea.edit(note("from bea"))
        await ann.saved()
        await bea.saved()
        await wait_until(lambda: len(texts_of(ann)) == len(texts_of(bea)) == 2, ann, bea)
        ann.show({"cursor": None})
        await wait_until(lambda: bea.others, bea)
        assert next(iter(bea.others.values()))["user"]["name"] == "Ann"


async def test_cn1_who_leaves_is_seen_to_leave(here: Site) -> None:
    async with Peer(here.url, BOARD, token="bea") as bea:
        async with Peer(here.url, BOARD, token="ann") as ann:
            ann.show({"cursor": None})
            await wait_until(lambda: bea.others, bea)
        await wait_until(lambda: not bea.others, bea)


async def test_cn2_fragments_and_pings_are_understood(here: Site) -> None:
    async with raw(here) as connection:
        await connection.send(messages.sync_step1(b"\0"))
        await connection.recv()
        pong = await connection.ping()
        update = Document().record(lambda: None)[1] or Document().get_update()
        frame = messages.sync_step2(update)
        await connection.send([frame[:1], frame[1:2], frame[2:]])
        await asyncio.wait_for(pong, 5)
        document = Document()
        made = document.record(lambda: note("in pieces")(document))[1]
        whole = messages.update(made)
        await connection.send([whole[i : i + 7] for i in range(0, len(whole), 7)])
        async with Peer(here.url, BOARD, token="bea") as bea:
            await wait_until(lambda: texts_of(bea) == ["in pieces"], bea)


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("text", 4400),
        (b"", 4400),
        (b"\x00\x07", 4400),
        (messages.update(os.urandom(50)), 4422),
        (messages.update(b"\1" * (300 << 10)), 4413),
        (b"\0" * (2 << 20), 4413),
    ],
    ids=["text", "empty", "unknown", "noise", "large", "huge"],
)
async def test_cn3_what_is_no_frame_closes_its_sender_alone(
    here: Site, frame: str | bytes, code: int
) -> None:
    async with Peer(here.url, BOARD, token="bea") as bea, raw(here) as hostile:
        await hostile.send(messages.sync_step1(b"\0"))
        await hostile.send(messages.sync_step2(b"\0\0"))
        with contextlib.suppress(ConnectionClosed):
            await hostile.send(frame)
        assert await close_code(hostile) == code
        bea.edit(note("goes on"))
        await bea.saved()
        assert bea.closes == []


async def test_cn2_what_comes_in_one_piece_is_served_in_its_order(here: Site) -> None:
    """Frames, a ping between them, and the begin of one whose rest comes later."""
    document = Document()
    updates = [document.record(partial(note(text), document))[1] for text in "abc"]
    step1, first, second, third = map(
        masked, [messages.sync_step1(b"\0"), *(messages.update(update) for update in updates)]
    )
    async with Peer(here.url, BOARD, token="bea") as bea:
        with await asyncio.to_thread(joined, here.port) as ann:
            ann.sendall(step1 + first + PING + second + third[:9])
            await wait_until(lambda: texts_of(bea) == ["a", "b"], bea)
            ann.sendall(third[9:])
            await wait_until(lambda: texts_of(bea) == ["a", "b", "c"], bea)
            assert PONG in await asyncio.to_thread(received, ann)


async def test_cn2_what_comes_right_before_the_end_is_served() -> None:
    """Before a close frame, or one that is too large, or pieces of a bad one, that come with it."""
    async with (
        site(handoff=True, limits=QUICK) as here,
        Peer(here.url, BOARD, token="bea") as bea,
    ):
        for count, end in enumerate((CLOSE, HUGE, BAD_IN_PIECES), start=1):
            document = Document()
            update = document.record(partial(note("x"), document))[1]
            with await asyncio.to_thread(joined, here.port) as ann:
                ann.sendall(masked(messages.sync_step1(b"\0")))
                assert await asyncio.to_thread(received, ann)
                ann.sendall(masked(messages.update(update)) + end)
                await wait_until(partial(has_notes, bea, count), bea)


async def test_cn3_a_frame_without_a_mask_ends_the_connection(here: Site) -> None:
    """RFC 6455 section 5.1: what a client sends is masked."""
    step1 = messages.sync_step1(b"\0")
    with await asyncio.to_thread(joined, here.port) as ann:
        ann.sendall(bytes((0x82, len(step1))) + step1)
        assert b"\x88" + bytes((2 + len(UNMASKED),)) + PROTOCOL_ERROR + UNMASKED in (
            await asyncio.to_thread(received, ann)
        )


HUGE = b"\x82\xff" + (1 << 40).to_bytes(8, "big") + bytes(4)
BAD_IN_PIECES = b"\x02\x81\0\0\0\0\x00" + b"\x80\x81\0\0\0\0\x07"
PROTOCOL_ERROR, UNMASKED = (1002).to_bytes(2, "big"), b"incorrect masking"


def received(opened: socket.socket) -> bytes:
    """All that has come, as soon as something has."""
    return opened.recv(1 << 16)


async def test_cn4_a_copy_of_another_lineage_is_sent_away(here: Site) -> None:
    async with raw(here, "?lineage=other") as connection:
        assert await close_code(connection) == 4409
    async with raw(here, "?lineage=line") as connection:
        await connection.send(messages.sync_step1(b"\0"))
        assert await connection.recv()


@pytest.mark.parametrize("handoff", [True, False], ids=["handoff", "asgi"])
async def test_cn4_rights_that_ended_while_the_board_loaded_end_the_join(handoff: bool) -> None:
    def refuse(access: Access) -> Access:
        raise NotAllowed("moved to another group meanwhile")

    async with site(handoff=handoff, limits=QUICK, renew=refuse) as opened:
        async with raw(opened) as connection:
            assert await close_code(connection) == 4403
        room = opened.rooms.in_memory(BOARD)
        assert room is not None
        assert not room.connections


@pytest.mark.parametrize("handoff", [True, False], ids=["handoff", "asgi"])
async def test_cn6_the_server_goes_and_says_come_back(handoff: bool) -> None:
    async with contextlib.AsyncExitStack() as client:
        async with site(handoff=handoff, limits=QUICK) as opened:
            connection = await client.enter_async_context(raw(opened))
            await connection.send(messages.sync_step1(b"\0"))
            await connection.recv()
            closing = asyncio.create_task(close_code(connection))
        assert await closing == 1012
