"""Who is told what, once a batch is durable (rules RM1, RM2)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from server.metrics import Timings
from server.sync.access import Access
from server.sync.board.board_state import merged
from server.sync.board.notices import Notice, Notices
from server.sync.clock import Clock
from server.sync.commit.batch import Batch
from server.sync.judging.alarms import Alarms
from server.sync.judging.removals import Removal
from server.sync.room.connection import Connection
from server.sync.room.standing import tell
from server.sync.room.subscribers import Subscribers
from server.sync.wire import messages
from server.sync.wire.frames import Outgoing

__all__ = ["FollowUp", "Publisher"]


@dataclass(slots=True)
class FollowUp:
    """What a room owes to people, and may not say before the batch beside it is committed."""

    began: float = 0.0  # when the batch's first update was accepted: monotonic seconds
    authors: list[Connection | None] = field(default_factory=list)  # of the batch's updates
    marks: dict[Connection, tuple[int, int]] = field(default_factory=dict)  # last message, count
    notices: list[tuple[Connection, int, Notice]] = field(default_factory=list)  # of which message
    removals: list[tuple[Access, int, Sequence[Removal]]] = field(default_factory=list)  # who, when
    restored: list[str] = field(default_factory=list)  # notes, by the server
    # With what they get, and how many of the batch's updates that holds already.
    joiners: list[tuple[Connection, tuple[Outgoing, ...], int]] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether somebody waits."""
        return bool(self.marks or self.joiners)


class Publisher:
    """Tells a room's people what has become durable: notices, then updates and acks together.

    `here`: the room's connections as they come and go.
    """

    def __init__(
        self,
        board: str,
        here: Collection[Connection],
        subscribers: Subscribers,
        notices: Notices,
        alarms: Alarms,
        timings: Timings,
        clock: Clock,
    ) -> None:
        self._board = board
        self._here = here
        self._subscribers = subscribers
        self._notices = notices
        self._alarms = alarms
        self._timings = timings
        self._clock = clock

    def publish(self, batch: Batch[FollowUp]) -> None:
        """All of it is durable: now the others may see it and the authors may know."""
        follow_up = batch.follow_up
        self._send_notices(follow_up.notices)
        acks, began = acks_due(follow_up.marks), self._clock.now()
        if batch.updates:
            self._subscribers.broadcast(batch.updates, follow_up.authors, acks)
        for connection, due in acks.items():
            connection.post(due)
        if batch.updates:
            sent = self._clock.now()
            self._timings.fan_out.observe(sent - began)
            self._timings.ack.observe(sent - follow_up.began)
        for access, at, removals in follow_up.removals:
            self._alarms.note(access, at, removals)
        self._alarms.note_restored(self._board, follow_up.restored)
        for connection, outgoing, known in follow_up.joiners:
            self.subscribe(connection, outgoing, merged(batch.updates[known:]))

    def subscribe(
        self, connection: Connection, outgoing: tuple[Outgoing, ...], since: list[bytes]
    ) -> None:
        """Into the fan-out in the same step that sends its state: nothing falls between.

        `since`: frames of what was accepted after `outgoing` was made and is durable with it.
        """
        if connection.closed or connection not in self._here:
            return
        tell(connection)
        connection.outbox.post(*outgoing)
        connection.post(*since)
        self._repeat_notices(connection)
        self._subscribers.add(connection)
        connection.send_ack()

    def _send_notices(self, notices: Sequence[tuple[Connection, int, Notice]]) -> None:
        """What was put right, before the ack of it; again when its author comes back."""
        for connection, number, notice in notices:
            self._notices.keep(self._board, connection.access.person, notice)
            if connection.wants_acks:
                connection.post(messages.notice(number, notice.as_json()))

    def _repeat_notices(self, connection: Connection) -> None:
        if connection.wants_acks and connection not in self._subscribers:
            for notice in self._notices.of(self._board, connection.access.person):
                connection.post(messages.notice(0, notice.as_json()))
            for alarm in self._alarms.of(connection.access):
                connection.post(messages.notice(0, alarm))


def acks_due(marks: Mapping[Connection, tuple[int, int]]) -> dict[Connection, bytes]:
    """The acks of what is durable now, by whom they are for."""
    acks: dict[Connection, bytes] = {}
    for connection, (number, count) in marks.items():
        due = connection.durable(number, count)
        if due is not None and not connection.closed:
            acks[connection] = due
    return acks
