"""Time as the engine has it: what it reads and what rings later come from one place.

The engine takes a `Clock` and asks nobody else, so that a test can turn one by hand and wait for
nothing (tests/support/clock.py). Sockets have their own time: transport/ asks the loop.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Protocol, TypeVarTuple

__all__ = ["Clock", "LoopClock", "Timer"]

Ts = TypeVarTuple("Ts")


class Timer(Protocol):
    """Something that will be called."""

    def cancel(self) -> None:
        """It will not be called after all; nothing happens if it was."""


class Clock(Protocol):
    """What time it is, and timers. One loop's: whatever rings is called in its thread."""

    def now(self) -> float:
        """Seconds since some moment; it never goes back."""

    def call_later(self, seconds: float, call: Callable[[*Ts], object], *args: *Ts) -> Timer:
        """Call it once so many seconds have passed."""

    def worked(self) -> float:
        """Seconds of processor time that the loop's thread has had: a busy machine, which keeps it
        waiting, is nobody's fault."""

    def pause(self, seconds: float) -> None:
        """Do nothing meanwhile, the loop's thread neither (see commit/scheduler.py)."""


class LoopClock:
    """The machine's monotonic clock, and timers of the running loop."""

    now = staticmethod(time.monotonic)
    worked = staticmethod(time.thread_time)
    pause = staticmethod(time.sleep)

    def call_later(self, seconds: float, call: Callable[[*Ts], object], *args: *Ts) -> Timer:
        return asyncio.get_running_loop().call_later(seconds, call, *args)
