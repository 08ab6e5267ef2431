"""Who may write for now, and who is told what: an honest edit at the wrong moment is held.

It is not taken, its author hears so by frame 122, and the connection goes on (rules RM13, RM14 of
docs/protocol.md). Who did not ask for such frames (`ack=1`) is closed instead, as they would take
the edit for saved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from server.errors import NotAllowed, ServiceError
from server.sync.access import Access
from server.sync.clock import Clock, Timer
from server.sync.errors import BoardFull, RightsChanged
from server.sync.room.connection import Connection, Ending
from server.sync.wire import messages

__all__ = ["FULL", "READ_ONLY", "Space", "hold", "reauthorise", "tell"]

READ_ONLY, FULL = "read-only", "full"  # reasons for not taking an edit


def tell(connection: Connection) -> None:
    """Say whether what it sends is taken, unless it was told so already."""
    reason = reason_of(connection)
    if connection.wants_acks and connection.last_reason != reason:
        connection.last_reason = reason
        connection.post(messages.standing(not reason, 0, reason))


def reason_of(connection: Connection) -> str:
    """Why nothing of it is taken, "" while it is."""
    if not connection.may_edit:
        return READ_ONLY
    return FULL if connection.full else ""


def hold(connection: Connection, number: int, reason: str) -> None:
    """Message `number` is not taken, and is told so before any ack that counts it.

    Raises NotAllowed or BoardFull for a client that does not know that frame.
    """
    if not connection.wants_acks:
        raise error_of(reason)
    connection.full |= reason == FULL
    connection.last_reason = reason
    connection.post(messages.standing(False, number, reason))


def error_of(reason: str) -> ServiceError:
    if reason == FULL:
        return BoardFull("the board is full")
    return NotAllowed("this person may only read this board")


def reauthorise(
    connection: Connection, decide: Callable[[Access], Access], *, grace: float
) -> None:
    """Look again at what it may do. Who loses a right keeps it for `grace` seconds (rule RM10)."""
    before = connection.access
    outcome: Access | ServiceError
    try:
        outcome = decide(before)
    except ServiceError as error:
        outcome = error
    if not loses(before, outcome):
        end_grace(connection)
        replace_access(connection, outcome)
        return
    if isinstance(outcome, Access):
        connection.access = replace(
            outcome,
            may_write=before.may_write,
            dots=max(before.dots, outcome.dots),
            allowed=before.allowed.or_as(outcome.allowed),
            locked=before.locked.both(outcome.locked),
        )
    if connection.ending is not None:
        connection.ending.outcome = outcome
    else:
        timer = connection.clock.call_later(grace, end_of_grace, connection)
        connection.ending = Ending(timer, outcome)


def loses(before: Access, outcome: Access | ServiceError) -> bool:
    """Whether something may be on its way that was fine when it was written."""
    if isinstance(outcome, Access):
        narrower = before.allowed.or_as(outcome.allowed) != outcome.allowed
        narrower |= before.locked.both(outcome.locked) != outcome.locked
        return before.may_write > outcome.may_write or before.dots > outcome.dots or narrower
    return before.may_write and isinstance(outcome, NotAllowed)


def end_of_grace(connection: Connection) -> None:
    ending = end_grace(connection)
    if ending is not None:
        replace_access(connection, ending.outcome)


def end_grace(connection: Connection) -> Ending | None:
    """What was to come does not, unless the caller sees to it."""
    ending, connection.ending = connection.ending, None
    if ending is not None:
        ending.timer.cancel()
    return ending


def replace_access(connection: Connection, outcome: Access | ServiceError) -> None:
    """From now on this holds. Who hears no frame 122 is asked to come back, and told by that."""
    before = connection.access
    if isinstance(outcome, ServiceError):
        connection.close(outcome)
    elif connection.wants_acks or rights_of(before) == rights_of(outcome):
        connection.access = outcome
        if not connection.may_edit:
            let_parked_go(connection)
        if connection.last_reason is not None:  # else it is told when it has joined
            tell(connection)
    else:
        connection.close(RightsChanged("rights have changed"))


def rights_of(access: Access) -> tuple[bool, str]:
    return access.may_write, access.role


def let_parked_go(connection: Connection) -> None:
    """What waits for its predecessors would wait for ever: those are not taken either."""
    waiting = connection.unpark()
    connection.ask_no_more()
    for parked in waiting:
        hold(connection, parked.number, READ_ONLY)
    due = connection.ack_due() if waiting else None
    if due is not None:
        connection.post(due)


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
