"""Breakouts: opening one, moving people, merging the groups' work, calling people back.

A group's board is a fork, so merging can be asked for at any time and as often as one likes. As
everywhere: nothing is awaited between the first `room.edit` and `committer.commit`.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from boards.breakout import Brought, fork
from boards.desk import Breakout, Desk, DeskBoard, Group
from boards.desk_edits import put_board, put_breakout, put_field
from boards.document import Document
from boards.edits import new_id, seed_answers
from server.clock import milliseconds
from server.errors import NotDone, ServiceError
from server.exports.elsewhere import Elsewhere
from server.exports.sources import SMALL_BYTES, Source
from server.store import NewBoard
from server.sync.room.room import Room
from server.workshops import records
from server.workshops.breakouts.groups import (
    placed,
    read_groups,
    read_moves,
    read_wanted,
    with_leavers,
)
from server.workshops.breakouts.late import Late
from server.workshops.breakouts.merging import (
    Merged,
    bring_home,
    shared_source,
    told_of,
    works_of,
    written_down,
)
from server.workshops.breakouts.preview import Previews
from server.workshops.breakouts.recalls import must_be_due, with_recall
from server.workshops.errors import BreakoutClosed, BreakoutGone, BreakoutsFull, TooLargeToSplit
from server.workshops.input import fields
from server.workshops.input.desk_patch import shared_board
from server.workshops.members import Desks, Member, document_of, find_breakout
from server.workshops.rights import find_board
from server.workshops.snapshots.automatic import Automatic, forget_old
from server.workshops.snapshots.merges import before_merge, redo, to_redo, undone_merges
from server.workshops.workbooks import board_definition

__all__ = ["Breakouts", "Closed"]

log = logging.getLogger(__name__)

MOST_BREAKOUTS = 200  # of a workshop, open and closed
MOST_OPEN_GROUPS = 400  # of a workshop at one time: every newcomer is put into each breakout
MOST_TOLD = 20  # ends of which it is known what came home
MOST_FORK_BYTES = 48 << 20  # of all copies of one breakout: a merge has all of them in memory

Fields = Mapping[str, Any]
Check = Callable[[Breakout], None]


def anyhow(_: Breakout) -> None:
    """It ends however it stands."""


@dataclass(frozen=True, slots=True)
class Closed:
    """Group work that is over; `gathered` is what came home with it, None if that was not done."""

    breakout: Breakout
    gathered: Merged | None = None


@dataclass(frozen=True, slots=True)
class Fork:
    """A group's board that is about to be stored; `client`: who seeded it."""

    board: DeskBoard
    new: NewBoard
    client: int


class Breakouts:
    """Commands on breakouts, each for a facilitator. `late` counts what comes after the end;
    `previews`: what a merge would bring."""

    def __init__(self, desks: Desks, automatic: Automatic, elsewhere: Elsewhere) -> None:
        self.late = Late(desks, self._bring)
        self.previews = Previews(desks, elsewhere)
        self._gathered: dict[str, Merged] = {}  # by breakouts that ended by themselves
        self._automatic = automatic
        self._desks = desks
        self._elsewhere = elsewhere
        self._store = desks.store
        self._rooms = desks.rooms

    async def workshop_of(self, breakout: str) -> str:
        """The workshop that a breakout belongs to. Raises BreakoutGone."""
        record = await self._store.get("breakout", breakout)
        if record is None:
            raise BreakoutGone("no such breakout")
        return str(record["workshop"])

    async def open(self, member: Member, body: Fields) -> Breakout:
        """Split people into groups, each with a fork of the shared board, in one commit."""
        member.must_lead()
        async with self._desks.hold(member.workshop) as desk_room:
            base = shared_board(body.get("board"), self._desks.read(desk_room), "board")
            async with self._rooms.hold(base) as base_room:
                desk = self._desks.read(desk_room)
                breakout = new_breakout(body, desk, base)
                must_fit(desk, breakout, len(document_of(base_room).get_update()))
                return await self._store_forks(desk_room, base_room, breakout)

    async def _store_forks(self, desk_room: Room, base_room: Room, breakout: Breakout) -> Breakout:
        """The breakout as it is stored: with those who joined while its boards were made."""
        desk = self._desks.read(desk_room)
        forks = [await self._fork(desk, base_room, breakout, group) for group in breakout.groups]
        boards = [fork.board for fork in forks]
        now = self._desks.read(desk_room)
        must_fit(now, breakout)  # others may have split theirs meanwhile
        breakout = with_newcomers(breakout, desk, now)
        desk_room.edit(lambda document: list_breakout(document, breakout, boards))
        await self._rooms.committer.commit(
            desk_room.board,
            creates=[fork.new for fork in forks],
            puts=[
                records.breakout_record(desk_room.board, breakout.id),
                *(records.board_record(desk_room.board, board) for board in boards),
                *(records.owner_record(fork.board.id, fork.client) for fork in forks),
                *(records.fork_record(board.id, base_room.board) for board in boards),
            ],
        )

        return breakout

    async def _fork(self, desk: Desk, base: Room, breakout: Breakout, group: Group) -> Fork:
        """A group's copy as bytes. In between the others have their turn: two hundred take long."""
        board = fork_entry(desk, breakout, group)
        document = fork_for(document_of(base), desk, breakout, group)
        new = NewBoard(board.id, board.lineage, document.get_update())
        await asyncio.sleep(0)
        return Fork(board, new, document.doc.client_id)

    async def move(self, member: Member, breakout_id: str, body: Fields) -> Breakout:
        """Let people change groups; whoever may not see their old group's board leaves it."""
        member.must_lead()
        async with self._desks.hold(member.workshop) as room:
            desk = self._desks.read(room)
            before = find_breakout(desk, breakout_id)
            if before.state != "open":
                raise BreakoutClosed(breakout_id)
            now = milliseconds()
            forgotten = now - 1000 * self._desks.late_seconds
            after = with_leavers(before, read_moves(body, desk, before), now, forgotten)
            await self._change(room, after)
            return after

    async def close(self, member: Member, breakout_id: str, *, gather: bool = False) -> Closed:
        """End the group work: the groups' boards become read-only, and everybody is led back.

        With `gather`, what the groups have done comes home in the same commit. If that cannot be
        done people are called back all the same; what is not home is told on the desk.
        """
        member.must_lead()
        return await self._end(member.workshop, breakout_id, gather, person=member.person)

    async def recall(self, member: Member, breakout_id: str, body: Fields) -> Breakout:
        """Let the group work end by itself after a notice, or change that: see `with_recall`.

        Raises BreakoutClosed.
        """
        member.must_lead()
        async with self._desks.hold(member.workshop) as room:
            before = find_breakout(self._desks.read(room), breakout_id)
            if before.state != "open":
                raise BreakoutClosed(breakout_id)
            after = with_recall(before, body, milliseconds())
            if after != before:
                await self._change(room, after)
            return after

    async def end_due(self, workshop: str, breakout_id: str) -> None:
        """The notice is over: the same as `close`, once. Raises NotDue."""
        breakout = find_breakout(await self._desks.desk(workshop), breakout_id)
        must_be_due(breakout)
        gather = breakout.recall is not None and breakout.recall.gather
        closed = await self._end(workshop, breakout_id, gather, check=must_be_due)
        if closed.gathered is not None:
            self._gathered[breakout_id] = closed.gathered
            while len(self._gathered) > MOST_TOLD:
                del self._gathered[next(iter(self._gathered))]

    def gathered(self, member: Member, breakout_id: str) -> Merged | None:
        """What came home as the group work ended by itself; None when nobody knows any more."""
        member.must_lead()
        return self._gathered.get(breakout_id)

    async def _end(
        self,
        workshop: str,
        breakout_id: str,
        gather: bool,
        *,
        person: str | None = None,
        check: Check = anyhow,
    ) -> Closed:
        """`check` raises if the breakout, as it stands when it would end, must not."""
        if gather:
            try:
                return Closed(
                    *await self._bring(
                        workshop, breakout_id, closes=True, person=person, check=check
                    )
                )
            except ServiceError as error:
                log.warning("group work ends without being gathered: %s", error)
        async with self._desks.hold(workshop) as room:
            before = find_breakout(self._desks.read(room), breakout_id)
            check(before)
            if before.state == "closed":
                return Closed(before)
            after = over(before, milliseconds())
            self.late.close(workshop, after, gathered=False)
            await self._change(room, after, leads=True)
        await self._automatic.keep(workshop, [after.board], "recall", person)
        return Closed(after)

    async def _change(self, room: Room, breakout: Breakout, *, leads: bool = False) -> None:
        """Store the breakout as it is now, then let everybody connected feel it."""
        room.edit(lambda document: put_change(document, breakout, leads=leads))
        await self._rooms.committer.commit(room.board)
        self._desks.reauthorise(room)

    async def merge(self, member: Member, breakout_id: str, body: Fields) -> Merged:
        """Bring what the groups have done home: of all, or of those that `groups` names.

        The shared board as it was is kept as a snapshot, unless nothing changes.
        """
        member.must_lead()
        fields.known_fields(body, ("groups",))
        _, merged = await self._bring(
            member.workshop, breakout_id, person=member.person, groups=body.get("groups")
        )
        return merged

    async def _bring(
        self,
        workshop: str,
        breakout_id: str,
        *,
        closes: bool = False,
        person: str | None = None,
        check: Check = anyhow,
        groups: object = None,
    ) -> tuple[Breakout, Merged]:
        """All that is not home yet, or was and was taken back; of all groups, or of some."""
        async with self._desks.hold_breakout(workshop, breakout_id) as (desk_room, base, rooms):
            undone = await undone_merges(self._store, base.board, breakout_id)
            wanted = read_wanted(groups, find_breakout(self._desks.read(desk_room), breakout_id))
            again = await to_redo(undone, workshop, self._elsewhere, wanted)
            early = await written_down(base, rooms.values())
            desk = self._desks.read(desk_room)
            breakout = find_breakout(desk, breakout_id)
            check(breakout)
            before = before_merge(base, desk, breakout_id, person)
            now = milliseconds()
            redo(base, again)
            brought = bring_home(base, works_of(desk, breakout, rooms), early, wanted.groups)
            changed = base.seq != before.snapshot.seq
            after = home(breakout, now if changed else breakout.merged, wanted.groups)
            ends = closes and breakout.state == "open"
            if ends:
                after = over(after, now)
                self.late.close(workshop, after, gathered=True)
            if after != breakout:
                desk_room.edit(lambda document: put_change(document, after, leads=ends))
            waiting, done = wanted.after(undone)
            kept = before.records(workshop, document_of(base)) if changed else ()
            await self._rooms.committer.commit(
                workshop,
                puts=[*kept, *(merge.record(workshop) for merge in waiting)],
                deletes=[("merged", merge.snapshot) for merge in done],
            )
            if ends:
                self._desks.reauthorise(desk_room)
            if changed:
                await forget_old(self._store, self._rooms.committer, workshop, base.board)
            # Everybody has the notes by now; what the facilitator reads about them may follow.
            source = shared_source(base, desk)
            snapshot = before.snapshot.id if changed else None
            return after, await self._told(workshop, brought, source, snapshot)

    async def _told(
        self,
        workshop: str,
        brought: Sequence[Brought | None],
        source: Source,
        snapshot: str | None,
    ) -> Merged:
        """What a merge brought. It is done by now, so without a turn in another process it is
        found out here, in a thread."""
        if len(source.update) > SMALL_BYTES:
            try:
                return await self._elsewhere.run(workshop, told_of, brought, source, snapshot)
            except NotDone as error:
                log.warning("a merge is told of here: %s", error)
        return await asyncio.to_thread(told_of, brought, source, snapshot)


def over(breakout: Breakout, now: int) -> Breakout:
    """Group work that ends now (ms since the epoch)."""
    groups = tuple(replace(group, message=None, help=None) for group in breakout.groups)
    return replace(breakout, state="closed", closed=now, recall=None, groups=groups)


def home(breakout: Breakout, merged: int | None, wanted: Collection[str]) -> Breakout:
    """Group work of which all that these groups did is on the shared board."""
    groups = tuple(
        replace(group, late=None) if group.id in wanted else group for group in breakout.groups
    )
    return replace(breakout, merged=merged, groups=groups)


def put_change(document: Document, breakout: Breakout, *, leads: bool) -> None:
    """Put a breakout on the desk as it is now, and lead everybody back if it is over."""
    put_breakout(document, breakout)
    if leads:
        put_field(document, "board", breakout.board)


def with_newcomers(breakout: Breakout, before: Desk, now: Desk) -> Breakout:
    """The breakout with a place for everybody who joined between two states of the desk."""
    known = {person.id for person in before.people}
    for person in now.people:
        if person.id not in known and person.role == "participant":
            breakout = placed(breakout, person.id)
    return breakout


def must_fit(desk: Desk, breakout: Breakout, size: int = 0) -> None:
    """Raises BreakoutsFull or TooLargeToSplit. `size`: bytes of the board that is split."""
    opened = [each for each in desk.breakouts if each.state == "open"]
    groups = sum(len(each.groups) for each in (*opened, breakout))
    if len(desk.breakouts) >= MOST_BREAKOUTS or groups > MOST_OPEN_GROUPS:
        raise BreakoutsFull(f"{len(desk.breakouts)} breakouts, {groups} open groups")
    if size * len(breakout.groups) > MOST_FORK_BYTES:
        raise TooLargeToSplit(f"{size} bytes into {len(breakout.groups)} groups")


def new_breakout(body: Fields, desk: Desk, board: str) -> Breakout:
    """The breakout that a command asks for; its boards do not exist yet."""
    entry = find_board(desk, board)
    definition = board_definition(desk.workbook, entry.key if entry else "")
    pages = range(1, 1 + len(definition.pages if definition else ()))
    return Breakout(
        id=new_id(),
        board=board,
        state="open",
        created=milliseconds(),
        choice=fields.boolean(body.get("choice", False), "choice"),
        groups=read_groups(body, desk, pages),
    )


def fork_entry(desk: Desk, breakout: Breakout, group: Group) -> DeskBoard:
    """A group's board as the desk lists it: of the shared board's kind, of a lineage of its own."""
    base = find_board(desk, breakout.board)
    assert base is not None
    return DeskBoard(
        id=group.board,
        key=base.key,
        kind=base.kind,
        lineage=new_id(),
        breakout=breakout.id,
        group=group.id,
    )


def fork_for(base: Document, desk: Desk, breakout: Breakout, group: Group) -> Document:
    """The group's copy of the shared board; questions get a text for the group's own answer."""
    copy = fork(base, breakout.board, group.board)
    entry = find_board(desk, breakout.board)
    definition = board_definition(desk.workbook, entry.key if entry else "")
    if definition is not None and definition.question_ids:
        seed_answers(copy, definition.question_ids, group.id)
    return copy


def list_breakout(document: Document, breakout: Breakout, boards: Sequence[DeskBoard]) -> None:
    """Put a breakout and its groups' boards on the desk."""
    for board in boards:
        put_board(document, board)
    put_breakout(document, breakout)
