"""Restoring by person: what somebody did to a board is shown to a facilitator, and taken back.

Deletions are known by the log of them (rule DN1), the rest is read from the board's history. Where
that holds updates of several people as one, nobody's moves and changes are told from them (SN10).

As everywhere: nothing is awaited between the first `room.edit` and `committer.commit`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from boards.changes.doings import KINDS, Back, Doings, Item, bring_back, doings
from boards.changes.values import Trail, trail_of
from boards.desk import Desk
from boards.document import Document
from boards.errors import BoardError
from boards.schema import EXPERIMENTS, NOTES
from server.errors import BoardGone
from server.exports.elsewhere import Elsewhere
from server.exports.sources import SMALL_BYTES
from server.i18n import t
from server.store import StoreCorrupted, StoredHistory
from server.sync.judging.removals import Removed, experiment_in, experiment_key
from server.sync.room.room import Room
from server.workshops.errors import PersonGone
from server.workshops.input import fields
from server.workshops.members import Desks, Member, document_of
from server.workshops.rights import find_board, find_person
from server.workshops.snapshots.replay import weight_of
from server.workshops.snapshots.snapshots import taken, tell

__all__ = ["ByPerson", "PutBack"]

LATEST = 2**53  # ms since the epoch


@dataclass(frozen=True, slots=True)
class PutBack:
    """How much came back. `snapshot`: of the board as it was before; None: nothing changed."""

    snapshot: str | None
    deleted: int
    moved: int
    changed: int


class ByPerson:
    """Shows a facilitator what one person did to a board since a time, and takes it back."""

    def __init__(self, desks: Desks, elsewhere: Elsewhere) -> None:
        self._desks = desks
        self._elsewhere = elsewhere
        self._rooms = desks.rooms
        self._store = desks.store

    async def done(self, member: Member, board: str, person: str, since: int) -> Doings:
        """Raises NotAllowed, BoardGone, PersonGone."""
        await self._known(member, board, person)
        async with self._rooms.hold(board) as room:
            trail = await self._trail(room, member, person, since)
            gone = removed_by(room.removals.known, person, since)
            return doings(document_of(room), board, trail, gone)

    async def restore(self, member: Member, board: str, body: Mapping[str, Any]) -> PutBack:
        """Take it back as ordinary edits, with a snapshot of how the board stood.

        Raises NotAllowed, BoardGone, PersonGone.
        """
        fields.known_fields(body, ("person", "since", "what"))
        person = fields.text(body.get("person"), "person", most=200)
        since = fields.whole(body.get("since"), "since", least=0, most=LATEST)
        kinds = kinds_in(body.get("what", list(KINDS)))
        await self._known(member, board, person)
        async with self._desks.hold(member.workshop) as desk_room, self._rooms.hold(board) as room:
            trail = await self._trail(room, member, person, since)
            desk, seq = self._desks.read(desk_room), room.seq
            snapshot, record = taken(room, member, "restore", t(desk.language, "snapshot.restore"))
            back = put_back(room, trail, removed_by(room.removals.known, person, since), kinds)
            changed = room.seq != seq
            if changed:
                tell(desk_room, member, board)
            await self._rooms.committer.commit(member.workshop, puts=[record] if changed else [])
        id = snapshot.id if changed else None
        return PutBack(id, back.deleted, back.moved, back.changed)

    async def _known(self, member: Member, board: str, person: str) -> Desk:
        member.must_lead()
        desk = await self._desks.desk(member.workshop)
        if find_board(desk, board) is None:
            raise BoardGone("not on the desk")
        if find_person(desk, person) is None:
            raise PersonGone("not on the desk")
        return desk

    async def _trail(self, room: Room, member: Member, person: str, since: int) -> Trail:
        await self._rooms.committer.commit(member.workshop)  # what waits belongs to it as well
        history = await self._store.history(room.board)
        if history is None:
            raise BoardGone("no history of it")
        if weight_of(history) <= SMALL_BYTES:
            return trail_in(history, room.board, person, since)
        return await self._elsewhere.run(
            member.workshop, trail_in, history, room.board, person, since
        )


def kinds_in(value: object) -> list[str]:
    asked = fields.items(value, "what", most=len(KINDS))
    return [fields.choice(kind, "what", KINDS) for kind in asked]


def put_back(room: Room, trail: Trail, gone: Collection[Item], kinds: Collection[str]) -> Back:
    """In the server's name; what comes back is no longer logged as deleted."""

    def bring(document: Document) -> Back:
        return bring_back(document, room.board, trail, gone, kinds)

    back = room.edit(bring)
    room.log_removals(
        dict.fromkeys(id if root == NOTES else experiment_key(id) for root, id in back.logged)
    )
    return back


def removed_by(known: Mapping[str, Removed], person: str, since: int) -> list[Item]:
    """What a person deleted at `since` (ms) or later and is logged as still gone."""
    keys = [key for key, one in known.items() if one.person == person and one.at >= since]
    found = ((experiment_in(key), key) for key in keys)
    return [(NOTES, key) if e is None else (EXPERIMENTS, e) for e, key in found]


def trail_in(history: StoredHistory, board: str, person: str, since: int) -> Trail:
    """What of a board is as this person left it, who touched it at `since` (ms) or later.

    Here, or in another process. Raises StoreCorrupted.
    """
    try:
        document = Document(history.base.update if history.base else None)
        earlier = [moment.update for moment in history.moments if moment.stamp.at < since]
        document.apply_updates(earlier)
        later = [moment for moment in history.moments if moment.stamp.at >= since]
        runs = groupby(later, lambda moment: moment.stamp.who == (person,))
        return trail_of(
            document,
            board,
            (([moment.update for moment in run], is_theirs) for is_theirs, run in runs),
        )
    except BoardError as error:
        raise StoreCorrupted("what is kept of a board does not open") from error
