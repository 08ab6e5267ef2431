"""Group work as it stands on a desk: breakouts and their groups (client: workshop/desk.ts)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from boards.desk_parts.values import (
    Id,
    State,
    Time,
    dict_of,
    is_true,
    list_of,
    state_of,
    text_of,
    whole_or_none,
)
from boards.schema import is_number, whole

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # of groups


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """From who leads to a group; a new `id` shows it again. `at`: ms since the epoch."""

    id: Id
    text: str
    at: Time


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group of a breakout. `board`: its fork; `pages`: the pages it fills in, empty = all.

    `left`: who was moved out of it, and when (ms since the epoch). `late`: how many notes changed
    on its board since the group work was over and are not on the shared board yet; 0 when it is
    something else than notes, None when there is nothing. `help`: since when it asks for help.
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
    message: Message | None = None
    help: Annotated[Time, ("description", "since when it asks for help, ms since 1970")] | None = (
        None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """Group work that was given notice: at `ends` (ms since the epoch) it is over by itself.

    `gather`: what the groups have done comes home with it.
    """

    ends: Time
    gather: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakout:
    """A round of group boards forked from `board`. A group's place in `groups` is its letter.

    `choice`: who takes part chooses their group themselves, and may change it.
    `created`, `merged`, `closed`: when (ms since the epoch) it began, was last merged, was over.
    """

    id: Id
    board: Id
    state: State
    created: Time
    merged: Time | None = None
    closed: Time | None = None
    recall: Recall | None = None
    choice: bool = False
    groups: tuple[Group, ...] = ()


def letter(index: int) -> str:
    """A, B, … Z, A2, B2, …: how a group is called, the same in every language."""
    turn, place = divmod(index, len(LETTERS))
    return LETTERS[place] + (str(turn + 1) if turn else "")


def read_breakout(breakout: str, value: object) -> Breakout | None:
    told = dict_of(value)
    if not text_of(told.get("board")):
        return None
    return Breakout(
        id=breakout,
        board=text_of(told.get("board")),
        state=state_of(told.get("state")),
        created=whole(told.get("created")),
        merged=whole_or_none(told.get("merged")),
        closed=whole_or_none(told.get("closed")),
        recall=_recall(told.get("recall")),
        choice=is_true(told.get("choice")),
        groups=tuple(
            _group(group) for group in list_of(told.get("groups")) if isinstance(group, dict)
        ),
    )


def _recall(value: object) -> Recall | None:
    told = dict_of(value)
    if not is_number(told.get("ends")):
        return None
    return Recall(ends=whole(told["ends"]), gather=is_true(told.get("gather")))


def _message(value: object) -> Message | None:
    told = dict_of(value)
    text = text_of(told.get("text"))
    found = Message(id=text_of(told.get("id")), text=text, at=whole(told.get("at")))
    return found if text else None


def _group(told: Mapping[str, Any]) -> Group:
    return Group(
        id=text_of(told.get("id")),
        name=text_of(told.get("name")),
        board=text_of(told.get("board")),
        people=tuple(one for one in list_of(told.get("people")) if isinstance(one, str)),
        pages=tuple(whole(page) for page in list_of(told.get("pages")) if is_number(page)),
        left={who: whole(at) for who, at in dict_of(told.get("left")).items() if is_number(at)},
        late=whole_or_none(told.get("late")),
        message=_message(told.get("message")),
        help=whole_or_none(told.get("help")),
    )
