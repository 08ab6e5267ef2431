"""What a room accepted and nobody was told of: it waits in the batch of the next commit (RM1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from server.store import Record, StoredBoard
from server.sync.access import Access
from server.sync.board.live_board import Taken
from server.sync.clock import Clock
from server.sync.commit.batch import Batch
from server.sync.commit.evenclock import EvenClock
from server.sync.judging.removals import Removal, Removals, Removed
from server.sync.room.connection import Connection
from server.sync.room.follow_up import FollowUp
from server.sync.wire.frames import Outgoing

__all__ = ["Pending"]


class Pending:
    """The batch that a room hands to the next commit, and who is told what after that.

    `seq`: number of the last update that was accepted; it counts from the board's first.
    `mark` is called when there is something to commit.
    """

    def __init__(self, board: str, mark: Callable[[], None], clock: Clock) -> None:
        self.seq = 0
        self.last_edit = 0.0  # monotonic seconds
        self.log_updates = 0  # that follow the checkpoint
        self.log_bytes = 0
        self.removals = Removals(board)
        self._board = board
        self._mark = mark
        self._clock = clock
        self._stamps = EvenClock(0)
        self._batch = Batch(1, FollowUp())
        self._in_flight = False

    def open(self, stored: StoredBoard, removed: Iterable[Mapping[str, Any]]) -> None:
        """The board has loaded, first or again; what is pending already comes after that."""
        self.removals = Removals(self._board, removed)
        self.seq = stored.seq
        self.log_updates = len(stored.updates)
        self.log_bytes = sum(map(len, stored.updates))
        self._stamps = EvenClock(stored.at)
        self._batch.first_seq = self.seq + 1

    def __bool__(self) -> bool:
        """Whether something is not durable yet."""
        return bool(self._batch or self._batch.follow_up) or self._in_flight

    # -- what comes in -------------------------------------------------------------------------

    def keep(self, connection: Connection, number: int, taken: Taken) -> None:
        """For the next commit, which holds an edit and what puts it right, or neither.

        `number`: of the author's message that the edit came in, or the last of them.
        """
        if taken.updates:
            self._batch.puts += taken.claims
            self._queue(taken.updates, connection)
        if taken.own:
            self._queue(taken.own, None)
        if taken.removals:
            self._keep_removals(connection.access, taken.removals)
        if taken.notices:
            self._batch.follow_up.notices += (
                (connection, number, notice) for notice in taken.notices
            )

    def keep_own(self, update: bytes, claims: list[Record]) -> None:
        """The same of an update of the server's own."""
        self._batch.puts += claims
        self._queue([update], None)

    def ack(self, connection: Connection, number: int) -> None:
        """The ack for `number` follows the next commit, which holds everything up to it."""
        last, count = self._batch.follow_up.marks.get(connection, (0, 0))
        self._batch.follow_up.marks[connection] = (max(last, number), count + 1)
        connection.uncommitted += 1
        self._mark()

    def join(self, connection: Connection, outgoing: tuple[Outgoing, ...]) -> None:
        """Send a newcomer this, which holds what is pending, once that is durable."""
        self._batch.follow_up.joiners.append((connection, outgoing, len(self._batch.updates)))
        self._mark()

    def log(self, removed: Mapping[str, Removed | None]) -> None:
        """What the server deleted for somebody, or brought back (None)."""
        for note, how in removed.items():
            self.removals.put(note, how)
        self._batch.follow_up.restored += [note for note, how in removed.items() if how is None]
        self._mark()

    def _keep_removals(self, access: Access, removals: Sequence[Removal]) -> None:
        at = self._stamps.now()
        news = self.removals.note(access.person, removals, at)
        if news:
            self._batch.follow_up.removals.append((access, at, news))

    def _queue(self, updates: list[bytes], author: Connection | None) -> None:
        self.seq += len(updates)
        self.last_edit = self._clock.now()
        if not self._batch.updates:
            self._batch.follow_up.began = self.last_edit
        self.log_updates += len(updates)
        self.log_bytes += sum(map(len, updates))
        self._batch.updates += updates
        self._batch.who += [author.access.person if author else ""] * len(updates)
        self._batch.follow_up.authors += [author] * len(updates)
        self._mark()

    # -- what goes out -------------------------------------------------------------------------

    def take(self) -> Batch[FollowUp]:
        """Hand the batch to the committer; `committed` follows, or `drop`."""
        batch, self._batch = self._batch, Batch(self.seq + 1, FollowUp())
        puts, gone = self.removals.take()
        batch.at = self._stamps.now()
        batch.puts += puts
        batch.deletes += gone
        self._in_flight = True
        return batch

    def committed(self) -> None:
        """What was taken is durable."""
        self._in_flight = False

    def drop(self) -> None:
        """All of it is lost: those who sent it bring it again."""
        self._batch = Batch(0, FollowUp())
        self._in_flight = False
