"""Group commit: what all rooms accepted goes to the store in one transaction, again and again.

At once when the store has been idle; while edits keep coming, once in a beat (`Beat`), so that
batches grow with load and a quiet board never waits. Nobody hears of an edit, neither its
author (ack) nor the others (broadcast), before the commit that holds it has returned.
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
from server.store import Commit, NewBoard, Record, Store, StoreUnavailable
from server.sync.clock import Clock, Timer
from server.sync.commit.batch import Batch, Source
from server.sync.commit.evenclock import EvenClock
from server.sync.commit.graves import Graves
from server.sync.commit.pacing import Beat

__all__ = ["Committer"]

log = logging.getLogger(__name__)

PROBE_SECONDS = 1.0  # how often a store that failed is tried again


@dataclass
class Pending:
    """What the next commit takes beside the rooms' updates."""

    creates: list[NewBoard] = field(default_factory=list)
    puts: list[Record] = field(default_factory=list)
    deletes: list[tuple[str, str]] = field(default_factory=list)
    drops: list[str] = field(default_factory=list)
    forgets: list[str] = field(default_factory=list)
    waiters: list[asyncio.Future[None]] = field(default_factory=list)


class Committer:
    """The only writer of boards. `start` and `stop` frame its life; `stop` commits what is left."""

    def __init__(self, store: Store, beat: Beat, timings: Timings, clock: Clock) -> None:
        self.beat = beat
        self._timings = timings
        self._store = store
        self._rooms: dict[Source, None] = {}
        self._pending = Pending()
        self._clock = clock
        self._graves = Graves(clock)
        self._stamps = EvenClock(0)  # of boards that are made
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        self._probing: Timer | None = None
        self.on_written: Callable[[str], None] | None = None  # told of each board written to
        self.failing = False  # the last commit failed; writes are refused until one succeeds
        self.commits = 0
        self.updates = 0

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
        self.beat.is_due = True
        self._wake.set()

    async def flush(
        self,
        *,
        creates: Sequence[NewBoard] = (),
        puts: Sequence[Record] = (),
        deletes: Sequence[tuple[str, str]] = (),
        drops: Sequence[str] = (),
        forgets: Sequence[str] = (),
    ) -> None:
        """Commit these records together with all that rooms accepted so far, in one transaction.

        Returns when it is durable. Raises StoreUnavailable (nothing of it happened), WorkshopGone
        for records of what is deleted, or ValueError when it does not fit what is stored.
        """
        self._graves.check(puts)
        pending = self._pending
        pending.creates += creates
        pending.puts += puts
        pending.deletes += deletes
        pending.drops += drops
        pending.forgets += forgets
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        pending.waiters.append(done)
        self._wake.set()
        await done

    @contextmanager
    def closing(self, workshop: str) -> Iterator[None]:
        """Meanwhile nobody writes a record of this workshop: it is about to be deleted."""
        with self._graves.opening(workshop):
            yield

    async def _run(self) -> None:
        while not (self._stopping and not self._rooms and not self._pending.waiters):
            await self._wake.wait()
            await self.beat.next()
            self._wake.clear()
            await self._cycle()
            self.beat.end(is_due=bool(self._rooms))

    async def _cycle(self) -> None:
        """One transaction: collect without awaiting, commit, tell everybody."""
        rooms, self._rooms = self._rooms, {}
        pending, self._pending = self._pending, Pending()
        for room in [room for room in rooms if room.board in self._graves]:
            del rooms[room]  # written to when its board was gone already
            room.fail(WorkshopGone("deleted"))
        batches = [(room, room.take()) for room in rooms]
        commit = Commit(
            creates=[replace(new, at=self._stamps.now()) for new in pending.creates],
            appends=[batch.append(room.board) for room, batch in batches if batch.updates],
            puts=[*(put for _, batch in batches for put in batch.puts), *pending.puts],
            deletes=[*(gone for _, batch in batches for gone in batch.deletes), *pending.deletes],
            drops=pending.drops,
            forgets=pending.forgets,
        )
        try:
            if commit:
                began = self._clock.now()
                await self._store.commit(commit)
                self._timings.commit.observe(self._clock.now() - began)
        except (StoreUnavailable, ValueError) as error:
            log.error("commit failed, nothing of it was shown or acked: %s", error)
            self._fail(batches, pending, error)
        except Exception:  # a bug must not end all commits to come
            log.exception("commit failed, nothing of it was shown or acked")
            self._fail(batches, pending, StoreUnavailable("the commit failed"))
        else:
            self._succeed(batches, pending, commit)

    def _succeed(
        self, batches: list[tuple[Source, Batch[Any]]], pending: Pending, commit: Commit
    ) -> None:
        if commit:
            self.failing = False
            self.commits += 1
        self._graves.bury(commit.drops)
        for room, batch in batches:
            self.updates += len(batch.updates)
            tell(room, batch)
            if batch.updates and self.on_written is not None:
                self.on_written(room.board)
        for waiter in pending.waiters:
            if not waiter.done():
                waiter.set_result(None)

    def _fail(
        self,
        batches: list[tuple[Source, Batch[Any]]],
        pending: Pending,
        error: StoreUnavailable | ValueError,
    ) -> None:
        for room, _ in batches:
            room.fail(StoreUnavailable("the last edits could not be stored"))
        for waiter in pending.waiters:
            if not waiter.done():
                waiter.set_exception(error)
        if isinstance(error, StoreUnavailable):  # else it is this commit that does not fit
            self.failing = True
            if self._probing is None:
                self._probing = self._clock.call_later(PROBE_SECONDS, self._probe)

    def _probe(self) -> None:
        """After a failure: see whether the store takes writes again, with a record of no weight."""
        self._probing = None
        if self.failing and not self._stopping:
            self._pending.puts.append(Record("probe", "probe", "", {}))
            probe: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            probe.add_done_callback(lambda done: done.exception())
            self._pending.waiters.append(probe)
            self._wake.set()


def tell(room: Source, batch: Batch[Any]) -> None:
    """Let the room's people know; if that fails, they come back and find it in the store."""
    try:
        room.committed(batch)
    except Exception:
        log.exception("board %s could not tell what is stored", room.board)
        room.fail(StoreUnavailable("telling failed"))
