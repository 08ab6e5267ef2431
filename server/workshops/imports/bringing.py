"""Notes from files and lists, brought to a board by who leads: shown first, then written."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from boards.desk import Desk
from boards.document import Document
from boards.edits import add_note
from boards.errors import UnknownItem
from boards.schema import COLORS, NOTES
from boards.workbook.definition import BoardDefinition
from server.clock import milliseconds
from server.errors import InvalidField, NotAllowed
from server.exports.elsewhere import Elsewhere
from server.sync.access import Access
from server.sync.errors import BoardFull
from server.sync.room.room import Room
from server.workshops.errors import NotesIncomplete, NotesUnreadable
from server.workshops.imports.notes import Brought, NewNote, Target, read_notes
from server.workshops.imports.tables import Unreadable
from server.workshops.input import fields
from server.workshops.members import Credentials, Desks, document_of
from server.workshops.rights import find_board
from server.workshops.workbooks import workbook_of

__all__ = ["NOTES_BYTES", "NoteImports"]

NOTES_BYTES = 4 << 20  # of a command with a file in it, base64
FIELDS = ("text", "file", "zone", "color", "preview", "skip")
AT_ONCE = 32_768  # characters of a list that is read on the spot; it takes some milliseconds
LINES_AT_ONCE = 1_000  # of it
NOTE_BYTES = 200  # that a note takes beside its text

Fields = Mapping[str, Any]


class NoteImports:
    """Brings notes to boards. Files are read in other processes."""

    def __init__(self, desks: Desks, elsewhere: Elsewhere) -> None:
        self._desks = desks
        self.elsewhere = elsewhere

    async def leads(self, board: str, credentials: Credentials) -> Access:
        """Whether notes may be brought to a board, before any are read. Raises NotAllowed, and as
        Desks.access does."""
        access = await self._desks.access(board, credentials)
        if access.role != "facilitator" or not access.may_write:
            raise NotAllowed("only for facilitators, on a board that can be written on")
        return access

    async def bring(self, board: str, credentials: Credentials, body: Fields) -> dict[str, Any]:
        """`text` or `file` (base64), into `zone` and in `color` where a row says nothing else.

        With `preview` nothing is written. Rows with a complaint are left out with `skip`; without,
        one of them refuses all (NotesIncomplete). Empty ones count as no row. Raises
        NotesUnreadable, BoardFull, and as Desks.access does.
        """
        access = await self.leads(board, credentials)
        fields.known_fields(body, FIELDS)
        preview, skip = (fields.boolean(body.get(k, False), k) for k in ("preview", "skip"))
        desk = await self._desks.desk(access.workshop)
        target = read_target(body, definition_of(desk, board))
        brought = await self._read(access.workshop, read_source(body), target)
        wrong = [each for each in brought.complaints if each.code != "empty"]
        ids: Sequence[str | None] = [None] * len(brought.notes)
        if not preview:
            if wrong and not skip:
                raise NotesIncomplete(row=wrong[0].row, column=wrong[0].column, why=wrong[0].code)
            await self.leads(board, credentials)  # still: a file may take long to read
            ids = await self._write(board, access.workshop, brought.notes)
        return {
            "notes": [{"id": id, **asdict(n)} for id, n in zip(ids, brought.notes, strict=True)],
            "complaints": [asdict(each) for each in brought.complaints],
        }

    async def _read(self, workshop: str, source: str | bytes, target: Target) -> Brought:
        if isinstance(source, str) and is_short(source):
            found = read_or_why(source, target)
        else:
            found = await self.elsewhere.run(workshop, read_or_why, source, target)
        if isinstance(found, str):
            raise NotesUnreadable(found)
        return found

    async def _write(self, board: str, workshop: str, notes: Sequence[NewNote]) -> list[str]:
        """All of them in one transaction, and so in one update and one commit."""
        if not notes:
            return []
        now = milliseconds()
        async with self._desks.rooms.hold(board) as room:
            must_fit(room, notes, self._desks.rooms.limits.notes)
            ids = room.edit(lambda document: write_notes(document, board, notes, now))
            await self._desks.rooms.committer.commit(workshop)
        return ids


def is_short(source: str) -> bool:
    return len(source) <= AT_ONCE and source.count("\n") + source.count("\r") <= LINES_AT_ONCE


def read_or_why(source: str | bytes, target: Target) -> Brought | str:
    """What a file brings, or why it cannot be read; for another process."""
    try:
        return read_notes(source, target)
    except Unreadable as error:
        return error.why


def definition_of(desk: Desk, board: str) -> BoardDefinition:
    """The board as this workshop calls its zones. Raises InvalidField for one without any."""
    entry = find_board(desk, board)
    try:
        found = None if entry is None else workbook_of(desk).board(entry.key)
    except UnknownItem:
        found = None
    if found is None or not found.zone_ids:
        raise InvalidField("board", expected="a board with zones for notes", got=board)
    return found


def read_target(body: Fields, board: BoardDefinition) -> Target:
    zone, color = body.get("zone"), body.get("color", COLORS[0])
    chosen = None if zone is None else fields.choice(zone, "zone", board.zone_ids)
    return Target.of(board, chosen, fields.choice(color, "color", COLORS))


def read_source(body: Fields) -> str | bytes:
    """One of the two: a text as it was pasted, or the bytes of a file."""
    text, file = body.get("text"), body.get("file")
    if isinstance(text, str) and file is None:
        return text
    if not isinstance(file, str) or text is not None:
        raise InvalidField("text", expected="a text, or a file as base64", got=text)
    try:
        return base64.b64decode(file, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidField("file", expected="base64", got=file) from error


def must_fit(room: Room, notes: Sequence[NewNote], most: int) -> None:
    """Raises BoardFull."""
    size = sum(len(note.text.encode()) + NOTE_BYTES for note in notes)
    stand = len(document_of(room).root(NOTES))
    if stand + len(notes) > most or not room.loaded_board().has_room(size):
        raise BoardFull(f"{len(notes)} notes of {size} bytes")


def write_notes(document: Document, board: str, notes: Sequence[NewNote], now: int) -> list[str]:
    """In their order, within one transaction of the room's: `now`, ms since the epoch, is when the
    first of them was made."""
    return [
        add_note(document, board, zone=note.zone, text=note.text, color=note.color, at=now + place)
        for place, note in enumerate(notes)
    ]
