"""Where two may write one record: read it, decide, and write by the version that was read."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from server.store import Overtaken, StoreUnavailable

__all__ = ["retried"]

T = TypeVar("T")

TRIES = 20  # of who is overtaken again and again


async def retried(attempt: Callable[[], Awaitable[T]]) -> T:
    """Run it, which raises Overtaken when others were first, again from its reading on.

    Raises StoreUnavailable when they always are.
    """
    for _ in range(TRIES):
        try:
            return await attempt()
        except Overtaken:
            continue
    raise StoreUnavailable("others write here all the time")
