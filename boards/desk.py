"""The workshop's desk: who is here, where we are, which boards there are.

Only the server writes it. Four root Maps of plain JSON values: `desk`, `people`, `boards` and
`breakouts` (docs/protocol.md).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, get_args

from boards.document import Document
from boards.errors import InvalidEdit
from boards.order import utf16
from boards.schema import SCHEMA_VERSION, entries, is_number, name_or_none, whole
from boards.texts import told_apart

DESK = "desk"
PEOPLE = "people"
BOARDS = "boards"
BREAKOUTS = "breakouts"

Role = Literal["facilitator", "participant", "observer"]
ROLES: tuple[Role, ...] = get_args(Role)
JOINING = ("open", "ask", "closed")  # whether newcomers come in, wait for who leads, or do not
PERSON_COLORS = 12
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # of groups
DOTS_LIMIT = 20  # for one person on one board
FIELDS = frozenset(
    {
        "title",
        "language",
        "workbook",
        "stage",
        "board",
        "timer",
        "announcement",
        "locks",
        "join_code",
        "joining",
        "passphrase",
        "schema",
        "assessment",
        "guidance",
        "previous",
        "votes",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """A countdown. `ends`: ms since the epoch; `paused`: seconds left while it stands still."""

    ends: int
    seconds: int
    paused: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """One sentence to everybody; a new `id` shows it again. `at`: ms since the epoch."""

    id: str
    text: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyRound:
    """The last round of a survey's form; `round` counts from 1. Answers never stand on a desk."""

    round: int
    state: Literal["open", "closed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Voting:
    """How a board is voted on. `dots`: for each person on the board in all, 1–20.

    `hidden`: nobody is shown how many dots a note has, apart from one's own. Settings of a shared
    board hold for the groups' forks of it as well.
    """

    dots: int
    hidden: bool = False
    open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in the workshop. `color`: 0–11; `joined`: ms since the epoch.

    `name` as read from a desk is told apart from the names of those who came before.
    """

    id: str
    name: str
    role: Role
    color: int
    joined: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskBoard:
    """A board as the desk lists it; `breakout` and `group` are set on a group's board."""

    id: str
    key: str
    kind: str
    lineage: str
    breakout: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group of a breakout. `board`: its fork; `pages`: the pages it fills in, empty = all.

    `left`: who was moved out of it, and when (ms since the epoch). `late`: how many notes changed
    on its board since the group work was over and are not on the shared board yet; 0 when it is
    something else than notes, None when there is nothing.
    """

    id: str
    name: str
    board: str
    people: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()
    left: Mapping[str, int] = field(default_factory=dict)
    late: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakout:
    """A round of group boards forked from `board`. A group's place in `groups` is its letter.

    `created`, `merged`, `closed`: when (ms since the epoch) it began, was last merged, was over.
    """

    id: str
    board: str
    state: Literal["open", "closed"]
    created: int
    merged: int | None = None
    closed: int | None = None
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """All of the desk. `people` by arrival, `boards` by id, `breakouts` oldest first."""

    title: str = ""
    language: str = "fi"
    workbook: str = ""
    stage: str = ""
    board: str | None = None
    timer: Timer | None = None
    announcement: Announcement | None = None
    locks: Mapping[str, bool] = field(default_factory=dict)
    assessment: Mapping[str, SurveyRound] = field(default_factory=dict)  # form → last round
    votes: Mapping[str, Voting] = field(default_factory=dict)  # shared board → how
    guidance: Mapping[str, Any] = field(default_factory=dict)  # see boards.workbook.adapted
    previous: Mapping[str, str] | None = None  # the last round: {workshop, title}
    join_code: str = ""
    joining: str = "open"  # or "ask", or "closed"
    passphrase: bool = False  # whether newcomers are asked for one
    schema: int = SCHEMA_VERSION
    people: tuple[Person, ...] = ()
    boards: tuple[DeskBoard, ...] = ()
    breakouts: tuple[Breakout, ...] = ()

    def json(self) -> dict[str, Any]:
        """The desk as `GET /api/workshops/{id}` answers it."""
        answer: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return answer


def letter(index: int) -> str:
    """A, B, … Z, A2, B2, …: how a group is called, the same in every language."""
    turn, place = divmod(index, len(LETTERS))
    return LETTERS[place] + (str(turn + 1) if turn else "")


def read_desk(document: Document) -> Desk:
    """The desk as it stands; never raises, an entry that is half-formed is left out."""
    with document.transaction():
        fields = _root(document, DESK)
        people = [_person(i, value) for i, value in _root(document, PEOPLE).items()]
        boards = [_board(i, value) for i, value in _root(document, BOARDS).items()]
        breakouts = [_breakout(i, value) for i, value in _root(document, BREAKOUTS).items()]
    return Desk(
        title=_text(fields, "title"),
        language=_text(fields, "language", "fi"),
        workbook=_text(fields, "workbook"),
        stage=_text(fields, "stage"),
        board=name_or_none(fields.get("board")),
        timer=_timer(fields.get("timer")),
        announcement=_announcement(fields.get("announcement")),
        locks={key: True for key, value in _dict(fields.get("locks")).items() if value is True},
        assessment=_rounds(fields.get("assessment")),
        votes=_votings(fields.get("votes")),
        guidance=_dict(fields.get("guidance")),
        previous=_dict(fields.get("previous")) or None,
        join_code=_text(fields, "join_code"),
        passphrase=fields.get("passphrase") is True,
        joining=_joining(fields.get("joining")),
        schema=whole(fields.get("schema")) or SCHEMA_VERSION,
        people=_by_arrival([person for person in people if person]),
        boards=tuple(sorted((b for b in boards if b), key=lambda b: utf16(b.id))),
        breakouts=tuple(
            sorted((b for b in breakouts if b), key=lambda b: (b.created, utf16(b.id)))
        ),
    )


def put_field(document: Document, name: str, value: Any) -> None:
    """Set one field of the desk to a plain JSON value (or to a Timer or an Announcement)."""
    if name not in FIELDS:
        raise InvalidEdit("desk field", name, " or ".join(sorted(FIELDS)))
    with document.transaction():
        document.root(DESK)[name] = (
            asdict(value) if isinstance(value, Timer | Announcement) else value
        )


def put_person(document: Document, person: Person) -> None:
    """Add a person, or replace what the desk knows of them."""
    _put(document, PEOPLE, asdict(person))


def remove_person(document: Document, person: str) -> None:
    """Forget a person, also as a member of groups."""
    with document.transaction():
        _remove(document, PEOPLE, person)
        for breakout in read_desk(document).breakouts:
            if any(person in {*group.people, *group.left} for group in breakout.groups):
                put_breakout(document, _without(breakout, person))


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


def _without(breakout: Breakout, person: str) -> Breakout:
    groups = tuple(
        replace(
            group,
            people=tuple(member for member in group.people if member != person),
            left={member: at for member, at in group.left.items() if member != person},
        )
        for group in breakout.groups
    )
    return replace(breakout, groups=groups)


def _root(document: Document, name: str) -> dict[str, Any]:
    return entries(document.root(name))


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(fields: Mapping[str, Any], name: str, default: str = "") -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else default


def _names(value: object) -> tuple[str, ...]:
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()


def _joining(value: object) -> str:
    return value if isinstance(value, str) and value in JOINING else "open"


def _timer(value: object) -> Timer | None:
    fields = _dict(value)
    if not is_number(fields.get("ends")):
        return None
    paused = fields.get("paused")
    return Timer(
        ends=whole(fields["ends"]),
        seconds=whole(fields.get("seconds")),
        paused=whole(paused) if is_number(paused) else None,
    )


def _announcement(value: object) -> Announcement | None:
    fields = _dict(value)
    text = _text(fields, "text")
    if not text:
        return None
    return Announcement(id=_text(fields, "id"), text=text, at=whole(fields.get("at")))


def _rounds(value: object) -> dict[str, SurveyRound]:
    found = {form: _dict(entry) for form, entry in _dict(value).items()}
    return {
        form: SurveyRound(
            round=whole(entry["round"]),
            state="open" if entry.get("state") == "open" else "closed",
        )
        for form, entry in found.items()
        if is_number(entry.get("round"))
    }


def _votings(value: object) -> dict[str, Voting]:
    found = {board: _dict(entry) for board, entry in _dict(value).items()}
    return {
        board: Voting(
            dots=min(DOTS_LIMIT, whole(entry["dots"])),
            hidden=entry.get("hidden") is True,
            open=entry.get("open") is True,
        )
        for board, entry in found.items()
        if is_number(entry.get("dots")) and entry["dots"] >= 1
    }


def _person(person: str, value: object) -> Person | None:
    fields = _dict(value)
    role = next((role for role in ROLES if role == fields.get("role")), None)
    if role is None:
        return None
    return Person(
        id=person,
        name=_text(fields, "name"),
        role=role,
        color=whole(fields.get("color")) % PERSON_COLORS,
        joined=whole(fields.get("joined")),
    )


def _by_arrival(people: list[Person]) -> tuple[Person, ...]:
    """Oldest first, each under a name of their own."""
    ordered = sorted(people, key=lambda person: (person.joined, utf16(person.id)))
    names = told_apart(person.name for person in ordered)
    return tuple(
        person if person.name == name else replace(person, name=name)
        for person, name in zip(ordered, names, strict=True)
    )


def _board(board: str, value: object) -> DeskBoard | None:
    fields = _dict(value)
    if not _text(fields, "key"):
        return None
    return DeskBoard(
        id=board,
        key=_text(fields, "key"),
        kind=_text(fields, "kind"),
        lineage=_text(fields, "lineage"),
        breakout=name_or_none(fields.get("breakout")),
        group=name_or_none(fields.get("group")),
    )


def _breakout(breakout: str, value: object) -> Breakout | None:
    fields = _dict(value)
    if not _text(fields, "board"):
        return None
    groups = fields.get("groups")
    return Breakout(
        id=breakout,
        board=_text(fields, "board"),
        state="open" if fields.get("state") == "open" else "closed",
        created=whole(fields.get("created")),
        merged=_whole_or_none(fields.get("merged")),
        closed=_whole_or_none(fields.get("closed")),
        groups=tuple(_group(g) for g in groups if isinstance(g, dict))
        if isinstance(groups, list)
        else (),
    )


def _group(fields: dict[str, Any]) -> Group:
    pages = fields.get("pages")
    return Group(
        id=_text(fields, "id"),
        name=_text(fields, "name"),
        board=_text(fields, "board"),
        people=_names(fields.get("people")),
        pages=tuple(whole(page) for page in pages if is_number(page))
        if isinstance(pages, list)
        else (),
        left={who: whole(at) for who, at in _dict(fields.get("left")).items() if is_number(at)},
        late=_whole_or_none(fields.get("late")),
    )


def _whole_or_none(value: object) -> int | None:
    return whole(value) if is_number(value) else None
