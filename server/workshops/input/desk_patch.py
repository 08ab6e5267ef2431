"""What a facilitator may ask of the desk: the bodies of commands, read into values. Pure."""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from dataclasses import fields as dataclass_fields
from typing import Any

from boards.desk import DOTS_LIMIT, JOINING, Announcement, Desk, Timer, Voting
from boards.desk_parts.board_rights import (
    EVERY_BOARD,
    MOST_NOTES,
    NOTHING_LOCKED,
    SCOPES,
    BoardRights,
    LockedParts,
)
from boards.edits import new_id
from boards.workbook.definition import Workbook
from server.errors import InvalidField
from server.i18n import LANGUAGES
from server.workshops.input import fields
from server.workshops.input.course import arrival, read_invitation, read_starts
from server.workshops.input.guidance import changed_guidance, read_guidance
from server.workshops.rights import board_rights, find_board

__all__ = ["NewWorkshop", "read_new_workshop", "read_patch"]

TITLE_CHARACTERS = 120
ANNOUNCEMENT_CHARACTERS = 500
TIMER_SECONDS = 86_400
TIMER_CHANGES = ("add_seconds", "pause")  # of the one that is there; and what it locks
LOCKED_NOTES = 500  # of a board
ID_CHARACTERS = 100
USUAL_DOTS = 3
FAR_FUTURE = 32_503_680_000_000  # the year 3000, ms since the epoch
NEW_WORKSHOP = (
    *("workbook", "workbook_toml", "workbook_file"),
    *("title", "language", "name", "joining"),
)

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NewWorkshop:
    """What a workshop is opened with; an empty title means the workbook's own."""

    workbook: str
    title: str
    language: str
    name: str | None = None  # of the facilitator
    workbook_toml: str | None = None  # brought along, in place of an installed one
    workbook_file: str | None = None  # what its file is called, for messages
    joining: str = "open"  # "closed": who leads prepares it before anybody comes


def read_new_workshop(body: Fields) -> NewWorkshop:
    """The body of POST /api/workshops; everything has a default."""
    fields.known_fields(body, NEW_WORKSHOP)
    title = body.get("title") or ""
    name, toml, file = (body.get(key) for key in ("name", "workbook_toml", "workbook_file"))
    if toml is not None and not isinstance(toml, str):
        raise InvalidField("workbook_toml", expected="a workbook as TOML text", got=toml)
    return NewWorkshop(
        workbook=fields.text(body.get("workbook", "valoa"), "workbook", most=60),
        title=title and fields.text(title, "title", most=TITLE_CHARACTERS),
        language=fields.choice(body.get("language", "fi"), "language", LANGUAGES),
        name=None if name is None else fields.name(name),
        workbook_toml=toml,
        workbook_file=None if file is None else fields.text(file, "workbook_file", most=120),
        joining=fields.choice(body.get("joining", "open"), "joining", JOINING),
    )


def read_patch(body: Fields, desk: Desk, workbook: Workbook, now: int) -> dict[str, Any]:
    """The desk fields that PATCH /api/workshops/{id} sets; `now`: ms since the epoch."""
    stages = [stage.id for stage in workbook.stages]
    readers: dict[str, Callable[[Any], Any]] = {
        "stage": lambda value: fields.choice(str(value), "stage", stages),
        "title": lambda value: fields.text(value, "title", most=TITLE_CHARACTERS),
        "timer": lambda value: read_timer(value, now, desk),
        "locks": lambda value: read_locks(value, desk),
        "announcement": lambda value: read_announcement(value, now),
        "board": lambda value: read_board(value, desk),
        "invitation": lambda value: read_invitation(value, desk, shared_board, now),
        "starts": lambda value: read_starts(value, desk, shared_board),
        "joining": lambda value: fields.choice(value, "joining", JOINING),
        "rights": lambda value: read_rights(value, desk),
        "locked_parts": lambda value: read_locked_parts(value, desk, workbook),
        "votes": lambda value: read_votes(value, desk),
        "guidance": lambda value: read_guidance(value, workbook),
    }
    fields.known_fields(body, (*readers, "guidance_change"))
    told = dict(body)
    change = told.pop("guidance_change", None)
    found = {field: readers[field](value) for field, value in told.items()}
    if found.get("board") is not None:
        found = {**arrival(desk, found["board"], now), **found}
    if change is not None:
        before = found.get("guidance", desk.guidance)
        found["guidance"] = changed_guidance(before, change, workbook)
    return found


def read_timer(value: object, now: int, desk: Desk) -> Timer | None:
    """null stops it; `{seconds}` starts it; `ends` (ms) and `paused` (seconds left) refine it.

    `{add_seconds}` and `{pause: true or false}` change the one that is there, and so does
    `{locks}`, a shared board or null, without `seconds`.
    """
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise InvalidField("timer", expected="null or an object with seconds", got=value)
    changes = any(key in value for key in TIMER_CHANGES) or list(value) == ["locks"]
    known = (*(TIMER_CHANGES if changes else ("seconds", "ends", "paused")), "locks")
    fields.known_fields(
        {f"timer.{key}": value[key] for key in value}, [f"timer.{k}" for k in known]
    )
    timer = change_timer(value, now, desk.timer) if changes else new_timer(value, now)
    if timer is None or "locks" not in value:
        return timer
    board = value["locks"]
    return replace(timer, locks=None if board is None else shared_board(board, desk, "timer.locks"))


def change_timer(value: Fields, now: int, timer: Timer | None) -> Timer | None:
    """Whoever pressed saw a timer; if it was stopped meanwhile, it stays so."""
    if timer is None:
        return None
    if "add_seconds" in value:
        more = fields.whole(
            value["add_seconds"], "timer.add_seconds", least=-TIMER_SECONDS, most=TIMER_SECONDS
        )
        timer = longer(timer, more, now)
    if "pause" in value:
        pauses = fields.boolean(value["pause"], "timer.pause")
        timer = paused(timer, now) if pauses else gone_on(timer, now)
    return timer


def longer(timer: Timer, more: int, now: int) -> Timer:
    """So many seconds more, paused or not; what is over begins again with them."""
    left = min(max(0, seconds_left(timer, now) + more), TIMER_SECONDS)
    seconds = min(max(timer.seconds + more, left, 1), TIMER_SECONDS)
    if timer.paused is not None:
        return replace(timer, ends=now + 1000 * left, seconds=seconds, paused=left)
    ends = max(now, max(timer.ends, now) + 1000 * more)
    return replace(timer, ends=ends, seconds=seconds)


def paused(timer: Timer, now: int) -> Timer:
    """Standing still; what is over, or stands still, stays as it is."""
    left = seconds_left(timer, now)
    return timer if left == 0 or timer.paused is not None else replace(timer, paused=left)


def gone_on(timer: Timer, now: int) -> Timer:
    """Running again from where it stood."""
    if timer.paused is None:
        return timer
    return replace(timer, ends=now + 1000 * max(1, timer.paused), paused=None)


def seconds_left(timer: Timer, now: int) -> int:
    """Whole seconds, as everybody is shown them; `now`: ms since the epoch."""
    if timer.paused is not None:
        return timer.paused
    return max(0, math.ceil((timer.ends - now) / 1000))


def new_timer(value: Fields, now: int) -> Timer:
    """One that is told whole."""
    seconds = fields.whole(value.get("seconds"), "timer.seconds", least=1, most=TIMER_SECONDS)
    paused, ends = value.get("paused"), value.get("ends")
    if paused is not None:
        paused = fields.whole(paused, "timer.paused", least=0, most=TIMER_SECONDS)
    if ends is None:
        ends = now + 1000 * (seconds if paused is None else paused)
    ends = fields.whole(ends, "timer.ends", least=0, most=FAR_FUTURE)
    return Timer(ends=ends, seconds=seconds, paused=paused)


def read_locks(value: object, desk: Desk) -> dict[str, bool]:
    """The locks that hold afterwards: boards named with true are added, with false removed."""
    if not isinstance(value, Mapping):
        raise InvalidField("locks", expected="an object of board id: true or false", got=value)
    locks = dict(desk.locks)
    for board, is_locked in value.items():
        field = f"locks.{shared_board(board, desk, 'locks')}"
        locks[board] = fields.boolean(is_locked, field)
    return {board: True for board, is_locked in locks.items() if is_locked}


def read_rights(value: object, desk: Desk) -> dict[str, Any]:
    """What participants may do afterwards: what is told of a board changes, the rest stays.

    `*` is every board that has none of its own; null lets a board be as those.
    """
    if not isinstance(value, Mapping):
        raise InvalidField("rights", expected="an object of board id: rights, or null", got=value)
    rights = dict(desk.rights)
    for name, told in value.items():
        board = EVERY_BOARD if name == EVERY_BOARD else shared_board(name, desk, "rights")
        if told is None:
            rights.pop(board, None)
        else:
            rights[board] = read_board_rights(told, f"rights.{board}", board_rights(desk, board))
    return {board: asdict(each) for board, each in rights.items()}


def read_board_rights(value: object, field: str, before: BoardRights) -> BoardRights:
    """`{add?, edit?, move?, delete?, most?}`; what is left out stays as it was."""
    if not isinstance(value, Mapping):
        raise InvalidField(
            field, expected="an object with add, edit, move, delete, most, anonymous", got=value
        )
    known = {f"{field}.{each.name}": each.name for each in dataclass_fields(BoardRights)}
    told = {f"{field}.{key}": entry for key, entry in value.items()}
    fields.known_fields(told, list(known))
    found: dict[str, Any] = {}
    for name, entry in told.items():
        if known[name] in ("add", "anonymous"):
            found[known[name]] = fields.boolean(entry, name)
        elif known[name] != "most":
            found[known[name]] = fields.choice(entry, name, SCOPES)
        else:
            most = None if entry is None else fields.whole(entry, name, least=1, most=MOST_NOTES)
            found["most"] = most
    after = replace(before, **found)
    if after.add and after.edit == "none":
        raise InvalidField(
            f"{field}.edit", expected="all or own where notes may be added", got="none"
        )
    is_by_author = after.most or "own" in (after.edit, after.move, after.delete)
    if after.anonymous and is_by_author:
        expected = "false where rights or the number of notes depend on who wrote them"
        raise InvalidField(f"{field}.anonymous", expected=expected, got=True)
    return after


def read_locked_parts(value: object, desk: Desk, workbook: Workbook) -> dict[str, Any]:
    """What is locked afterwards: zones and notes named with true are added, with false removed."""
    if not isinstance(value, Mapping):
        expected = "an object of board id: zones and notes"
        raise InvalidField("locked_parts", expected=expected, got=value)
    locked = dict(desk.locked_parts)
    for name, told in value.items():
        board = shared_board(name, desk, "locked_parts")
        field = f"locked_parts.{board}"
        if not isinstance(told, Mapping):
            raise InvalidField(field, expected="an object with zones, notes", got=told)
        given = {f"{field}.{key}": entry for key, entry in told.items()}
        fields.known_fields(given, [f"{field}.zones", f"{field}.notes"])
        before = locked.get(board, NOTHING_LOCKED)
        zones = locked_after(before.zones, told.get("zones", {}), f"{field}.zones")
        notes = locked_after(before.notes, told.get("notes", {}), f"{field}.notes")
        known = zones_of(desk, board, workbook)
        unknown = next((zone for zone in zones if zone not in known), None)
        if unknown is not None:
            expected = f"one of {', '.join(known)}"
            raise InvalidField(f"{field}.zones", expected=expected, got=unknown)
        if len(notes) > LOCKED_NOTES:
            expected = f"at most {LOCKED_NOTES} notes that are locked"
            raise InvalidField(f"{field}.notes", expected=expected, got=len(notes))
        locked[board] = LockedParts(zones=zones, notes=notes)
    return {board: asdict(each) for board, each in locked.items() if each != NOTHING_LOCKED}


def locked_after(before: tuple[str, ...], value: object, field: str) -> tuple[str, ...]:
    """Ids in their order; of notes they have the shape of one, whether it is there or not."""
    if not isinstance(value, Mapping):
        raise InvalidField(field, expected="an object of id: true or false", got=value)
    told = {key: fields.boolean(entry, f"{field}.{key}") for key, entry in value.items()}
    strange = next((key for key in told if len(key) > ID_CHARACTERS), None)
    if strange is not None:
        raise InvalidField(field, expected="ids", got=strange)
    kept = [each for each in before if told.get(each, True)]
    return (*kept, *(key for key, is_locked in told.items() if is_locked and key not in kept))


def zones_of(desk: Desk, board: str, workbook: Workbook) -> tuple[str, ...]:
    """Ids of the zones of a board, or of the cells of a grid."""
    place = find_board(desk, board)
    found = (each for each in workbook.boards if place is not None and each.key == place.key)
    return next((each.zone_ids for each in found), ())


def read_votes(value: object, desk: Desk) -> dict[str, Any]:
    """How boards are voted on afterwards: what is told of a board changes, the rest stays."""
    if not isinstance(value, Mapping):
        raise InvalidField("votes", expected="an object of board id: how it is voted on", got=value)
    votes = dict(desk.votes)
    for name, told in value.items():
        board = shared_board(name, desk, "votes")
        votes[board] = read_voting(
            told, f"votes.{board}", votes.get(board, Voting(dots=USUAL_DOTS))
        )
    return {board: asdict(voting) for board, voting in votes.items()}


def read_voting(value: object, field: str, before: Voting) -> Voting:
    """`{dots?, hidden?, open?}`; what is left out stays as it was.

    `add_dots` in place of `dots` gives more or fewer than before, within the limits.
    """
    if not isinstance(value, Mapping):
        raise InvalidField(field, expected="an object with dots, hidden, open", got=value)
    told = {f"{field}.{key}": entry for key, entry in value.items()}
    fields.known_fields(told, [f"{field}.{key}" for key in ("dots", "add_dots", "hidden", "open")])
    dots = fields.whole(value.get("dots", before.dots), f"{field}.dots", least=1, most=DOTS_LIMIT)
    more = fields.whole(
        value.get("add_dots", 0), f"{field}.add_dots", least=-DOTS_LIMIT, most=DOTS_LIMIT
    )
    return Voting(
        dots=min(max(1, dots + more), DOTS_LIMIT),
        hidden=fields.boolean(value.get("hidden", before.hidden), f"{field}.hidden"),
        open=fields.boolean(value.get("open", before.open), f"{field}.open"),
    )


def read_announcement(value: object, now: int) -> Announcement | None:
    """null takes it down; a text, or `{text}`, is shown to everybody."""
    if value is None:
        return None
    if isinstance(value, Mapping):
        fields.known_fields(value, ("text",))
        value = value.get("text")
    words = fields.text(value, "announcement.text", most=ANNOUNCEMENT_CHARACTERS, lines=True)
    return Announcement(id=new_id(), text=words, at=now)


def read_board(value: object, desk: Desk) -> str | None:
    """null leaves everybody where they are; a shared board leads everybody there."""
    return None if value is None else shared_board(value, desk, "board")


def shared_board(value: object, desk: Desk, field: str) -> str:
    """The id of a board that the whole workshop sees."""
    board = find_board(desk, value) if isinstance(value, str) else None
    if board is None or board.group is not None:
        raise InvalidField(field, expected="the id of a shared board", got=value)
    return board.id
