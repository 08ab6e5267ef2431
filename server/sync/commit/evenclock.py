"""Times of a board's updates: the server's clock, which never goes back for a board.

The only place of the engine that reads the clock on the wall: nothing that is decided hangs on it.
"""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["EvenClock"]


class EvenClock:
    """A board's time stamps, which never go back.

    `last`: ms since the epoch, when the board's last update was stored.

    While the machine's clock is behind that (it was wrong then, or is now), time goes on evenly
    from there: updates keep their distances, and none seems older than the one before it.
    """

    def __init__(
        self,
        last: int,
        *,
        wall: Callable[[], int] = lambda: time.time_ns(),
        even: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self._wall = wall
        self._even = even
        self._last = last
        self._since = even()

    def now(self) -> int:
        """Milliseconds since the epoch."""
        passed = (self._even() - self._since) // 1_000_000
        self._last = max(self._wall() // 1_000_000, self._last + passed)
        self._since += passed * 1_000_000
        return self._last
