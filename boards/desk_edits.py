"""Changes of the desk, each in one transaction. Only the server makes them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, is_dataclass, replace
from typing import Any

from boards.desk import (
    BOARDS,
    BREAKOUTS,
    DESK,
    FIELDS,
    PEOPLE,
    Breakout,
    DeskBoard,
    Person,
    read_desk,
)
from boards.document import Document
from boards.errors import InvalidEdit


def put_field(document: Document, name: str, value: Any) -> None:
    """Set one field of the desk to a plain JSON value, or to one of its dataclasses."""
    if name not in FIELDS:
        raise InvalidEdit("desk field", name, " or ".join(sorted(FIELDS)))
    with document.transaction():
        document.root(DESK)[name] = (
            asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
        )


def put_fields(document: Document, values: Mapping[str, Any]) -> None:
    """Set several fields of the desk."""
    with document.transaction():
        for field, value in values.items():
            put_field(document, field, value)


def put_person(document: Document, person: Person) -> None:
    """Add a person, or replace what the desk knows of them."""
    _put(document, PEOPLE, asdict(person))


def change_person(document: Document, person: str, changes: Mapping[str, Any]) -> None:
    """Set some of what the desk knows of somebody; the rest stays as it is stored.

    As read, a name is told apart from others': it is not what was given, and is not to be put back.
    """
    with document.transaction():
        people = document.root(PEOPLE)
        if person in people:
            people[person] = {**people[person], **changes}


def change_people(document: Document, changes: Mapping[str, Mapping[str, Any]]) -> None:
    """The same of many, by person."""
    with document.transaction():
        for person, fields in changes.items():
            change_person(document, person, fields)


def remove_people(document: Document, people: Collection[str]) -> None:
    """Forget people, also as members of groups."""
    gone = frozenset(people)
    with document.transaction():
        for person in gone:
            _remove(document, PEOPLE, person)
        for breakout in read_desk(document).breakouts:
            if any(gone & {*group.people, *group.left} for group in breakout.groups):
                put_breakout(document, _without(breakout, gone))


def put_board(document: Document, board: DeskBoard) -> None:
    """List a board, or replace its entry."""
    _put(document, BOARDS, asdict(board))


def remove_board(document: Document, board: str) -> None:
    """Take a board off the list; its document is not touched."""
    _remove(document, BOARDS, board)


def put_breakout(document: Document, breakout: Breakout) -> None:
    """Add a breakout, or replace its entry with all its groups."""
    _put(document, BREAKOUTS, asdict(breakout))


def remove_breakout(document: Document, breakout: str) -> None:
    """Take a breakout off the desk."""
    _remove(document, BREAKOUTS, breakout)


def _put(document: Document, root: str, value: dict[str, Any]) -> None:
    with document.transaction():
        document.root(root)[value["id"]] = _jsonable(value)


def _remove(document: Document, root: str, item: str) -> None:
    entries = document.root(root)
    with document.transaction():
        if item in entries:
            del entries[item]


def _jsonable(value: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(value))  # tuples become lists
    return plain


def _without(breakout: Breakout, gone: frozenset[str]) -> Breakout:
    groups = tuple(
        replace(
            group,
            people=tuple(member for member in group.people if member not in gone),
            left={member: at for member, at in group.left.items() if member not in gone},
        )
        for group in breakout.groups
    )
    return replace(breakout, groups=groups)
