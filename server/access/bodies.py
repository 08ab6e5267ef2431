"""What the bodies of requests hold in memory while they come and are worked on, by address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

from server.errors import NotDone

__all__ = ["Bodies", "Receive"]

MOST_BYTES = 96 << 20  # of all bodies; the largest, an import, may have a third of it

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]


class Bodies:
    """Counts bytes, not requests: who sends little, however slowly, holds little.

    The bodies of one address hold no more than what is still free for those of others.
    """

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._held: Counter[str] = Counter()

    @contextmanager
    def of(self, address: str, receive: Receive) -> Iterator[Receive]:
        """`receive` of one request, counted until that is answered. It raises NotDone where there
        is no room for more."""
        mine = 0

        async def counted() -> Message:
            nonlocal mine
            message = await receive()
            came = len(message.get("body", b""))
            mine += came
            self._held[address] += came
            if came and self._held[address] > self._most - self._held.total() + came:
                raise NotDone(f"{self._held.total()} bytes of bodies, {self._held[address]} of one")
            return message

        try:
            yield counted
        finally:
            self._held[address] -= mine
            if not self._held[address]:
                del self._held[address]
