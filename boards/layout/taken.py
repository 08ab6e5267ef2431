"""Where notes stand on a board, to find whether one that comes back would lie over another."""

from __future__ import annotations

from collections.abc import Iterable

from boards.document import Document
from boards.order import Position
from boards.schema import child, layout_root, plain, read_notes, read_position

__all__ = ["Taken", "place_keys"]

COVERED = (100, 40)  # board units; as near as that, a note hides most of the other


class Taken:
    """Where notes stand on a board. Each is looked for among those near it, or a board of many
    that come back among many would take minutes."""

    def __init__(self) -> None:
        self._near: dict[tuple[str, int, int], list[Position]] = {}

    def look(self, document: Document, board: str, items: Iterable[str]) -> None:
        """Take in those of the items that are notes which stand."""
        layout, found = document.root(layout_root(board)), read_notes(document, items)
        for note, value in found.items():
            place = read_position(plain(child(layout, note))) if note in layout else None
            if place is not None and not value.deleted:
                x, y = place[0] // COVERED[0], place[1] // COVERED[1]
                self._near.setdefault((value.zone, x, y), []).append(place)

    def covers(self, zone: str, place: Position) -> bool:
        """Whether a note stands so near that one here would lie over it."""
        width, height = COVERED
        column, row = place[0] // width, place[1] // height
        return any(
            abs(place[0] - x) < width and abs(place[1] - y) < height
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for x, y in self._near.get((zone, column + dx, row + dy), ())
        )


def place_keys(document: Document, board: str) -> list[str]:
    """Whatever has a place on a board."""
    return list(document.root(layout_root(board)).keys())
