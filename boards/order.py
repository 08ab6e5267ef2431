"""Reading order within a zone (pure). Twin: client `core/order.ts`; vectors: order.json."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

ROW_HEIGHT = 120  # board units: notes whose tops are within one such band read as one row


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
    def position(self) -> tuple[int, int] | None: ...


N = TypeVar("N", bound=Orderable)
Key = tuple[int, int, int, int, bytes, int, bytes]


def utf16(text: str) -> bytes:
    """Text as JavaScript compares it: by UTF-16 code unit, not by code point."""
    return text.encode("utf-16-be", "surrogatepass")


def reading_key(note: Orderable) -> Key:
    """Placed notes by (band, x, y, id); then unplaced ones by (group, time, id)."""
    if note.position is None:
        return (1, 0, 0, 0, utf16(note.group or ""), note.at, utf16(note.id))
    x, y = note.position
    return (0, y // ROW_HEIGHT, x, y, b"", 0, utf16(note.id))


def in_reading_order(notes: Iterable[N], zones: Sequence[str] = ()) -> list[N]:
    """Notes zone by zone: `zones` first in the order given, unknown zones last by name."""
    rank = {zone: index for index, zone in enumerate(zones)}
    last = len(zones)

    def key(note: N) -> tuple[int, bytes, Key]:
        place = rank.get(note.zone, last)
        return (place, utf16(note.zone) if place == last else b"", reading_key(note))

    return sorted(notes, key=key)
