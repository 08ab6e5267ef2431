"""From frames to what a room does with them: in their order, and together what came together."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Protocol

from server.errors import ServiceError, TooLarge
from server.sync.board.edit import Edit
from server.sync.inspection.slices import Slices
from server.sync.limits import SyncLimits
from server.sync.room.connection import Connection, Stage
from server.sync.room.subscribers import Subscribers
from server.sync.room.taking import LARGE
from server.sync.wire import messages

__all__ = ["Inbox"]

log = logging.getLogger(__name__)

RUN = 64  # edits of one person that are applied in one go; if one is bad, all are refused


class Gathered:
    """What came in one read of a socket and is still to be served."""

    __slots__ = ("edits", "presence")

    def __init__(self) -> None:
        self.edits: list[Edit] = []
        self.presence: bytes | None = None


class Receiver(Protocol):
    """What serves the messages: a room. All raise what closes the connection."""

    def longest_message(self) -> int:
        """Most bytes of a SyncStep1 or SyncStep2 of somebody who has what the board has."""

    def take_step1(self, connection: Connection, state_vector: bytes) -> None:
        """Of a SyncStep1."""

    def take_step2(self, connection: Connection, update: bytes) -> None:
        """Of a SyncStep2."""

    def take_large(self, connection: Connection, update: bytes, *, is_step2: bool) -> Slices[None]:
        """Of a large one, or of a large edit; it is counted there."""

    def retry_parked(self, connection: Connection) -> None:
        """What waited for its predecessors may have them now."""

    def inspect_update(self, update: bytes) -> Edit:
        """An update that somebody just made."""

    def take_edit(self, connection: Connection, edit: Edit, *, is_step2: bool) -> None:
        """One edit."""

    def take_together(self, connection: Connection, edits: list[Edit]) -> int:
        """As many edits at the front as can be applied in one go; how many."""


class Inbox:
    """Reads the frames of a room's connections (rules RM9 and RM12).

    Somebody who writes fast sends many at a time: edits next to each other are applied in one go,
    and of the states of their presence only the last is read.
    """

    def __init__(self, room: Receiver, subscribers: Subscribers, limits: SyncLimits) -> None:
        self._room = room
        self._subscribers = subscribers
        self._limits = limits

    def receive(self, connection: Connection, frames: Iterable[bytes]) -> None:
        """Serve them. Whatever is wrong closes this connection."""
        gathered = Gathered()
        try:
            try:
                for frame in frames:
                    if connection.closed:
                        return
                    self._serve(connection, self._read(connection, frame), gathered)
            finally:  # a bad frame does not undo what came before it
                self._finish(connection, gathered)
        except ServiceError as error:
            connection.close(error)

    def slowly(self, connection: Connection, frame: bytes) -> Slices[None]:
        """The same of one frame, with turns for others in between if that takes long. Raises what
        closes the connection."""
        gathered = Gathered()
        message = self._read(connection, frame)
        if len(frame) <= LARGE or not isinstance(message, messages.Update | messages.SyncStep2):
            self._serve(connection, message, gathered)
            self._finish(connection, gathered)
            return
        is_step2 = isinstance(message, messages.SyncStep2)
        if is_step2:
            connection.has_synced()
        yield from self._room.take_large(connection, message.update, is_step2=is_step2)

    def go_on(self, connection: Connection, slices: Slices[None]) -> bool:
        """The next slice of what `slowly` does, or such; whether that was the last one."""
        try:
            next(slices)
        except StopIteration:
            return True
        except ServiceError as error:
            connection.close(error)
            return True
        except Exception:  # there is no caller whom it would end, and others wait behind it
            log.exception("board %s: a message cannot be served", connection.access.board)
            connection.close(ServiceError("it could not be served"))
            return True
        return False

    def _read(self, connection: Connection, frame: bytes) -> messages.Message:
        limits = self._limits
        most = limits.first_frame_bytes if connection.stage is Stage.JOINING else limits.frame_bytes
        if len(frame) > most and not self._is_wide(frame):
            raise TooLarge(most=most)
        connection.spend()
        return messages.decode(frame)

    def _serve(self, connection: Connection, message: messages.Message, gathered: Gathered) -> None:
        if isinstance(message, messages.Update):
            self._gather_edit(connection, message.update, gathered)
        elif isinstance(message, messages.Awareness):
            self._gather_presence(connection, message.update, gathered)
        else:
            self._finish(connection, gathered)
            self._serve_rare(connection, message)

    def _is_wide(self, frame: bytes) -> bool:
        """SyncStep1 and SyncStep2 are as large as the board makes them (rule IN17)."""
        return messages.is_joining(frame) and len(frame) <= self._room.longest_message()

    def _serve_rare(self, connection: Connection, message: messages.Message) -> None:
        match message:
            case messages.SyncStep1(state_vector):
                connection.received += 1
                self._room.take_step1(connection, state_vector)
            case messages.SyncStep2(update):
                connection.received += 1
                connection.has_synced()
                self._room.take_step2(connection, update)
                self._room.retry_parked(connection)
            case messages.QueryAwareness():
                self._subscribers.send_presence_to(connection)

    def _gather_edit(self, connection: Connection, update: bytes, gathered: Gathered) -> None:
        edit = self._room.inspect_update(update)
        connection.count_structs(edit.inspection.structs)
        gathered.edits.append(edit)
        if edit.inspection.surrogates or len(gathered.edits) == RUN:  # the next may not cut these
            self._finish_edits(connection, gathered)

    def _gather_presence(self, connection: Connection, update: bytes, gathered: Gathered) -> None:
        if gathered.presence is not None and not messages.replaces(update, gathered.presence):
            self._subscribers.receive_presence(connection, gathered.presence)
        gathered.presence = update

    def _finish(self, connection: Connection, gathered: Gathered) -> None:
        self._finish_edits(connection, gathered)
        presence, gathered.presence = gathered.presence, None
        if presence is not None:
            self._subscribers.receive_presence(connection, presence)

    def _finish_edits(self, connection: Connection, gathered: Gathered) -> None:
        edits, gathered.edits = gathered.edits, []
        at = 0
        while at < len(edits):
            together = self._room.take_together(connection, edits[at:])
            if not together:
                connection.received += 1
                self._room.take_edit(connection, edits[at], is_step2=False)
            at += together or 1
