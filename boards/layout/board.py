"""How the zones of a board stand beside each other. Twin: client `layout/board.ts`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

from boards.layout.field import ZoneLayout, field_width
from boards.layout.zones import ZoneSpec

__all__ = ["Arrangement", "BoardLayout", "Box", "Heads", "Room", "arrange", "layout_board"]

ZONE_GAP = 24
TITLE_PX = 176  # beside the rows of a grid
SPARE, CELL_SPARE = 150, 40  # empty room kept under the last note
MIN_FIELD_HEIGHT = 420
EMPTY_CELL_HEIGHT = 88
EMPTY_FIELD_HEIGHT = 96  # where no room is kept

Spot = tuple[int, int]  # row, column


@dataclass(frozen=True, slots=True)
class Room:
    """`px` between the margins, and the zoom below which nobody reads. `spare`: whether room is
    kept for further notes, which a picture has no use for."""

    px: float
    least: float
    spare: bool = True


@dataclass(frozen=True, slots=True)
class Arrangement:
    """`spots` by zone. `titles`: where the rows of a grid are named: none, beside, above."""

    spots: Mapping[str, Spot]
    titles: str
    width: int
    spare: bool = True


@dataclass(frozen=True, slots=True)
class Heads:
    """Heights of headings by zone, and of titles by row of a grid."""

    zones: Mapping[str, int] = field(default_factory=dict)
    titles: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Box:
    """`field_y`: of a zone, where its field begins."""

    x: int
    y: int
    width: int
    height: int
    field_y: int = 0


@dataclass(frozen=True, slots=True)
class BoardLayout:
    """`zones` by id, `rows` of a grid by number."""

    zones: Mapping[str, Box]
    rows: Mapping[int, Box]
    width: int
    height: int


def arrange(specs: Sequence[ZoneSpec], room: Room) -> Arrangement:
    """Where each zone stands, by what can be read in this room and never by what is written."""
    is_grid = any(spec.cell for spec in specs)
    spots, titles = _grid(specs, room) if is_grid else (_row(specs, room), "none")
    widths = _greatest(specs, spots, 1, lambda spec: field_width(spec.columns))
    width = max(0, sum(width + ZONE_GAP for width in widths) - ZONE_GAP)
    return Arrangement(spots, titles, width, room.spare)


def _row(specs: Sequence[ZoneSpec], room: Room) -> dict[str, Spot]:
    """In as few rows as there can be, each about as long as the others."""
    widest = max([1, *(field_width(spec.columns) for spec in specs)])
    fitting = max(1, int((room.px / room.least + ZONE_GAP) // (widest + ZONE_GAP)))
    rows = max(1, ceil(len(specs) / fitting))
    per_row = max(1, ceil(len(specs) / rows))
    return {spec.id: divmod(at, per_row) for at, spec in enumerate(specs)}


def _grid(specs: Sequence[ZoneSpec], room: Room) -> tuple[dict[str, Spot], str]:
    """Cells of a row stand beside each other; on a wide screen two rows do."""
    rows = list(dict.fromkeys(spec.row for spec in specs))
    columns = 1 + max(spec.column for spec in specs)
    cell = max(field_width(spec.columns) for spec in specs)

    def width(count: int) -> int:
        return count * cell + (count - 1) * ZONE_GAP

    narrow = columns > 1 and room.px < width(2) * room.least
    wide = len(rows) > 1 and room.px >= width(2 * columns)

    def spot_of(spec: ZoneSpec) -> Spot:
        at = rows.index(spec.row)
        if narrow:
            return at * columns + spec.column, 0
        if wide:
            return at // 2, spec.column + at % 2 * columns
        return at, spec.column

    beside = not narrow and not wide and width(columns) * room.least + TITLE_PX <= room.px
    return {spec.id: spot_of(spec) for spec in specs}, "beside" if beside else "above"


def layout_board(
    specs: Sequence[ZoneSpec],
    arrangement: Arrangement,
    layouts: Mapping[str, ZoneLayout],
    heads: Heads,
) -> BoardLayout:
    """A column is as wide, a row as tall, as its greatest zone."""
    spots, titles = arrangement.spots, arrangement.titles
    widths = _greatest(specs, spots, 1, lambda spec: field_width(spec.columns))
    headings = _greatest(specs, spots, 0, lambda spec: heads.zones.get(spec.id, 0))

    def title(spec: ZoneSpec) -> int:
        return heads.titles.get(spec.row, 0)

    def needed(spec: ZoneSpec) -> int:
        layout = layouts.get(spec.id, ZoneLayout())
        inner = _field_height(spec, layout.height, arrangement.spare)
        tall = headings[spots[spec.id][0]] + inner
        return max(tall, title(spec)) if titles == "beside" else tall

    above = _greatest(
        specs,
        spots,
        0,
        lambda s: title(s) if titles == "above" and _begins_row(specs, spots, s) else 0,
    )
    heights = _greatest(specs, spots, 0, needed)
    lefts = _starts(widths)
    tops = _starts([height + up for height, up in zip(heights, above, strict=True)])
    zones = {}
    for spec in specs:
        row, column = spots[spec.id]
        y = tops[row] + above[row]
        zones[spec.id] = Box(lefts[column], y, widths[column], heights[row], y + headings[row])
    over = title if titles == "above" else lambda _: 0
    return BoardLayout(
        zones=zones,
        rows={} if titles == "none" else _rows(specs, zones, over),
        width=arrangement.width,
        height=max((zone.y + zone.height for zone in zones.values()), default=0),
    )


def _begins_row(specs: Sequence[ZoneSpec], spots: Mapping[str, Spot], spec: ZoneSpec) -> bool:
    """A title stands over the first cell of its row, also where the others stand below that."""
    first = next(each for each in specs if each.row == spec.row)
    return spots[first.id][0] == spots[spec.id][0]


def _rows(
    specs: Sequence[ZoneSpec], zones: Mapping[str, Box], above: Callable[[ZoneSpec], int]
) -> dict[int, Box]:
    rows: dict[int, Box] = {}
    for spec in specs:
        box, before = zones[spec.id], rows.get(spec.row)
        x = before.x if before else box.x
        y = before.y if before else box.y - above(spec)
        rows[spec.row] = Box(x, y, box.x + box.width - x, box.y + box.height - y)
    return rows


def _field_height(spec: ZoneSpec, height: int, spare: bool) -> int:
    if spec.cell:
        return height + (CELL_SPARE if spare else ZONE_GAP) if height else EMPTY_CELL_HEIGHT
    if not spare:
        return max(EMPTY_FIELD_HEIGHT, height + ZONE_GAP)
    return max(MIN_FIELD_HEIGHT, height + SPARE)


def _greatest(
    specs: Sequence[ZoneSpec],
    spots: Mapping[str, Spot],
    axis: int,
    size: Callable[[ZoneSpec], int],
) -> list[int]:
    sizes = [0] * (1 + max((spots[spec.id][axis] for spec in specs), default=-1))
    for spec in specs:
        at = spots[spec.id][axis]
        sizes[at] = max(sizes[at], size(spec))
    return sizes


def _starts(sizes: Sequence[int]) -> list[int]:
    starts, start = [], 0
    for size in sizes:
        starts.append(start)
        start += size + ZONE_GAP
    return starts
