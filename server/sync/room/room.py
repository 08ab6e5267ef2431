"""One board in memory: its document, its people, and what waits to be durable.

Synchronous and sans-I/O: frames come in and go to outboxes, batches to the committer. The way of
one edit (docs/protocol.md, rules RM1–RM19), and the methods below in its order:

    receive         frames wait as the board loads (`intake.py`), `inbox.py` has them inspected
    take_edit       may its author write, is nothing missing that it builds on? Else held, or parked
    accept          applied and judged (`board/live_board.py`); who spoils the document has to leave
    take_together   both of these for edits that came at once, if each simply follows the last
    take_large      the same in portions, of what takes long (`taking.py`)
    _pending.keep   it waits in a batch, with what its author and the others are owed
    take_batch      the committer fetches it
    committed       it is durable: acked to its author and sent to everybody else (`follow_up.py`)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, TypeVar

from boards.document import Document
from boards.errors import PoisonedDocument
from boards.schema import ANSWERS, EXPERIMENTS, LINKS, NOTES, THEMES, VOTES, layout_root
from server.errors import ServiceError
from server.metrics import Timings
from server.store import SERVER, StoredBoard, StoreUnavailable
from server.sync.board.board_state import BoardState
from server.sync.board.client_owners import ClientOwners
from server.sync.board.edit import Edit
from server.sync.board.live_board import NOTHING, Damaged, LiveBoard, PoisonedByEdit, Taken
from server.sync.board.notices import Notices
from server.sync.clock import Clock
from server.sync.commit.batch import Batch
from server.sync.commit.committer import Committer
from server.sync.errors import BoardFull
from server.sync.inspection import inspector
from server.sync.inspection.places import Places
from server.sync.inspection.slices import Slices
from server.sync.judging.alarms import Alarms
from server.sync.judging.removals import Removals, Removed
from server.sync.judging.repairs import Repair
from server.sync.limits import SyncLimits
from server.sync.room.connection import Connection
from server.sync.room.follow_up import FollowUp, Publisher
from server.sync.room.inbox import Inbox
from server.sync.room.intake import Chores, Intake
from server.sync.room.pending import Pending
from server.sync.room.quiet import Release
from server.sync.room.standing import FULL, READ_ONLY, Space, hold
from server.sync.room.subscribers import Subscribers
from server.sync.room.taking import Taking

__all__ = ["Room"]

T = TypeVar("T")

ROOTS = (NOTES, THEMES, LINKS, VOTES, ANSWERS, EXPERIMENTS)  # what people may write to


class Room:
    """One board's part of the engine: every edit of it goes through here, in one thread.

    `chores`: makes what does some of its work in each turn of the loop (`shares.py`).
    `on_broken`: its document must be loaded again; `on_failed`: nobody may use this room any more;
    `on_grown`: its log grew, see `Compactor.consider`; `on_freed`: a document of so many bytes went
    """

    def __init__(
        self,
        board: str,
        *,
        committer: Committer,
        limits: SyncLimits,
        timings: Timings,
        clock: Clock,
        notices: Notices,
        alarms: Alarms,
        chores: Callable[[Callable[[], Connection | None]], Chores],
        on_broken: Callable[[Room], None],
        on_failed: Callable[[Room], None],
        on_grown: Callable[[str, int, int, bool], bool],
        on_freed: Callable[[int], None],
    ) -> None:
        self.board = board
        self.workshop = SERVER  # until it has loaded
        self.lineage = ""
        self.connections: dict[Connection, None] = {}
        self.clock = clock
        self._committer = committer
        self._limits = limits
        self._timings = timings
        self._on_broken = on_broken
        self._on_failed = on_failed
        self._on_grown = on_grown
        self._live: LiveBoard | None = None  # None while it loads
        self._places = Places()
        self._roots = inspector.root_names(*ROOTS, layout_root(board))
        self._space = Space(self._has_room, clock, seconds=limits.full_seconds)
        self._subscribers = Subscribers(limits, committer.scheduler)
        inbox = Inbox(self, self._subscribers, limits)
        self._intake = Intake(inbox, self._places, limits, chores)
        self._taking = Taking(self, self._intake, limits)
        self._pending = Pending(board, partial(committer.mark, self), clock)
        self._release = Release(
            self._pending,
            limits,
            clock,
            on_quiet=partial(self._consider_log, busy=False),
            on_freed=on_freed,
        )
        self._publisher = Publisher(
            board, self.connections, self._subscribers, notices, alarms, timings, clock
        )
        self._longest = limits.first_frame_bytes
        self._grown = float("-inf")  # when the last edit was, as it asked for a checkpoint
        self._failure: ServiceError | None = None  # once set, this room is nobody's any more

    # -- life ---------------------------------------------------------------------------------

    def open(
        self,
        stored: StoredBoard,
        state: BoardState,
        owners: dict[int, str],
        removed: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        """The board has loaded, first or again; what arrived meanwhile is served now.

        `state`: of what is stored. `removed`: records of deleted notes.
        """
        self._live = LiveBoard(
            state,
            ClientOwners(self.board, owners, self._limits, self.clock),
            self._roots,
            self._limits,
            self._places,
            self._timings,
            self.clock,
            self._release.later,
        )
        self._release.live = self._live
        self.workshop = stored.workshop
        self.lineage = stored.lineage
        self._pending.open(stored, removed)
        self._intake.open(self._live)

    def close(self) -> None:
        """Let the document go, and all that waits for it; who is here stays."""
        self._subscribers.close()
        self._space.close()
        self._intake.close()
        self._release.now()
        self._live = None

    @property
    def loaded(self) -> bool:
        """False while its board is being read from the store."""
        return self._live is not None

    @property
    def document(self) -> Document | None:
        """The live document, built when somebody needs it; None while the board loads."""
        return None if self._live is None else self._live.document()[0]

    def loaded_board(self) -> LiveBoard:
        """Raises StoreUnavailable while it loads."""
        if self._live is None:
            raise StoreUnavailable("this board is being loaded again")
        return self._live

    @property
    def seq(self) -> int:
        """Number of the last update that was accepted; it counts from the board's first."""
        return self._pending.seq

    @property
    def removals(self) -> Removals:
        """Which notes are deleted, by whom and when."""
        return self._pending.removals

    @property
    def busy(self) -> bool:
        """Something is not durable yet."""
        return bool(self._pending)

    def fail(self, error: ServiceError) -> None:
        """Everybody out: what is in memory is not what is stored. Clients bring it again."""
        self._failure = error
        for connection in list(self.connections):
            connection.close(error)
        self._pending.drop()
        self._on_failed(self)

    def join(self, connection: Connection) -> None:
        self.connections[connection] = None
        if self._failure is not None:
            connection.close(self._failure)

    def leave(self, connection: Connection) -> None:
        self.connections.pop(connection, None)
        connection.unpark()
        self._intake.forget(connection)
        self._subscribers.remove(connection)
        self._space.forget(connection)

    def introduce(self, connection: Connection) -> None:
        self._subscribers.introduce(connection)

    # -- incoming -----------------------------------------------------------------------------

    def receive(self, connection: Connection, *frames: bytes) -> None:
        """Serve frames in their order. Whatever is wrong closes this connection, and no other."""
        self._committer.scheduler.frames_received += len(frames)
        self._intake.receive(connection, frames)

    @property
    def waits(self) -> bool:
        """Whether something came that was not served yet, or not to its end."""
        return bool(self._intake)

    def waiting(self, connection: Connection) -> int:
        """Bytes of this connection that came and were not served yet."""
        return self._intake.waiting(connection)

    def take_step1(self, connection: Connection, state_vector: bytes) -> None:
        """Send everything that it lacks, and our SyncStep1, once all of it is durable."""
        outgoing = self.loaded_board().step2_for(state_vector)
        if self._pending:
            self._pending.join(connection, outgoing)
        else:
            self._publisher.subscribe(connection, outgoing, [])

    def longest_message(self) -> int:
        """Most bytes that a client needs for its first frames: what is longer is refused."""
        if self._live is not None:
            most, repeated = self._limits.first_frame_bytes, self._live.state.repeated_bytes
            self._longest = most + repeated if repeated > most // 2 else most
        return self._longest

    def inspect_update(self, update: bytes) -> Edit:
        """An update that somebody just made."""
        return self.loaded_board().inspect(update, inspector.UPDATE_LIMITS)

    def take_step2(self, connection: Connection, update: bytes) -> None:
        if update == NOTHING:
            connection.send_ack()
        elif self.loaded_board().was_repeated(update):
            self._ack_when_durable(connection, connection.received)
        else:
            edit = self.loaded_board().inspect_step2(update)
            connection.count_structs(edit.inspection.structs)
            self.take_edit(connection, edit, is_step2=True)

    def take_large(self, connection: Connection, update: bytes, *, is_step2: bool) -> Slices[None]:
        """A message that may take long; it is counted here, others by the inbox."""
        if is_step2 and self.loaded_board().was_repeated(update):
            connection.received += 1
            self._ack_when_durable(connection, connection.received)
        else:
            yield from self._taking.take(connection, update, is_step2=is_step2)

    def retry_parked(self, connection: Connection) -> None:
        """What waited for its predecessors may have them now."""
        self._taking.retry_parked(connection)

    def take_edit(self, connection: Connection, edit: Edit, *, is_step2: bool) -> None:
        if edit.update == NOTHING:
            return connection.send_ack()
        if not connection.may_edit:
            return self._taking.take_of_reader(connection, edit, is_step2=is_step2)
        if not self.can_store:
            raise StoreUnavailable("nothing can be stored right now")
        if self.loaded_board().lacks(edit):
            return self._taking.park(connection, edit)
        self.accept(connection, connection.received, edit)
        if connection.parked and not is_step2:
            self.retry_parked(connection)
        return None

    @property
    def can_store(self) -> bool:
        """Whether the store takes anything."""
        return not self._committer.failing

    def hold_as_full(self, connection: Connection, number: int, edit: Edit) -> None:
        hold(connection, number, FULL)
        self._space.wait(connection, len(edit.update))
        connection.send_ack()

    def _has_room(self, size: int) -> bool:
        return self._live is not None and self._live.has_room(size)

    # -- accepting ----------------------------------------------------------------------------

    def accept(
        self, connection: Connection, number: int, edit: Edit, later: list[Repair] | None = None
    ) -> int | None:
        """Apply, judge, and queue for the commit. Raises what closes the author's connection.

        Returns how many updates it made (0: all was known), None if held. `later`: see `Keeper`.
        """
        try:
            taken = self.loaded_board().accept(connection.access, edit, later)
        except BoardFull:
            self.hold_as_full(connection, number, edit)
            return None
        except Damaged:
            hold(connection, number, READ_ONLY)
            connection.send_ack()
            return None
        except PoisonedByEdit as poisoned:
            error = poisoned.error
        else:
            self._pending.keep(connection, number, taken)
            if later is None:
                self._ack_when_durable(connection, number)
            if not taken.updates:
                self.loaded_board().remember(edit.update)
            return len(taken.updates)
        self._discard()
        raise error

    def take_together(self, connection: Connection, edits: list[Edit]) -> int:
        """Take as many edits at the front as can be applied in one go; returns how many."""
        may_edit = connection.may_edit and self.can_store
        if len(edits) < 2 or connection.parked or not may_edit:
            return 0
        try:
            taken = self.loaded_board().accept_together(connection.access, edits)
        except PoisonedByEdit as poisoned:
            error = poisoned.error
        else:
            return self._keep_together(connection, taken)
        self._discard()
        raise error

    def _keep_together(self, connection: Connection, taken: Taken) -> int:
        if taken.updates:
            connection.received += len(taken.updates)
            self._pending.keep(connection, connection.received, taken)
            self._ack_when_durable(connection, connection.received)
        return len(taken.updates)

    def _ack_when_durable(self, connection: Connection, number: int) -> None:
        if self._pending:
            self._pending.ack(connection, number)
        else:
            connection.send_ack()

    def _discard(self) -> None:
        """The document in memory holds something that must not be: reload it from the log."""
        self.close()
        self._on_broken(self)

    # -- committed ----------------------------------------------------------------------------

    def take_batch(self) -> Batch[FollowUp]:
        """Hand the batch to the committer; `committed` or `fail` follows."""
        return self._pending.take()

    def committed(self, batch: Batch[FollowUp]) -> None:
        """All of it is durable: now the others may see it and the authors may know."""
        self._pending.committed()
        self._publisher.publish(batch)
        if batch.updates:
            self._consider_log(busy=True)

    def _consider_log(self, *, busy: bool) -> None:
        """Have a checkpoint made where the log has grown; a busy board's not too often."""
        pending = self._pending
        if busy and pending.last_edit < self._grown + self._limits.checkpoint_seconds:
            return
        if self._on_grown(self.board, pending.log_updates, pending.log_bytes, busy):
            pending.log_updates = pending.log_bytes = 0
            self._grown = pending.last_edit

    def keep_alive(self) -> None:
        self._subscribers.keep_alive()

    # -- made by the server -------------------------------------------------------------------

    def edit(self, change: Callable[[Document], T]) -> T:
        """Change the board in the server's name; durable and seen after the next commit."""
        try:
            result, update = self.loaded_board().write(change)
        except PoisonedDocument:
            self._discard()
            raise
        if update:
            self.keep_own(update)
        return result

    def keep_own(self, update: bytes) -> None:
        """The second half of `edit`: queue what the document holds already, of a merge as well."""
        self._pending.keep_own(update, self.loaded_board().note_own(update))

    def log_removals(self, removed: Mapping[str, Removed | None]) -> None:
        """What the server deleted for somebody, or brought back (None)."""
        self._pending.log(removed)
