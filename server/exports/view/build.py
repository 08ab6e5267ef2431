"""Makes a View: what a reader is told, from a board, its workbook and its people.

One method per kind of board; what the workbook does not know (any more) is shown last, never lost.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from boards.schema import Board, Experiment, Note
from server.exports.context import ExportContext
from server.exports.view.links import Links
from server.exports.view.model import (
    Answer,
    Block,
    Card,
    Grid,
    Group,
    Plan,
    Question,
    Remark,
    Row,
    Section,
    Tally,
    TallyLine,
    View,
    Zone,
)
from server.exports.view.results import results_of
from server.exports.view.timeline import timeline_of
from server.exports.view.wording import words
from server.i18n import t

TINTS = 4  # quiet zone colours, --zone-0 to --zone-3
COLUMNS_AT_MOST = 4  # zones that fit side by side in the overview
TOP = 5  # notes shown as having most votes
SPAN = ("start", "end")  # fields that hold the two dates of a field of type `dates`
ISO_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def view_of(context: ExportContext) -> View:
    """Everything a reader is told, from a board, its workbook and its people."""
    return Viewer(context).view()


class Viewer:
    """Looks things up in one context; every method is a function of it."""

    def __init__(self, context: ExportContext) -> None:
        self.context = context
        self.board = without_votes(context.board) if context.hides_votes else context.board
        self.definition = context.definition
        order = sorted(context.groups.items(), key=lambda item: (item[1].index, item[0]))
        self.groups = tuple(Group(mark.letter, mark.name, mark.index) for _, mark in order)
        self.links = Links(context)
        self.place_of = {group: place for place, (group, _) in enumerate(order)}

    def view(self) -> View:
        context = self.context
        sections = self.sections()
        return View(
            language=context.language,
            workshop=context.workshop,
            board=self.words(self.definition.get("title")) or self.board.key,
            subtitle=self.subtitle(),
            intro=self.words(self.definition.get("intro")),
            date=self.day(context.exported_at),
            facts=self.facts(sections),
            groups=self.groups,
            tally=self.tally(sections),
            top=self.top(),
            sections=sections,
        )

    def words(self, texts: object) -> str:
        return words(texts, self.context.language)

    def say(self, key: str, **values: str | int) -> str:
        return t(self.context.language, f"export.{key}", **values)

    def subtitle(self) -> str:
        """Whose board it is, when it is a group's."""
        mark = self.context.groups.get(self.context.group or "")
        return self.say("group_board", name=f"{mark.letter} · {mark.name}") if mark else ""

    def day(self, at: date) -> str:
        month = self.say(f"month.{at.month}")
        return self.say("date", day=str(at.day), month=month, year=str(at.year))

    def facts(self, sections: Sequence[Section]) -> tuple[tuple[int, str], ...]:
        """People, what this kind of board holds, groups; nothing that is zero beside the notes."""
        answers = sum(len(part.answers) for part in sections if isinstance(part, Question))
        counts = [
            ("people", len(self.context.people)),
            ("notes", len(self.board.notes)),
            ("answers", answers),
            ("experiments", len(self.board.experiments) if self.definition.get("fields") else 0),
            ("groups", len(self.groups)),
        ]
        return tuple((n, self.say(key, n=n)) for key, n in counts if n)

    def card(self, note: Note) -> Card:
        author = self.context.people.get(note.author or "") if self.context.show_authors else None
        links = self.links.sentences(self.links.own("note", note.id))
        group = self.place_of.get(note.group or "")
        return Card(note.text, note.color, group, note.votes, author, links)

    def top(self) -> tuple[Card, ...]:
        """The notes with most votes, most first, ties in reading order."""
        voted = sorted((n for n in self.board.notes if n.votes), key=lambda n: -n.votes)
        return tuple(map(self.card, voted[:TOP]))

    def sections(self) -> tuple[Section, ...]:
        """What the workbook has for this board, in the order it is worked through."""
        found: list[Section] = [
            *self.grid(),
            *self.rounds(),
            *self.questions(),
            *self.plans(),
            *self.zones(),
        ]
        return (*found, *self.strays(found))

    def zones(self) -> list[Section]:
        return [self.zone(zone) for zone in self.definition.get("zones", ())]

    def zone(self, zone: Mapping[str, Any]) -> Zone:
        notes = [note for note in self.board.notes if note.zone == zone["id"]]
        tint = int(zone.get("tint", 0)) % TINTS
        prompt = self.words(zone.get("prompt"))
        return Zone(self.words(zone["title"]), prompt, tint, len(notes), self.blocks(notes))

    def blocks(self, notes: Sequence[Note]) -> tuple[Block, ...]:
        """Notes by theme, themes in the order they are met; those without one come last."""
        names = {theme.id: " ".join(theme.name.split()) for theme in self.board.themes}
        met = dict.fromkeys(note.theme for note in notes if note.theme in names)
        themed = [
            self.block(names[theme], [note for note in notes if note.theme == theme])
            for theme in met
            if theme is not None
        ]
        rest = tuple(self.card(note) for note in notes if note.theme not in names)
        title = self.say("other_notes") if themed else None
        return (*themed, Block(title, rest)) if rest else tuple(themed)

    def block(self, name: str, notes: Sequence[Note]) -> Block:
        """A theme as one, also when nobody has named it."""
        votes = sum(note.votes for note in notes)
        return Block(name or self.say("unnamed_theme"), tuple(map(self.card, notes)), votes)

    def strays(self, found: Sequence[Section]) -> list[Section]:
        """Notes in zones that the workbook does not (any more) know: shown last, never lost."""
        known = set(self.known_zones())
        notes = [note for note in self.board.notes if note.zone not in known]
        if not notes:
            return []
        title = self.say("other_notes")
        return [Zone(title, "", len(found) % TINTS, len(notes), self.blocks(notes))]

    def known_zones(self) -> Iterable[str]:
        """Every zone of the workbook: its own, and one per cell of a grid."""
        rows, columns = self.definition.get("rows", ()), self.definition.get("columns", ())
        cells = (f"{row['id']}/{column['id']}" for row in rows for column in columns)
        return (*(zone["id"] for zone in self.definition.get("zones", ())), *cells)

    def grid(self) -> list[Section]:
        rows = list(self.definition.get("rows", ()))
        pages = sorted({page_of(row) for row in rows})
        return [self.page(page, [row for row in rows if page_of(row) == page]) for page in pages]

    def page(self, page: int, rows: Sequence[Mapping[str, Any]]) -> Grid:
        columns = list(self.definition.get("columns", ()))
        titles = tuple(self.words(column["title"]) for column in columns)
        return Grid(
            self.say("part", n=page),
            titles,
            tuple(
                Row(
                    self.words(row["title"]),
                    "\n".join(filter(None, map(self.words, row.get("questions", ())))),
                    tuple(self.cell(f"{row['id']}/{column['id']}") for column in columns),
                    self.links.sentences(self.links.own("row", row["id"])),
                )
                for row in rows
            ),
        )

    def cell(self, zone: str) -> tuple[Block, ...]:
        return self.blocks([note for note in self.board.notes if note.zone == zone])

    def questions(self) -> list[Section]:
        asked = list(self.definition.get("questions", ()))
        answers = {
            key: text
            for key, text in self.board.answers.items()
            if text.strip() or self.links.evidence(key)
        }
        known = {str(question["id"]) for question in asked}
        found: list[Section] = [
            Question(self.words(question["text"]), self.answers(str(question["id"]), answers))
            for question in asked
        ]
        strays = [
            Answer(None, text) for key, text in answers.items() if question_of(key) not in known
        ]
        return [*found, Question(self.say("other_answers"), tuple(strays))] if strays else found

    def answers(self, question: str, answers: Mapping[str, str]) -> tuple[Answer, ...]:
        """The shared answer first, then the groups' in their order."""
        found = [
            Answer(self.place_of.get(key.partition("/")[2]), text, self.links.evidence(key))
            for key, text in answers.items()
            if question_of(key) == question
        ]
        last = len(self.groups)
        return tuple(sorted(found, key=lambda a: -1 if a.group is None else min(a.group, last)))

    def rounds(self) -> list[Section]:
        return [*results_of(self.context)]

    def plans(self) -> list[Section]:
        if not self.definition.get("fields"):
            return []
        found = [self.plan(n, plan) for n, plan in enumerate(self.board.experiments, start=1)]
        return [*timeline_of(self.context), *found] or [
            Remark(self.say("plans"), self.say("empty_plan"))
        ]

    def plan(self, number: int, plan: Experiment) -> Plan:
        fields = list(self.definition.get("fields", ()))
        shown = [(self.words(field["title"]), self.field(plan, field)) for field in fields]
        known = {field["id"] for field in fields} | set(SPAN)
        others = [(key, text) for key, text in plan.fields.items() if key not in known]
        trail = "\n".join(self.links.trail(plan.id))
        began = [(self.say("trail"), trail)] if trail else []
        return Plan(self.plan_title(number, plan), (*shown, *others, *began))

    def plan_title(self, number: int, plan: Experiment) -> str:
        """Its number, and whether it is over while what was learned is not written yet."""
        title = self.say("experiment", n=number)
        later = [field["id"] for field in self.definition.get("fields", ()) if field.get("later")]
        learned = any(plan.fields.get(field, "").strip() for field in later)
        end = plan.fields.get("end", "")
        over = bool(end) and not plan.crossed and end < self.context.exported_at.date().isoformat()
        return self.say("experiment_over", title=title) if over and not learned else title

    def field(self, plan: Experiment, field: Mapping[str, Any]) -> str:
        """What was written into a field; dates as people read them."""
        text = plan.fields.get(str(field["id"]), "")
        if field.get("type") != "dates":
            return text
        span = [plan.fields[key] for key in SPAN if plan.fields.get(key)]
        days = ISO_DATE.sub(self.readable, (text or "/".join(span)).replace("/", " – "))
        crossed = self.say("crossed") if plan.crossed else ""
        checks = ", ".join(self.day(date.fromisoformat(check)) for check in plan.checks)
        agreed = self.say("checks", days=checks) if checks else ""
        return "\n".join(filter(None, (days, crossed, agreed)))

    def readable(self, found: re.Match[str]) -> str:
        """An ISO date as people read it; what is no date stays as it is."""
        try:
            return self.day(date.fromisoformat(found[0]))
        except ValueError:
            return found[0]

    def tally(self, sections: Sequence[Section]) -> Tally | None:
        """How many notes stand where; None where one number says it all."""
        rows = [row for section in sections if isinstance(section, Grid) for row in section.rows]
        zones = [section for section in sections if isinstance(section, Zone)]
        if not self.board.notes or len(rows) + len(zones) < 2:
            return None
        if rows:
            return self.tally_of_grid(rows)
        if not self.groups or len(zones) > COLUMNS_AT_MOST:
            titles = (self.say("zone"), self.say("total"))
            return self.summed(titles, [(None, zone.title, (zone.count,)) for zone in zones])
        return self.tally_by_group(zones)

    def tally_of_grid(self, rows: Sequence[Row]) -> Tally:
        columns = [self.words(column["title"]) for column in self.definition["columns"]]
        counted = [tuple(map(count, row.cells)) for row in rows]
        lines = [
            (None, row.title, (*numbers, sum(numbers)))
            for row, numbers in zip(rows, counted, strict=True)
        ]
        return self.summed((self.say("row"), *columns, self.say("total")), lines)

    def tally_by_group(self, zones: Sequence[Zone]) -> Tally:
        counted = [Counter(card.group for card in cards(zone)) for zone in zones]

        def line(group: int | None, label: str) -> TallyLine:
            numbers = [counts[group] for counts in counted]
            return (group, label, (*numbers, sum(numbers)))

        lines = [line(place, group.name) for place, group in enumerate(self.groups)]
        if any(counts[None] for counts in counted):
            lines.append(line(None, self.say("ungrouped")))
        titles = (self.say("group"), *(zone.title for zone in zones), self.say("total"))
        return self.summed(titles, lines)

    def summed(self, titles: tuple[str, ...], lines: Sequence[TallyLine]) -> Tally:
        """The lines, and one of totals under them."""
        sums = tuple(map(sum, zip(*(numbers for _, _, numbers in lines), strict=True)))
        return Tally(titles, (*lines, (None, self.say("total"), sums)))


def count(cell: Iterable[Block]) -> int:
    """How many notes a cell holds."""
    return sum(len(block.cards) for block in cell)


def cards(zone: Zone) -> Iterable[Card]:
    """The cards of a zone in reading order."""
    return (card for block in zone.blocks for card in block.cards)


def without_votes(board: Board) -> Board:
    """The board as if nobody had voted."""
    return replace(board, notes=tuple(replace(note, votes=0) for note in board.notes))


def question_of(key: str) -> str:
    """The question of an answer's key: `question` or `question/group`."""
    return key.partition("/")[0]


def page_of(row: Mapping[str, Any]) -> int:
    """The page of a grid that a row is on, from 1."""
    page = row.get("page", 1)
    return page if isinstance(page, int) else 1
