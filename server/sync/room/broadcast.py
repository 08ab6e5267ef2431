"""Who hears of a board: its members, their presence, and one send to all of them."""

from __future__ import annotations

from collections.abc import Mapping

from server.sync.commit.scheduler import CommitScheduler
from server.sync.limits import SyncLimits
from server.sync.room.board_state import merged
from server.sync.room.connection import Connection
from server.sync.room.presence import Presence
from server.sync.wire import messages
from server.sync.wire.frames import Outgoing

__all__ = ["Audience"]


class Audience:
    """The connections that got the board's state and hear of every change since."""

    def __init__(self, limits: SyncLimits, scheduler: CommitScheduler) -> None:
        self._members: dict[Connection, None] = {}
        self._presence: Presence[Connection] = Presence(state_bytes=limits.state_bytes)
        self._scheduler = scheduler

    def __contains__(self, connection: Connection) -> bool:
        return connection in self._members

    def admit(self, connection: Connection) -> None:
        """From now on it hears everything; of who is here, at once. Again: nothing happens."""
        if connection not in self._members:
            self._members[connection] = None
            self.tell_presence(connection)

    def dismiss(self, connection: Connection) -> None:
        self._members.pop(connection, None)
        self._presence.leave(connection)
        self._schedule()

    def close(self) -> None:
        self._scheduler.forget(self._send_presence)

    def broadcast(
        self,
        updates: list[bytes],
        authors: list[Connection | None],
        acks: dict[Connection, bytes],
    ) -> None:
        """Updates to everybody, in one send with presence that changed and `acks` that are due.

        The author of all of the updates needs none of them. `acks` keeps what was not sent.
        """
        first = authors[0]
        sole = first if all(author is first for author in authors) else None
        presence, own_presence = self._take_presence()
        self._scheduler.tells(len(self._members))
        edits = Outgoing(merged(updates))
        all_of_it = edits if presence is None else Outgoing((presence,), begin=edits)
        for member in self._members:
            if member is sole or member in own_presence or member in acks:
                own = own_presence.get(member, presence), acks.pop(member, None)
                more = (frame for frame in own if frame is not None)
                member.post(*more, begin=edits if member is not sole else None)
            else:
                member.outbox.post(all_of_it)

    def hear_presence(self, connection: Connection, update: bytes) -> None:
        """Raises MalformedMessage."""
        self._presence.receive(connection, connection.visitor, update)
        self._schedule()

    def tell_presence(self, connection: Connection) -> None:
        everybody = self._presence.everybody()
        if everybody is not None:
            connection.post(everybody)

    def keep_alive(self) -> None:
        """y-websocket counts only messages, not pings: a word to everybody now and then."""
        keepalive = Outgoing((messages.KEEPALIVE,))
        for member in self._members:
            member.outbox.post(keepalive)

    def _schedule(self) -> None:
        """It waits a moment for an edit to ride along with: a send costs more than a frame."""
        if self._presence.changed:
            self._scheduler.soon(self._send_presence)

    def _take_presence(self) -> tuple[bytes | None, Mapping[Connection, bytes | None]]:
        """What changed, for everybody and for a given member; see Presence.changes."""
        self.close()
        if not self._presence.changed:
            return None, {}
        return self._presence.changes()

    def _send_presence(self) -> None:
        frame, own_frames = self._take_presence()
        if frame is None:
            return
        self._scheduler.tells(len(self._members))
        presence = Outgoing((frame,))
        for member in self._members:
            if member not in own_frames:
                member.outbox.post(presence)
            elif (own := own_frames[member]) is not None:
                member.post(own)
