"""R15: people come, write and leave for as long as one likes; memory and open files stay flat."""

from __future__ import annotations

import asyncio
import random
from functools import partial
from pathlib import Path
from statistics import median

import pytest

from tests.faults.support.counts import count, tell
from tests.faults.support.crash import Ledger, Workshop, Writer, forkserver, on_disk
from tests.faults.support.crowd import metric
from tests.support.peer import Peer
from tests.support.process import open_files, resident
from tests.support.server import free_port

CYCLES = count("HAHMO_TEST_CYCLES", ordinary=45, soak=3000)
PER_WORKSHOP = 3  # cycles; then the workshop is deleted, so that nothing grows by right
PEOPLE = 6
EDITS = 10
MOST_DRIFT = 0.05  # of the memory in the first third, to the last
NOISE = 2 << 20  # bytes that come and go with the allocator's mood
PATIENCE = 30.0

pytestmark = [pytest.mark.timeout(8 * 3600), pytest.mark.xdist_group("r15")]


async def test_r15_churn_leaks_neither_memory_nor_files(
    tmp_path: Path, dice: random.Random
) -> None:
    folder, port = tmp_path / "data", free_port()
    limits = {"messages_per_second": 0, "unload_seconds": 0.0}
    acked, lost = 0, list[str]()
    memory, files = list[int](), list[int]()
    with forkserver() as forks:
        pid = forks.start(folder, port, limits=limits)
        for cycle in range(CYCLES):
            if cycle % PER_WORKSHOP == 0:
                workshop, ledger = Workshop.open(port, PEOPLE), Ledger()
            await come_write_and_leave(workshop, dice, ledger)
            if (cycle + 1) % PER_WORKSHOP == 0:
                acked += ledger.acked
                lost += ledger.lost(await on_disk(folder))
                workshop.call("DELETE", f"/api/workshops/{workshop.id}")
                await nobody_is_left(workshop)
                memory.append(resident(pid))
                files.append(open_files(pid))
        forks.kill()
    first, last = parts(memory)
    tell(
        "R15",
        n=CYCLES,
        acked=acked,
        lost=len(lost),
        more=f"memory {first >> 10} to {last >> 10} KiB, files {files[0]} to {files[-1]}",
    )
    assert acked >= CYCLES * PEOPLE
    assert lost == []
    assert last < first * (1 + MOST_DRIFT) + NOISE
    assert files[-1] <= files[0]


def parts(values: list[int]) -> tuple[int, int]:
    """The medians of the second and the last third: the first one is for warming up."""
    third = len(values) // 3
    return int(median(values[third : 2 * third])), int(median(values[2 * third :]))


async def come_write_and_leave(workshop: Workshop, dice: random.Random, ledger: Ledger) -> None:
    """Everybody on some board, with presence; half of them go without a word."""
    peers = [workshop.peer(number, dice.choice(workshop.boards)).open() for number in range(PEOPLE)]
    writers = [Writer(peer, dice) for peer in peers]
    for peer in peers:
        await peer.until(partial(is_synced, peer), deadline=PATIENCE)
        peer.show({"cursor": [1, 2]})
    for _ in range(EDITS):
        for writer in writers:
            writer.edit()
    for number, writer in enumerate(writers):
        await writer.peer.saved(deadline=PATIENCE)
        writer.note_down(ledger)
        await (writer.peer.close() if number % 2 else writer.peer.vanish())


def is_synced(peer: Peer) -> bool:
    return peer.synced


async def nobody_is_left(workshop: Workshop) -> None:
    async with asyncio.timeout(PATIENCE):
        while await metric(workshop.url, "hahmo_connections"):
            continue
        while await metric(workshop.url, "hahmo_rooms"):
            continue
