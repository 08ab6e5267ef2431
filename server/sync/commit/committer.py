"""Group commit: what all rooms accepted goes to the store in one write, again and again.

At once when the store has been idle; while edits keep coming, once in a tick (scheduler.py), so
that batches grow with load and a quiet board never waits. Nobody hears of an edit, neither its
author (ack) nor the others (broadcast), before the commit that holds it has returned.

Each workshop has a commit of its own in it: what its rooms accepted, with the records that belong
to that. Where one does not fit, that workshop's rooms are thrown away, and no other notices.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from server.errors import WorkshopGone
from server.metrics import Timings
from server.store import (
    SERVER,
    Commit,
    Expected,
    NewBoard,
    Record,
    Store,
    StoreUnavailable,
)
from server.sync.clock import Clock, Timer
from server.sync.commit.batch import Batch, Source
from server.sync.commit.evenclock import EvenClock
from server.sync.commit.graves import Graves
from server.sync.commit.scheduler import CommitScheduler

__all__ = ["Committer"]

log = logging.getLogger(__name__)

PROBE_SECONDS = 1.0  # how often a store that failed is tried again


@dataclass
class Pending:
    """What the next commit of a workshop takes beside its rooms' updates."""

    creates: list[NewBoard] = field(default_factory=list)
    puts: list[Record] = field(default_factory=list)
    deletes: list[tuple[str, str]] = field(default_factory=list)
    drops: list[str] = field(default_factory=list)
    forgets: list[str] = field(default_factory=list)
    expects: list[Expected] = field(default_factory=list)
    waiters: list[asyncio.Future[None]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Part:
    """One commit of a cycle, and who waits for it: rooms, each with its batch, and callers."""

    commit: Commit
    batches: list[tuple[Source, Batch[Any]]]
    waiters: list[asyncio.Future[None]]


class Committer:
    """The only writer of boards. `start` and `stop` frame its life; `stop` commits what is left."""

    def __init__(
        self, store: Store, scheduler: CommitScheduler, timings: Timings, clock: Clock
    ) -> None:
        self.scheduler = scheduler
        self._timings = timings
        self._store = store
        self._rooms: dict[Source, None] = {}
        self._pending: dict[str, Pending] = {}  # by workshop
        self._alone: list[Part] = []
        self._clock = clock
        self._graves = Graves(clock)
        self._stamps = EvenClock(0)  # of boards that are made
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        self._probing: Timer | None = None
        self.on_written: Callable[[str], None] | None = None  # told of each board written to
        self.failing = False  # the last write failed; edits are refused until one succeeds
        self.commits = 0
        self.updates = 0

    @property
    def waiting(self) -> int:
        """Boards with something that is not durable yet."""
        return len(self._rooms)

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._run(), name="committer")

    async def stop(self) -> None:
        self._stopping = True
        self._wake.set()
        if self._task is not None:
            await self._task
        if self._probing is not None:
            self._probing.cancel()

    def mark(self, room: Source) -> None:
        """`room` has something to commit, or something that waits for a commit."""
        self._rooms[room] = None
        self.scheduler.is_due = True
        self._wake.set()

    async def commit(
        self,
        workshop: str,
        *,
        creates: Sequence[NewBoard] = (),
        puts: Sequence[Record] = (),
        deletes: Sequence[tuple[str, str]] = (),
        drops: Sequence[str] = (),
        forgets: Sequence[str] = (),
        expects: Sequence[Expected] = (),
    ) -> None:
        """Commit these together with all that rooms of this workshop accepted so far, or nothing.

        For what belongs to a change of its boards. Returns when it is durable. Raises
        StoreUnavailable (nothing of it happened), WorkshopGone for what is deleted, or Misfit.
        Where that is raised, those rooms hold what is not stored, so everybody in them comes back.
        """
        if creates or puts:
            self._graves.check(workshop)
        pending = self._pending.setdefault(workshop, Pending())
        pending.creates += creates
        pending.puts += puts
        pending.deletes += deletes
        pending.drops += drops
        pending.forgets += forgets
        pending.expects += expects
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        pending.waiters.append(done)
        self._wake.set()
        await done

    async def commit_alone(self, commit: Commit) -> None:
        """Commit records that belong to no change of a board, apart from what rooms accepted.

        So that one which is Overtaken costs nobody but its caller. Raises as `commit` does.
        """
        if commit.puts:
            self._graves.check(commit.workshop)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._alone.append(Part(commit, [], [done]))
        self._wake.set()
        await done

    @contextmanager
    def closing(self, workshop: str) -> Iterator[None]:
        """Meanwhile nobody writes a record of this workshop: it is about to be deleted."""
        with self._graves.opening(workshop):
            yield

    async def _run(self) -> None:
        while not (self._stopping and not self._has_work):
            await self._wake.wait()
            await self.scheduler.next()
            self._wake.clear()
            await self._cycle()
            self.scheduler.end(is_due=bool(self._rooms))

    @property
    def _has_work(self) -> bool:
        return bool(self._rooms or self._pending or self._alone)

    async def _cycle(self) -> None:
        """Collect without awaiting, write everything in one go, tell everybody."""
        parts = self._collect()
        due = [part for part in parts if part.commit]
        outcomes: Sequence[Exception | None] = []
        try:
            if due:
                began = self._clock.now()
                outcomes = await self._store.commit_all([part.commit for part in due])
                self._timings.commit.observe(self._clock.now() - began)
                self._written()
        except StoreUnavailable as error:
            log.error("nothing can be stored, and nothing of it was shown or acked: %s", error)
            outcomes = self._unwritten(error, len(due))
        except Exception:  # a bug must not end all commits to come
            log.exception("commit failed, nothing of it was shown or acked")
            outcomes = self._unwritten(StoreUnavailable("the commit failed"), len(due))
        for part, misfit in zip(due, outcomes, strict=True):
            if misfit is None:
                self._succeed(part)
            else:
                self._fail(part, misfit)
        for part in parts:
            if not part.commit:  # who waits for what was durable before
                self._succeed(part)

    def _collect(self) -> list[Part]:
        """The commits of this cycle: those of edits, others, and those that stand alone."""
        batches = self._take_batches()
        pending, self._pending = self._pending, {}
        alone, self._alone = self._alone, []
        parts = [
            self._part(workshop, batches.get(workshop, []), pending.get(workshop) or Pending())
            for workshop in batches | pending
        ]
        return [*sorted(parts, key=lambda part: not part.commit.is_edits), *alone]

    def _take_batches(self) -> dict[str, list[tuple[Source, Batch[Any]]]]:
        """What rooms accepted, by workshop."""
        rooms, self._rooms = self._rooms, {}
        batches: dict[str, list[tuple[Source, Batch[Any]]]] = {}
        for room in rooms:
            if room.board in self._graves:  # written to when its board was gone already
                room.fail(WorkshopGone("deleted"))
            else:
                batches.setdefault(room.workshop, []).append((room, room.take_batch()))
        return batches

    def _part(
        self, workshop: str, batches: list[tuple[Source, Batch[Any]]], pending: Pending
    ) -> Part:
        commit = Commit(
            workshop,
            creates=[replace(new, at=self._stamps.now()) for new in pending.creates],
            appends=[batch.append(room.board) for room, batch in batches if batch.updates],
            puts=[*(put for _, batch in batches for put in batch.puts), *pending.puts],
            deletes=[*(gone for _, batch in batches for gone in batch.deletes), *pending.deletes],
            drops=pending.drops,
            forgets=pending.forgets,
            expects=pending.expects,
        )
        return Part(commit, batches, pending.waiters)

    def _written(self) -> None:
        self.failing = False
        self.commits += 1

    def _unwritten(self, error: StoreUnavailable, parts: int) -> Sequence[StoreUnavailable]:
        """Refuse edits until the store takes them again; what to tell each of the parts."""
        self.failing = True
        if self._probing is None:
            self._probing = self._clock.call_later(PROBE_SECONDS, self._probe)
        return [error] * parts

    def _succeed(self, part: Part) -> None:
        self._graves.bury(part.commit.drops)
        for room, batch in part.batches:
            self.updates += len(batch.updates)
            tell(room, batch)
            if batch.updates and self.on_written is not None:
                self.on_written(room.board)
        for waiter in part.waiters:
            if not waiter.done():
                waiter.set_result(None)

    def _fail(self, part: Part, error: Exception) -> None:
        if part.batches:
            log.error("edits of %s are not stored: %s", part.commit.workshop, error)
        for room, _ in part.batches:
            room.fail(StoreUnavailable("the last edits could not be stored"))
        for waiter in part.waiters:
            if not waiter.done():
                waiter.set_exception(error)

    def _probe(self) -> None:
        """After a failure: see whether the store takes writes again, with a record of no weight."""
        self._probing = None
        if self.failing and not self._stopping:
            probe: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            probe.add_done_callback(lambda done: done.exception())
            puts = [Record("probe", "probe", "", {})]
            self._alone.append(Part(Commit(SERVER, puts=puts), [], [probe]))
            self._wake.set()


def tell(room: Source, batch: Batch[Any]) -> None:
    """Let the room's people know; if that fails, they come back and find it in the store."""
    try:
        room.committed(batch)
    except Exception:
        log.exception("board %s could not tell what is stored", room.board)
        room.fail(StoreUnavailable("who waits for the commit could not be told"))
