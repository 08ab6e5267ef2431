"""Documents in the making and finished ones, each of one person and for some minutes."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from boards.edits import new_id
from server.errors import ServiceError
from server.exports.context import Exported
from server.exports.errors import ExportFailed, ExportGone
from server.exports.jobs.line import Line, Place
from server.exports.jobs.pace import Pace

__all__ = ["Asked", "Job", "JobLimits", "Jobs", "Make"]

log = logging.getLogger(__name__)

MOST_PROGRESS = 0.95  # as long as it is not done


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whose document it is, and which. `board` and `stage`: of what; neither is of the whole."""

    workshop: str
    person: str
    address: str
    format: str
    language: str
    board: str | None = None
    stage: str | None = None


@dataclass(eq=False, slots=True)
class Job:
    """One document on its way. `size`: bytes of boards, once they are read; `begun`: when it was
    its turn, before which nothing is read."""

    id: str
    asked: Asked
    make: Make
    place: Place
    context: contextvars.Context
    asked_at: float
    since: float  # when its state came about
    size: int | None = None
    begun: float | None = None
    task: asyncio.Task[None] | None = None
    made: Exported | None = None
    error: ServiceError | None = None

    @property
    def state(self) -> Literal["waiting", "working", "done", "failed"]:
        if self.made is not None:
            return "done"
        if self.error is not None:
            return "failed"
        return "working" if self.place.at_work else "waiting"

    @property
    def is_over(self) -> bool:
        return self.made is not None or self.error is not None


Make = Callable[[Job], Awaitable[Exported]]


@dataclass(frozen=True, kw_only=True)
class JobLimits:
    """What may be asked for, and for how long the answer is there."""

    at_once: int = 2  # in the making
    most: int = 256  # in the making or waiting
    of_workshop: int = 64
    of_person: int = 4
    seconds: float = 120.0  # from the turn to the document
    kept_seconds: float = 900.0  # a finished one
    kept_bytes: int = 64 << 20  # of all finished ones; of whoever has most, the oldest make room
    kept_of_person: int = 12


@dataclass
class Jobs:
    """All of one server. `told`: format and seconds of each that was made, waiting included."""

    limits: JobLimits = field(default_factory=JobLimits)
    clock: Callable[[], float] = time.monotonic
    told: Callable[[str, float], None] = lambda _format, _seconds: None

    def __post_init__(self) -> None:
        self.pace = Pace()
        self._tasks: set[asyncio.Task[None]] = set()  # until they have ended, wanted or not
        self._jobs: dict[str, Job] = {}  # by id, in the order in which they were asked for
        self._line = Line(
            at_once=self.limits.at_once,
            most=self.limits.most,
            of_workshop=self.limits.of_workshop,
            of_person=self.limits.of_person,
        )

    @property
    def pending(self) -> int:
        """How many are being made, or wait for it."""
        return sum(not job.is_over for job in self._jobs.values())

    def add(self, asked: Asked, make: Make) -> Job:
        """One more. Raises ExportsFull."""
        place = self._line.join(asked.workshop, asked.person, asked.address)
        # What it asks for on the way is asked by whoever asks now, whenever its turn comes.
        context = contextvars.copy_context()
        id = f"{asked.workshop}-{new_id()}"  # who serves that has it
        job = Job(id, asked, make, place, context, self.clock(), self.clock())
        self._jobs[job.id] = job
        self._begin()
        return job

    def find(self, id: str) -> Job:
        """Raises ExportGone."""
        self._let_go()
        found = self._jobs.get(id)
        if found is None:
            raise ExportGone("no such export")
        return found

    def of(self, workshop: str, person: str) -> list[Job]:
        """Somebody's, in the order in which they asked."""
        self._let_go()
        return [
            job
            for job in self._jobs.values()
            if (job.asked.workshop, job.asked.person) == (workshop, person)
        ]

    def drop(self, job: Job) -> None:
        """Nobody wants it any more: what is at work on it ends, what was made is gone."""
        self._jobs.pop(job.id, None)
        if job.task is not None:
            job.task.cancel()  # and then leaves the line
        else:
            self._line.leave(job.place)
            self._begin()

    def forget(self, workshop: str, which: Callable[[Job], bool] = lambda _: True) -> None:
        """All of one workshop, or some of them."""
        for job in [job for job in self._jobs.values() if job.asked.workshop == workshop]:
            if which(job):
                self.drop(job)

    async def sweep(self) -> None:
        """Let go of what was kept for long enough, asked for or not."""
        self._let_go()

    async def stop(self) -> None:
        """Nothing is made any more, and nothing is kept."""
        for job in list(self._jobs.values()):
            self._jobs.pop(job.id)
            if job.task is not None:
                job.task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def ahead(self, job: Job) -> int:
        """How many come before it."""
        return 0 if job.is_over else len(self._line.ahead(job.place))

    def seconds_left(self, job: Job) -> float:
        """About how long until it is there; 0 when it is over."""
        if job.is_over:
            return 0.0
        before = [
            other for other in self._jobs.values() if other.place in self._line.ahead(job.place)
        ]
        here = [other for other in before if other.asked.workshop == job.asked.workshop]
        wait = max(self._sum(here), self._sum(before) / self.limits.at_once)
        return wait + self._left(job)

    def progress(self, job: Job) -> float:
        """How far it is, 0 to 1, by how long such take; its child cannot be asked."""
        if job.is_over:
            return 1.0
        about = self.pace.about(job.asked.format, job.size)
        return min(MOST_PROGRESS, 1 - self._left(job) / about)

    def kept_seconds(self, job: Job) -> int | None:
        """How long a finished one is still there; None while it is not."""
        if not job.is_over:
            return None
        return max(0, round(job.since + self.limits.kept_seconds - self.clock()))

    def _sum(self, jobs: list[Job]) -> float:
        return sum(self._left(job) for job in jobs)

    def _left(self, job: Job) -> float:
        about = self.pace.about(job.asked.format, job.size)
        spent = self.clock() - job.since if job.place.at_work else 0.0
        return max(about * (1 - MOST_PROGRESS), about - spent)

    def _begin(self) -> None:
        begun = self._line.begin()
        for job in [job for job in self._jobs.values() if job.place in begun]:
            job.since = job.begun = self.clock()
            job.task = asyncio.create_task(
                self._work(job), name=f"export {job.id}", context=job.context
            )
            self._tasks.add(job.task)
            job.task.add_done_callback(self._tasks.discard)
            job.task.add_done_callback(partial(self._ended, job))

    async def _work(self, job: Job) -> None:
        try:
            async with asyncio.timeout(self.limits.seconds):
                made = await job.make(job)
        except TimeoutError:
            job.error = ExportFailed(f"not finished within {self.limits.seconds} s")
        except ServiceError as error:
            job.error = error
        except Exception:
            log.exception("an export failed")
            job.error = ExportFailed("an error that has no name")
        else:
            self.pace.took(job.asked.format, job.size or 0, self.clock() - job.since)
            self.told(job.asked.format, self.clock() - job.asked_at)
            job.made = made

    def _ended(self, job: Job, _task: asyncio.Task[None]) -> None:
        """Also when it was dropped before it began."""
        job.since, job.task = self.clock(), None
        self._line.leave(job.place)
        self._let_go()
        self._begin()

    def _let_go(self) -> None:
        """Of what is too old, of the oldest of whom have too many; and where it is too much in
        all, of the oldest of whom have most: nobody else's makes room for theirs."""
        over = sorted(
            (job for job in self._jobs.values() if job.is_over), key=lambda job: job.since
        )
        stay, of_person = list[Job](), Counter[tuple[str, str]]()
        oldest = self.clock() - self.limits.kept_seconds
        for job in reversed(over):  # the newest first
            whose = (job.asked.workshop, job.asked.person)
            of_person[whose] += 1
            if job.since <= oldest or of_person[whose] > self.limits.kept_of_person:
                del self._jobs[job.id]
            else:
                stay.append(job)
        while sum(map(size, stay)) > self.limits.kept_bytes:
            theirs = most(most(stay, lambda job: job.asked.address), lambda job: job.asked.workshop)
            gone = next(job for job in reversed(theirs) if size(job))
            stay.remove(gone)
            del self._jobs[gone.id]


def size(job: Job) -> int:
    """Bytes of a finished one."""
    return len(job.made.body) if job.made else 0


def most(jobs: Sequence[Job], whose: Callable[[Job], str]) -> list[Job]:
    """Those, the newest first, of whom most bytes are; among equals, of whom the oldest is."""
    held = Counter[str]()
    for job in reversed(jobs):
        held[whose(job)] += size(job)
    greatest = max(held, key=lambda name: held[name])
    return [job for job in jobs if whose(job) == greatest]
