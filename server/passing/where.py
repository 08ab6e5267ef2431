"""To which workshop a request belongs: by its address, or by the code or token that it brings."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from server.access.codes import code_id, once_id, token_id

__all__ = ["Thing", "named_by", "named_in", "reads_body", "repeated"]


class Thing(NamedTuple):
    """What the index knows: a record, or a board (kind `board`; a desk has its workshop's id)."""

    kind: str
    id: str


ADDRESS = re.compile(r"/(w|j|sync|api/(?:facilitator/)?workshops|api/\w+)/([^/]+)(?:/.*)?")
KINDS = {
    "w": "board",
    "sync": "board",
    "api/workshops": "board",
    "api/facilitator/workshops": "board",
    "api/boards": "board",
    "api/breakouts": "breakout",
    "api/snapshots": "snapshot",
}
BODIES: Mapping[str, tuple[str, tuple[str, ...]]] = {  # which field, and what it may be the name of
    "/api/join": ("code", ("code",)),
    "/api/return": ("code", ("return_code",)),
    "/api/session": ("token", ("token",)),
    "/api/waiting": ("waiting", ("waiting", "token")),
    "/api/waiting/leave": ("waiting", ("waiting", "token")),
}
MAKING = {"/api/workshops", "/api/workshops/import"}
MOST_KEY = 200  # bytes
MOST_NAME = 2000  # characters


def named_by(path: str, key: bytes) -> Thing | None:
    """What the address names. `key`: the server's."""
    found = ADDRESS.fullmatch(path)
    if found is None or len(found[2]) > MOST_NAME:
        return None
    if found[1] == "j":
        return Thing("code", code_id(key, found[2]))
    if found[1] == "api/exports":  # in the memory of its workshop's home
        return Thing("board", found[2].partition("-")[0])
    kind = KINDS.get(found[1])
    return None if kind is None else Thing(kind, found[2])


def repeated(method: str, path: str, keys: Sequence[bytes]) -> Thing | None:
    """The answer to a command that makes a workshop, by its Idempotency-Key."""
    if method != "POST" or path not in MAKING or len(keys) != 1 or len(keys[0]) > MOST_KEY:
        return None
    return Thing("once", once_id(keys[0].decode("latin-1")))


def reads_body(method: str, path: str) -> bool:
    """Whether the body says more than the address."""
    return method == "POST" and path in BODIES


def named_in(path: str, body: bytes, key: bytes) -> list[Thing]:
    """What the body names, by any of the kinds that it can be."""
    field, kinds = BODIES[path]
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return []  # whoever answers tells what is wrong with it
    value = told.get(field) if isinstance(told, dict) else None
    if not isinstance(value, str) or len(value) > MOST_NAME:
        return []
    name: Callable[[str], str] = (
        (lambda text: code_id(key, text)) if field == "code" else hashed_token
    )
    return [Thing(kind, name(value)) for kind in kinds]


def hashed_token(text: str) -> str:
    try:
        return token_id(text)
    except UnicodeEncodeError:  # a lone surrogate: nobody's
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
