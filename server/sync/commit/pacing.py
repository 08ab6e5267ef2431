"""The beat of a busy server: when it commits and tells, and when its loop sleeps in between.

A quiet server answers at once. Under load there is a beat every `commit_seconds`: all that was
accepted is committed and told in it. When much was heard since the last one, the loop's thread then
sleeps until the next: what arrives meanwhile waits in the sockets as long as it would have waited
for its commit, and is read in one go, since waking up for a frame costs more than the frame does
(docs/decisions.md). Presence waits a moment for an edit to travel with.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from server.sync.clock import Clock, Timer
from server.sync.limits import SyncLimits

__all__ = ["Beat"]

log = logging.getLogger(__name__)

MANY = 500.0  # frames a second from which on sleeping is cheaper than waking up for each
BEATFUL = 5.0  # frames that a beat is worth: when more come, beats follow each other sooner,
SHORTEST = 1 / 3  # down to this part of `commit_seconds`; from there on batches grow
MEMORY = 0.05  # seconds over which frames a second are averaged
TELLING = 16e-6  # seconds for each of those who are told something, until others are told more;
LONGEST = 4 / 3  # up to this part of `commit_seconds`
ALMOST = 0.001  # seconds; the loop's timers are no finer


class Beat:
    """One per loop. `heard`: frames that came since the last beat; rooms count them here.

    `is_due`: something waits to be committed, or is being committed.
    """

    def __init__(self, limits: SyncLimits, clock: Clock) -> None:
        self._clock = clock
        self.heard = 0
        self.is_due = False
        self._interval = limits.commit_seconds
        self._window = limits.presence_seconds
        self._last = float("-inf")  # when the last beat began
        self._ended = self._clock.now()
        self._rate = 0.0  # frames a second, averaged
        self._guests = 0
        self._number = 0  # of the last beat
        self._presence: dict[Callable[[], None], int] = {}  # and the beat before it was asked for
        self._timer: Timer | None = None
        self._free = float("-inf")  # when something may be told again
        self._waiting: asyncio.Future[None] | None = None  # of a beat that will begin
        self._is_overdue = False  # and waits for the end of a beat

    @contextmanager
    def awake(self) -> Iterator[None]:
        """The loop does not sleep meanwhile: a request needs it many times before it is served."""
        self._guests += 1
        try:
            yield
        finally:
            self._guests -= 1

    @property
    def is_awake(self) -> bool:
        """Somebody needs the loop, so it will not sleep."""
        return self._guests > 0

    async def next(self) -> None:
        """Wait until the next beat may begin, and begin it; `end` follows."""
        wait = self._left()
        if wait > ALMOST:
            self._waiting = asyncio.get_running_loop().create_future()
            timer = self._clock.call_later(wait, self._begin)
            await self._waiting
            timer.cancel()
        else:
            await asyncio.sleep(0)  # what waits in sockets is read
        self._last = self._clock.now()
        self._number += 1

    def end(self, *, is_due: bool = False) -> None:
        """Everybody was told of the commit. If it is worth while, sleep until the next beat."""
        self.is_due = is_due
        if self._is_overdue:
            self._send(asked_before=self._number + 1)
        self._count()
        left = self._left()
        if self._rate < MANY or self.is_awake or left <= 0:
            return
        self._send(asked_before=self._number - 1)
        self._clock.pause(left)
        if self._presence:
            self._ring_in(self._window)

    def tells(self, people: int) -> None:
        """So many are being told something; a large audience is told less often.

        A send to each of them is what a busy server's time goes into (docs/decisions.md).
        """
        now = self._clock.now()
        pause = max(self._free, now) + people * TELLING
        self._free = min(pause, now + LONGEST * self._interval)

    def soon(self, send: Callable[[], None]) -> None:
        """Call `send` within `presence_seconds`, or two beats; or not, if it is forgotten first."""
        if send not in self._presence:
            self._presence[send] = self._number
            if self._timer is None:
                self._ring_in(self._window)

    def forget(self, send: Callable[[], None]) -> None:
        """It has been said along with an edit, or there is nobody to say it to."""
        self._presence.pop(send, None)

    def stop(self) -> None:
        self._presence.clear()
        if self._timer is not None:
            self._timer.cancel()

    def _count(self) -> None:
        now = self._clock.now()
        fresh = min(1.0, (now - self._ended) / MEMORY)
        self._rate = (1 - fresh) * self._rate + self.heard / max(MEMORY, now - self._ended)
        self._ended, self.heard = now, 0

    def _left(self) -> float:
        """Seconds until the next beat is due; negative when it is late."""
        interval = self._interval
        if self._rate * interval > BEATFUL:
            interval = max(BEATFUL / self._rate, SHORTEST * interval)
        return max(self._last + interval, self._free) - self._clock.now()

    def _begin(self) -> None:
        """The beat that is waited for begins."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def _ring_in(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._clock.call_later(seconds, self._ring)

    def _ring(self) -> None:
        """Time is up; but telling it beside a commit would cost each reader two writes for one.

        So it waits once more for that; no longer, as the disk may hang.
        """
        self._timer = None
        pause = self._free - self._clock.now()
        if pause > ALMOST:
            self._ring_in(pause)
        elif self.is_due and not self._is_overdue:
            self._is_overdue = True
            self._ring_in(self._window)
            self._begin()
        else:
            self._send(asked_before=self._number + 1)

    def _send(self, *, asked_before: int) -> None:
        self._is_overdue = False
        for send in [send for send, beat in self._presence.items() if beat < asked_before]:
            self.forget(send)
            try:
                send()
            except Exception:  # one board's bug must not end the commits of all
                log.exception("presence could not be sent")
