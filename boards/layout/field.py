"""Where notes stand in their zone, relative to its field: the area under its heading.

Twin: client `layout/layout.ts`, which says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import floor

from boards.layout.frame import FrameShape, frame_shape
from boards.layout.measure import NOTE_WIDTH, note_height
from boards.order import in_reading_order
from boards.schema import Note, Theme

__all__ = ["Place", "ZoneLayout", "field_width", "layout_zone"]

GAP = 20
PITCH = NOTE_WIDTH + GAP
EDGE = 8  # least room at a zone's right edge
NEAR, NUDGE = 16, 26  # notes closer than this would hide one another
FIELD_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class Place:
    """A box in a field. `placed`: not flowed. `head`: of a theme, its heading's height."""

    x: int
    y: int
    width: int
    height: int
    placed: bool = True
    head: int = 0

    def meets(self, other: Place) -> bool:
        """Whether the two have any spot in common."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


@dataclass(frozen=True, slots=True)
class ZoneLayout:
    """`order`: note ids in reading order. `places` by note, `frames` by theme."""

    order: tuple[str, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)
    frames: Mapping[str, Place] = field(default_factory=dict)
    height: int = 0  # of the field that the notes need


@dataclass(frozen=True, slots=True)
class Block:
    """What stands by itself: a note that is under no theme, or a theme with its notes."""

    id: str
    at: tuple[int, int] | None
    width: int
    height: int
    frame: FrameShape | None = None


Standing = dict[str, Place]  # by block


def field_width(columns: int) -> int:
    """Of a zone: its columns alone say it."""
    return GAP + columns * PITCH


def rightmost(columns: int, width: int = NOTE_WIDTH) -> int:
    """Where something as wide as `width` may begin at most."""
    return max(0, field_width(columns) - EDGE - width)


def layout_zone(notes: Iterable[Note], themes: Iterable[Theme], columns: int) -> ZoneLayout:
    """Place every note of one zone. `themes`: those of the zone."""
    known = {theme.id: theme for theme in themes}
    ordered = in_reading_order(notes, (), {theme.id: theme.position for theme in known.values()})
    blocks = list(_blocks(ordered, known, columns))
    standing = _settle([b for b in blocks if not _is_far_out(b, columns)], columns)
    loose = [block for block in blocks if block.id not in standing]
    standing |= dict(_flowed(loose, _bottom(standing.values()), columns))
    return ZoneLayout(
        order=tuple(note.id for note in ordered),
        places=dict(place for b in blocks for place in _note_places(b, standing[b.id])),
        frames={
            block.id: replace(standing[block.id], head=block.frame.head)
            for block in blocks
            if block.frame
        },
        height=_bottom(standing.values()),
    )


def _blocks(ordered: Sequence[Note], themes: Mapping[str, Theme], columns: int) -> Iterator[Block]:
    gathered: dict[str, list[Note]] = {}
    for note in ordered:
        theme = themes.get(note.theme or "")
        gathered.setdefault(theme.id if theme else note.id, []).append(note)
    for id, notes in gathered.items():
        if theme := themes.get(id):
            shape = frame_shape(theme.name, notes, columns)
            yield Block(id, theme.position, shape.width, shape.height, shape)
        else:
            yield Block(id, notes[0].position, NOTE_WIDTH, note_height(notes[0].text))


def _is_far_out(block: Block, columns: int) -> bool:
    """Nowhere, or further out than a note beside the edge."""
    return block.at is None or block.at[0] > rightmost(columns, block.width) + PITCH


def _note_places(block: Block, place: Place) -> Iterator[tuple[str, Place]]:
    if block.frame is None:
        yield block.id, place
        return
    for note, (x, y, height) in block.frame.spots.items():
        yield note, Place(place.x + x, place.y + y, NOTE_WIDTH, height)


def _settle(blocks: Sequence[Block], columns: int) -> Standing:
    """Placed blocks where they were put; what is put on the same spot makes room."""
    standing: Standing = {}
    taken: set[tuple[int, int]] = set()
    for block in blocks:
        if block.frame:
            place = _place_of(block, columns, taken)
            standing[block.id] = _lower(place, list(standing.values()))
    frames = list(standing.values())
    crowded = []
    for block in blocks:
        if block.frame or block.at is None:
            continue
        place = _place_of(block, columns, taken)
        if block.at[0] - place.x > NEAR or any(frame.meets(place) for frame in frames):
            crowded.append((block, place))
        else:
            standing[block.id] = place
    for block, place in crowded:
        others = list(standing.values())
        standing[block.id] = _aside(place, frames, others, columns) or _lower(place, others)
    return standing


def _place_of(block: Block, columns: int, taken: set[tuple[int, int]]) -> Place:
    """Where it was put, or a little further when something has its corner right there."""
    x, y = block.at or (0, 0)
    most = rightmost(columns, block.width)
    left, top = min(most, _clamped(x)), _clamped(y)
    while (cell := (_rounded(left / NEAR), _rounded(top / NEAR))) in taken:
        left, top = min(most, left + NUDGE), top + NUDGE
    taken.add(cell)
    return Place(left, top, block.width, block.height)


def _clamped(value: int) -> int:
    return min(FIELD_LIMIT, max(0, value))


def _rounded(value: float) -> int:
    """As Math.round does it: halves upwards."""
    return floor(value + 0.5)


def _lower(place: Place, others: Sequence[Place]) -> Place:
    """As far down as it takes to meet none of `others`."""
    while hit := next((other for other in others if other.meets(place)), None):
        place = replace(place, y=hit.y + hit.height + GAP)
    return place


def _aside(
    place: Place, frames: Sequence[Place], others: Sequence[Place], columns: int
) -> Place | None:
    """Beside the frame it is under, where it is nearest and nothing else stands."""
    frame = next((frame for frame in frames if frame.meets(place)), None)
    if frame is None:
        return None
    spots = (
        (frame.x - GAP - place.width, place.y),
        (frame.x + frame.width + GAP, place.y),
        (place.x, frame.y - GAP - place.height),
        (place.x, frame.y + frame.height + GAP),
    )
    inside = (replace(place, x=x, y=y) for x, y in spots if 0 <= x <= rightmost(columns) and y >= 0)
    free = [spot for spot in inside if not any(other.meets(spot) for other in others)]
    return min(free, key=lambda s: abs(s.x - place.x) + abs(s.y - place.y), default=None)


def _flowed(blocks: Iterable[Block], top: int, columns: int) -> Iterator[tuple[str, Place]]:
    """In rows from the left, under what is placed."""
    x, y, tallest = GAP, top + GAP, 0
    for block in blocks:
        if x > GAP and x > rightmost(columns, block.width):
            x, y, tallest = GAP, y + tallest + GAP, 0
        yield block.id, Place(x, y, block.width, block.height, placed=False)
        x += block.width + GAP
        tallest = max(tallest, block.height)


def _bottom(places: Iterable[Place]) -> int:
    """Lower edge of all of them, 0 of none."""
    return max((place.y + place.height for place in places), default=0)
