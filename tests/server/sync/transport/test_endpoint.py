"""Real sockets, over both ways between a socket and a room (rules CN1–CN6)."""

import asyncio
import contextlib
import os
import socket
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from boards import edits
from boards.document import Document
from server.errors import NotAllowed
from server.sync.access import Access
from server.sync.limits import SyncLimits
from server.sync.transport.takeover import EARLY_BYTES
from server.sync.wire import messages
from tests.support.network.recut import straight
from tests.support.network.sockets import Site, site
from tests.support.peer import Peer, texts_of, wait_until
from tests.support.rooms import BOARD

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


async def test_cn2_a_first_frame_in_two_pieces_is_served_wherever_it_is_cut() -> None:
    """One half comes while it is found out who this is, the other when that is known."""
    step1 = masked(messages.sync_step1(b"\0"))
    for cut in range(1, len(step1) + 1):
        door = asyncio.Event()
        async with site(handoff=True, limits=QUICK, door=door) as here:
            with await asyncio.to_thread(joined, here.port) as ann:
                ann.sendall(step1[:cut])
                await until(partial(waits, here, cut))
                door.set()
                await until(partial(is_in, here))
                ann.sendall(step1[cut:])
                assert ANSWER in await asyncio.to_thread(all_received, ann, ANSWER)


@straight
async def test_cn2_what_comes_before_somebody_is_let_in_waits_outside() -> None:
    """No more of it is read than a little, and all of it is served afterwards."""
    door = asyncio.Event()
    document = Document()
    update = document.record(partial(note("x" * 3000), document))[1]
    async with site(handoff=True, limits=QUICK, door=door) as here:
        with await asyncio.to_thread(joined, here.port) as ann:
            flood = masked(messages.sync_step1(b"\0")) + masked(messages.update(update)) * 2000
            sending = asyncio.create_task(asyncio.to_thread(ann.sendall, flood))
            await until(lambda: here.early() > EARLY_BYTES)
            done, _ = await asyncio.wait({sending}, timeout=0.5)
            assert not done, "it waits outside"
            door.set()
            await sending
            async with Peer(here.url, BOARD, token="bea") as bea:
                await wait_until(partial(has_notes, bea, 1), bea)


async def test_cn10_pings_count_as_messages_and_what_follows_a_refusal_is_not_read() -> None:
    limits = replace(QUICK, messages_per_second=10, messages_burst=50)
    async with (
        site(handoff=True, limits=limits) as here,
        Peer(here.url, BOARD, token="bea") as bea,
    ):
        pieces = b"\x02\x80\0\0\0\0" + b"\0\x80\0\0\0\0" * 60
        for flood in (PING * 60, b"\x8a\x80\0\0\0\0" * 60, pieces):
            with await asyncio.to_thread(joined, here.port) as ann:
                ann.sendall(masked(messages.sync_step1(b"\0")) + flood)
                assert TOO_FAST in await asyncio.to_thread(all_received, ann, TOO_FAST)
                ann.sendall(masked(b"\0" * 3000)[:2000])
                ann.sendall(masked(b"\0" * 3000)[2000:] + CLOSE)
                assert await asyncio.to_thread(all_received, ann, None)  # until it is closed
        bea.edit(note("goes on"))
        await bea.saved()
        assert bea.closes == []


async def test_cn10_who_is_refused_at_the_door_is_let_go_when_they_answer() -> None:
    def refuse(access: Access) -> Access:
        raise NotAllowed("gone meanwhile")

    async with site(handoff=True, limits=QUICK, renew=refuse) as here:
        with await asyncio.to_thread(joined, here.port) as ann:
            assert b"not-allowed" in await asyncio.to_thread(all_received, ann, b"not-allowed")
            ann.sendall(masked(messages.sync_step1(b"\0")) * 3 + CLOSE)
            assert await asyncio.to_thread(all_received, ann, None)  # sooner than the deadline


TOO_FAST = (4508).to_bytes(2, "big") + b"too-fast"
ANSWER = messages.sync_step2(b"\0\0")  # an empty board


def waits(here: Site, size: int) -> bool:
    return here.early() == size


def is_in(here: Site) -> bool:
    room = here.rooms.in_memory(BOARD)
    return room is not None and bool(room.connections)


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop turn until it is so."""
    async with asyncio.timeout(10):
        for _ in iter(condition, True):
            await asyncio.sleep(0)


def all_received(opened: socket.socket, last: bytes | None) -> bytes:
    """All that comes up to `last`; b"end" when the other side closes without it."""
    opened.settimeout(5)
    content = b""
    while last is None or last not in content:
        more = opened.recv(1 << 16)
        if not more:
            return content or b"end"
        content += more
    return content


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


def has_notes(peer: Peer, count: int) -> bool:
    return len(texts_of(peer)) == count


async def test_cn3_a_frame_without_a_mask_ends_the_connection(here: Site) -> None:
    """RFC 6455 section 5.1: what a client sends is masked."""
    step1 = messages.sync_step1(b"\0")
    with await asyncio.to_thread(joined, here.port) as ann:
        ann.sendall(bytes((0x82, len(step1))) + step1)
        assert b"\x88" + bytes((2 + len(UNMASKED),)) + PROTOCOL_ERROR + UNMASKED in (
            await asyncio.to_thread(received, ann)
        )


CLOSE = b"\x88\x82\0\0\0\0" + (1000).to_bytes(2, "big")
HUGE = b"\x82\xff" + (1 << 40).to_bytes(8, "big") + bytes(4)
BAD_IN_PIECES = b"\x02\x81\0\0\0\0\x00" + b"\x80\x81\0\0\0\0\x07"
PING, PONG = b"\x89\x80\0\0\0\0", b"\x8a\x00"
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


@straight
async def test_cn5_a_slow_reader_of_a_large_board_gets_all_of_it(here: Site) -> None:
    """It takes longer than a reader may take nothing, and more than may wait; others write on."""
    async with Peer(here.url, BOARD, token="ann") as ann:
        for _ in range(48):
            ann.edit(long_notes)
            await ann.saved()
        with await asyncio.to_thread(joined, here.port, 8192) as slow:
            slow.settimeout(20)
            slow.sendall(masked(messages.sync_step1(b"\0")))
            await until(lambda: here.rooms.connections == 2)
            ann.edit(note("comes behind the board"))
            saving = asyncio.create_task(ann.saved())
            began, content = time.monotonic(), b""
            slow_until = began + 3 * QUICK.blocked_seconds
            while b"comes behind the board" not in content[-(1 << 16) :]:
                now = time.monotonic()
                due = int(SLOW_BYTES * (now - began)) - len(content)  # where turns take long
                takes = max(1 << 10, due) if now < slow_until else 1 << 16
                more = await asyncio.to_thread(slow.recv, takes)
                assert more, content[-12:]  # the close frame
                content += more
                if saving.done():
                    ann.edit(note("meanwhile"))
                    saving = asyncio.create_task(ann.saved())
                # Who wrote so much may have to wait (RM17); the reader reads on.
                await asyncio.wait([saving], timeout=0.1)
            await saving
        assert len(content) > QUICK.outbox_bytes
        assert time.monotonic() > slow_until


SLOW_BYTES = 100_000  # a second, at least


def long_notes(document: Document) -> None:
    for _ in range(40):
        note("x" * 4000)(document)


def holds(peer: Peer, note_id: str) -> bool:
    return note_id in peer.document.root("notes")


def frozen_reader(port: int) -> socket.socket:
    """A socket that joined the board and never reads again."""
    frozen = joined(port, receive_buffer=4096)
    frozen.sendall(masked(messages.sync_step1(b"\0")))
    return frozen


def joined(port: int, receive_buffer: int = 1 << 16) -> socket.socket:
    """A socket behind the opening handshake."""
    opened = socket.socket()
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    opened.connect(("127.0.0.1", port))
    opened.sendall(
        f"GET /sync/{BOARD} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    head = b""
    while not head.endswith(b"\r\n\r\n"):  # and not a byte of what may follow at once
        head += opened.recv(1)
    assert head.startswith(b"HTTP/1.1 101")
    return opened


def masked(message: bytes) -> bytes:
    """The message in a binary frame of a client, with a mask of zeros."""
    length = len(message)
    size = bytes((0x80 | length,)) if length < 126 else b"\xfe" + length.to_bytes(2, "big")
    return b"\x82" + size + bytes(4) + message


@straight
async def test_cn5_a_reader_that_takes_nothing_is_cut_off_and_delays_nobody(
    here: Site, caplog: pytest.LogCaptureFixture
) -> None:
    loop = asyncio.get_running_loop()
    with await asyncio.to_thread(frozen_reader, here.port):
        async with (
            Peer(here.url, BOARD, token="ann") as ann,
            Peer(here.url, BOARD, token="bea") as bea,
        ):
            room = here.rooms.in_memory(BOARD)
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
            await connection.send(messages.sync_step1(b"\0"))
            await connection.recv()
            closing = asyncio.create_task(close_code(connection))
        assert await closing == 1012
