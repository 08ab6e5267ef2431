"""What a board holds: the stored bytes until somebody edits it, then a document as well.

A newcomer who has nothing is served the bytes of the checkpoint and the updates after it; nobody
waits for a document to be built. Most boards of a server are only looked at, or not at all.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterator, Sequence

from boards.document import Document, merge_updates
from boards.errors import BoardError
from server.store import StoreCorrupted, StoredBoard
from server.sync.board.deletions import Deletions
from server.sync.inspection import gaps
from server.sync.inspection.clocks import may_have_surrogates, survey
from server.sync.inspection.report import Inspection
from server.sync.inspection.surrogates import ClockSet
from server.sync.wire import messages
from server.sync.wire.frames import Outgoing

__all__ = ["BoardState", "merged"]

log = logging.getLogger(__name__)

MERGED_AT_ONCE = 64  # merging grows faster than its input; several frames are cheaper
MERGED_BYTES = 16 << 10  # of them; a large one stays as it is
CLIENT_BYTES = 16  # of a client id and a clock
TAIL = 64  # updates behind the base that a newcomer gets one by one rather than re-encoded


class BoardState:
    """What one board holds: its updates, their clocks, and the document that they make, if built.

    `clocks`: the decoded state vector. `surrogates`: see report.LowSurrogates. `size`: bytes of the
    updates that it is made from, as many as its state has or more. `board` is for error texts.

    What is stored was inspected when it came, or written by the
    server: it is only surveyed, since two sound updates can make a state that no update may be.
    """

    def __init__(self, board: str, stored: StoredBoard) -> None:
        self._board = board
        self._built: Document | None = None
        self.is_damaged = False  # it was found, when it was built, that its log cannot be applied
        self.clocks: dict[int, int] = {}
        self.surrogates: dict[int, ClockSet] = {}
        if stored.checkpoint is not None:
            self._base, self._tail = stored.checkpoint.update, list(stored.updates)
            self.clocks = messages.read_state_vector(stored.checkpoint.state_vector)
            if may_have_surrogates(self._base):
                self.note_own(self._base)
        else:
            self._base, self._tail = stored.updates[0], list(stored.updates[1:])
            self.note_own(self._base)
        for update in self._tail:
            self.note_own(update)
        self.size = len(self._base) + sum(map(len, self._tail))
        self._base_frames: Outgoing | None = None
        self._tail_frames: Outgoing | None = None  # frames of the tail, and our SyncStep1
        self._base_deletions = Deletions(self._base)

    @property
    def built(self) -> bool:
        return self._built is not None

    @property
    def document(self) -> Document:
        """The document, built at the first call. Raises StoreCorrupted."""
        if self._built is None:
            self._built = self._build()
        return self._built

    def adopt(self, document: Document) -> None:
        """Take a document that was built of `updates`, unless it lacks anything of them."""
        if messages.read_state_vector(document.get_state_vector()) == self.clocks:
            self._built = document
        else:
            log.error("board %s: built of portions it is another", self._board)

    def release_document(self) -> int:
        """Keep the bytes of the document instead of it; how many they are."""
        document = self.document
        self._rebase(document.get_update())
        self._base_deletions.note(document)  # while it tells that fast
        self._built = None
        return self.size

    def _rebase(self, update: bytes) -> None:
        self._base, self._tail, self.size = update, [], len(update)
        self._base_frames = self._tail_frames = None
        self._base_deletions = Deletions(update)

    @property
    def repeated_bytes(self) -> int:
        """Most bytes that repeating what the board holds takes: its clients and its deletions."""
        if self._built is not None:
            self._base_deletions.note(self._built)
        try:
            deletions = self._base_deletions.most(self.state_vector)
        except BoardError as error:
            raise StoreCorrupted(f"board {self._board} cannot be read: {error}") from error
        since = self.size - len(self._base)
        return CLIENT_BYTES * len(self.clocks) + deletions + 2 * since

    @property
    def updates(self) -> list[bytes]:
        """All that it is made from."""
        return [self._base, *self._tail]

    def note(self, inspection: Inspection) -> None:
        """The document holds an update of which this was reported; `add` it then."""
        gaps.advance(self.clocks, inspection)
        gaps.note_surrogates(self.surrogates, inspection)

    def add(self, updates: Sequence[bytes]) -> None:
        """Keep updates that the document holds now, and that were noted."""
        self._tail += updates
        self.size += sum(map(len, updates))
        self._tail_frames = None

    def has_room_for(self, size: int, *, most: int) -> bool:
        """Whether `size` more bytes leave the board within `most`; measured only when they may not.

        What it was made of is more than what it is: a note that was moved ten times has one place.
        """
        if self.size + size > most and self._tail:
            self._rebase(self.document.get_update())
        return self.size + size <= most

    def whole(self) -> tuple[Outgoing, Outgoing]:
        """All of it for somebody who has nothing: the base as SyncStep2; the rest, SyncStep1."""
        if self._built is not None and len(self._tail) > TAIL:
            self._rebase(self._built.get_update())
        if self._base_frames is None:
            self._base_frames = Outgoing((messages.sync_step2(self._base),))
        if self._tail_frames is None:
            self._tail_frames = Outgoing((*merged(self._tail), self.sync_step1()))
        return self._base_frames, self._tail_frames

    def cost_of(self, updates: Sequence[bytes]) -> float:
        """Processor seconds that it takes to apply updates that were not added yet."""
        copy = self._build()
        began = time.thread_time()
        copy.apply_updates(updates)
        return time.thread_time() - began

    def sync_step1(self) -> bytes:
        """The frame that asks a client for what it has and we lack."""
        return messages.sync_step1(self.state_vector)

    @property
    def state_vector(self) -> bytes:
        """`clocks`, encoded."""
        return messages.write_state_vector(self.clocks)

    def _build(self) -> Document:
        document = self._replay(0)
        for number, update in enumerate(self._tail):  # each for itself: the engine collects between
            try:
                document.apply_update(update)
            except BoardError as error:
                log.error("board %s is read-only: update %d: %s", self._board, number, error)
                return self._stop_before(number)
        return document

    def _replay(self, count: int) -> Document:
        """The base and so many updates after it. Raises StoreCorrupted."""
        try:
            document = Document(self._base)
            for update in self._tail[:count]:
                document.apply_update(update)
        except BoardError as error:
            raise StoreCorrupted(f"board {self._board} does not replay: {error}") from error
        return document

    def _stop_before(self, number: int) -> Document:
        """The board as it was before an update that cannot be applied; nothing is written to it.

        All of it stays in the store.
        """
        self.is_damaged = True
        document = self._replay(number)
        self._tail, self._tail_frames = self._tail[:number], None
        self.clocks = messages.read_state_vector(document.get_state_vector())
        return document

    def note_own(self, update: bytes) -> None:
        """The same of what the server wrote, or loaded."""
        try:
            found = survey(update)
        except ValueError as error:
            raise StoreCorrupted(f"board {self._board} holds no update: {error}") from error
        for client, end in found.ends.items():
            self.clocks[client] = max(end, self.clocks.get(client, 0))
        for client, surrogates in found.surrogates.items():
            self.surrogates.setdefault(client, ClockSet()).update(surrogates)


def merged(updates: list[bytes]) -> list[bytes]:
    """As few update frames as is cheap; what cannot be merged goes as it is."""
    frames: list[bytes] = []
    for chunk in chunks(updates):
        with contextlib.suppress(BoardError):
            chunk = [merge_updates(chunk)] if len(chunk) > 1 else chunk
        frames += map(messages.update, chunk)
    return frames


def chunks(updates: list[bytes]) -> Iterator[list[bytes]]:
    """As many of them, next to each other, as are merged at once."""
    chunk: list[bytes] = []
    size = 0
    for update in updates:
        size += len(update)
        if chunk and (size > MERGED_BYTES or len(chunk) == MERGED_AT_ONCE):
            yield chunk
            chunk, size = [], len(update)
        chunk.append(update)
    if chunk:
        yield chunk
