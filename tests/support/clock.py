"""A clock for the engine that stands still until a test turns it (server/sync/clock.py)."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TypeVarTuple

__all__ = ["HandClock"]

Ts = TypeVarTuple("Ts")


class Ring:
    """A timer of a `HandClock`."""

    def __init__(self, call: Callable[[], object]) -> None:
        self.call: Callable[[], object] | None = call

    def cancel(self) -> None:
        self.call = None


class HandClock:
    """`paused`: seconds that somebody did nothing; nothing rings in them, as in a loop that sleeps.

    What is due rings within `turn`, in its order and at its time.
    """

    def __init__(self) -> None:
        self.paused = 0.0
        self._now = 1000.0
        self._rings: dict[tuple[float, int], Ring] = {}
        self._numbers = itertools.count()

    def now(self) -> float:
        return self._now

    def worked(self) -> float:
        return self._now

    def call_later(self, seconds: float, call: Callable[[*Ts], object], *args: *Ts) -> Ring:
        ring = Ring(lambda: call(*args))
        self._rings[self._now + max(0.0, seconds), next(self._numbers)] = ring
        return ring

    def pause(self, seconds: float) -> None:
        self.paused += seconds
        self._now += seconds

    def turn(self, seconds: float = 0.0) -> None:
        """So much later; what was asked for meanwhile, by what rang, rings as well."""
        until = self._now + seconds
        while (due := min(self._rings, default=None)) is not None and due[0] <= until:
            ring = self._rings.pop(due)
            self._now = max(self._now, due[0])
            if ring.call is not None:
                ring.call()
        self._now = max(self._now, until)

    @property
    def left(self) -> float | None:
        """Seconds until something rings; None if nothing will."""
        waiting = [at for (at, _), ring in self._rings.items() if ring.call is not None]
        return min(waiting) - self._now if waiting else None
