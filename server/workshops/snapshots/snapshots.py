"""Commands on snapshots: taking one by hand, going back to one, taking a merge back.

What is much goes back in steps (`steps.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from boards.desk import Desk, Restored
from boards.desk_edits import put_breakout, put_field
from boards.document import Document
from boards.edits import new_id
from boards.revert import Difference, Reverted, take_back
from server.clock import milliseconds
from server.errors import BoardGone
from server.exports.elsewhere import Elsewhere
from server.i18n import t
from server.store import Record
from server.sync.judging.removals import Removed, experiment_key
from server.sync.room.room import Room
from server.workshops.errors import MergeUndone, SnapshotGone, SnapshotsFull
from server.workshops.input import fields
from server.workshops.locks import Locks
from server.workshops.members import Desks, Member, document_of
from server.workshops.rights import find_board
from server.workshops.snapshots.automatic import Automatic, forget_old
from server.workshops.snapshots.merges import differing
from server.workshops.snapshots.snapshot import BY_HAND, Listed, Merge, Snapshot, listed
from server.workshops.snapshots.steps import STEP, stepwise

__all__ = ["MODES", "Snapshots", "WentBack"]

NAME_CHARACTERS = 120
MOST_BY_HAND = 100  # of one board
MOST_BYTES = 100 << 20  # of these; the largest board five times
IN_PLACE, UNDO_MERGE = "in_place", "undo_merge"
MODES = (IN_PLACE, UNDO_MERGE)

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WentBack:
    """What going back changed: notes and experiments taken off and brought back, counted.

    `snapshot`: of the board as it was before; None when nothing changed.
    """

    snapshot: str | None
    deleted: int
    restored: int


class Snapshots:
    """Commands on snapshots, for a facilitator; whoever may see the board may read them.

    `automatic` takes those that nobody asks for.
    """

    def __init__(self, desks: Desks, automatic: Automatic, elsewhere: Elsewhere) -> None:
        self.automatic = automatic
        self._desks = desks
        self._elsewhere = elsewhere
        self._store = desks.store
        self._rooms = desks.rooms
        self._locks = Locks()  # of a board, one is taken at a time

    async def take(self, member: Member, board: str, body: Fields) -> Listed:
        """Keep a board as it stands, under a name. Raises BoardGone, SnapshotsFull, NotDone."""
        member.must_lead()
        fields.known_fields(body, ("name",))
        name = fields.text(body.get("name"), "name", most=NAME_CHARACTERS)
        desk = await self._desks.desk(member.workshop)
        if find_board(desk, board) is None:
            raise BoardGone("not on the desk")
        async with self._locks.of(board), self._rooms.hold(board) as room:
            size = room.loaded_board().state.size  # about: writing it takes long
            await self._must_have_room(board, size)
            async with self.automatic.large.turn(member.workshop, size):
                snapshot, record = taken(room, member, BY_HAND, name)
                await self._rooms.committer.commit(member.workshop, puts=[record])
            return listed(desk, snapshot, None)

    async def _must_have_room(self, board: str, size: int) -> None:
        found = [Snapshot.of(id, value) for id, value in await self._store.find("snapshot", board)]
        by_hand = [one.size for one in found if one.cause == BY_HAND]
        if len(by_hand) >= MOST_BY_HAND or sum(by_hand) + size > MOST_BYTES:
            raise SnapshotsFull(f"{len(by_hand)} snapshots, {sum(by_hand)} bytes")

    async def delete(self, member: Member, snapshot: str) -> None:
        """Forget one; the board stays as it is."""
        member.must_lead()
        await self._found(member, snapshot)
        deletes = [("snapshot", snapshot), ("merged", snapshot)]
        await self._rooms.committer.commit(member.workshop, deletes=deletes)

    async def restore(self, member: Member, snapshot: str, body: Fields) -> WentBack:
        """Make the board as it was then, or take back the merge that it was taken before.

        Raises SnapshotGone, MergeUndone.
        """
        member.must_lead()
        fields.known_fields(body, ("mode",))
        mode = fields.choice(body.get("mode", IN_PLACE), "mode", MODES)
        kept, update = await self._found(member, snapshot)
        merge = await self._merge(snapshot) if mode == UNDO_MERGE else None
        async with (
            self._desks.hold(member.workshop) as desk_room,
            self._rooms.hold(kept.board) as room,
        ):
            return await self._go_back(desk_room, room, member, update, merge)

    async def workshop_of_board(self, board: str) -> str:
        """The workshop that a board belongs to. Raises BoardGone."""
        return await self._desks.board_workshop(board)

    async def workshop_of(self, snapshot: str) -> str:
        """The workshop that a snapshot belongs to. Raises SnapshotGone."""
        value = await self._store.get("snapshot", snapshot)
        if value is None:
            raise SnapshotGone("no such snapshot")
        return str(value["workshop"])

    async def _found(self, member: Member, snapshot: str) -> tuple[Snapshot, bytes]:
        value = await self._store.get("snapshot", snapshot)
        update = await self._store.blob("snapshot", snapshot)
        if value is None or update is None or value["workshop"] != member.workshop:
            raise SnapshotGone("no such snapshot")
        return Snapshot.of(snapshot, value), update

    async def _merge(self, snapshot: str) -> Merge:
        """The merge that came after it and still stands. Raises MergeUndone."""
        value = await self._store.get("merged", snapshot)
        gain = await self._store.blob("merged", snapshot)
        if value is None or gain is None or value["undone"]:
            raise MergeUndone("no merge that stands")
        return Merge.of(snapshot, value, gain)

    async def _go_back(
        self, desk_room: Room, room: Room, member: Member, update: bytes, merge: Merge | None
    ) -> WentBack:
        """To the state `update`, or only of what a merge changed after it."""
        now = [update, merge.gain] if merge else [document_of(room).get_update()]
        found = await differing(self._elsewhere, member.workshop, room.board, [update], now)
        if merge is not None:
            await self._merge(merge.snapshot)  # somebody else may have been quicker
        language = self._desks.read(desk_room).language
        snapshot, record = taken(room, member, "restore", t(language, "snapshot.restore"))
        reverted: list[Reverted] = []

        def begin() -> Record:
            tell(desk_room, member, room.board)
            return record

        def end() -> list[Record]:
            if merge is None:
                return []
            desk = self._desks.read(desk_room)
            desk_room.edit(lambda document: forget_merge(document, desk, merge.breakout))
            return [replace(merge, undone=True).record(member.workshop)]

        steps = (
            partial(
                lambda some: reverted.append(reverse(room, member, some)), found[at : at + STEP]
            )
            for at in range(0, len(found), STEP)
        )
        changed = await stepwise(self._rooms.committer, member.workshop, room, steps, begin, end)
        if changed:
            await forget_old(self._store, self._rooms.committer, member.workshop, room.board)
        return WentBack(
            snapshot.id if changed else None,
            sum(one.gone for one in reverted),
            sum(one.back for one in reverted),
        )


def taken(room: Room, member: Member, cause: str, name: str) -> tuple[Snapshot, Record]:
    """A board's snapshot as it stands now, and the record that keeps it."""
    snapshot = Snapshot(new_id(), name, milliseconds(), room.board, cause, member.person, room.seq)
    return snapshot, snapshot.record(member.workshop, document_of(room).get_update())


def reverse(room: Room, member: Member, found: Sequence[Difference]) -> Reverted:
    """`take_back` in the server's name; what it deletes is logged as the facilitator's doing."""
    reverted = room.edit(lambda document: take_back(document, room.board, found))
    gone = Removed(member.person, milliseconds(), others=True)
    deleted = {*reverted.deleted, *map(experiment_key, reverted.experiments_deleted)}
    back = {*reverted.restored, *map(experiment_key, reverted.experiments_restored)}
    room.log_removals({**dict.fromkeys(deleted, gone), **dict.fromkeys(back)})
    return reverted


def tell(desk_room: Room, member: Member, board: str) -> None:
    """Everybody who is on a board hears that it went back."""
    told = Restored(id=new_id(), board=board, person=member.person, at=milliseconds())
    desk_room.edit(lambda document: put_field(document, "restored", told))


def forget_merge(document: Document, desk: Desk, breakout: str) -> None:
    """Its groups' work is not home any more."""
    for entry in desk.breakouts:
        if entry.id == breakout:
            put_breakout(document, replace(entry, merged=None))
