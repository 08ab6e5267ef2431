"""Slows down whoever guesses codes, and nobody who has one.

A code is looked up first. A right one is answered, whatever others do; of wrong ones an address is
told 20 a minute, and then when to come back. That alone would let a guesser go on as fast as they
ask, as the answer they wait for is the right one: so after some thousand wrong ones an address has
its codes looked up one after the other, 50 a second. Who has a right one waits in that line as
well, as nobody can know it before, but is not sent away: a line is as long as an address may have
connections. At that rate one code of 39 bits is found in 350 years. What all addresses fail at
together limits nobody: any bound on it would be a way to lock everybody out.
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
ADDRESS_LOOKUPS = 50  # wrong ones looked up per second
ADDRESS_LOOKUPS_BURST = 2000
LINE_SECONDS = 20.0  # the longest line before a look-up: a thousand, as the lobby lets in
ADDRESSES = 10_000  # remembered; the one idle for longest is forgotten first

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[object]]


@dataclass(slots=True)
class Bucket:
    """Tokens that fill at `rate` per second up to `burst`; it never goes into debt."""

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
        self.tokens = max(0.0, self.tokens - 1)


@dataclass(slots=True)
class Line:
    """Turns at `rate` per second after the first `burst`, in the order in which they were asked.

    Source: the generic cell rate algorithm, ITU-T I.371.
    """

    rate: float
    burst: float
    clock: Clock
    ends: float = 0.0  # when the last turn would be if there were no burst

    def join(self) -> float:
        """Seconds until one's turn. Raises TooManyTries where the line is too long."""
        now = self.clock()
        wait = max(0.0, self.ends - now - (self.burst - 1) / self.rate)
        if wait > LINE_SECONDS:
            raise TooManyTries("a line of failures", seconds=math.ceil(wait))
        self.ends = max(self.ends, now) + 1 / self.rate
        return wait

    def give_back(self) -> None:
        """The turn did not count after all."""
        self.ends -= 1 / self.rate


@dataclass(slots=True)
class Tries:
    """What one address tried of late. `failures`: told as such; `lookups`: the line before one."""

    failures: Bucket
    lookups: Line


class Guesses:
    """Failed tries at codes and keys, of all addresses."""

    def __init__(
        self,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
        *,
        lookups: float = ADDRESS_LOOKUPS,
        burst: float = ADDRESS_LOOKUPS_BURST,
    ) -> None:
        self._clock = clock
        self._lookups, self._burst = lookups, burst
        self._sleep = sleep
        self._tries: OrderedDict[str, Tries] = OrderedDict()
        self.failures = 0

    async def attempt(self, address: str, look_up: Callable[[], Awaitable[T | None]]) -> T | None:
        """What `look_up` finds, or None, which counts as a failure of `address`.

        Raises TooManyTries instead of None above its rate.
        """
        tries = self._of(address)
        wait = tries.lookups.join()
        if wait:
            await self._sleep(wait)
        found = await look_up()
        if found is not None:
            tries.lookups.give_back()
            return found
        self.failures += 1
        check(tries.failures)
        tries.failures.take()
        return None

    def _of(self, address: str) -> Tries:
        tries = self._tries.pop(address, None) or Tries(
            Bucket(ADDRESS_FAILURES / 60, ADDRESS_FAILURES, self._clock),
            Line(self._lookups, self._burst, self._clock),
        )
        self._tries[address] = tries
        if len(self._tries) > ADDRESSES:
            self._tries.popitem(last=False)
        return tries


def check(bucket: Bucket) -> None:
    """Raises TooManyTries when it is empty."""
    wait = bucket.wait()
    if wait > 0:
        raise TooManyTries("too many failures", seconds=math.ceil(wait))


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
