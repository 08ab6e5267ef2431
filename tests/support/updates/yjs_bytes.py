"""Yjs updates written by hand, for what no Yjs would write: a small encoder without any check."""

import struct
from collections.abc import Iterable, Sequence

from server.sync.wire.lib0 import write_var_uint
from server.sync.wire.messages import AwarenessEntry, awareness_entry

__all__ = [
    "any_value",
    "awareness_update",
    "deletions",
    "item",
    "run",
    "section",
    "string",
    "update",
]

Id = tuple[int, int]
GC, DELETED, JSON, BINARY, STRING, EMBED, FORMAT, TYPE, ANY, DOC, SKIP = range(11)
ARRAY, MAP, TEXT, XML_ELEMENT, XML_FRAGMENT, XML_HOOK, XML_TEXT, WEAK_LINK = range(8)


def string(text: str | bytes) -> bytes:
    """Length in bytes, then UTF-8 (or the bytes as they are)."""
    encoded = text.encode() if isinstance(text, str) else text
    return write_var_uint(len(encoded)) + encoded


def awareness_update(entries: Sequence[AwarenessEntry]) -> bytes:
    """What an awareness frame carries."""
    return write_var_uint(len(entries)) + b"".join(map(awareness_entry, entries))


def any_value(value: object) -> bytes:
    """lib0's any, for the types that JSON has."""
    match value:
        case None:
            return b"\x7e"
        case bool():
            return b"\x78" if value else b"\x79"
        case int():
            return b"\x7d" + _var_int(value)
        case float():
            return b"\x7b" + struct.pack(">d", value)
        case str():
            return b"\x77" + string(value)
        case list():
            return b"\x75" + write_var_uint(len(value)) + b"".join(map(any_value, value))
        case dict():
            pairs = (string(key) + any_value(each) for key, each in value.items())
            return b"\x76" + write_var_uint(len(value)) + b"".join(pairs)
        case _:
            raise TypeError(f"no JSON: {value!r}")


def _var_int(number: int) -> bytes:
    size = abs(number)
    first = size & 0x3F | (0x40 if number < 0 else 0)
    if size < 64:
        return bytes((first,))
    return bytes((first | 0x80,)) + write_var_uint(size >> 6)


def item(
    kind: int,
    content: bytes,
    *,
    left: Id | None = None,
    right: Id | None = None,
    root: str | bytes | None = None,
    parent: Id | None = None,
    key: str | bytes | None = None,
) -> bytes:
    """One item; with a neighbour, parent and key are left out as Yjs does."""
    info = kind | (left is not None) << 7 | (right is not None) << 6 | (key is not None) << 5
    parts = [bytes((info,))]
    parts += [_id(each) for each in (left, right) if each is not None]
    if left is None and right is None:
        if root is not None:
            parts.append(b"\x01" + string(root))
        elif parent is not None:
            parts.append(b"\x00" + _id(parent))
        if key is not None:
            parts.append(string(key))
    return b"".join([*parts, content])


def _id(each: Id) -> bytes:
    return write_var_uint(each[0]) + write_var_uint(each[1])


def run(kind: int, length: int) -> bytes:
    """A GC or Skip struct."""
    return bytes((kind,)) + write_var_uint(length)


def section(
    client: int, clock: int, structs: Sequence[bytes], *, count: int | None = None
) -> bytes:
    """The structs of one client; `count` lies about how many they are."""
    head = (len(structs) if count is None else count, client, clock)
    return b"".join([*map(write_var_uint, head), *structs])


def deletions(client: int, ranges: Iterable[tuple[int, int]], *, count: int | None = None) -> bytes:
    """What of one client is deleted: (clock, length)."""
    pairs = [write_var_uint(clock) + write_var_uint(length) for clock, length in ranges]
    head = write_var_uint(client) + write_var_uint(len(pairs) if count is None else count)
    return head + b"".join(pairs)


def update(
    *sections: bytes,
    deleted: Sequence[bytes] = (),
    clients: int | None = None,
    deleting: int | None = None,
) -> bytes:
    """A whole update; `clients` and `deleting` lie about how many sections follow."""
    return b"".join(
        [
            write_var_uint(len(sections) if clients is None else clients),
            *sections,
            write_var_uint(len(deleted) if deleting is None else deleting),
            *deleted,
        ]
    )
