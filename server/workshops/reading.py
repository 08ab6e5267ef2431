"""Reading boards and snapshots as values, for people who may see them."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from boards.desk import Breakout, Desk, DeskBoard, letter
from boards.document import Document
from boards.errors import BoardError
from boards.schema import Board, read_board
from server.errors import BoardGone
from server.exports.context import ExportContext, GroupMark, WorkshopFacts
from server.exports.elsewhere import Elsewhere
from server.exports.sources import SMALL_BYTES, Source, Unread, board_body
from server.exports.view.wording import words
from server.exports.whole import Whole
from server.store import StoreCorrupted, StoredHistory
from server.sync.access import Access
from server.workshops.errors import SnapshotGone
from server.workshops.input import fields
from server.workshops.members import Credentials, Desks, document_of
from server.workshops.rights import find_board, voting
from server.workshops.snapshots.replay import Replay, body_at, replay_of, weight_of
from server.workshops.snapshots.snapshot import Listed, Snapshot, listed
from server.workshops.surveys.surveys import Assessment
from server.workshops.workbooks import board_definition, find_workbook, workbook_of

__all__ = ["Reading", "stage_of"]


class Reading:
    """What may be read of a workshop beside its live documents."""

    def __init__(self, desks: Desks, assessment: Assessment) -> None:
        self.elsewhere = Elsewhere()
        self.for_leaders = Elsewhere()  # nobody who only reads takes a turn from their commands
        self._assessment = assessment
        self._desks = desks
        self._store = desks.store
        self._rooms = desks.rooms

    async def board(self, board: str, credentials: Credentials) -> bytes:
        """A board as JSON. Raises as Desks.access does, and NotDone if it takes too long."""
        desk, entry, access = await self._find(board, credentials)
        async with self._rooms.hold(board) as room:
            source = source_of(document_of(room), desk, entry)
        return await self._body(source, access, hidden=hides_votes(desk, access))

    async def snapshots(self, board: str, credentials: Credentials) -> list[Listed]:
        """The snapshots of a board, oldest first."""
        desk, _, _ = await self._find(board, credentials)
        found = await self._store.find("snapshot", board)
        merges = dict(await self._store.find("merged", board))
        return [listed(desk, Snapshot.of(id, value), merges.get(id)) for id, value in found]

    async def snapshot(self, snapshot: str, credentials: Credentials) -> tuple[Listed, bytes]:
        """A snapshot and, as JSON, the board as it was then.

        Raises SnapshotGone, or as `board`.
        """
        value, blob = await self._kept(snapshot)
        desk, entry, access = await self._find(value["board"], credentials)
        source = Source(blob, entry.id, entry.kind, entry.key, zones_of(desk, entry))
        body = await self._body(source, access, hidden=hides_votes(desk, access))
        merge = await self._store.get("merged", snapshot)
        return listed(desk, Snapshot.of(snapshot, value), merge), body

    async def moments(self, board: str, credentials: Credentials) -> Replay:
        """How a board came about, step by step. Raises as `board`."""
        _, _, access = await self._find(board, credentials)
        history = await self._history(board)
        if weight_of(history) <= SMALL_BYTES:
            return replay_of(history, board)
        return await self.elsewhere.run(access.workshop, replay_of, history, board)

    async def moment(self, board: str, seq: int, credentials: Credentials) -> bytes:
        """A board as JSON as it stood after update `seq`. Raises as `board`."""
        desk, entry, access = await self._find(board, credentials)
        history, hidden = await self._history(board), hides_votes(desk, access)
        nameless = access.allowed.anonymous
        source = Source(b"", entry.id, entry.kind, entry.key, zones_of(desk, entry))
        if weight_of(history) <= SMALL_BYTES:
            return body_at(history, seq, source, hides_votes=hidden, hides_authors=nameless)
        hides = {"hides_votes": hidden, "hides_authors": nameless}
        return await self.elsewhere.run(access.workshop, body_at, history, seq, source, **hides)

    async def _history(self, board: str) -> StoredHistory:
        found = await self._store.history(board)
        if found is None:
            raise BoardGone("no history of it")
        return found

    async def pictured(self, snapshot: str, credentials: Credentials, language: str) -> Unread:
        """A snapshot as exports read it, for a picture of it. Raises as `snapshot`."""
        value, blob = await self._kept(snapshot)
        desk, entry, access = await self._find(value["board"], credentials)
        context = export_context(access.workshop, desk, entry, language)
        context = replace(context, hides_votes=hides_votes(desk, access))
        source = Source(blob, entry.id, entry.kind, entry.key, zones_of(desk, entry))
        return Unread(context, source)

    async def _kept(self, snapshot: str) -> tuple[dict[str, Any], bytes]:
        value = await self._store.get("snapshot", snapshot)
        blob = await self._store.blob("snapshot", snapshot)
        if value is None or blob is None:
            raise SnapshotGone("no such snapshot")
        return value, blob

    async def _body(self, source: Source, access: Access, *, hidden: bool) -> bytes:
        hides = {"hides_votes": hidden, "hides_authors": access.allowed.anonymous}
        if len(source.update) <= SMALL_BYTES:
            return body_of(source, **hides)
        return await self.elsewhere.run(access.workshop, body_of, source, **hides)

    async def unread(self, board: str, credentials: Credentials, language: str) -> Unread:
        """Everything that an export of a board needs; its boards are still bytes."""
        desk, entry, access = await self._find(board, credentials)
        whole = await self.whole_unread(access.workshop, desk, entry, language)
        return replace(whole, context=replace(whole.context, hides_votes=hides_votes(desk, access)))

    async def whole_unread(
        self, workshop: str, desk: Desk, entry: DeskBoard, language: str
    ) -> Unread:
        """The same as the facilitator is told it, for whoever has the data folder."""
        context = await self._context(workshop, desk, entry, language)
        return Unread(context, await self._source(desk, entry), await self._around(desk))

    async def workbook(
        self,
        workshop: str,
        credentials: Credentials,
        language: str,
        *,
        stage: str | None = None,
        apart: bool = False,
    ) -> Whole:
        """All shared boards of a workshop, or of a stage, for whoever leads it.

        `apart`: each is followed by those of groups that worked on it.
        Raises as Desks.member does, and InvalidField for a stage that is none.
        """
        (await self._desks.member(workshop, credentials)).must_lead()
        desk = await self._desks.desk(workshop)
        whole = await self.whole_workbook(workshop, desk, language, stage=stage)
        if not apart:
            return whole
        boards = []
        for shared in whole.boards:
            boards += [shared, *await self._of_groups(workshop, desk, shared)]
        return replace(whole, boards=boards)

    async def _of_groups(self, workshop: str, desk: Desk, shared: Unread) -> list[Unread]:
        """The boards of groups that worked on a shared one, named after them."""
        found, language = [], shared.context.language
        order = [group.id for each in desk.breakouts for group in each.groups]
        theirs = [entry for entry in desk.boards if entry.group in order]
        for entry in sorted(theirs, key=lambda each: order.index(each.group or "")):
            context = await self._context(workshop, desk, entry, language)
            mark = context.groups.get(entry.group or "")
            if context.shared == shared.own.id and mark is not None:
                names = (words(context.definition.get("title"), language), mark.letter, mark.name)
                named = {**context.definition, "title": " · ".join(names)}
                own = await self._source(desk, entry)
                found.append(Unread(replace(context, definition=named), own, shared.around))
        return found

    async def whole_workbook(
        self, workshop: str, desk: Desk, language: str, *, stage: str | None = None
    ) -> Whole:
        """The same, for whoever has the data folder."""
        chosen = None if stage is None else stage_of(desk, stage)
        around = await self._around(desk)
        entries = {entry.id: entry for entry in desk.boards}
        facts = await self._facts(workshop, desk)
        contexts = [
            await self._context(workshop, desk, entries[source.id], language)
            for source, _ in around
        ]
        boards = [
            Unread(replace(context, facts=facts), source, around)
            for context, (source, _) in zip(contexts, around, strict=True)
            if chosen is None or context.board.key in chosen["boards"]
        ]
        return Whole(boards, "" if chosen is None else words(chosen["title"], language))

    async def _facts(self, workshop: str, desk: Desk) -> WorkshopFacts:
        own = await self._store.get("workbook", workshop)
        previous = await self._store.get("previous", workshop)
        return facts_of(desk, own["toml"] if own else None, previous)

    async def _context(
        self, workshop: str, desk: Desk, entry: DeskBoard, language: str
    ) -> ExportContext:
        context = export_context(workshop, desk, entry, language)
        if entry.kind != "survey":
            return context
        return replace(context, assessment=await self._assessment.closed_rounds(workshop))

    async def _around(self, desk: Desk) -> list[tuple[Source, Mapping[str, Any]]]:
        """The shared boards, which everybody of a workshop may see: links lead to them."""
        definitions = {board["key"]: board for board in workbook_of(desk).json()["boards"]}
        shared = {entry.key: entry for entry in desk.boards if entry.group is None}
        keys = [key for key in definitions if key in shared]
        return [(await self._source(desk, shared[key]), definitions[key]) for key in keys]

    async def _source(self, desk: Desk, entry: DeskBoard) -> Source:
        async with self._rooms.hold(entry.id) as room:
            return source_of(document_of(room), desk, entry)

    async def _find(self, board: str, credentials: Credentials) -> tuple[Desk, DeskBoard, Access]:
        """A board that the sender may see, and its desk; a desk itself has a call of its own."""
        access = await self._desks.access(board, credentials)
        desk = await self._desks.desk(access.workshop)
        entry = find_board(desk, board)
        if entry is None:
            raise BoardGone("not on the desk")
        return desk, entry, access


def stage_of(desk: Desk, stage: str) -> Mapping[str, Any]:
    """A stage of the workbook, with {title, boards}. Raises InvalidField naming those there are."""
    stages = {each["id"]: each for each in workbook_of(desk).json()["stages"]}
    found: Mapping[str, Any] = stages[fields.choice(stage, "stage", stages)]
    return found


def hides_votes(desk: Desk, access: Access) -> bool:
    """Whether somebody is not told how many dots notes have: until the facilitator reveals it."""
    how = voting(desk, access.board)
    return how is not None and how.hidden and access.role != "facilitator"


def body_of(source: Source, *, hides_votes: bool, hides_authors: bool) -> bytes:
    """A board as JSON, here or in another process. Raises StoreCorrupted."""
    try:
        return board_body(source, hides_votes=hides_votes, hides_authors=hides_authors)
    except BoardError as error:
        raise StoreCorrupted("what is kept of a board does not open") from error


def as_board(document: Document, desk: Desk, entry: DeskBoard) -> Board:
    """A document read as the board that the desk lists, notes in reading order."""
    return read_board(document, entry.id, entry.kind, entry.key, zones=zones_of(desk, entry))


def source_of(document: Document, desk: Desk, entry: DeskBoard) -> Source:
    """The same, not read yet."""
    zones = zones_of(desk, entry)
    return Source(document.get_update(), entry.id, entry.kind, entry.key, zones)


def zones_of(desk: Desk, entry: DeskBoard) -> tuple[str, ...]:
    """The zones of a board in the order they are read, as far as its workbook knows it."""
    definition = board_definition(desk.workbook, entry.key)
    return tuple(definition.zone_ids) if definition else ()


def export_context(workshop: str, desk: Desk, entry: DeskBoard, language: str) -> ExportContext:
    """What an export is made from, but for what is on the board; observers are no part of it."""
    workbook = workbook_of(desk).json()
    definitions = {definition["key"]: definition for definition in workbook["boards"]}
    return ExportContext(
        workshop_id=workshop,
        workshop=desk.title,
        language=language,
        definition=definitions.get(entry.key, {}),
        board=Board(id=entry.id, kind=entry.kind, key=entry.key),
        exported_at=datetime.now(UTC).astimezone(),
        groups=group_marks(desk, entry),
        people={person.id: person.name for person in desk.people if person.role != "observer"},
        group=entry.group,
        breakout=breakout_number(desk, entry),
        shared=next((b.board for b in desk.breakouts if b.id == entry.breakout), None),
        marks=all_marks(desk),
    )


def facts_of(desk: Desk, toml: str | None, previous: Mapping[str, Any] | None) -> WorkshopFacts:
    """What a workshop is beside its boards. `toml`: of a workbook that it brought along."""
    workbook = find_workbook(desk.workbook)
    return WorkshopFacts(
        workbook=workbook.id,
        workbook_version=workbook.version,
        workbook_toml=toml,
        stage=desk.stage,
        board=desk.board,
        locks=sorted(desk.locks),
        votes={board: asdict(voting) for board, voting in sorted(desk.votes.items())},
        guidance=desk.guidance,
        breakouts=[breakout_facts(breakout) for breakout in desk.breakouts],
        previous=previous,
    )


def breakout_facts(breakout: Breakout) -> dict[str, Any]:
    """A breakout without its people and its groups' boards."""
    groups = [
        {"id": group.id, "name": group.name, "pages": list(group.pages)}
        for group in breakout.groups
    ]
    return {
        "id": breakout.id,
        "board": breakout.board,
        "created": breakout.created,
        "merged": breakout.merged,
        "groups": groups,
    }


def breakout_number(desk: Desk, entry: DeskBoard) -> int:
    """From 1: which breakout of its shared board a group's board is from; 1 for a shared board."""
    own = next((b for b in desk.breakouts if b.id == entry.breakout), None)
    if own is None:
        return 1
    return [b.id for b in desk.breakouts if b.board == own.board].index(own.id) + 1


def group_marks(desk: Desk, entry: DeskBoard) -> dict[str, GroupMark]:
    """The groups whose marks can stand on notes of this board: of its breakouts, or of its own."""
    own = (b for b in desk.breakouts if b.board == entry.id or b.id == entry.breakout)
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
