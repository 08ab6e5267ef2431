"""Work in child processes, done by the worker in the place of who needs it, while there is one.

Nobody waits for a worker that is gone, full or out of reach: the work is done at home, as without
one. What goes over the network is run and read as it is, so both ways are proven with the shared
key, an answer together with what it answers; and a worker of other code than ours, as while a new
version is put in place, is none.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import os
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from starlette.types import Message, Receive, Scope, Send

from server.children import Child, Ended, run_child
from server.passing.calls import BROKEN, PASSED, answer
from server.passing.passer import Passer, split
from server.passing.preamble import WORK, passing_key
from server.store import Place, StoreUnavailable
from server.store.packing import pack, unpack

__all__ = ["Lending", "WorkCalls", "is_work"]

log = logging.getLogger(__name__)

ROOT = Path(__file__).parents[2]  # of what is run, in a checkout or installed
MODULES = (  # what may be asked for
    "server.exports.worker",
    "server.sync.commit.compactor",
    "server.sync.commit.history",
)
MOST_BYTES = 64 << 20  # of one piece of work; what is larger stays at home
AT_ONCE = max(2, os.cpu_count() or 2)  # children of a worker
WAITING = 16  # for one of them to end
CONNECT_SECONDS = 1.0
KNOWN_SECONDS = 1.0  # for so long we remember who works
PROOF_BYTES = 32
FAILURES = (*BROKEN, ValueError, StoreUnavailable)


class Lending:
    """What this process has done by the worker. `key`: the server's."""

    def __init__(self, passer: Passer) -> None:
        self._passer = passer
        self._key = passing_key(passer.key)
        self._worker: Place | None = None
        self._asked = -KNOWN_SECONDS  # loop time
        self.lent = 0  # pieces of work that came back done

    async def run(self, module: str, told: bytes) -> Ended:
        """As `run_child`."""
        if len(told) <= MOST_BYTES:
            try:
                place = await self._place()
                if place is not None:
                    ended = await self._ask(place, module, told)
                    self.lent += 1
                    return ended
            except FAILURES as error:
                log.warning("the worker does not do it, so we do: %s", type(error).__name__)
        return await run_child(module, told)

    async def _place(self) -> Place | None:
        """Of another process that works."""
        now = asyncio.get_running_loop().time()
        if now >= self._asked + KNOWN_SECONDS:
            self._asked = now
            self._worker = await self._passer.homes.worker()
        found = self._worker
        return None if found is None or found.session == self._passer.homes.session else found

    async def _ask(self, place: Place, module: str, told: bytes) -> Ended:
        async with asyncio.timeout(CONNECT_SECONDS):
            reader, writer = await asyncio.open_connection(*split(place.address))
        body = proof(self._key, await asyncio.to_thread(our_code), module.encode(), told) + told
        head = f"POST /{module} HTTP/1.1\r\nhost: worker\r\ncontent-length: {len(body)}\r\n"
        said = Said()
        try:
            with self._passer.cutting(place.session, writer.transport.abort, counts=False):
                writer.write(self._passer.preamble(place, None, None, WORK))
                writer.write(head.encode() + b"connection: close\r\n\r\n" + body)
                await answer(reader, said.send, is_head=False)
        finally:
            writer.transport.abort()
        return said.read(self._key, body)


class Said:
    """An answer, as it comes."""

    def __init__(self) -> None:
        self._status = 0
        self._body = bytearray()

    async def send(self, message: Message) -> None:
        self._status = message.get("status", self._status)
        self._body += message.get("body", b"")

    def read(self, key: bytes, asked: bytes) -> Ended:
        """Raises ValueError for what is no answer to this."""
        proven, packed = bytes(self._body[:PROOF_BYTES]), bytes(self._body[PROOF_BYTES:])
        if self._status != 200 or not is_proven(key, proven, asked, packed):
            raise ValueError(f"the worker answers {self._status}")
        status, said, complaint = unpack(packed)
        return Ended(int(status), said, complaint)


class WorkCalls:
    """What others ask of us: a few children at once, the others in a line."""

    def __init__(self, key: bytes, child: Child = run_child) -> None:
        self._key = passing_key(key)
        self._child = child
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        module = scope["path"].removeprefix("/")
        body = await whole(receive)
        if body is None:
            return None
        told, code = body[PROOF_BYTES:], await asyncio.to_thread(our_code)
        asked = (code, module.encode(), told)
        if module not in MODULES or not is_proven(self._key, body[:PROOF_BYTES], *asked):
            return await say(send, 403)
        if self._waiting >= AT_ONCE + WAITING:
            return await say(send, 503)
        ended = await self._until_left(module, told, receive)
        if ended is not None:
            packed = pack([b"%d" % ended.status, ended.said, ended.complaint])
            await say(send, 200, proof(self._key, body, packed) + packed)
        return None

    async def _until_left(self, module: str, told: bytes, receive: Receive) -> Ended | None:
        """None where whoever asks has left: nothing is done for nobody."""
        working = asyncio.create_task(self._in_turn(module, told), name="work")
        leaving = asyncio.create_task(left(receive), name="left")
        try:
            await asyncio.wait([working, leaving], return_when=asyncio.FIRST_COMPLETED)
            return working.result() if working.done() else None
        finally:
            working.cancel()
            leaving.cancel()
            await asyncio.wait([working, leaving])

    async def _in_turn(self, module: str, told: bytes) -> Ended:
        self._waiting += 1
        try:
            async with self._turns:
                return await self._child(module, told)
        finally:
            self._waiting -= 1


def is_work(scope: Scope) -> bool:
    """Whether another process asks for itself; no client's request looks so."""
    return scope["scheme"] == WORK and bool(scope.get(PASSED))


async def whole(receive: Receive) -> bytes | None:
    """A body; None where it does not come to its end, or is too long."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] == "http.disconnect" or len(body) > MOST_BYTES + PROOF_BYTES:
            return None
        if not message.get("more_body", False):
            return bytes(body)


async def left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def say(send: Send, status: int, body: bytes = b"") -> None:
    length = (b"content-length", b"%d" % len(body))
    await send({"type": "http.response.start", "status": status, "headers": [length]})
    await send({"type": "http.response.body", "body": body})


@cache
def our_code() -> bytes:
    """A digest of what is run: two of other versions may pickle what the other cannot read."""
    digest = hashlib.sha256(sys.version.encode())
    for name in ("boards", "server"):
        for path in sorted((ROOT / name).rglob("*.py")):
            digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.digest()


def proof(key: bytes, *said: bytes) -> bytes:
    """32 bytes. `key`: as `passing_key`."""
    digests: Sequence[bytes] = [hashlib.sha256(each).digest() for each in said]
    return hmac.new(key, b"work" + b"".join(digests), hashlib.sha256).digest()


def is_proven(key: bytes, given: bytes, *said: bytes) -> bool:
    return hmac.compare_digest(given, proof(key, *said))
