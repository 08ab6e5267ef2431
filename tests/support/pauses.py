"""How long one turn of the event loop took, for which everybody else waited."""

import asyncio
import contextlib
import time
from collections.abc import Iterator

__all__ = ["Pauses", "watched"]

TICK_SECONDS = 0.01


class Pauses:
    """`longest`: seconds of processor time that the loop's thread worked between two ticks.

    Processor time, because a busy machine keeps a process waiting that has done nothing wrong.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self._loop = asyncio.get_running_loop()
        self._began = time.thread_time()
        self._next = self._loop.call_later(TICK_SECONDS, self._tick)

    def _tick(self) -> None:
        now = time.thread_time()
        self.longest = max(self.longest, now - self._began)
        self._began = now
        self._next = self._loop.call_later(TICK_SECONDS, self._tick)

    def stop(self) -> None:
        self._tick()
        self._next.cancel()


@contextlib.contextmanager
def watched() -> Iterator[Pauses]:
    pauses = Pauses()
    try:
        yield pauses
    finally:
        pauses.stop()
