"""Restoring by person: what somebody did to a board is shown to a facilitator, and taken back.

Deletions are known by the log of them (rule DN1), the rest is read from the board's history. Where
that holds updates of several people as one, nobody's moves and changes are told from them (SN10).

What is much goes back in steps (`steps.py`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from itertools import groupby
from typing import Any

from boards.changes.doings import KINDS, Back, Item, bring_back, doings, parted
from boards.changes.values import Trail, trail_of
from boards.desk import Desk
from boards.document import Document
from boards.errors import BoardError
from boards.layout.taken import Taken
from boards.schema import EXPERIMENTS, NOTES
from server.errors import BoardGone
from server.exports.elsewhere import Elsewhere
from server.exports.sources import SMALL_BYTES
from server.i18n import t
from server.store import Record, StoreCorrupted, StoredHistory
from server.sync.judging.removals import Removed, experiment_in, experiment_key
from server.sync.room.room import Room
from server.workshops.errors import PersonGone
from server.workshops.input import fields
from server.workshops.members import Desks, Member
from server.workshops.rights import find_board, find_person
from server.workshops.snapshots.automatic import forget_old
from server.workshops.snapshots.replay import weight_of
from server.workshops.snapshots.snapshots import taken, tell
from server.workshops.snapshots.steps import STEP, places_on, stepwise

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

    async def done(self, member: Member, board: str, person: str, since: int) -> bytes:
        """As JSON. Raises NotAllowed, BoardGone, PersonGone, NotDone."""
        await self._known(member, board, person)
        async with self._rooms.hold(board) as room:
            history = await self._history(room, member)
            gone = removed_by(room.removals.known, person, since)
        if weight_of(history) <= SMALL_BYTES:
            return doings_in(history, board, person, since, gone)
        return await self._elsewhere.run(
            member.workshop, doings_in, history, board, person, since, gone
        )

    async def restore(self, member: Member, board: str, body: Mapping[str, Any]) -> PutBack:
        """Take it back as ordinary edits, with a snapshot of how the board stood.

        Raises NotAllowed, BoardGone, PersonGone, NotDone.
        """
        fields.known_fields(body, ("person", "since", "what"))
        person = fields.text(body.get("person"), "person", most=200)
        since = fields.whole(body.get("since"), "since", least=0, most=LATEST)
        kinds = kinds_in(body.get("what", list(KINDS)))
        await self._known(member, board, person)
        async with self._desks.hold(member.workshop) as desk_room, self._rooms.hold(board) as room:
            trail = await self._trail(room, member, person, since)
            gone = removed_by(room.removals.known, person, since)
            places = await places_on(room) if gone else Taken()
            language = self._desks.read(desk_room).language
            snapshot, record = taken(room, member, "restore", t(language, "snapshot.restore"))
            back: list[Back] = []

            def step(some: Trail, theirs: Collection[Item]) -> None:
                back.append(put_back(room, some, theirs, kinds, places))

            def begin() -> Record:
                tell(desk_room, member, board)
                return record

            changed = await stepwise(
                self._rooms.committer,
                member.workshop,
                room,
                (partial(step, *part) for part in parted(trail, gone, STEP)),
                begin,
            )
        if changed:
            await forget_old(self._store, self._rooms.committer, member.workshop, board)
        return PutBack(
            snapshot.id if changed else None,
            sum(one.deleted for one in back),
            sum(one.moved for one in back),
            sum(one.changed for one in back),
        )

    async def _known(self, member: Member, board: str, person: str) -> Desk:
        member.must_lead()
        desk = await self._desks.desk(member.workshop)
        if find_board(desk, board) is None:
            raise BoardGone("not on the desk")
        if find_person(desk, person) is None:
            raise PersonGone("not on the desk")
        return desk

    async def _history(self, room: Room, member: Member) -> StoredHistory:
        await self._rooms.committer.commit(member.workshop)  # what waits belongs to it as well
        history = await self._store.history(room.board)
        if history is None:
            raise BoardGone("no history of it")
        return history

    async def _trail(self, room: Room, member: Member, person: str, since: int) -> Trail:
        history = await self._history(room, member)
        if weight_of(history) <= SMALL_BYTES:
            return trail_in(history, room.board, person, since)
        return await self._elsewhere.run(
            member.workshop, trail_in, history, room.board, person, since
        )


def kinds_in(value: object) -> list[str]:
    asked = fields.items(value, "what", most=len(KINDS))
    return [fields.choice(kind, "what", KINDS) for kind in asked]


def put_back(
    room: Room, trail: Trail, gone: Collection[Item], kinds: Collection[str], places: Taken
) -> Back:
    """In the server's name; what comes back is no longer logged as deleted."""

    def bring(document: Document) -> Back:
        return bring_back(document, room.board, trail, gone, kinds, places)

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
    return followed(history, board, person, since)[1]


def doings_in(
    history: StoredHistory, board: str, person: str, since: int, gone: Collection[Item]
) -> bytes:
    """What a person did to a board, as JSON. Here, or in another process. Raises StoreCorrupted."""
    document, trail = followed(history, board, person, since)
    found = asdict(doings(document, board, trail, gone))
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def followed(history: StoredHistory, board: str, person: str, since: int) -> tuple[Document, Trail]:
    """The board at the end of its history, and as `trail_in`."""
    try:
        document = Document(history.base.update if history.base else None)
        earlier = [moment.update for moment in history.moments if moment.stamp.at < since]
        document.apply_updates(earlier)
        later = [moment for moment in history.moments if moment.stamp.at >= since]
        runs = groupby(later, lambda moment: moment.stamp.who == (person,))
        return document, trail_of(
            document,
            board,
            (([moment.update for moment in run], is_theirs) for is_theirs, run in runs),
        )
    except BoardError as error:
        raise StoreCorrupted("what is kept of a board does not open") from error
