"""A board as tables for spreadsheets: one per kind of content, a row for each thing that was said.

Only columns that have something in them are shown, so a board without groups has no column of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from server.exports.context import ExportContext
from server.exports.view.model import (
    Block,
    Grid,
    Plan,
    Question,
    Results,
    View,
    Zone,
)
from server.i18n import t

__all__ = ["Cell", "Table", "tables_of"]

Cell = str | int | float | date | None
Row = dict[str, Cell]  # column's title: what stands there


@dataclass(frozen=True, slots=True)
class Table:
    """One table of an export.

    `rows`: as long as `columns`. `title`: of the kind of content, such as "Notes".
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def tables_of(context: ExportContext, view: View) -> tuple[Table, ...]:
    """The tables of a board that have rows, in the order in which the board is worked through."""
    teller = Teller(context, view)
    found = (
        *(teller.results(part) for part in view.sections if isinstance(part, Results)),
        *(teller.comments(part) for part in view.sections if isinstance(part, Results)),
        teller.answers(),
        teller.plans(),
        teller.notes(),
    )
    return tuple(table for table in found if table.rows)


class Teller:
    """Tells one view as tables."""

    def __init__(self, context: ExportContext, view: View) -> None:
        self.context = context
        self.view = view

    def say(self, key: str, **values: str | int) -> str:
        return t(self.view.language, f"export.{key}", **values)

    def group(self, place: int | None) -> str:
        """`A · Koivut`, or nothing."""
        if place is None:
            return ""
        group = self.view.groups[place]
        return f"{group.letter} · {group.name}"

    def notes(self) -> Table:
        """A row per note, where it stands first."""
        places = ("zone", "row", "column", "theme", "note", "group", "dots", "author", "links")
        return table(self.say("table_notes"), map(self.say, places), self.note_rows())

    def note_rows(self) -> Iterator[Row]:
        for part in self.view.sections:
            if isinstance(part, Zone):
                yield from self.block_rows(part.blocks, {self.say("zone"): part.title})
            elif isinstance(part, Grid):
                for row in part.rows:
                    for column, cell in zip(part.columns, row.cells, strict=True):
                        where: Row = {self.say("row"): row.title, self.say("column"): column}
                        yield from self.block_rows(cell, where)

    def block_rows(self, blocks: Sequence[Block], where: Row) -> Iterator[Row]:
        other = self.say("other_notes")  # is how pages call those of no theme
        for block in blocks:
            for card in block.cards:
                yield {
                    **where,
                    self.say("theme"): "" if block.title == other else block.title,
                    self.say("note"): card.text,
                    self.say("group"): self.group(card.group),
                    self.say("dots"): card.votes,
                    self.say("author"): card.author,
                    self.say("links"): "\n".join(card.links),
                }

    def answers(self) -> Table:
        """A row per answer; a question that nobody has answered has one without."""
        columns = [self.say(key) for key in ("question", "group", "answer")]
        evidence = t(self.view.language, "answers.evidence")
        rows: list[Row] = []
        for part in self.view.sections:
            if isinstance(part, Question):
                rows += [
                    {
                        columns[0]: part.title,
                        columns[1]: self.group(answer.group),
                        columns[2]: answer.text,
                        evidence: "\n".join(answer.evidence),
                    }
                    for answer in part.answers
                ] or [{columns[0]: part.title}]
        return table(self.say("table_answers"), (*columns, evidence), rows)

    def plans(self) -> Table:
        """A row per experiment, with its days as days."""
        parts = [part for part in self.view.sections if isinstance(part, Plan)]
        what = self.say("timeline_what")
        days = {key: self.say(f"timeline_{key}") for key in ("start", "end")}
        rows: list[Row] = []
        for part, plan in zip(parts, self.context.board.experiments, strict=False):
            dated = {days[key]: day_of(plan.fields.get(key)) for key in days}
            rows.append({what: part.title, **dated, **told_apart(part.fields)})
        labels = (label for part in parts for label in told_apart(part.fields))
        return table(self.say("plans"), dict.fromkeys((what, *days.values(), *labels)), rows)

    def results(self, part: Results) -> Table:
        """A row per statement and theme, with how many chose what."""
        kind, texts, mean = (self.say(key) for key in ("result_kind", "result_text", "mean"))
        steps = [f"{step} = {name}" for step, name in enumerate(part.scale, start=1)]
        rows: list[Row] = [
            {
                kind: self.say(key),
                texts: line.text,
                **dict(zip(steps, line.counts, strict=False)),
                part.cant_say: line.cant_say if line.counts else None,
                mean: number(line.mean) if line.counts else self.say("withheld"),
                part.before: number(line.before),
            }
            for key, lines in (("theme", part.themes), ("statement", part.statements))
            for line in lines
        ]
        before = [part.before] if part.before else []
        columns = (kind, texts, *steps, part.cant_say, mean, *before)
        return whole_table(part.title, columns, rows)

    def comments(self, part: Results) -> Table:
        """What was written in own words, a row each."""
        column = self.say("comments")
        return table(f"{part.title}: {column}", (column,), [{column: c} for c in part.comments])


def table(title: str, columns: Iterable[str], rows: Iterable[Row]) -> Table:
    """Rows by column, without columns that are empty in all of them."""
    found = list(rows)
    named = dict.fromkeys(columns)  # two that have the same name in a language are one
    kept = (c for c in named if any(row.get(c) not in (None, "", 0) for row in found))
    return whole_table(title, tuple(kept), found)


def whole_table(title: str, columns: tuple[str, ...], rows: Iterable[Row]) -> Table:
    return Table(title, columns, tuple(tuple(row.get(c) for c in columns) for row in rows))


def told_apart(fields: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Texts by label; a label that comes again has a number."""
    found: dict[str, str] = {}
    for label, text in fields:
        again = sum(known.startswith(label) for known in found)
        found[f"{label} ({again + 1})" if label in found else label] = text
    return found


def day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def number(mean: str) -> float | None:
    """A mean as it is told, as a number again."""
    return float(mean.replace(",", ".")) if mean else None
