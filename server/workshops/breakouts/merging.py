"""Bringing groups' work home: stamped, merged, put back where it must stay, and told."""

import asyncio
import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from boards.breakout import (
    Brought,
    Lately,
    MergeReport,
    Work,
    bring,
    deleted_by,
    keep_experiments,
    report,
    settle,
    stamp_group,
)
from boards.desk import Breakout, Desk, Group
from boards.document import Document
from boards.interchange import note_json
from boards.schema import NOTES, Board, read_experiments, read_notes
from server.exports.sources import Source
from server.store import StoreUnavailable
from server.sync.judging.removals import Removed, experiment_key
from server.sync.room.room import Room
from server.workshops.members import document_of
from server.workshops.reading import source_of
from server.workshops.rights import find_board
from server.workshops.workbooks import board_definition

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge brought: items as `GET /api/boards/{id}` shows notes; pairs for duplicates."""

    added: tuple[dict[str, Any], ...]
    edited_on_both_sides: tuple[dict[str, Any], ...]
    kept_deleted: tuple[dict[str, Any], ...]
    put_back: tuple[dict[str, Any], ...]
    likely_duplicates: tuple[tuple[dict[str, Any], dict[str, Any]], ...]
    snapshot: str | None  # the shared board as it was before; None when nothing changed


@dataclass(frozen=True, slots=True)
class GroupWork:
    """A group, its board, and the zones that it works on (None: all)."""

    group: Group
    room: Room
    zones: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Early:
    """What is made of the boards of a merge before it: `copy` is of the shared board."""

    copy: Document
    groups: Mapping[Room, Lately]


def works_of(desk: Desk, breakout: Breakout, rooms: Mapping[str, Room]) -> list[GroupWork]:
    """What is merged for each group, with the zones of the pages that it fills in."""
    entry = find_board(desk, breakout.board)
    definition = board_definition(desk.workbook, entry.key if entry else "")

    def zones(group: Group) -> frozenset[str] | None:
        if definition is None or not group.pages:
            return None
        return frozenset(definition.zones_on(group.pages))

    return [GroupWork(group, rooms[group.id], zones(group)) for group in breakout.groups]


async def written_down(base: Room, rooms: Iterable[Room]) -> Early:
    """The boards of a merge as they stand, each in a turn of its own: of a large one it takes
    long, and what comes until the merge is little."""
    copy = Document(document_of(base).get_update())
    groups: dict[Room, Lately] = {}
    for room in rooms:
        await asyncio.sleep(0)
        groups[room] = Lately.of(document_of(room))
    await asyncio.sleep(0)
    return Early(copy, groups)


def bring_home(
    base: Room, groups: Sequence[GroupWork], early: Early, wanted: Collection[str]
) -> list[Brought | None]:
    """Stamp and merge each group that is wanted. If that fails half-way, the board is loaded again.

    A stamp changes the group's own board; what goes home is the group's board with its stamps.
    """
    for work in groups:
        document_of(work.room)  # all of them are there before the first is touched
    coming = [work for work in groups if work.group.id in wanted]
    try:
        brought = [merge_group(base, work, early) for work in coming]
        settle_deletions(base, groups, coming, brought)
        for work, one in zip(coming, brought, strict=True):
            if one is not None:
                base.log_removals(removals_of(one, base, work.room))
        return brought
    except Exception as error:  # whatever it is: half a merge must not be stored
        log.exception("a merge failed half-way, nothing of it was kept")
        trouble = StoreUnavailable("the merge failed half-way, nothing of it was kept")
        base.fail(trouble)
        raise trouble from error


def merge_group(base: Room, work: GroupWork, early: Early) -> Brought | None:
    """Bring one group's work home."""
    known = frozenset(document_of(base).root(NOTES).keys())
    work.room.edit(lambda document: stamp_group(document, known, work.group.id))
    fork, lately = document_of(work.room), early.groups.get(work.room)
    return base.edit(
        lambda shared: bring(fork, shared, board=base.board, copy=early.copy, lately=lately)
    )


def settle_deletions(
    base: Room,
    groups: Sequence[GroupWork],
    coming: Sequence[GroupWork],
    brought: Sequence[Brought | None],
) -> None:
    """What one group deleted of others' and another still has stays on the shared board (BR18):
    another of all `groups`, also one whose work is not `coming` now."""
    deleted = {
        note
        for work, one in zip(coming, brought, strict=True)
        for note in (deleted_by(one, document_of(work.room)) if one else ())
        if not is_own(work.room, note)
    }
    planned = {experiment for one in brought if one for experiment in one.experiments}
    works = [Work(document_of(work.room), work.zones) for work in groups]
    if deleted:
        base.edit(lambda shared: settle(deleted, works, shared))
    if planned:
        base.edit(lambda shared: keep_experiments(planned, works, shared))


def is_own(room: Room, note: str) -> bool:
    """Whether somebody deleted there what they had written themselves."""
    removed = room.removals.known.get(note)
    return removed is not None and not removed.others


def removals_of(brought: Brought, base: Room, group: Room) -> dict[str, Removed | None]:
    """Notes and experiments that a merge deleted on the shared board, and who of the group did;
    None: it brought them back."""
    shared = document_of(base)
    gone = {note for note, now in read_notes(shared, brought.changes).items() if now.deleted}
    before = {note for note, stood in brought.stood.items() if stood.deleted}
    by_whom = group.removals.known
    planned = {experiment_key(one.id) for one in read_experiments(shared)}
    gone |= {experiment_key(one) for one in brought.experiments} - planned
    before |= planned & base.removals.known.keys()
    found: dict[str, Removed | None] = {n: by_whom[n] for n in gone - before if n in by_whom}
    return {**found, **dict.fromkeys(before - gone)}


def told_of(merges: Sequence[Brought | None], source: Source, snapshot: str | None) -> Merged:
    """What merges brought to the shared board, `source` after them; for another process."""
    return described(report(merges, Document(source.update)), source.read(), snapshot)


def shared_source(room: Room, desk: Desk) -> Source:
    """The shared board as it stands, not read yet."""
    entry = find_board(desk, room.board)
    assert entry is not None
    return source_of(document_of(room), desk, entry)


def described(report: MergeReport, board: Board, snapshot: str | None) -> Merged:
    """The report with notes in place of their ids, in reading order."""
    notes = {note.id: note_json(note) for note in (*board.notes, *board.deleted)}

    def named(ids: Collection[str]) -> tuple[dict[str, Any], ...]:
        return tuple(note for note_id, note in notes.items() if note_id in ids)

    return Merged(
        added=named(report.added),
        edited_on_both_sides=named(report.edited_on_both_sides),
        kept_deleted=named(report.kept_deleted),
        put_back=named(report.put_back),
        likely_duplicates=tuple(
            (notes[one], notes[other])
            for one, other in report.likely_duplicates
            if one in notes and other in notes
        ),
        snapshot=snapshot,
    )
