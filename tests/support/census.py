"""How much a running server remembers: sizes of all it holds, and what the process has open."""

from __future__ import annotations

import asyncio
import gc
import os
from collections import Counter, deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary, WeakSet, WeakValueDictionary

from boards.document import Document
from server.sync.room.connection import Connection
from server.sync.room.room import Room
from tests.support.process import open_files

__all__ = ["census"]

OURS = ("server.", "boards.")
LIVING = (Room, Connection, Document)
HOLDERS = (dict, list, set, deque, WeakKeyDictionary, WeakSet, WeakValueDictionary)


def census(*parts: object) -> Counter[str]:
    """By `Class.attribute`: how many things all such hold; and what lives, tasks, files.

    `parts`: from which all that is counted can be reached.
    """
    gc.collect()
    found: Counter[str] = Counter()
    for owner, name, held in holdings(parts):
        found[f"{type(owner).__name__}.{name}"] += size(held)
    for each in gc.get_objects():
        if issubclass(type(each), LIVING):  # `isinstance` would ask a weak proxy for what is gone
            found[f"living {type(each).__name__}"] += 1
    found["tasks"] = len(asyncio.all_tasks())
    found["open files"] = open_files(os.getpid())
    return found


def holdings(parts: Sequence[object]) -> Iterator[tuple[object, str, Collection[Any]]]:
    """(owner, attribute, what it holds), of every object of ours that can be reached."""
    seen: set[int] = set()
    left = list(parts)
    while left:
        owner = left.pop()
        if id(owner) in seen:
            continue
        seen.add(id(owner))
        for name, value in attributes(owner):
            if isinstance(value, HOLDERS):
                yield owner, name, value
                left += (each for each in all_inside(value) if is_ours(each))
            elif is_ours(value):
                left.append(value)


def attributes(owner: object) -> Iterator[tuple[str, Any]]:
    yield from vars(owner).items() if hasattr(owner, "__dict__") else ()
    for kind in type(owner).__mro__:
        slots = kind.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name not in ("__dict__", "__weakref__") and hasattr(owner, name):
                yield name, getattr(owner, name)


def inside(value: Collection[Any]) -> Iterator[Any]:
    if isinstance(value, Mapping):
        yield from list(value.keys())
        yield from list(value.values())
    else:
        yield from list(value)


def all_inside(value: Collection[Any]) -> Iterator[Any]:
    for each in inside(value):
        yield each
        if isinstance(each, HOLDERS):
            yield from all_inside(each)


def size(value: Collection[Any]) -> int:
    """With what is in those that it holds."""
    return len(value) + sum(size(each) for each in inside(value) if isinstance(each, HOLDERS))


def is_ours(value: object) -> bool:
    return type(value).__module__.startswith(OURS) and not isinstance(value, type)
