"""Real sockets, over both ways between a socket and a room (rules CN1–CN6)."""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator
from functools import partial

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from boards import edits
from boards.document import Document
from server.errors import NotAllowed
from server.sync import wire
from server.sync.access import Access
from server.sync.limits import SyncLimits
from tests.support.peer import Peer, texts_of, wait_until
from tests.support.rooms import BOARD
from tests.support.sockets import Site, site

QUICK = SyncLimits(
    messages_per_second=0,
    commit_seconds=0,
    outbox_bytes=1 << 20,
    blocked_seconds=1.0,
    frame_bytes=1 << 18,
    first_frame_bytes=1 << 20,
)


@pytest.fixture(params=[True, False], ids=["handoff", "asgi"])
async def here(request: pytest.FixtureRequest) -> AsyncIterator[Site]:
    async with site(handoff=request.param, limits=QUICK) as opened:
        yield opened


def note(text: str):  # type: ignore[no-untyped-def]
    def change(document: Document) -> str:
        return edits.add_note(document, BOARD, zone="challenges", text=text, at=1)

    return change


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
        await connection.send(wire.sync_step1(b"\0"))
        await connection.recv()
        pong = await connection.ping()
        update = Document().record(lambda: None)[1] or Document().get_update()
        frame = wire.sync_step2(update)
        await connection.send([frame[:1], frame[1:2], frame[2:]])
        await asyncio.wait_for(pong, 5)
        document = Document()
        made = document.record(lambda: note("in pieces")(document))[1]
        whole = wire.update(made)
        await connection.send([whole[i : i + 7] for i in range(0, len(whole), 7)])
        async with Peer(here.url, BOARD, token="bea") as bea:
            await wait_until(lambda: texts_of(bea) == ["in pieces"], bea)


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("text", 4400),
        (b"", 4400),
        (b"\x00\x07", 4400),
        (wire.update(os.urandom(50)), 4422),
        (wire.update(b"\1" * (300 << 10)), 4413),
        (b"\0" * (2 << 20), 4413),
    ],
    ids=["text", "empty", "unknown", "noise", "large", "huge"],
)
async def test_cn3_what_is_no_frame_closes_its_sender_alone(
    here: Site, frame: str | bytes, code: int
) -> None:
    async with Peer(here.url, BOARD, token="bea") as bea, raw(here) as hostile:
        await hostile.send(wire.sync_step1(b"\0"))
        await hostile.send(wire.sync_step2(b"\0\0"))
        with contextlib.suppress(ConnectionClosed):
            await hostile.send(frame)
        assert await close_code(hostile) == code
        bea.edit(note("goes on"))
        await bea.saved()
        assert bea.closes == []


async def test_cn4_a_copy_of_another_lineage_is_sent_away(here: Site) -> None:
    async with raw(here, "?lineage=other") as connection:
        assert await close_code(connection) == 4409
    async with raw(here, "?lineage=line") as connection:
        await connection.send(wire.sync_step1(b"\0"))
        assert await connection.recv()


@pytest.mark.parametrize("handoff", [True, False], ids=["handoff", "asgi"])
async def test_cn4_rights_that_ended_while_the_board_loaded_end_the_join(handoff: bool) -> None:
    def refuse(access: Access) -> Access:
        raise NotAllowed("moved to another group meanwhile")

    async with site(handoff=handoff, limits=QUICK, renew=refuse) as opened:
        async with raw(opened) as connection:
            assert await close_code(connection) == 4403
        room = opened.rooms.live(BOARD)
        assert room is not None
        assert not room.connections


def holds(peer: Peer, note_id: str) -> bool:
    return note_id in peer.document.root("notes")


def frozen_reader(port: int) -> socket.socket:
    """A socket that joined the board and never reads again."""
    frozen = socket.socket()
    frozen.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    frozen.connect(("127.0.0.1", port))
    frozen.sendall(
        f"GET /sync/{BOARD} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    assert frozen.recv(4096).startswith(b"HTTP/1.1 101")
    step1 = wire.sync_step1(b"\0")
    frozen.sendall(bytes((0x82, 0x80 | len(step1), 0, 0, 0, 0)) + step1)
    return frozen


async def test_cn5_a_reader_that_takes_nothing_is_cut_off_and_delays_nobody(
    here: Site, caplog: pytest.LogCaptureFixture
) -> None:
    loop = asyncio.get_running_loop()
    with await asyncio.to_thread(frozen_reader, here.port):
        async with (
            Peer(here.url, BOARD, token="ann") as ann,
            Peer(here.url, BOARD, token="bea") as bea,
        ):
            room = here.rooms.live(BOARD)
            assert room is not None
            await wait_until(lambda: len(room.connections) == 3, ann, bea)
            slowest = 0.0
            async with asyncio.timeout(60):
                while len(room.connections) == 3:
                    began = loop.time()
                    mark = ann.edit(note("x" * 3900))
                    await ann.saved()
                    await bea.until(partial(holds, bea, mark))
                    slowest = max(slowest, loop.time() - began)
            assert slowest < 1.0
            assert ann.closes == bea.closes == []
        assert not caplog.records, "it is no error of the server's"


@pytest.mark.parametrize("handoff", [True, False], ids=["handoff", "asgi"])
async def test_cn6_the_server_goes_and_says_come_back(handoff: bool) -> None:
    async with contextlib.AsyncExitStack() as client:
        async with site(handoff=handoff, limits=QUICK) as opened:
            connection = await client.enter_async_context(raw(opened))
            await connection.send(wire.sync_step1(b"\0"))
            await connection.recv()
            closing = asyncio.create_task(close_code(connection))
        assert await closing == 1012
