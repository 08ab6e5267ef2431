"""What is held about one person, for them to take along. Source: GDPR, articles 15 and 20."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from boards.desk import Desk, DeskBoard, Person
from boards.document import Document
from boards.schema import VOTES, Note, entries, is_number, read_board
from server.clock import milliseconds
from server.exports.elsewhere import Elsewhere
from server.exports.sources import SMALL_BYTES, Source
from server.i18n import t
from server.workshops.errors import PersonGone
from server.workshops.members import Desks, Member, document_of
from server.workshops.reading import source_of
from server.workshops.removals import DeletedNotes
from server.workshops.rights import find_person

__all__ = ["Held"]

Json = dict[str, Any]
APART = ("shared", "surveys", "keys", "snapshots")  # what is not in it, each with a sentence why


class Held:
    """Gathers, from the desk and all boards, what goes back to one person."""

    def __init__(self, desks: Desks, elsewhere: Elsewhere, deleted_notes: DeletedNotes) -> None:
        self._desks = desks
        self._deleted_notes = deleted_notes
        self._elsewhere = elsewhere

    async def of(self, member: Member, person: str, language: str) -> bytes:
        """All of it as JSON, for the person or a facilitator. Raises NotAllowed, PersonGone."""
        if person != member.person:
            member.must_lead()
        desk = await self._desks.desk(member.workshop)
        found = find_person(desk, person)
        if found is None:
            raise PersonGone("no such person here")
        sources = [await self._source(desk, entry) for entry in desk.boards]
        about = about_person(member.workshop, desk, found, language)
        about["deletions"] = await self._deletions(desk, person)
        if sum(len(source.update) for source in sources) <= SMALL_BYTES:
            return body(about, sources, person)
        return await self._elsewhere.run(member.workshop, body, about, sources, person)

    async def _deletions(self, desk: Desk, person: str) -> list[Json]:
        """What they deleted that is still gone: how many notes, where and when."""
        found = await self._deleted_notes.found(desk)
        return [one.json() for one in found if one.person == person]

    async def _source(self, desk: Desk, entry: DeskBoard) -> Source:
        async with self._desks.rooms.hold(entry.id) as room:
            return source_of(document_of(room), desk, entry)


def about_person(workshop: str, desk: Desk, person: Person, language: str) -> Json:
    """What the desk knows of somebody, and why the rest is not here."""
    return {
        "at": milliseconds(),
        "workshop": {"id": workshop, "title": desk.title},
        "person": {
            "id": person.id,
            "name": person.name,
            "role": person.role,
            "joined": person.joined,
        },
        "groups": list(groups_of(desk, person.id)),
        "apart": {what: t(language, f"held.{what}") for what in APART},
    }


def groups_of(desk: Desk, person: str) -> Iterator[Json]:
    """The groups somebody is or was in. `left`: ms since the epoch; None while they are in it."""
    for breakout in desk.breakouts:
        for group in breakout.groups:
            if person in group.people or person in group.left:
                left = None if person in group.people else group.left[person]
                yield {"id": group.id, "name": group.name, "board": group.board, "left": left}


def body(about: Json, sources: Sequence[Source], person: str) -> bytes:
    """The answer, here or in another process."""
    boards = [board for source in sources if (board := held_on(source, person))]
    return json.dumps({**about, "boards": boards}, ensure_ascii=False).encode("utf-8")


def held_on(source: Source, person: str) -> Json | None:
    """What one board holds of somebody; None for nothing."""
    document = Document(source.update)
    board = read_board(document, source.id, source.kind, source.key, zones=source.zones)
    notes = [held_note(n) for n in (*board.notes, *board.deleted) if n.author == person]
    dots = list(dots_of(document, person))
    if not notes and not dots:
        return None
    return {"id": source.id, "key": source.key, "notes": notes, "dots": dots}


def held_note(note: Note) -> Json:
    """A note of theirs; a deleted one can still be brought back, so it is held too."""
    return {
        "id": note.id,
        "zone": note.zone,
        "text": note.text,
        "at": note.at,
        "deleted": note.deleted,
    }


def dots_of(document: Document, person: str) -> Iterator[Json]:
    """To which notes somebody gave dots, and how many."""
    for key, value in sorted(entries(document.root(VOTES)).items()):
        note, _, voter = key.partition("/")
        if voter == person and is_number(value) and value >= 1:
            yield {"note": note, "dots": int(value)}
