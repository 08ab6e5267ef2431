"""Who keeps the loop busy waits for it afterwards, so that others have it (rule RM17).

Messages are counted elsewhere; but one that is allowed may cost a hundred times what another does,
also one that is refused or known already. So what a turn took is put on its author's account, and
on their workshop's: beyond what a large paste takes, both have a share of the loop.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence

from server.sync.connection import Connection
from server.sync.handoff import HandoffProtocol
from server.sync.room import Room

__all__ = ["Pace", "Turns"]

HEAVY = 0.01  # seconds of a turn after which others have theirs
COSTLY = 0.001  # seconds of one message; what people do takes a tenth of that
NOTED = 0.005  # seconds of a connection's turns that are put on its person's account together
TOGETHER = 16 << 10  # bytes of frames that are served in one turn
PERSON, WORKSHOP = 0.5, 0.3  # of the loop; of workshops only what is costly counts
SPARE = 0.3  # seconds that are free
MOST_AT_ONCE = 0.5  # seconds: whoever writes first pays for a board that had to be built, not all
LONGEST = 10.0  # seconds for which somebody is not heard
ACCOUNTS = 10_000


class Pace:
    """What people and workshops owe: seconds of the loop, as of when."""

    def __init__(self) -> None:
        self._owed: dict[str, tuple[float, float]] = {}

    def charge(self, connection: Connection, seconds: float, costly: float) -> float:
        """It took so long, and so long of that with costly messages; for how long its author is
        not heard now."""
        access, now = connection.access, time.monotonic()
        if len(self._owed) > ACCOUNTS:
            self._owed.clear()
        pause = self._add(access.person, min(seconds, MOST_AT_ONCE), PERSON, now)
        if costly:
            pause = max(pause, self._add(access.workshop, costly, WORKSHOP, now))
        return min(LONGEST, max(pause, 0.0))

    def _add(self, who: str, seconds: float, share: float, now: float) -> float:
        owed, since = self._owed.get(who, (0.0, now))
        owed = max(0.0, owed - (now - since) * share) + seconds
        self._owed[who] = owed, now
        return (owed - SPARE) / share


class Turns:
    """Serves the frames of one connection; after a heavy turn others have theirs first."""

    def __init__(
        self, connection: Connection, room: Room, protocol: HandoffProtocol, pace: Pace
    ) -> None:
        self._connection = connection
        self._room = room
        self._protocol = protocol
        self._pace = pace
        self._waiting: deque[bytes] | None = None  # None: it is heard at once
        self._seconds = 0.0  # that are on no account yet
        self._costly = 0.0  # of them
        self._is_over = False

    def serve(self, frames: Sequence[bytes]) -> None:
        """What came in one read of the socket."""
        if self._waiting is not None:
            self._waiting.extend(frames)
        elif not self._take(frames):
            self._serve_in_turns(deque(frames))

    def end(self) -> None:
        """It is gone: what it said last and nobody has heard is not heard any more."""
        self._waiting = deque()
        self._is_over = True

    def _take(self, frames: Sequence[bytes]) -> bool:
        """All of it, if it is little. False if it is more."""
        if len(frames) > 1 and sum(map(len, frames)) > TOGETHER:
            return False
        if self._is_too_much(frames):
            self._pause(deque())
        return True

    def _serve_in_turns(self, frames: deque[bytes]) -> None:
        while frames and not self._connection.closed:
            if self._is_too_much(list(first_of(frames))):
                return self._pause(frames)
        return None

    def _is_too_much(self, frames: Sequence[bytes]) -> bool:
        """Serve them; whether others should have their turn now."""
        began = time.perf_counter()
        self._room.receive(self._connection, *frames)
        seconds = time.perf_counter() - began
        self._seconds += seconds
        if seconds > COSTLY * len(frames):
            self._costly += seconds
        return self._seconds > NOTED

    def _pause(self, rest: deque[bytes]) -> None:
        is_heavy = self._seconds > HEAVY
        pause = self._pace.charge(self._connection, self._seconds, self._costly)
        self._seconds = self._costly = 0.0
        if self._connection.closed or not (pause or rest or is_heavy):
            return
        self._waiting = rest
        self._protocol.stop_listening()
        self._protocol.loop.call_later(pause, self._go_on)

    def _go_on(self) -> None:
        if self._is_over:
            return
        frames, self._waiting = self._waiting or deque(), None
        if not self._connection.closed:
            self._serve_in_turns(frames)
        if self._waiting is None:
            self._protocol.listen()


def first_of(frames: deque[bytes]) -> Iterator[bytes]:
    """As many as belong in one turn, at least one; they are taken out."""
    size = 0
    while frames and (not size or size + len(frames[0]) <= TOGETHER):
        size += len(frames[0])
        yield frames.popleft()
