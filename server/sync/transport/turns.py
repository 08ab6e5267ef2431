"""Frames of one connection, served in turns, so that other connections have theirs in between."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from server.sync.room.connection import Connection
from server.sync.shares import TOGETHER, Meter, are_small
from server.sync.transport.takeover import HandoffProtocol
from server.sync.wire import messages

__all__ = ["Turns"]

FEW = 8  # frames that are served before it is looked how long that took


class Turns:
    """Serves the frames of one connection; after a heavy turn others have theirs first."""

    def __init__(self, meter: Meter, connection: Connection, protocol: HandoffProtocol) -> None:
        self._meter = meter
        self._connection = connection
        self._protocol = protocol
        self._waiting: deque[bytes] | None = None  # None: it is heard at once
        self._is_over = False

    def serve(self, frames: Sequence[bytes]) -> None:
        """What came in one read of the socket."""
        if self._waiting is not None:
            self._waiting.extend(frames)
            return
        wait = self._meter.wait(frames)
        if wait:
            self._wait(deque(frames), wait)
        elif not self._take(frames):
            self._serve_in_turns(deque(frames))

    def end(self) -> None:
        """It is gone: what it said last and nobody has heard is not heard any more."""
        self._waiting = deque()
        self._is_over = True

    def _take(self, frames: Sequence[bytes]) -> bool:
        """All of it, if it is little. False if it is more."""
        if len(frames) > FEW or len(frames) > 1 and not are_small(frames):
            return False
        if self._meter.serve(frames):
            self._pause(deque())
        return True

    def _serve_in_turns(self, frames: deque[bytes]) -> None:
        most = FEW
        while frames and not self._connection.closed:
            if self._meter.serve(list(first_of(frames, most))):
                return self._pause(frames)
            most *= 2  # as those took next to nothing
        return None

    def _pause(self, rest: deque[bytes]) -> None:
        pause, is_heavy = self._meter.settle()
        if not self._connection.closed and (pause or rest or is_heavy):
            self._wait(rest, pause)

    def _wait(self, frames: deque[bytes], seconds: float) -> None:
        self._waiting = frames
        self._protocol.stop_listening()
        self._protocol.loop.call_later(seconds, self._go_on)

    def _go_on(self) -> None:
        if self._is_over:
            return None
        frames, self._waiting = self._waiting or deque(), None
        wait = self._meter.wait(frames)
        if wait:  # for what another connection of theirs took meanwhile
            return self._wait(frames, wait)
        if not self._connection.closed:
            self._serve_in_turns(frames)
        if self._waiting is None:
            self._protocol.listen()
        return None


def first_of(frames: deque[bytes], most: int) -> Iterator[bytes]:
    """As many as belong in one turn, at least one; they are taken out."""
    size = number = 0
    while frames and (not number or number < most and size + len(frames[0]) <= TOGETHER):
        frame = frames.popleft()
        size, number = size + len(frame), number + 1
        yield frame
        if messages.is_joining(frame) or frames and messages.is_joining(frames[0]):
            return
