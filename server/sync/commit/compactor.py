"""Checkpoints in place of long logs: replayed in another process, verified, then stored.

Replay, because merging updates is far slower than applying them, and from the store, because a
live document may hold what is not durable. In a process of its own, because the engine never
releases the interpreter lock. Whatever fails, the log stays as it was (rules CP1–CP3).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging

from boards.document import Document
from server.children import Child, run_child
from server.errors import ServiceError
from server.store import Store, StoredBoard, StoredCheckpoint
from server.sync.commit.elsewhere import answer, asked, elsewhere
from server.sync.commit.history import History
from server.sync.limits import SyncLimits
from server.sync.wire import messages

__all__ = ["Compactor", "main", "checkpoint_of"]

log = logging.getLogger(__name__)


class Compactor:
    """Compacts boards one after the other, in the background; `stop` gives up what is left."""

    def __init__(self, store: Store, limits: SyncLimits) -> None:
        self._store = store
        self._limits = limits
        self.history = History(store, limits, self._replayed)
        self._child: Child = run_child
        self._waiting: dict[str, None] = {}
        self._task: asyncio.Task[None] | None = None
        self._stopped = False

    @property
    def waiting(self) -> int:
        """Boards whose checkpoint is due."""
        return len(self._waiting)

    def run_in(self, child: Child) -> None:
        """From now on other processes are begun by `child`."""
        self._child = self.history.child = child

    def consider(self, board: str, updates: int, size: int, busy: bool) -> bool:
        """Compact `board` if so many updates, or bytes of them, follow its checkpoint.

        While people write (`busy`) the log may grow longer: a checkpoint costs more than they do.
        """
        limits = self._limits
        most = limits.busy_log_updates if busy else limits.log_updates
        due = updates >= most or size >= limits.log_bytes
        if due and not self._stopped:
            self._waiting[board] = None
            if self._task is None or self._task.done():
                self._task = asyncio.get_running_loop().create_task(self._work(), name="compact")
        return due

    async def stop(self) -> None:
        self._stopped = True
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _work(self) -> None:
        while self._waiting:
            board = next(iter(self._waiting))
            del self._waiting[board]
            try:
                await self.compact(board)
            except (ServiceError, OSError, TimeoutError, ValueError) as error:
                log.error("board %s is not compacted, its log stays: %s", board, error)

    async def compact(self, board: str) -> None:
        """Replace the board's log by a checkpoint that was replayed and compared."""
        stored = await self._store.load(board)
        if stored is None or not stored.updates:
            return
        checkpoint = await self._replayed(stored)
        await self._store.compact(board, checkpoint)
        await self.history.tidy(board, stored.at)

    async def _replayed(self, stored: StoredBoard) -> StoredCheckpoint:
        return await replayed_elsewhere(
            stored, seconds=self._limits.replay_seconds, child=self._child
        )

    async def erase(self, board: str) -> None:
        """Leave nothing of what was deleted: no log, generation before, nor history."""
        stored = await self._store.load(board)
        if stored is None:
            return
        checkpoint = await self._replayed(stored)
        await self._store.erase(board, checkpoint)


async def replayed_elsewhere(
    stored: StoredBoard, *, seconds: float, child: Child = run_child
) -> StoredCheckpoint:
    """`checkpoint_of` in another process. Raises ValueError with what it said, TimeoutError."""
    before = stored.checkpoint.update if stored.checkpoint else b""
    asks = [before, *stored.updates]
    state_vector, update = await elsewhere(
        "server.sync.commit.compactor", asks, seconds=seconds, child=child
    )
    return StoredCheckpoint(stored.seq, state_vector, update, stored.at)


def main() -> None:
    """The other process: packed updates in, packed state vector and checkpoint out."""
    before, *updates = asked()
    checkpoint = StoredCheckpoint(0, b"", before) if before else None
    made = checkpoint_of(StoredBoard("", checkpoint, tuple(updates)))
    answer([made.state_vector, made.update])


def checkpoint_of(stored: StoredBoard) -> StoredCheckpoint:
    """Replay what is stored, and replay the result to see that it says the same.

    Raises ValueError if it does not, BoardError if it cannot be replayed.
    """
    document = replay(stored)
    state_vector, update = document.get_state_vector(), document.get_update()
    checkpoint = StoredCheckpoint(stored.seq, state_vector, update, stored.at)
    again = Document(checkpoint.update)
    expected, got = (messages.read_state_vector(d.get_state_vector()) for d in (document, again))
    if expected != got:
        raise ValueError(f"the checkpoint's state vector differs: {expected} and {got}")
    if contents(document) != contents(again):
        raise ValueError("the checkpoint's contents differ from the log's")
    return checkpoint


def replay(stored: StoredBoard) -> Document:
    """The document that a board's log describes. Raises BoardError."""
    document = Document(stored.checkpoint.update if stored.checkpoint else None)
    for update in stored.updates:  # each for itself, as they came: the engine collects between
        document.apply_update(update)
    return document


def contents(document: Document) -> dict[str, object]:
    """All that the document shows, by root."""
    return {name: document.root(name).to_py() for name in sorted(document.doc.keys())}


if __name__ == "__main__":
    main()
