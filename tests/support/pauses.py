"""How long one turn of the event loop took, for which everybody else waited."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator

__all__ = ["Pauses", "watched"]

TICK_SECONDS = 0.01


class Pauses:
    """`longest`: seconds of processor time that the loop's thread worked between two ticks.

    Processor time, because a busy machine keeps a process waiting that has done nothing wrong.
    """

    def __init__(
        self, *, tick: float = TICK_SECONDS, hear: Callable[[float], object] = lambda pause: None
    ) -> None:
        """`tick`: seconds. `hear` is called with each pause."""
        self.longest = 0.0
        self._tick_seconds = tick
        self._hear = hear
        self._loop = asyncio.get_running_loop()
        self._began = time.thread_time()
        self._next = self._loop.call_later(tick, self._tick)

    def _tick(self) -> None:
        now = time.thread_time()
        self.longest = max(self.longest, now - self._began)
        self._hear(now - self._began)
        self._began = now
        self._next = self._loop.call_later(self._tick_seconds, self._tick)

    def stop(self) -> None:
        self._tick()
        self._next.cancel()


@contextlib.contextmanager
def watched(*, tick: float = TICK_SECONDS) -> Iterator[Pauses]:
    pauses = Pauses(tick=tick)
    try:
        yield pauses
    finally:
        pauses.stop()
