"""What comes before somebody is let in, or after they are not (rules CN2 and CN10)."""

import asyncio
import socket
from dataclasses import replace
from functools import partial

from boards.document import Document
from server.errors import NotAllowed
from server.sync.access import Access
from server.sync.transport.takeover import EARLY_BYTES
from server.sync.wire import messages
from tests.support.network.recut import straight
from tests.support.network.sites import CLOSE, PING, QUICK, has_notes, joined, masked, note, until
from tests.support.network.sockets import Site, site
from tests.support.peer import Peer, wait_until
from tests.support.rooms import BOARD


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
