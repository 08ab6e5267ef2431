"""Links in words: what an item is tied to, also on other boards, and where an experiment began."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from boards.schema import Note
from server.exports.context import ExportContext, Neighbour
from server.exports.view.wording import firsts, words
from server.i18n import t

__all__ = ["End", "Links"]

SPELT = re.compile(r"(?:([^#]+)#)?(?:(row|answer|experiment)/)?(.+)", re.DOTALL)
LONGEST = 120  # characters of another item's text


class End(NamedTuple):
    """An item that a link can have; `board`: a shared board, also for a group's copy of it."""

    board: str
    kind: str  # note, row, answer or experiment
    id: str


@dataclass(frozen=True, slots=True)
class LinkSide:
    """A link seen from one of its ends."""

    kind: str
    other: End
    outwards: bool  # whether it leads from here to the other


class Links:
    """All links of a workshop, looked up by either end."""

    def __init__(self, context: ExportContext) -> None:
        self.context = context
        own = Neighbour(context.home, context.board, context.definition)
        others = [one for one in context.around if one.id != own.id]
        self.boards = {one.id: one for one in (own, *others)}
        self.order = {one.id: place for place, one in enumerate(context.around)}
        self.notes = {one.id: {n.id: n for n in one.board.notes} for one in self.boards.values()}
        self.by_end: dict[End, list[LinkSide]] = {}
        for kind, source, target in sorted(set(self.links())):
            self.by_end.setdefault(source, []).append(LinkSide(kind, target, True))
            self.by_end.setdefault(target, []).append(LinkSide(kind, source, False))

    def links(self) -> Iterator[tuple[str, End, End]]:
        """Kind, from, to of every link whose two ends are still there."""
        for one in self.boards.values():
            for link in one.board.links:
                ends = (read_end(link.source, one.id), read_end(link.target, one.id))
                if ends[0] and ends[1] and all(self.label(end) for end in ends if end):
                    yield link.kind, ends[0], ends[1]

    def own(self, kind: str, id: str) -> End:
        """An item of the board that is exported."""
        return End(self.context.home, kind, id)

    def sentences(self, end: End, *, but: str = "") -> tuple[str, ...]:
        """What the links at an end say, kind by kind; `but`: a kind that is told elsewhere."""
        sides = [side for side in self.by_end.get(end, ()) if side.kind != but]
        return tuple(
            self.sentence(side)
            for side in sorted(sides, key=lambda side: self.place_of(side.other))
        )

    def sentence(self, side: LinkSide) -> str:
        way = "to" if side.outwards else "from"
        known = side.kind in ("became", "evidence")
        says = t(self.context.language, f"links.{side.kind}-{way}" if known else "links.relates")
        return f"{says} {self.label(side.other)}"

    def evidence(self, key: str) -> tuple[str, ...]:
        """The notes that an answer of this board rests on, in words."""
        sides = self.by_end.get(self.own("answer", key), ())
        found = [side.other for side in sides if side.kind == "evidence" and not side.outwards]
        return tuple(self.label(end) for end in sorted(found, key=self.place_of))

    def trail(self, experiment: str) -> tuple[str, ...]:
        """How an experiment came about, from its farthest origin on, a step a line.

        A step leads to the same board or to an earlier one, and never to another experiment:
        what else came of an origin is no part of the trail.
        """
        start = self.own("experiment", experiment)
        steps = {start: 0}
        for end in (waiting := [start]):
            for side in self.by_end.get(end, ()):
                back = self.order.get(side.other.board, 0) <= self.order.get(end.board, 0)
                if back and side.other.kind != "experiment" and side.other not in steps:
                    steps[side.other] = steps[end] + 1
                    waiting.append(side.other)
        del steps[start]
        farthest = max(steps.values(), default=0)
        ordered = sorted(steps, key=lambda end: (-steps[end], self.place_of(end)))
        return tuple(f"{'→ ' * (steps[end] < farthest)}{self.label(end)}" for end in ordered)

    def place_of(self, end: End) -> tuple[int, str, str]:
        """Boards in the workbook's order."""
        return (self.order.get(end.board, len(self.order)), end.kind, end.id)

    def label(self, end: End) -> str:
        """Another item as `”its words” (where it is)`; "" when it is gone."""
        one = self.boards.get(end.board)
        found = one and TELLERS[end.kind](self, one, end.id)
        if not one or not found:
            return ""
        text, places = found
        title = words(one.definition.get("title"), self.context.language)
        board = () if end.board == self.context.home else (title,)
        where = ", ".join(filter(None, (*board, *places)))
        quoted = t(self.context.language, "export.quote", text=firsts(text, LONGEST))
        return f"{quoted} ({where})" if where else quoted

    def label_note(self, one: Neighbour, id: str) -> tuple[str, tuple[str, ...]] | None:
        note = self.notes[one.id].get(id)
        if note is None:
            return None
        zone = zone_title(one.definition, note.zone, self.context.language)
        text = note.text.strip() or t(self.context.language, "export.empty_note")
        return text, (zone, self.group_of(note))

    def label_row(self, one: Neighbour, id: str) -> tuple[str, tuple[str, ...]] | None:
        row = by_id(one.definition, "rows", id)
        return row and (words(row["title"], self.context.language), ())

    def label_answer(self, one: Neighbour, id: str) -> tuple[str, tuple[str, ...]] | None:
        question, _, group = id.partition("/")
        asked = by_id(one.definition, "questions", question)
        return asked and (words(asked["text"], self.context.language), (self.group(group),))

    def label_experiment(self, one: Neighbour, id: str) -> tuple[str, tuple[str, ...]] | None:
        for number, experiment in enumerate(one.board.experiments, start=1):
            if experiment.id == id:
                title = t(self.context.language, "export.experiment", n=number)
                fields = (field["id"] for field in one.definition.get("fields", ()))
                texts = (experiment.fields.get(field, "").strip() for field in fields)
                return next(filter(None, texts), title), (title,)
        return None

    def group_of(self, note: Note) -> str:
        return self.group(note.group or "")

    def group(self, group: str) -> str:
        mark = self.context.marks.get(group)
        return f"{mark.letter} · {mark.name}" if mark else ""


TELLERS = {
    "note": Links.label_note,
    "row": Links.label_row,
    "answer": Links.label_answer,
    "experiment": Links.label_experiment,
}


def read_end(text: str, home: str) -> End | None:
    """An end as docs/protocol.md spells it, in a document of the board `home`."""
    found = SPELT.fullmatch(text)
    return End(found[1] or home, found[2] or "note", found[3]) if found else None


def by_id(definition: Mapping[str, Any], part: str, id: str) -> Any:
    return next((item for item in definition.get(part, ()) if item["id"] == id), None)


def zone_title(definition: Mapping[str, Any], zone: str, language: str) -> str:
    """What people call a zone; a grid's cell is `row – column`, as in client layout/zones.ts."""
    row_id, _, column_id = zone.partition("/")
    row, column = by_id(definition, "rows", row_id), by_id(definition, "columns", column_id)
    if row and column:
        return f"{words(row['title'], language)} – {words(column['title'], language)}"
    known = by_id(definition, "zones", zone)
    return words(known["title"], language) if known else ""
