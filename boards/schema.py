"""What a board holds, as frozen values. The only module that reads raw CRDT maps.

Root names and shapes are those of docs/protocol.md (same in the client). A document may come from
any client, so reading never raises: it clamps, falls back, or leaves a half-formed item out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import floor, isfinite
from typing import Any, cast

from pycrdt import Map, Text

from boards.document import Document
from boards.order import Position, in_reading_order, utf16

SCHEMA_VERSION = 1

NOTES = "notes"
THEMES = "themes"
LINKS = "links"
VOTES = "votes"
ANSWERS = "answers"
EXPERIMENTS = "experiments"

COLORS = ("yellow", "green", "blue", "pink", "orange", "violet")
POSITION_LIMIT = 100_000  # board units either way; what lies farther out is clamped
LINK_KINDS = ("relates", "became", "evidence")
DATE_FIELDS = ("start", "end")  # of an experiment: ISO days
PLAIN_FIELDS = (*DATE_FIELDS, "at", "group", "del")  # of an experiment: any other is a text
YEARS = range(2000, 2200)  # of days
CHECK = "check/"  # `check/<ISO day>` of an experiment: that day its progress is assessed
VOTE_LIMIT = 99  # dots of one person on one note; more is garbage


def layout_root(board: str) -> str:
    """Name of the root Map that holds the placements of one board."""
    return f"layout/{board}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A sticky note. `position`: board units from its zone's top left; None = flowed by readers."""

    id: str
    zone: str
    text: str
    color: str = COLORS[0]
    at: int = 0  # creation time, ms since the epoch; 0 = unknown
    author: str | None = None
    group: str | None = None
    theme: str | None = None
    position: Position | None = None
    votes: int = 0
    carried: bool = False  # from the last round's map (boards.next_round)
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A named cluster of notes in one zone. `position`: of all of it, as of a note."""

    id: str
    name: str
    zone: str
    position: Position | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A directed tie between two items; ends are ids as docs/protocol.md spells them."""

    id: str
    source: str
    target: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """One experiment; `fields`: field id of the workbook → text, dates as ISO `YYYY-MM-DD`.

    `checks`: ISO days on which its progress is assessed, earliest first.
    """

    id: str
    at: int
    group: str | None
    fields: Mapping[str, str]
    checks: tuple[str, ...] = ()

    @property
    def crossed(self) -> bool:
        """Whether it ends before it starts: two people chose the two days at the same time.

        Nobody's day is refused or changed for that (docs/decisions.md); readers tell of it.
        """
        start, end = (self.fields.get(key, "") for key in DATE_FIELDS)
        return bool(start and end) and end < start


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A board as it stands. `notes` are alive and in reading order; `deleted` can be restored.

    `themes`: those with a living note. Such a note has the theme's zone and no position.
    """

    id: str
    kind: str
    key: str
    notes: tuple[Note, ...] = ()
    deleted: tuple[Note, ...] = ()
    themes: tuple[Theme, ...] = ()
    links: tuple[Link, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    experiments: tuple[Experiment, ...] = ()


def read_board(
    document: Document, board: str, kind: str, key: str, *, zones: Sequence[str] = ()
) -> Board:
    """Everything on a board. `zones`: the workbook's zone ids, in the order they are read."""
    with document.transaction():
        placements = read_layout(document, board)
        themes = _themes(document, placements)
        places = {theme.id: theme.position for theme in themes}
        found = list(_notes(document, placements, {theme.id: theme for theme in themes}))
        living = [note for note in found if not note.deleted]
        gathered = {note.theme for note in living}
        return Board(
            id=board,
            kind=kind,
            key=key,
            notes=tuple(in_reading_order(living, zones, places)),
            deleted=tuple(in_reading_order((n for n in found if n.deleted), zones, places)),
            themes=tuple(theme for theme in themes if theme.id in gathered),
            links=read_links(document),
            answers=read_answers(document),
            experiments=read_experiments(document),
        )


def read_notes(document: Document, notes: Iterable[str]) -> dict[str, Note]:
    """Single notes by id, deleted ones too, as written: without placement, votes, or what the
    board says of their theme."""
    root = document.root(NOTES)
    with document.transaction():
        found = ((note, child(root, note)) for note in notes)
        read = {note: _note(note, plain(handle), handle) for note, handle in found}
    return {note: value for note, value in read.items() if value is not None}


def read_all_notes(document: Document) -> dict[str, Note]:
    """As `read_notes` of every note; much faster than one by one."""
    root = document.root(NOTES)
    with document.transaction():
        found = ((note, fields, child(root, note)) for note, fields in entries(root).items())
        read = {note: _note(note, fields, handle) for note, fields, handle in found}
    return {note: value for note, value in read.items() if value is not None}


def _notes(
    document: Document, placements: Mapping[str, Position], themes: Mapping[str, Theme]
) -> Iterator[Note]:
    root = document.root(NOTES)
    votes = read_votes(document)
    for note_id, fields in entries(root).items():
        note = _note(note_id, fields, child(root, note_id))
        if note is None:
            continue
        theme, dots = themes.get(note.theme or ""), votes.get(note_id, 0)
        if theme is None:
            yield replace(note, theme=None, position=placements.get(note_id), votes=dots)
        else:
            yield replace(note, zone=theme.zone, votes=dots)


def _note(note_id: str, fields: Any, handle: object) -> Note | None:
    if not isinstance(fields, dict) or note_text(handle) is None:
        return None
    zone, color = fields.get("zone"), fields.get("color")
    if not isinstance(zone, str):
        return None
    return Note(
        id=note_id,
        zone=zone,
        text=fields["text"],
        color=color if color in COLORS else COLORS[0],
        at=whole(fields.get("at")),
        author=name_or_none(fields.get("author")),
        group=name_or_none(fields.get("group")),
        theme=name_or_none(fields.get("theme")),
        carried=fields.get("carried") is True,
        deleted=is_deleted(fields),
    )


def note_text(handle: object) -> Text | None:
    """The shared text of a note's map; None when the note is half-formed."""
    text = child(handle, "text") if isinstance(handle, Map) else None
    return text if isinstance(text, Text) else None


def _themes(document: Document, placements: Mapping[str, Position]) -> tuple[Theme, ...]:
    """Themes that were not taken apart, by name, with or without notes."""
    root = document.root(THEMES)
    found = []
    for theme_id, fields in entries(root).items():
        handle = child(root, theme_id)
        if not isinstance(handle, Map) or not isinstance(child(handle, "name"), Text):
            continue
        zone = fields.get("zone")
        if isinstance(zone, str) and not is_deleted(fields):
            place = placements.get(theme_id)
            found.append(Theme(id=theme_id, name=fields["name"], zone=zone, position=place))
    return tuple(sorted(found, key=lambda theme: (utf16(theme.name), utf16(theme.id))))


def read_links(document: Document) -> tuple[Link, ...]:
    """Links by id, of a kind that is known; their ends may be gone or on another board, which the
    reader decides upon."""
    found = []
    for link_id, value in entries(document.root(LINKS)).items():
        fields = value if isinstance(value, dict) else {}
        source, target, kind = (name_or_none(fields.get(end)) for end in ("from", "to", "kind"))
        if source and target and kind in LINK_KINDS:
            found.append(Link(id=link_id, source=source, target=target, kind=kind))
    return tuple(sorted(found, key=lambda link: utf16(link.id)))


def read_answers(document: Document) -> dict[str, str]:
    """Shared answers: `question` or `question/group` → text, by key."""
    root = document.root(ANSWERS)
    found = entries(root).items()
    return {key: text for key, text in sorted(found) if isinstance(child(root, key), Text)}


def read_experiments(document: Document) -> tuple[Experiment, ...]:
    """Experiments that stand, oldest first, with their text fields; a date that is none is out."""
    root = document.root(EXPERIMENTS)
    found = []
    for experiment_id, fields in entries(root).items():
        handle = child(root, experiment_id)
        if not isinstance(handle, Map) or is_deleted(fields):
            continue
        found.append(
            Experiment(
                id=experiment_id,
                at=whole(fields.get("at")),
                group=name_or_none(fields.get("group")),
                fields={
                    name: fields[name]
                    for name in sorted(fields)
                    if _is_day(name, fields[name]) or _is_text(name, handle)
                },
                checks=_checks(fields),
            )
        )
    return tuple(sorted(found, key=lambda item: (item.at, utf16(item.id))))


def experiment_texts(document: Document, experiment: str) -> list[str]:
    """What is written in its fields, whether it stands or not."""
    fields = child(document.root(EXPERIMENTS), experiment)
    if not isinstance(fields, Map):
        return []
    texts = (child(fields, name) for name in sorted(fields.keys()))
    return [str(text) for text in texts if isinstance(text, Text)]


def _checks(fields: Mapping[str, Any]) -> tuple[str, ...]:
    days = (name.removeprefix(CHECK) for name in fields if name.startswith(CHECK))
    return tuple(sorted(day for day in days if fields[CHECK + day] is True and is_date(day)))


def _is_day(name: str, value: object) -> bool:
    return name in DATE_FIELDS and isinstance(value, str) and is_date(value)


def _is_text(name: str, experiment: Map[Any]) -> bool:
    """Whether it can be written on: a plain string in its place says nothing to anybody."""
    if name in PLAIN_FIELDS or name.startswith(CHECK):
        return False
    return isinstance(child(experiment, name), Text)


def read_layout(document: Document, board: str) -> dict[str, Position]:
    """Placements of one board's notes and themes, in whole board units."""
    found = {}
    for item, value in entries(document.root(layout_root(board))).items():
        position = read_position(value)
        if position is not None:
            found[item] = position
    return found


def read_position(value: object) -> Position | None:
    """`[x, y]` as whole, clamped board units; None for anything else."""
    if not isinstance(value, list) or len(value) != 2:
        return None
    if not all(is_number(part) for part in value):
        return None
    x, y = (max(-POSITION_LIMIT, min(POSITION_LIMIT, floor(part + 0.5))) for part in value)
    return (x, y)


def read_votes(document: Document) -> dict[str, int]:
    """Dots per note: the sum over its voters."""
    found: dict[str, int] = {}
    for key, value in entries(document.root(VOTES)).items():
        note_id, slash, person = key.partition("/")
        if slash and person and is_number(value) and value >= 1:
            found[note_id] = found.get(note_id, 0) + min(VOTE_LIMIT, int(value))
    return found


def child(parent: Map[Any], key: str) -> object:
    """What stands under `key`, None for nothing (the engine lists keys it cannot read)."""
    try:
        value: object = parent[key]
    except KeyError:
        return None
    return value


def entries(root: Map[Any]) -> dict[str, Any]:
    """A map as plain JSON values, its texts as str. Four times faster than the engine's to_py."""
    try:
        return _parsed(root)
    except RecursionError:  # one value nested too deeply must not hide the others
        return {key: plain(child(root, key)) for key in root.keys()}  # noqa: SIM118


def _parsed(root: Map[Any]) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(str(root))
    return value


def plain(value: object) -> object:
    """One value as plain JSON; None for one nested too deeply."""
    if isinstance(value, Text):
        return str(value)
    try:
        return _parsed(value) if isinstance(value, Map) else value
    except RecursionError:
        return None


def is_deleted(fields: Mapping[str, Any]) -> bool:
    """Whether an item, by its plain fields, was taken off the board; it can come back."""
    return fields.get("del") is True


def is_date(text: str) -> bool:
    """Whether a text is a day as `YYYY-MM-DD`, of years in which a team may try something out.

    Others are slips of the finger, and days at the ends of the calendar have no neighbours, which
    pictures and calendar files need. The twin of `isDay` in client document/days.ts.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return False
    return day.isoformat() == text and day.year in YEARS


def is_number(value: object) -> bool:
    """A finite number; a bool is none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def whole(value: object) -> int:
    """A count of milliseconds, 0 when it is none (the engine gives numbers back as floats)."""
    return int(cast(float, value)) if is_number(value) and cast(float, value) > 0 else 0


def name_or_none(value: object) -> str | None:
    """An id, or None."""
    return value if isinstance(value, str) and value else None
