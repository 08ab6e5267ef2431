"""Answers to commands that outlive a restart: in the store, sealed, for a day.

Whoever lost an answer to a restart sends the command again under the same `Idempotency-Key`. An
answer may hold what opens a door, and the store keeps no such thing readable; so it is sealed with
the key, of which the server keeps but a hash. It is a record under its workshop and goes with it.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from server.access.codes import once_id
from server.clock import milliseconds
from server.errors import KeyReused, ServiceError
from server.store import Commit, Misfit, Record, Store
from server.sync.rooms import Rooms

__all__ = ["KEPT_HOURS", "MOST_ANSWER_BYTES", "MOST_PER_WORKSHOP", "KeptAnswers"]

KIND = "once"
KEPT_HOURS = 24
MOST_PER_WORKSHOP = 300  # the oldest make room
PLACES = ("breakout", "board", "snapshot")  # in addresses; records of them say which workshop
MOST_ANSWER_BYTES = 256 << 10  # larger ones are remembered until a restart only


class KeptAnswers:
    """Answers to commands that may come again, by their raw keys."""

    def __init__(self, store: Store, rooms: Rooms, clock: Callable[[], int] = milliseconds) -> None:
        self._store = store
        self._rooms = rooms
        self._clock = clock

    async def find(self, key: str, command: bytes) -> Response | None:
        """The answer from before, if there is one. Raises KeyReused and StoreUnavailable."""
        value = await self._store.get(KIND, once_id(key))
        if value is None or self._is_old(value):
            return None
        if value["command"] != proof(key, command):
            raise KeyReused("the same key for another command")
        sealed = await self._store.blob(KIND, once_id(key))
        return None if sealed is None else opened(key, sealed)

    async def keep(self, key: str, command: bytes, request: Request, answer: Response) -> None:
        """Remember it as far as that is possible: the command is done, whatever becomes of this."""
        sealed = seal(key, answer)
        with contextlib.suppress(ServiceError, Misfit):  # a key may be another workshop's
            workshop = await self._workshop_of(request, answer)
            if workshop is None or len(sealed) > MOST_ANSWER_BYTES:
                return
            value = {"at": self._clock(), "command": proof(key, command)}
            record = Record(KIND, once_id(key), workshop, value, blob=sealed)
            deletes = await self._spare(workshop)
            commit = Commit(workshop, puts=[record], deletes=deletes)
            await self._rooms.committer.commit_alone(commit)

    async def _spare(self, workshop: str) -> list[tuple[str, str]]:
        """What is too old, or too many."""
        kept = await self._store.find(KIND, workshop)
        most = len(kept) - (MOST_PER_WORKSHOP - 1)
        spare = [
            id for place, (id, value) in enumerate(kept) if place < most or self._is_old(value)
        ]
        return [(KIND, id) for id in spare]

    def _is_old(self, value: dict[str, Any]) -> bool:
        return bool(value["at"] < self._clock() - KEPT_HOURS * 3_600_000)

    async def _workshop_of(self, request: Request, answer: Response) -> str | None:
        """To which workshop a command belongs, as its address says, or else its answer.

        An answer's id may be of what was made in a workshop: what is kept under it would outlive
        that workshop.
        """
        named = request.path_params
        if "workshop" in named:
            return str(named["workshop"])
        for kind in PLACES:
            if kind in named:
                record = await self._store.get(kind, named[kind])
                return None if record is None else str(record["workshop"])
        if named:
            return None
        body = json.loads(bytes(answer.body))
        found = body.get("workshop", body.get("id"))
        return found if isinstance(found, str) else None


def proof(key: str, command: bytes) -> str:
    """Tells whether a command is the same; without the key it tells nothing of it."""
    return hmac.new(b"once/command/" + key.encode(), command, hashlib.sha256).hexdigest()


def seal(key: str, answer: Response) -> bytes:
    headers = [
        [name.decode("latin-1"), value.decode("latin-1")] for name, value in answer.raw_headers
    ]
    body = base64.b64encode(bytes(answer.body)).decode()
    plain = json.dumps({"status": answer.status_code, "headers": headers, "body": body})
    return mixed(key, plain.encode())


def opened(key: str, sealed: bytes) -> Response:
    plain = json.loads(mixed(key, sealed))
    answer = Response(base64.b64decode(plain["body"]), plain["status"])
    answer.raw_headers = [
        (name.encode("latin-1"), value.encode("latin-1")) for name, value in plain["headers"]
    ]
    return answer


def mixed(key: str, content: bytes) -> bytes:
    """With a stream of bytes that only the key gives; twice is not at all."""
    stream = hashlib.shake_256(b"once/answer/" + key.encode()).digest(len(content))
    return (int.from_bytes(content) ^ int.from_bytes(stream)).to_bytes(len(content))
