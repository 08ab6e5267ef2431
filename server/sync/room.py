"""One board in memory: its document, its people, and what waits to be durable.

Synchronous and sans-I/O: frames come in, parcels go to outboxes, batches to the committer. The way
of one edit (docs/protocol.md, rules RM1–RM10): authorised, inspected, no gap, applied, judged, then
pending; after the commit that holds it: acked to its author and sent to everybody else.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import TypeVar

from boards.document import Document
from boards.errors import BoardError, PoisonedDocument
from boards.schema import ANSWERS, EXPERIMENTS, LINKS, NOTES, THEMES, VOTES, layout_root
from server.errors import (
    GapUnfilled,
    NotAllowed,
    RefusedUpdate,
    ServiceError,
    TooLarge,
)
from server.store import StoredBoard, StoreUnavailable
from server.sync import inspector, statevector, wire
from server.sync.audience import Audience
from server.sync.batch import Batch
from server.sync.committer import Committer
from server.sync.connection import Connection, Parked
from server.sync.content import Content, merged
from server.sync.inspection import Inspection, Limits
from server.sync.judge import Judge
from server.sync.limits import SyncLimits
from server.sync.owners import SERVER, Owners
from server.sync.parcel import Parcel

__all__ = ["Room"]

T = TypeVar("T")

ROOTS = (NOTES, THEMES, LINKS, VOTES, ANSWERS, EXPERIMENTS)  # what people may write to
ANSWERS_KEPT = 16  # answers to state vectors, for those who come back all at once
REPEATED_KEPT = 256
EMPTY = b"\0"  # the state vector of somebody who has nothing
NOTHING = b"\0\0"  # an update without structs and deletions


class Room:
    """`seq`: number of the last update that was accepted; it counts from the board's first."""

    def __init__(
        self,
        board: str,
        *,
        committer: Committer,
        limits: SyncLimits,
        on_broken: Callable[[Room], None],
        on_failed: Callable[[Room], None],
        on_grown: Callable[[str, int, int, bool], bool],
        on_freed: Callable[[int], None],
    ) -> None:
        self.board = board
        self.lineage = ""
        self.log_updates = 0  # that follow the snapshot
        self.log_bytes = 0
        self.seq = 0
        self.connections: dict[Connection, None] = {}
        self.last_edit = 0.0  # monotonic seconds
        self._grown = float("-inf")  # last_edit when it asked for a snapshot
        self._committer = committer
        self._limits = limits
        self._on_broken = on_broken
        self._on_failed = on_failed
        self._on_grown = on_grown
        self._on_freed = on_freed
        self._content: Content | None = None  # None while it loads
        self._owners = Owners(board, {})
        self._judge: Judge | None = None
        self._resting: asyncio.TimerHandle | None = None  # while there is a document to let go of
        self._audience = Audience(limits, committer.beat)
        self._batch = Batch(first_seq=1)
        self._in_flight = False
        self._failure: ServiceError | None = None  # once set, this room is nobody's any more
        self._backlog: deque[tuple[Connection, bytes]] = deque()
        self._backlog_bytes = 0
        self._repeated: set[int] = set()  # hashes of SyncStep2s that brought nothing new
        self._answers: dict[bytes, Parcel] = {}  # by state vector; valid until the next edit
        self._roots = inspector.root_names(*ROOTS, layout_root(board))

    # -- life ---------------------------------------------------------------------------------

    def open(self, stored: StoredBoard, owners: dict[int, str]) -> None:
        """The board has loaded, first or again; what arrived meanwhile is served now."""
        self._content = Content(self.board, stored)
        self.lineage = stored.lineage
        self.seq = stored.seq
        self.log_updates = len(stored.updates)
        self.log_bytes = sum(map(len, stored.updates))
        self._batch.first_seq = self.seq + 1
        self._owners = Owners(self.board, owners)
        self._repeated.clear()
        self._answers.clear()
        backlog, self._backlog = self._backlog, deque()
        self._backlog_bytes = 0
        for connection, frame in backlog:
            self.receive(connection, frame)

    def close(self) -> None:
        """Release what pins the document."""
        self._let_judge_go()
        self._audience.close()
        content, self._content = self._content, None
        if content is not None and content.built:
            self._on_freed(content.size)
        if self._resting is not None:
            self._resting.cancel()
            self._resting = None

    @property
    def loaded(self) -> bool:
        """False while its board is being read from the store."""
        return self._content is not None

    @property
    def document(self) -> Document | None:
        """The live document, built when somebody needs it; None while the board loads."""
        return None if self._content is None else self._judged()[0]

    def _judged(self) -> tuple[Document, Judge]:
        document = self._built()
        if self._judge is None:
            self._judge = Judge(document, self._limits)
        return document, self._judge

    def _let_judge_go(self) -> None:
        if self._judge is not None:
            self._judge.close()
            self._judge = None

    def _built(self) -> Document:
        if self._resting is None:
            self._rest_in(self._limits.rest_seconds)
        return self._loaded().document

    def _rest_in(self, seconds: float) -> None:
        self._resting = asyncio.get_running_loop().call_later(seconds, self._rest)

    def _rest(self) -> None:
        """A document is many times its bytes: a quiet board does with those (rule RM8)."""
        self._resting = None
        content = self._content
        if content is None or not content.built:
            return
        left = self.last_edit + self._limits.rest_seconds - time.monotonic()
        if left > 0 or self.busy:
            self._rest_in(max(left, self._limits.commit_seconds))
            return
        self._consider_log(busy=False)
        if content.size > self._limits.rest_bytes:
            self._rest_in(self._limits.rest_seconds)
        else:
            self._let_judge_go()
            self._on_freed(content.rest())

    def _loaded(self) -> Content:
        if self._content is None:
            raise StoreUnavailable("this board is being loaded again")
        return self._content

    @property
    def busy(self) -> bool:
        """Something is not durable yet."""
        return bool(self._batch) or self._in_flight

    def fail(self, error: ServiceError) -> None:
        """Everybody out: what is in memory is not what is stored. Clients bring theirs again."""
        self._failure = error
        for connection in list(self.connections):
            connection.close(error)
        self._batch = Batch(first_seq=0)
        self._in_flight = False
        self._on_failed(self)

    def join(self, connection: Connection) -> None:
        self.connections[connection] = None
        if self._failure is not None:
            connection.close(self._failure)

    def leave(self, connection: Connection) -> None:
        self.connections.pop(connection, None)
        connection.parked.clear()
        self._audience.dismiss(connection)

    # -- incoming -----------------------------------------------------------------------------

    def receive(self, connection: Connection, frame: bytes) -> None:
        """Serve one frame. Whatever is wrong with it closes this connection and nobody else's."""
        if connection.closed:
            return
        try:
            if self._content is None:
                self._keep_for_later(connection, frame)
            else:
                self._serve(connection, frame)
        except ServiceError as error:
            connection.close(error)

    def _keep_for_later(self, connection: Connection, frame: bytes) -> None:
        self._backlog_bytes += len(frame)
        if self._backlog_bytes > self._limits.backlog_bytes:
            raise StoreUnavailable("too much waits for this board to load")
        self._backlog.append((connection, frame))

    def _serve(self, connection: Connection, frame: bytes) -> None:
        limits = self._limits
        most = limits.frame_bytes if connection.synced else limits.first_frame_bytes
        if len(frame) > most:
            raise TooLarge(most=most)
        self._committer.beat.heard += 1
        connection.spend()
        match wire.decode(frame):
            case wire.Update(update):
                connection.received += 1
                self._receive_update(connection, update, live=True)
            case wire.Awareness(update):
                self._audience.hear_presence(connection, update)
            case wire.SyncStep1(state_vector):
                connection.received += 1
                self._answer(connection, state_vector)
            case wire.SyncStep2(update):
                connection.received += 1
                connection.synced = True
                self._receive_update(connection, update, live=False)
                self._retry_parked(connection)
            case wire.QueryAwareness():
                self._audience.tell_presence(connection)
            case wire.Ignored():
                pass

    def _answer(self, connection: Connection, state_vector: bytes) -> None:
        """Join step: everything it lacks, and our question; held until all of it is durable."""
        parcels = self._answer_to(state_vector)
        if self.busy:
            self._batch.joiners.append((connection, parcels, len(self._batch.updates)))
            self._committer.mark(self)
        else:
            self._admit(connection, parcels, [])

    def _answer_to(self, state_vector: bytes) -> tuple[Parcel, ...]:
        content = self._loaded()
        if state_vector == EMPTY:
            return content.whole()
        known = self._answers.get(state_vector)
        if known is None:
            wire.read_state_vector(state_vector)  # pycrdt reserves memory for the count it is told
            update = self._built().get_update(state_vector)
            known = Parcel((wire.sync_step2(update), content.question()))
            if len(self._answers) < ANSWERS_KEPT:
                self._answers[state_vector] = known
        return (known,)

    def _admit(
        self, connection: Connection, parcels: tuple[Parcel, ...], since: list[bytes]
    ) -> None:
        """Into the fan-out in the same step that sends its state: nothing falls between.

        `since`: frames of what was accepted after `parcels` were made and is durable with them.
        """
        if connection.closed or connection not in self.connections:
            return
        for parcel in parcels:
            connection.outbox.post(parcel)
        connection.post(*since)
        self._audience.admit(connection)
        self._ack(connection)

    def _ack(self, connection: Connection) -> None:
        """Everything that it sent, unless something of that waits for a commit."""
        due = connection.ack_due()
        if due is not None:
            connection.post(due)

    def _receive_update(self, connection: Connection, update: bytes, *, live: bool) -> None:
        if update == NOTHING:
            return self._ack(connection)
        if not live and hash(update) in self._repeated:
            return self._mark(connection, connection.received)
        inspection = self._inspect(update, inspector.LIVE if live else inspector.STEP2)
        if not connection.access.may_write:
            return self._receive_from_reader(connection, inspection, live=live)
        if self._committer.failing:
            raise StoreUnavailable("nothing can be stored right now")
        if statevector.gap(inspection, self._loaded().clocks) is not None:
            return self._park(connection, update)
        self._accept(connection, connection.received, update, inspection)
        if connection.parked and live:
            self._retry_parked(connection)
        return None

    def _inspect(self, update: bytes, limits: Limits) -> Inspection:
        return inspector.inspect(update, limits, self._roots, self._loaded().halves)

    def _receive_from_reader(
        self, connection: Connection, inspection: Inspection, *, live: bool
    ) -> None:
        """A reader's answer to our question repeats what we have; anything more is an edit."""
        if live or not statevector.is_known(inspection, self._loaded().clocks):
            raise NotAllowed("this person may only read this board")
        self._ack(connection)

    # -- gaps ---------------------------------------------------------------------------------

    def _park(self, connection: Connection, update: bytes) -> None:
        """An honest client sends live edits before the SyncStep2 that holds their predecessors."""
        connection.parked_bytes += len(update)
        if connection.parked_bytes > self._limits.parked_bytes:
            raise GapUnfilled("too much waits for what came before it")
        connection.parked.append(Parked(connection.received, update, time.monotonic()))
        if len(connection.parked) == 1:
            asyncio.get_running_loop().call_later(
                self._limits.parked_seconds, self._give_up, connection
            )
        if connection.synced and not connection.asked_again:
            connection.asked_again = True
            connection.post(self._loaded().question())

    def _retry_parked(self, connection: Connection) -> None:
        waiting, connection.parked = connection.parked, []
        connection.parked_bytes = 0
        for parked in waiting:
            inspection = self._inspect(parked.update, inspector.LIVE)
            if statevector.gap(inspection, self._loaded().clocks) is None:
                connection.overtaken |= connection.uncommitted > 0
                self._accept(connection, parked.number, parked.update, inspection)
            else:
                connection.parked.append(parked)
                connection.parked_bytes += len(parked.update)

    def _give_up(self, connection: Connection) -> None:
        if connection.closed or not connection.parked or self._content is None:
            return
        try:
            self._retry_parked(connection)
            if connection.parked:
                raise GapUnfilled("what came before this edit never arrived")
        except ServiceError as error:
            connection.close(error)

    # -- accepting ----------------------------------------------------------------------------

    def _accept(
        self, connection: Connection, number: int, update: bytes, inspection: Inspection
    ) -> None:
        """Apply, judge, and queue for the commit. Raises what closes the author's connection."""
        clocks = self._loaded().clocks
        person = connection.access.person
        strangers = self._owners.strangers(person, inspection, clocks)
        document, judge = self._judged()
        self._check_room(update, inspection)
        judge.begin(connection.access)
        received, began = update, time.perf_counter()
        try:
            if statevector.is_fresh(inspection, clocks):
                document.apply_update(update)
            else:
                # Partly known, or deletions only: keep just what it changed, if anything.
                update = document.record(lambda: document.apply_update(update))[1]
        except BoardError as error:
            self._discard()
            raise RefusedUpdate(str(error)) from error
        verdict = judge.verdict() or self._too_costly(time.perf_counter() - began, received)
        if verdict is not None:
            self._discard()
            raise verdict
        if update in (b"", NOTHING):
            self._remember(received)
        else:
            self._batch.puts += [self._owners.claim(client, person) for client in strangers]
            self._queue(update, connection, inspection)
        self._mark(connection, number)

    def _check_room(self, update: bytes, inspection: Inspection) -> None:
        content, most = self._loaded(), self._limits.board_bytes
        if content.has_room_for(update, most=most):
            return
        brings = next(statevector.authors(inspection, content.clocks), None) is not None
        if brings:  # else it only deletes, or repeats
            raise TooLarge("the board is full", most=most)

    def _too_costly(self, seconds: float, update: bytes) -> ServiceError | None:
        """Some small updates take the engine long; the bytes alone cannot tell which."""
        allowed = self._limits.apply_seconds * (1 + len(update) / (64 << 10))
        if seconds <= allowed or self._loaded().cost_of(update) <= allowed:
            return None  # or it was the machine that paused
        return RefusedUpdate("too costly to apply")

    def _remember(self, repeated: bytes) -> None:
        """Synced clients answer our question with the same bytes, and all come back at once."""
        if len(self._repeated) >= REPEATED_KEPT:
            self._repeated.clear()
        self._repeated.add(hash(repeated))

    def _queue(
        self, update: bytes, author: Connection | None, inspection: Inspection | None = None
    ) -> None:
        self.seq += 1
        self.last_edit = time.monotonic()
        self.log_updates += 1
        self.log_bytes += len(update)
        self._answers.clear()
        self._loaded().add(update, inspection)
        self._batch.updates.append(update)
        self._batch.authors.append(author)
        self._committer.mark(self)

    def _mark(self, connection: Connection, number: int) -> None:
        """The ack for `number` follows the next commit, which holds everything up to it."""
        if not self.busy:
            return self._ack(connection)
        last, count = self._batch.marks.get(connection, (0, 0))
        self._batch.marks[connection] = (max(last, number), count + 1)
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
        document, judge = self._judged()
        try:
            with judge.paused():
                result, update = document.record(lambda: change(document))
        except PoisonedDocument:
            self._discard()
            raise
        if update:
            self.absorb(update)
        return result

    def absorb(self, update: bytes) -> None:
        """Queue an update that the document holds already, such as one of `edit` or of a merge."""
        client = self._loaded().document.doc.client_id
        if client not in self._owners:
            self._batch.puts.append(self._owners.claim(client, SERVER))
        self._queue(update, None)

    # -- committed ----------------------------------------------------------------------------

    def take(self) -> Batch:
        """Hand the batch to the committer; `committed` or `fail` follows."""
        batch, self._batch = self._batch, Batch(first_seq=self.seq + 1)
        self._in_flight = True
        return batch

    def committed(self, batch: Batch) -> None:
        """All of it is durable: now the others may see it and the authors may know."""
        self._in_flight = False
        acks = self._acks(batch)
        if batch.updates:
            self._audience.broadcast(batch.updates, batch.authors, acks)
            self._consider_log(busy=True)
        for connection, due in acks.items():
            connection.post(due)
        for connection, parcels, known in batch.joiners:
            self._admit(connection, parcels, merged(batch.updates[known:]))

    def _consider_log(self, *, busy: bool) -> None:
        if busy and self.last_edit < self._grown + self._limits.snapshot_seconds:
            return
        if self._on_grown(self.board, self.log_updates, self.log_bytes, busy):
            self.log_updates = self.log_bytes = 0
            self._grown = self.last_edit

    def _acks(self, batch: Batch) -> dict[Connection, bytes]:
        acks: dict[Connection, bytes] = {}
        for connection, (number, count) in batch.marks.items():
            due = connection.durable(number, count)
            if due is not None and not connection.closed:
                acks[connection] = due
        return acks

    def keep_alive(self) -> None:
        self._audience.keep_alive()
