"""uvicorn's HTTP protocol with bounds: of heads, of silence, and of requests on their way.

uvicorn parses whatever it is sent, keeps all of it, and waits for ever for the rest. Here one
request of a connection is read at a time, heads have a size, heads and bodies a time, and who
keeps us waiting stands in the `Lobby` (rules CN11 and CN12 of docs/protocol.md).
"""

from __future__ import annotations

import asyncio
from enum import Enum
from http import HTTPStatus
from typing import ClassVar, Literal, cast

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from server.passing.calls import PASSED
from server.passing.passer import Passer
from server.passing.preamble import LEAVING, MOST_BYTES, Address, Vouched
from server.passing.relay import End, join
from server.store import Place
from server.sync.transport.lobby import Lobby
from server.sync.transport.takeover import HandoffProtocol

__all__ = ["HEAD_BYTES", "DoorProtocol"]

HEAD_BYTES = 32 << 10  # of a request's line and headers; browsers send 2 KiB
HEAD_SECONDS = 10.0  # from the first moment to the end of the head
BODY_SILENCE = 10.0  # seconds without a byte of a body
BODY_SECONDS = 120.0  # for all of it
TAKING_SILENCE = 30.0  # seconds in which nothing of an answer is taken
FRAMING_BYTES = 8 << 10  # of a body that are none of it: sizes of chunks, trailers; and an
FRAMING_SHARE = 8  # eighth of it: tiny chunks cost far more than their bytes do
LEFT_BYTES = 1 << 20  # of a body that is left when its request was answered already
PIECE = 4 << 10  # bytes of a body that are read before it is seen whether it has ended
HELD_BYTES = 1 << 20  # of the next requests, while one is answered
PIPELINED = 16  # requests of which one piece brought all
PIPELINE_PAUSE = 0.005  # seconds before one that came with others: no browser sends them so
END = b"\r\n\r\n"


class Stage(Enum):
    """What a connection is at."""

    HEAD = "between requests, or in a head"
    BODY = "in a body"
    SERVING = "its request is whole, and answered"


class DoorProtocol(HttpToolsProtocol):
    """uvicorn's HTTP with bounds on what a connection may keep waiting.

    `lobby`: set by a subclass, one per server. `passer`: where other processes serve workshops too;
    these pass on what is ours to the port `inner`.
    """

    lobby: ClassVar[Lobby]
    passer: ClassVar[Passer | None] = None
    inner: ClassVar[int] = 0
    _vouched: Vouched | None = None  # who it is, if another process passes them on
    _preamble: bytes | None = None  # as far as it has come, where one is due
    _deciding: asyncio.Task[None] | None = None  # who serves what a WebSocket asks for
    _stage = Stage.HEAD
    _head = 0  # bytes of it
    _body = 0  # bytes of it
    _framing = 0  # bytes of its chunks beside those
    _answered = 0  # bytes of it that had come when it was answered
    _since = 0.0  # loop time at which the stage began
    _last_byte = 0.0  # and of the last byte
    _held = b""  # that came while a request was answered
    _blocked: tuple[float, int] | None = None  # since when nothing is taken, and of how much
    _host = ""

    # -- asyncio's hooks ----------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._host = self.client[0] if self.client else ""
        self._since = self.loop.time()
        self.lobby.enter(self, self._host, connections=len(self.connections))
        if self.passer is not None and self.server and self.server[1] == self.inner:
            self._preamble = b""

    def connection_lost(self, exc: Exception | None) -> None:
        if self._deciding is not None:
            self._deciding.cancel()
        self.lobby.leave(self, self._host)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        self._last_byte = self.loop.time()
        if self._preamble is not None:
            data = self._read_preamble(self._preamble + data)
            if not data:
                return
        if self._stage is Stage.SERVING or self._held:
            self._hold(data)
        else:
            self._take(data)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._blocked = self.loop.time(), self.transport.get_write_buffer_size()
        self.lobby.weigh(self, self._host)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._blocked = None
        if self._stage is Stage.SERVING:
            self.lobby.leave(self, self._host)

    def _let_go(self, session: str) -> None:
        """Who passed these on to us ends."""
        for connection in list(self.connections):
            if isinstance(connection, HandoffProtocol) and connection.passed_by == session:
                connection.shutdown()
        self.transport.close()

    # -- reading ------------------------------------------------------------------------------

    def _read_preamble(self, data: bytes) -> bytes:
        """For whom another process speaks; what comes behind that. Nobody else is heard here."""
        line, end, rest = data.partition(b"\n")
        if not end and len(data) <= MOST_BYTES:
            self._preamble = data
            return b""
        vouched = self.passer.vouched(line + end) if self.passer is not None else None
        if vouched is None:
            self.transport.abort()
            return b""
        if vouched.scheme == LEAVING:
            self._let_go(vouched.session)
            return b""
        self._preamble, self._vouched = None, vouched
        self.client, self.server = told_to_uvicorn(vouched)
        self.scheme = cast(Literal["http", "https"], vouched.scheme)  # or WORK
        self.lobby.leave(self, self._host)
        self._host = vouched.client[0] if vouched.client else ""
        self.lobby.wait(self, self._host)
        return rest

    def _hold(self, data: bytes) -> None:
        """The next request waits outside until this one is answered."""
        self._held += data
        if len(self._held) > HELD_BYTES:
            self.transport.abort()
        else:
            self.flow.pause_reading()

    def _take(self, data: bytes) -> None:
        at = 0
        while at < len(data) and not self.transport.is_closing():
            if self._stage is Stage.SERVING:
                return self._hold(data[at:])
            end = self._piece(data, at)
            if end == at:
                return self._refuse(431)
            try:
                self.parser.feed_data(data[at:end])
            except httptools.HttpParserUpgrade as upgrade:
                return self._upgrade(data[at + upgrade.args[0] :])
            except httptools.HttpParserError:
                return self._refuse(400)
            if self._stage is Stage.BODY and not self._is_body_bearable(end - at):
                return self._refuse(400)
            at = end
        return None

    def _is_body_bearable(self, came: int) -> bool:
        """After so many more bytes of it."""
        self._framing += came
        if self._framing > FRAMING_BYTES + self._body // FRAMING_SHARE:
            return False
        if self.cycle is None or not self.cycle.response_complete:
            self._answered = self._body
        return self._body <= self._answered + LEFT_BYTES

    def _piece(self, data: bytes, at: int) -> int:
        """Where the next piece to read ends: one head, or a part of a body."""
        if self._stage is not Stage.HEAD:
            return min(at + PIECE, len(data))
        found = data.find(END, at, at + HEAD_BYTES)
        end = found + len(END) if found >= 0 else len(data)
        end = min(end, at + HEAD_BYTES - self._head)
        self._head += end - at
        return end

    def _upgrade(self, rest: bytes) -> None:
        """To a WebSocket; what came with the handshake is its first data."""
        if not self._should_upgrade():
            return self._unsupported_upgrade_warning()
        self.lobby.leave(self, self._host)
        path = self.url.partition(b"?")[0].decode("ascii", "replace")
        passer = self.passer
        if passer is None or self._vouched is not None or not passer.may_be_elsewhere(path):
            return self._open(rest)
        self.transport.pause_reading()
        self._deciding = self.loop.create_task(self._decide(passer, path, rest), name="upgrade")
        return None

    def _open(self, rest: bytes) -> None:
        self.handle_websocket_upgrade()
        protocol = self.transport.get_protocol()
        if rest and isinstance(protocol, asyncio.Protocol):
            protocol.data_received(rest)

    async def _decide(self, passer: Passer, path: str, rest: bytes) -> None:
        """Open it here, or pass it on to whoever serves it."""
        way = await passer.socket_way(path)
        self._deciding = None
        if self.transport.is_closing():
            if way is not None:
                way[0].abort()
            return
        if way is None:
            self._open(rest)
        else:
            self._pass_on(passer, *way, rest)
        self.transport.resume_reading()

    def _pass_on(self, passer: Passer, far: End, place: Place, rest: bytes) -> None:
        """From here on nobody reads what is said; the home's answer is the client's."""
        assert far.transport is not None
        near = End()
        near.connection_made(self.transport)
        forget, connections = passer.keep(place.session, near.abort), self.connections

        def gone() -> None:
            forget()
            connections.discard(near)

        near.on_gone = gone
        connections.discard(self)
        connections.add(near)  # type: ignore[arg-type]
        self.transport.set_protocol(near)
        said = passer.preamble(place, self.client, self.server, self.scheme or "http")
        far.transport.write(said + self._handshake() + rest)
        join(near, far)

    def _handshake(self) -> bytes:
        lines = [b"%b %b HTTP/1.1" % (self.scope["method"].encode(), self.url)]
        lines += [b"%b: %b" % pair for pair in self.headers]
        return b"\r\n".join((*lines, b"", b""))

    def handle_websocket_upgrade(self) -> None:
        """As uvicorn's, but that who is passed on is not who the socket says."""
        self.connections.discard(self)
        protocol = self.config.ws_protocol_class(  # type: ignore[call-arg, misc]
            config=self.config, server_state=self.server_state, app_state=self.app_state
        )
        if isinstance(protocol, HandoffProtocol) and self._vouched is not None:
            is_secure = self._vouched.scheme == "https"
            protocol.passed_by = self._vouched.session
            protocol.vouched = *told_to_uvicorn(self._vouched), "wss" if is_secure else "ws"
        protocol.connection_made(self.transport)
        protocol.data_received(self._handshake())
        self.transport.set_protocol(protocol)

    def _go(self, stage: Stage) -> None:
        self._stage, self._since, self._head = stage, self.loop.time(), 0
        if stage is Stage.SERVING:
            self.lobby.leave(self, self._host)
        else:
            self.lobby.wait(self, self._host)

    # -- what the parser and the answer say ---------------------------------------------------

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._since = self.loop.time()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Those behind a body are nobody's: they would join the head's when those were judged."""
        if self._stage is Stage.HEAD:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        if self._vouched is not None:
            self.scope[PASSED] = True  # type: ignore[literal-required]
        self._stage, self._since, self._head = Stage.BODY, self.loop.time(), 0
        self._body = self._framing = self._answered = 0
        if len(self.pipeline) > PIPELINED:
            self.transport.abort()

    def on_body(self, body: bytes) -> None:
        self._body += len(body)
        self._framing -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        answered = self.cycle is None or self.cycle.response_complete
        self._go(Stage.HEAD if answered else Stage.SERVING)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._stage is Stage.SERVING and self.cycle.response_complete:
            self._go(Stage.HEAD)
            if self._held:
                self.loop.call_later(PIPELINE_PAUSE, self._go_on)

    def _go_on(self) -> None:
        held, self._held = self._held, b""
        if not self.transport.is_closing():
            self._unset_keepalive_if_required()
            self._take(held)

    # -- ends ---------------------------------------------------------------------------------

    def is_overdue(self, now: float) -> bool:
        if self._blocked is not None:
            return self._takes_nothing(now)
        if self._stage is Stage.HEAD:
            return now > self._since + HEAD_SECONDS
        if self.flow.read_paused:
            return False  # it is us who do not read
        return now > self._since + BODY_SECONDS or now > self._last_byte + BODY_SILENCE

    def _takes_nothing(self, now: float) -> bool:
        assert self._blocked is not None
        since, before = self._blocked
        left = self.transport.get_write_buffer_size()
        if left < before:
            self._blocked = now, left
            return False
        return now > since + TAKING_SILENCE

    def untaken(self) -> int:
        return 0 if self._blocked is None else self.transport.get_write_buffer_size()

    def dismiss(self) -> None:
        if self._blocked is not None:
            self.transport.abort()
        elif self._head or self._stage is Stage.BODY:
            self._refuse(408)
        else:
            self.transport.close()

    def _refuse(self, status: int) -> None:
        """End it, with a word if nothing else is being said."""
        cycle = self.cycle
        if cycle is not None and not cycle.response_complete:
            cycle.disconnected = True  # whoever answers hears that nobody is there any more
            cycle.message_event.set()
        if cycle is None or cycle.response_complete or not cycle.response_started:
            self.transport.write(b"".join(answer(status)))
        self.transport.close()

    def shutdown(self) -> None:
        """Who has not sent all of a request is not waited for."""
        if self._stage is Stage.BODY:
            self._refuse(503)
        super().shutdown()


def told_to_uvicorn(vouched: Vouched) -> tuple[tuple[str, int] | None, Address]:
    client = None if vouched.client is None else (vouched.client[0], vouched.client[1] or 0)
    return client, vouched.server


def answer(status: int) -> tuple[bytes, ...]:
    """A whole answer that says its status and no more."""
    words = f"{status} {HTTPStatus(status).phrase}\n".encode()
    length = f"content-length: {len(words)}\r\n".encode()
    plain = b"content-type: text/plain; charset=utf-8\r\n"
    return STATUS_LINE[status], plain, length, b"connection: close\r\n\r\n", words
