"""A command that carries an `Idempotency-Key` is carried out once, however often it arrives.

Whoever lost an answer sends the command again under the same key and gets the answer that was
lost, cookie included. Answers are kept in memory for a while and in the store for longer
(`server/web/kept.py`), and those that are errors are not: nothing was done, so the next try is a
new one. Source: the IETF's draft of the Idempotency-Key.
"""

import asyncio
import functools
import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message

from server.errors import InvalidField, KeyReused
from server.web.kept import KeptAnswers
from server.web.requests import read_body

__all__ = ["COMMAND_BYTES", "Handler", "KEEP_SECONDS", "MOST_BYTES", "MOST_KEYS", "Once", "once"]

KEEP_SECONDS = 600.0  # how long a try may follow another
MOST_KEYS = 5_000
MOST_BYTES = 16 << 20  # of all answers kept
COMMAND_BYTES = 262_144  # of the longest command, one that brings a workbook

# Long enough that nobody else guesses it: who has the key gets the answer.
KEY = re.compile(r"[!-~]{20,200}")

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(slots=True)
class Try:
    """A command on its way or done: what it was, and its answer."""

    command: bytes
    at: float
    answer: asyncio.Future[Response]
    size: int = 0


class Once:
    """The commands of the last minutes by their keys, the oldest first; and those in the store."""

    def __init__(
        self, kept: KeptAnswers | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._kept = kept
        self._clock = clock
        self._tries: OrderedDict[bytes, Try] = OrderedDict()
        self._bytes = 0

    async def do(
        self, key: bytes, command: bytes, run: Callable[[], Awaitable[Response]]
    ) -> Response:
        """The answer of `run`, or of the try before it. Raises KeyReused, and what `run` does."""
        self._forget()
        found = self._tries.get(key)
        while found is not None:
            if found.command != command:
                raise KeyReused("the same key for another command")
            await asyncio.wait([found.answer])
            if not found.answer.cancelled():
                return copied(found.answer.result())
            found = self._tries.get(key)  # the first one failed: be the first oneself
        return await self._first(key, command, run)

    async def _first(
        self, key: bytes, command: bytes, run: Callable[[], Awaitable[Response]]
    ) -> Response:
        mine = Try(command, self._clock(), asyncio.get_running_loop().create_future())
        self._tries[key] = mine
        try:
            answer = await run()
        except BaseException:
            self._drop(key)
            mine.answer.cancel()
            raise
        mine.answer.set_result(copied(answer))
        mine.size = len(answer.body)
        self._bytes += mine.size
        return answer

    async def run_lasting(
        self, key: str, command: bytes, request: Request, run: Callable[[], Awaitable[Response]]
    ) -> Response:
        """The answer of `run`, or the one from before a restart. Raises KeyReused."""
        found = self._kept and await self._kept.find(key, command)
        if found:
            return found
        answer = await run()
        if self._kept:
            await self._kept.keep(key, command, request, answer)
        return answer

    def _forget(self) -> None:
        oldest = self._clock() - KEEP_SECONDS
        while self._tries:
            key, kept = next(iter(self._tries.items()))
            full = len(self._tries) >= MOST_KEYS or self._bytes > MOST_BYTES
            if not kept.answer.done() or (kept.at > oldest and not full):
                return
            self._drop(key)

    def _drop(self, key: bytes) -> None:
        self._bytes -= self._tries.pop(key).size


def once(handler: Handler, *, lasting: bool = True, most: int = COMMAND_BYTES) -> Handler:
    """The same call, carried out once per key; without a key, each time.

    `lasting`: also when the server was started again between two tries. `most`: bytes of a body.
    """

    @functools.wraps(handler)
    async def call(request: Request) -> Response:
        key = request.headers.get("idempotency-key")
        if key is None:
            return await handler(request)
        if not KEY.fullmatch(key):
            raise InvalidField("Idempotency-Key", expected="20 to 200 characters", got=key)
        body = await read_body(request, most=most)
        command = digest(request.method, request.url.path, body)
        tries: Once = request.app.state.site.once

        async def run() -> Response:
            return await handler(Request(request.scope, replayed(body)))

        async def run_lasting() -> Response:
            return await tries.run_lasting(key, command, request, run)

        return await tries.do(digest(key), command, run_lasting if lasting else run)

    return call


def replayed(body: bytes) -> Callable[[], Awaitable[Message]]:
    """A body that was read already, for whoever reads it next."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def copied(answer: Response) -> Response:
    """The same answer: layers outside add headers to each."""
    copy = Response(answer.body, answer.status_code)
    copy.raw_headers = list(answer.raw_headers)
    return copy


def digest(*parts: str | bytes) -> bytes:
    """What stands for a key or a command: neither is kept itself."""
    whole = hashlib.sha256()
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        whole.update(len(raw).to_bytes(8, "big") + raw)
    return whole.digest()
