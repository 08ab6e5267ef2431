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

from boards.document import Document
from boards.order import utf16
from boards.schema import SCHEMA_VERSION, entries, is_number, name_or_none, whole
from boards.texts import LANGUAGES, Language, told_apart

DESK = "desk"
PEOPLE = "people"
BOARDS = "boards"
BREAKOUTS = "breakouts"

# What is annotated stands in the description of the calls as well (server/web/api/described.py).
Id = Annotated[str, ("pattern", "^[a-z2-7]{20}$")]
Time = Annotated[int, ("description", "ms since 1970")]
Dots = Annotated[int, ("minimum", 1), ("maximum", 20)]
Role = Literal["facilitator", "participant", "observer"]
Joining = Literal["open", "ask", "closed"]
State = Literal["open", "closed"]
ROLES: tuple[Role, ...] = get_args(Role)
JOINING: tuple[Joining, ...] = get_args(Joining)
PERSON_COLORS = 12
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # of groups
DOTS_LIMIT = 20  # for one person on one board

Read = TypeVar("Read")
READ = "read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """A countdown. `ends`: ms since the epoch; `paused`: seconds left while it stands still."""

    ends: Time
    seconds: int
    paused: int | None = None


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

    `name` as read from a desk is told apart from the names of those who came before.
    """

    id: Id
    name: str
    role: Role
    color: int
    joined: Time


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskBoard:
    """A board as the desk lists it; `breakout` and `group` are set on a group's board."""

    id: Id
    key: str
    kind: str
    lineage: str
    breakout: Id | None = None
    group: Id | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group of a breakout. `board`: its fork; `pages`: the pages it fills in, empty = all.

    `left`: who was moved out of it, and when (ms since the epoch). `late`: how many notes changed
    on its board since the group work was over and are not on the shared board yet; 0 when it is
    something else than notes, None when there is nothing.
    """

    id: Id
    name: str
    board: Id
    people: tuple[Id, ...] = ()
    pages: tuple[int, ...] = ()
    left: Annotated[Mapping[str, Time], ("description", "who left → when")] = field(
        default_factory=dict
    )
    late: Annotated[int, ("description", "notes that are not on the shared board yet")] | None = (
        None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakout:
    """A round of group boards forked from `board`. A group's place in `groups` is its letter.

    `created`, `merged`, `closed`: when (ms since the epoch) it began, was last merged, was over.
    """

    id: Id
    board: Id
    state: State
    created: Time
    merged: Time | None = None
    closed: Time | None = None
    groups: tuple[Group, ...] = ()


def letter(index: int) -> str:
    """A, B, … Z, A2, B2, …: how a group is called, the same in every language."""
    turn, place = divmod(index, len(LETTERS))
    return LETTERS[place] + (str(turn + 1) if turn else "")


# Readers of values: each makes something of anything, and the default of nothing.


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _is_true(value: object) -> bool:
    return value is True


def _one_of(choices: tuple[Read, ...], value: object) -> Read:
    """One of the choices, else the first of them."""
    return next((choice for choice in choices if choice == value), choices[0])


def _whole_or_none(value: object) -> int | None:
    return whole(value) if is_number(value) else None


def _state(value: object) -> State:
    return "open" if value == "open" else "closed"


def _version(value: object) -> int:
    return whole(value) or SCHEMA_VERSION


def _timer(value: object) -> Timer | None:
    told = _dict(value)
    if not is_number(told.get("ends")):
        return None
    seconds, paused = whole(told.get("seconds")), _whole_or_none(told.get("paused"))
    return Timer(ends=whole(told["ends"]), seconds=seconds, paused=paused)


def _announcement(value: object) -> Announcement | None:
    told = _dict(value)
    text = _text(told.get("text"))
    found = Announcement(id=_text(told.get("id")), text=text, at=whole(told.get("at")))
    return found if text else None


def _restored(value: object) -> Restored | None:
    told = _dict(value)
    id, board, person = (_text(told.get(name)) for name in ("id", "board", "person"))
    found = Restored(id=id, board=board, person=person, at=whole(told.get("at")))
    return found if id and board else None


def _locks(value: object) -> dict[str, bool]:
    return {key: True for key, is_locked in _dict(value).items() if is_locked is True}


def _rounds(value: object) -> dict[str, SurveyRound]:
    found = {form: _dict(entry) for form, entry in _dict(value).items()}
    return {
        form: SurveyRound(round=whole(entry["round"]), state=_state(entry.get("state")))
        for form, entry in found.items()
        if is_number(entry.get("round"))
    }


def _votings(value: object) -> dict[str, Voting]:
    found = {board: _dict(entry) for board, entry in _dict(value).items()}
    return {
        board: Voting(
            dots=min(DOTS_LIMIT, whole(entry["dots"])),
            hidden=_is_true(entry.get("hidden")),
            open=_is_true(entry.get("open")),
        )
        for board, entry in found.items()
        if is_number(entry.get("dots")) and entry["dots"] >= 1
    }


def _previous(value: object) -> PreviousRound | None:
    told = _dict(value)
    workshop = _text(told.get("workshop"))
    return PreviousRound(workshop=workshop, title=_text(told.get("title"))) if workshop else None


def _person(person: str, value: object) -> Person | None:
    told = _dict(value)
    role = next((role for role in ROLES if role == told.get("role")), None)
    if role is None:
        return None
    return Person(
        id=person,
        name=_text(told.get("name")),
        role=role,
        color=whole(told.get("color")) % PERSON_COLORS,
        joined=whole(told.get("joined")),
    )


def _board(board: str, value: object) -> DeskBoard | None:
    told = _dict(value)
    if not _text(told.get("key")):
        return None
    return DeskBoard(
        id=board,
        key=_text(told.get("key")),
        kind=_text(told.get("kind")),
        lineage=_text(told.get("lineage")),
        breakout=name_or_none(told.get("breakout")),
        group=name_or_none(told.get("group")),
    )


def _breakout(breakout: str, value: object) -> Breakout | None:
    told = _dict(value)
    if not _text(told.get("board")):
        return None
    return Breakout(
        id=breakout,
        board=_text(told.get("board")),
        state=_state(told.get("state")),
        created=whole(told.get("created")),
        merged=_whole_or_none(told.get("merged")),
        closed=_whole_or_none(told.get("closed")),
        groups=tuple(
            _group(group) for group in _list(told.get("groups")) if isinstance(group, dict)
        ),
    )


def _group(told: Mapping[str, Any]) -> Group:
    return Group(
        id=_text(told.get("id")),
        name=_text(told.get("name")),
        board=_text(told.get("board")),
        people=tuple(one for one in _list(told.get("people")) if isinstance(one, str)),
        pages=tuple(whole(page) for page in _list(told.get("pages")) if is_number(page)),
        left={who: whole(at) for who, at in _dict(told.get("left")).items() if is_number(at)},
        late=_whole_or_none(told.get("late")),
    )


def told(read: Callable[[object], Read]) -> Read:
    """A field of the desk: how it is read, and so its default, which is what is read of nothing."""
    return field(default_factory=partial(read, None), metadata={READ: read})


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """All of the desk. `people` by arrival, `boards` by id, `breakouts` oldest first.

    A field is added here, in the client's workshop/desk.ts and in docs/protocol.md.
    """

    title: str = told(_text)
    language: Language = told(partial(_one_of, LANGUAGES))
    workbook: str = told(_text)
    stage: str = told(_text)
    board: Id | None = told(name_or_none)
    timer: Timer | None = told(_timer)
    announcement: Announcement | None = told(_announcement)
    restored: Restored | None = told(_restored)
    locks: Annotated[Mapping[str, bool], ("description", "shared board → true")] = told(_locks)
    votes: Annotated[Mapping[str, Voting], ("description", "shared board → how it is voted on")] = (
        told(_votings)
    )
    assessment: Annotated[Mapping[str, SurveyRound], ("description", "form → its last round")] = (
        told(_rounds)
    )
    guidance: Annotated[
        Mapping[str, Any], ("description", "changes of the workbook, as patched")
    ] = told(_dict)
    previous: PreviousRound | None = told(_previous)
    join_code: str = told(_text)
    joining: Annotated[
        Joining, ("description", "whether newcomers come in, wait for a facilitator, or do not")
    ] = told(partial(_one_of, JOINING))
    passphrase: Annotated[bool, ("description", "whether newcomers are asked for one")] = told(
        _is_true
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
        breakouts = [_breakout(i, value) for i, value in _root(document, BREAKOUTS).items()]
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
