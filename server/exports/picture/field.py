"""Zones with their notes, each where it stands on a screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

from boards.layout.board import BoardLayout, Box, Heads, Room, arrange, layout_board
from boards.layout.field import Place, ZoneLayout, layout_zone
from boards.layout.frame import BESIDE_NAME, FRAME_PAD, HEAD_LINE
from boards.layout.measure import LINE_HEIGHT, MAX_LINES, NOTE_PADDING, TEXT_WIDTH, width_of
from boards.layout.zones import ZoneSpec, zones_of
from boards.schema import Board, Note, Theme
from server.exports.context import ExportContext
from server.exports.picture.pen import Pen, tone
from server.exports.picture.text import cut, lines_of, width
from server.exports.view.links import Links
from server.exports.view.wording import words
from server.i18n import t

__all__ = ["ROOMS", "Field"]

ROOMS = (1_000, 1_500, 2_000)
SHAPE = 1.4  # width to height of a page
PAD = 20  # of a zone's heading
HEAD, CELL_HEAD, PROMPT_LINE = 56, 44, 21
TITLE, TITLE_LINE = 176, 21  # beside the rows of a grid
TITLE_ABOVE = 40
UNDER = 100  # of a field, that goes with its heading
FRAME_HEAD = 44  # of a theme's
ASCENT = 16  # from the top of a line of text to what it stands on
STRAYS = "?"  # no zone is called so
TIP = 9
GROUPS = 12  # colours


@dataclass(frozen=True, slots=True)
class Words:
    """What a zone is called and asks."""

    title: str
    prompt: str = ""
    row: str = ""


class Field:
    """The notes of one board, laid out; `draw` puts them on paper."""

    def __init__(self, context: ExportContext, board: Board, rooms: Sequence[int] = ROOMS) -> None:
        """`rooms`: widths of screens; as one of them shows it, so is the picture."""
        self.context, self.board, self.rooms = context, board, rooms
        self.notes = {note.id: note for note in board.notes}
        self.links = Links(context)
        self.specs = self._specs()
        self.words = self._words()
        self.layouts = {spec.id: self._layout(spec) for spec in self.specs}
        self.titles, self.layout = self._arranged()
        self.left = TITLE + PAD if self.titles == "beside" else 0

    @property
    def width(self) -> int:
        return self.layout.width + self.left if self.specs else 0

    @property
    def height(self) -> int:
        return self.layout.height

    def _specs(self) -> list[ZoneSpec]:
        """The workbook's zones, and one for notes of zones that it does not (any more) know."""
        specs = zones_of(self.context.definition)
        known = {spec.id for spec in specs}
        if all(note.zone in known for note in self.board.notes):
            return specs
        row = 1 + max((spec.row for spec in specs), default=-1)
        cell = any(spec.cell for spec in specs)
        return [*specs, ZoneSpec(STRAYS, row, 0, 2 if cell else 3, cell, len(specs) % 4)]

    def _words(self) -> dict[str, Words]:
        definition, language = self.context.definition, self.context.language
        found = {STRAYS: Words(t(language, "export.other_notes"), row="")}
        for zone in definition.get("zones", ()):
            prompt = words(zone.get("prompt"), language)
            found[zone["id"]] = Words(words(zone["title"], language), prompt)
        for row in definition.get("rows", ()):
            for column in definition.get("columns", ()):
                named = words(row["title"], language)
                title = words(column["title"], language)
                found[f"{row['id']}/{column['id']}"] = Words(title, row=named)
        return found

    def _layout(self, spec: ZoneSpec) -> ZoneLayout:
        known = {each.id for each in self.specs}

        def zone_of(item: Note | Theme) -> str:
            return item.zone if item.zone in known else STRAYS

        notes = (note for note in self.board.notes if zone_of(note) == spec.id)
        themes = (theme for theme in self.board.themes if zone_of(theme) == spec.id)
        return layout_zone(notes, themes, spec.columns)

    def _arranged(self) -> tuple[str, BoardLayout]:
        """As on the screen whose width gives the picture the shape of a page."""
        found = []
        for px in self.rooms:
            arrangement = arrange(self.specs, Room(px=px, least=1, spare=False))
            heads = Heads(
                {spec.id: self._head(spec) for spec in self.specs}, self._titles(arrangement.titles)
            )
            board = layout_board(self.specs, arrangement, self.layouts, heads)
            found.append((arrangement.titles, board))
        return min(
            found, key=lambda one: abs(log((one[1].width + 1) / (one[1].height + 1) / SHAPE))
        )

    def _head(self, spec: ZoneSpec) -> int:
        if spec.cell:
            return CELL_HEAD
        title, prompt = self._head_lines(spec)
        return HEAD + (len(title) - 1) * 27 + len(prompt) * PROMPT_LINE + (6 if prompt else 0)

    def _head_lines(self, spec: ZoneSpec) -> tuple[list[str], list[str]]:
        told, room = self.words[spec.id], field_room(spec)
        title = lines_of(told.title, room - 90, 22, bold=True)
        return title, lines_of(told.prompt, room, 15) if told.prompt else []

    def _titles(self, titles: str) -> dict[int, int]:
        """Heights of the titles of rows, which stand `titles`."""
        if titles == "above":
            return {spec.row: TITLE_ABOVE for spec in self.specs}
        return {spec.row: len(self._beside(spec)) * TITLE_LINE + 30 for spec in self.specs}

    def _beside(self, spec: ZoneSpec) -> list[str]:
        return lines_of(self.words[spec.id].row, TITLE, 17, bold=True)

    def draw(self, pen: Pen, x: float, y: float) -> None:
        """From `x`, `y` to the right and downwards."""
        if not self.specs:
            return
        x += self.left
        for row, box in self.layout.rows.items():
            self._draw_title(pen, row, box, x, y)
        for spec in self.specs:
            self._draw_zone(pen, spec, self.layout.zones[spec.id], x, y)
        self._draw_became(pen, x, y)
        for spec in self.specs:
            box, told = self.layout.zones[spec.id], self.words[spec.id]
            pen.begin(" – ".join(filter(None, (told.row, told.title))))
            self._draw_notes(pen, self.layouts[spec.id], x + box.x, y + box.field_y)
            pen.end()

    def tops(self, y: float) -> Iterator[tuple[float, float]]:
        """Where each note begins and ends when the field stands at `y`, and each heading with the
        beginning of what stands under it.
        """
        yield from ((top, top + tall) for _, top, _, tall in self._boxes(0, y).values())
        for spec in self.specs:
            zone = self.layout.zones[spec.id]
            row = self.layout.rows.get(spec.row)
            top = zone.y if row is None else min(zone.y, row.y)
            yield y + top, y + zone.field_y + UNDER
            for frame in self.layouts[spec.id].frames.values():
                low = frame.y + min(frame.height, FRAME_HEAD + UNDER)
                yield y + zone.field_y + frame.y, y + zone.field_y + low

    def _draw_title(self, pen: Pen, row: int, box: Box, x: float, y: float) -> None:
        spec = next(spec for spec in self.specs if spec.row == row)
        if self.titles == "beside":
            left, top, lines = x - self.left, y + box.y + 26, self._beside(spec)
        else:
            left, top, lines = x + box.x + 4, y + box.y + 24, [self.words[spec.id].row]
        pen.text(left, top, lines, size=17, height=TITLE_LINE, bold=True)

    def _draw_zone(self, pen: Pen, spec: ZoneSpec, box: Box, x: float, y: float) -> None:
        told, layout = self.words[spec.id], self.layouts[spec.id]
        left, top = x + box.x, y + box.y
        pen.box(left, top, box.width, box.height, tone(f"zone-{spec.tint}"), radius=18)
        count = t(self.context.language, "export.count", n=len(layout.order))
        right = left + box.width - PAD
        if spec.cell:
            pen.text(left + PAD, top + 28, [told.title], bold=True)
        else:
            title, prompt = self._head_lines(spec)
            pen.text(left + PAD, top + 36, title, size=22, height=27, bold=True)
            under = top + 36 + (len(title) - 1) * 27 + 26
            pen.text(left + PAD, under, prompt, size=15, height=PROMPT_LINE, fill="ink-soft")
        pen.text(
            right, top + (28 if spec.cell else 36), [count], size=15, fill="ink-soft", anchor="end"
        )

    def _draw_notes(self, pen: Pen, layout: ZoneLayout, x: float, y: float) -> None:
        themes = {theme.id: theme for theme in self.board.themes}
        for id, frame in layout.frames.items():
            self._draw_frame(pen, themes[id], frame, x + frame.x, y + frame.y)
        for id in layout.order:
            place = layout.places[id]
            self._draw_note(pen, self.notes[id], place, x + place.x, y + place.y)

    def _draw_frame(self, pen: Pen, theme: Theme, frame: Place, x: float, y: float) -> None:
        notes = [note for note in self.board.notes if note.theme == theme.id]
        pen.box(
            x,
            y,
            frame.width,
            frame.height,
            tone("paper-raised"),
            radius=12,
            stroke=tone("line-strong"),
            thick=2,
            more=' fill-opacity="0.62" stroke-opacity="0.75"',
        )
        name = " ".join(theme.name.split()) or t(self.context.language, "export.unnamed_theme")
        room = frame.width - 2 * FRAME_PAD - BESIDE_NAME
        lines = cut(lines_of(name, room, 18, bold=True), 3)
        pen.text(x + 14, y + 28, lines, size=18, height=HEAD_LINE, bold=True, right=x + 14 + room)
        at = x + frame.width - 14
        at -= self._pill(pen, at, y + 10, str(len(notes)))
        if votes := sum(note.votes for note in notes):
            self._votes(pen, at - 8, y + 28, votes)

    def _pill(self, pen: Pen, right: float, y: float, text: str) -> float:
        """A number in a rounded frame; how wide that is."""
        wide = max(26.0, width(text, 15, bold=True) + 16)
        pen.box(
            right - wide, y, wide, 24, tone("paper-raised"), radius=12, stroke=tone("line-strong")
        )
        pen.text(right - wide / 2, y + 17, [text], size=15, bold=True, anchor="middle")
        return wide

    def _votes(self, pen: Pen, right: float, base: float, votes: int) -> None:
        pen.text(right, base, [str(votes)], size=16, bold=True, anchor="end")
        pen.dot(right - width(str(votes), 16, bold=True) - 9, base - 5.5, 4.5, tone("accent"))

    def _draw_note(self, pen: Pen, note: Note, place: Place, x: float, y: float) -> None:
        lines = lines_of(note.text, TEXT_WIDTH)
        shown = cut(lines, MAX_LINES)
        pen.begin(title=note.text if shown is not lines else "")
        pen.box(
            x, y + 3, place.width, place.height, "#3a2e1c", radius=4, more=' fill-opacity="0.14"'
        )
        edge, fill = tone(f"note-{note.color}-edge"), tone(f"note-{note.color}")
        dashed = ' stroke-dasharray="5 4"' if note.carried else ""
        pen.box(x, y, place.width, place.height, fill, radius=4, stroke=edge, more=dashed)
        text = shown if note.text.strip() else [t(self.context.language, "export.empty_note")]
        pen.text(
            x + NOTE_PADDING,
            y + NOTE_PADDING + ASCENT,
            text,
            height=LINE_HEIGHT,
            fill="ink" if note.text.strip() else "ink-soft",
            right=x + place.width - NOTE_PADDING,
        )
        self._draw_marks(pen, note, x, y, place)
        pen.end(whole=True)

    def _draw_marks(self, pen: Pen, note: Note, x: float, y: float, place: Place) -> None:
        """Its group in the corner; dots and links over the lower edge."""
        if mark := self.context.groups.get(note.group or ""):
            draw_mark(pen, x + place.width + 6, y - 8, mark.letter, mark.index)
        low = y + place.height
        if note.votes:
            wide = width(str(note.votes), 15, bold=True) + 34
            pen.box(
                x + 10,
                low - 13,
                wide,
                24,
                tone("paper-raised"),
                radius=12,
                stroke=tone("line-strong"),
            )
            pen.dot(x + 23, low - 1, 4.5, tone("accent"))
            pen.text(x + 33, low + 4.5, [str(note.votes)], size=15, bold=True)
        if links := len(self.links.by_end.get(self.links.own("note", note.id), ())):
            right = x + place.width - 8
            wide = width(str(links), 14, bold=True) + 36
            pen.box(
                right - wide,
                low - 13,
                wide,
                24,
                tone("paper-raised"),
                radius=12,
                stroke=tone("line-strong"),
            )
            draw_chain(pen, right - wide + 9, low - 1)
            pen.text(right - 9, low + 4, [str(links)], size=14, bold=True, anchor="end")

    def _draw_became(self, pen: Pen, x: float, y: float) -> None:
        """Lines from what is to what it becomes, where both stand on this board."""
        boxes = self._boxes(x, y)
        for link in self.board.links:
            ends = boxes.get(link.source), boxes.get(link.target)
            if link.kind == "became" and ends[0] and ends[1]:
                draw_arrow(pen, ends[0], ends[1])

    def _boxes(self, x: float, y: float) -> Mapping[str, tuple[float, float, float, float]]:
        found = {}
        for spec in self.specs:
            zone, layout = self.layout.zones[spec.id], self.layouts[spec.id]
            for id, place in layout.places.items():
                left, top = x + zone.x + place.x, y + zone.field_y + place.y
                found[id] = (left, top, float(place.width), float(place.height))
        return found


def field_room(spec: ZoneSpec) -> int:
    """What a heading has between its margins."""
    return 20 + spec.columns * 220 - 2 * PAD


def draw_mark(pen: Pen, right: float, y: float, letter: str, index: int) -> float:
    """A group's letter on its colour; how wide that is."""
    wide = max(24.0, width_of(letter) * 14 / 16 + 12)
    pen.box(right - wide, y, wide, 23, tone(f"group-{index % GROUPS}"), radius=5)
    pen.text(
        right - wide / 2, y + 16.5, [letter], size=14, bold=True, fill="#ffffff", anchor="middle"
    )
    return wide


def draw_chain(pen: Pen, x: float, y: float) -> None:
    """Two links of a chain, 14 units wide."""
    stroke = tone("ink-soft")
    links = f"M{x + 5:g} {y - 3:g}h-2a3 3 0 0 0 0 6h2M{x + 9:g} {y - 3:g}h2a3 3 0 0 1 0 6h-2"
    pen.path(f"{links}M{x + 4.5:g} {y:g}h5", stroke=stroke, thick=1.8, span=(y - 4, y + 4))


Corner = tuple[float, float, float, float]  # x, y, width, height


def draw_arrow(pen: Pen, a: Corner, b: Corner) -> None:
    """Side by side it leaves at the right; one below the other, at the bottom (BecameLines)."""
    if b[0] >= a[0] + a[2]:
        x, y = a[0] + a[2], a[1] + a[3] / 2
        u, v = b[0] - TIP, b[1] + b[3] / 2
        bend = max(40.0, (u - x) / 2)
        line = f"M{x:g} {y:g}C{x + bend:g} {y:g} {u - bend:g} {v:g} {u:g} {v:g}"
        tip = f"M{u:g} {v - TIP:g}L{b[0]:g} {v:g}L{u:g} {v + TIP:g}Z"
    else:
        below = b[1] > a[1]
        x, y = a[0] + a[2] / 2, a[1] + a[3] if below else a[1]
        u, w = b[0] + b[2] / 2, b[1] if below else b[1] + b[3]
        v = w - TIP if below else w + TIP
        line = f"M{x:g} {y:g}C{x:g} {(y + v) / 2:g} {u:g} {(y + v) / 2:g} {u:g} {v:g}"
        tip = f"M{u - TIP:g} {v:g}L{u:g} {w:g}L{u + TIP:g} {v:g}Z"
    span = (min(a[1], b[1]) - TIP, max(a[1] + a[3], b[1] + b[3]) + TIP)
    pen.path(line, stroke=tone("accent"), thick=2.5, span=span)
    pen.path(tip, fill=tone("accent"), span=span)
