"""Merges that can be taken back, and brought home again by the next one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from boards.changes.values import GONE
from boards.desk import Desk
from boards.document import Document
from boards.edits import new_id
from boards.errors import BoardError
from boards.revert import Difference, differences, take_back
from boards.schema import ANSWERS, NOTES, THEMES
from server.clock import milliseconds
from server.exports.elsewhere import Elsewhere
from server.exports.sources import SMALL_BYTES
from server.i18n import t
from server.store import Record, Store, StoreCorrupted
from server.sync.judging.removals import experiment_key
from server.sync.room.room import Room
from server.workshops.members import document_of
from server.workshops.snapshots.snapshot import Merge, Snapshot

__all__ = [
    "BeforeMerge",
    "Undone",
    "Wanted",
    "before_merge",
    "differing",
    "of_groups",
    "redo",
    "to_redo",
    "undone_merges",
]

Undone = tuple[Merge, bytes]  # a merge that was taken back, and the state before it


@dataclass(frozen=True, slots=True)
class BeforeMerge:
    """The shared board as it was before group work came home."""

    snapshot: Snapshot
    breakout: str
    update: bytes
    state_vector: bytes

    def records(self, workshop: str, document: Document) -> list[Record]:
        """The snapshot, and what takes the merge back; `document`: the shared board after it."""
        gain = document.get_update(self.state_vector)
        merge = Merge(self.snapshot.id, self.breakout, self.snapshot.board, undone=False, gain=gain)
        return [self.snapshot.record(workshop, self.update), merge.record(workshop)]


def before_merge(base: Room, desk: Desk, breakout: str, person: str | None) -> BeforeMerge:
    """The shared board as it stands. `person`: who asked for the merge."""
    document = document_of(base)
    name = t(desk.language, "snapshot.merge")
    snapshot = Snapshot(new_id(), name, milliseconds(), base.board, "merge", person, base.seq)
    return BeforeMerge(snapshot, breakout, document.get_update(), document.get_state_vector())


async def undone_merges(store: Store, board: str, breakout: str) -> list[Undone]:
    """Merges of a breakout that were taken back, oldest first, each with the state before it."""
    found = []
    for snapshot, value in await store.find("merged", board):
        if value["breakout"] != breakout or not value["undone"]:
            continue
        gain = await store.blob("merged", snapshot)
        update = await store.blob("snapshot", snapshot)
        if gain is not None and update is not None:
            found.append((Merge.of(snapshot, value, gain), update))
    return found


async def to_redo(
    merges: Sequence[Undone], workshop: str, elsewhere: Elsewhere, wanted: Wanted
) -> list[list[Difference]]:
    """What is to be taken back of having taken them back, for the groups that are wanted."""
    return [
        of_groups(
            await differing(elsewhere, workshop, merge.board, [update, merge.gain], [update]),
            wanted,
            wanted.left(merge),
        )
        for merge, update in merges
    ]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Groups of a breakout whose work is brought home, of all of them."""

    groups: frozenset[str]
    all: tuple[str, ...]

    def left(self, merge: Merge) -> tuple[str, ...]:
        """Groups whose part of a merge that was taken back has not come home again."""
        return tuple(group for group in self.all if merge.groups is None or group in merge.groups)

    def after(self, merges: Sequence[Undone]) -> tuple[list[Merge], list[Merge]]:
        """Of merges that were taken back: those that still wait for groups, and those that are
        home again."""
        rest = [
            replace(merge, groups=tuple(g for g in self.left(merge) if g not in self.groups))
            for merge, _ in merges
        ]
        return [merge for merge in rest if merge.groups], [m for m in rest if not m.groups]


def of_groups(
    found: Sequence[Difference], wanted: Wanted, left: Collection[str]
) -> list[Difference]:
    """What groups had brought. What is nobody's own (a changed note, a link) comes with the last of
    those who are `left`: it may build on the others' work."""
    if wanted.groups.issuperset(wanted.all) and len(left) == len(wanted.all):
        return list(found)
    notes = [each for each in found if each.root == NOTES and each.became is GONE]
    owners: dict[str, set[str]] = {each.key: {each.was.get("group")} for each in notes}
    themes = {each.key for each in found if each.root == THEMES and each.became is GONE}
    for each in notes:
        if each.was.get("theme") in themes:
            owners.setdefault(each.was["theme"], set()).update(owners[each.key])
    is_last = wanted.groups.issuperset(left)

    def goes(each: Difference) -> bool:
        own = {each.key.rpartition("/")[2]} if each.root == ANSWERS else owners.get(each.key, set())
        own = own.intersection(wanted.all)
        return not own.isdisjoint(wanted.groups.intersection(left)) if own else is_last

    return [each for each in found if goes(each)]


def redo(room: Room, found: Sequence[list[Difference]]) -> None:
    """Bring home again what was taken back, as far as nobody has changed it since."""
    for each in found:
        back = room.edit(lambda document: take_back(document, room.board, each))  # noqa: B023
        room.log_removals(
            dict.fromkeys((*back.restored, *map(experiment_key, back.experiments_restored)))
        )


async def differing(
    elsewhere: Elsewhere, workshop: str, board: str, before: list[bytes], after: list[bytes]
) -> list[Difference]:
    """What led from one state of a board to another, each told as updates; raises NotDone if
    it takes too long."""
    if sum(map(len, (*before, *after))) <= SMALL_BYTES:
        return differences_of(board, before, after)
    return await elsewhere.run(workshop, differences_of, board, before, after)


def differences_of(board: str, before: list[bytes], after: list[bytes]) -> list[Difference]:
    """Here, or in another process. Raises StoreCorrupted."""
    try:
        return differences(board, state_of(before), state_of(after))
    except BoardError as error:
        raise StoreCorrupted("what is kept of a board does not open") from error


def state_of(updates: list[bytes]) -> Document:
    document = Document()
    for update in updates:
        document.apply_update(update)
    return document
