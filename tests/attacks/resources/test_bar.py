"""While somebody attacks the server, who types in another workshop feels nothing of it.

The bar is an ack within 50 ms for 99 of 100 and 250 ms for all, and half as much memory again at
most. The machine is not ours alone: what was so a moment before, without an attack, is as good.
It takes minutes: `make soak` runs it, and HAHMO_TEST_SOAK=2 with this file does.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from pathlib import Path

import pytest

from tests.attacks.resources.attackers import ATTACKS, Attack, Scene, prepare
from tests.faults.support.counts import tell
from tests.support.process import resident
from tests.support.seed import SOAK
from tests.support.server import running_server
from tests.support.typist import typist

P99, MOST, MEMORY = 0.05, 0.25, 1.5
AS_BEFORE = 3  # times what was so without an attack is as good
QUIET_SECONDS, SECONDS = 3.0, 6.0
LIMITED = {"HAHMO_WORKSHOPS_PER_HOUR": "100000"}
KEPT = {"large edits": 64 << 20}  # bytes of memory: what is on the board to the end
OVER = {  # measured on a quiet machine; what is to be mended
    "ghosts": "each join is 25 to 38 ms of the loop, eight come in one turn of it: p99 315 ms",
    "large edits": "4,900 structs are 46 ms, and 0.3 s of them are free: p99 175 ms, max 306 ms",
}
KINDS = [
    pytest.param(kind, marks=pytest.mark.xfail(reason=OVER[kind])) if kind in OVER else kind
    for kind in ATTACKS
    if SOAK > 1
]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("kind", KINDS)
async def test_what_one_workshop_does_is_not_felt_in_another(kind: str, tmp_path: Path) -> None:
    with running_server(tmp_path / "data", LIMITED) as server:
        scene = await prepare(server.url, server.port)
        async with typist(server.url) as who:
            quiet_since = time.monotonic()
            await asyncio.sleep(QUIET_SECONDS)
            quiet, memory = who.waits(quiet_since), resident(server.pid)
            attack_since = time.monotonic()
            most = await attacked(ATTACKS[kind], scene, server.pid)
            attack = who.waits(attack_since)
    p99, longest = figures(attack)
    quiet99, quiet_longest = figures(quiet)
    told = tell(
        f"bar: {kind}",
        n=len(attack),
        acked=len(attack),
        lost=0,
        more=f"p99 {p99 * 1e3:.0f} ms (quiet {quiet99 * 1e3:.0f}), "
        f"max {longest * 1e3:.0f} ms (quiet {quiet_longest * 1e3:.0f}), "
        f"memory {most / memory:.2f} of {memory >> 20} MiB",
    )
    assert len(attack) > SECONDS, told
    assert p99 <= max(P99, AS_BEFORE * quiet99), told
    assert longest <= max(MOST, AS_BEFORE * quiet_longest), told
    assert most <= MEMORY * memory + KEPT.get(kind, 0), told


async def attacked(attack: Attack, scene: Scene, pid: int) -> int:
    """The most memory that the server had meanwhile."""
    most = resident(pid)
    task = asyncio.ensure_future(attack(scene))
    ends = time.monotonic() + SECONDS
    while time.monotonic() < ends:
        await asyncio.sleep(0.1)
        most = max(most, resident(pid))
    assert not task.done(), task.result()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    return most


def figures(waits: list[float]) -> tuple[float, float]:
    """The 99th of 100, and the longest."""
    return waits[len(waits) * 99 // 100], waits[-1]
