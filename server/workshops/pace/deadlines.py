"""What a desk says will happen at a time, done when it has come, by who serves the workshop.

The desk is all there is to know: nothing has to be found again after a restart, as whoever comes
back to the workshop has its desk read. Where several processes share a store, only its home acts.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass

from boards.desk import Desk
from server.clock import milliseconds
from server.errors import ServiceError
from server.store.homes import is_ours
from server.workshops.errors import BreakoutGone
from server.workshops.members import Desks

__all__ = ["Deadline", "Deadlines", "NotDue"]

log = logging.getLogger(__name__)

RETRY_SECONDS = 2.0  # after what could not be done, as while the store fails
LONGEST_SECONDS = 600.0  # between two looks at the clock, which may be set meanwhile

Key = tuple[str, str, str]  # workshop, kind, id


class NotDue(Exception):
    """It was put off, or called off, while it was about to be done."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One kind of what happens by the clock.

    `when`: from a desk, when (ms since the epoch) each is due, by id. `do`: carries one out, given
    workshop and id; it looks again whether it is due, and raises NotDue if it is not.
    """

    kind: str
    when: Callable[[Desk], Mapping[str, int]]
    do: Callable[[str, str], Awaitable[object]]


class Deadlines:
    """Timers for what stands on desks that are, or were, in memory. `watching` frames its life."""

    def __init__(self, desks: Desks, *kinds: Deadline) -> None:
        self._desks = desks
        self._kinds = {each.kind: each for each in kinds}
        self._due: dict[Key, tuple[int, asyncio.TimerHandle]] = {}
        self._at_work: dict[Key, asyncio.Task[None]] = {}  # each looks again when it is done

    def __len__(self) -> int:
        """How much is waiting for its time."""
        return len(self._due)

    @contextlib.asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Hear of desks as they are read, until the block is left."""
        self._desks.on_desk = self.look
        try:
            yield
        finally:
            self._desks.on_desk = None
            for _, timer in self._due.values():
                timer.cancel()
            tasks = list(self._at_work.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def look(self, workshop: str, desk: Desk) -> None:
        """Follow a desk as it stands now."""
        now = {
            (workshop, kind, id): at
            for kind, each in self._kinds.items()
            for id, at in each.when(desk).items()
        }
        for key in [key for key in self._due if key[0] == workshop and key not in now]:
            self._due.pop(key)[1].cancel()
        for key, at in now.items():
            known = self._due.get(key)
            if key not in self._at_work and (known is None or known[0] != at):
                self._set(key, at)

    def _set(self, key: Key, at: int, least: float = 0.0) -> None:
        before = self._due.pop(key, None)
        if before is not None:
            before[1].cancel()
        seconds = min(max(least, (at - milliseconds()) / 1000), LONGEST_SECONDS)
        timer = asyncio.get_running_loop().call_later(seconds, self._start, key, at)
        self._due[key] = at, timer

    def _start(self, key: Key, at: int) -> None:
        del self._due[key]
        if milliseconds() < at:
            return self._set(key, at)
        task = asyncio.get_running_loop().create_task(self._do(key), name="deadline")
        self._at_work[key] = task
        task.add_done_callback(lambda _: self._ended(key))
        return None

    async def _do(self, key: Key) -> None:
        """Whatever goes wrong, it is tried again as long as it stands on the desk."""
        workshop, kind, id = key
        try:
            if await is_ours(self._desks.store, workshop):
                await self._kinds[kind].do(workshop, id)
        except (NotDue, BreakoutGone):
            pass
        except ServiceError as error:
            log.warning("what is due (%s) could not be done yet: %s", kind, error)
        except Exception:
            log.exception("what is due (%s) could not be done", kind)

    def _ended(self, key: Key) -> None:
        """Once more if it still stands there: it failed, or was put off meanwhile."""
        del self._at_work[key]
        if self._desks.on_desk is None:
            return
        room = self._desks.rooms.in_memory(key[0])
        if room is None or room.document is None:
            return  # read again when somebody comes
        at = self._kinds[key[1]].when(self._desks.read(room)).get(key[2])
        if at is not None:
            self._set(key, at, RETRY_SECONDS if at <= milliseconds() else 0.0)
