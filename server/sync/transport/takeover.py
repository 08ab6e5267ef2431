"""The short way between a socket and a room, under uvicorn.

Starlette routes, authorises and accepts; then the endpoint takes the connection over and returns.
From there a binary frame goes from `data_received` straight to the room, and what goes out,
framed once for all readers, straight to the transport: no task, no queue, no ASGI message per
frame and per reader. Everything else (ping, close, fragments) stays with uvicorn's own parser.
`AsgiOutbox` is the fallback under any other server; docs/decisions.md has the measurements.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from server.errors import Malformed, ServiceError, TooLarge
from server.sync.transport.lobby import Lobby
from server.sync.transport.progress import show_progress
from server.sync.wire.frames import MASKED, frame_bounds

try:
    from websockets.speedups import apply_mask
except ImportError:  # built without its C part
    from websockets.utils import apply_mask

__all__ = ["EXTENSION", "HandoffProtocol"]

EXTENSION = "hahmo.handoff"  # key in the ASGI scope's extensions
WHOLE_BINARY = 0x82  # FIN and opcode 2: the only frame that takes the short way
OPCODE, CLOSE = 0x0F, 0x08
DOOR_SECONDS = 30.0  # in which somebody is let in, or away
EARLY_BYTES = 64 << 10  # that are kept while the endpoint finds out who it is; more waits outside
SLICE = 256 << 10  # bytes of something large that are given to a socket at a time
RESTARTING = 1012
FAREWELL_SECONDS = 1.0  # in which they answer it
SPREAD_EACH, MOST_SPREAD = 3, 1500  # ms for each connection in which all come back, and at most
MOST_SKIPPED = 1000  # frames after our close frame among which the answer to it is looked for


class DiscardQueue(asyncio.Queue[Any]):
    """A queue that drops what is put into it: uvicorn's messages to an application that left."""

    def put_nowait(self, item: Any) -> None:
        pass


# A queue and an event of its own cost a connection 4 KiB; after the hand-off it needs neither.
DISCARDED = DiscardQueue()
WRITABLE = asyncio.Event()
WRITABLE.set()


class HandoffProtocol(WebSocketsSansIOProtocol):
    """uvicorn's sans-I/O WebSocket protocol that an endpoint may take over after `accept`."""

    lobby: ClassVar[Lobby | None] = None  # set by a subclass, one per server
    vouched: tuple[Any, Any, Any] | None = None  # client, server, scheme, if another process says
    passed_by = ""  # that process's session
    _host = ""
    _since = 0.0  # loop time at which it came
    _sink: Callable[[Sequence[bytes]], None] | None = None
    _on_gone: Callable[[], None] | None = None
    _on_odd: Callable[[], None] | None = None
    _unread: bytes | bytearray = b""  # begins where a frame does
    _lacking = 0  # bytes without which the frame that it begins with is not whole
    _most = 0
    _longest: Callable[[], int]
    _skipping = 0  # bytes left of a frame that nobody reads
    _skipped = 0  # frames that nobody read
    blocked_since: float | None = None  # loop time since when the socket takes nothing
    # What waits behind something large, and that itself; whether it is this reader's alone.
    _later: deque[tuple[memoryview, bool]] | None = None
    _behind = 0  # bytes that wait there for this reader alone
    _queued = 0  # bytes that wait there at all
    _feeding = False  # the next slice is on its way

    def take_over_connection(
        self,
        sink: Callable[[Sequence[bytes]], None],
        on_gone: Callable[[], None],
        on_odd: Callable[[], None],
        *,
        most: int,
        longest: Callable[[], int],
    ) -> None:
        """Give binary messages to `sink` from now on, those that wait included, as they come.

        As many at a time as one read of the socket held; never none.

        `most`: bytes of one message; of a larger one `longest` is asked. `on_gone` is
        called once, when the connection has ended; `on_odd` for each frame that is no message of
        its own, such as a ping: they cost time too.
        """
        if self.lobby is not None:
            self.lobby.leave(self, self._host)
        self._sink, self._on_gone, self._on_odd = sink, on_gone, on_odd
        self._most, self._longest = most, longest
        self.queue, self.writable = DISCARDED, WRITABLE
        show_progress(self.transport)
        early, self._unread = bytes(self._unread), b""
        self._read(early)
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        if self.disconnected:
            self._gone()

    def write(self, raw: bytes, *, is_own: bool = False) -> None:
        """Bytes that are whole frames; dropped after the closing handshake has begun.

        `is_own`: they are nobody else's, also if they are many. They are dropped as well when the
        socket is gone but `connection_lost` is still to come: uvloop raises there, and one client
        that vanished must not stop the commit that tells everybody.
        """
        if self.close_sent or self.transport.is_closing():
            return
        if self._later is None and len(raw) <= SLICE:
            self.transport.write(raw)
        else:
            self._write_later(raw, is_own or len(raw) <= SLICE)

    @property
    def waiting(self) -> int:
        """Bytes that the socket has not taken yet."""
        return self.transport.get_write_buffer_size() + self._queued

    @property
    def unsent(self) -> int:
        """Bytes that the socket has not taken yet, without those that all readers share."""
        return self.transport.get_write_buffer_size() + self._behind

    def _write_later(self, raw: bytes, is_own: bool) -> None:
        """A whole board waits as the one object that it is for all, and leaves in slices.

        A transport would keep a copy of it for each reader who takes nothing.
        """
        if self._later is None:
            self._later = deque()
        self._later.append((memoryview(raw), is_own))
        self._queued += len(raw)
        self._behind += len(raw) if is_own else 0
        self._feed_soon()

    def _feed_soon(self) -> None:
        if not self._feeding:
            self._feeding = True
            self.loop.call_soon(self._feed)

    def _feed(self) -> None:
        """The next slice, if the socket takes it; others have their turn before the one after."""
        self._feeding = False
        later = self._later
        if not later or self.transport.is_closing():
            self._later, self._behind, self._queued = None, 0, 0
        elif self.blocked_since is None:  # else until resume_writing
            left = SLICE - self.transport.get_write_buffer_size()
            while later and left > 0:
                left -= self._give(later, left)
            self._feed_soon()

    def _give(self, later: deque[tuple[memoryview, bool]], most: int) -> int:
        first, is_own = later.popleft()
        self.transport.write(first[:most])
        given = min(most, len(first))
        self._queued -= given
        self._behind -= given if is_own else 0
        if len(first) > most:
            later.appendleft((first[most:], is_own))
        return given

    def end(self, error: ServiceError, *, within: float) -> None:
        """Send the close code; cut the connection if it is not over `within` seconds."""
        self._say_goodbye(error.close_code, error.slug, within=within)

    def _say_goodbye(self, code: int, reason: str, *, within: float) -> None:
        if self.close_sent or self.transport.is_closing():
            return
        self.conn.send_close(code, reason)
        farewell = b"".join(self.conn.data_to_send())
        if self._later:  # the frame of which a part has left comes to its end before
            self._later = deque([self._later[0], (memoryview(farewell), True)])
        else:
            self.transport.write(farewell)
        self.close_sent = True
        self.stop_keepalive()
        self.close_timer = self.loop.call_later(within, self.transport.abort)

    def stop_listening(self) -> None:
        """What its client sends waits in the socket until `listen`."""
        if not self.transport.is_closing():
            self.transport.pause_reading()

    def listen(self) -> None:
        """The end of that."""
        if not self.transport.is_closing():
            self.transport.resume_reading()

    def is_overdue(self, now: float) -> bool:
        """See `Guest`."""
        return now > self._since + DOOR_SECONDS

    def dismiss(self) -> None:
        """See `Guest`."""
        self.transport.abort()

    # -- uvicorn's hooks ----------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if self.vouched is not None:
            self.client, self.server, self.scheme = self.vouched
        self._host = self.client[0] if self.client else ""
        self._since = self.loop.time()
        if self.lobby is not None:
            self.lobby.enter(self, self._host, connections=len(self.connections))

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.response.status_code == 101:
            extensions: dict[str, Any] = {**(self.scope["extensions"] or {}), EXTENSION: self}
            self.scope["extensions"] = extensions

    async def run_asgi(self) -> None:
        """As uvicorn's, except that a connection that was taken over outlives its endpoint."""
        try:
            await self.app(self.scope, self.receive, self.send)
        except ClientDisconnected:
            pass
        except BaseException:
            self.logger.exception("Exception in ASGI application\n")
            self.send_500_response()
        if self._sink is None and self.close_timer is None:
            self.transport.close()
        del self.scope, self.request, self.response  # 2,000 idle connections share one machine

    def data_received(self, data: bytes) -> None:
        if not self.handshake_initiated:
            super().data_received(data)
        elif self.close_sent:
            self._skip(data)
        elif self._sink is None:
            self._keep(data)
        else:
            self._read(data)

    def _keep(self, data: bytes) -> None:
        """Nobody knows yet who this is. uvicorn's parser must not see the bytes: a frame of which
        it had the first half when the connection is taken over would be lost with its border."""
        self._unread = self._unread or bytearray()
        self._unread += data
        if len(self._unread) > EARLY_BYTES and not self.read_paused:
            self.read_paused = True
            self.transport.pause_reading()

    def _read(self, data: bytes) -> None:
        if self._unread:
            # In place: a frame that comes byte by byte must not be copied whole for each.
            self._unread += data
            self._lacking -= len(data)
            if self._lacking > 0:
                return
            data, self._unread = bytes(self._unread), b""
        self._lacking = 0
        messages: list[bytes] = []
        at, end = 0, len(data)
        while end - at >= 2:
            if end - at >= 6 and MASKED <= data[at + 1] < MASKED + 126:  # most of them: told here
                length, start = data[at + 1] - MASKED, at + 6
            else:
                length, start = frame_bounds(data, at, end)
            if length > self._most and length > self._longest():
                self._deliver(messages)
                self.end(TooLarge(most=self._most), within=self.close_timeout)
                break
            behind = start + length
            if start < 0 or behind > end:
                self._lacking = behind - end if start >= 0 else 0
                break
            if data[at] == WHOLE_BINARY and data[at + 1] >= MASKED and not self.frames:
                messages.append(apply_mask(data[start:behind], data[start - 4 : start]))
            else:
                self._deliver(messages)
                messages = []
                if not self.close_sent:
                    self._read_odd(data[at:behind])
            at = behind
            if self.close_sent:
                break
        self._deliver(messages)
        if self.close_sent:
            self._skip(data[at:])
        elif at < end:
            self._unread = bytearray(data[at:])

    def _read_odd(self, frame: bytes) -> None:
        if self._on_odd is not None:
            self._on_odd()
        if not self.close_sent:
            super().data_received(frame)

    def _skip(self, data: bytes) -> None:
        """We have sent our close frame: all that matters is the answer to it, unmasked or not."""
        if self._unread:
            data = bytes(self._unread) + data
            self._unread = b""
        passed = min(self._skipping, len(data))
        self._skipping -= passed
        at, end = passed, len(data)
        while end - at >= 2:
            length, start = frame_bounds(data, at, end)
            if start < 0:
                break
            self._skipped += 1
            if data[at] & OPCODE == CLOSE or self._skipped > MOST_SKIPPED:
                return self._end_of_skipping(answered=self._skipped <= MOST_SKIPPED)
            self._skipping = max(0, start + length - end)
            at = min(end, start + length)
        self._unread = data[at:]
        return None

    def _end_of_skipping(self, *, answered: bool) -> None:
        if not answered:  # the timer that was set with our close frame ends it
            self.transport.pause_reading()
        elif not self.transport.is_closing():
            if self.close_timer is not None:
                self.close_timer.cancel()
                self.close_timer = None
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.lobby is not None:
            self.lobby.leave(self, self._host)
        super().connection_lost(exc)
        if self._sink is not None:
            self._gone()

    def handle_ping(self) -> None:
        """The answer waits its turn: within a frame that leaves in slices it would be content."""
        if not self.close_sent:
            self.write(b"".join(self.conn.data_to_send()))

    def send_keepalive_ping(self) -> None:
        if self._later is None:
            super().send_keepalive_ping()
        else:  # that something is taken is as good as an answer
            self.schedule_ping()

    def shutdown(self) -> None:
        """The server ends: they are told within how many ms to come back, not all at once.

        And are read until they answer: a socket closed over what they say would lose the word.
        """
        if self._sink is None or self.close_sent:
            super().shutdown()
        else:
            spread = min(MOST_SPREAD, SPREAD_EACH * len(self.connections))
            self._say_goodbye(RESTARTING, str(spread), within=FAREWELL_SECONDS)

    def pause_writing(self) -> None:
        if self._sink is None:
            super().pause_writing()
        self.blocked_since = self.loop.time()

    def resume_writing(self) -> None:
        if self._sink is None:
            super().resume_writing()
        self.blocked_since = None
        if self._later is not None:
            self._feed_soon()

    def send_receive_event_to_app(self) -> None:
        if self._sink is None:
            super().send_receive_event_to_app()
            return
        data, self.frames = b"".join(self.frames), []
        if self.curr_msg_data_type == "bytes":
            self._deliver([data])
        else:
            self._refuse_text()

    # -----------------------------------------------------------------------------------------

    def _deliver(self, messages: Sequence[bytes]) -> None:
        if messages and self._sink is not None and not self.close_sent:
            self._sink(messages)

    def _refuse_text(self) -> None:
        if self._sink is not None and not self.close_sent:
            error = Malformed("expected binary frames, got text")
            self.end(error, within=self.close_timeout)

    def _gone(self) -> None:
        on_gone, self._on_gone, self._sink = self._on_gone, None, None
        if on_gone is not None:
            on_gone()
