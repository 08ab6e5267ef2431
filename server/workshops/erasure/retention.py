"""Forgetting workshops that nobody has used for long, and never by one look at a clock.

A clock may be years off for one start. So a workshop goes only after it was found unused on
LOOKS days on end, by a clock that goes on evenly, and none goes while the clock is behind what is
stored.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from server.clock import milliseconds
from server.errors import ServiceError
from server.store import Commit, Expected, Overtaken
from server.store.homes import is_ours
from server.workshops.doors.waiting import WaitingRoom
from server.workshops.erasure.deletion import Deletion
from server.workshops.members import Desks
from server.workshops.records import idle_record
from server.workshops.scrubbing import Scrubbing
from server.workshops.usage import DAY, last_used

__all__ = ["LOOKS", "Retention"]

log = logging.getLogger(__name__)

PAUSE_SECONDS = 3600.0  # between two looks at what is old
SCRUB_SECONDS = 15.0  # between two tries to wipe what was deleted from the files
LOOKS = 7  # days on which a workshop must have been found unused
BETWEEN = (DAY * 5 // 6, DAY * 3)  # ms between two that count: at least, at most


class Retention:
    """Deletes workshops that nobody has used for long.

    `days`: how long a workshop is kept that nobody uses; None keeps all.
    `sweeps`: what else forgets what is over, asked again and again.
    """

    def __init__(
        self,
        desks: Desks,
        deletion: Deletion,
        scrubbing: Scrubbing,
        waiting: WaitingRoom,
        days: int | None,
        sweeps: Sequence[Callable[[], Awaitable[None]]] = (),
    ) -> None:
        self.days = days
        self._store = desks.store
        self._committer = desks.rooms.committer
        self._history = desks.rooms.compactor.history
        self._deletion = deletion
        self._scrubbing = scrubbing
        self._sweeps = (waiting.let_go, *sweeps)

    async def keep_looking(self) -> None:
        """Forget what is unused, now and every hour, until cancelled; and wipe what is deleted.

        Histories are thinned after an hour at the earliest: a clock that is wrong at the start of
        the machine has been put right by then.
        """
        await self.wipe_again()
        while True:
            await self._look_or_tell()
            for _ in range(round(PAUSE_SECONDS / SCRUB_SECONDS)):
                await asyncio.sleep(SCRUB_SECONDS)
                await self.wipe_again()
            await self._history.tidy_all(milliseconds())

    async def wipe_again(self) -> None:
        """What was deleted and not wiped from the files then; and who waits no longer at a door,
        or is signed in no longer."""
        for sweep in self._sweeps:
            try:
                await sweep()
            except ServiceError as error:
                log.warning("what is over is not forgotten yet: %s", error)
        await self._scrubbing.retry()

    async def stop(self) -> None:
        """What is left is wiped after the next start."""
        await self._scrubbing.stop()

    async def _look_or_tell(self) -> None:
        if self.days is None:
            return
        try:
            gone = await self.look()
        except ServiceError as error:
            log.error("unused workshops could not be deleted: %s", error)
        else:
            log.info("deleted %d workshops unused for %d days", gone, self.days)

    async def look(self) -> int:
        """Count one more day for what is unused, delete what is due; how many were deleted."""
        now = milliseconds()
        workshops = await self._store.find("workshop", "")
        newest = max((last_used(value) for _, value in workshops), default=now)
        if now < newest - DAY:
            log.error("the clock is behind what is stored: no workshop is deleted")
            return 0
        return sum(
            [await self._judge(id, now) for id, value in workshops if self._is_unused(value, now)]
        )

    async def _judge(self, workshop: str, now: int) -> bool:
        """Whether one that seemed unused was deleted; by who serves it, where several run."""
        if not await is_ours(self._store, workshop):
            return False
        value, version = await self._store.read("workshop", workshop)
        if value is None or not self._is_unused(value, now):
            return False
        before, looked = await self._store.read("idle", workshop)
        idle = counted_on(before, now)
        if idle["looks"] > LOOKS:
            return await self._deletion.delete_whole(
                workshop, lambda value: self._is_unused(value, now)
            )
        if idle != before:
            expects = [Expected("workshop", workshop, version), Expected("idle", workshop, looked)]
            commit = Commit(workshop, puts=[idle_record(workshop, idle)], expects=expects)
            with contextlib.suppress(Overtaken):  # somebody came in just now
                await self._committer.commit_alone(commit)
        return False

    def _is_unused(self, value: Mapping[str, Any], now: int) -> bool:
        return self.days is not None and last_used(value) < now - self.days * DAY


def counted_on(idle: Mapping[str, int] | None, now: int) -> dict[str, int]:
    """{looks, at}: on how many days it was found unused, and when last, with this look."""
    first = {"looks": 1, "at": now}
    if idle is None:
        return first
    least, most = BETWEEN
    passed = now - idle["at"]
    if 0 <= passed < least:
        return dict(idle)
    return {"looks": idle["looks"] + 1, "at": now} if 0 <= passed <= most else first
