"""Turns at work that is costly: few at once, one per workshop, with a deadline."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from server.exports.errors import ExportFailed

__all__ = ["Turns"]


class Turns:
    """A queue for what is costly, fair between workshops.

    `at_once` in all, one per workshop; `waiting` in all, `waiting_of_one` of each, at work too.

    `seconds`: from the request to the end, waiting included.
    """

    def __init__(self, *, at_once: int, waiting: int, waiting_of_one: int, seconds: float) -> None:
        self._turns = asyncio.Semaphore(at_once)
        self._most, self._most_of_one = waiting, waiting_of_one
        self._seconds = seconds
        self._waiting: dict[str, int] = {}  # by workshop
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, workshop: str) -> AsyncIterator[None]:
        """Wait for this workshop's turn, then for one of the server's; work within.

        Raises ExportFailed when too many wait, or when it took too long.
        """
        mine, all = self._waiting.get(workshop, 0), sum(self._waiting.values())
        if mine >= self._most_of_one or all >= self._most:
            raise ExportFailed(f"{all} others wait for their turn, {mine} of this workshop")
        lock = self._locks.setdefault(workshop, asyncio.Lock())  # lives while somebody waits
        self._waiting[workshop] = mine + 1
        try:
            async with asyncio.timeout(self._seconds), lock, self._turns:
                yield
        except TimeoutError:
            raise ExportFailed(f"not finished within {self._seconds} s") from None
        finally:
            self._waiting[workshop] -= 1
            if not self._waiting[workshop]:
                del self._waiting[workshop]
