"""Workshops: opening one, and what a facilitator sets on the desk.

Every change of the desk and the records that belong to it are one commit: between the first
`room.edit` and `committer.commit` nothing is awaited, so no other command comes in between, and
the committer takes all of it or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from boards.desk import Breakout, Desk, DeskBoard, Person
from boards.desk_edits import put_board, put_breakout, put_fields, put_person
from boards.desk_parts.board_rights import EVERY_BOARD, BoardRights
from boards.document import Document
from boards.edits import new_id, seed_answers
from boards.next_round import carry_over, change_map, without_authors
from boards.schema import SCHEMA_VERSION, Board
from boards.workbook.definition import BoardDefinition, Workbook
from server.access.codes import (
    new_join_code,
    new_return_code,
    new_token,
)
from server.clock import milliseconds
from server.errors import InvalidField
from server.i18n import t
from server.store import NewBoard, Record
from server.sync.access import Access
from server.workshops import records
from server.workshops.input.desk_patch import NewWorkshop, read_patch
from server.workshops.members import Credentials, Desks, Member, document_of
from server.workshops.snapshots.automatic import Automatic
from server.workshops.workbooks import OWN, find_workbook, own_workbook

__all__ = ["Copied", "Created", "Earlier", "Opening", "Seed", "Workshops"]


@dataclass(frozen=True, slots=True)
class Created:
    """A workshop that has just been opened; `token` and `return_code` are the facilitator's."""

    id: str
    person: str
    token: str
    join_code: str
    return_code: str
    boards: tuple[DeskBoard, ...]


@dataclass(frozen=True, slots=True)
class Earlier:
    """The round that a workshop goes on from: its name, its change map, and how it was guided."""

    workshop: str
    title: str
    change: Board | None
    guidance: Mapping[str, Any]

    def json(self) -> dict[str, Any]:
        """What is kept of it, so that it may be deleted."""
        board = None if self.change is None else without_authors(self.change)
        return {"workshop": self.workshop, "title": self.title, "board": board}

    def desk(self) -> dict[str, Any]:
        """Fields of the new desk."""
        previous = {"workshop": self.workshop, "title": self.title}
        return {"previous": previous, "guidance": dict(self.guidance)}


@dataclass(frozen=True, slots=True)
class Seed:
    """A board's first content; `client`: the Yjs client id that has written it."""

    board: DeskBoard
    update: bytes
    client: int


@dataclass(frozen=True, slots=True)
class Opening:
    """What a workshop begins with: its boards, fields of its desk beside the usual ones, group work
    that is over, and further records."""

    boards: Sequence[Seed]
    desk: Mapping[str, Any]
    breakouts: Sequence[Breakout] = ()
    puts: Sequence[Record] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What a new workshop has of another one: boards as they are to stand there, and how all was
    prepared.

    `begins`: key of the board on which everybody begins; `rights` and `scripts`, the notes of those
    who lead, go by a board's key (rights also by `EVERY_BOARD`).
    """

    guidance: Mapping[str, Any]
    boards: Sequence[Seed] = ()
    begins: str | None = None
    rights: Mapping[str, BoardRights] = field(default_factory=dict)
    scripts: Mapping[str, str] = field(default_factory=dict)


class Workshops:
    """Commands on workshops and their desks."""

    def __init__(self, desks: Desks, automatic: Automatic, *, key: bytes) -> None:
        self._desks = desks
        self._automatic = automatic
        self._store = desks.store
        self._rooms = desks.rooms
        self._key = key

    async def create(
        self, new: NewWorkshop, earlier: Earlier | None = None, copied: Copied | None = None
    ) -> Created:
        """Open a workshop with a board for each board of its workbook, in one commit.

        `earlier`: the round that it goes on from; `copied`: what it has of another one.
        Raises InvalidWorkbook.
        """
        now, workshop = milliseconds(), new_id()
        own = new.workbook_toml
        if own is not None:
            workbook = await self._desks.workbooks.read(workshop, own, new.workbook_file)
            new = replace(new, workbook=own_workbook(workshop))
        elif new.workbook.startswith(OWN):  # of another workshop, and none of the asker's business
            raise InvalidField("workbook", expected="an installed workbook", got=new.workbook)
        else:
            workbook = find_workbook(new.workbook)
        seeds = [seed(definition) for definition in workbook.boards]
        puts = [] if own is None else [records.workbook_record(workshop, own)]
        if earlier is not None:
            carry_into(earlier, workbook, seeds, now)
            puts.append(records.previous_record(workshop, earlier.json()))
        values: dict[str, Any] = {} if earlier is None else earlier.desk()
        boards = [Seed(b, doc.get_update(), doc.doc.client_id) for b, doc in seeds]
        if copied is not None:
            known = {each.board.key: each for each in copied.boards}
            boards = [known.get(each.board.key, each) for each in boards]
            ids = {each.board.key: each.board.id for each in boards}
            values |= begin_with(copied, workbook, ids)
            puts += [
                records.script_record(workshop, ids[key], text)
                for key, text in copied.scripts.items()
                if key in ids
            ]
        return await self.open(workshop, new, workbook, Opening(boards, values, puts=puts))

    async def open(
        self, workshop: str, new: NewWorkshop, workbook: Workbook, opening: Opening
    ) -> Created:
        """A new workshop with all that it begins with, in one commit."""
        now, token = milliseconds(), new_token()
        join_code, return_code = new_join_code(), new_return_code()
        facilitator = Person(
            id=new_id(),
            name=new.name or t(new.language, "workshop.facilitator"),
            role="facilitator",
            color=0,
            joined=now,
        )
        boards = tuple(seed.board for seed in opening.boards)
        desk = new_desk(new, workbook, facilitator, boards, join_code)
        with desk.transaction():
            put_fields(desk, opening.desk)
            for breakout in opening.breakouts:
                put_breakout(desk, breakout)
        await self._rooms.committer.commit(
            workshop,
            creates=[
                NewBoard(workshop, new_id(), desk.get_update()),
                *(NewBoard(s.board.id, s.board.lineage, s.update) for s in opening.boards),
            ],
            puts=[
                records.workshop_record(workshop, workbook=new.workbook, at=now),
                records.code_record(workshop, join_code, key=self._key),
                *(records.board_record(workshop, board) for board in boards),
                *(records.owner_record(s.board.id, s.client) for s in opening.boards),
                *records.entry(workshop, facilitator, token, return_code, key=self._key),
                *opening.puts,
            ],
        )
        return Created(workshop, facilitator.id, token, join_code, return_code, boards)

    async def access(self, board: str, credentials: Credentials) -> Access:
        """What the sender may do on a board or desk; see Desks.access."""
        return await self._desks.access(board, credentials)

    async def delivery(self, board: str, credentials: Credentials) -> Access:
        """Whether what the sender wrote is taken on a board now; see Desks.delivery."""
        return await self._desks.delivery(board, credentials)

    def renewed(self, access: Access) -> Access:
        """What holds for this access now; see Desks.renewed."""
        return self._desks.renewed(access)

    async def member(self, workshop: str, credentials: Credentials) -> Member:
        """Who asks; see Desks.member."""
        return await self._desks.member(workshop, credentials)

    async def desk(self, workshop: str) -> Desk:
        """The desk as it stands."""
        return await self._desks.desk(workshop)

    async def seen(self, workshop: str) -> Desk:
        """The same, also where another process serves it: to look at, and no more."""
        return await self._desks.seen(workshop)

    async def desk_update(self, workshop: str) -> bytes:
        """The desk as one Yjs update, with which a browser begins before it is connected."""
        async with self._desks.hold(workshop) as room:
            return document_of(room).get_update()

    async def patch(self, member: Member, body: Mapping[str, Any]) -> Desk:
        """Set what a facilitator may set; all of the body, or nothing of it."""
        member.must_lead()
        async with self._desks.hold(member.workshop) as room:
            before = self._desks.read(room)
            workbook = find_workbook(before.workbook)
            changes = read_patch(body, before, workbook, milliseconds())
            room.edit(lambda document: put_fields(document, changes))
            await self._rooms.committer.commit(member.workshop)
            if changes.keys() & {"locked_parts", "locks", "rights", "votes"}:
                self._desks.reauthorise(room)
            after = self._desks.read(room)
        left = boards_left(before, after, workbook)
        await self._automatic.keep(member.workshop, left, "move", member.person)
        return after


def boards_left(before: Desk, after: Desk, workbook: Workbook) -> list[str]:
    """Which boards the whole team moves on from: the one it was led to, and all of a stage."""
    left = [] if before.board == after.board else [before.board]
    if before.stage != after.stage:
        keys = {board.key for board in workbook.boards if board.stage == before.stage}
        left += [board.id for board in before.boards if board.key in keys and board.group is None]
    return list(dict.fromkeys(board for board in left if board))


def seed(definition: BoardDefinition) -> tuple[DeskBoard, Document]:
    """A new board of a workbook with its first content; only the server ever seeds."""
    board = DeskBoard(id=new_id(), key=definition.key, kind=definition.kind, lineage=new_id())
    document = Document()
    if definition.question_ids:
        seed_answers(document, definition.question_ids)
    return board, document


def carry_into(
    earlier: Earlier, workbook: Workbook, seeds: Sequence[tuple[DeskBoard, Document]], now: int
) -> None:
    """Let new boards go on where an earlier round arrived."""
    definition = change_map(workbook)
    for board, document in seeds:
        if definition is not None and board.key == definition.key and earlier.change is not None:
            carry_over(earlier.change, definition, document, at=now)


def begin_with(copied: Copied, workbook: Workbook, ids: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a desk that is prepared as another was. `ids`: of its boards, by key."""
    places = {EVERY_BOARD: EVERY_BOARD, **ids}
    rights = {places[key]: asdict(each) for key, each in copied.rights.items() if key in places}
    values: dict[str, Any] = {"guidance": dict(copied.guidance), "rights": rights}
    stages = {definition.key: definition.stage for definition in workbook.boards}
    if copied.begins in stages:
        values |= {"board": ids[copied.begins], "stage": stages[copied.begins]}
    return values


def new_desk(
    new: NewWorkshop,
    workbook: Workbook,
    facilitator: Person,
    boards: tuple[DeskBoard, ...],
    join_code: str,
) -> Document:
    """The desk of a workshop at its beginning: first stage, first board, one facilitator."""
    desk = Document()
    values: dict[str, Any] = {
        "title": new.title or workbook.title[new.language],
        "language": new.language,
        "workbook": new.workbook,
        "stage": workbook.stages[0].id,
        "board": boards[0].id,
        "timer": None,
        "announcement": None,
        "locks": {},
        "join_code": join_code,
        "joining": new.joining,
        "schema": SCHEMA_VERSION,
    }
    with desk.transaction():
        put_fields(desk, values)
        put_person(desk, facilitator)
        for board in boards:
            put_board(desk, board)
    return desk
