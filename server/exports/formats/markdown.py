"""A board as Markdown (CommonMark) for wikis and mail. What people wrote stays text: no markup of
theirs takes effect, and no raw HTML is ever written."""

import re
from collections.abc import Iterable, Iterator, Sequence

from server.exports.context import ExportContext
from server.exports.plain import CONTROLS, LINE_ENDS
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
from server.i18n import isolated, t

SPECIAL = re.compile(r"[\\`*_\[\]<>#|~&]")  # anywhere: emphasis, code, links, tables, HTML
START = re.compile(r"^([-+=:])")  # at the start of a line: lists, headings, front matter
NUMBER = re.compile(r"^(\d{1,9})([.)])")  # a numbered list


def write_markdown(context: ExportContext) -> bytes:
    """UTF-8, one blank line between blocks."""
    view = view_of(context)
    return ("\n\n".join(blocks(view)) + "\n").encode()


def escape(text: str) -> str:
    """One line of somebody's text, so that every reader shows just these characters."""
    line = SPECIAL.sub(r"\\\g<0>", CONTROLS.sub("", text).strip())
    return isolated(NUMBER.sub(r"\1\\\2", START.sub(r"\\\1", line)))


def escape_lines(text: str, indent: str = "") -> str:
    """Text of several lines: line ends stay, blank lines part paragraphs; all of it indented."""
    lines = [escape(line) for line in LINE_ENDS.sub("\n", text).split("\n")]
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line:
            paragraphs[-1].append(line)
        elif paragraphs[-1]:
            paragraphs.append([])
    broken = (f"\\\n{indent}".join(paragraph) for paragraph in paragraphs if paragraph)
    return f"\n\n{indent}".join(broken)


def one_line(text: str) -> str:
    """Text for a heading or a table cell."""
    return escape(" ".join(text.split()))


def blocks(view: View) -> Iterator[str]:
    """The document, block by block."""
    yield f"# {one_line(view.workshop)}"
    yield f"**{one_line(' · '.join(filter(None, (view.board, view.subtitle))))}**"
    yield f"{escape(view.date)} · {' · '.join(f'{n} {word}' for n, word in view.facts)}".rstrip(
        " ·"
    )
    if view.intro:
        yield escape_lines(view.intro)
    if view.groups:
        yield "\n".join(f"- **{one_line(g.letter)}** {one_line(g.name)}" for g in view.groups)
    if view.tally:
        yield f"## {t(view.language, 'export.overview')}"
        yield table(view, view.tally)
    for section in view.sections:
        yield from section_blocks(view, section)
    if not view.sections:
        yield t(view.language, "export.empty_board")


def table(view: View, tally: Tally) -> str:
    """How many notes stand where."""
    head = [one_line(title) for title in tally.columns]
    lines = [
        [one_line(mark(view, group) or label), *map(str, numbers)]
        for group, label, numbers in tally.lines
    ]
    return grid_of(head, lines, "---:")


def grid_of(head: Sequence[str], lines: Iterable[Sequence[str]], rest: str = "---") -> str:
    """A table; `rest`: the alignment of all columns but the first."""
    rule = ["---", *([rest] * (len(head) - 1))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *lines))


def section_blocks(view: View, section: Section) -> Iterator[str]:
    match section:
        case Zone():
            yield from zone_blocks(view, section)
        case Grid():
            yield from grid_blocks(view, section)
        case Question():
            yield from question_blocks(view, section)
        case Plan():
            yield from plan_blocks(view, section)
        case Timeline():
            yield f"## {one_line(section.title)}"
            lines = [[one_line(cell) for cell in line] for line in section.lines]
            yield grid_of([one_line(title) for title in section.columns], lines)
            yield from map(escape_lines, section.remarks)
        case Results():
            yield from results_blocks(view, section)
        case Remark():
            yield f"## {one_line(section.title)}"
            yield escape_lines(section.text)


def zone_blocks(view: View, zone: Zone) -> Iterator[str]:
    yield f"## {one_line(zone.title)} ({zone.count})"
    if zone.prompt:
        yield f"*{one_line(zone.prompt)}*"
    if not zone.count:
        yield t(view.language, "export.empty_zone")
    yield from note_blocks(view, zone.blocks, "###")


def grid_blocks(view: View, grid: Grid) -> Iterator[str]:
    for row in grid.rows:
        yield f"## {one_line(row.title)}"
        if row.links:
            yield listed(row.links)
        for column, cell in zip(grid.columns, row.cells, strict=True):
            yield f"### {one_line(column)} ({count(cell)})"
            if not cell:
                yield t(view.language, "export.empty_cell")
            yield from note_blocks(view, cell, "####")


def note_blocks(view: View, parts: Iterable[Block], heading: str) -> Iterator[str]:
    """Notes under the headings of their themes."""
    for part in parts:
        if part.title is not None:
            votes = f" · {t(view.language, 'export.votes', n=part.votes)}" if part.votes else ""
            yield f"{heading} {one_line(part.title)} ({len(part.cards)}){votes}"
        yield items(view, part.cards)


def question_blocks(view: View, question: Question) -> Iterator[str]:
    yield f"## {one_line(question.title)}"
    if not question.answers:
        yield t(view.language, "export.empty_answer")
    for answer in question.answers:
        if answer.group is not None:
            yield f"### {one_line(mark(view, answer.group))}"
        yield escape_lines(answer.text) or t(view.language, "export.empty_answer")
        if answer.evidence:
            yield f"*{t(view.language, 'answers.evidence')}*"
            yield listed(answer.evidence)


def plan_blocks(view: View, plan: Plan) -> Iterator[str]:
    yield f"## {one_line(plan.title)}"
    for label, text in plan.fields:
        yield f"### {one_line(label)}"
        yield escape_lines(text) or t(view.language, "export.empty_field")


def results_blocks(view: View, results: Results) -> Iterator[str]:
    """A survey's round: by theme, by statement, in their own words."""

    def say(key: str) -> str:
        return one_line(t(view.language, f"export.{key}"))

    yield f"## {one_line(results.title)}"
    yield one_line(results.answered)
    yield listed(f"{step} = {name}" for step, name in enumerate(results.scale, start=1))
    for key, lines in (("theme", results.themes), ("statement", results.statements)):
        head = [say(key), "1", "2", "3", "4", "5", one_line(results.cant_say), say("mean")]
        before = [one_line(results.before)] if results.before else []
        rows = [result_cells(view, line, bool(before)) for line in lines]
        yield grid_of([*head, *before], rows, "---:")
    if results.comments:
        yield f"### {say('comments')}"
        yield "\n".join(f"- {escape_lines(comment, '  ')}" for comment in results.comments)


def result_cells(view: View, line: ResultLine, before: bool) -> list[str]:
    last = [line.before or "–"] if before else []
    if not line.counts:
        text = f"{line.text} ({t(view.language, 'export.withheld')})"
        return [one_line(text), *["–"] * 7, *last]
    return [one_line(line.text), *map(str, line.counts), str(line.cant_say), line.mean, *last]


def listed(sentences: Iterable[str]) -> str:
    return "\n".join(f"- {one_line(sentence)}" for sentence in sentences)


def items(view: View, cards: Iterable[Card]) -> str:
    return "\n".join(item(view, card) for card in cards)


def item(view: View, card: Card) -> str:
    """A note: its text, a line of its group, votes and author, and one for each of its links."""
    text = escape_lines(card.text, "  ") or f"*{t(view.language, 'export.empty_note')}*"
    votes = t(view.language, "export.votes", n=card.votes) if card.votes else ""
    about = " · ".join(filter(None, (mark(view, card.group), votes, card.author or "")))
    lines = [text, *([f"*{one_line(about)}*"] if about else []), *map(one_line, card.links)]
    return "- " + "\\\n  ".join(lines)


def mark(view: View, group: int | None) -> str:
    """`A · Koivut`, or nothing."""
    return "" if group is None else f"{view.groups[group].letter} · {view.groups[group].name}"
