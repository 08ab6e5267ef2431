"""What is on a board beside notes: answers, experiments, results. Each is a card or a chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from server.exports.picture.field import draw_mark
from server.exports.picture.pen import Pen, tone
from server.exports.picture.text import lines_of, width
from server.exports.view.model import (
    Group,
    Plan,
    Question,
    Remark,
    ResultLine,
    Results,
    Timeline,
    View,
)
from server.i18n import t

__all__ = ["Card", "cards_of", "draw_results", "draw_timeline"]

PAD, GAP = 24, 24
STEPS = ("note-orange-edge", "note-orange", "line", "accent-quiet", "accent")  # of a scale of five


@dataclass
class Card:
    """Paragraphs under each other on a sheet of its own."""

    width: float
    lines: list[tuple[float, str, float, bool, str, Group | None]] = field(default_factory=list)
    height: float = PAD

    def say(
        self,
        text: str,
        size: float,
        *,
        bold: bool = False,
        fill: str = "ink",
        above: float = 0,
        group: Group | None = None,
        indent: float = 0,
    ) -> None:
        """A paragraph; `above`: room before it. `group`: whose mark stands before it."""
        self.height += above
        before = indent + (34 if group else 0)
        for line in lines_of(text, self.width - 2 * PAD - before, size, bold=bold):
            self.lines.append((self.height + size, line, size, bold, fill, group))
            self.height += size * 1.35
            group = None

    def draw(self, pen: Pen, x: float, y: float) -> None:
        pen.begin(self.lines[0][1] if self.lines else "")
        tall = self.height + PAD * 0.8
        pen.box(x, y, self.width, tall, tone("paper-raised"), radius=14, stroke=tone("line"))
        for base, line, size, bold, fill, group in self.lines:
            left = x + PAD
            if group:
                draw_mark(pen, left + 24, y + base - 18, group.letter, group.index)
                left += 36
            right = x + self.width - PAD
            pen.text(left, y + base, [line], size=size, bold=bold, fill=fill, right=right)
        pen.end()


def cards_of(view: View, wide: float) -> list[Card]:
    """A card for each question, experiment and remark."""
    found = []
    is_survey = any(isinstance(part, Results) for part in view.sections)
    for part in view.sections:
        card = Card(wide)
        if isinstance(part, Question) and (part.answers or not is_survey):
            fill_question(card, part, view)
        elif isinstance(part, Plan):
            fill_plan(card, part, view.language)
        elif isinstance(part, Remark):
            card.say(part.title, 20, bold=True)
            card.say(part.text, 16, fill="ink-soft", above=8)
        else:
            continue
        found.append(card)
    return found


def fill_question(card: Card, part: Question, view: View) -> None:
    card.say(part.title, 20, bold=True)
    if not part.answers:
        card.say(t(view.language, "export.empty_answer"), 16, fill="ink-soft", above=8)
    for answer in part.answers:
        if answer.group is not None:
            group = view.groups[answer.group]
            card.say(group.name, 16, bold=True, above=14, group=group)
        card.say(answer.text.strip() or t(view.language, "export.empty_answer"), 17, above=8)
        if answer.evidence:
            evidence = t(view.language, "answers.evidence")
            card.say(evidence, 14, bold=True, fill="accent", above=10)
            for one in answer.evidence:
                card.say(f"• {one}", 14, fill="ink-soft", above=2)


def fill_plan(card: Card, part: Plan, language: str) -> None:
    card.say(part.title, 20, bold=True)
    for label, text in part.fields:
        card.say(label, 15, bold=True, fill="accent", above=12)
        told = text.strip()
        empty = t(language, "export.empty_field")
        card.say(told or empty, 16, fill="ink" if told else "ink-soft", above=2)


def draw_timeline(pen: Pen, part: Timeline, x: float, y: float, wide: float) -> float:
    """Where experiments lie in time; how tall that is."""
    inner, left = wide - 2 * PAD, x + PAD
    row = 46
    tall = 92 + row * len(part.bars)
    pen.begin(part.title)
    pen.box(x, y, wide, tall, tone("paper-raised"), radius=14, stroke=tone("line"))
    pen.text(left, y + 38, [part.title], size=20, bold=True)
    for month in part.months:
        at = left + month.at * inner
        pen.path(f"M{at:g} {y + 56:g}V{y + tall - 12:g}", stroke=tone("line"), thick=1)
        pen.text(at + 5, y + 66, [month.label], size=13, fill="ink-soft")
    for n, bar in enumerate(part.bars):
        top = y + 76 + n * row
        start, end = left + bar.start * inner, left + bar.end * inner
        name = min(start, left + inner - width(bar.name, 15))
        pen.text(max(left, name), top + 14, [bar.name], size=15)
        pen.box(start, top + 21, max(6.0, end - start), 14, tone("accent"), radius=4)
        for check in bar.checks:
            at = left + check * inner
            diamond = f"M{at:g} {top + 20:g}l8 8l-8 8l-8 -8Z"
            pen.path(diamond, fill=tone("note-yellow"), stroke=tone("note-yellow-edge"), thick=1.5)
    pen.end()
    return tall


def draw_results(pen: Pen, part: Results, language: str, x: float, y: float, wide: float) -> float:
    """A bar of five steps for each theme and statement; how tall that is."""
    lines = [*part.themes, *part.statements]
    room = wide * 0.42
    told = [lines_of(line.text, room, 15) for line in lines]
    heights = [max(30, 20 * len(text) + 10) for text in told]
    tall = 96 + sum(heights) + PAD
    pen.begin(part.title)
    pen.box(x, y, wide, tall, tone("paper-raised"), radius=14, stroke=tone("line"))
    pen.text(x + PAD, y + 38, [part.title], size=20, bold=True)
    pen.text(x + wide - PAD, y + 38, [part.answered], size=15, fill="ink-soft", anchor="end")
    draw_key(pen, part.scale, x + PAD, y + 68)
    mean = t(language, "export.mean")
    pen.text(x + wide - PAD, y + 68, [mean], size=14, fill="ink-soft", anchor="end")
    top = y + 86
    for n, (line, text, height) in enumerate(zip(lines, told, heights, strict=True)):
        strong = n < len(part.themes)
        pen.text(x + PAD, top + 20, text, size=15, height=20, bold=strong)
        draw_bar(pen, line, x + PAD + room + 20, top + 6, wide - 2 * PAD - room - 100)
        pen.text(x + wide - PAD, top + 20, [line.mean or "–"], size=16, bold=True, anchor="end")
        top += height
    pen.end()
    return tall


def draw_key(pen: Pen, scale: Sequence[str], x: float, y: float) -> None:
    for step, name in enumerate(scale):
        pen.box(x, y - 12, 14, 14, tone(STEPS[step]), radius=2, stroke=tone("line-strong"))
        label = f"{step + 1} = {name}"
        pen.text(x + 20, y, [label], size=14, fill="ink-soft")
        x += width(label, 14) + 40


def draw_bar(pen: Pen, line: ResultLine, x: float, y: float, wide: float) -> None:
    """How many chose what, as shares of a bar, with their number where there is room for it."""
    whole = sum(line.counts)
    for step, count in enumerate(line.counts):
        share = wide * count / whole if whole else 0
        if share:
            pen.box(x, y, share, 18, tone(STEPS[step]), stroke=tone("paper-raised"))
            if share > 16:
                dark = step in (0, len(STEPS) - 1)
                fill = "#ffffff" if dark else "ink"
                pen.text(x + share / 2, y + 14, [str(count)], size=13, fill=fill, anchor="middle")
        x += share
