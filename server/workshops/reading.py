"""Reading boards and snapshots as values, for people who may see them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from boards.desk import Breakout, Desk, DeskBoard
from boards.document import Document
from boards.errors import BoardError
from boards.schema import Board, board_json, read_board
from server.errors import BoardGone, SnapshotGone
from server.exports.context import ExportContext, GroupMark, Neighbour
from server.store import StoreCorrupted
from server.sync.access import Access
from server.workshops.assessment import Assessment
from server.workshops.desks import Credentials, Desks, document_of
from server.workshops.rights import find_board, voting
from server.workshops.splitting import letter
from server.workshops.workbooks import board_definition, workbook_of

__all__ = ["Reading", "Snapshot"]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A kept state of a board. `at`: ms since the epoch; `cause`: merge, or by hand."""

    id: str
    name: str
    at: int
    board: str
    cause: str

    @classmethod
    def of(cls, snapshot: str, value: Mapping[str, Any]) -> "Snapshot":
        """From its record."""
        return cls(snapshot, value["name"], value["at"], value["board"], value["cause"])


class Reading:
    """What may be read of a workshop beside its live documents."""

    def __init__(self, desks: Desks, assessment: Assessment) -> None:
        self._assessment = assessment
        self._desks = desks
        self._store = desks.store
        self._rooms = desks.rooms

    async def board(self, board: str, credentials: Credentials) -> dict[str, Any]:
        """A board as JSON. Raises as Desks.access does."""
        desk, place, access = await self._find(board, credentials)
        async with self._rooms.hold(board) as room:
            content = board_json(as_board(document_of(room), desk, place))
        return without_votes(content) if hides_votes(desk, access) else content

    async def snapshots(self, board: str, credentials: Credentials) -> list[Snapshot]:
        """The snapshots of a board, oldest first."""
        await self._find(board, credentials)
        found = await self._store.find("snapshot", board)
        return [Snapshot.of(snapshot, value) for snapshot, value in found]

    async def snapshot(
        self, snapshot: str, credentials: Credentials
    ) -> tuple[Snapshot, dict[str, Any]]:
        """A snapshot and the board as it was then. Raises SnapshotGone, or as Desks.access."""
        value = await self._store.get("snapshot", snapshot)
        blob = await self._store.blob("snapshot", snapshot)
        if value is None or blob is None:
            raise SnapshotGone("no such snapshot")
        desk, place, access = await self._find(value["board"], credentials)
        try:
            document = Document(blob)
        except BoardError as error:
            raise StoreCorrupted("a snapshot does not open") from error
        content = board_json(as_board(document, desk, place))
        shown = without_votes(content) if hides_votes(desk, access) else content
        return Snapshot.of(snapshot, value), shown

    async def export_context(
        self, board: str, credentials: Credentials, language: str
    ) -> ExportContext:
        """Everything that an export of a board needs, as plain values."""
        desk, place, access = await self._find(board, credentials)
        workshop = await self._desks.board_workshop(board)
        context = await self.whole_context(workshop, desk, place, language)
        return replace(context, hides_votes=hides_votes(desk, access))

    async def whole_context(
        self, workshop: str, desk: Desk, place: DeskBoard, language: str
    ) -> ExportContext:
        """The same as the facilitator is told it, for whoever has the data folder."""
        async with self._rooms.hold(place.id) as room:
            context = export_context(workshop, desk, place, document_of(room), language)
        context = replace(context, around=await self._around(desk))
        if place.kind != "survey":
            return context
        return replace(context, assessment=await self._assessment.closed_rounds(workshop))

    async def _around(self, desk: Desk) -> list[Neighbour]:
        """The shared boards, which everybody of a workshop may see: links lead to them."""
        definitions = {board["key"]: board for board in workbook_of(desk).json()["boards"]}
        shared = {place.key: place for place in desk.boards if place.group is None}
        found = []
        for key in (key for key in definitions if key in shared):
            place = shared[key]
            async with self._rooms.hold(place.id) as room:
                board = as_board(document_of(room), desk, place)
            found.append(Neighbour(place.id, board, definitions[key]))
        return found

    async def _find(self, board: str, credentials: Credentials) -> tuple[Desk, DeskBoard, Access]:
        """A board that the sender may see, and its desk; a desk itself has a call of its own."""
        access = await self._desks.access(board, credentials)
        desk = await self._desks.desk(access.workshop)
        place = find_board(desk, board)
        if place is None:
            raise BoardGone("not on the desk")
        return desk, place, access


def hides_votes(desk: Desk, access: Access) -> bool:
    """Whether somebody is not told how many dots notes have: until the facilitator reveals it."""
    how = voting(desk, access.board)
    return how is not None and how.hidden and access.role != "facilitator"


def without_votes(content: dict[str, Any]) -> dict[str, Any]:
    """A board as JSON with null for every number of dots."""
    return {**content, "notes": [{**note, "votes": None} for note in content["notes"]]}


def as_board(document: Document, desk: Desk, place: DeskBoard) -> Board:
    """A document read as the board that the desk lists, notes in reading order."""
    definition = board_definition(desk.workbook, place.key)
    zones = definition.zone_ids if definition else ()
    return read_board(document, place.id, place.kind, place.key, zones=zones)


def export_context(
    workshop: str, desk: Desk, place: DeskBoard, document: Document, language: str
) -> ExportContext:
    """What an export is made from; observers are no part of the work."""
    workbook = workbook_of(desk).json()
    definitions = {definition["key"]: definition for definition in workbook["boards"]}
    return ExportContext(
        workshop_id=workshop,
        workshop=desk.title,
        language=language,
        definition=definitions.get(place.key, {}),
        board=as_board(document, desk, place),
        exported_at=datetime.now(UTC).astimezone(),
        groups=group_marks(desk, place),
        people={person.id: person.name for person in desk.people if person.role != "observer"},
        group=place.group,
        breakout=breakout_number(desk, place),
        shared=next((b.board for b in desk.breakouts if b.id == place.breakout), None),
        marks=all_marks(desk),
    )


def breakout_number(desk: Desk, place: DeskBoard) -> int:
    """From 1: which breakout of its shared board a group's board is from; 1 for a shared board."""
    own = next((b for b in desk.breakouts if b.id == place.breakout), None)
    if own is None:
        return 1
    return [b.id for b in desk.breakouts if b.board == own.board].index(own.id) + 1


def group_marks(desk: Desk, place: DeskBoard) -> dict[str, GroupMark]:
    """The groups whose marks can stand on notes of this board: of its breakouts, or of its own."""
    own = (b for b in desk.breakouts if b.board == place.id or b.id == place.breakout)
    return {id: mark for breakout in own for id, mark in marks_of(breakout).items()}


def all_marks(desk: Desk) -> dict[str, GroupMark]:
    """The groups of all breakouts."""
    return {id: mark for breakout in desk.breakouts for id, mark in marks_of(breakout).items()}


def marks_of(breakout: Breakout) -> dict[str, GroupMark]:
    """The groups of one breakout, as people know them."""
    return {
        group.id: GroupMark(name=group.name, letter=letter(index), index=index)
        for index, group in enumerate(breakout.groups)
    }
