"""The frame of a theme: its heading, and its notes in rows under it. Twin: client `frame.ts`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from boards.layout.measure import NOTE_WIDTH, SPACE, count_lines, note_height
from boards.schema import Note

__all__ = ["BESIDE_NAME", "FRAME_PAD", "HEAD_LINE", "NAME_SCALE", "FrameShape", "frame_shape"]

FRAME_PAD = 10
INNER_GAP = 12
HEAD, HEAD_LINE = 44, 23  # a heading of one line, and each further line
MOST_HEAD_LINES = 3
BESIDE_NAME = 104
NAME_SCALE = 1.2
COLUMNS = (1, 8)  # up to how many notes fill one and two columns
MARKS = 6  # hang below a note's lower edge
SPACES = re.compile(rf"[{SPACE}]+")


@dataclass(frozen=True, slots=True)
class FrameShape:
    """`head`: height of its heading. `spots`: of its notes by id: x, y, height, from its corner."""

    width: int
    height: int
    head: int
    spots: Mapping[str, tuple[int, int, int]]


def frame_shape(name: str, notes: Sequence[Note], most: int) -> FrameShape:
    """`notes`: the theme's, in reading order. `most`: columns of the zone."""
    columns = min(most, _columns(len(notes)))
    width = 2 * FRAME_PAD + columns * NOTE_WIDTH + (columns - 1) * INNER_GAP
    y = head = _head(name, width)
    spots = {}
    for start in range(0, len(notes), columns):
        row = notes[start : start + columns]
        heights = [note_height(note.text) for note in row]
        for i, (note, height) in enumerate(zip(row, heights, strict=True)):
            spots[note.id] = (FRAME_PAD + i * (NOTE_WIDTH + INNER_GAP), y, height)
        y += max(heights) + INNER_GAP
    return FrameShape(width, y - INNER_GAP + FRAME_PAD + MARKS, head, spots)


def _columns(notes: int) -> int:
    return next((n for n, most in enumerate(COLUMNS, start=1) if notes <= most), len(COLUMNS) + 1)


def _head(name: str, width: int) -> int:
    room = (width - 2 * FRAME_PAD - BESIDE_NAME) / NAME_SCALE
    lines = min(MOST_HEAD_LINES, count_lines(SPACES.sub(" ", name), room))
    return HEAD + (lines - 1) * HEAD_LINE
