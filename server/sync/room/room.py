"""One board in memory: its document, its people, and what waits to be durable.

Synchronous and sans-I/O: frames come in and go to outboxes, batches to the committer. The way
of one edit (docs/protocol.md, rules RM1–RM14): authorised, inspected, no gap, applied, judged, then
pending; after the commit that holds it: acked to its author and sent to everybody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from boards.document import Document
from boards.edits import restore_experiments, restore_notes
from boards.errors import PoisonedDocument
from boards.schema import ANSWERS, EXPERIMENTS, LINKS, NOTES, THEMES, VOTES, layout_root
from server.errors import ServiceError
from server.metrics import Timings
from server.store import SERVER, StoredBoard, StoreUnavailable
from server.sync.access import Access
from server.sync.clock import Clock, Timer
from server.sync.commit.batch import Batch
from server.sync.commit.committer import Committer
from server.sync.commit.evenclock import EvenClock
from server.sync.errors import BoardFull, GapUnfilled
from server.sync.inspection import inspector
from server.sync.inspection.places import Places
from server.sync.judging.alarms import Alarms
from server.sync.judging.removals import Removal, Removals, Removed, experiment_in
from server.sync.limits import SyncLimits
from server.sync.room.board_state import BoardState, merged
from server.sync.room.client_owners import ClientOwners
from server.sync.room.connection import Connection, Parked
from server.sync.room.edit import Edit
from server.sync.room.follow_up import FollowUp
from server.sync.room.hearing import Backlog, Hearing
from server.sync.room.live_board import NOTHING, Damaged, LiveBoard, PoisonedByEdit, Taken
from server.sync.room.notices import Notices
from server.sync.room.space import Space
from server.sync.room.standing import FULL, READ_ONLY, hold, tell
from server.sync.room.subscribers import Subscribers
from server.sync.wire import messages
from server.sync.wire.frames import Outgoing

__all__ = ["Room"]

T = TypeVar("T")

ROOTS = (NOTES, THEMES, LINKS, VOTES, ANSWERS, EXPERIMENTS)  # what people may write to


class Room:
    """`seq`: number of the last update that was accepted; it counts from the board's first."""

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
        on_broken: Callable[[Room], None],
        on_failed: Callable[[Room], None],
        on_grown: Callable[[str, int, int, bool], bool],
        on_freed: Callable[[int], None],
    ) -> None:
        self.board = board
        self.workshop = SERVER  # until it has loaded
        self.lineage = ""
        self.log_updates = 0  # that follow the checkpoint
        self.log_bytes = 0
        self.seq = 0
        self.connections: dict[Connection, None] = {}
        self.last_edit = 0.0  # monotonic seconds
        self._grown = float("-inf")  # last_edit when it asked for a checkpoint
        self._committer = committer
        self._limits = limits
        self._timings = timings
        self.clock = clock
        self._notices = notices
        self._alarms = alarms
        self.removals = Removals(board)
        self._on_broken = on_broken
        self._on_failed = on_failed
        self._on_grown = on_grown
        self._on_freed = on_freed
        self._live: LiveBoard | None = None  # None while it loads
        self._places = Places()
        self._release_timer: Timer | None = None  # while there is a document to let go of
        self._subscribers = Subscribers(limits, committer.scheduler)
        self._space = Space(self._has_room, clock, seconds=limits.full_seconds)
        self._stamps = EvenClock(0)
        self._batch = Batch(1, FollowUp())
        self._in_flight = False
        self._failure: ServiceError | None = None  # once set, this room is nobody's any more
        self._hearing = Hearing(self, self._subscribers, limits)
        self._backlog = Backlog(limits)
        self._widest = limits.first_frame_bytes
        self._roots = inspector.root_names(*ROOTS, layout_root(board))

    # -- life ---------------------------------------------------------------------------------

    def open(
        self, stored: StoredBoard, owners: dict[int, str], removed: Iterable[Mapping[str, Any]] = ()
    ) -> None:
        """The board has loaded, first or again; what arrived meanwhile is served now.

        `removed`: records of deleted notes.
        """
        self.removals = Removals(self.board, removed)
        self._live = LiveBoard(
            BoardState(self.board, stored),
            ClientOwners(self.board, owners, self._limits, self.clock),
            self._roots,
            self._limits,
            self._places,
            self._timings,
            self.clock,
            self._release_later,
        )
        self.workshop = stored.workshop
        self.lineage = stored.lineage
        self.seq = stored.seq
        self.log_updates = len(stored.updates)
        self.log_bytes = sum(map(len, stored.updates))
        self._stamps = EvenClock(stored.at)
        self._batch.first_seq = self.seq + 1
        self._serve_backlog()

    def close(self) -> None:
        """Release what pins the document."""
        self._subscribers.close()
        self._space.close()
        live, self._live = self._live, None
        if live is not None:
            live.let_judge_go()
            if live.state.built:
                self._on_freed(live.state.size)
        if self._release_timer is not None:
            self._release_timer.cancel()
            self._release_timer = None

    @property
    def loaded(self) -> bool:
        """False while its board is being read from the store."""
        return self._live is not None

    @property
    def document(self) -> Document | None:
        """The live document, built when somebody needs it; None while the board loads."""
        return None if self._live is None else self._live.document()[0]

    def _release_later(self) -> None:
        if self._release_timer is None:
            self._release_in(self._limits.rest_seconds)

    def _release_in(self, seconds: float) -> None:
        self._release_timer = self.clock.call_later(seconds, self._release_document)

    def _release_document(self) -> None:
        """A document is many times its bytes: a quiet board does with those (rule RM8)."""
        self._release_timer = None
        live = self._live
        if live is None or not live.state.built:
            return
        left = self.last_edit + self._limits.rest_seconds - self.clock.now()
        if left > 0 or self.busy:
            self._release_in(max(left, self._limits.commit_seconds))
            return
        self._consider_log(busy=False)
        if live.state.size > self._limits.rest_bytes:
            self._release_in(self._limits.rest_seconds)
        else:
            live.let_judge_go()
            self._on_freed(live.state.release_document())

    def loaded_board(self) -> LiveBoard:
        """Raises StoreUnavailable while it loads."""
        if self._live is None:
            raise StoreUnavailable("this board is being loaded again")
        return self._live

    @property
    def busy(self) -> bool:
        """Something is not durable yet."""
        return bool(self._batch or self._batch.follow_up) or self._in_flight

    def fail(self, error: ServiceError) -> None:
        """Everybody out: what is in memory is not what is stored. Clients bring theirs again."""
        self._failure = error
        for connection in list(self.connections):
            connection.close(error)
        self._batch = Batch(0, FollowUp())
        self._in_flight = False
        self._on_failed(self)

    def join(self, connection: Connection) -> None:
        self.connections[connection] = None
        if self._failure is not None:
            connection.close(self._failure)

    def leave(self, connection: Connection) -> None:
        self.connections.pop(connection, None)
        connection.unpark()
        self._subscribers.remove(connection)
        self._space.forget(connection)

    # -- incoming -----------------------------------------------------------------------------

    def receive(self, connection: Connection, *frames: bytes) -> None:
        """Serve frames in their order. Whatever is wrong closes this connection and nobody else's.

        While the board loads they wait, and edits also for what they are checked against.
        """
        self._committer.scheduler.frames_received += len(frames)
        if self._live is not None and not self._has_to_wait(self._live, connection, frames):
            self._hearing.receive(connection, frames)
            return
        try:
            self._backlog.keep(connection, frames)
        except ServiceError as error:
            connection.close(error)

    def _has_to_wait(
        self, live: LiveBoard, connection: Connection, frames: tuple[bytes, ...]
    ) -> bool:
        places = self._places
        if places.filled and not places.filling:
            return False
        brings = any(map(messages.brings_edit, frames))
        if brings and not places.filled:
            places.fill(live.state.updates, self._serve_backlog)
        return places.filling and (brings or connection in self._backlog)

    def _serve_backlog(self) -> None:
        for connection, frame in self._backlog.take():
            self.receive(connection, frame)

    def take_step1(self, connection: Connection, state_vector: bytes) -> None:
        """Send everything that it lacks, and our SyncStep1, once all of it is durable."""
        outgoing = self.loaded_board().step2_for(state_vector)
        if self.busy:
            self._batch.follow_up.joiners.append((connection, outgoing, len(self._batch.updates)))
            self._committer.mark(self)
        else:
            self._subscribe(connection, outgoing, [])

    def _subscribe(
        self, connection: Connection, outgoing: tuple[Outgoing, ...], since: list[bytes]
    ) -> None:
        """Into the fan-out in the same step that sends its state: nothing falls between.

        `since`: frames of what was accepted after `outgoing` was made and is durable with them.
        """
        if connection.closed or connection not in self.connections:
            return
        tell(connection)
        connection.outbox.post(*outgoing)
        connection.post(*since)
        self._repeat_notices(connection)
        self._subscribers.add(connection)
        self._ack(connection)

    def widest(self) -> int:
        """Most bytes of a SyncStep1 or SyncStep2 of somebody who has what the board has."""
        if self._live is not None:
            most, repeated = self._limits.first_frame_bytes, self._live.state.repeated_bytes
            self._widest = most + repeated if repeated > most // 2 else most
        return self._widest

    def inspect_update(self, update: bytes) -> Edit:
        """An update that somebody just made."""
        return self.loaded_board().inspect(update, inspector.UPDATE_LIMITS)

    def _ack(self, connection: Connection) -> None:
        """Everything that it sent, unless something of that waits for a commit."""
        due = connection.ack_due()
        if due is not None:
            connection.post(due)

    def take_step2(self, connection: Connection, update: bytes) -> None:
        if update == NOTHING:
            self._ack(connection)
        elif self.loaded_board().was_repeated(update):
            self._mark(connection, connection.received)
        else:
            edit = self.loaded_board().inspect_step2(update)
            connection.weigh(edit.inspection.structs)
            self.take_edit(connection, edit, is_step2=True)

    def take_edit(self, connection: Connection, edit: Edit, *, is_step2: bool) -> None:
        if edit.update == NOTHING:
            return self._ack(connection)
        if not connection.is_heard:
            return self._receive_from_reader(connection, edit, is_step2=is_step2)
        if self._committer.failing:
            raise StoreUnavailable("nothing can be stored right now")
        if self.loaded_board().lacks(edit):
            return self._receive_with_gap(connection, edit)
        self._accept(connection, connection.received, edit)
        if connection.parked and not is_step2:
            self.retry_parked(connection)
        return None

    def _receive_from_reader(self, connection: Connection, edit: Edit, *, is_step2: bool) -> None:
        """A reader's SyncStep2 repeats what we have; anything more is an edit."""
        if self.loaded_board().knows(edit) and (is_step2 or connection.wants_acks):
            return self._ack(connection)
        hold(connection, connection.received, READ_ONLY)
        return self._ack(connection)

    def _hold_as_full(self, connection: Connection, number: int, edit: Edit) -> None:
        hold(connection, number, FULL)
        self._space.wait(connection, len(edit.update))
        self._ack(connection)

    def _has_room(self, size: int) -> bool:
        return self._live is not None and self._live.has_room(size)

    # -- gaps ---------------------------------------------------------------------------------

    def _receive_with_gap(self, connection: Connection, edit: Edit) -> None:
        """An honest client sends live edits before the SyncStep2 that holds their predecessors."""
        if connection.full:  # they were not taken
            return self._hold_as_full(connection, connection.received, edit)
        connection.park(Parked(connection.received, edit.update, self.clock.now()))
        if len(connection.parked) == 1:
            self.clock.call_later(self._limits.parked_seconds, self._give_up, connection)
        if connection.ask_again():
            connection.post(self.loaded_board().state.sync_step1())
        return None

    def retry_parked(self, connection: Connection) -> None:
        for parked in connection.unpark():
            edit = self.inspect_update(parked.update)
            if self.loaded_board().lacks(edit):
                connection.park(parked)
            else:
                connection.overtaken |= connection.uncommitted > 0
                self._accept(connection, parked.number, edit)

    def _give_up(self, connection: Connection) -> None:
        if connection.closed or not connection.parked or self._live is None:
            return
        try:
            self.retry_parked(connection)
            if connection.parked:
                raise GapUnfilled("what came before this edit never arrived")
        except ServiceError as error:
            connection.close(error)

    # -- accepting ----------------------------------------------------------------------------

    def _accept(self, connection: Connection, number: int, edit: Edit) -> None:
        """Apply, judge, and queue for the commit. Raises what closes the author's connection."""
        try:
            taken = self.loaded_board().accept(connection.access, edit)
        except BoardFull:
            return self._hold_as_full(connection, number, edit)
        except Damaged:
            hold(connection, number, READ_ONLY)
            return self._ack(connection)
        except PoisonedByEdit as poisoned:
            error = poisoned.error
        else:
            self._keep(connection, number, taken)
            return self._mark(connection, number)
        # Raised in the handler, the two errors would hold each other, and through it the document.
        self._discard()
        raise error

    def take_together(self, connection: Connection, edits: list[Edit]) -> int:
        """The same for as many edits at the front as can be applied in one go; how many."""
        if (
            len(edits) < 2
            or connection.parked
            or not connection.is_heard
            or self._committer.failing
        ):
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
            self._keep(connection, connection.received, taken)
            self._mark(connection, connection.received)
        return len(taken.updates)

    def _keep(self, connection: Connection, number: int, taken: Taken) -> None:
        """For the next commit, which holds an edit and what puts it right, or neither."""
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

    def _keep_removals(self, access: Access, removals: Sequence[Removal]) -> None:
        at = self._stamps.now()
        news = self.removals.note(access.person, removals, at)
        if news:
            self._batch.follow_up.removals.append((access, at, news))

    def _queue(self, updates: list[bytes], author: Connection | None) -> None:
        self.seq += len(updates)
        self.last_edit = self.clock.now()
        if not self._batch.updates:
            self._batch.follow_up.began = self.last_edit
        self.log_updates += len(updates)
        self.log_bytes += sum(map(len, updates))
        self._batch.updates += updates
        self._batch.who += [author.access.person if author else ""] * len(updates)
        self._batch.follow_up.authors += [author] * len(updates)
        self._committer.mark(self)

    def _mark(self, connection: Connection, number: int) -> None:
        """The ack for `number` follows the next commit, which holds everything up to it."""
        if not self.busy:
            return self._ack(connection)
        last, count = self._batch.follow_up.marks.get(connection, (0, 0))
        self._batch.follow_up.marks[connection] = (max(last, number), count + 1)
        connection.uncommitted += 1
        self._committer.mark(self)
        return None

    def _discard(self) -> None:
        """The document in memory holds something that must not be: reload it from the log."""
        self.close()
        self._on_broken(self)

    # -- made by the server -------------------------------------------------------------------

    def edit(self, change: Callable[[Document], T]) -> T:
        """Change the board in the server's name; durable and seen after the next commit."""
        try:
            result, update = self.loaded_board().write(change)
        except PoisonedDocument:
            self._discard()
            raise
        if update:
            self.absorb(update)
        return result

    def absorb(self, update: bytes) -> None:
        """Queue an update that the document holds already, such as one of `edit` or of a merge."""
        self._batch.puts += self.loaded_board().absorb(update)
        self._queue([update], None)

    def restore(self, keys: Sequence[str]) -> list[str]:
        """Bring deleted notes and experiments back in the server's name; which were gone."""
        experiments = [one for one in map(experiment_in, keys) if one is not None]
        notes = [key for key in keys if experiment_in(key) is None]

        def bring(board: Document) -> list[str]:
            with board.transaction():
                back = restore_experiments(board, experiments)
                return restore_notes(board, self.board, notes) + back

        restored: list[str] = self.edit(bring)
        self.log(dict.fromkeys(keys))
        return restored

    def log(self, removed: Mapping[str, Removed | None]) -> None:
        """What the server deleted for somebody, or brought back (None)."""
        for note, how in removed.items():
            self.removals.put(note, how)
        self._batch.follow_up.restored += [note for note, how in removed.items() if how is None]
        self._committer.mark(self)

    # -- committed ----------------------------------------------------------------------------

    def take(self) -> Batch[FollowUp]:
        """Hand the batch to the committer; `committed` or `fail` follows."""
        batch, self._batch = self._batch, Batch(self.seq + 1, FollowUp())
        puts, gone = self.removals.take()
        batch.at = self._stamps.now()
        batch.puts += puts
        batch.deletes += gone
        self._in_flight = True
        return batch

    def committed(self, batch: Batch[FollowUp]) -> None:
        """All of it is durable: now the others may see it and the authors may know."""
        self._in_flight = False
        follow_up = batch.follow_up
        self._tell_notices(follow_up)
        acks, began = self._acks(follow_up), self.clock.now()
        if batch.updates:
            self._subscribers.broadcast(batch.updates, follow_up.authors, acks)
        for connection, due in acks.items():
            connection.post(due)
        if batch.updates:
            told = self.clock.now()
            self._timings.fan_out.observe(told - began)
            self._timings.ack.observe(told - follow_up.began)
            self._consider_log(busy=True)
        for access, at, removals in follow_up.removals:
            self._alarms.hear(access, at, removals)
        self._alarms.hear_back(self.board, follow_up.restored)
        for connection, outgoing, known in follow_up.joiners:
            self._subscribe(connection, outgoing, merged(batch.updates[known:]))

    def _tell_notices(self, follow_up: FollowUp) -> None:
        """What was put right, before the ack of it; again when its author comes back."""
        for connection, number, notice in follow_up.notices:
            self._notices.keep(self.board, connection.access.person, notice)
            if connection.wants_acks:
                connection.post(messages.notice(number, notice.as_json()))

    def _repeat_notices(self, connection: Connection) -> None:
        if connection.wants_acks and connection not in self._subscribers:
            for notice in self._notices.of(self.board, connection.access.person):
                connection.post(messages.notice(0, notice.as_json()))
            for alarm in self._alarms.of(connection.access):
                connection.post(messages.notice(0, alarm))

    def _consider_log(self, *, busy: bool) -> None:
        if busy and self.last_edit < self._grown + self._limits.checkpoint_seconds:
            return
        if self._on_grown(self.board, self.log_updates, self.log_bytes, busy):
            self.log_updates = self.log_bytes = 0
            self._grown = self.last_edit

    def _acks(self, follow_up: FollowUp) -> dict[Connection, bytes]:
        acks: dict[Connection, bytes] = {}
        for connection, (number, count) in follow_up.marks.items():
            due = connection.durable(number, count)
            if due is not None and not connection.closed:
                acks[connection] = due
        return acks

    def keep_alive(self) -> None:
        self._subscribers.keep_alive()
