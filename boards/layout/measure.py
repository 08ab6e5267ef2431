"""How tall a note is, from its text alone. Twin: client `layout/measure.ts`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from math import ceil

__all__ = [
    "FONT_SIZE",
    "LINE_HEIGHT",
    "MAX_LINES",
    "NOTE_MIN_HEIGHT",
    "NOTE_PADDING",
    "NOTE_WIDTH",
    "TEXT_WIDTH",
    "count_lines",
    "note_height",
    "width_of",
]

NOTE_WIDTH = 200  # board units, as all of these
NOTE_MIN_HEIGHT = 92
NOTE_PADDING = 15  # with the border
LINE_HEIGHT = 21
MAX_LINES = 12
FONT_SIZE = 16
TEXT_WIDTH = NOTE_WIDTH - 2 * NOTE_PADDING
# Advance widths of U+0020 to U+007E, in hundredths of an em: those of measure.ts.
# fmt: off
WIDTHS = (
    29, 29, 34, 70, 60, 94, 73, 18, 31, 31, 48, 60, 24, 37, 24, 41, 65, 42, 56, 59, 62, 60, 61, 52,
    62, 58, 24, 24, 56, 62, 56, 51, 78, 65, 62, 65, 68, 58, 56, 70, 70, 40, 53, 64, 55, 84, 70, 73,
    61, 74, 63, 60, 58, 69, 61, 87, 65, 60, 61, 33, 41, 34, 56, 38, 26, 54, 58, 50, 58, 55, 34, 57,
    56, 27, 25, 52, 28, 86, 56, 56, 58, 58, 36, 49, 35, 55, 49, 71, 50, 48, 48, 36, 24, 36, 55,
)
# fmt: on
FIRST = 32
LATIN, LATIN_END, OTHER = 60, 0x250, 105
# As JavaScript has them: the other language must cut a text where the twin does.
SPACE = r"\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
PIECE = re.compile(rf"[{SPACE}]+|[^{SPACE}-]*-|[^{SPACE}-]+")
IS_SPACE = re.compile(rf"[{SPACE}]+")


def note_height(text: str) -> int:
    """Height of a note on a board."""
    lines = min(MAX_LINES, count_lines(text))
    return max(NOTE_MIN_HEIGHT, lines * LINE_HEIGHT + 2 * NOTE_PADDING)


def count_lines(text: str, room: float = TEXT_WIDTH) -> int:
    """Lines of `text` in `room` units of width, wrapped as `measure.ts` does; rather too many."""
    return sum(_wrapped(line, room) for line in text.split("\n"))


def _wrapped(line: str, room: float) -> int:
    lines, used = 1, 0.0
    for piece, width in _pieces(line):
        if used + width <= room:
            used += width
        elif IS_SPACE.fullmatch(piece):
            used = room
        else:
            own = max(1, ceil(width / room))
            lines += own - 1 if used == 0 else own
            used = width - (own - 1) * room
    return lines


def _pieces(line: str) -> Iterator[tuple[str, float]]:
    return ((piece, width_of(piece)) for piece in PIECE.findall(line))


@lru_cache(maxsize=4096)
def width_of(piece: str) -> float:
    """How wide a text is at FONT_SIZE."""
    return sum(map(_char, piece)) / 100 * FONT_SIZE


def _char(char: str) -> int:
    at = ord(char) - FIRST
    if 0 <= at < len(WIDTHS):
        return WIDTHS[at]
    return LATIN if ord(char) < LATIN_END else OTHER
