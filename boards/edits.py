"""Changes to a board: one function is one transaction, and checks before it writes."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Iterable
from secrets import token_bytes
from typing import Any

from pycrdt import Map, Text

from boards.document import Document
from boards.errors import InvalidEdit, UnknownItem
from boards.layout.taken import Taken, place_keys
from boards.order import Position
from boards.schema import (
    ANSWERS,
    CHECK,
    COLORS,
    DATE_FIELDS,
    EXPERIMENTS,
    LINKS,
    NOTES,
    POSITION_LIMIT,
    THEMES,
    VOTE_LIMIT,
    VOTES,
    child,
    entries,
    is_date,
    layout_root,
    note_text,
    plain,
    read_notes,
    read_position,
)


def new_id() -> str:
    """20 characters of [a-z2-7]: 100 random bits, so that two forks never make the same id."""
    return b32encode(token_bytes(13)).decode("ascii").lower()[:20]


def add_note(
    document: Document,
    board: str,
    *,
    zone: str,
    text: str,
    color: str = COLORS[0],
    author: str | None = None,
    position: Position | None = None,
    at: int,
    note: str | None = None,
) -> str:
    """Write a note on `board` and return its id. `at`: ms since the epoch; `position`: board units.

    Raises InvalidEdit for an unknown colour or a position that is out of bounds.
    """
    _check_color(color)
    note = note or new_id()
    fields: dict[str, Any] = {"text": Text(text), "zone": zone, "color": color, "at": at}
    if author is not None:
        fields["author"] = author
    place = None if position is None else _check_position(position)
    with document.transaction():
        document.root(NOTES)[note] = Map(fields)
        if place is not None:
            document.root(layout_root(board))[note] = place
    return note


def retext(document: Document, note: str, text: str) -> None:
    """Change only the part of a note's text that differs, so that concurrent typing survives."""
    handle = note_text(_note(document, note))
    assert handle is not None
    rewrite(document, handle, text)


def move_note(
    document: Document, board: str, note: str, *, zone: str, position: Position | None
) -> None:
    """Put a note by itself into `zone` at `position` of `board`; None lets readers flow it."""
    handle = _note(document, note)
    place = None if position is None else _check_position(position)
    with document.transaction():
        _set_zone(handle, zone)
        if "theme" in handle:
            del handle["theme"]
        _place(document, board, note, place)


def recolour(document: Document, note: str, color: str) -> None:
    """Raises InvalidEdit for a colour the schema does not know."""
    _check_color(color)
    handle = _note(document, note)
    with document.transaction():
        handle["color"] = color


def delete_note(document: Document, note: str) -> None:
    """Take a note off the board; softly, so that concurrent edits live and it can come back."""
    handle = _note(document, note)
    with document.transaction():
        handle["del"] = True


def restore_note(document: Document, note: str) -> None:
    """Bring a deleted note back, with every edit it received meanwhile."""
    handle = _note(document, note)
    with document.transaction():
        if "del" in handle:
            del handle["del"]


def restore_notes(
    document: Document, board: str, notes: Iterable[str], taken: Taken | None = None
) -> list[str]:
    """The same of several at once; which of them were gone.

    Where somebody has put a note meanwhile, that one stays, and what comes back flows. `taken`:
    where notes stand; it is looked up unless given.
    """
    if taken is None:
        taken = Taken()
        taken.look(document, board, place_keys(document, board))
    found = read_notes(document, notes)
    gone = [note for note, value in found.items() if value.deleted]
    layout = document.root(layout_root(board))
    with document.transaction():
        for note in gone:
            del document.root(NOTES)[note]["del"]
            place = read_position(plain(child(layout, note))) if note in layout else None
            if place is not None and taken.covers(found[note].zone, place):
                _place(document, board, note, None)
    return gone


def vote(document: Document, note: str, person: str, dots: int) -> None:
    """Set how many dots `person` gives to `note`; 0 takes them back."""
    if not 0 <= dots <= VOTE_LIMIT:
        raise InvalidEdit("dots", dots, f"0 to {VOTE_LIMIT}")
    _note(document, note)
    votes, key = document.root(VOTES), f"{note}/{person}"
    with document.transaction():
        if dots:
            votes[key] = dots
        elif key in votes:
            del votes[key]


def add_theme(document: Document, *, name: str, zone: str, theme: str | None = None) -> str:
    """Start a named cluster in `zone`; returns its id. It stands once a note is put under it."""
    theme = theme or new_id()
    with document.transaction():
        document.root(THEMES)[theme] = Map({"name": Text(name), "zone": zone})
    return theme


def rename_theme(document: Document, theme: str, name: str) -> None:
    """Change a theme's name the way `retext` changes a note's text."""
    handle = child(_item(document, THEMES, "theme", theme), "name")
    if not isinstance(handle, Text):
        raise UnknownItem("theme", theme)
    rewrite(document, handle, name)


def move_theme(
    document: Document, board: str, theme: str, *, zone: str, position: Position | None
) -> None:
    """Put a theme, and so its notes, into `zone` at `position` of `board`; None: readers flow it.

    Nothing is written about its notes: what others do to them meanwhile cannot tear it apart.
    """
    handle = _item(document, THEMES, "theme", theme)
    place = None if position is None else _check_position(position)
    with document.transaction():
        _set_zone(handle, zone)
        _place(document, board, theme, place)


def delete_theme(document: Document, theme: str) -> None:
    """Take a theme apart; its notes stay in its zone."""
    handle = _item(document, THEMES, "theme", theme)
    zone = child(handle, "zone")
    with document.transaction():
        handle["del"] = True
        if isinstance(zone, str):
            for note in _under(document, theme):
                _set_zone(note, zone)


def set_theme(document: Document, note: str, theme: str | None) -> None:
    """Put a note under a theme and into its zone, or take it out of its theme."""
    handle = _note(document, note)
    zone = None if theme is None else child(_item(document, THEMES, "theme", theme), "zone")
    with document.transaction():
        if isinstance(zone, str):
            _set_zone(handle, zone)
        if theme is not None:
            handle["theme"] = theme
        elif "theme" in handle:
            del handle["theme"]


def add_link(
    document: Document, *, source: str, target: str, kind: str, link: str | None = None
) -> str:
    """Tie two items together; ends as docs/protocol.md spells them. Returns the link's id."""
    link = link or new_id()
    with document.transaction():
        document.root(LINKS)[link] = {"from": source, "to": target, "kind": kind}
    return link


def remove_link(document: Document, link: str) -> None:
    """Raises UnknownItem when there is no such link."""
    links = document.root(LINKS)
    if link not in links:
        raise UnknownItem("link", link)
    with document.transaction():
        del links[link]


def seed_answers(document: Document, questions: tuple[str, ...], group: str | None = None) -> None:
    """Give each question its empty shared text, once; with `group`, that group's own text.

    Only the server seeds: two clients creating the same key would lose one of the texts.
    """
    answers = document.root(ANSWERS)
    with document.transaction():
        for question in questions:
            key = question if group is None else f"{question}/{group}"
            if not isinstance(child(answers, key), Text):
                answers[key] = Text()


def answer(document: Document, key: str, text: str) -> None:
    """Change a shared answer; `key` is `question` or `question/group`. Raises UnknownItem."""
    handle = child(document.root(ANSWERS), key)
    if not isinstance(handle, Text):
        raise UnknownItem("answer", key)
    rewrite(document, handle, text)


def add_experiment(
    document: Document, *, texts: tuple[str, ...], at: int, experiment: str | None = None
) -> str:
    """Start an experiment with an empty shared text per field in `texts`; returns its id."""
    experiment = experiment or new_id()
    fields: dict[str, Any] = {name: Text() for name in texts}
    with document.transaction():
        document.root(EXPERIMENTS)[experiment] = Map({**fields, "at": at})
    return experiment


def set_experiment(document: Document, experiment: str, field: str, value: str) -> None:
    """Fill in one field: a shared text is changed in place, a date is set whole.

    Raises InvalidEdit for a date that is none; "" clears it.
    """
    fields = _item(document, EXPERIMENTS, "experiment", experiment)
    if field in DATE_FIELDS and value and not is_date(value):
        raise InvalidEdit(field, value, "a date as YYYY-MM-DD")
    handle = child(fields, field)
    if isinstance(handle, Text):
        rewrite(document, handle, value)
        return
    with document.transaction():
        fields[field] = value


def put_check(document: Document, experiment: str, day: str, *, wanted: bool = True) -> None:
    """Note a day on which an experiment's progress is assessed, or take it out again.

    Each day is a key of its own, so that two people can add days at the same time. Raises
    InvalidEdit for a day that is none.
    """
    fields = _item(document, EXPERIMENTS, "experiment", experiment)
    if not is_date(day):
        raise InvalidEdit("check", day, "a date as YYYY-MM-DD")
    key = CHECK + day
    with document.transaction():
        if wanted:
            fields[key] = True
        elif key in fields:
            del fields[key]


def delete_experiment(document: Document, experiment: str) -> None:
    """Take an experiment off the plan, softly."""
    fields = _item(document, EXPERIMENTS, "experiment", experiment)
    with document.transaction():
        fields["del"] = True


def restore_experiments(document: Document, experiments: Iterable[str]) -> list[str]:
    """Put experiments back on the plan; which of them were off it."""
    root = document.root(EXPERIMENTS)
    found = {one: child(root, one) for one in experiments}
    gone = [one for one, fields in found.items() if isinstance(fields, Map) and "del" in fields]
    with document.transaction():
        for one in gone:
            del root[one]["del"]
    return gone


def rewrite(document: Document, handle: Text, text: str) -> None:
    """Change only the part of a shared text that differs, so that concurrent typing survives."""
    old = str(handle)
    if old == text:
        return
    if len(handle) != len(old.encode()):  # something is embedded, so that places do not match
        with document.transaction():
            handle.clear()
            handle.insert(0, text)
        return
    start = _shared_prefix(old, text)
    end = _shared_prefix(old[start:][::-1], text[start:][::-1])
    before = len(old[:start].encode())  # the engine counts UTF-8 bytes
    after = len(old[: len(old) - end].encode())
    with document.transaction():
        if after > before:
            del handle[before:after]
        if start < len(text) - end:
            handle.insert(before, text[start : len(text) - end])


def _shared_prefix(one: str, other: str) -> int:
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return length


def _note(document: Document, note: str) -> Map[Any]:
    handle = _item(document, NOTES, "note", note)
    if note_text(handle) is None:
        raise UnknownItem("note", note)
    return handle


def _item(document: Document, root: str, kind: str, item: str) -> Map[Any]:
    handle = child(document.root(root), item)
    if not isinstance(handle, Map):
        raise UnknownItem(kind, item)
    return handle


def _under(document: Document, theme: str) -> list[Map[Any]]:
    """The notes that are put under a theme, deleted ones too."""
    root = document.root(NOTES)
    notes = [
        child(root, note)
        for note, fields in entries(root).items()
        if isinstance(fields, dict) and fields.get("theme") == theme
    ]
    return [note for note in notes if isinstance(note, Map)]


def _set_zone(handle: Map[Any], zone: str) -> None:
    """Write a zone only where it differs: it would win against somebody who really changes it."""
    if child(handle, "zone") != zone:
        handle["zone"] = zone


def _place(document: Document, board: str, item: str, place: list[int] | None) -> None:
    layout = document.root(layout_root(board))
    if place is not None:
        layout[item] = place
    elif item in layout:
        del layout[item]


def _check_color(color: str) -> None:
    if color not in COLORS:
        raise InvalidEdit("color", color, " or ".join(COLORS))


def _check_position(position: Position) -> list[int]:
    x, y = position
    if not all(-POSITION_LIMIT <= part <= POSITION_LIMIT for part in position):
        raise InvalidEdit("position", position, f"two numbers within ±{POSITION_LIMIT}")
    return [round(x), round(y)]
