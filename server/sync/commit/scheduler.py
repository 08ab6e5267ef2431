"""The tick of a busy server: when it commits and tells, and when its loop sleeps in between.

A quiet server answers at once. Under load there is a tick every `commit_seconds`: all that was
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

__all__ = ["CommitScheduler"]

log = logging.getLogger(__name__)

FRAMES_PER_SECOND_TO_SLEEP = 500.0  # from which on sleeping is cheaper than waking up for each
FRAMES_PER_TICK = 5.0  # that a tick is worth: when more come, ticks follow each other sooner,
SHORTEST_PART = 1 / 3  # down to this part of `commit_seconds`; from there on batches grow
AVERAGED_SECONDS = 0.05  # over which frames a second are averaged
SECONDS_PER_READER = 16e-6  # in which others are not told more, for each who is told something;
LONGEST_PART = 4 / 3  # up to this part of `commit_seconds`
TIMER_SECONDS = 0.001  # the loop's timers are no finer


class CommitScheduler:
    """Decides when the committer commits next, and whether the loop sleeps until then; one a loop.

    `frames_received`: since the last tick; rooms count them here. `is_due`: something waits to be
    committed, or is being committed.
    """

    def __init__(self, limits: SyncLimits, clock: Clock) -> None:
        self._clock = clock
        self.frames_received = 0
        self.is_due = False
        self._interval = limits.commit_seconds
        self._window = limits.presence_seconds
        self._last = float("-inf")  # when the last tick began
        self._ended = self._clock.now()
        self._rate = 0.0  # frames a second, averaged
        self._awake_for = 0  # so many who need the loop
        self._number = 0  # of the last tick
        self._presence: dict[Callable[[], None], int] = {}  # and the tick before it was asked for
        self._timer: Timer | None = None
        self._free = float("-inf")  # when something may be told again
        self._waiting: asyncio.Future[None] | None = None  # of a tick that will begin
        self._is_overdue = False  # and waits for the end of a tick

    @contextmanager
    def awake(self) -> Iterator[None]:
        """The loop does not sleep meanwhile: a request needs it many times before it is served."""
        self._awake_for += 1
        try:
            yield
        finally:
            self._awake_for -= 1

    @property
    def is_awake(self) -> bool:
        """Somebody needs the loop, so it will not sleep."""
        return self._awake_for > 0

    async def next(self) -> None:
        """Wait until the next tick may begin, and begin it; `end` follows."""
        wait = self._left()
        if wait > TIMER_SECONDS:
            self._waiting = asyncio.get_running_loop().create_future()
            timer = self._clock.call_later(wait, self._begin)
            await self._waiting
            timer.cancel()
        else:
            await asyncio.sleep(0)  # what waits in sockets is read
        self._last = self._clock.now()
        self._number += 1

    def end(self, *, is_due: bool = False) -> None:
        """Everybody was told of the commit. If it is worth while, sleep until the next tick."""
        self.is_due = is_due
        if self._is_overdue:
            self._send(asked_before=self._number + 1)
        self._count()
        left = self._left()
        if self._rate < FRAMES_PER_SECOND_TO_SLEEP or self.is_awake or left <= 0:
            return
        self._send(asked_before=self._number - 1)
        self._clock.pause(left)
        if self._presence:
            self._ring_in(self._window)

    def note_readers(self, people: int) -> None:
        """So many are being told something; many subscribers are told less often.

        A send to each of them is what a busy server's time goes into (docs/decisions.md).
        """
        now = self._clock.now()
        pause = max(self._free, now) + people * SECONDS_PER_READER
        self._free = min(pause, now + LONGEST_PART * self._interval)

    def send_soon(self, send: Callable[[], None]) -> None:
        """Call `send` within `presence_seconds`, or two ticks; or not, if it is forgotten first."""
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
        fresh = min(1.0, (now - self._ended) / AVERAGED_SECONDS)
        self._rate = (1 - fresh) * self._rate + self.frames_received / max(
            AVERAGED_SECONDS, now - self._ended
        )
        self._ended, self.frames_received = now, 0

    def _left(self) -> float:
        """Seconds until the next tick is due; negative when it is late."""
        interval = self._interval
        if self._rate * interval > FRAMES_PER_TICK:
            interval = max(FRAMES_PER_TICK / self._rate, SHORTEST_PART * interval)
        return max(self._last + interval, self._free) - self._clock.now()

    def _begin(self) -> None:
        """The tick that is waited for begins."""
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
        if pause > TIMER_SECONDS:
            self._ring_in(pause)
        elif self.is_due and not self._is_overdue:
            self._is_overdue = True
            self._ring_in(self._window)
            self._begin()
        else:
            self._send(asked_before=self._number + 1)

    def _send(self, *, asked_before: int) -> None:
        self._is_overdue = False
        for send in [send for send, tick in self._presence.items() if tick < asked_before]:
            self.forget(send)
            try:
                send()
            except Exception:  # one board's bug must not end the commits of all
                log.exception("presence could not be sent")
