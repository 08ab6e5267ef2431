"""A board that is full, and those who wait until it is no longer (rule RM14)."""

from __future__ import annotations

from collections.abc import Callable

from server.sync.clock import Clock, Timer
from server.sync.room.connection import Connection
from server.sync.room.standing import tell

__all__ = ["Space"]


class Space:
    """The people who wait until a full board has room for their edit.

    `has_room`: whether so many more bytes fit now. Those who wait are told as soon as they do.

    Looking costs: a large board is measured by encoding it. So it is looked at now and then, for
    as many bytes as the largest edit had that did not fit: nobody is called in vain.
    """

    def __init__(self, has_room: Callable[[int], bool], clock: Clock, *, seconds: float) -> None:
        self._has_room = has_room
        self._clock = clock
        self._seconds = seconds
        self._waiting: dict[Connection, int] = {}
        self._timer: Timer | None = None

    def wait(self, connection: Connection, size: int) -> None:
        """An edit of `size` bytes was not taken."""
        self._waiting[connection] = max(size, self._waiting.get(connection, 0))
        self._look_later()

    def forget(self, connection: Connection) -> None:
        self._waiting.pop(connection, None)

    def close(self) -> None:
        """The document is gone; whoever waits goes on waiting, for the next one."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look_later(self) -> None:
        if self._timer is None:
            self._timer = self._clock.call_later(self._seconds, self.look)

    def look(self) -> None:
        """Tell those for whom there is room now."""
        self.close()
        for connection, size in sorted(self._waiting.items(), key=lambda item: item[1]):
            if not self._has_room(size):
                return self._look_later()
            del self._waiting[connection]
            connection.full = False
            tell(connection)
        return None
