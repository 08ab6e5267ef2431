"""One at a time, where a record is read, added to and written; others need not wait for it."""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary

__all__ = ["Locks"]


class Locks:
    """A lock for each name, such as a workshop's id; it lives while somebody holds or waits."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, name: str) -> asyncio.Lock:
        """The lock of this name, to be held in an `async with`."""
        return self._locks.setdefault(name, asyncio.Lock())
