"""A call for a workshop that another process serves is passed on to it, and its answer comes back.

Both bodies are streamed, and each is read only as fast as the other side takes it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Iterable

import httptools
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.passing.passer import Passer
from server.passing.where import Thing, named_by, named_in, reads_body, repeated
from server.store import Place, StoreUnavailable

__all__ = ["BROKEN", "PASSED", "PassingOn", "answer"]

PASSED = "hahmo.passed"  # in a scope: another process has passed this on to us
CHUNK = 64 << 10
BODY_BYTES = 64 << 10  # of a body in which a code is looked for
ANSWER_SECONDS = 150.0  # until an answer begins; an export takes a while
SILENT_SECONDS = 60.0  # between two pieces of it
NOT_PASSED = {  # of this connection alone, or told by the preamble
    *(b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"upgrade"),
    *(b"transfer-encoding", b"expect", b"forwarded", b"x-forwarded-for", b"x-forwarded-proto"),
}
OWN = {b"connection", b"keep-alive", b"transfer-encoding", b"date"}  # of an answer

BROKEN = (OSError, TimeoutError, asyncio.IncompleteReadError, httptools.HttpParserError)

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class PassingOn:
    """Around the application: what is another's is passed on, and all else comes in."""

    def __init__(self, app: ASGIApp, passer: Passer) -> None:
        self._app = app
        self._passer = passer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises StoreUnavailable where whoever serves it does not answer."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        things: Iterable[Thing | None] = [named_by(scope["path"], self._passer.key)]
        if reads_body(scope["method"], scope["path"]):
            said, body = await beginning(receive)
            receive = replayed(said, receive)
            things = named_in(scope["path"], body, self._passer.key)
        workshop = await self._passer.workshop_of([thing for thing in things if thing])
        if workshop is None:
            workshop = await self._first_try(scope)
        if workshop is None or self._passer.homes.is_ours(workshop):
            return await self._app(scope, receive, send)
        if scope.get(PASSED):
            if await self._passer.homes.find(workshop) is not None:
                raise StoreUnavailable("this workshop has another home by now")
            return await self._app(scope, receive, send)
        way = await self._passer.connect(workshop, asyncio.open_connection)
        if way is None:
            return await self._app(scope, receive, send)
        streams, place = way
        return await self._pass_on(streams, place, scope, receive, send)

    async def _first_try(self, scope: Scope) -> str | None:
        """What is to become a workshop, of a command that may come twice, at two processes at once.

        It has a home like one, so that both come to the same.
        """
        keys = [value for name, value in scope["headers"] if name == b"idempotency-key"]
        thing = repeated(scope["method"], scope["path"], keys)
        if thing is None:
            return None
        return await self._passer.workshop_of([thing]) or f"once-{thing.id[:40]}"

    async def _pass_on(
        self, streams: Streams, place: Place, scope: Scope, receive: Receive, send: Send
    ) -> None:
        reader, writer = streams
        try:
            with self._passer.cutting(place.session, writer.transport.abort):
                who, where = scope.get("client"), scope.get("server")
                writer.write(self._passer.preamble(place, who, where, scope["scheme"]))
                writer.write(head(scope))
                asking = asyncio.create_task(ask(scope, receive, writer))
                try:
                    await answer(reader, send, is_head=scope["method"] == "HEAD")
                finally:
                    asking.cancel()
                    await asyncio.wait([asking])
        except BROKEN as e:
            raise StoreUnavailable("who serves this workshop went away") from e
        finally:
            writer.transport.abort()


def head(scope: Scope) -> bytes:
    """The request as it came, but for what is of its connection."""
    target = scope.get("raw_path") or scope["path"].encode("utf-8")
    if scope["query_string"]:
        target += b"?" + scope["query_string"]
    lines = [b"%s %s HTTP/1.1" % (scope["method"].encode(), target)]
    lines += [b"%s: %s" % pair for pair in scope["headers"] if pair[0].lower() not in NOT_PASSED]
    if is_chunked(scope):
        lines.append(b"transfer-encoding: chunked")
    return b"\r\n".join((*lines, b"connection: close", b"", b""))


def is_chunked(scope: Scope) -> bool:
    """Whether it has a body of which nobody said how long it is."""
    return any(name.lower() == b"transfer-encoding" for name, _ in scope["headers"])


async def ask(scope: Scope, receive: Receive, writer: asyncio.StreamWriter) -> None:
    """The body; and when whoever asks has left, the connection ends."""
    chunked = is_chunked(scope)
    with contextlib.suppress(OSError):
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return writer.transport.abort()
            body, more = message.get("body", b""), message.get("more_body", False)
            if chunked and body:
                writer.write(b"%x\r\n%b\r\n" % (len(body), body))
            elif body:
                writer.write(body)
            if chunked and not more:
                writer.write(b"0\r\n\r\n")
            await writer.drain()
        while (await receive())["type"] != "http.disconnect":
            pass
        writer.transport.abort()
    return None


class Answer:
    """httptools' callbacks: an answer as ASGI messages."""

    def __init__(self, *, is_head: bool) -> None:
        self.messages: deque[Message] = deque()
        self.is_done = False
        self._is_head = is_head
        self._headers: list[tuple[bytes, bytes]] = []
        self.parser = httptools.HttpResponseParser(self)

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() not in OWN:
            self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        status = self.parser.get_status_code()
        start = {"type": "http.response.start", "status": status, "headers": self._headers}
        self.messages.append(start)
        if self._is_head:
            self.on_message_complete()

    def on_body(self, body: bytes) -> None:
        if not self.is_done:
            self.messages.append({"type": "http.response.body", "body": body, "more_body": True})

    def on_message_complete(self) -> None:
        if not self.is_done:
            self.is_done = True
            self.messages.append({"type": "http.response.body", "body": b"", "more_body": False})


async def answer(reader: asyncio.StreamReader, send: Send, *, is_head: bool) -> None:
    """Raises IncompleteReadError where it ends early."""
    found = Answer(is_head=is_head)
    seconds = ANSWER_SECONDS
    while not found.is_done:
        async with asyncio.timeout(seconds):
            data = await reader.read(CHUNK)
        if not data:
            raise asyncio.IncompleteReadError(b"", None)
        found.parser.feed_data(data)
        while found.messages:
            await send(found.messages.popleft())
        seconds = SILENT_SECONDS


async def beginning(receive: Receive) -> tuple[list[Message], bytes]:
    """Of a body, as far as it is needed; and the messages in which it came."""
    messages: list[Message] = []
    body = b""
    while len(body) <= BODY_BYTES:
        message = await receive()
        messages.append(message)
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return messages, body


def replayed(messages: list[Message], receive: Receive) -> Receive:
    """Those first, and then what comes."""
    said = deque(messages)

    async def next_one() -> Message:
        return said.popleft() if said else await receive()

    return next_one
