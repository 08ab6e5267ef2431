"""Wiping from the store's files what was deleted or replaced, and again until it is done."""

import asyncio
import logging

from server.errors import ServiceError
from server.store import Commit, Store
from server.store.homes import is_ours
from server.sync.commit.committer import Committer
from server.sync.commit.compactor import Compactor

__all__ = ["PATIENCE_SECONDS", "Scrubbing"]

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 20.0  # whoever deleted something waits no longer until it is wiped
FAILURES = (ServiceError, OSError, TimeoutError, ValueError)


class Scrubbing:
    """Wipes the files of the store of what was deleted, in the background.

    What is committed counts at once; that nothing of before stays in the files may wait.

    One at a time, however many ask: who comes meanwhile waits for the next time, together. Desks
    whose log has to be written anew are records, so that no end of the process loses them.
    """

    def __init__(self, store: Store, committer: Committer, compactor: Compactor) -> None:
        self._store = store
        self._committer = committer
        self._compactor = compactor
        self._lock = asyncio.Lock()
        self._asked = 0  # how often it was asked for, and how many of those are done
        self._done = 0
        self._due = False
        self._running: set[asyncio.Task[None]] = set()

    async def do(self) -> None:
        """Now if the disk lets us and it is soon done, otherwise when `retry` is called."""
        self.later()
        task = asyncio.create_task(self._do(self._asked), name="scrub")
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await asyncio.wait([task], timeout=PATIENCE_SECONDS)

    def later(self) -> None:
        """When `retry` is called."""
        self._asked += 1
        self._due = True

    async def retry(self) -> None:
        """What was not wiped before, also before the start."""
        async with self._lock:
            await self._wipe()

    async def stop(self) -> None:
        """Give up what is under way: it is done after the next start."""
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running)

    async def _do(self, asked: int) -> None:
        async with self._lock:
            if self._done < asked:
                await self._wipe()

    async def _wipe(self) -> None:
        asked = self._asked
        due, self._due = self._due, False  # what is deleted while we wipe sets it anew
        try:
            wiped = await self._rewrite()
            if due or wiped:
                await self._store.scrub()
        except FAILURES as error:
            self._due = True
            tell(error)
        self._done = asked

    async def _rewrite(self) -> bool:
        """The logs that are to be written anew; whether any was."""
        desks: dict[str, list[str]] = {}
        for id, value in await self._store.find("wipe", ""):
            desks.setdefault(value["board"], []).append(id)
        is_done = False
        for desk, ids in desks.items():
            if await is_ours(self._store, desk) and await self._is_erased(desk):
                is_done = True
                deletes = [("wipe", id) for id in ids]
                await self._committer.commit_alone(Commit(desk, deletes=deletes))
        return is_done

    async def _is_erased(self, board: str) -> bool:
        """One that cannot be replayed keeps no other from it."""
        try:
            await self._compactor.erase(board)
        except FAILURES as error:
            tell(error)
            return False
        return True


def tell(error: Exception) -> None:
    log.warning("what was deleted is not wiped from the files yet: %s", error)
