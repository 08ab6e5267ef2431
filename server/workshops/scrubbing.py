"""Wiping from the store's files what was deleted or replaced, and again until it is done."""

import logging

from server.store import Store, StoreUnavailable

__all__ = ["Scrubbing"]

log = logging.getLogger(__name__)


class Scrubbing:
    """What is committed counts at once; that nothing of before stays in the files may wait."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._due = False

    async def do(self) -> None:
        """Now if the disk lets us, otherwise when `retry` is called."""
        self._due = True
        await self.retry()

    async def retry(self) -> None:
        """What could not be wiped before."""
        if not self._due:
            return
        self._due = False  # what is deleted while we wipe sets it anew
        try:
            await self._store.scrub()
        except StoreUnavailable as error:
            self._due = True
            log.warning("what was deleted is not wiped from the files yet: %s", error)
