"""What a board holds, as frozen values. The only module that reads raw CRDT maps.

Root names and shapes are those of docs/protocol.md (same in the client). A document may come from
any client, so reading never raises: it clamps, falls back, or leaves a half-formed item out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import floor, isfinite
from typing import Any, cast

from pycrdt import Map, Text

from boards.document import Document
from boards.order import in_reading_order, utf16

SCHEMA_VERSION = 1

NOTES = "notes"
THEMES = "themes"
LINKS = "links"
VOTES = "votes"
ANSWERS = "answers"
EXPERIMENTS = "experiments"

COLORS = ("yellow", "green", "blue", "pink", "orange", "violet")
POSITION_LIMIT = 100_000  # board units either way; what lies farther out is clamped
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
    position: tuple[int, int] | None = None
    votes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A named cluster of notes in one zone."""

    id: str
    name: str
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A directed tie between two items; ends are ids as docs/protocol.md spells them."""

    id: str
    source: str
    target: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """One experiment; `fields`: field id of the workbook → text, dates as ISO `YYYY-MM-DD`."""

    id: str
    at: int
    group: str | None
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A board as it stands. `notes` are alive and in reading order; `deleted` can be restored."""

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
        themes = read_themes(document)
        known = frozenset(theme.id for theme in themes)
        alive: list[Note] = []
        deleted: list[Note] = []
        for note, is_deleted in _notes(document, board, known):
            (deleted if is_deleted else alive).append(note)
        return Board(
            id=board,
            kind=kind,
            key=key,
            notes=tuple(in_reading_order(alive, zones)),
            deleted=tuple(in_reading_order(deleted, zones)),
            themes=themes,
            links=read_links(document),
            answers=read_answers(document),
            experiments=read_experiments(document),
        )


def board_json(board: Board) -> dict[str, Any]:
    """The board as `GET /api/boards/{id}` answers it."""
    return {
        "id": board.id,
        "kind": board.kind,
        "key": board.key,
        "notes": [note_json(note) for note in board.notes],
        "themes": [{"id": t.id, "name": t.name, "zone": t.zone} for t in board.themes],
        "links": [
            {"id": link.id, "from": link.source, "to": link.target, "kind": link.kind}
            for link in board.links
        ],
        "answers": dict(board.answers),
        "experiments": [
            {"id": e.id, "at": e.at, "group": e.group, "fields": dict(e.fields)}
            for e in board.experiments
        ],
    }


def note_json(note: Note) -> dict[str, Any]:
    """One note as the API answers it; `position` is `[x, y]` or null, `votes` a sum."""
    return {
        "id": note.id,
        "zone": note.zone,
        "text": note.text,
        "color": note.color,
        "group": note.group,
        "author": note.author,
        "theme": note.theme,
        "at": note.at,
        "position": None if note.position is None else list(note.position),
        "votes": note.votes,
    }


def _notes(document: Document, board: str, themes: frozenset[str]) -> Iterator[tuple[Note, bool]]:
    placements = read_layout(document, board)
    votes = read_votes(document)
    for note_id, handle in document.root(NOTES).items():
        text = note_text(handle)
        fields = plain(handle)
        zone = fields.get("zone")
        if text is None or not isinstance(zone, str):
            continue
        color = fields.get("color")
        theme = fields.get("theme")
        yield (
            Note(
                id=note_id,
                zone=zone,
                text=str(text),
                color=color if color in COLORS else COLORS[0],
                at=whole(fields.get("at")),
                author=name_or_none(fields.get("author")),
                group=name_or_none(fields.get("group")),
                theme=theme if theme in themes else None,
                position=placements.get(note_id),
                votes=votes.get(note_id, 0),
            ),
            fields.get("del") is True,
        )


def note_text(handle: object) -> Text | None:
    """The shared text of a note's map; None when the note is half-formed."""
    text = handle.get("text") if isinstance(handle, Map) else None
    return text if isinstance(text, Text) else None


def read_themes(document: Document) -> tuple[Theme, ...]:
    """Themes that stand, by name."""
    found = []
    for theme_id, handle in document.root(THEMES).items():
        fields = plain(handle)
        name, zone = fields.get("name"), fields.get("zone")
        if isinstance(name, str) and isinstance(zone, str) and fields.get("del") is not True:
            found.append(Theme(id=theme_id, name=name, zone=zone))
    return tuple(sorted(found, key=lambda theme: (utf16(theme.name), utf16(theme.id))))


def read_links(document: Document) -> tuple[Link, ...]:
    """Links by id; their ends may be gone or on another board, which the reader decides upon."""
    found = []
    for link_id, value in document.root(LINKS).items():
        fields = value if isinstance(value, dict) else {}
        ends = (fields.get("from"), fields.get("to"), fields.get("kind"))
        if all(isinstance(end, str) and end for end in ends):
            source, target, kind = cast(tuple[str, str, str], ends)
            found.append(Link(id=link_id, source=source, target=target, kind=kind))
    return tuple(sorted(found, key=lambda link: utf16(link.id)))


def read_answers(document: Document) -> dict[str, str]:
    """Shared answers: `question` or `question/group` → text, by key."""
    items = document.root(ANSWERS).items()
    found = {key: str(value) for key, value in items if isinstance(value, Text)}
    return dict(sorted(found.items(), key=lambda item: utf16(item[0])))


def read_experiments(document: Document) -> tuple[Experiment, ...]:
    """Experiments that stand, oldest first; whatever text field they have."""
    found = []
    for experiment_id, handle in document.root(EXPERIMENTS).items():
        fields = plain(handle)
        if not isinstance(handle, Map) or fields.get("del") is True:
            continue
        texts = {
            name: value
            for name, value in sorted(fields.items())
            if isinstance(value, str) and name != "group"
        }
        found.append(
            Experiment(
                id=experiment_id,
                at=whole(fields.get("at")),
                group=name_or_none(fields.get("group")),
                fields=texts,
            )
        )
    return tuple(sorted(found, key=lambda item: (item.at, utf16(item.id))))


def read_layout(document: Document, board: str) -> dict[str, tuple[int, int]]:
    """Placements of one board, in whole board units."""
    found = {}
    for note_id, value in document.root(layout_root(board)).items():
        position = read_position(value)
        if position is not None:
            found[note_id] = position
    return found


def read_position(value: object) -> tuple[int, int] | None:
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
    for key, value in document.root(VOTES).items():
        note_id, slash, person = key.partition("/")
        if slash and person and is_number(value) and value >= 1:
            found[note_id] = found.get(note_id, 0) + min(VOTE_LIMIT, int(value))
    return found


def plain(handle: object) -> dict[str, Any]:
    """A CRDT map as a plain dict (its texts as str); empty for anything else."""
    if not isinstance(handle, Map):
        return {}
    try:
        value = json.loads(str(handle))  # 4 times faster than to_py, and knows every type
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def is_number(value: object) -> bool:
    """A finite number; a bool is none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def whole(value: object) -> int:
    """A count of milliseconds, 0 when it is none (the engine gives numbers back as floats)."""
    return int(cast(float, value)) if is_number(value) and cast(float, value) > 0 else 0


def name_or_none(value: object) -> str | None:
    """An id, or None."""
    return value if isinstance(value, str) and value else None
