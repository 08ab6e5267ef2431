"""The workshop's desk: who is here, where we are, which boards there are.

Only the server writes it (`desk_edits.py`). Four root Maps of plain JSON values: `desk`, `people`,
`boards` and `breakouts` (docs/protocol.md). Reading never raises, whatever stands there; the
client's twin is workshop/desk.ts (tests/vectors/desk.json).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from functools import partial
from typing import Annotated, Any, Literal, TypeVar, get_args

from boards.desk_parts.board_rights import (
    BoardRights,
    LockedParts,
    read_locked_parts,
    read_rights,
)
from boards.desk_parts.course import (
    Invitation,
    Reached,
    read_invitation,
    read_reached,
    read_starts,
)
from boards.desk_parts.group_work import Breakout, Group, Message, Recall, letter, read_breakout
from boards.desk_parts.values import (
    Id,
    State,
    Time,
    dict_of,
    is_true,
    one_of,
    state_of,
    text_of,
    whole_or_none,
)
from boards.document import Document
from boards.order import utf16
from boards.schema import SCHEMA_VERSION, entries, is_number, name_or_none, whole
from boards.texts import LANGUAGES, Language, told_apart

__all__ = [
    "BOARDS",
    "BREAKOUTS",
    "DESK",
    "DOTS_LIMIT",
    "FIELDS",
    "JOINING",
    "PEOPLE",
    "PERSON_COLORS",
    "READERS",
    "ROLES",
    "Announcement",
    "BoardRights",
    "Breakout",
    "Desk",
    "DeskBoard",
    "Dots",
    "Group",
    "Message",
    "Id",
    "Invitation",
    "Joining",
    "Person",
    "PreviousRound",
    "Reached",
    "Recall",
    "Restored",
    "Role",
    "State",
    "SurveyRound",
    "Time",
    "Timer",
    "Voting",
    "letter",
    "read_desk",
    "told",
]

DESK = "desk"
PEOPLE = "people"
BOARDS = "boards"
BREAKOUTS = "breakouts"

Dots = Annotated[int, ("minimum", 1), ("maximum", 20)]
Role = Literal["facilitator", "participant", "observer"]
Joining = Literal["open", "ask", "closed"]
ROLES: tuple[Role, ...] = get_args(Role)
JOINING: tuple[Joining, ...] = get_args(Joining)
PERSON_COLORS = 12
DOTS_LIMIT = 20  # for one person on one board

Read = TypeVar("Read")
READ = "read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """A countdown. `ends`: ms since the epoch; `paused`: seconds left while it stands still.

    `locks`: the shared board that participants may only read from its end on.
    """

    ends: Time
    seconds: int
    paused: int | None = None
    locks: Id | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """One sentence to everybody; a new `id` shows it again. `at`: ms since the epoch."""

    id: Id
    text: str
    at: Time


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """`person` made a board as it was, wholly or in part. `at`: ms since the epoch."""

    id: Id
    board: Id
    person: Id
    at: Time


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyRound:
    """The last round of a survey's form; `round` counts from 1. Answers never stand on a desk."""

    round: int
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Voting:
    """How a board is voted on. `dots`: for each person on the board in all, 1–20.

    `hidden`: nobody is shown how many dots a note has, apart from one's own. Settings of a shared
    board hold for the groups' forks of it as well.
    """

    dots: Dots
    hidden: bool = False
    open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviousRound:
    """The workshop that a change map was carried over from."""

    workshop: Id
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in the workshop. `color`: 0–11; `joined`: ms since the epoch.

    `name` as read from a desk is told apart from the names of those who came before. `hand`,
    `ready`: since when their hand is up, and they are ready with what was asked; else None.
    """

    id: Id
    name: str
    role: Role
    color: int
    joined: Time
    hand: Annotated[Time, ("description", "since when it is up, ms since 1970")] | None = None
    ready: Annotated[Time, ("description", "since when they are, ms since 1970")] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskBoard:
    """A board as the desk lists it; `breakout` and `group` are set on a group's board."""

    id: Id
    key: str
    kind: str
    lineage: str
    breakout: Id | None = None
    group: Id | None = None


def _version(value: object) -> int:
    return whole(value) or SCHEMA_VERSION


def _timer(value: object) -> Timer | None:
    told = dict_of(value)
    if not is_number(told.get("ends")):
        return None
    seconds, paused = whole(told.get("seconds")), whole_or_none(told.get("paused"))
    locks = name_or_none(told.get("locks"))
    return Timer(ends=whole(told["ends"]), seconds=seconds, paused=paused, locks=locks)


def _announcement(value: object) -> Announcement | None:
    told = dict_of(value)
    text = text_of(told.get("text"))
    found = Announcement(id=text_of(told.get("id")), text=text, at=whole(told.get("at")))
    return found if text else None


def _restored(value: object) -> Restored | None:
    told = dict_of(value)
    id, board, person = (text_of(told.get(name)) for name in ("id", "board", "person"))
    found = Restored(id=id, board=board, person=person, at=whole(told.get("at")))
    return found if id and board else None


def _locks(value: object) -> dict[str, bool]:
    return {key: True for key, is_locked in dict_of(value).items() if is_locked is True}


def _rounds(value: object) -> dict[str, SurveyRound]:
    found = {form: dict_of(entry) for form, entry in dict_of(value).items()}
    return {
        form: SurveyRound(round=whole(entry["round"]), state=state_of(entry.get("state")))
        for form, entry in found.items()
        if is_number(entry.get("round"))
    }


def _votings(value: object) -> dict[str, Voting]:
    found = {board: dict_of(entry) for board, entry in dict_of(value).items()}
    return {
        board: Voting(
            dots=min(DOTS_LIMIT, whole(entry["dots"])),
            hidden=is_true(entry.get("hidden")),
            open=is_true(entry.get("open")),
        )
        for board, entry in found.items()
        if is_number(entry.get("dots")) and entry["dots"] >= 1
    }


def _previous(value: object) -> PreviousRound | None:
    told = dict_of(value)
    workshop = text_of(told.get("workshop"))
    return PreviousRound(workshop=workshop, title=text_of(told.get("title"))) if workshop else None


def _person(person: str, value: object) -> Person | None:
    told = dict_of(value)
    role = next((role for role in ROLES if role == told.get("role")), None)
    if role is None:
        return None
    return Person(
        id=person,
        name=text_of(told.get("name")),
        role=role,
        color=whole(told.get("color")) % PERSON_COLORS,
        joined=whole(told.get("joined")),
        hand=whole_or_none(told.get("hand")),
        ready=whole_or_none(told.get("ready")),
    )


def _board(board: str, value: object) -> DeskBoard | None:
    told = dict_of(value)
    if not text_of(told.get("key")):
        return None
    return DeskBoard(
        id=board,
        key=text_of(told.get("key")),
        kind=text_of(told.get("kind")),
        lineage=text_of(told.get("lineage")),
        breakout=name_or_none(told.get("breakout")),
        group=name_or_none(told.get("group")),
    )


def told(read: Callable[[object], Read]) -> Read:
    """A field of the desk: how it is read, and so its default, which is what is read of nothing."""
    return field(default_factory=partial(read, None), metadata={READ: read})


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """All of the desk. `people` by arrival, `boards` by id, `breakouts` oldest first.

    A field is added here, in the client's workshop/desk.ts and in docs/protocol.md.
    """

    title: str = told(text_of)
    language: Language = told(partial(one_of, LANGUAGES))
    workbook: str = told(text_of)
    stage: str = told(text_of)
    board: Id | None = told(name_or_none)
    reached: Reached | None = told(read_reached)
    invitation: Invitation | None = told(read_invitation)
    starts: Annotated[
        Mapping[str, Time], ("description", "shared board → when it is planned to begin")
    ] = told(read_starts)
    timer: Timer | None = told(_timer)
    announcement: Announcement | None = told(_announcement)
    restored: Restored | None = told(_restored)
    locks: Annotated[Mapping[str, bool], ("description", "shared board → true")] = told(_locks)
    rights: Annotated[
        Mapping[str, BoardRights],
        ("description", "shared board, or * for all others → what participants may do there"),
    ] = told(read_rights)
    locked_parts: Annotated[
        Mapping[str, LockedParts],
        ("description", "shared board → zones and notes that participants may not change"),
    ] = told(read_locked_parts)
    votes: Annotated[Mapping[str, Voting], ("description", "shared board → how it is voted on")] = (
        told(_votings)
    )
    assessment: Annotated[Mapping[str, SurveyRound], ("description", "form → its last round")] = (
        told(_rounds)
    )
    guidance: Annotated[
        Mapping[str, Any], ("description", "changes of the workbook, as patched")
    ] = told(dict_of)
    previous: PreviousRound | None = told(_previous)
    join_code: str = told(text_of)
    joining: Annotated[
        Joining, ("description", "whether newcomers come in, wait for a facilitator, or do not")
    ] = told(partial(one_of, JOINING))
    passphrase: Annotated[bool, ("description", "whether newcomers are asked for one")] = told(
        is_true
    )
    schema: int = told(_version)
    people: tuple[Person, ...] = ()
    boards: tuple[DeskBoard, ...] = ()
    breakouts: tuple[Breakout, ...] = ()

    def json(self) -> dict[str, Any]:
        """The desk as `GET /api/workshops/{id}` answers it."""
        answer: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return answer


READERS = {each.name: each.metadata[READ] for each in fields(Desk) if READ in each.metadata}
FIELDS = frozenset(READERS)


def read_desk(document: Document) -> Desk:
    """The desk as it stands; never raises, an entry that is half-formed is left out."""
    with document.transaction():
        given = _root(document, DESK)
        people = [_person(i, value) for i, value in _root(document, PEOPLE).items()]
        boards = [_board(i, value) for i, value in _root(document, BOARDS).items()]
        breakouts = [read_breakout(i, value) for i, value in _root(document, BREAKOUTS).items()]
    return Desk(
        **{name: read(given.get(name)) for name, read in READERS.items()},
        people=_by_arrival([person for person in people if person]),
        boards=tuple(sorted((b for b in boards if b), key=lambda b: utf16(b.id))),
        breakouts=tuple(
            sorted((b for b in breakouts if b), key=lambda b: (b.created, utf16(b.id)))
        ),
    )


def _root(document: Document, name: str) -> dict[str, Any]:
    return entries(document.root(name))


def _by_arrival(people: list[Person]) -> tuple[Person, ...]:
    """Oldest first, each under a name of their own."""
    ordered = sorted(people, key=lambda person: (person.joined, utf16(person.id)))
    names = told_apart(person.name for person in ordered)
    return tuple(
        person if person.name == name else replace(person, name=name)
        for person, name in zip(ordered, names, strict=True)
    )
