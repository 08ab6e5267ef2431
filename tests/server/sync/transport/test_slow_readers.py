"""Whoever reads slowly gets all of it, and whoever reads nothing delays nobody (rule CN5)."""

import asyncio
import socket
import time
from functools import partial

import pytest

from boards.document import Document
from server.sync.wire import messages
from tests.support.network.recut import straight
from tests.support.network.sites import QUICK, joined, masked, note, until
from tests.support.network.sockets import Site
from tests.support.peer import Peer, wait_until
from tests.support.rooms import BOARD


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
            began, content, edits = time.monotonic(), b"", 0
            slow_until = began + 3 * QUICK.blocked_seconds
            while b"comes behind the board" not in content[-(1 << 16) :]:
                now = time.monotonic()
                due = int(SLOW_BYTES * (now - began)) - len(content)
                takes = due if now < slow_until else 1 << 16
                if takes >= 1 << 10:
                    more = await asyncio.to_thread(slow.recv, takes)
                    assert more, content[-12:]  # the close frame
                    content += more
                if saving.done() and edits < EDITS * (now - began):
                    edits += 1
                    ann.edit(note("meanwhile"))
                    saving = asyncio.create_task(ann.saved())
                # Who wrote so much may have to wait (RM17); the reader reads on.
                await asyncio.wait([saving], timeout=0.1)
            await saving
        assert len(content) > QUICK.outbox_bytes
        assert time.monotonic() > slow_until


SLOW_BYTES = 100_000  # a second
EDITS = 100  # a second, from first to last: thousands would be more than may wait for anybody


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
