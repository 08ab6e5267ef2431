"""What came for one board, until it is served: at once, or in turns with what others sent."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from server.errors import ServiceError
from server.store import StoreUnavailable
from server.sync.board.live_board import LiveBoard
from server.sync.inspection.places import Places
from server.sync.inspection.slices import Slices
from server.sync.limits import SyncLimits
from server.sync.room.connection import Connection
from server.sync.room.inbox import Inbox
from server.sync.room.taking import LARGE
from server.sync.wire import messages

__all__ = ["Chores", "Intake"]


class Chores(Protocol):
    """Does what is part of nobody's read of a socket, some of it in each turn of the loop."""

    def begin(self, *, is_paid: bool) -> None:
        """There is something to do: the first turn is now. `is_paid`: by whoever is served now."""

    def begin_later(self) -> None:
        """The same, soon."""

    def stop(self) -> None:
        """Until it begins again."""


class Intake:
    """The door of one room: frames that can be served at once are, and the others wait here.

    `chores`: what does some of its work in each turn, see `Chores`.
    `places`: where everything hangs on the board, which edits are checked against.
    """

    def __init__(
        self,
        inbox: Inbox,
        places: Places,
        limits: SyncLimits,
        chores: Callable[[Callable[[], Connection | None]], Chores],
    ) -> None:
        self._inbox = inbox
        self._places = places
        self._live: LiveBoard | None = None  # None while it loads
        self._backlog = Backlog(limits, inbox.slowly)
        self._chores = chores(self._do_next)

    def open(self, live: LiveBoard) -> None:
        """The board has loaded, first or again; what arrived meanwhile is served now."""
        self._live = live
        self._chores.begin(is_paid=False)

    def close(self) -> None:
        """Until it has loaded again, all waits."""
        if self._live is not None:
            self._live.close()
        self._live = None
        self._chores.stop()

    def receive(self, connection: Connection, frames: tuple[bytes, ...]) -> None:
        """Serve frames in their order. Whatever is wrong closes this connection and nobody else's.

        While the board loads they wait, and edits also for what they are checked against; what is
        large is served in turns, and whatever this connection sends behind it afterwards.
        """
        if (
            self._live is not None
            and connection not in self._backlog
            and max(map(len, frames)) <= LARGE
            and not self._has_to_wait(self._live, frames)  # last, as it sees to that it ends
        ):
            self._inbox.receive(connection, frames)
            return
        try:
            self._backlog.keep(connection, frames)
        except ServiceError as error:
            connection.close(error)
        self._chores.begin(is_paid=True)

    def do_later(self, connection: Connection, slices: Slices[None]) -> None:
        """Before whatever else this connection has sent. What it raises closes the connection."""
        self._backlog.put(connection, slices)
        self._chores.begin_later()

    def __bool__(self) -> bool:
        return bool(self._backlog)

    def waiting(self, connection: Connection) -> int:
        """Bytes of this connection that came and were not served yet."""
        return self._backlog.waiting(connection)

    def forget(self, connection: Connection) -> None:
        """It has left."""
        self._backlog.forget(connection)

    def _has_to_wait(self, live: LiveBoard, frames: tuple[bytes, ...]) -> bool:
        if live.state.built and self._places.filled and not self._places.filling:
            return False
        edits = any(map(messages.brings_edit, frames))
        return (edits or any(map(messages.asks_for_rest, frames))) and not self._know(live, edits)

    def _know(self, live: LiveBoard, edits: bool) -> bool:
        """Whether there is a document, and what edits are checked against; soon, if not."""
        if edits and not self._places.filled:
            self._places.fill(live.state.updates, self._chores.begin_later)
        is_ready = live.is_ready(self._chores.begin_later)
        return is_ready and not (edits and self._places.filling)

    def _do_next(self) -> Connection | None:
        """Some milliseconds of what waits; whose that was. None if there is nothing to do now."""
        live = self._live
        if live is None:
            return None
        work = self._backlog.next(
            lambda work: (
                (work.brings_edit or work.asks_for_rest) and not self._know(live, work.brings_edit)
            )
        )
        if work is None:
            return None
        connection = work.connection
        if connection.closed:
            self._backlog.forget(connection)
        elif self._inbox.go_on(connection, work.slices):
            self._backlog.done(work)
        return connection


@dataclass(eq=False, slots=True)
class Work:
    """What is to be done for a connection. `size`: bytes that it holds until then.

    `asks_for_rest`: of what it lacks of the board.
    """

    connection: Connection
    slices: Slices[None]
    size: int
    brings_edit: bool
    asks_for_rest: bool = False


class Backlog:
    """What waits: while a board loads, while it is read for what edits are checked against, and
    behind what is served in turns. What one connection sent stays in its order.

    `serve`: how a frame is begun.
    """

    def __init__(
        self, limits: SyncLimits, serve: Callable[[Connection, bytes], Slices[None]]
    ) -> None:
        self._most = limits.backlog_bytes
        self._serve = serve
        self._bytes = 0
        self._works: deque[Work] = deque()
        self._of: dict[Connection, tuple[int, int]] = {}  # how many wait of whom, and their bytes

    def keep(self, connection: Connection, frames: Iterable[bytes]) -> None:
        """Raises StoreUnavailable when too much waits."""
        for frame in frames:
            if connection.closed:
                return
            if self._bytes + len(frame) > self._most:
                raise StoreUnavailable("too much waits for this board")
            brings, asks = messages.brings_edit(frame), messages.asks_for_rest(frame)
            slices = self._serve(connection, frame)
            self._works.append(Work(connection, slices, len(frame), brings, asks))
            self._count(connection, 1, len(frame))

    def put(self, connection: Connection, slices: Slices[None]) -> None:
        """To be done before whatever else waits."""
        self._works.appendleft(Work(connection, slices, 0, brings_edit=True))
        self._count(connection, 1, 0)

    def __bool__(self) -> bool:
        return bool(self._works)

    def __contains__(self, connection: Connection) -> bool:
        return connection in self._of

    def waiting(self, connection: Connection) -> int:
        """Bytes of it that wait."""
        return self._of.get(connection, (0, 0))[1]

    def next(self, has_to_wait: Callable[[Work], bool]) -> Work | None:
        """What is to be done now: the first that need not wait, nor for another of its
        connection."""
        passed: set[Connection] = set()
        for work in self._works:
            if work.connection not in passed and not has_to_wait(work):
                return work
            passed.add(work.connection)
        return None

    def done(self, work: Work) -> None:
        """It has been served, or needs not be."""
        if work.connection in self._of:
            self._works.remove(work)  # which is one of the first
            self._count(work.connection, -1, -work.size)

    def forget(self, connection: Connection) -> None:
        """It has left."""
        if connection in self._of:
            self._bytes -= self._of.pop(connection)[1]
            self._works = deque(each for each in self._works if each.connection is not connection)

    def _count(self, connection: Connection, number: int, size: int) -> None:
        self._bytes += size
        count, bytes_ = self._of.get(connection, (0, 0))
        self._of[connection] = count + number, bytes_ + size
        if not count + number:
            del self._of[connection]
