"""How soon "saved" shows: from an edit's frame to its ack, while 100 people type on one board.

Ninety-five of them are the load generator, which is quick; five are ours and wait for acks. Every
commit is on the disk.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from websockets.asyncio.client import ClientConnection, connect

from boards import edits
from boards.document import Document
from server.sync.wire import messages
from tests.bench.rig import OURS, Rig, Running, running

CROWD, PROBES, RATE, SECONDS = 95, 5, 5.0, 10.0  # RATE: edits a second of each
TAG = "acks"
BOARD = f"{TAG}-0"  # as the generator names it


@dataclass
class Probe:
    """One of ours: when its messages left, by number from 1, and how long their acks took."""

    socket: ClientConnection
    sent: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    async def listen(self) -> None:
        async for frame in self.socket:
            if isinstance(frame, bytes) and frame[0] == messages.ACK:
                now, number = time.perf_counter(), messages.read_var_uint(frame, 1)[0]
                self.waits += [now - at for at in self.sent[len(self.waits) : number]]

    async def send(self, frame: bytes) -> None:
        self.sent.append(time.perf_counter())
        await self.socket.send(frame)

    async def write(self, dice: random.Random) -> None:
        await self.send(messages.sync_step1(b"\0"))
        await self.send(messages.sync_step2(b"\0\0"))
        for frame in typing(int(SECONDS * RATE)):
            await asyncio.sleep(dice.uniform(0.5, 1.5) / RATE)
            await self.send(frame)


def typing(count: int) -> list[bytes]:
    """A note and what is typed into it, letter by letter, as frames."""
    document = Document()
    note, first = document.record(
        lambda: edits.add_note(document, BOARD, zone="challenges", text="", at=1)
    )
    updates = [first]
    for length in range(1, count):
        _, update = document.record(lambda text="x" * length: edits.retext(document, note, text))  # type: ignore[misc]
        updates.append(update)
    return [messages.update(update) for update in updates]


async def measure(rig: Rig, server: Running) -> list[float]:
    """Seconds from sending to ack, of every edit of the probes, smallest first."""
    args = [
        *("--mode", "load", "--updates", f"{rig.data}/scripts.bin", "--boards", "1"),
        *("--clients", str(CROWD), "--editors", str(CROWD), "--rate", f"{RATE}"),
        *("--aw-rate", f"{RATE}", "--secs", f"{SECONDS + 8}", "--drain", "2", "--timeout", "60"),
    ]
    crowd = asyncio.create_task(asyncio.to_thread(rig.load, server, OURS, args, tag=TAG))
    await asyncio.sleep(4)  # until it has joined and types
    address = f"ws://127.0.0.1:{server.port}/{BOARD}?ack=1"
    probes = [Probe(await connect(address, compression=None, proxy=None)) for _ in range(PROBES)]
    listeners = [asyncio.create_task(probe.listen()) for probe in probes]
    dice = random.Random(1)
    await asyncio.gather(*(probe.write(dice) for probe in probes))
    figures = await crowd
    for task in listeners:
        task.cancel()
    for probe in probes:
        await probe.socket.close()
    if figures.get("lost") != 0:
        raise RuntimeError(f"the crowd did not type as it should: {figures}")
    return sorted(wait for probe in probes for wait in probe.waits[2:])


def main() -> None:
    rig = Rig(None)
    with tempfile.TemporaryDirectory() as folder, running(rig, OURS, Path(folder)) as server:
        waits = asyncio.run(measure(rig, server))
    p50, p95, p99 = (1000 * waits[int(len(waits) * part)] for part in (0.5, 0.95, 0.99))
    print(f"edit to ack, {CROWD + PROBES} people at {RATE:.0f} edits/s each: ms of {len(waits)}")
    print(f"p50 {p50:.1f}, p95 {p95:.1f}, p99 {p99:.1f}")


if __name__ == "__main__":
    main()
