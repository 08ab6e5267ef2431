"""What a manager reads of a workshop: the day in a few lines, what stood out, what is tried next.

    report = report_of(contexts, views)

Everything in it is counted or chosen from what people wrote; nothing is made up in between. The
parts are those of the views; each format sets them in its own way, and then every note.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from boards.schema import Note
from server.exports.context import ExportContext
from server.exports.view.links import Links, zone_title
from server.exports.view.model import Plan, Question, Results, Section, Timeline, View
from server.exports.view.wording import firsts, words
from server.i18n import t

__all__ = ["Chosen", "Report", "ThemeLine", "report_of"]

TOP = 8  # notes that are told of as having most dots, or most links
MOST_THEMES = 12
EXAMPLES, EXAMPLE = 3, 90  # notes of a theme that are told, and their characters
CHANGES_OF_ROW = 3  # that are told of a row in which nothing is tied
LONGEST = 280  # characters of a note that stands in full in the appendix


@dataclass(frozen=True, slots=True)
class Chosen:
    """A note that stood out. `why`: its dots or links in words."""

    text: str
    why: str
    where: str


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """What groups had in common. `groups`: from how many of them its notes are."""

    name: str
    where: str
    notes: int
    votes: int
    groups: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """`changes`: row, from, to. `asked`: questions by board. `plans` with the timeline first."""

    lines: tuple[str, ...]
    dotted: tuple[Chosen, ...]
    linked: tuple[Chosen, ...]
    themes: tuple[ThemeLine, ...]
    change_heads: tuple[str, ...]
    changes: tuple[tuple[str, str, str], ...]
    results: tuple[Section, ...]
    asked: tuple[tuple[str, tuple[Section, ...]], ...]
    plans: tuple[Section, ...]


def report_of(contexts: Sequence[ExportContext], views: Sequence[View]) -> Report:
    """From all boards of one workshop, in the workbook's order."""
    return Reporter(contexts, views).report()


class Reporter:
    """Looks things up in the boards of one workshop."""

    def __init__(self, contexts: Sequence[ExportContext], views: Sequence[View]) -> None:
        self.contexts, self.views = contexts, views
        self.language = contexts[0].language
        self.links = Links(contexts[0])

    def say(self, key: str, **values: str | int) -> str:
        return t(self.language, f"export.report_{key}", **values)

    def report(self) -> Report:
        return Report(
            lines=tuple(self.lines()),
            dotted=tuple(self.dotted()),
            linked=tuple(self.linked()),
            themes=tuple(
                sorted(self.themes(), key=lambda one: (-one.votes, -one.notes))[:MOST_THEMES]
            ),
            change_heads=next((view.columns for _, view in self.grids()), ()),
            changes=tuple(self.changes()),
            results=self.sections(Results),
            asked=tuple(self.asked()),
            plans=(*self.sections(Timeline), *self.sections(Plan)),
        )

    def sections(self, kind: type[Section]) -> tuple[Section, ...]:
        return tuple(p for view in self.views for p in view.sections if isinstance(p, kind))

    def asked(self) -> Iterator[tuple[str, tuple[Section, ...]]]:
        for context, view in zip(self.contexts, self.views, strict=True):
            asked = tuple(
                part for part in view.sections if isinstance(part, Question) and part.answers
            )
            if asked and context.board.kind == "answers":
                yield view.board, asked

    def lines(self) -> Iterator[str]:
        """How the day went: who, and what came of each part of it."""
        first = self.views[0]
        people, groups = len(self.contexts[0].people), len(self.contexts[0].marks)
        yield self.say("line_people", n=people, groups=self.groups(groups), day=first.date)
        for context, view in zip(self.contexts, self.views, strict=True):
            notes = len(context.board.notes)
            if notes and context.board.kind in ("notes", "grid"):
                told = self.say("notes", n=notes)
                themes = len(context.board.themes)
                more = self.say("themes_in", n=themes) if themes else ""
                what = ", ".join(filter(None, (told, more)))
                yield self.say("line_board", board=view.board, what=what)
        for part in self.sections(Results):
            if isinstance(part, Results) and part.themes and any(one.mean for one in part.themes):
                yield self.line_of_results(part)
        plans = len(self.sections(Plan))
        if plans:
            yield self.say("line_plans", n=plans, names=self.plan_names())

    def groups(self, groups: int) -> str:
        return self.say("in_groups", n=groups) if groups else self.say("together")

    def line_of_results(self, part: Results) -> str:
        rated = [one for one in part.themes if one.mean]
        order = sorted(rated, key=lambda one: float(one.mean.replace(",", ".")))
        best, least = order[-1], order[0]
        return self.say(
            "line_results",
            title=part.title,
            answered=part.answered,
            best=best.text,
            best_mean=best.mean,
            least=least.text,
            least_mean=least.mean,
        )

    def plan_names(self) -> str:
        """First lines of what is tried, one after the other."""
        names = []
        for part in self.sections(Timeline):
            if isinstance(part, Timeline):
                names = [line[0] for line in part.lines]
        return "; ".join(firsts(name, 70) for name in names[:3]) or "–"

    def where(self, context: ExportContext, view: View, note: Note) -> str:
        zone = zone_title(context.definition, note.zone, self.language)
        mark = context.marks.get(note.group or "")
        group = f"{mark.letter} · {mark.name}" if mark else ""
        return ", ".join(filter(None, (view.board, zone, group)))

    def notes(self) -> Iterator[tuple[ExportContext, View, Note]]:
        for context, view in zip(self.contexts, self.views, strict=True):
            for note in context.board.notes:
                yield context, view, note

    def chosen(self, context: ExportContext, view: View, note: Note, why: str) -> Chosen:
        text = note.text.strip() or t(self.language, "export.empty_note")
        return Chosen(firsts(text, LONGEST), why, self.where(context, view, note))

    def dotted(self) -> Iterator[Chosen]:
        """The notes with most dots, most first; none while they are hidden."""
        shown = [one for one in self.notes() if one[2].votes and not one[0].hides_votes]
        for context, view, note in sorted(shown, key=lambda one: -one[2].votes)[:TOP]:
            votes = t(self.language, "export.votes", n=note.votes)
            yield self.chosen(context, view, note, votes)

    def linked(self) -> Iterator[Chosen]:
        """The notes that most is tied to."""
        found = []
        for context, view, note in self.notes():
            end = self.links.own("note", note.id)._replace(board=context.home)
            sides = len(self.links.by_end.get(end, ()))
            if sides > 1:
                found.append((sides, context, view, note))
        for sides, context, view, note in sorted(found, key=lambda one: -one[0])[:TOP]:
            yield self.chosen(context, view, note, self.say("links", n=sides))

    def themes(self) -> Iterator[ThemeLine]:
        for context, view in zip(self.contexts, self.views, strict=True):
            for theme in context.board.themes:
                notes = [note for note in context.board.notes if note.theme == theme.id]
                votes = 0 if context.hides_votes else sum(note.votes for note in notes)
                first = sorted(notes, key=lambda note: -note.votes)[:EXAMPLES]
                zone = zone_title(context.definition, theme.zone, self.language)
                yield ThemeLine(
                    name=" ".join(theme.name.split()) or t(self.language, "export.unnamed_theme"),
                    where=f"{view.board}: {zone}" if zone else view.board,
                    notes=len(notes),
                    votes=votes,
                    groups=len(Counter(note.group for note in notes if note.group)),
                    examples=tuple(
                        firsts(note.text, EXAMPLE) for note in first if note.text.strip()
                    ),
                )

    def grids(self) -> Iterator[tuple[ExportContext, Heads]]:
        for context in self.contexts:
            columns = context.definition.get("columns", ())
            if context.board.kind == "grid" and len(columns) == 2:
                titles = tuple(words(column["title"], self.language) for column in columns)
                yield context, Heads((t(self.language, "export.row"), *titles))

    def changes(self) -> Iterator[tuple[str, str, str]]:
        """What becomes what, row by row: by the links, else what was written on both sides."""
        for context, _ in self.grids():
            notes = {note.id: note for note in context.board.notes}
            before, after = (column["id"] for column in context.definition["columns"])
            for row in context.definition.get("rows", ()):
                title = words(row["title"], self.language)
                cells = [
                    [note for note in context.board.notes if note.zone == f"{row['id']}/{column}"]
                    for column in (before, after)
                ]
                tied = [
                    (notes[link.source], notes[link.target])
                    for link in context.board.links
                    if link.kind == "became"
                    and link.source in notes
                    and link.target in notes
                    and notes[link.source].zone == f"{row['id']}/{before}"
                ]
                if tied:
                    for one, other in tied:
                        yield title, firsts(one.text, LONGEST), firsts(other.text, LONGEST)
                elif any(cells):
                    told = [
                        "\n".join(firsts(n.text, EXAMPLE) for n in cell[:CHANGES_OF_ROW])
                        for cell in cells
                    ]
                    yield title, told[0] or "–", told[1] or "–"


@dataclass(frozen=True, slots=True)
class Heads:
    """Of the table of changes."""

    columns: tuple[str, ...]
