"""Wiping from the store's files what was deleted or replaced, and again until it is done."""

import logging

from server.errors import ServiceError
from server.store import Store
from server.sync.commit.compactor import Compactor

__all__ = ["Scrubbing"]

log = logging.getLogger(__name__)


class Scrubbing:
    """What is committed counts at once; that nothing of before stays in the files may wait."""

    def __init__(self, store: Store, compactor: Compactor) -> None:
        self._store = store
        self._compactor = compactor
        self._due = False
        self._boards: dict[str, None] = {}

    async def do(self) -> None:
        """Now if the disk lets us, otherwise when `retry` is called."""
        self._due = True
        await self.retry()

    async def rewrite(self, board: str) -> None:
        """The same, of what was deleted on a board that stays: its log has it still."""
        self._boards[board] = None
        await self.do()

    async def retry(self) -> None:
        """What could not be wiped before."""
        boards, self._boards = self._boards, {}
        due, self._due = self._due, False  # what is deleted while we wipe sets them anew
        try:
            for board in list(boards):
                await self._compactor.erase(board)
                del boards[board]
            if due:
                await self._store.scrub()
        except (ServiceError, OSError, TimeoutError, ValueError) as error:
            self._boards |= boards
            self._due = True
            log.warning("what was deleted is not wiped from the files yet: %s", error)
