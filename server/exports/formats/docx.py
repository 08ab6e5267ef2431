"""A board as a Word document: headings, lists and tables in styles, as somebody would write it."""

from collections.abc import Iterable, Iterator, Sequence

from server.exports.context import ExportContext
from server.exports.office.word import TEXT_WIDTH, document, paragraph, run, table
from server.exports.office.word.pictures import Pictures, intro_height
from server.exports.view.build import count, view_of
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

__all__ = ["write_docx", "write_whole_docx"]

WHOLE = 900  # characters of a note that a page does not cut
WHOLE_ROW = 700  # and of a row of a table
SHORT = 130  # characters of a note that stands in full further on
DETAILS = "Details"
HEAD, CHAPTER = 150.0, 130.0  # points above a board's picture, beside its introduction


def write_docx(context: ExportContext) -> bytes:
    """One board."""
    view = view_of(context)
    pictures = Pictures([context], [view], lambda view, _: HEAD + intro_height(view))
    blocks = [
        paragraph("Kicker", run(" · ".join(filter(None, (view.board, view.subtitle))))),
        paragraph("Title", run(one_line(view.workshop)), of=view.workshop),
        paragraph("Subtitle", run(" · ".join(filter(None, (view.date, facts_of(view)))))),
        *board_blocks(view, pictures.of(0)),
    ]
    return document(
        blocks,
        title=f"{view.workshop} – {view.board}",
        footer=one_line(f"{view.workshop} · {view.board} · {view.date}"),
        language=view.language,
        at=context.exported_at,
        pictures=pictures.taken,
    )


def write_whole_docx(contexts: Sequence[ExportContext]) -> bytes:
    """All boards of a workshop: what is in it, and then each on pages of its own."""
    views = [view_of(context) for context in contexts]
    first = views[0]
    pictures = Pictures(contexts, views, lambda view, _: CHAPTER + intro_height(view))
    contents = t(first.language, "export.contents")
    blocks = [
        paragraph("Title", run(one_line(first.workshop)), of=first.workshop),
        paragraph("Subtitle", run(first.date)),
        paragraph("Heading1", run(contents)),
        *(
            paragraph("ListBullet", run(one_line(view.board)), run(f"  {facts_of(view)}", DETAILS))
            for view in views
        ),
    ]
    for number, view in enumerate(views):
        title = one_line(view.board)
        blocks.append(paragraph("Heading1", run(title), of=title, on_new_page=not view.is_short))
        blocks.append(paragraph("Prompt", run(facts_of(view))))
        blocks += board_blocks(view, pictures.of(number), under=1)
    return document(
        blocks,
        title=first.workshop,
        footer=one_line(f"{first.workshop} · {first.date}"),
        language=first.language,
        at=contexts[0].exported_at,
        pictures=pictures.taken,
    )


def facts_of(view: View) -> str:
    return " · ".join(f"{n} {word}" for n, word in view.facts)


def board_blocks(view: View, pictures: Sequence[str], under: int = 0) -> Iterator[str]:
    """Everything of a board but what it is called. `under`: so many levels of headings."""
    writer = Writer(view, under)
    if view.intro:
        yield from writer.texts(view.intro)
    if pictures:
        yield writer.heading(1, writer.say("picture"))
        yield from pictures
    yield from writer.overview()
    for section in view.sections:
        yield from writer.section(section)
    if not view.sections:
        yield paragraph("", run(writer.say("empty_board")))


class Writer:
    """Writes the parts of one view."""

    def __init__(self, view: View, under: int = 0) -> None:
        self.view = view
        self.under = under

    def say(self, key: str, **values: str | int) -> str:
        return t(self.view.language, f"export.{key}", **values)

    def heading(self, level: int, text: str, after: str = "") -> str:
        line = one_line(text)
        detail = run(f"  {after}", DETAILS) if after else ""
        return paragraph(f"Heading{level + self.under}", run(line), detail, of=line)

    def mark(self, group: int | None) -> str:
        """`A · Koivut`, or nothing."""
        if group is None:
            return ""
        return f"{self.view.groups[group].letter} · {self.view.groups[group].name}"

    def texts(self, text: str, otherwise: str = "") -> Iterator[str]:
        """Somebody's text: a blank line parts paragraphs, other line ends stay."""
        parts = [part.strip("\n") for part in text.split("\n\n") if part.strip()]
        for part in parts:
            yield paragraph("", run(part), of=part)
        if not parts and otherwise:
            yield paragraph("", run(self.say(otherwise), DETAILS))

    def overview(self) -> Iterator[str]:
        if self.view.tally:
            yield self.heading(1, self.say("overview"))
            yield self.tally(self.view.tally)
        if self.view.top:
            yield self.heading(1, self.say("most_votes"))
            for card in self.view.top:
                text = firsts(card.text, SHORT) or self.say("empty_note")
                about = ", ".join(
                    filter(None, (self.say("votes", n=card.votes), self.mark(card.group)))
                )
                yield paragraph("ListBullet", run(text), run(f"  {about}", DETAILS), of=text)

    def tally(self, tally: Tally) -> str:
        """How many notes stand where."""
        lines = [
            [self.mark(group) or label, *map(str, numbers)] for group, label, numbers in tally.lines
        ]
        widths = shares(len(tally.columns), first=0.4)
        return self.numbers(widths, tally.columns, lines, self.say("overview"), sums=True)

    def numbers(
        self,
        widths: Sequence[int],
        head: Sequence[str],
        lines: Sequence[Sequence[str]],
        title: str,
        *,
        sums: bool = False,
    ) -> str:
        """A table of numbers behind a column of words."""
        rows = [number_cells(line) for line in lines]
        if sums:
            rows[-1] = number_cells(lines[-1], strong=True)
        return table(widths, number_cells(head, strong=True), rows, title=title)

    def section(self, section: Section) -> Iterator[str]:
        match section:
            case Zone():
                yield from self.zone(section)
            case Grid():
                yield from self.grid(section)
            case Question():
                yield from self.question(section)
            case Plan():
                yield from self.plan(section)
            case Timeline():
                yield from self.timeline(section)
            case Results():
                yield from self.results(section)
            case Remark():
                yield self.heading(1, section.title)
                yield from self.texts(section.text)

    def zone(self, zone: Zone) -> Iterator[str]:
        yield self.heading(1, zone.title, self.say("count", n=zone.count))
        if zone.prompt:
            yield paragraph("Prompt", run(zone.prompt), of=zone.prompt)
        if not zone.count:
            yield paragraph("", run(self.say("empty_zone"), DETAILS))
        for block in zone.blocks:
            if block.title is not None:
                yield self.heading(2, block.title, self.theme_votes(block))
            yield from (self.note(card, "ListBullet") for card in block.cards)

    def theme_votes(self, block: Block) -> str:
        return self.say("votes", n=block.votes) if block.votes else ""

    def note(self, card: Card, style: str) -> str:
        """A note: its text, then group, votes and author on a line, then its links."""
        votes = self.say("votes", n=card.votes) if card.votes else ""
        about = " · ".join(filter(None, (self.mark(card.group), votes, card.author)))
        details = "\n".join(filter(None, (about, *card.links)))
        text = card.text.strip()
        words = run(text) if text else run(self.say("empty_note"), DETAILS)
        beside = "  " if about and style == "TableBullet" else "\n"  # where there is little room
        after = run(f"{beside}{details}", DETAILS) if details else ""
        return paragraph(style, words, after, of=text, keep=len(text) < WHOLE)

    def grid(self, grid: Grid) -> Iterator[str]:
        """A table: rows of the grid beside what was written about them."""
        yield self.heading(1, grid.title)
        widths = shares(len(grid.columns) + 1, first=0.24)
        head = [in_table(title, strong=True) for title in (self.say("row"), *grid.columns)]
        rows = []
        torn = []
        for number, row in enumerate(grid.rows):
            about = "".join(
                paragraph("TableText", run(text, DETAILS), of=text)
                for text in (row.prompt, *row.links)
                if text
            )
            rows.append([in_table(row.title, strong=True) + about, *map(self.grid_cell, row.cells)])
            longest = max((weight(one) for one in row.cells), default=0)
            torn += [number] if longest > WHOLE_ROW else []
        yield table(widths, head, rows, title=grid.title, torn=torn)

    def grid_cell(self, blocks: Sequence[Block]) -> str:
        if not count(blocks):
            return paragraph("TableText", run(self.say("empty_cell"), DETAILS))
        parts = []
        for block in blocks:
            if block.title is not None:
                votes = run(f"  {self.theme_votes(block)}", DETAILS) if block.votes else ""
                title = one_line(block.title)
                parts.append(paragraph("TableText", run(title, "Strong"), votes, of=title))
            parts += [self.note(card, "TableBullet") for card in block.cards]
        return "".join(parts)

    def question(self, question: Question) -> Iterator[str]:
        yield self.heading(1, question.title)
        if not question.answers:
            yield paragraph("", run(self.say("empty_answer"), DETAILS))
        for answer in question.answers:
            if answer.group is not None:
                yield self.heading(2, self.mark(answer.group))
            yield from self.texts(answer.text, "empty_answer")
            if answer.evidence:
                words = t(self.view.language, "answers.evidence")
                yield paragraph("Prompt", run(words))
                yield from (paragraph("ListBullet", run(one), of=one) for one in answer.evidence)

    def plan(self, plan: Plan) -> Iterator[str]:
        yield self.heading(1, plan.title)
        for label, text in plan.fields:
            yield self.heading(3, label)
            yield from self.texts(text, "empty_field")

    def timeline(self, timeline: Timeline) -> Iterator[str]:
        yield self.heading(1, timeline.title)
        widths = [TEXT_WIDTH * share // 100 for share in (37, 18, 27, 18)]
        head = [in_table(title, strong=True) for title in timeline.columns]
        rows = [[in_table(text) for text in line] for line in timeline.lines]
        yield table(widths, head, rows, title=timeline.title)
        yield from (paragraph("", run(text, "Strong"), of=text) for text in timeline.remarks)

    def results(self, results: Results) -> Iterator[str]:
        """A survey's round: by theme, by statement, in their own words."""
        yield self.heading(1, results.title)
        yield paragraph("Prompt", run(results.answered))
        steps = (f"{step} = {name}" for step, name in enumerate(results.scale, start=1))
        yield paragraph("Prompt", run(", ".join(steps)))
        before = [results.before] if results.before else []
        for key, lines in (("theme", results.themes), ("statement", results.statements)):
            head = [self.say(key), "1", "2", "3", "4", "5", results.cant_say, self.say("mean")]
            widths = shares(len(head) + len(before), first=0.4, narrow=5)
            rows = [self.result_cells(line, bool(before)) for line in lines]
            yield paragraph("")
            yield self.numbers(widths, [*head, *before], rows, results.title)
        if results.comments:
            yield self.heading(2, self.say("comments"))
            yield from (paragraph("ListBullet", run(text), of=text) for text in results.comments)

    def result_cells(self, line: ResultLine, before: bool) -> list[str]:
        last = [line.before or "–"] if before else []
        if not line.counts:
            return [f"{line.text} ({self.say('withheld')})", *["–"] * 7, *last]
        return [line.text, *map(str, line.counts), str(line.cant_say), line.mean, *last]


def shares(columns: int, *, first: float, narrow: int = 0) -> list[int]:
    """Widths of a table's columns: `first` of all for the first, little for those of `narrow`."""
    if columns == 1:
        return [TEXT_WIDTH]
    small = 440
    wide = int(TEXT_WIDTH * first)
    others = columns - 1 - narrow
    each = (TEXT_WIDTH - wide - small * narrow) // max(others, 1)
    return [wide, *[small] * narrow, *[each] * others]


def in_table(text: str, style: str = "TableText", *, strong: bool = False) -> str:
    line = one_line(text)
    return paragraph(style, run(line, "Strong" if strong else ""), of=line)


def number_cells(line: Sequence[str], *, strong: bool = False) -> list[str]:
    """The cells of a line of numbers behind a word."""
    first, *rest = line
    numbers = (in_table(number, "TableNumber", strong=strong) for number in rest)
    return [in_table(first, strong=strong), *numbers]


def weight(blocks: Iterable[Block]) -> int:
    """How much room a cell takes, in characters; a note takes half a line at least."""
    return sum(40 + len(card.text) + len("".join(card.links)) for b in blocks for card in b.cards)


def one_line(text: str) -> str:
    return " ".join(text.split())
