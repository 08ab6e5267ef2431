"""Merges that can be taken back, and brought home again by the next one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from boards.desk import Desk
from boards.document import Document
from boards.edits import new_id
from boards.errors import BoardError
from boards.revert import Difference, differences, take_back
from server.clock import milliseconds
from server.exports.elsewhere import Elsewhere
from server.exports.sources import SMALL_BYTES
from server.i18n import t
from server.store import Record, Store, StoreCorrupted
from server.sync.judging.removals import experiment_key
from server.sync.room.room import Room
from server.workshops.members import document_of
from server.workshops.snapshots.snapshot import Merge, Snapshot

__all__ = ["BeforeMerge", "before_merge", "differing", "redo", "to_redo", "undone_merges"]


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


async def undone_merges(store: Store, board: str, breakout: str) -> list[tuple[Merge, bytes]]:
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
    merges: Sequence[tuple[Merge, bytes]], workshop: str, elsewhere: Elsewhere
) -> list[list[Difference]]:
    """What is to be taken back of having taken them back."""
    return [
        await differing(elsewhere, workshop, merge.board, [update, merge.gain], [update])
        for merge, update in merges
    ]


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
