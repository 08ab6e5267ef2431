"""How much of a board is deletions, which whoever has the board may repeat."""

from __future__ import annotations

import asyncio
import logging

from boards.document import Document, unknown_part
from boards.errors import BoardError
from server.sync.inspection.slices import BESIDE, LONG

__all__ = ["Deletions"]

log = logging.getLogger(__name__)


class Deletions:
    """Bytes of the deletions in one update, counted when somebody asks: seldom does anybody."""

    def __init__(self, update: bytes) -> None:
        self._update = update
        self._bytes: int | None = None
        self._is_counting = False

    def note(self, document: Document) -> None:
        """Count them, if they are not yet, with a document that holds the update: that is fast."""
        if self._bytes is None:
            self._bytes = len(document.get_update(document.get_state_vector()))

    def most(self, state_vector: bytes) -> int:
        """As many as there are; of a long update as many as it has, until they are counted.

        `state_vector`: of all that is in it. Raises InvalidUpdate.
        """
        if self._bytes is None and len(self._update) <= LONG:
            self._bytes = count(self._update, state_vector)
        if self._bytes is None:
            self._count_beside(state_vector)
        return len(self._update) if self._bytes is None else self._bytes

    def _count_beside(self, state_vector: bytes) -> None:
        if self._is_counting:
            return
        self._is_counting = True
        loop = asyncio.get_running_loop()
        counting = loop.run_in_executor(BESIDE, count, self._update, state_vector)
        counting.add_done_callback(self._counted)

    def _counted(self, counting: asyncio.Future[int]) -> None:
        try:
            self._bytes = counting.result()
        except BoardError:
            log.exception("the deletions of a board cannot be counted")


def count(update: bytes, state_vector: bytes) -> int:
    return len(unknown_part(update, state_vector))
