"""What a merge would bring, found out from copies: nobody's board changes, and nobody is told."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from boards.breakout import Brought, Work, bring, deleted_by, report, settle, stamp_group
from boards.document import Document
from boards.interchange import note_json
from boards.revert import Difference, take_back
from boards.schema import NOTES, Note, read_all_notes
from server.exports.elsewhere import Elsewhere
from server.exports.sources import SMALL_BYTES, Source
from server.workshops.breakouts.groups import read_wanted
from server.workshops.breakouts.merging import (
    GroupWork,
    described,
    is_own,
    shared_source,
    works_of,
)
from server.workshops.members import Desks, Member, document_of, find_breakout
from server.workshops.snapshots.merges import to_redo, undone_merges

__all__ = ["Preview", "Previews", "Share"]

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Share:
    """What would come of one group. `added`: its new notes, in reading order.

    `changed`, `removed`: how many notes of the shared board; `there`: how many of its own stand
    there already. `more`: something else than notes (a theme, a link, dots, an answer).
    """

    id: str
    added: tuple[Json, ...]
    changed: int
    removed: int
    there: int
    more: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What a merge of all groups would bring; pairs as a merge's report has them."""

    groups: tuple[Share, ...]
    edited_on_both_sides: tuple[Json, ...]
    likely_duplicates: tuple[tuple[Json, Json], ...]


@dataclass(frozen=True, slots=True)
class Fork:
    """A group's board as it stands. `own`: notes that its people deleted of their own."""

    group: str
    update: bytes
    zones: frozenset[str] | None
    own: frozenset[str]


class Previews:
    """Looks ahead, for a facilitator."""

    def __init__(self, desks: Desks, elsewhere: Elsewhere) -> None:
        self._desks = desks
        self._elsewhere = elsewhere

    async def of(self, member: Member, breakout_id: str) -> Preview:
        """What a merge would bring if it came now. Raises BreakoutGone, NotDone."""
        member.must_lead()
        workshop = member.workshop
        async with self._desks.hold_breakout(workshop, breakout_id) as (desk_room, base, rooms):
            undone = await undone_merges(self._desks.store, base.board, breakout_id)
            desk = self._desks.read(desk_room)
            breakout = find_breakout(desk, breakout_id)
            wanted = read_wanted(None, breakout)
            again = await to_redo(undone, workshop, self._elsewhere, wanted)
            source = shared_source(base, desk)
            forks = [fork_of(work) for work in works_of(desk, breakout, rooms)]
        if len(source.update) + sum(len(fork.update) for fork in forks) > SMALL_BYTES:
            return await self._elsewhere.run(workshop, previewed, source, forks, again)
        return await asyncio.to_thread(previewed, source, forks, again)


def fork_of(work: GroupWork) -> Fork:
    own = frozenset(note for note in work.room.removals.known if is_own(work.room, note))
    return Fork(work.group.id, document_of(work.room).get_update(), work.zones, own)


def previewed(
    source: Source, forks: Sequence[Fork], again: Sequence[Sequence[Difference]]
) -> Preview:
    """For a thread or another process. `source`: the shared board; `again`: what comes back of
    merges that were taken back."""
    shared = Document(source.update)
    before = standing(shared)
    for found in again:
        take_back(shared, source.id, list(found))
    copies = {fork.group: Document(fork.update) for fork in forks}
    brought = [brought_by(fork.group, copies[fork.group], shared, source.id) for fork in forks]
    deleted = {
        fork.group: (deleted_by(one, copies[fork.group]) if one else set()) - fork.own
        for fork, one in zip(forks, brought, strict=True)
    }
    works = [Work(copies[fork.group], fork.zones) for fork in forks]
    settle(set().union(*deleted.values()), works, shared)
    after = standing(shared)
    board = replace(source, update=shared.get_update()).read()
    told = described(report(brought, shared), board, None)
    new = [note for note in board.notes if note.id not in before]
    return Preview(
        tuple(
            share_of(fork.group, one, new, before, after)
            for fork, one in zip(forks, brought, strict=True)
        ),
        told.edited_on_both_sides,
        told.likely_duplicates,
    )


def standing(document: Document) -> Mapping[str, Note]:
    return {id: note for id, note in read_all_notes(document).items() if not note.deleted}


def brought_by(group: str, fork: Document, shared: Document, board: str) -> Brought | None:
    stamp_group(fork, frozenset(shared.root(NOTES).keys()), group)
    return bring(fork, shared, board=board)


def share_of(
    group: str,
    brought: Brought | None,
    new: Sequence[Note],
    before: Mapping[str, Note],
    after: Mapping[str, Note],
) -> Share:
    touched = before.keys() & (brought.changes.keys() if brought else set())
    own = tuple(note_json(note) for note in new if note.group == group)
    changed, removed = changed_of(touched, before, after)
    return Share(
        id=group,
        added=own,
        changed=changed,
        removed=removed,
        there=sum(note.group == group for note in before.values()),
        more=brought is not None and not (own or changed or removed),
    )


def changed_of(
    notes: Collection[str], before: Mapping[str, Note], after: Mapping[str, Note]
) -> tuple[int, int]:
    """How many of these notes stand otherwise than before, and how many stand no more."""
    gone = sum(note not in after for note in notes)
    other = sum(note in after and said(after[note]) != said(before[note]) for note in notes)
    return other, gone


def said(note: Note) -> tuple[object, ...]:
    return note.text, note.zone, note.color, note.theme
