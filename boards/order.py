"""Reading order within a zone (pure). Twin: client `document/order.ts`; vectors: order.json."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Protocol, TypeVar

ROW_HEIGHT = 120  # board units: notes whose tops are within one such band read as one row


Position = tuple[int, int]  # board units from the top left of a zone


class Orderable(Protocol):
    """What reading order looks at. `position`: board units from the zone's top left, or None."""

    @property
    def id(self) -> str: ...
    @property
    def zone(self) -> str: ...
    @property
    def group(self) -> str | None: ...
    @property
    def at(self) -> int: ...
    @property
    def theme(self) -> str | None: ...
    @property
    def position(self) -> Position | None: ...


N = TypeVar("N", bound=Orderable)
Key = tuple[int, int, int, int, bytes, int, bytes]


def utf16(text: str) -> bytes:
    """Text as JavaScript compares it: by UTF-16 code unit, not by code point."""
    return text.encode("utf-16-be", "surrogatepass")


def in_reading_order(
    notes: Iterable[N],
    zones: Sequence[str] = (),
    themes: Mapping[str, Position | None] = MappingProxyType({}),
) -> list[N]:
    """Notes zone by zone: `zones` first in the order given, unknown zones last by name.

    `themes`: theme id → placement. A theme's notes are read together, where the theme stands or,
    if it has no placement, where the first of them would.
    """
    notes = list(notes)
    rank = {zone: index for index, zone in enumerate(zones)}
    last = len(zones)
    heads = _heads(notes, themes)

    def key(note: N) -> tuple[int, bytes, Key, Key]:
        place, own = rank.get(note.zone, last), _key(note)
        head = heads.get(note.theme or "", own)
        return (place, utf16(note.zone) if place == last else b"", head, own)

    return sorted(notes, key=key)


def _heads(notes: Iterable[N], themes: Mapping[str, Position | None]) -> dict[str, Key]:
    """Where each theme is read."""
    heads: dict[str, Key] = {}
    for note in notes:
        if note.theme is not None:
            place = themes.get(note.theme)
            key = _key(note) if place is None else _placed(place, note.theme)
            heads[note.theme] = min(key, heads.get(note.theme, key))
    return heads


def _key(note: Orderable) -> Key:
    """Placed notes by (band, x, y, id); then the others by (group, time, id)."""
    if note.position is None or note.theme is not None:
        return (1, 0, 0, 0, utf16(note.group or ""), note.at, utf16(note.id))
    return _placed(note.position, note.id)


def _placed(position: Position, item: str) -> Key:
    x, y = position
    return (0, y // ROW_HEIGHT, x, y, b"", 0, utf16(item))
