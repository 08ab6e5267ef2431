"""Who is sent what happens on a board, their presence included: one encoding for all of them."""

from __future__ import annotations

from collections.abc import Mapping

from server.sync.board.board_state import merged
from server.sync.commit.scheduler import CommitScheduler
from server.sync.limits import SyncLimits
from server.sync.room.connection import Connection
from server.sync.room.presence import Presence
from server.sync.wire import messages
from server.sync.wire.frames import Outgoing

__all__ = ["Subscribers"]


class Subscribers:
    """The connections that have the board's state and are sent every change of it."""

    def __init__(self, limits: SyncLimits, scheduler: CommitScheduler) -> None:
        self._connections: dict[Connection, None] = {}
        self._presence: Presence[Connection] = Presence(state_bytes=limits.state_bytes)
        self._scheduler = scheduler

    def __contains__(self, connection: Connection) -> bool:
        return connection in self._connections

    def add(self, connection: Connection) -> None:
        """It is sent everything from now on; who is here, at once. Again: nothing happens."""
        if connection not in self._connections:
            self._connections[connection] = None
            self.send_presence_to(connection)

    def remove(self, connection: Connection) -> None:
        self._connections.pop(connection, None)
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

        The author of all of the updates needs none of them. Acks that were sent are taken out of
        `acks`.
        """
        first = authors[0]
        sole = first if all(author is first for author in authors) else None
        presence, own_presence = self._take_presence()
        self._scheduler.note_readers(len(self._connections))
        edits = Outgoing(merged(updates))
        all_of_it = edits if presence is None else Outgoing((presence,), begin=edits)
        for connection in self._connections:
            if connection is sole or connection in own_presence or connection in acks:
                own = own_presence.get(connection, presence), acks.pop(connection, None)
                more = (frame for frame in own if frame is not None)
                connection.post(*more, begin=edits if connection is not sole else None)
            else:
                connection.outbox.post(all_of_it)

    def receive_presence(self, connection: Connection, update: bytes) -> None:
        """Raises MalformedMessage."""
        self._presence.receive(connection, connection.visitor, update)
        self._schedule()

    def introduce(self, connection: Connection) -> None:
        """Others hear anew who it is."""
        self._presence.introduce(connection, connection.visitor)
        self._schedule()

    def send_presence_to(self, connection: Connection) -> None:
        everybody = self._presence.everybody()
        if everybody is not None:
            connection.post(everybody)

    def keep_alive(self) -> None:
        """y-websocket counts only messages, not pings: a word to everybody now and then."""
        keepalive = Outgoing((messages.KEEPALIVE,))
        for connection in self._connections:
            connection.outbox.post(keepalive)

    def _schedule(self) -> None:
        """It waits a moment for an edit to ride along with: a send costs more than a frame."""
        if self._presence.changed:
            self._scheduler.send_soon(self._send_presence)

    def _take_presence(self) -> tuple[bytes | None, Mapping[Connection, bytes | None]]:
        """What changed, for everybody and for a given connection; see Presence.changes."""
        self.close()
        if not self._presence.changed:
            return None, {}
        return self._presence.changes()

    def _send_presence(self) -> None:
        frame, own_frames = self._take_presence()
        if frame is None:
            return
        self._scheduler.note_readers(len(self._connections))
        presence = Outgoing((frame,))
        for connection in self._connections:
            if connection not in own_frames:
                connection.outbox.post(presence)
            elif (own := own_frames[connection]) is not None:
                connection.post(own)
