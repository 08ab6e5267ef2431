"""When a workshop was last used, to the day: what retention goes by."""

import contextlib
from collections.abc import Mapping
from typing import Any

from server.clock import milliseconds
from server.errors import WorkshopGone
from server.store import Commit, Expected, Overtaken, Record, Store, StoreUnavailable
from server.sync.rooms import Rooms

__all__ = ["DAY", "Usage", "last_used"]

DAY = 86_400_000  # ms


def last_used(workshop: Mapping[str, Any]) -> int:
    """When somebody was in a workshop last, from its record; ms since the epoch."""
    used: int = workshop.get("used", workshop["created"])
    return used


class Usage:
    """Remembers on which day a workshop was last used, with one small write a day."""

    def __init__(self, store: Store, rooms: Rooms) -> None:
        self._store = store
        self._rooms = rooms
        self._day = 0
        self._noted: set[str] = set()  # workshops whose use on `_day` is written down

    async def note(self, workshop: str) -> None:
        """Somebody is in `workshop` now. A store that cannot write keeps nobody from reading."""
        now = milliseconds()
        if self._day != now // DAY:
            self._day = now // DAY
            self._noted.clear()
        if workshop in self._noted:
            return
        self._noted.add(workshop)
        value, version = await self._store.read("workshop", workshop)
        # An older day is not written: a clock that is behind for once makes nothing older.
        if value is None or last_used(value) // DAY >= self._day:
            return
        record = Record("workshop", workshop, "", {**value, "used": now})
        commit = Commit(
            workshop,
            puts=[record],
            deletes=[("idle", workshop)],
            expects=[Expected("workshop", workshop, version)],
        )
        with contextlib.suppress(StoreUnavailable, WorkshopGone, Overtaken):
            await self._rooms.committer.commit_alone(commit)
