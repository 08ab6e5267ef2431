"""Large states are written one at a time, and with pauses.

The store has one writer: as long as it writes twenty megabytes, nobody's edits are durable.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from server.exports.sources import SMALL_BYTES
from server.exports.turns import Turns

__all__ = ["Large"]

WAITING = 16  # with the one that is written
WAITING_OF_ONE = 2  # workshop
SECONDS = 30.0  # from the wish to the end
PAUSE = 4.0  # times as long as the writing took, before the next one


class Large:
    """Turns at writing a large state. What is small waits for nobody."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._turns = Turns(
            at_once=1, waiting=WAITING, waiting_of_one=WAITING_OF_ONE, seconds=SECONDS
        )
        self._free_at = 0.0

    @asynccontextmanager
    async def turn(self, workshop: str, size: int) -> AsyncIterator[None]:
        """Write `size` bytes within. Raises NotDone when too many wait."""
        if size <= SMALL_BYTES:
            yield
            return
        async with self._turns.turn(workshop):
            await asyncio.sleep(max(0.0, self._free_at - self._clock()))
            began = self._clock()
            try:
                yield
            finally:
                now = self._clock()
                self._free_at = now + PAUSE * (now - began)
