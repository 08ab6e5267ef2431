"""A board as slides: a title, what is most, and then part by part, each slide as full as it reads.

Slides are filled by measure, so that nothing runs over an edge: text that does not fit goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from server.exports.context import ExportContext
from server.exports.office.slides import BODY, Line, Slide, Table, presentation
from server.exports.picture.text import lines_of
from server.exports.view.build import view_of
from server.exports.view.model import (
    Block,
    Card,
    Grid,
    Plan,
    Question,
    Remark,
    ResultLine,
    Results,
    Section,
    Tally,
    Timeline,
    View,
    Zone,
)
from server.exports.view.wording import firsts
from server.i18n import t

__all__ = ["write_pptx", "write_whole_pptx"]

WIDE, TALL = BODY  # points
TEXT, TWICE = 18.0, 15.0  # points: text in one column, and in two
CELL = 13.0  # and in a table
LEADING, BETWEEN = 1.22, 6.0  # of lines, and points between paragraphs
GUTTER = 30.0
MARGIN = 12.0  # of a cell, both sides
FULL = 0.94  # of a slide, as programs measure letters a little differently
TITLE = 110  # characters


def write_pptx(context: ExportContext) -> bytes:
    """One board."""
    view = view_of(context)
    told = " · ".join(filter(None, (view.subtitle, facts_of(view))))
    about = [told, view.date, view.intro]
    first = Slide(
        "title", one_line(view.workshop), [Line(view.board), *map(Line, filter(None, about))]
    )
    slides = [first, *Writer(view).slides()]
    footer = one_line(f"{view.workshop} · {view.board} · {view.date}")
    title = f"{view.workshop} – {view.board}"
    at = context.exported_at
    return presentation(slides, title=title, footer=footer, language=view.language, at=at)


def write_whole_pptx(contexts: Sequence[ExportContext]) -> bytes:
    """All boards of a workshop, each under a slide of its own."""
    views = [view_of(context) for context in contexts]
    first = views[0]
    contents = [Line(one_line(view.board), facts_of(view)) for view in views]
    slides = [
        Slide("title", one_line(first.workshop), [Line(first.date)]),
        Slide("text", t(first.language, "export.contents"), contents),
    ]
    for view in views:
        about = filter(None, (facts_of(view), view.intro))
        slides.append(Slide("section", one_line(view.board), list(map(Line, about))))
        slides += Writer(view).slides()
    footer = one_line(f"{first.workshop} · {first.date}")
    at = contexts[0].exported_at
    return presentation(slides, title=first.workshop, footer=footer, language=first.language, at=at)


def facts_of(view: View) -> str:
    return " · ".join(f"{n} {word}" for n, word in view.facts)


class Writer:
    """Makes the slides of one view."""

    def __init__(self, view: View) -> None:
        self.view = view

    def say(self, key: str, **values: str | int) -> str:
        return t(self.view.language, f"export.{key}", **values)

    def mark(self, group: int | None) -> str:
        return "" if group is None else f"{self.view.groups[group].letter}"

    def slides(self) -> Iterator[Slide]:
        if self.view.tally is not None:
            yield from self.tally(self.view.tally)
        if self.view.top:
            told = [self.note(card) for card in self.view.top]
            yield from self.texts(self.say("most_votes"), told)
        asked = False
        for section in self.view.sections:
            if isinstance(section, Question):
                yield from () if asked else self.questions()
                asked = True
            else:
                yield from self.section(section)
        if not self.view.sections:
            yield Slide("text", self.view.board, [Line(self.say("empty_board"), level=2)])

    def section(self, section: Section) -> Iterator[Slide]:
        match section:
            case Zone():
                yield from self.zone(section)
            case Grid():
                yield from self.grid(section)
            case Plan():
                yield from self.plan(section)
            case Timeline():
                yield from self.timeline(section)
            case Results():
                yield from self.results(section)
            case Remark():
                yield from self.texts(section.title, [Line(section.text, level=2)])

    def texts(self, title: str, lines: Iterable[Line]) -> Iterator[Slide]:
        """Paragraphs in one column if they fit, else in two, on as many slides as it takes."""
        told = list(lines)
        if sum(height(line, WIDE, TEXT) for line in told) <= TALL * FULL:
            yield Slide("text", title, told)
            return
        pages = evenly(told, (WIDE - GUTTER) / 2, TWICE)
        for number, page in enumerate(pages, start=1):
            yield Slide("text", numbered(title, number, len(pages)), page, columns=2, size=TWICE)

    def note(self, card: Card, *, links: bool = True) -> Line:
        """A note: its text, then group, votes and author."""
        votes = self.say("votes", n=card.votes) if card.votes else ""
        about = " · ".join(filter(None, (self.mark(card.group), votes, card.author)))
        details = "\n".join(filter(None, (about, *(card.links if links else ()))))
        return Line(card.text.strip() or self.say("empty_note"), details)

    def zone(self, zone: Zone) -> Iterator[Slide]:
        """A slide for each theme, and those of none after them."""
        if not zone.count:
            yield Slide("text", zone.title, [Line(self.say("empty_zone"), level=2)])
        for block in zone.blocks:
            count = self.say("count", n=len(block.cards))
            yield from self.texts(
                title_of(zone.title, block.title or "", count), map(self.note, block.cards)
            )

    def tally(self, tally: Tally) -> Iterator[Slide]:
        rows = [
            [[Line(name(self.view, group) or label, level=2)], *([Line(str(n))] for n in counts)]
            for group, label, counts in tally.lines
        ]
        yield from self.tables(self.say("overview"), tally.columns, rows, first=0.46, numbers=1)

    def tables(
        self,
        title: str,
        head: Sequence[str],
        rows: Sequence[Sequence[Sequence[Line]]],
        *,
        first: float,
        numbers: int = 99,
        widths: Sequence[float] = (),
        sums: bool = True,
    ) -> Iterator[Slide]:
        """A table on as many slides as it takes. `first`: share of the first column."""
        rest = max(len(head) - 1, 1)
        wide = widths or [WIDE * first, *[WIDE * (1 - first) / rest] * (len(head) - 1)]
        pages = list(paged(rows, wide, head))
        for number, page in enumerate(pages, start=1):
            last = sums and numbers < 99 and number == len(pages)
            table = Table(wide, head, page, size=CELL, numbers=numbers, sums=last)
            yield Slide("table", numbered(title, number, len(pages)), table=table)

    def grid(self, grid: Grid) -> Iterator[Slide]:
        """Rows of the grid beside what was written about them."""
        head = [self.say("row"), *grid.columns]
        rows = [
            [
                [
                    Line(row.title, level=2, strong=True),
                    *(Line(link, level=2) for link in row.links),
                ],
                *(self.cell(cell) for cell in row.cells),
            ]
            for row in grid.rows
        ]
        yield from self.tables(grid.title, head, rows, first=0.2)

    def cell(self, blocks: Sequence[Block]) -> list[Line]:
        found: list[Line] = []
        for block in blocks:
            if block.title is not None:
                found.append(Line(block.title, level=2, strong=True))
            found += [self.note(card, links=False) for card in block.cards]
        return found or [Line("", self.say("empty_cell"), level=2)]

    def questions(self) -> Iterator[Slide]:
        """Questions with their answers, as many on a slide as it holds."""
        lines = [line for part in self.asked() for line in self.question(part)]
        if lines:
            yield from self.texts(self.view.board, lines)

    def asked(self) -> Iterator[Question]:
        """Of a survey's board only what was answered: it asks where another survey is."""
        is_survey = any(isinstance(part, Results) for part in self.view.sections)
        for part in self.view.sections:
            if isinstance(part, Question) and (part.answers or not is_survey):
                yield part

    def question(self, question: Question) -> Iterator[Line]:
        yield Line(question.title, level=1)
        if not question.answers:
            yield Line("", self.say("empty_answer"), level=2)
        for answer in question.answers:
            said = answer.text.strip() or self.say("empty_answer")
            mark = self.mark(answer.group)
            yield Line(said, name(self.view, answer.group) if mark else "", level=2)
            yield from map(Line, answer.evidence)

    def plan(self, plan: Plan) -> Iterator[Slide]:
        rows = [
            [
                [Line(label, level=2, strong=True)],
                [Line(text.strip(), level=2)]
                if text.strip()
                else [Line("", self.say("empty_field"), 2)],
            ]
            for label, text in plan.fields
        ]
        head = [plan.title, ""]
        yield from self.tables(plan.title, head, rows, first=0.24)

    def timeline(self, timeline: Timeline) -> Iterator[Slide]:
        rows = [[[Line(text, level=2)] for text in line] for line in timeline.lines]
        widths = [WIDE * share for share in (0.4, 0.16, 0.28, 0.16)]
        yield from self.tables(timeline.title, timeline.columns, rows, first=0, widths=widths)
        if timeline.remarks:
            yield from self.texts(
                timeline.title, [Line(text, level=2) for text in timeline.remarks]
            )

    def results(self, results: Results) -> Iterator[Slide]:
        """A survey's round: by theme, by statement, in their own words."""
        before = [results.before] if results.before else []
        for key, lines in (("theme", results.themes), ("statement", results.statements)):
            head = [
                self.say(key),
                "1",
                "2",
                "3",
                "4",
                "5",
                results.cant_say,
                self.say("mean"),
                *before,
            ]
            rest = WIDE * 0.5 - 5 * 34
            widths = [WIDE * 0.5, *[34.0] * 5, *[rest / (2 + len(before))] * (2 + len(before))]
            rows = [self.result(line, bool(before)) for line in lines]
            ends = f"1 = {results.scale[0]}, 5 = {results.scale[-1]}"
            title = f"{results.title} · {results.answered} · {ends}"
            yield from self.tables(title, head, rows, first=0, widths=widths, numbers=1, sums=False)
        if results.comments:
            yield from self.texts(self.say("comments"), map(Line, results.comments))

    def result(self, line: ResultLine, before: bool) -> list[list[Line]]:
        last = [line.before or "–"] if before else []
        told = [*map(str, line.counts), str(line.cant_say), line.mean] if line.counts else ["–"] * 7
        text = line.text if line.counts else f"{line.text} ({self.say('withheld')})"
        return [[Line(text, level=2)], *([Line(cell)] for cell in (*told, *last))]


def name(view: View, group: int | None) -> str:
    return "" if group is None else f"{view.groups[group].letter} · {view.groups[group].name}"


def one_line(text: str) -> str:
    return " ".join(text.split())


def title_of(zone: str, theme: str, count: str) -> str:
    return " · ".join(filter(None, (firsts(zone, 60), firsts(theme, 60), count)))


def numbered(title: str, number: int, of: int) -> str:
    """A title, and where there are several of it, which one."""
    return f"{firsts(title, TITLE)} ({number}/{of})" if of > 1 else firsts(title, TITLE)


def height(line: Line, room: float, size: float, between: float = BETWEEN) -> float:
    """Of a paragraph, points."""
    inner = room - (18 if line.level == 0 else 0)
    told = f"{line.text}  {line.details.replace(chr(10), '  ')}" if line.details else line.text
    return len(lines_of(told, inner, size)) * size * LEADING + between


def parts(line: Line, room: float, size: float, tall: float) -> Iterator[Line]:
    """A paragraph in pieces that a column holds; nearly always itself."""
    most = int((tall - BETWEEN) / size / LEADING) - 1
    if height(line, room, size) <= tall:
        yield line
        return
    lines = lines_of(line.text, room - 18, size)
    for start in range(0, len(lines), most):
        details = line.details if start + most >= len(lines) else ""
        yield Line("\n".join(lines[start : start + most]), firsts(details, 300), line.level)


def evenly(lines: Sequence[Line], room: float, size: float) -> list[list[Line]]:
    """Slides of two columns, as few as there can be, and none with a lonely line."""
    fullest = TALL * FULL
    pages = list(filled(lines, room, size, fullest))
    whole = sum(height(line, room, size) for line in lines)
    tall = whole / len(pages) / 2
    while tall < fullest:
        even = list(filled(lines, room, size, tall))
        if len(even) == len(pages):
            return even
        tall += 2 * size
    return pages


def filled(lines: Iterable[Line], room: float, size: float, tall: float) -> Iterator[list[Line]]:
    """Slides of two columns of `tall` points; a heading stays with what is under it."""
    page: list[Line] = []
    column, used = 0, 0.0
    told = [part for line in lines for part in parts(line, room, size, TALL * FULL)]
    for line, after in zip(told, [*told[1:], None], strict=True):
        high = height(line, room, size)
        kept = high + (height(after, room, size) if line.level == 1 and after else 0)
        if used and used + kept > tall:
            column, used = column + 1, 0.0
        if column == 2:
            yield page
            page, column = [], 0
        page.append(line)
        used += high
    yield page


Row = Sequence[Sequence[Line]]


def paged(rows: Iterable[Row], widths: Sequence[float], head: Sequence[str]) -> Iterator[list[Row]]:
    """Rows of tables that fit a slide."""
    page: list[Row] = []
    top = tallest([[Line(text, level=2, strong=True)] for text in head], widths)
    used = top
    for one in rows:
        for row in torn(one, widths, TALL * FULL - top):
            tall = tallest(row, widths)
            if page and used + tall > TALL * FULL:
                yield page
                page, used = [], top
            page.append(row)
            used += tall
    yield page


def tallest(row: Row, widths: Sequence[float]) -> float:
    return max(
        sum(height(line, width - MARGIN, CELL, 0) for line in lines) + 8
        for lines, width in zip(row, widths, strict=True)
    )


def torn(row: Row, widths: Sequence[float], tall: float) -> Iterator[Row]:
    """A row in rows that a slide holds; the first cell names each of them."""
    cells = [
        list(chunks(lines, width - MARGIN, tall)) for lines, width in zip(row, widths, strict=True)
    ]
    for n in range(max(map(len, cells))):
        yield [
            cell[n] if n < len(cell) else cell[0] if at == 0 else []
            for at, cell in enumerate(cells)
        ]


def chunks(lines: Sequence[Line], room: float, tall: float) -> Iterator[list[Line]]:
    chunk: list[Line] = []
    used = 8.0
    for one in lines:
        for line in parts(one, room, CELL, tall - 20):
            high = height(line, room, CELL, 0)
            if chunk and used + high > tall:
                yield chunk
                chunk, used = [], 8.0
            chunk.append(line)
            used += high
    yield chunk
