"""The export of a whole workshop, read into what a new one is made of. Pure; for another process.

Everything is checked before anything is made, and the first thing that does not fit is told with
its place. Keys that are not known are left alone: later exports may have more of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from boards.desk import DOTS_LIMIT, Breakout, DeskBoard, Group, Voting
from boards.document import Document
from boards.edits import new_id
from boards.interchange import board_json, voters_for, write_whole_board
from boards.schema import Board
from boards.texts import LANGUAGES
from boards.workbook.definition import BoardDefinition, Workbook
from boards.workbook.installed import available, load
from server.errors import Malformed
from server.exports.formats.json import WORKSHOP_SCHEMA, WORKSHOP_VERSION
from server.workshops.breakouts.breakouts import MOST_BREAKOUTS, MOST_OPEN_GROUPS
from server.workshops.imports.board import Bounds, read_board, read_content, read_time
from server.workshops.imports.ids import Ids, renamed_board
from server.workshops.imports.place import Misplaced, Place
from server.workshops.imports.survey import Round, read_rounds
from server.workshops.input import fields
from server.workshops.input.desk_patch import TITLE_CHARACTERS
from server.workshops.input.guidance import read_guidance
from server.workshops.workshops import Seed

__all__ = ["Fault", "Outdated", "Plan", "Wanted", "read_export"]

T = TypeVar("T")

WORKBOOK_CHARACTERS = 262_144  # of a workbook's file, as when a workshop is opened with one
MOST_PAGES = 40
STEP = re.compile(r"\[(\d+)\]")
HALF_PAIR = re.compile(rb"\\u[dD][89a-fA-F]")  # may be half of a surrogate pair


@dataclass(frozen=True, slots=True)
class Fault:
    """Where an export cannot be read, and why: what Misplaced is made of."""

    pointer: str
    rule: str
    values: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Outdated:
    """An export of another version than the one that is read; 0: it does not say."""

    version: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """A workbook that has to be read first: its file, and what the file is called."""

    toml: str
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a new workshop is made of. `desk`: fields of the desk. `previous`: as of its record."""

    title: str
    language: str
    workbook: str
    toml: str | None
    desk: Mapping[str, Any]
    boards: Sequence[Seed]
    breakouts: Sequence[Breakout]
    rounds: Sequence[Round]
    previous: Mapping[str, Any] | None


def read_export(
    body: bytes, workbook: Workbook | None, bounds: Bounds, now: int
) -> Plan | Wanted | Outdated | Fault:
    """A plan, or why there is none. `workbook`: as Wanted asked; `now`: ms since the epoch."""
    try:
        top = Place(parsed(body))
        if top.at("schema").value != WORKSHOP_SCHEMA:
            top.at("schema").fail("schema")
        version = top.at("version").value
        if version != WORKSHOP_VERSION:
            return Outdated(version if isinstance(version, int) else 0)
        toml = read_toml(top.at("workbook"))
        if toml is None:
            workbook = load(top.at("workbook").at("id").id())
        elif workbook is None:
            return Wanted(toml, f"{top.at('workbook').at('id').id()}.toml")
        return Reader(top, workbook, bounds, now).plan(toml)
    except Misplaced as fault:
        return Fault(fault.pointer, fault.rule, fault.values)


def parsed(body: bytes) -> object:
    """Raises Misplaced with what the parser says."""
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=refused)
        if HALF_PAIR.search(body):
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise Misplaced("", "json", {"got": json_fault(error)}) from error
    return value


def refused(name: str) -> None:
    raise ValueError(name)


def json_fault(error: Exception) -> str:
    """What is wrong with it, and where: the parser's own words are of no harm."""
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, column {error.colno}: {error.msg}"
    return type(error).__name__


def read_toml(place: Place) -> str | None:
    """The workbook's file; None for one that is installed here."""
    toml, id = place.at("toml"), place.at("id")
    if toml.value is not None:
        return toml.text(WORKBOOK_CHARACTERS)
    if id.value not in available():
        id.fail("installed", known=", ".join(available()))
    return None


class Reader:
    """One export on its way to a plan."""

    def __init__(self, top: Place, workbook: Workbook, bounds: Bounds, now: int) -> None:
        self._top, self._workbook, self._bounds, self._now = top, workbook, bounds, now
        self._ids = Ids()

    def plan(self, toml: str | None) -> Plan:
        boards = self._boards()
        known = [board.id for board in boards.values()]
        breakouts = [self._breakout(each, known) for each in self._breakouts()]
        previous, earlier = self._previous()
        names = self._ids.names()
        rounds = self._rounds()
        return Plan(
            title=self._title(),
            language=self._top.at("workshop").at("language").choice(LANGUAGES),
            workbook=self._workbook.id,
            toml=toml,
            desk={**self._desk(known, names), "assessment": last_rounds(rounds)},
            boards=[self._made(definition, boards, names) for definition in self._workbook.boards],
            breakouts=[renamed_breakout(each, names) for each in breakouts],
            rounds=rounds,
            previous=renamed_previous(previous, earlier, names),
        )

    def _title(self) -> str:
        place = self._top.at("workshop").at("title")
        return taken(place, lambda v: fields.text(v, "title", most=TITLE_CHARACTERS))

    def _boards(self) -> dict[str, Board]:
        """By key. One that the export does not have begins empty."""
        found: dict[str, Board] = {}
        definitions = {board.key: board for board in self._workbook.boards}
        for place in self._top.at("boards").list(len(definitions)):
            key = place.at("key").choice(definitions)
            if key in found:
                place.at("key").fail("once")
            board = read_board(place, definitions[key], self._bounds, self._ids)
            if any(board.id == other.id for other in found.values()):
                place.at("id").fail("once")
            found[key] = board
        return found

    def _made(
        self, definition: BoardDefinition, boards: Mapping[str, Board], names: Mapping[str, str]
    ) -> Seed:
        told = boards.get(definition.key)
        if told is None:
            answers = dict.fromkeys(definition.question_ids, "")
            board = Board(id=new_id(), kind=definition.kind, key=definition.key, answers=answers)
        else:
            board = renamed_board(told, names)
        document = Document()
        write_whole_board(document, board, [new_id() for _ in range(voters_for(board))])
        update = document.get_update()
        if len(update) > self._bounds.board_bytes:
            at = list(boards).index(definition.key)
            most = self._bounds.board_bytes
            Place(len(update), f"/boards/{at}").fail("fits", most=most)
        entry = DeskBoard(id=board.id, key=board.key, kind=board.kind, lineage=new_id())
        return Seed(entry, update, document.doc.client_id)

    def _desk(self, known: Sequence[str], names: Mapping[str, str]) -> dict[str, Any]:
        """The fields of the desk that come along."""
        top = self._top
        board = top.at("board")
        led = None if board.value is None else names[board.choice(known)]
        locks = [each.choice(known) for each in top.at("locks").list(len(known))]
        votes = top.at("votes").entries(len(known))
        return {
            "stage": top.at("stage").choice([stage.id for stage in self._workbook.stages]),
            "board": led,
            "locks": {names[each]: True for each in locks},
            "votes": {
                names[Place(id, place.pointer).choice(known)]: asdict(read_voting(place))
                for id, place in votes
            },
            "guidance": taken(
                top.at("guidance"), lambda value: read_guidance(value, self._workbook)
            ),
        }

    def _breakouts(self) -> list[Place]:
        found = self._top.at("breakouts").list(MOST_BREAKOUTS)
        seen: set[str] = set()
        groups = [group for each in found for group in each.at("groups").list(MOST_OPEN_GROUPS)]
        for place in (each.at("id") for each in (*found, *groups)):
            if place.id() in seen:
                place.fail("once")
            seen.add(place.id())
        return found

    def _breakout(self, place: Place, known: Sequence[str]) -> Breakout:
        """Over, whatever it was: its groups' boards and people do not come along."""
        merged = place.at("merged")
        breakout = Breakout(
            id=place.at("id").id(),
            board=place.at("board").choice(known),
            state="closed",
            created=read_time(place.at("created")),
            merged=None if merged.value is None else read_time(merged),
            closed=self._now,
            groups=tuple(read_group(each) for each in place.at("groups").list(MOST_OPEN_GROUPS)),
        )
        self._ids.meet(breakout.id, *(group.id for group in breakout.groups))
        return breakout

    def _rounds(self) -> tuple[Round, ...]:
        """Of the boards that are surveys."""
        forms = {form.id: form for board in self._workbook.boards for form in board.forms}
        return tuple(
            round
            for place in self._top.at("boards").list(len(self._workbook.boards))
            if "assessment" in place.object()
            for round in read_rounds(place.at("assessment"), forms)
        )

    def _previous(self) -> tuple[Mapping[str, Any] | None, Board | None]:
        """The round before, and its change map, under the ids of the export."""
        place = self._top.at("previous")
        if place.value is None:
            return None, None
        title = place.at("title").text(TITLE_CHARACTERS)
        workshop = place.at("workshop").id()
        self._ids.meet(workshop)
        board = place.at("board")
        if board.value is None:
            return {"workshop": workshop, "title": title}, None
        kind, key = board.at("kind").id(), board.at("key").id()
        content = read_content(board, kind, key, self._bounds, self._ids)
        return {"workshop": workshop, "title": title}, content


def read_group(place: Place) -> Group:
    pages = place.at("pages").list(MOST_PAGES)
    return Group(
        id=place.at("id").id(),
        name=taken(place.at("name"), fields.name),
        board=new_id(),  # none that there is: it stayed behind
        pages=tuple(page.whole(1, MOST_PAGES) for page in pages),
    )


def read_voting(place: Place) -> Voting:
    return Voting(
        dots=place.at("dots").whole(1, DOTS_LIMIT),
        hidden=place.at("hidden").flag(),
        open=place.at("open").flag(),
    )


def taken(place: Place, read: Callable[[Any], T]) -> T:
    """A value as a command takes it. Its errors name fields with dots: `guidance.stages[0].id`."""
    try:
        return read(place.value)
    except Malformed as error:
        told = error.values
        pointer = below(place, str(told.get("field", "")))
        if "most" in told:
            values = {"most": told["most"], "got": told["got"]}
            raise Misplaced(pointer, "text-long", values) from error
        values = {"expected": told.get("expected", "a name"), "got": told.get("got", "")}
        raise Misplaced(pointer, "taken", values) from error


def below(place: Place, field: str) -> str:
    """The pointer to a field of a command that stands at `place`."""
    _, *steps = STEP.sub(r".\1", field).split(".")
    return "/".join([place.pointer, *steps])


def last_rounds(rounds: Sequence[Round]) -> dict[str, Any]:
    """As the desk tells of surveys."""
    last: dict[str, int] = {}
    for each in rounds:
        last[each.form] = max(each.number, last.get(each.form, 0))
    return {form: {"round": number, "state": "closed"} for form, number in last.items()}


def renamed_breakout(breakout: Breakout, names: Mapping[str, str]) -> Breakout:
    groups = tuple(
        Group(id=names[group.id], name=group.name, board=group.board, pages=group.pages)
        for group in breakout.groups
    )
    return Breakout(
        id=names[breakout.id],
        board=names[breakout.board],
        state=breakout.state,
        created=breakout.created,
        merged=breakout.merged,
        closed=breakout.closed,
        groups=groups,
    )


def renamed_previous(
    told: Mapping[str, Any] | None, board: Board | None, names: Mapping[str, str]
) -> Mapping[str, Any] | None:
    if told is None:
        return None
    content = None if board is None else board_json(renamed_board(board, names))
    return {"workshop": names[told["workshop"]], "title": told["title"], "board": content}
