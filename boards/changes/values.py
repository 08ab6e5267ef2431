"""What each update makes of a board's values: which items became what, and whose doing it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from types import MappingProxyType
from typing import Any, NamedTuple

from boards.document import Document
from boards.schema import (
    ANSWERS,
    EXPERIMENTS,
    LINKS,
    NOTES,
    THEMES,
    child,
    entries,
    layout_root,
    plain,
)

__all__ = ["GONE", "Became", "Changes", "Field", "Trail", "trail_of"]


class Gone(Enum):
    """One for all processes: what is told of a board may have been found out in another."""

    GONE = "gone"


GONE: Any = Gone.GONE  # where there is no value: null is one
WHOLE = ""  # in the place of a field: the item is one value, such as a place or an answer


class Became(NamedTuple):
    """An item of a root Map that is another now. `was`, `now`: plain values, GONE for none."""

    root: str
    item: str
    was: Any
    now: Any

    def fields(self) -> Iterable[tuple[str, Any, Any]]:
        """(field, was, now) of what differs; the item as a whole when it came or went."""
        was, now = self.was, self.now
        if not isinstance(was, dict) or not isinstance(now, dict):
            return [(WHOLE, was, now)]
        pairs = ((name, was.get(name, GONE), now.get(name, GONE)) for name in {**was, **now})
        return [pair for pair in pairs if pair[1] != pair[2]]


class Changes:
    """Follows a document: tells what became of its items since it was asked last.

    End it with `close()`, or it pins the document.
    """

    def __init__(self, document: Document, board: str) -> None:
        self._document = document
        roots = (NOTES, THEMES, EXPERIMENTS, LINKS, ANSWERS, layout_root(board))
        self._values = {root: entries(document.root(root)) for root in roots}
        self._touched: dict[str, set[str]] = {root: set() for root in roots}
        self._subscriptions = [
            document.watch(root, collector(touched)) for root, touched in self._touched.items()
        ]

    def value(self, root: str, item: str) -> Any:
        """As it stood when it was asked for last; GONE for none."""
        return self._values[root].get(item, GONE)

    def values(self, root: str) -> Mapping[str, Any]:
        """All of a root, by item."""
        return MappingProxyType(self._values[root])

    def take(self) -> list[Became]:
        """What is another than before."""
        found = []
        for root, touched in self._touched.items():
            values, handle = self._values[root], self._document.root(root)
            for item in sorted(touched):
                was = values.get(item, GONE)
                now = plain(child(handle, item)) if item in handle else GONE
                if was != now:
                    found.append(Became(root, item, was, now))
                if now is GONE:
                    values.pop(item, None)
                else:
                    values[item] = now
            touched.clear()
        return found

    def close(self) -> None:
        for subscription in self._subscriptions:
            subscription.drop()
        self._subscriptions.clear()


def collector(touched: set[str]) -> Callable[[list[Any]], None]:
    def collect(events: Sequence[Any]) -> None:
        for event in events:
            path = event.path
            if path:
                touched.add(str(path[0]))
            else:
                touched.update(event.keys)

    return collect


class Field(NamedTuple):
    """One value of a board; `name` is WHOLE where the item is the value."""

    root: str
    item: str
    name: str


Trail = dict[Field, tuple[Any, Any]]


def trail_of(
    document: Document, board: str, updates: Iterable[tuple[Sequence[bytes], bool]]
) -> Trail:
    """What somebody left otherwise, and nobody has touched since: (value before, value left).

    `updates`: some that follow `document`, which takes them in, and whether they are theirs. What
    they made themselves has no value before and is left out.
    """
    changes, trail = Changes(document, board), Trail()
    born: set[tuple[str, str]] = set()
    try:
        for some, is_theirs in updates:
            document.apply_updates(some)
            for became in changes.take():
                if is_theirs and became.was is GONE and became.root in (NOTES, THEMES, EXPERIMENTS):
                    born.add((became.root, became.item))
                follow(trail, became, is_theirs=is_theirs)
    finally:
        changes.close()
    own = {item for _, item in born}  # with their places
    return {key: pair for key, pair in trail.items() if key.item not in own and pair[0] != pair[1]}


def follow(trail: Trail, became: Became, *, is_theirs: bool) -> None:
    for name, was, now in became.fields():
        field = Field(became.root, became.item, name)
        if is_theirs:
            trail[field] = (trail[field][0] if field in trail else was, now)
        else:
            trail.pop(field, None)
