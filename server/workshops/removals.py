"""Deleted notes and experiments of a workshop: who deleted how many, where, when; their return."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from boards.desk import Desk
from boards.document import Document
from boards.edits import restore_experiments, restore_notes
from boards.layout.taken import Taken
from boards.schema import experiment_texts, read_notes
from server.errors import BoardGone, InvalidField
from server.store import Record, StoreCorrupted
from server.sync.judging.removals import (
    NOBODY,
    Removed,
    experiment_in,
    removal_record,
    removed_of,
)
from server.sync.room.room import Room
from server.workshops.input import fields
from server.workshops.members import Desks, Member, document_of
from server.workshops.rights import find_board, find_person
from server.workshops.snapshots.steps import STEP, places_on

__all__ = ["DeletedNotes", "Deletions", "Wanted", "read_wanted"]

PAUSE_MS = 60_000  # between two deletions that are listed apart
LISTED = 200  # entries, the latest
QUOTED, QUOTED_CHARACTERS = 3, 200  # of an entry: so many texts, and of each so much
LATEST = 2**53  # ms since the epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletions:
    """What one person deleted on one board without a longer pause, and is still gone.

    `person`: None for somebody who is no longer here; `others`: how many of the `count` notes
    others wrote; `texts`: of the first few.
    """

    board: str
    person: str | None
    began: int
    until: int
    notes: tuple[str, ...]
    others: int
    texts: tuple[str, ...] = ()

    def json(self) -> dict[str, Any]:
        """As calls answer it; `texts` apart, which others wrote."""
        return {
            "board": self.board,
            "person": self.person,
            "from": self.began,
            "until": self.until,
            "count": len(self.notes),
            "others": self.others,
        }


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which deleted notes are to come back: one person's, of a time (ms), on one board or all."""

    person: str | None
    began: int
    until: int
    board: str | None


class DeletedNotes:
    """Lists what is deleted in a workshop and brings it back, of groups' boards too."""

    def __init__(self, desks: Desks) -> None:
        self._desks = desks
        self._store = desks.store
        self._rooms = desks.rooms

    async def listed(self, member: Member) -> list[Deletions]:
        """The latest first. Raises NotAllowed."""
        member.must_lead()
        found = await self.found(await self._desks.desk(member.workshop))
        return [await self._quoted(one) for one in found[:LISTED]]

    async def found(self, desk: Desk) -> list[Deletions]:
        """All of them, the latest first, without texts."""
        found: list[Deletions] = []
        for board, removed in (await self.stored(desk)).items():
            found += sprees(desk, board, removed)
        return sorted(found, key=lambda one: (-one.until, one.board, one.began))

    async def _quoted(self, one: Deletions) -> Deletions:
        """With texts, unless the board cannot be read."""
        with contextlib.suppress(StoreCorrupted):
            async with self._rooms.hold(one.board) as room:
                return replace(one, texts=quotes(document_of(room), one.notes))
        return one

    async def restore(self, member: Member, wanted: Wanted) -> int:
        """Bring notes back; how many. Raises NotAllowed, BoardGone."""
        member.must_lead()
        desk = await self._desks.desk(member.workshop)
        if wanted.board is not None and find_board(desk, wanted.board) is None:
            raise BoardGone("not on the desk")
        boards = [place.id for place in desk.boards if wanted.board in (None, place.id)]
        async with contextlib.AsyncExitStack() as stack:
            rooms = [
                await stack.enter_async_context(self._rooms.hold(board))
                for board in boards
                if await self._store.find("removal", board)
            ]
            for room in rooms:
                document_of(room)  # all of them are there before the first is touched
            restored = 0
            for room in rooms:
                restored += await restore(room, desk, wanted)
            await self._rooms.committer.commit(member.workshop)
        return restored

    async def stored(self, desk: Desk) -> dict[str, dict[str, Removed]]:
        """What is stored of them, by board and note."""
        found = {}
        for place in desk.boards:
            records = await self._store.find("removal", place.id)
            found[place.id] = {value["note"]: removed_of(value) for _, value in records}
        return found

    def disown(
        self, stored: Mapping[str, Mapping[str, Removed]], people: Collection[str]
    ) -> list[Record]:
        """Say nowhere any more that it was these; records for the commit in which they go.

        A board that is in memory by now knows better than what was `stored` before.
        """
        records = []
        for board, removed in stored.items():
            room = self._rooms.in_memory(board)
            if room is not None and room.loaded:
                room.log_removals(disowned(room.removals.known, people))
            else:
                theirs = disowned(removed, people)
                records += [removal_record(board, note, one) for note, one in theirs.items()]
        return records


def read_wanted(body: fields.Fields) -> Wanted:
    """Raises InvalidField."""
    fields.known_fields(body, ("person", "from", "until", "board"))
    if "person" not in body:
        raise InvalidField("person", expected="a person's id, or null", got=None)
    return Wanted(
        person=id_or_none(body, "person"),
        began=fields.whole(body.get("from"), "from", least=0, most=LATEST),
        until=fields.whole(body.get("until"), "until", least=0, most=LATEST),
        board=id_or_none(body, "board"),
    )


def id_or_none(body: fields.Fields, field: str) -> str | None:
    value = body.get(field)
    if value is not None and not isinstance(value, str):
        raise InvalidField(field, expected="an id, or null", got=value)
    return value


def known(desk: Desk, person: str | None) -> str | None:
    """The person if they are here (still)."""
    return person if person and find_person(desk, person) else None


def disowned(removed: Mapping[str, Removed], people: Collection[str]) -> dict[str, Removed]:
    """What these people deleted, as nobody's."""
    theirs = {note: one for note, one in removed.items() if one.person in people}
    return {note: one._replace(person=NOBODY) for note, one in theirs.items()}


def sprees(desk: Desk, board: str, removed: Mapping[str, Removed]) -> Iterator[Deletions]:
    """Deletions of a board by who made them and when."""
    people: dict[str | None, list[tuple[int, str]]] = {}
    for note, one in removed.items():
        people.setdefault(known(desk, one.person), []).append((one.at, note))
    for person, moments in people.items():
        for run in runs(sorted(moments)):
            notes = tuple(note for _, note in run)
            others = sum(removed[note].others for note in notes)
            began, until = run[0][0], run[-1][0]
            yield Deletions(
                board=board, person=person, began=began, until=until, notes=notes, others=others
            )


def runs(moments: Sequence[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    """Cut where nothing happened for a while."""
    run: list[tuple[int, str]] = []
    for moment in moments:
        if run and moment[0] - run[-1][0] > PAUSE_MS:
            yield run
            run = []
        run.append(moment)
    if run:
        yield run


def quotes(document: Document, notes: Sequence[str]) -> tuple[str, ...]:
    """The first texts that say something."""
    texts = (words_of(document, note).strip() for note in notes)
    return tuple(islice((text[:QUOTED_CHARACTERS] for text in texts if text), QUOTED))


def words_of(document: Document, key: str) -> str:
    """Of a note its text, of an experiment the first of its fields that is filled in."""
    experiment = experiment_in(key)
    if experiment is None:
        note = read_notes(document, [key]).get(key)
        return note.text if note else ""
    return next((text for text in experiment_texts(document, experiment) if text.strip()), "")


async def restore(room: Room, desk: Desk, wanted: Wanted) -> int:
    """Bring back what is wanted of one board, in steps with turns for others; how many those are.

    What is back at a crash stays so, and the rest can be asked for again.
    """
    who = known(desk, wanted.person)
    notes = [
        note
        for note, removed in room.removals.known.items()
        if known(desk, removed.person) == who and wanted.began <= removed.at <= wanted.until
    ]
    if not notes:
        return 0
    restored, places = 0, await places_on(room)
    for at in range(0, len(notes), STEP):
        restored += len(bring_back(room, notes[at : at + STEP], places))
        await asyncio.sleep(0)
    return restored


def bring_back(room: Room, keys: Sequence[str], places: Taken) -> list[str]:
    """Deleted notes and experiments, in the server's name; which of them were gone."""
    experiments = [one for one in map(experiment_in, keys) if one is not None]
    notes = [key for key in keys if experiment_in(key) is None]

    def bring(board: Document) -> list[str]:
        with board.transaction():
            back = restore_experiments(board, experiments)
            return restore_notes(board, room.board, notes, places) + back

    restored = room.edit(bring)
    room.log_removals(dict.fromkeys(keys))
    return restored
