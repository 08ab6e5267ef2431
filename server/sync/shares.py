"""Who keeps the loop busy waits for it afterwards, so that others have it (rule RM17).

Messages are counted elsewhere; but one that is allowed may cost a hundred times what another does,
also one that is refused or known already. So what a turn took, and how much came in it, is put on
its author's account, and on their workshop's: beyond what a large paste takes, both have a share.
And whoever they are: after something costly all costly things wait about as long as it took, so
that those of many never come in one turn and what people type is served in between.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from server.sync.access import Access
from server.sync.clock import Clock, Timer
from server.sync.limits import SyncLimits
from server.sync.room.connection import Connection
from server.sync.wire import messages

__all__ = ["SMALL", "TOGETHER", "Chores", "Meter", "Pace", "are_small"]

HEAVY = 0.01  # seconds of a turn after which others have theirs
CHORE = 0.005  # the same of what no socket brought just now; an ack takes four turns of the loop
COSTLY = 0.001  # seconds of one message; what people do takes a tenth of that
NOTED = 0.005  # seconds of a connection's turns that are put on its person's account together
NOTED_BYTES = 64 << 10  # the same of what it sent
STRUCT_BYTES = 256  # of memory for each, however few it came in: they count as if it was sent
TOGETHER = 16 << 10  # bytes of frames that are served in one turn
SMALL = 1024  # bytes of a turn that waits for no account but its person's: what people type
PERSON, WORKSHOP = 0.5, 0.3  # of the loop; of workshops only what is costly counts
SPARE = 0.3  # seconds that are free
COMMON, COMMON_SPARE = 0.5, 0.01  # the same of all that is costly, whosever it is
COMMON_MOST = 0.1  # seconds of one turn that count there: others do not pay for a board to be built
MOST_AT_ONCE = 0.5  # seconds: whoever writes first pays for a board that had to be built, not all
SHORTEST = 0.001  # seconds that anything waits which has to
MUCH = 64 << 10  # bytes that wait to be served, while which nothing more is read
LOOK_AGAIN = 0.01  # seconds after which it is looked whether they still do
LONGEST = 10.0  # seconds for which somebody is not heard
ACCOUNTS = 10_000


class Account:
    """A budget a second for each of many, of which `spare` can be used at once."""

    def __init__(self, rate: float, spare: float) -> None:
        self._rate, self._spare = rate, spare
        self._owed: dict[str, tuple[float, float]] = {}  # as of when

    def add(self, who: str, amount: float, now: float) -> float:
        """They used so much more; the seconds until they are within it again, negative if so."""
        if len(self._owed) > ACCOUNTS:
            self._owed.clear()
        owed, since = self._owed.get(who, (0.0, now))
        owed = max(0.0, owed - (now - since) * self._rate) + amount
        self._owed[who] = owed, now
        return (owed - self._spare) / self._rate


class Pace:
    """What people and workshops owe, in seconds of the loop and in bytes; who has to wait."""

    def __init__(self, limits: SyncLimits, clock: Clock) -> None:
        self.clock = clock
        self._person = Account(PERSON, SPARE)
        self._person_bytes = Account(limits.person_bytes, limits.person_bytes_burst)
        self._workshop = Account(WORKSHOP, SPARE)
        self._workshop_bytes = Account(limits.workshop_bytes, limits.workshop_bytes_burst)
        self._people: dict[str, float] = {}  # who is not heard until when
        self._workshops: dict[str, float] = {}  # the same of what is large
        self._common = Account(COMMON, COMMON_SPARE)
        self._until = 0.0  # until when nothing large is heard, of nobody
        self._in_turn = False  # of the loop, in which something costly was heard

    def charge(self, access: Access, seconds: float, costly: float, size: int) -> float:
        """So many bytes took so long, and so long of that costly ones; for how long their author
        is not heard now."""
        now, person, workshop = self.clock.now(), access.person, access.workshop
        own = max(
            self._person.add(person, min(seconds, MOST_AT_ONCE), now),
            self._person_bytes.add(person, size, now),
        )
        common = self._workshop_bytes.add(workshop, size, now)
        if costly:
            common = max(common, self._workshop.add(workshop, costly, now))
        note(self._people, person, now, own)
        note(self._workshops, workshop, now, common)
        return min(LONGEST, max(own, common, 0.0))

    def note_costly(self, seconds: float) -> None:
        """Something costly took so long: what else is costly waits, whosever it is."""
        now = self.clock.now()
        wait = self._common.add("", min(seconds, COMMON_MOST), now)
        if wait > 0:
            self._until = now + max(wait, SHORTEST)
            if not self._in_turn:  # many may be read in one turn, longer than what they wait
                self._in_turn = True
                asyncio.get_running_loop().call_soon(self._end_turn)

    def _end_turn(self) -> None:
        self._in_turn = False

    def owes(self, access: Access, *, is_small: bool = False) -> float:
        """For how long they are not heard yet, on whichever connection; what is small waits for
        no account but their own."""
        if not self._people and not self._workshops:
            return 0.0
        now = self.clock.now()
        wait = left(self._people, access.person, now)
        return wait if is_small else max(wait, left(self._workshops, access.workshop, now))

    def rest(self) -> float:
        """For how long nothing large is heard, of nobody."""
        if not self._until:
            return 0.0
        seconds = self._until - self.clock.now()
        if self._in_turn:
            return max(seconds, SHORTEST)
        if seconds <= 0:
            self._until = 0.0
        return max(0.0, seconds)


def note(until: dict[str, float], who: str, now: float, seconds: float) -> None:
    if seconds > 0:
        if len(until) > ACCOUNTS:
            until.clear()
        until[who] = now + min(LONGEST, seconds)


def left(until: dict[str, float], who: str, now: float) -> float:
    seconds = until.get(who, now) - now
    if seconds <= 0:
        until.pop(who, None)
    return max(0.0, seconds)


class Chores:
    """What a board has to do that is part of nobody's read of a socket: some of it in each turn.

    `do`: does some milliseconds of it; whose it was, None if there is nothing to do for now.
    """

    def __init__(self, pace: Pace, clock: Clock, do: Callable[[], Connection | None]) -> None:
        self._pace = pace
        self._clock = clock
        self._do = do
        self._next: Timer | None = None
        self._is_busy = False

    def begin(self, *, is_paid: bool) -> None:
        """There is something to do: the first turn is now. `is_paid`: by whoever is served now."""
        if not self._is_busy and self._next is None:
            self._turn(is_paid=is_paid)

    def begin_later(self) -> None:
        """The same, soon."""
        if not self._is_busy and self._next is None:
            self._next = self._clock.call_later(self._pace.rest(), self._go_on)

    def stop(self) -> None:
        """Until it begins again."""
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _go_on(self) -> None:
        self._next = None
        if self._pace.rest():  # somebody else was faster
            self.begin_later()
        else:
            self._turn(is_paid=False)

    def _turn(self, *, is_paid: bool) -> None:
        self._is_busy = True
        try:
            has_more = self._work(is_paid=is_paid)
        finally:
            self._is_busy = False
        if has_more:
            self.begin_later()

    def _work(self, *, is_paid: bool) -> bool:
        """Whether there is more to do."""
        spent = 0.0
        try:
            while spent < CHORE:
                began = self._pace.clock.worked()
                connection = self._do()
                if connection is None:
                    return False
                seconds = self._pace.clock.worked() - began
                spent += seconds
                if not is_paid:
                    costly = seconds if seconds > COSTLY else 0.0
                    size = taken_up(connection)
                    self._pace.charge(connection.access, seconds, costly, size)
            return True
        finally:
            if spent > COSTLY and not is_paid:  # many slices, none of which was
                self._pace.note_costly(spent)


class Board(Protocol):
    """Where frames are served: a room."""

    def receive(self, connection: Connection, *frames: bytes) -> None:
        """Serve them in their order, now or later."""

    def waiting(self, connection: Connection) -> int:
        """Bytes of this connection that came and were not served yet."""


class Meter:
    """Serves what a connection sends, and measures what that takes."""

    def __init__(self, connection: Connection, room: Board, pace: Pace) -> None:
        self._connection = connection
        self._room = room
        self._pace = pace
        self._seconds = 0.0  # that are on no account yet
        self._costly = 0.0  # of them
        self._bytes = 0
        self._was_heavy = False  # what it sent last

    def wait(self, frames: Collection[bytes]) -> float:
        """For how long these are not heard yet."""
        is_small = not self._was_heavy and is_small_talk(frames)
        wait = self._pace.owes(self._connection.access, is_small=is_small)
        if self._room.waiting(self._connection) > MUCH:
            return max(wait, LOOK_AGAIN)
        return wait if is_small else max(wait, self._pace.rest())

    def serve(self, frames: Sequence[bytes]) -> bool:
        """Whether it is time to `settle` then."""
        began = self._pace.clock.worked()
        self._room.receive(self._connection, *frames)
        seconds = self._pace.clock.worked() - began
        self._seconds += seconds
        self._bytes += sum(map(len, frames)) + taken_up(self._connection)
        self._was_heavy = seconds > HEAVY
        if seconds > COSTLY * len(frames):
            self._costly += seconds
            self._pace.note_costly(seconds)
            if self._pace.rest():
                return True
        return self._seconds > NOTED or self._bytes > NOTED_BYTES

    def settle(self) -> tuple[float, bool]:
        """For how long it is not heard now, and whether others should have a turn in any case."""
        is_heavy = self._seconds > HEAVY
        access = self._connection.access
        pause = self._pace.charge(access, self._seconds, self._costly, self._bytes)
        self._seconds = self._costly = 0.0
        self._bytes = 0
        return pause, is_heavy


def taken_up(connection: Connection) -> int:
    """Bytes of memory that its large edits took up since that was asked last."""
    structs, connection.structs = connection.structs, 0
    return STRUCT_BYTES * structs


def are_small(frames: Collection[bytes], most: int = TOGETHER) -> bool:
    """Whether none of them is a SyncStep1 or SyncStep2, which may take long however small it is."""
    return sum(map(len, frames)) <= most and not any(map(messages.is_joining, frames))


def is_small_talk(frames: Collection[bytes]) -> bool:
    """Whether it can be what people type, who must not wait for others of their workshop."""
    return are_small(frames, SMALL)
