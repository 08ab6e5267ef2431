"""R9: one reader freezes; nobody waits for it, it is cut off (1013), and catches up later."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from boards.document import Document
from boards.schema import NOTES
from server.sync.limits import SyncLimits
from server.sync.transport.asgi import AsgiOutbox
from server.sync.transport.takeover import HandoffProtocol
from tests.faults.support.counts import tell
from tests.faults.support.crash import (
    ForkServer,
    Workshop,
    add_note,
    forkserver,
    loaded,
    opened_copy,
)
from tests.faults.support.crowd import PATIENCE, all_of, crowd, metric
from tests.support.network.sockets import site
from tests.support.peer import Peer
from tests.support.rooms import BOARD
from tests.support.server import free_port

READERS = 25
USUAL = 40  # edits before anybody freezes
BLOCKED = 3.0  # seconds that a reader may take nothing
SLACK = 0.5  # what a busy machine may add
TRIES = 10
MOST = 1000  # edits until the frozen one must have been cut off
TEXT = "x" * 3900
WINDOW = 1 << 18  # bytes that the frozen one's system takes for it
AT_ONCE = 10  # notes of one edit: the systems' buffers between take megabytes
LIMITS = {
    "messages_per_second": 0,
    "outbox_bytes": 1 << 20,
    "blocked_seconds": BLOCKED,
    "connections_per_person_and_board": READERS,  # three people sit at all of these
}

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("r9")]


@pytest.fixture
def forks() -> Iterator[ForkServer]:
    with forkserver() as started:
        yield started
        started.kill()


async def test_r9_cn5_a_frozen_reader_delays_nobody_is_cut_off_and_catches_up(
    forks: ForkServer, tmp_path: Path
) -> None:
    folder, port = tmp_path / "data", free_port()
    forks.start(folder, port, limits=LIMITS)
    workshop = Workshop.open(port, 3)
    async with crowd(workshop, READERS) as readers, workshop.peer(READERS) as frozen:
        before = [await seconds_for_all(readers) for _ in range(USUAL)]
        freeze(frozen)
        meanwhile: list[float] = []
        while await metric(workshop.url, "hahmo_connections") > READERS:
            assert len(meanwhile) < MOST, "the frozen reader was never cut off"
            meanwhile += [await seconds_for_all(readers) for _ in range(5)]
        assert not any(reader.closes for reader in readers)
        thaw(frozen)
        await frozen.until(lambda: frozen.closes and frozen.synced, deadline=PATIENCE)
        await frozen.until(lambda: notes_of(frozen) == notes_of(readers[0]), deadline=PATIENCE)
        heard = list(frozen.closes)
        async with opened_copy(folder) as store:
            document = await loaded(store, workshop.boards[0])
        stored = len(document.root(NOTES))
    acked = AT_ONCE * (len(before) + len(meanwhile))
    usual, slow = p95(before), p95(meanwhile)
    tell(
        "R9",
        n=READERS,
        acked=acked,
        lost=acked - stored,
        more=f"p95 {usual * 1e3:.1f} ms, beside a frozen reader {slow * 1e3:.1f} ms;"
        f" it heard {heard}",
    )
    assert stored == acked
    assert slow < 3 * usual + SLACK
    assert max(meanwhile) < max(before) + BLOCKED / 2, "somebody waited for the frozen one"


def freeze(peer: Peer) -> None:
    """From now on it takes nothing from its socket, whose buffer is small."""
    transport = transport_of(peer)
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WINDOW)
    transport.pause_reading()


def thaw(peer: Peer) -> None:
    transport_of(peer).resume_reading()


def transport_of(peer: Peer) -> asyncio.Transport:
    assert peer._socket is not None
    return peer._socket.transport


async def seconds_for_all(readers: list[Peer]) -> float:
    """From an edit of the first one until all of them have it."""
    began = asyncio.get_running_loop().time()
    note = readers[0].edit(add_much)
    await all_of(readers, lambda reader: note in reader.document.root(NOTES))
    await readers[0].saved()
    return asyncio.get_running_loop().time() - began


def add_much(document: Document) -> str:
    """The id of the last of several long notes."""
    return [add_note(document, "", TEXT) for _ in range(AT_ONCE)][-1]


def p95(values: list[float]) -> float:
    return sorted(values)[len(values) * 95 // 100]


@pytest.mark.parametrize(
    ("handoff", "gives_up"),
    [(True, (HandoffProtocol, "end")), (False, (AsgiOutbox, "_give_up"))],
    ids=["handoff", "asgi"],
)
async def test_r9_cn5_who_wakes_up_just_then_hears_1013(
    monkeypatch: pytest.MonkeyPatch, handoff: bool, gives_up: tuple[type, str]
) -> None:
    """The server says why, to whoever can still hear it for a second."""
    cut = asyncio.Event()
    original = getattr(*gives_up)

    def told(*arguments: object, **named: object) -> None:
        original(*arguments, **named)
        cut.set()

    monkeypatch.setattr(*gives_up, told)
    limits = SyncLimits(messages_per_second=0, commit_seconds=0, outbox_bytes=1 << 16)
    async with (
        site(handoff=handoff, limits=limits) as here,
        Peer(here.url, BOARD, token="ann") as ann,
        Peer(here.url, BOARD, token="bea") as frozen,
    ):
        for _ in range(TRIES):  # on a busy machine a second may pass in which nobody wakes up
            await frozen.until(lambda: frozen.synced)
            freeze(frozen)
            closes = len(frozen.closes)
            while not cut.is_set():
                ann.edit(add_much)
                await ann.saved()
            thaw(frozen)
            await frozen.until(partial(is_closed, frozen, closes))
            cut.clear()
            if frozen.closes[-1] == (1013, "too-slow"):
                break
        await ann.saved()
        await frozen.until(lambda: frozen.synced and notes_of(frozen) == notes_of(ann))
        heard = list(frozen.closes)
        assert ann.closes == []
    tell("R9 awake", n=1, acked=len(notes_of(ann)), lost=0, more=f"it heard {heard}")
    assert heard[-1] == (1013, "too-slow")


def is_closed(peer: Peer, before: int) -> bool:
    return len(peer.closes) > before


def notes_of(peer: Peer) -> set[str]:
    return set(peer.document.root(NOTES).keys())
