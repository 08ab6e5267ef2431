"""A board as a picture: what a screen shows, from the same layout, with what is written on it.

    picture = picture_of(context)

Above it stand workshop, board, day and groups; then what the board has beside notes, then zones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from boards.schema import Board
from server.exports.context import ExportContext
from server.exports.picture.field import ROOMS, Field, draw_mark
from server.exports.picture.parts import GAP, Card, cards_of, draw_results, draw_timeline
from server.exports.picture.pen import Pen
from server.exports.picture.text import lines_of, width
from server.exports.view.build import view_of, without_votes
from server.exports.view.model import Group, Results, Timeline, View

__all__ = ["Picture", "picture_of"]

MARGIN = 40
CARD = 680  # width of a card: as a zone of three columns
LEAST, NARROW = 2 * CARD + GAP, 900  # width of what is drawn: with cards, without
BESIDE = 1_500  # width of a screen that shows as much as stands above the zones


@dataclass(frozen=True, slots=True)
class Picture:
    """How large it is, board units. `part`: an SVG of what is seen from a top on, so tall, with
    notes that begin before an end. `notes`: top and bottom of each, and of each heading with what
    stands under it.
    """

    part: Callable[[float, float, float], str]
    width: float
    height: float
    notes: tuple[tuple[float, float], ...] = ()

    @property
    def svg(self) -> str:
        """All of it."""
        return self.part(0, self.height, self.height)


def picture_of(
    context: ExportContext,
    clean: Callable[[str], str] | None = None,
    *,
    headed: bool = True,
    rooms: Sequence[int] = ROOMS,
) -> Picture:
    """`clean`: as of Pen; None for a picture that brings its letters along. `headed`: whether it
    says which board it is. `rooms`: as of Field.
    """
    board = without_votes(context.board) if context.hides_votes else context.board
    return Drawing(context, board, view_of(context), Pen(clean), rooms).picture(headed)


class Drawing:
    """Puts the parts of one board under each other."""

    def __init__(
        self, context: ExportContext, board: Board, view: View, pen: Pen, rooms: Sequence[int]
    ) -> None:
        self.view, self.pen, self.context = view, pen, context
        self.field = Field(context, board, (BESIDE,) if self.has_parts else rooms)
        self.wide = max(LEAST if self.has_parts else NARROW, self.field.width)
        self.y: float = MARGIN

    @property
    def has_parts(self) -> bool:
        return any(part.kind not in ("zone", "grid") for part in self.view.sections)

    def picture(self, headed: bool) -> Picture:
        if headed:
            self.head()
        for part in self.view.sections:
            if isinstance(part, Results):
                self.y += (
                    draw_results(self.pen, part, self.view.language, MARGIN, self.y, self.wide)
                    + GAP
                )
            elif isinstance(part, Timeline):
                self.y += draw_timeline(self.pen, part, MARGIN, self.y, self.wide) + GAP
        self.cards(cards_of(self.view, (self.wide - GAP) / 2))
        self.field.draw(self.pen, MARGIN, self.y)
        width, height = self.wide + 2 * MARGIN, self.y + self.field.height + MARGIN
        notes = tuple(self.field.tops(self.y))
        self.pen.lay_ground(width, height)
        return Picture(partial(self.document, width), width, height, notes)

    def document(self, width: float, top: float, height: float, until: float) -> str:
        facts = ", ".join(f"{n} {word}" for n, word in self.view.facts)
        return self.pen.document(
            width,
            height,
            title=f"{self.view.workshop} – {self.view.board}",
            description=" · ".join(filter(None, (self.view.subtitle, facts, self.view.date))),
            language=self.view.language,
            top=top,
            until=until,
        )

    def head(self) -> None:
        """Workshop, board, day; and whose letters stand on notes."""
        view, right = self.view, MARGIN + self.wide
        about = " · ".join(filter(None, (view.board, view.subtitle)))
        self.pen.text(MARGIN, self.y + 16, [about], size=18, bold=True, fill="accent")
        self.pen.text(right, self.y + 16, [view.date], size=16, fill="ink-soft", anchor="end")
        title = lines_of(" ".join(view.workshop.split()), self.wide, 32, bold=True)
        self.pen.text(MARGIN, self.y + 56, title, size=32, height=38, bold=True)
        self.y += 56 + 38 * (len(title) - 1) + 16
        if view.groups:
            self.groups(view.groups)
        self.y += GAP

    def groups(self, groups: Sequence[Group]) -> None:
        x = float(MARGIN)
        self.y += 6
        for group in groups:
            wide = 32 + width(group.name, 16)
            if x > MARGIN and x + wide > MARGIN + self.wide:
                x, self.y = float(MARGIN), self.y + 32
            draw_mark(self.pen, x + 24, self.y, group.letter, group.index)
            self.pen.text(x + 32, self.y + 17, [group.name], size=16)
            x += wide + 28
        self.y += 26

    def cards(self, cards: Sequence[Card]) -> None:
        """In two columns, each card under the shorter one."""
        tops = [self.y, self.y]
        for card in cards:
            column = 0 if tops[0] <= tops[1] else 1
            card.draw(self.pen, MARGIN + column * (card.width + GAP), tops[column])
            tops[column] += card.height + 0.8 * GAP + GAP
        self.y = max(tops)
