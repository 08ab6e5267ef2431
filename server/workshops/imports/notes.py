"""What notes a file would bring to a board, and what is wrong with the other rows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from boards.schema import COLORS
from boards.texts import LANGUAGES, is_visible, plain_lines
from boards.workbook.definition import BoardDefinition, Text
from server.i18n import t
from server.workshops.imports.tables import Row, rows_of_file, rows_of_text

__all__ = [
    "COMPLAINTS",
    "MOST_NOTES",
    "NOTE_CHARACTERS",
    "Brought",
    "Complaint",
    "NewNote",
    "Target",
    "read_notes",
]

MOST_NOTES = 500  # of one import: written in one turn
MOST_COMPLAINTS = 1_000  # that are told; a file with more of them is another kind of file
NOTE_CHARACTERS = 2_000  # as much as a browser lets one write
COMPLAINTS = ("empty", "too-long", "zone-unknown", "zone-missing", "color-unknown", "too-many")
# What columns are called, beside what our exports call them.
CALLED = {
    "note": ("note", "text", "lappu", "teksti", "lapp", "notering"),
    "zone": ("zone", "area", "alue", "område", "zon"),
    "row": ("row", "rivi", "rad"),
    "column": ("column", "sarake", "kolumn"),
    "color": ("color", "colour", "väri", "färg"),
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong in a row of the file. `column`: from 1, 0: none of its own.

    `code`: one of COMPLAINTS.
    """

    row: int
    column: int
    code: str
    got: str = ""


@dataclass(frozen=True, slots=True)
class NewNote:
    """A note as it would be written. `row`: of the file, from 1."""

    row: int
    zone: str
    text: str
    color: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file brings."""

    notes: tuple[NewNote, ...] = ()
    complaints: tuple[Complaint, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """Where notes go: the zones of a board as people call them, and what is taken where a row says
    nothing. `zone`: None where each row has to say."""

    zones: Mapping[str, str]  # as people call it, in small letters → id
    rows: Mapping[str, str] = field(default_factory=dict)  # of a grid
    columns: Mapping[str, str] = field(default_factory=dict)
    zone: str | None = None
    color: str = COLORS[0]
    colors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, board: BoardDefinition, zone: str | None, color: str) -> Target:
        zones = dict(names((item.id, item.title) for item in board.zones))
        zones |= {cell: cell for cell in board.zone_ids}
        rows = dict(names((item.id, item.title) for item in board.rows))
        columns = dict(names((item.id, item.title) for item in board.columns))
        zones |= {
            f"{row} – {column}": f"{rows[row]}/{columns[column]}"
            for row in rows
            for column in columns
        }
        only = board.zone_ids[0] if len(board.zone_ids) == 1 else None
        colors = {t(code, f"note.color.{each}"): each for code in LANGUAGES for each in COLORS}
        return cls(zones, rows, columns, zone or only, color, colors | {c: c for c in COLORS})


def names(items: Iterable[tuple[str, Text]]) -> Iterable[tuple[str, str]]:
    """Everything that people may call them: titles in each language, and ids."""
    for id, title in items:
        yield from ((words.strip().lower(), id) for words in title.values())
        yield id, id


def read_notes(source: str | bytes, target: Target) -> Brought:
    """`source`: a list that was pasted, or a file. Raises Unreadable."""
    heads = frozenset(titles()["note"])
    rows = rows_of_text(source, heads) if isinstance(source, str) else rows_of_file(source, heads)
    if not rows:
        return Brought()
    places = columns_of(rows[0])
    if "note" in places:
        rows = rows[1:]
    else:
        places = {"note": 0}
    return brought([RowReader(row, places, target) for row in rows])


def brought(rows: Sequence[RowReader]) -> Brought:
    notes: list[NewNote] = []
    complaints: list[Complaint] = []
    for row in rows:
        found = row.read()
        if isinstance(found, Complaint) and len(complaints) < MOST_COMPLAINTS:
            complaints.append(found)
        elif isinstance(found, Complaint) and found.code == "empty":
            continue
        elif isinstance(found, Complaint) or len(notes) == MOST_NOTES:
            complaints.append(Complaint(found.row, 0, "too-many"))
            break
        else:
            notes.append(found)
    return Brought(tuple(notes), tuple(complaints))


def titles() -> dict[str, tuple[str, ...]]:
    """What a column can be called, by what it is, in small letters."""
    ours = {
        part: [t(language, f"export.{part}").lower() for language in LANGUAGES]
        for part in ("note", "zone", "row", "column")
    }
    return {part: tuple(dict.fromkeys((*ours.get(part, ()), *CALLED[part]))) for part in CALLED}


def columns_of(row: Row) -> dict[str, int]:
    """Where which column is. "Area" is a zone and a row: with a column beside it, it is a row."""
    cells = [cell.strip().lower() for cell in row.cells]
    return {
        part: next(at for at, cell in enumerate(cells) if cell in called)
        for part, called in titles().items()
        if any(cell in called for cell in cells)
    }


class RowReader:
    """One row on its way to a note, or to what is wrong with it."""

    def __init__(self, row: Row, places: Mapping[str, int], target: Target) -> None:
        self._row, self._places, self._target = row, places, target

    def read(self) -> NewNote | Complaint:
        text = plain_lines(self.cell("note")).strip()
        if not is_visible(text):
            return self.complaint("note", "empty")
        if len(text) > NOTE_CHARACTERS:
            return self.complaint("note", "too-long", str(len(text)))
        zone, color = self.zone(), self.color()
        if isinstance(zone, Complaint):
            return zone
        if isinstance(color, Complaint):
            return color
        return NewNote(self._row.number, zone, text, color)

    def cell(self, part: str) -> str:
        at = self._places.get(part, len(self._row.cells))
        return self._row.cells[at] if at < len(self._row.cells) else ""

    def zone(self) -> str | Complaint:
        target = self._target
        row, column = self.word("row"), self.word("column")
        if column and row:
            if row in target.rows and column in target.columns:
                return f"{target.rows[row]}/{target.columns[column]}"
            return self.complaint("column", "zone-unknown", f"{row} – {column}")
        told = self.word("zone")
        if told:
            return target.zones.get(told) or self.complaint("zone", "zone-unknown", told)
        return target.zone or self.complaint("zone", "zone-missing")

    def color(self) -> str | Complaint:
        told = self.word("color")
        if not told:
            return self._target.color
        return self._target.colors.get(told) or self.complaint("color", "color-unknown", told)

    def word(self, part: str) -> str:
        return self.cell(part).strip().lower()

    def complaint(self, part: str, code: str, got: str = "") -> Complaint:
        at = self._places.get(part)
        return Complaint(self._row.number, 0 if at is None else at + 1, code, got[:60])
