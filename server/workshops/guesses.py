"""Slows down whoever guesses codes, and nobody who has one.

Only failures count: 20 a minute from one address, 10 a second in all. Above that every try waits
for its turn, and one that would wait too long is told when to come back. A right code waits as
well while somebody guesses at its address, but uses nothing up: a whole office joins at once.
"""

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from server.errors import TooManyTries

__all__ = ["Bucket", "Guesses", "Quota"]

T = TypeVar("T")

ADDRESS_FAILURES = 20  # at once, and per minute
ALL_FAILURES = 10  # per second
ALL_BURST = 100
WAIT_SECONDS = 15.0  # the longest a try waits
WAITING = 256  # tries of one address that may wait
ADDRESSES = 10_000  # remembered; the one idle for longest is forgotten first

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]


@dataclass(slots=True)
class Bucket:
    """Tokens that fill at `rate` per second up to `burst`; it may go into debt."""

    rate: float
    burst: float
    clock: Clock
    tokens: float = field(init=False)
    filled: float = field(init=False)

    def __post_init__(self) -> None:
        self.tokens = self.burst
        self.filled = self.clock()

    def wait(self) -> float:
        """Seconds until one token is there; 0 = now."""
        now = self.clock()
        self.tokens = min(self.burst, self.tokens + (now - self.filled) * self.rate)
        self.filled = now
        return max(0.0, (1 - self.tokens) / self.rate)

    def take(self) -> None:
        """Use one token up."""
        self.wait()
        self.tokens -= 1


@dataclass(slots=True)
class Turn:
    """One address: its bucket, and the lock that lets its tries pass one by one."""

    bucket: Bucket
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


class Guesses:
    """Failed tries at codes and keys, of all addresses."""

    def __init__(self, clock: Clock = time.monotonic, sleep: Sleep = asyncio.sleep) -> None:
        self._clock = clock
        self._sleep = sleep
        self._all = Bucket(ALL_FAILURES, ALL_BURST, clock)
        self._turns: OrderedDict[str, Turn] = OrderedDict()
        self.failures = 0

    async def attempt(self, address: str, look_up: Callable[[], Awaitable[T | None]]) -> T | None:
        """What `look_up` finds, or None, which counts as a failure of `address`.

        Raises TooManyTries, without looking up, when it would have to wait for too long.
        """
        turn = self._turn(address)
        if turn.waiting >= WAITING:
            raise TooManyTries("too many tries wait", seconds=math.ceil(WAIT_SECONDS))
        turn.waiting += 1
        try:
            await self._my_turn(turn)
        finally:
            turn.waiting -= 1
        try:
            await self._free(turn.bucket)
            found = await look_up()
            if found is None:
                self._failed(turn)
            return found
        finally:
            turn.lock.release()

    async def _my_turn(self, turn: Turn) -> None:
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await turn.lock.acquire()
        except TimeoutError as error:
            raise TooManyTries("waited for too long", seconds=math.ceil(WAIT_SECONDS)) from error

    async def _free(self, bucket: Bucket) -> None:
        wait = max(bucket.wait(), self._all.wait())
        if wait > WAIT_SECONDS:
            raise TooManyTries("too many failures", seconds=math.ceil(wait))
        if wait > 0:
            await self._sleep(wait)

    def _failed(self, turn: Turn) -> None:
        self.failures += 1
        turn.bucket.take()
        self._all.take()

    def _turn(self, address: str) -> Turn:
        turn = self._turns.pop(address, None) or Turn(
            Bucket(ADDRESS_FAILURES / 60, ADDRESS_FAILURES, self._clock)
        )
        self._turns[address] = turn
        if len(self._turns) > ADDRESSES:
            self._turns.popitem(last=False)
        return turn


class Quota:
    """At most `most` within `seconds` per address or person, such as workshops opened."""

    def __init__(
        self, most: int, *, seconds: float = 3600.0, clock: Clock = time.monotonic
    ) -> None:
        self._most, self._seconds = most, seconds
        self._clock = clock
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, address: str) -> None:
        """Count one. Raises TooManyTries above the quota."""
        bucket = self._buckets.pop(address, None) or Bucket(
            self._most / self._seconds, self._most, self._clock
        )
        self._buckets[address] = bucket
        if len(self._buckets) > ADDRESSES:
            self._buckets.popitem(last=False)
        wait = bucket.wait()
        if wait > 0:
            raise TooManyTries("over the quota", seconds=math.ceil(wait))
        bucket.take()
