"""Breakouts: a group's board is a fork that shares history, and merging brings its changes home.

A merge is idempotent, and any order of merges gives the same board (rules BR1–BR9 in
docs/protocol.md). Its report is found out from the two documents alone; nothing is remembered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from pycrdt import MapEvent

from boards.document import Document
from boards.duplicates import likely_duplicates
from boards.schema import NOTES, Note, layout_root, name_or_none, note_text, read_board

T = TypeVar("T")
Changes = Mapping[str, frozenset[str]]  # note id → names of the fields that were changed

WHOLE = "*"  # the note itself is new, or was put anew
LOST = "?"  # a field whose change lost against a concurrent one
EDITS = frozenset({"text", "zone", "color", LOST})  # what "edited on both sides" is about


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeReport:
    """What one merge brought. All tuples hold note ids, in order; a repeated merge has none.

    `added`: new on the shared board. `edited_on_both_sides`: text, zone or colour changed by the
    group and, unknown to the group, on the shared board as well. `kept_deleted`: stay off the
    shared board, because the group or the shared board deleted them. `likely_duplicates`: pairs
    of (a note of another group or of the whole team, a note added by this merge).
    """

    added: tuple[str, ...] = ()
    edited_on_both_sides: tuple[str, ...] = ()
    kept_deleted: tuple[str, ...] = ()
    likely_duplicates: tuple[tuple[str, str], ...] = ()

    def json(self) -> dict[str, Any]:
        """The report as `POST /api/breakouts/{id}/merge` answers it (snapshot apart)."""
        report = {name: list(ids) for name, ids in asdict(self).items()}
        return {**report, "likely_duplicates": [list(pair) for pair in self.likely_duplicates]}


def fork(document: Document, base: str, fork: str) -> Document:
    """A copy of the board `base` for one group, as the board `fork`, with the same placements.

    The copy writes under its own random client id. Pages given to a group are no matter of the
    document: every fork holds all rows, the desk says which ones the group fills in.
    """
    copy = Document(document.get_update())
    with copy.transaction():
        copy.root(layout_root(fork)).update(_placements(copy, base))
    return copy


def stamp_group(document: Document, known: Collection[str], group: str) -> list[str]:
    """Write `group` on the notes of a group's document that the shared board does not know yet.

    `known`: note ids of the shared board. To be called by the server before the changes travel
    home, so that provenance never depends on a browser. Returns the ids it wrote on.
    """
    stamped = []
    with document.transaction():
        for note, handle in document.root(NOTES).items():
            if note in known or note_text(handle) is None or handle.get("group") == group:
                continue
            handle["group"] = group
            stamped.append(note)
    return sorted(stamped)


def merge(fork: Document, into: Document, *, board: str | None = None) -> MergeReport:
    """Bring everything new in `fork` into the shared document, in one transaction.

    `board`: the shared board's id; its placements are then guarded against writes made in the
    fork. The changes are tried on a copy first: InvalidUpdate and PoisonedDocument from there
    leave `into` untouched.
    """
    before, theirs = _contents(into), _contents(fork)
    brought = _changes(fork, into)
    if brought is None:
        return MergeReport()
    unseen = _changes(into, fork) or {}
    with into.transaction():
        placements = _placements(into, board)
        into.apply_update(fork.get_update(into.get_state_vector()))
        _keep_groups(into, before)
        _keep_placements(into, board, placements)
    return _report(before, theirs, _contents(into), brought, unseen)


def combine(reports: Iterable[MergeReport]) -> MergeReport:
    """One report for the merges of several groups, each id once."""
    reports = list(reports)
    return MergeReport(
        added=_once(report.added for report in reports),
        edited_on_both_sides=_once(report.edited_on_both_sides for report in reports),
        kept_deleted=_once(report.kept_deleted for report in reports),
        likely_duplicates=_once(report.likely_duplicates for report in reports),
    )


@dataclass(frozen=True, slots=True)
class _Contents:
    alive: Mapping[str, Note]
    deleted: Mapping[str, Note]

    def get(self, note: str) -> Note | None:
        return self.alive.get(note) or self.deleted.get(note)


def _contents(document: Document) -> _Contents:
    board = read_board(document, "", "", "")
    return _Contents(
        {note.id: note for note in board.notes}, {note.id: note for note in board.deleted}
    )


def _changes(source: Document, target: Document) -> Changes | None:
    """Which fields of which notes `source` would change in `target`; None if nothing at all.

    Seen on a copy of `target`: deep events name also the fields whose change loses against a
    concurrent one (as a map event without keys), which no comparison of contents could tell.
    """
    copy = Document(target.get_update())
    notes = copy.root(NOTES)
    found: dict[str, set[str]] = {}

    def note_events(events: Sequence[Any]) -> None:
        for event in events:
            _collect(event, found)

    subscription = notes.observe_deep(note_events)
    _, update = copy.record(lambda: copy.apply_update(source.get_update(copy.get_state_vector())))
    notes.unobserve(subscription)
    return {note: frozenset(fields) for note, fields in found.items()} if update else None


def _collect(event: Any, found: dict[str, set[str]]) -> None:
    path = [str(step) for step in event.path]
    is_map = isinstance(event, MapEvent)
    if not path and is_map:
        for note in event.keys:
            found.setdefault(note, set()).add(WHOLE)
    elif len(path) == 1 and is_map:
        found.setdefault(path[0], set()).update(event.keys or (LOST,))
    elif path:
        found.setdefault(path[0], set()).add(path[1] if len(path) > 1 else LOST)


def _placements(document: Document, board: str | None) -> dict[str, Any]:
    return {} if board is None else dict(document.root(layout_root(board)).items())


def _keep_placements(document: Document, board: str | None, placements: dict[str, Any]) -> None:
    """Undo what a fork wrote about the placements of another board."""
    if board is None:
        return
    layout = document.root(layout_root(board))
    for note, value in dict(layout.items()).items():
        if note not in placements:
            del layout[note]
        elif value != placements[note]:
            layout[note] = placements[note]
    for note in placements.keys() - set(layout.keys()):
        layout[note] = placements[note]


def _keep_groups(document: Document, before: _Contents) -> None:
    """Undo what a fork wrote about the group of a note that stood on the shared board."""
    for note, handle in document.root(NOTES).items():
        stood = before.get(note)
        if stood is None or name_or_none(handle.get("group")) == stood.group:
            continue
        if stood.group is None:
            del handle["group"]
        else:
            handle["group"] = stood.group


def _report(
    before: _Contents, theirs: _Contents, after: _Contents, brought: Changes, unseen: Changes
) -> MergeReport:
    added = [note for note in after.alive if before.get(note) is None]
    standing = [note for note in after.alive.values() if before.get(note.id) is not None]
    return MergeReport(
        added=tuple(added),
        edited_on_both_sides=tuple(
            note
            for note in after.alive
            if _is_edit(brought.get(note))
            and _is_edit(unseen.get(note))
            and len({_edited(side.get(note)) for side in (before, theirs, after)}) > 1
        ),
        kept_deleted=tuple(
            note
            for note, item in after.deleted.items()
            if (note in brought or note in theirs.alive) and (item.text or before.get(note))
        ),
        likely_duplicates=likely_duplicates(standing, (after.alive[note] for note in added)),
    )


def _is_edit(fields: frozenset[str] | None) -> bool:
    return fields is not None and not fields.isdisjoint(EDITS)


def _edited(note: Note | None) -> tuple[str, str, str] | None:
    return None if note is None else (note.text, note.zone, note.color)


def _once(parts: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(item for part in parts for item in part))
