"""Breakouts: a group's board is a fork that shares history, and merging brings its changes home.

A merge is idempotent, and any order of merges gives the same board (rules BR1–BR18 in
docs/protocol.md). Its report is found out from the two documents alone; nothing is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from boards.document import Document
from boards.duplicates import likely_duplicates
from boards.schema import (
    ANSWERS,
    EXPERIMENTS,
    LINKS,
    NOTES,
    THEMES,
    VOTES,
    Board,
    Note,
    entries,
    layout_root,
    read_all_notes,
    read_answers,
    read_board,
    read_experiments,
    read_layout,
    read_notes,
)

T = TypeVar("T")
Changes = Mapping[str, frozenset[str]]  # note id → names of the fields that were changed

WHOLE = "*"  # the note itself is new, or was put anew
LOST = "?"  # a field whose change lost against a concurrent one
CONTENT = (NOTES, THEMES, LINKS, VOTES, ANSWERS, EXPERIMENTS)
EDITS = frozenset({"text", "zone", "color", LOST})  # what "edited on both sides" is about


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeReport:
    """What one merge brought. All tuples hold note ids, in order; a repeated merge has none.

    `added`: new on the shared board. `edited_on_both_sides`: text, zone or colour changed by the
    group and, unknown to the group, on the shared board as well. `kept_deleted`: stay off the
    shared board, because the group or the shared board deleted them. `put_back`: the group deleted
    them, and they stand, as others have them still. `likely_duplicates`: pairs of (a note of
    another group or of the whole team, a note added by this merge).
    """

    added: tuple[str, ...] = ()
    edited_on_both_sides: tuple[str, ...] = ()
    kept_deleted: tuple[str, ...] = ()
    put_back: tuple[str, ...] = ()
    likely_duplicates: tuple[tuple[str, str], ...] = ()

    def json(self) -> dict[str, Any]:
        """The report as `POST /api/breakouts/{id}/merge` answers it (snapshot apart)."""
        report = {name: list(ids) for name, ids in asdict(self).items()}
        return {**report, "likely_duplicates": [list(pair) for pair in self.likely_duplicates]}


@dataclass(frozen=True, slots=True)
class Brought:
    """What the merge of one group changed: all that `report` needs to find out the rest.

    `changes` came with the fork; `stood` are the notes of the shared board among them, as they were
    before. `fork` are updates that make the fork as it was then, `unseen` what it lacked of the
    shared board. `experiments` are those that it took off the plan.
    """

    changes: Changes
    stood: Mapping[str, Note]
    fork: tuple[bytes, ...]
    unseen: bytes
    experiments: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Lately:
    """A document as it stood a moment ago: what came since is little to write down."""

    update: bytes
    state_vector: bytes

    @classmethod
    def of(cls, document: Document) -> Lately:
        return cls(document.get_update(), document.get_state_vector())

    def updates(self, document: Document) -> tuple[bytes, ...]:
        """What makes the document as it stands."""
        return self.update, document.get_update(self.state_vector)


@dataclass(frozen=True, slots=True)
class Work:
    """What one group has: its document, and the zones that it works on (None: all)."""

    fork: Document
    zones: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Sides:
    """A merge seen from both sides: `unseen` are changes of the shared board that the fork had not
    seen, `theirs` the fork's notes."""

    changes: Changes
    unseen: Changes
    stood: Mapping[str, Note]
    theirs: Mapping[str, Note]


def fork(document: Document, base: str, fork: str) -> Document:
    """A copy of the board `base` for one group, as the board `fork`, with the same placements.

    The copy writes under its own random client id. Pages given to a group are no matter of the
    document: every fork holds all rows, the desk says which ones the group fills in.
    """
    copy = Document(document.get_update())
    with copy.transaction():
        placements = read_layout(copy, base)
        copy.root(layout_root(fork)).update({item: [*at] for item, at in placements.items()})
    return copy


def stamp_group(document: Document, known: Collection[str], group: str) -> list[str]:
    """Write `group` on the notes of a group's document that the shared board does not know yet.

    `known`: note ids of the shared board. To be called by the server before the changes travel
    home, so that provenance never depends on a browser. Returns the ids it wrote on.
    """
    root = document.root(NOTES)
    with document.transaction():
        new = read_notes(document, (note for note in root.keys() if note not in known))  # noqa: SIM118
        stamped = sorted(note for note, value in new.items() if value.group != group)
        for note in stamped:
            root[note]["group"] = group
    return stamped


def merge(fork: Document, into: Document, *, board: str | None = None) -> MergeReport:
    """`bring` everything new in `fork` into the shared document, and report it."""
    return report([bring(fork, into, board=board)], into)


def bring(
    fork: Document,
    into: Document,
    *,
    board: str | None = None,
    copy: Document | None = None,
    lately: Lately | None = None,
) -> Brought | None:
    """Bring everything new in `fork` into the shared document, in one transaction.

    `board`: the shared board's id; its placements are then guarded against writes made in the
    fork. The changes are tried on a copy first: InvalidUpdate and PoisonedDocument from there
    leave `into` untouched. `copy`: one of an earlier state of `into`, which
    catches up here; `lately`: the fork as it was earlier; making either takes long of a large
    board. None if there is nothing new.
    """
    if copy is None:
        copy = Document(into.get_update())
    else:
        copy.apply_update(into.get_update(copy.get_state_vector()))
    new = fork.get_update(copy.get_state_vector())
    changes = _changes(new, copy)
    if changes is None:
        return None
    theirs = (lately or Lately.of(fork)).updates(fork)
    unseen = into.get_update(fork.get_state_vector())
    stood = read_notes(into, changes)
    planned = _planned(into)
    with into.transaction():
        placements = _placements(into, board)
        into.apply_update(new)
        _keep_groups(into, stood)
        _keep_placements(into, board, placements)
    return Brought(changes, stood, theirs, unseen, planned - _planned(into))


def deleted_by(merge: Brought, fork: Document) -> set[str]:
    """Notes of the shared board that the group deleted, unless they were gone there already."""
    may = _with_deletions(merge.changes) & merge.stood.keys()
    alive = (note for note in may if not merge.stood[note].deleted)
    return {note for note, theirs in read_notes(fork, alive).items() if theirs.deleted}


def _with_deletions(changes: Changes) -> set[str]:
    """Notes that a deletion may be among the changes of: one that lost has no name."""
    return {note for note, fields in changes.items() if not fields.isdisjoint({"del", LOST})}


def settle(notes: Iterable[str], groups: Sequence[Work], into: Document) -> None:
    """What some groups deleted stands if another has it, and is gone if none has (BR18).

    To be called after the merges of all groups. A group has a note if it works on the note's zone
    and has not deleted it. Both ways, as of two concurrent deletions one loses, and taking back the
    other then hides it.
    """
    found = read_notes(into, notes)
    zones = {note: value.zone for note, value in found.items()}
    held = {note for group in groups for note in _held(group, zones)}
    with into.transaction():
        for note, now in found.items():
            if now.deleted and note in held:
                del into.root(NOTES)[note]["del"]
            elif not now.deleted and note not in held:
                into.root(NOTES)[note]["del"] = True


def keep_experiments(gone: Set[str], groups: Sequence[Work], into: Document) -> None:
    """The same for experiments that a group took off the plan."""
    with into.transaction():
        for experiment in gone & {one for group in groups for one in _planned(group.fork)}:
            del into.root(EXPERIMENTS)[experiment]["del"]


def _planned(document: Document) -> frozenset[str]:
    return frozenset(one.id for one in read_experiments(document))


def _held(group: Work, zones: Mapping[str, str]) -> Iterable[str]:
    seen = (note for note, zone in zones.items() if group.zones is None or zone in group.zones)
    return (note for note, value in read_notes(group.fork, seen).items() if not value.deleted)


def unseen(fork: Document, shared: Document) -> int | None:
    """How many notes would be new or changed on the shared board if the fork were merged now.

    0 when it is only something else (a theme, a link, dots, an answer, an experiment); None when
    nothing would. Places do not count, as those of a fork are its own.
    """
    found = _changed(fork, Document(shared.get_update()))
    stood, theirs = read_notes(shared, found[NOTES]), read_notes(fork, found[NOTES])
    notes = [note for note, now in theirs.items() if note in stood or not now.deleted]
    written = read_answers(shared), read_answers(fork)
    answers = [key for key in found[ANSWERS] if any(texts.get(key) for texts in written)]
    others = any(found[root] for root in CONTENT if root not in (NOTES, ANSWERS))
    return len(notes) if notes or answers or others else None


def report(merges: Iterable[Brought | None], into: Document) -> MergeReport:
    """One report for the merges of several groups, made from the shared document after them.

    It costs more than the merges: everybody can have their notes before it is written.
    """
    done = [_sides(merge) for merge in merges if merge is not None]
    if not done:
        return MergeReport()
    after = read_board(into, "", "", "")
    new = {note for one in done for note in one.changes if note not in one.stood}
    added = [note for note in after.notes if note.id in new]
    written = read_all_notes(into)
    return MergeReport(
        added=tuple(note.id for note in added),
        edited_on_both_sides=tuple(
            note.id
            for note in after.notes
            if any(_is_contested(written[note.id], one) for one in done)
        ),
        kept_deleted=_once(_kept_deleted(after, one) for one in done),
        put_back=_once(_put_back(after, one) for one in done),
        likely_duplicates=likely_duplicates(
            (note for note in after.notes if note.id not in new), added
        ),
    )


def _sides(merge: Brought) -> Sides:
    fork = Document()
    for update in merge.fork:
        fork.apply_update(update)
    theirs = read_all_notes(fork)
    unseen = _changes(merge.unseen, fork) or {}
    return Sides(merge.changes, unseen, merge.stood, theirs)


def _changes(update: bytes, copy: Document) -> Changes | None:
    """Which fields of which notes an update changes in `copy`; None if nothing at all.

    `copy` is of a document that must not change. Deep events name also the fields whose change
    loses against a concurrent one (as a map event without keys), which no comparison of contents
    could tell.
    """
    found: dict[str, set[str]] = {}
    subscription = copy.watch(NOTES, _collector(found))
    _, made = copy.record(lambda: copy.apply_update(update))
    subscription.drop()
    return {note: frozenset(fields) for note, fields in found.items()} if made else None


def _changed(source: Document, copy: Document) -> dict[str, Changes]:
    """By root, which fields of what `source` changes in `copy`, which must not change otherwise."""
    found: dict[str, dict[str, set[str]]] = {root: {} for root in CONTENT}
    subscriptions = [copy.watch(root, _collector(items)) for root, items in found.items()]
    copy.apply_update(source.get_update(copy.get_state_vector()))
    for subscription in subscriptions:
        subscription.drop()
    return {
        root: {item: frozenset(fields) for item, fields in items.items()}
        for root, items in found.items()
    }


def _collector(found: dict[str, set[str]]) -> Callable[[Sequence[Any]], None]:
    def collect(events: Sequence[Any]) -> None:
        for event in events:
            _collect(event, found)

    return collect


def _collect(event: Any, found: dict[str, set[str]]) -> None:
    path = [str(step) for step in event.path]
    keys = getattr(event, "keys", ())  # of a map event; empty when the change lost
    if not path:
        for note in keys:
            found.setdefault(note, set()).add(WHOLE)
    else:
        found.setdefault(path[0], set()).update(path[1:2] or keys or (LOST,))


def _placements(document: Document, board: str | None) -> dict[str, Any]:
    return {} if board is None else entries(document.root(layout_root(board)))


def _keep_placements(document: Document, board: str | None, stood: Mapping[str, Any]) -> None:
    """Undo what a fork wrote about the placements of the shared board's notes and themes."""
    now = _placements(document, board)
    for item in now.keys() | stood.keys():
        layout = document.root(layout_root(board or ""))
        if item not in stood:
            del layout[item]
        elif now.get(item) != stood[item]:
            layout[item] = stood[item]


def _keep_groups(document: Document, stood: Mapping[str, Note]) -> None:
    """Undo what a fork wrote about the group of a note that stood on the shared board."""
    for note, now in read_notes(document, stood).items():
        group = stood[note].group
        if now.group == group:
            continue
        handle = document.root(NOTES)[note]
        if group is None:
            del handle["group"]
        else:
            handle["group"] = group


def _kept_deleted(after: Board, merge: Sides) -> tuple[str, ...]:
    """What the group deleted, edited or still has; a note it wrote, emptied and threw away is not.

    A note that is wholly gone (our clients never do that) counts like a deleted one.
    """
    alive = {note.id for note in after.notes}
    deleted = {note.id: note.text for note in after.deleted}
    missed = {note for note, value in merge.theirs.items() if not value.deleted} - alive
    touched = {note for note in merge.changes if note in merge.stood or deleted.get(note)} - alive
    in_order = [*deleted, *sorted((missed | touched) - deleted.keys())]
    return tuple(note for note in in_order if note in missed or note in touched)


def _put_back(after: Board, merge: Sides) -> tuple[str, ...]:
    """What the group deleted with this merge and stands all the same."""
    may = _with_deletions(merge.changes) & merge.stood.keys() & merge.theirs.keys()
    return tuple(
        note.id for note in after.notes if note.id in may and merge.theirs[note.id].deleted
    )


def _is_contested(note: Note, merge: Sides) -> bool:
    """Whether both sides edited it without knowing of the other, and not to the same end."""
    return (
        _is_edit(merge.changes.get(note.id))
        and _is_edit(merge.unseen.get(note.id))
        and not _is_same(note, merge.stood.get(note.id), merge.theirs.get(note.id))
    )


def _is_edit(fields: frozenset[str] | None) -> bool:
    return fields is not None and not fields.isdisjoint(EDITS)


def _is_same(note: Note, *others: Note | None) -> bool:
    """Whether nothing that "edited on both sides" is about differs on any side."""
    return all(
        other is not None
        and (other.text, other.zone, other.color) == (note.text, note.zone, note.color)
        for other in others
    )


def _once(parts: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(item for part in parts for item in part))
