"""The structs of an update, one by one: what each is, and what it builds on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from server.sync.inspection.clocks import skip_content
from server.sync.inspection.report import GC, SKIP, TYPE
from server.sync.wire.lib0 import read_var_uint

__all__ = [
    "HAS_KEY",
    "HAS_LEFT",
    "HAS_RIGHT",
    "Id",
    "Struct",
    "must_wait",
    "read_id",
    "read_struct",
    "sections",
]

HAS_LEFT, HAS_RIGHT, HAS_KEY = 0x80, 0x40, 0x20  # bits of a struct's info byte

Id = tuple[int, int]


class Struct(NamedTuple):
    """One item, or a run, of an update."""

    client: int
    clock: int
    end: int
    kind: int
    left: Id | None
    right: Id | None
    parent: Id | None  # else its neighbours', or a root
    has_key: bool
    type: int  # MAP or TEXT, of a type


def sections(update: bytes) -> Iterator[list[Struct]]:
    """The structs of each client. Raises ValueError, IndexError or OverflowError on odd bytes."""
    clients, at = read_var_uint(update, 0)
    for _ in range(clients):
        count, at = read_var_uint(update, at)
        client, at = read_var_uint(update, at)
        clock, at = read_var_uint(update, at)
        structs = []
        for _ in range(count):
            struct, at = read_struct(update, at, client, clock)
            structs.append(struct)
            clock = struct.end
        yield structs


def read_struct(data: bytes, at: int, client: int, clock: int) -> tuple[Struct, int]:
    info = data[at]
    kind = info & 0x1F
    left = right = parent = None
    has_key, type_ = bool(info & HAS_KEY), 0
    at += 1
    if kind not in (GC, SKIP):
        if info & HAS_LEFT:
            left, at = read_id(data, at)
        if info & HAS_RIGHT:
            right, at = read_id(data, at)
        if left is None and right is None:
            if data[at] == 1:
                length, at = read_var_uint(data, at + 1)
                at += length
            else:
                parent, at = read_id(data, at + 1)
            if has_key:
                length, at = read_var_uint(data, at)
                at += length
        if kind == TYPE:
            type_ = data[at]
    length, at = skip_content(data, at, kind, clock)
    return Struct(client, clock, clock + length, kind, left, right, parent, has_key, type_), at


def read_id(data: bytes, at: int) -> tuple[Id, int]:
    client, at = read_var_uint(data, at)
    clock, at = read_var_uint(data, at)
    return (client, clock), at


def must_wait(struct: Struct, ends: Mapping[int, int], last: Mapping[int, int]) -> bool:
    """Whether it builds on something of another client that comes later in the update.

    By client: `ends`: how far it was read; `last`: to where the update goes.
    """
    for near in struct.left, struct.right, struct.parent:
        if near is not None and near[0] != struct.client:
            client, clock = near
            if client in ends and ends[client] <= clock < last[client]:
                return True
    return False
