"""Connections that keep the server waiting: how many may, and for how long.

Whoever is being served, or sits on a board, is none of them: those that have said nothing yet, are
in the middle of a request, take nothing of an answer, or are not let in. Where there are too many,
the one that waits longest is let go of, so that whoever comes anew is always heard (rule CN11).
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable
from ipaddress import IPv6Address, ip_address
from typing import Any, Protocol

__all__ = ["Guest", "Lobby"]

LOOK_SECONDS = 1.0  # between two looks at who has waited for too long
PER_ADDRESS = 1000  # a school behind one address, each browser with six connections
UNTAKEN_BYTES = 128 << 20  # of all answers that are written and not taken yet


class Guest(Protocol):
    """A connection that keeps the server waiting, compared by identity."""

    def is_overdue(self, now: float) -> bool:
        """Whether it kept us waiting for too long by `now`, in loop time."""

    def dismiss(self) -> None:
        """Tell it, if it can be told, and end it."""


class Reader(Guest, Protocol):
    """One to which something is said."""

    def untaken(self) -> int:
        """Bytes of it that are not taken yet."""


class Lobby:
    """The connections that keep the server waiting, by the address they come from.

    `most`: connections of the server in all. `untaken`: bytes that all of them may leave lying
    here; those of one address no more than is still free. `is_proxy`: whether a host speaks for
    many.
    """

    def __init__(
        self,
        *,
        most: int,
        per_address: int = PER_ADDRESS,
        untaken: int = UNTAKEN_BYTES,
        is_proxy: Callable[[str], bool] = lambda host: False,
    ) -> None:
        self._most = most
        self._per_address = min(per_address, max(1, most // 2))
        self._untaken = untaken
        self._is_proxy = is_proxy
        self._waiting: dict[str, dict[Guest, None]] = defaultdict(dict)  # longest first
        self._readers: dict[str, dict[Reader, None]] = defaultdict(dict)  # likewise
        self._look: asyncio.TimerHandle | None = None

    def enter(self, guest: Guest, host: str, *, connections: int) -> None:
        """It has connected; `connections` are open now, this one included."""
        address = network(host)
        crowded = len(self._waiting.get(address, ())) >= self._per_address
        if crowded and not self._is_proxy(host):
            self._let_go(address)
        elif connections > self._most:
            if not self._waiting:
                return guest.dismiss()
            self._let_go(max(self._waiting, key=lambda each: len(self._waiting[each])))
        self.wait(guest, host)
        return None

    def wait(self, guest: Guest, host: str) -> None:
        """From now on it is its turn."""
        self._waiting[network(host)][guest] = None
        if self._look is None:
            loop = asyncio.get_running_loop()
            self._look = loop.call_later(LOOK_SECONDS, self._look_around)

    def weigh(self, reader: Reader, host: str) -> None:
        """It does not take what was said to it. Where too much lies here, others let go of theirs,
        who wait longest: of the same address, then of the one that has most. A single one may have
        as much as it will."""
        self.wait(reader, host)
        self._readers[network(host)][reader] = None
        while found := self._too_much(reader, host):
            self.leave(*found)
            found[0].dismiss()

    def _too_much(self, reader: Reader, host: str) -> tuple[Reader, str] | None:
        """Whose answer is let go of, and its address."""
        held = {each: untaken_of(readers) for each, readers in self._readers.items()}
        total, mine = sum(held.values()), network(host)
        crowded = [] if self._is_proxy(host) or held[mine] <= self._untaken - total else [mine]
        if total > self._untaken:
            crowded += sorted(held, key=lambda each: -held[each])
        return next(
            (
                (one, address)
                for address in crowded
                for one in self._readers[address]
                if one is not reader and one.untaken()
            ),
            None,
        )

    def leave(self, guest: Guest, host: str) -> None:
        """It is our turn, or it has gone."""
        address = network(host)
        places: tuple[dict[str, dict[Any, None]], ...] = (self._waiting, self._readers)
        for each in places:
            guests = each.get(address)
            if guests is not None and guest in guests:
                del guests[guest]
                if not guests:
                    del each[address]

    def _let_go(self, address: str) -> None:
        guests = self._waiting[address]
        guest = next(iter(guests))
        del guests[guest]
        if not guests:
            del self._waiting[address]
        guest.dismiss()

    def _look_around(self) -> None:
        self._look = None
        loop = asyncio.get_running_loop()
        now = loop.time()
        for guests in list(self._waiting.values()):
            for guest in [guest for guest in guests if guest.is_overdue(now)]:
                guest.dismiss()
        if self._waiting:
            self._look = loop.call_later(LOOK_SECONDS, self._look_around)


def untaken_of(readers: Iterable[Reader]) -> int:
    return sum(reader.untaken() for reader in readers)


def network(host: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 one."""
    if ":" not in host:
        return host
    try:
        found = ip_address(host)
    except ValueError:
        return host
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return found.exploded[:19]
