"""Somebody who types in another workshop, in a process of their own: what others do to the server
must not be felt there, and what the tests' own process does cannot be.

`python -m tests.support.typist URL` prints, for each edit, when it was made (monotonic seconds, the
same for all processes) and how long its ack took.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import httpx

from boards.edits import add_note
from tests.support.peer import Peer

__all__ = ["Typist", "typist"]

PAUSE_SECONDS = 0.02  # between an ack and the next edit


class Typist:
    """`acks`: when an edit was made, and seconds until it was acked."""

    def __init__(self) -> None:
        self.acks: list[tuple[float, float]] = []
        self._acked = asyncio.Event()

    def waits(self, since: float) -> list[float]:
        """Of edits made from then on, from the shortest to the longest."""
        return sorted(wait for made, wait in self.acks if made >= since)

    async def waits_between(self, since: float, until: float) -> list[float]:
        """Of edits made in that time, the last of which may still be on its way."""
        async with asyncio.timeout(30):
            while not self.acks or self.acks[-1][0] < until:
                self._acked.clear()
                await self._acked.wait()
        return sorted(wait for made, wait in self.acks if since <= made < until)

    async def read(self, lines: asyncio.StreamReader) -> None:
        async for line in lines:
            made, wait = map(float, line.split())
            self.acks.append((made, wait))
            self._acked.set()


@asynccontextmanager
async def typist(url: str) -> AsyncIterator[Typist]:
    """They type until the block ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.typist", url, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    who = Typist()
    reading = asyncio.create_task(who.read(process.stdout))
    try:
        async with asyncio.timeout(30):
            for _ in iter(lambda: len(who.acks) > 10 or reading.done(), True):
                await asyncio.sleep(0)
        yield who
        assert process.returncode is None, "they were sent away"
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await reading


async def work(url: str) -> None:
    async with httpx.AsyncClient(base_url=url, trust_env=False) as http:
        made = (await http.post("/api/workshops", json={})).raise_for_status().json()
    board = made["boards"][0]["id"]
    async with Peer(url, board, token=made["token"]) as peer:
        note = peer.edit(partial(add_note, board=board, zone="z", text="x", at=1))
        text = peer.document.root("notes")[note]["text"]
        while not peer.closes:
            began = time.monotonic()
            peer.edit(lambda _: text.insert(0, "x") if len(text) < 900 else text.clear())
            await peer.saved()
            print(began, time.monotonic() - began, flush=True)
            await asyncio.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1]))
