"""Stores in memory that wait, or fail, as a test wants them to."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from server.store import Commit, Misfit, StoredBoard
from server.store.memory import MemoryStore

__all__ = ["SlowStore", "SteeredStore"]


class SteeredStore(MemoryStore):
    """`attempts`: commits begun. `error`: what every commit raises from now on, if any."""

    def __init__(self) -> None:
        super().__init__()
        self.attempts = 0
        self.error: Exception | None = None
        self._held = False
        self._begun = asyncio.Semaphore(0)
        self._may_end = asyncio.Semaphore(0)

    def hold(self) -> None:
        """From now on commits begin, but end only one by one (`end_one`)."""
        self._held = True
        self._begun = asyncio.Semaphore(0)

    async def begun(self) -> None:
        """Until one more commit has begun since `hold`: what it takes is collected by then."""
        await asyncio.wait_for(self._begun.acquire(), 10)

    def end_one(self) -> None:
        self._may_end.release()

    def go_on(self) -> None:
        """Commits end by themselves again."""
        if self._held:
            self._held = False
            self._may_end.release()

    async def commit_all(self, commits: Sequence[Commit]) -> list[Misfit | None]:
        self.attempts += 1
        self._begun.release()
        if self._held:
            await self._may_end.acquire()
        if self.error is not None:
            raise self.error
        return await super().commit_all(commits)


class SlowStore(MemoryStore):
    """A store that loads when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.may_load = asyncio.Event()

    async def load(self, board: str) -> StoredBoard | None:
        await self.may_load.wait()
        return await super().load(board)
