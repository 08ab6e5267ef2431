"""What takes long of a large board happens beside other work: it is read, and its document built.

Bytes are read in a thread. The engine's documents belong to one thread, the loop's; so a document
is made there of portions, some milliseconds of them in each turn (rule RM19).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Iterator, Sequence

from boards.document import Document
from boards.errors import BoardError
from server.store import StoredBoard
from server.sync.board.board_state import BoardState
from server.sync.inspection.portions import portions
from server.sync.inspection.slices import BESIDE, LONG

__all__ = ["Building", "is_large"]

log = logging.getLogger(__name__)

WHOLE = 16 << 10  # bytes of an update that is no work at all
TURN = 0.003  # seconds of processor time; an ack takes four turns of the loop


def is_large(stored: StoredBoard) -> bool:
    """Whether it takes so long to read that it is not done in one go."""
    base = 0 if stored.checkpoint is None else len(stored.checkpoint.update)
    return base + sum(map(len, stored.updates)) > LONG


class Building:
    """Builds the document of a large board, if nobody needs it at once meanwhile.

    `built`: called with it, on the loop, when it is made.
    """

    def __init__(self, state: BoardState, built: Callable[[], None]) -> None:
        self._state = state
        self._built = built
        self._waiting: dict[Callable[[], None], None] = {}
        self._stopped = False
        self._document = Document()
        self._loop = asyncio.get_running_loop()
        self._parts: Iterator[bytes] = iter(())
        self._loop.run_in_executor(BESIDE, self._cut, state.updates)

    @staticmethod
    def is_needed(state: BoardState) -> bool:
        """Whether it takes so long that it is not done in one go."""
        return not state.built and state.size > LONG

    def tell(self, who: Callable[[], None]) -> None:
        """`who` is called once when it is done, or stopped."""
        self._waiting[who] = None

    def stop(self) -> None:
        """Nobody needs it any more."""
        self._stopped = True
        self._parts = iter(())
        self._finish()

    def _cut(self, updates: Sequence[bytes]) -> None:
        parts: list[bytes] | None = None
        try:
            parts = [part for update in updates for part in in_parts(update)]
        except (ValueError, IndexError, OverflowError):
            log.exception("a board cannot be cut into portions")  # then it is built in one go
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            self._loop.call_soon_threadsafe(self._begin, parts)

    def _begin(self, parts: list[bytes] | None) -> None:
        if parts is None:
            self._finish()
        else:
            self._parts = iter(parts)
            self._go_on()

    def _go_on(self) -> None:
        if self._stopped:
            return None
        ends = time.thread_time() + TURN
        try:
            while not self._state.built and time.thread_time() < ends:
                part = next(self._parts, None)
                if part is None:
                    self._state.adopt(self._document)
                    return self._finish()
                self._document.apply_update(part)
        except BoardError:
            return self._finish()  # it is told, and handled, when it is built in one go
        if self._state.built:
            return self._finish()  # somebody could not wait
        self._loop.call_soon(self._go_on)
        return None

    def _finish(self) -> None:
        """Whatever came of it: without a document, whoever needs one builds it in one go."""
        self._document = Document()
        if not self._stopped:
            self._stopped = True
            self._built()
        waiting, self._waiting = self._waiting, {}
        for each in waiting:
            each()


def in_parts(update: bytes) -> Iterator[bytes]:
    """Of an update, what is applied one after the other to the same end."""
    if len(update) <= WHOLE:
        yield update
    else:
        yield from filter(None, portions(update))
