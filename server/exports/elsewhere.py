"""Work on large boards in another process: nobody who writes waits while it is read or written.

The engine and the interpreter hold one lock, so a thread would not do. The child gets a function of
ours and its arguments, pickled, on stdin, and answers with what it returned or raised.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from server.children import Child, run_child
from server.errors import NotDone, ServiceError
from server.exports.turns import Turns

__all__ = ["Costs", "Elsewhere", "Raised"]

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

MAX_COMPLAINT = 2000  # characters of a child's last words that are logged


@dataclass(frozen=True, kw_only=True)
class Costs:
    """What work in other processes may cost."""

    at_once: int = 2  # children of this server
    waiting: int = 32  # in the making or waiting for their turn
    waiting_of_one: int = 4  # of them of one workshop
    seconds: float = 30.0  # from the request to the answer, waiting for a turn included
    memory: int = 2 << 30  # bytes of address space of a child
    processor_seconds: int = 20  # of a child


@dataclass
class Elsewhere:
    """Runs functions in other processes, in turn: `costs.at_once` per server, one per workshop."""

    costs: Costs = field(default_factory=Costs)
    failed: type[ServiceError] = NotDone
    child: Child = run_child

    def __post_init__(self) -> None:
        self._turns = Turns(
            at_once=self.costs.at_once,
            waiting=self.costs.waiting,
            waiting_of_one=self.costs.waiting_of_one,
            seconds=self.costs.seconds,
            failed=self.failed,
        )

    async def run(
        self, workshop: str, function: Callable[P, T], *args: P.args, **options: P.kwargs
    ) -> T:
        """What `function` returns, of the top level of a module of ours; all must be picklable.

        Raises the ServiceError that it raises, `failed` for anything else.
        """
        limits = (self.costs.memory, self.costs.processor_seconds)
        async with self._turns.turn(workshop):
            job = await asyncio.to_thread(pickle.dumps, (limits, function, args, options))
            answer = await self._answer_to(job)
        # It is our own process that answers, so what it says may be unpickled.
        found = await asyncio.to_thread(pickle.loads, answer)
        if isinstance(found, Raised):
            raise found.error
        result: T = found
        return result

    async def _answer_to(self, job: bytes) -> bytes:
        """A child's answer. Raises `failed` when it ended without one."""
        ended = await self.child("server.exports.worker", job)
        if ended.status != 0:
            words = ended.complaint.decode("utf-8", "replace").strip()[-MAX_COMPLAINT:]
            log.error("work elsewhere ended with status %s: %s", ended.status, words)
            raise self.failed(f"work elsewhere ended with status {ended.status}")
        return ended.said


@dataclass(frozen=True)
class Raised:
    """What a child answers when its function raised."""

    error: ServiceError
