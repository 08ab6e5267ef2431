"""R8: the wall clock jumps hours to and fro; order, acks, deadlines and idle timers don't care."""

from __future__ import annotations

import ast
import asyncio
import os
import random
import signal
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from boards.document import Document
from server.sync.wire import messages
from tests.faults.support.counts import tell
from tests.faults.support.crash import (
    Ledger,
    Workshop,
    Writer,
    add_note,
    findings,
    forkserver,
    on_disk,
)
from tests.support.clock import HandClock
from tests.support.imports import sources
from tests.support.peer import texts_of, wait_until
from tests.support.rooms import BOARD, Client, board_rooms
from tests.support.server import free_port

PATIENCE = 30.0
EDITS = 40  # of each writer
LIMITS = {"unload_seconds": 0.3, "keepalive_seconds": 0.2, "parked_seconds": 0.5}
WALL_CLOCKS = {"time", "time_ns", "now", "utcnow", "today", "localtime", "gmtime"}

pytestmark = [pytest.mark.timeout(180), pytest.mark.xdist_group("r8")]


async def test_r8_clock_jumps_change_nothing(tmp_path: Path, dice: random.Random) -> None:
    folder, port, ledger = tmp_path / "data", free_port(), Ledger()
    with forkserver() as forks:
        pid = forks.start(folder, port, clock=dice.randrange(1 << 32), limits=LIMITS)
        workshop = Workshop.open(port, 3)
        writers = [Writer(workshop.peer(number).open(), dice) for number in range(3)]
        peers = [writer.peer for writer in writers]
        for peer in peers:
            await peer.until(lambda peer=peer: peer.synced)  # type: ignore[misc]
            peer.show({"cursor": None})
        for _ in range(EDITS):
            for writer in writers:
                writer.edit()
            await peers[0].saved(deadline=PATIENCE)
        for writer in writers:
            await writer.peer.saved(deadline=PATIENCE)
            writer.note_down(ledger)
        await wait_until(lambda: len({tuple(texts_of(peer)) for peer in peers}) == 1, *peers)
        await wait_until(lambda: all(len(peer.others) == 2 for peer in peers), *peers)
        await hears_keepalives(workshop)
        await is_cut_off_for_its_gap(workshop)
        assert [peer.closes for peer in peers] == [[], [], []]
        for peer in peers:
            await peer.close()
        await unloads(workshop)
        os.kill(pid, signal.SIGKILL)
        forks.wait()
    lost = ledger.lost(await on_disk(folder))
    tell("R8", n=3 * EDITS, acked=ledger.acked, lost=len(lost))
    assert ledger.acked == 3 * EDITS
    assert lost == []
    assert await findings(folder) == []


def address(workshop: Workshop) -> str:
    url = workshop.url.replace("http", "ws")
    return f"{url}/sync/{workshop.boards[1]}?token={workshop.tokens[0]}"


async def hears_keepalives(workshop: Workshop) -> None:
    async with asyncio.timeout(PATIENCE), connect(address(workshop), proxy=None) as socket:
        await socket.send(messages.sync_step1(b"\0"))
        heard = 0
        while heard < 3:
            heard += await socket.recv() == messages.KEEPALIVE


async def is_cut_off_for_its_gap(workshop: Workshop) -> None:
    """An edit without its predecessor: parked for half a second, then 4509."""
    loop = asyncio.get_running_loop()
    document = Document()
    document.record(lambda: add_note(document, workshop.boards[1], "first"))
    gapped = document.record(lambda: add_note(document, workshop.boards[1], "second"))[1]
    async with asyncio.timeout(PATIENCE), connect(address(workshop), proxy=None) as socket:
        await socket.send(messages.sync_step1(b"\0"))
        await socket.send(messages.update(gapped))
        began = loop.time()
        with suppress(ConnectionClosed):
            async for _ in socket:
                pass
        assert socket.close_code == 4509
        assert loop.time() - began > LIMITS["parked_seconds"] * 0.9


async def unloads(workshop: Workshop) -> None:
    """Nobody is there any more, so no board stays in memory."""
    async with asyncio.timeout(PATIENCE), httpx.AsyncClient(trust_env=False) as http:
        while "\nhahmo_rooms 0.0\n" not in (await http.get(f"{workshop.url}/metrics")).text:
            continue


STAMPING = ("evenclock", "index")


@pytest.mark.parametrize(
    "source", sources("server/sync", "server/store"), ids=lambda path: path.stem
)
def test_r8_the_engine_reads_no_wall_clock(source: Path) -> None:
    """But to stamp what is stored: edits, and in which order workshops came (Redis)."""
    calls = [
        node.func.attr
        for node in ast.walk(ast.parse(source.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("time", "datetime", "date")
    ]
    assert WALL_CLOCKS & set(calls) == ({"time_ns"} if source.stem in STAMPING else set())


async def test_r8_a_machine_that_pauses_refuses_nobody() -> None:
    """A suspended laptop, a busy host: the update took long by the clock, not by the processor."""

    class Pausing(HandClock):
        def now(self) -> float:
            self.pause(60)
            return super().now()

    async with board_rooms(clock=Pausing()) as rooms, rooms.hold(BOARD) as room:
        ann = Client(room)
        ann.sync()
        ann.send_update(ann.document.record(lambda: add_note(ann.document, BOARD, "hei"))[1])
        await rooms.committer.commit(room.workshop)
        ann.hear()
        assert ann.error is None
        assert ann.acked == ann.connection.received
