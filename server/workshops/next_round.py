"""A new workshop: begun with what an earlier one came to, with one of its boards as it was, or
prepared as another was."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from boards.desk import JOINING, Desk, DeskBoard
from boards.desk_parts.board_rights import EVERY_BOARD
from boards.document import Document
from boards.edits import new_id, seed_answers
from boards.errors import BoardError
from boards.interchange import write_board
from boards.next_round import change_map
from boards.schema import Board
from server.errors import BoardGone
from server.exports.elsewhere import Elsewhere
from server.exports.sources import SMALL_BYTES, Source
from server.store import StoreCorrupted
from server.workshops.errors import PreviousGone, SnapshotGone
from server.workshops.input import fields
from server.workshops.input.desk_patch import TITLE_CHARACTERS, NewWorkshop
from server.workshops.members import Desks, Member, document_of
from server.workshops.reading import as_board, source_of, zones_of
from server.workshops.rights import find_board
from server.workshops.workbooks import OWN, board_definition, find_workbook
from server.workshops.workshops import Copied, Created, Earlier, Seed, Workshops

__all__ = ["NextRound"]


class NextRound:
    """Commands that lead from one workshop to the next."""

    def __init__(self, desks: Desks, workshops: Workshops, elsewhere: Elsewhere) -> None:
        self._desks = desks
        self._elsewhere = elsewhere
        self._workshops = workshops

    async def begin(self, member: Member, body: Mapping[str, Any]) -> Created:
        """Open the next round of a facilitator's workshop; the earlier one stays as it is."""
        fields.known_fields(body, ("title",))
        new, desk = await self._like(member, body)
        change = await self._change(desk)
        return await self._workshops.create(
            new, Earlier(member.workshop, desk.title, change, desk.guidance)
        )

    async def copy(self, member: Member, snapshot: str, body: Mapping[str, Any]) -> Created:
        """Open a workshop of the same kind with a board as a snapshot has it; this one stays.

        A workshop has each of its boards once, so the copy is another workshop's. Raises
        NotAllowed, SnapshotGone, NotDone if it takes too long.
        """
        fields.known_fields(body, ("title",))
        new, desk = await self._like(member, body)
        value = await self._desks.store.get("snapshot", snapshot)
        update = await self._desks.store.blob("snapshot", snapshot)
        if value is None or update is None or value["workshop"] != member.workshop:
            raise SnapshotGone("no such snapshot")
        entry = find_board(desk, value["board"])
        if entry is None:
            raise BoardGone("not on the desk")
        source = Source(update, entry.id, entry.kind, entry.key, zones_of(desk, entry))
        made = await self._copy(member, desk, source)
        copied = Copied(guidance=desk.guidance, boards=[made], begins=entry.key)
        return await self._workshops.create(new, copied=copied)

    async def repeat(self, member: Member, body: Mapping[str, Any]) -> Created:
        """Open a workshop that is prepared as a facilitator's is, for another team.

        `{title?, contents?, joining?}`. Texts and times as they were adapted come along, rights,
        and the notes of those who lead; with `contents` also what stands on the shared boards, but
        no people, dots and groups. This one stays as it is. Raises NotAllowed, NotDone if it takes
        too long.
        """
        fields.known_fields(body, ("title", "contents", "joining"))
        contents = fields.boolean(body.get("contents", False), "contents")
        joining = fields.choice(body.get("joining", "open"), "joining", JOINING)
        new, desk = await self._like(member, body)
        shared = [board for board in desk.boards if board.group is None]
        keys = {board.id: board.key for board in shared} | {EVERY_BOARD: EVERY_BOARD}
        scripts = await self._desks.store.find("script", member.workshop)
        copied = Copied(
            guidance=desk.guidance,
            boards=[await self._copy_live(member, desk, board) for board in shared]
            if contents
            else (),
            rights={keys[id]: each for id, each in desk.rights.items() if id in keys},
            scripts={keys[id]: value["text"] for id, value in scripts if id in keys},
        )
        return await self._workshops.create(replace(new, joining=joining), copied=copied)

    async def _copy_live(self, member: Member, desk: Desk, board: DeskBoard) -> Seed:
        async with self._desks.rooms.hold(board.id) as room:
            source = source_of(document_of(room), desk, board)
        return await self._copy(member, desk, source)

    async def _copy(self, member: Member, desk: Desk, source: Source) -> Seed:
        """Raises StoreCorrupted, NotDone."""
        definition = board_definition(desk.workbook, source.key)
        questions = definition.question_ids if definition else ()
        if len(source.update) <= SMALL_BYTES:
            return copy_of(source, questions)
        return await self._elsewhere.run(member.workshop, copy_of, source, questions)

    async def _like(self, member: Member, body: Mapping[str, Any]) -> tuple[NewWorkshop, Desk]:
        """A workshop with the same workbook, for the same facilitator; and the one there is."""
        member.must_lead()
        title = body.get("title")
        desk = await self._desks.desk(member.workshop)
        own = None
        if desk.workbook.startswith(OWN):
            record = await self._desks.store.get("workbook", member.workshop)
            own = record["toml"] if record else None
        new = NewWorkshop(
            workbook=desk.workbook,
            title=fields.text(title, "title", most=TITLE_CHARACTERS) if title else desk.title,
            language=desk.language,
            name=member.name,
            workbook_toml=own,
        )
        return new, desk

    async def previous(self, member: Member) -> dict[str, Any]:
        """The last round's change map: {workshop, title, board}. Raises PreviousGone."""
        found = await self._desks.store.get("previous", member.workshop)
        if found is None or found["board"] is None:
            raise PreviousGone("no last round")
        return found

    async def _change(self, desk: Desk) -> Board | None:
        """The shared change map as it stands."""
        definition = change_map(find_workbook(desk.workbook))
        places = [
            board
            for board in desk.boards
            if definition is not None and board.key == definition.key and board.group is None
        ]
        if not places:
            return None
        async with self._desks.rooms.hold(places[0].id) as room:
            return as_board(document_of(room), desk, places[0])


def copy_of(source: Source, questions: tuple[str, ...]) -> Seed:
    """A board for another workshop, written anew, with what its workbook asks; here, or in another
    process. Raises StoreCorrupted."""
    board = DeskBoard(id=new_id(), key=source.key, kind=source.kind, lineage=new_id())
    document = Document()
    if questions:
        seed_answers(document, questions)
    try:
        write_board(source.read(), document, board.id)
    except BoardError as error:
        raise StoreCorrupted("what is kept of a board does not open") from error
    return Seed(board, document.get_update(), document.doc.client_id)
