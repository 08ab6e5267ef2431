"""A board that is locked as the time is up, where who leads has asked for it."""

from dataclasses import replace

from boards.desk import Desk, Timer
from boards.desk_edits import put_field
from boards.document import Document
from server.clock import milliseconds
from server.workshops.members import Desks
from server.workshops.pace.deadlines import NotDue

__all__ = ["TimerLocks", "due_locks"]


def due_locks(desk: Desk) -> dict[str, int]:
    """When (ms since the epoch) the timer locks a board, by its id; never while it is paused."""
    timer = desk.timer
    if timer is None or timer.locks is None or timer.paused is not None:
        return {}
    return {timer.locks: timer.ends}


class TimerLocks:
    """Locks boards as their time is up; unlocking is anybody's who leads."""

    def __init__(self, desks: Desks) -> None:
        self._desks = desks

    async def lock(self, workshop: str, board: str) -> None:
        """Once: the timer forgets it, so that who unlocks the board is not overruled.

        Raises NotDue.
        """
        async with self._desks.hold(workshop) as room:
            desk = self._desks.read(room)
            ends = due_locks(desk).get(board)
            if desk.timer is None or ends is None or milliseconds() < ends:
                raise NotDue
            timer = replace(desk.timer, locks=None)
            room.edit(lambda document: put_lock(document, desk, timer, board))
            await self._desks.rooms.committer.commit(workshop)
            self._desks.reauthorise(room)


def put_lock(document: Document, desk: Desk, timer: Timer, board: str) -> None:
    """A timer that is over, and the board that it locked."""
    put_field(document, "timer", timer)
    put_field(document, "locks", {**desk.locks, board: True})
