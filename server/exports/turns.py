"""Turns at work that is costly: few at once, one per workshop, fair by address, with a deadline."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import count

from server.errors import NotDone, ServiceError

__all__ = ["Turns", "asker"]

# The address of whoever sent the request that is being answered; "" where nobody did.
asker: ContextVar[str] = ContextVar("asker", default="")


@dataclass(eq=False, slots=True)
class Place:
    """Somebody's in the queue, until their work is done."""

    workshop: str
    address: str
    turn: asyncio.Future[None]

    @property
    def at_work(self) -> bool:
        return self.turn.done() and not self.turn.cancelled()


class Turns:
    """A queue for what is costly, fair between workshops and between addresses.

    `at_once` in all, one per workshop; `waiting` in all, `waiting_of_one` of each, at work too. One
    address takes no more places than are still free, however many workshops it has, and a turn goes
    to the address that has the fewest and had none for longest.

    `seconds`: from the request to the end, waiting included. `failed`: what is raised.
    """

    def __init__(
        self,
        *,
        at_once: int,
        waiting: int,
        waiting_of_one: int,
        seconds: float,
        failed: type[ServiceError] = NotDone,
    ) -> None:
        self._at_once = at_once
        self._most, self._most_of_one = waiting, waiting_of_one
        self._seconds = seconds
        self._failed = failed
        self._places: list[Place] = []  # in the order in which they were asked for
        self._last: dict[str, int] = {}  # by address: which of all turns was its last one
        self._numbers = count(1)

    @asynccontextmanager
    async def turn(self, workshop: str) -> AsyncIterator[None]:
        """Wait for a turn of this workshop and of whoever asks; work within.

        Raises `failed` when too many wait, or when it took too long.
        """
        place = Place(workshop, asker.get(), asyncio.get_running_loop().create_future())
        self._check(place)
        self._places.append(place)
        try:
            async with asyncio.timeout(self._seconds):
                self._hand_out()
                await place.turn
                yield
        except TimeoutError:
            raise self._failed(f"not finished within {self._seconds} s") from None
        finally:
            self._leave(place)

    def _check(self, place: Place) -> None:
        all = len(self._places)
        mine = sum(other.workshop == place.workshop for other in self._places)
        here = sum(other.address == place.address for other in self._places)
        if mine >= self._most_of_one or all >= self._most:
            raise self._failed(f"{all} others wait for their turn, {mine} of this workshop")
        if place.address and here >= self._most - all:
            raise self._failed(f"{all} others wait for their turn, {here} of this address")

    def _leave(self, place: Place) -> None:
        self._places.remove(place)
        if not any(other.address == place.address for other in self._places):
            self._last.pop(place.address, None)
        self._hand_out()

    def _hand_out(self) -> None:
        """Turns to whose they are, as long as there are any."""
        while sum(place.at_work for place in self._places) < self._at_once:
            busy = {place.workshop for place in self._places if place.at_work}
            ready = [
                place
                for place in self._places
                if not place.turn.done() and place.workshop not in busy
            ]
            if not ready:
                return
            chosen = min(ready, key=self._had)
            self._last[chosen.address] = next(self._numbers)
            chosen.turn.set_result(None)

    def _had(self, place: Place) -> tuple[int, int]:
        """How many turns an address has now, and when it had its last one."""
        now = sum(other.at_work and other.address == place.address for other in self._places)
        return now, self._last.get(place.address, 0)
