"""Desks: reading them, and finding out who asks. What every command does first."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from boards.desk import Breakout, Desk, Person, Role, read_desk
from boards.document import Document
from server.access.codes import token_id
from server.clock import milliseconds
from server.errors import BoardGone, NotAllowed, NotSignedIn, WorkshopGone
from server.store import Store, StoreUnavailable
from server.sync.access import Access
from server.sync.commit.compactor import replay
from server.sync.room.room import Room
from server.sync.rooms import Rooms
from server.workshops.errors import BreakoutGone
from server.workshops.rights import (
    LATE_SECONDS,
    Rights,
    allowed,
    desk_rights,
    dots,
    find_board,
    find_group,
    find_person,
    locked,
    may_deliver,
    rights,
)
from server.workshops.signs import Signs
from server.workshops.usage import Usage
from server.workshops.workbooks import OWN, OwnWorkbooks

__all__ = ["Credentials", "Desks", "Gone", "Member", "document_of", "find_breakout", "renewal"]

Credentials = Callable[[str], str | None]  # workshop id -> the token that was sent for it


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a workshop, as the desk knows them now."""

    workshop: str
    person: str
    name: str
    role: Role
    color: int

    def must_lead(self) -> None:
        """Raise NotAllowed unless this is a facilitator."""
        if self.role != "facilitator":
            raise NotAllowed("only for facilitators")


@dataclass(frozen=True, slots=True)
class Gone:
    """People who were removed. `seconds`: how long the first of them was there; `wrote`: whether
    any of them wrote something."""

    people: frozenset[str]
    seconds: float
    wrote: bool

    @classmethod
    def of(cls, people: Sequence[Person], wrote: Collection[str]) -> Gone:
        """`wrote`: ids of all who did."""
        ids = frozenset(person.id for person in people)
        first = min(person.joined for person in people)
        return cls(ids, (milliseconds() - first) / 1000, any(id in wrote for id in ids))


class Desks:
    """The desks of all workshops, each read once per change.

    `late_seconds`: how long after group work what its members wrote is still taken.
    `on_group_work` is told of a workshop's breakout when somebody opens one of its groups' boards,
    `on_desk` of each desk as it is read anew, `on_erased` of a workshop from which somebody, or
    all of it, was deleted.
    """

    def __init__(self, store: Store, rooms: Rooms, *, late_seconds: float = LATE_SECONDS) -> None:
        self.store = store
        self.rooms = rooms
        self.late_seconds = late_seconds
        self.workbooks = OwnWorkbooks()
        self.on_group_work: Callable[[str, Breakout], None] | None = None
        self.on_desk: Callable[[str, Desk], None] | None = None
        self.on_erased: list[Callable[[str, Gone | None], None]] = []
        self._usage = Usage(store, rooms)
        self._signs = Signs(store, rooms.committer)
        self._read: WeakKeyDictionary[Room, tuple[int, Desk]] = WeakKeyDictionary()

    @contextlib.asynccontextmanager
    async def hold(self, workshop: str) -> AsyncIterator[Room]:
        """The desk's room. Raises WorkshopGone when there is no such workshop."""
        record = await self.store.get("workshop", workshop)
        if record is None:
            raise WorkshopGone(workshop)
        if record["workbook"].startswith(OWN):
            own = await self.store.get("workbook", workshop)
            await self.workbooks.read(workshop, own["toml"] if own else "")
        async with self.rooms.hold(workshop) as room:
            yield room

    def read(self, room: Room) -> Desk:
        """The desk as it stands in its room."""
        seq, desk = self._read.get(room, (-1, None))
        if desk is None or seq != room.seq:
            desk = read_desk(document_of(room))
            self._read[room] = (room.seq, desk)
            if self.on_desk is not None:
                self.on_desk(room.board, desk)
        return desk

    def erased(self, workshop: str, gone: Gone | None = None) -> None:
        """What was made of a workshop and stands beside its records goes as well; where it is not
        all of it that is deleted, what may tell of the people who are `gone`."""
        for forget in self.on_erased:
            forget(workshop, gone)

    async def desk(self, workshop: str) -> Desk:
        """The desk as it stands."""
        async with self.hold(workshop) as room:
            return self.read(room)

    async def seen(self, workshop: str) -> Desk:
        """The same, also where another process serves it: to look at, and no more."""
        homes = self.store.homes
        if homes is None or homes.is_ours(workshop):
            return await self.desk(workshop)
        stored = await self.store.look(workshop)
        if stored is None:
            raise WorkshopGone(workshop)
        return read_desk(replay(stored))

    async def member(self, workshop: str, credentials: Credentials) -> Member:
        """Who asks. Raises WorkshopGone, or NotSignedIn for a token that opens nothing here."""
        async with self.hold(workshop) as room:
            return await self.member_at(room, credentials)

    async def member_at(self, room: Room, credentials: Credentials) -> Member:
        """As `member`, with the desk at hand."""
        workshop = room.board
        token = credentials(workshop)
        value = await self.store.get("token", token_id(token)) if token else None
        if value is None or value["workshop"] != workshop:
            if await self.store.get("workshop", workshop) is None:  # deleted in this very moment
                raise WorkshopGone(workshop)
            raise NotSignedIn("no token of this workshop")
        person = find_person(self.read(room), value["person"])
        if person is None:
            raise NotSignedIn("no longer in this workshop")
        await self._usage.note(workshop)
        await self._signs.note(workshop, person.id)
        return Member(workshop, person.id, person.name, person.role, person.color)

    async def board_workshop(self, board: str) -> str:
        """The workshop that a board, or a desk, belongs to. Raises BoardGone."""
        record = await self.store.get("board", board)
        if record is not None:
            return str(record["workshop"])
        if await self.store.get("workshop", board) is None:
            raise BoardGone("no such board")
        return board

    async def access(self, board: str, credentials: Credentials) -> Access:
        """What the sender of `credentials` may do on a board, or on the desk.

        Raises BoardGone, NotSignedIn, or NotAllowed when they may not even see it.
        """
        access, found = await self._access(board, credentials)
        if not found.may_see:
            raise NotAllowed("not for this person")
        return access

    async def delivery(self, board: str, credentials: Credentials) -> Access:
        """The access of somebody who brings what they wrote on a board, maybe long ago.

        They need not see the board (any more). Raises BoardGone, NotSignedIn, or NotAllowed when it
        is not taken now.
        """
        access, _ = await self._access(board, credentials)
        if not access.may_deliver:
            raise NotAllowed("this person may not write on this board now")
        return access

    async def _access(self, board: str, credentials: Credentials) -> tuple[Access, Rights]:
        workshop = await self.board_workshop(board)
        async with self.hold(workshop) as room:
            member = await self.member_at(room, credentials)
            desk = self.read(room)
            found = access_of(desk, member, board, room.lineage, self.late_seconds)
            self._tell_group_work(desk, workshop, board)
            return found

    def _tell_group_work(self, desk: Desk, workshop: str, board: str) -> None:
        entry = find_board(desk, board)
        breakout, _ = (None, None) if entry is None else find_group(desk, entry)
        if breakout is not None and self.on_group_work is not None:
            self.on_group_work(workshop, breakout)

    @contextlib.asynccontextmanager
    async def hold_breakout(
        self, workshop: str, breakout_id: str
    ) -> AsyncIterator[tuple[Room, Room, dict[str, Room]]]:
        """The desk, the shared board and the groups' boards (by group id) of a breakout.

        All of them in memory. Raises BreakoutGone.
        """
        async with contextlib.AsyncExitStack() as stack:
            desk_room = await stack.enter_async_context(self.hold(workshop))
            breakout = find_breakout(self.read(desk_room), breakout_id)
            base = await stack.enter_async_context(self.rooms.hold(breakout.board))
            groups = {
                group.id: await stack.enter_async_context(self.rooms.hold(group.board))
                for group in breakout.groups
            }
            yield desk_room, base, groups

    def renewed(self, access: Access) -> Access:
        """What holds for this access now, without awaiting; raises what ends it.

        A desk that is not in memory has not changed since the access was made from it.
        """
        room = self.rooms.in_memory(access.workshop)
        if room is None or room.document is None:
            return access
        return self.renewal(room)(access)

    def renewal(self, room: Room) -> Callable[[Access], Access]:
        """How to look at an access again, by the desk as it stands in its room."""
        return renewal(self.read(room), self.late_seconds)

    def reauthorise(self, room: Room) -> None:
        """Let everybody connected feel what this desk has changed of their rights."""
        self.rooms.reauthorise(room.board, self.renewal(room))


def access_of(
    desk: Desk, member: Member, board: str, desk_lineage: str, late_seconds: float
) -> tuple[Access, Rights]:
    """The access of a member to a board of this desk, or to the desk itself; and what they may."""
    entry = find_board(desk, board)
    if entry is None and board != member.workshop:
        raise BoardGone("not on the desk")
    found, delivers = standing(desk, member.person, board, entry is None, late_seconds)
    access = Access(
        board=board,
        workshop=member.workshop,
        person=member.person,
        name=member.name,
        role=member.role,
        color=member.color,
        may_write=found.may_write,
        kind="desk" if entry is None else entry.kind,
        key="desk" if entry is None else entry.key,
        lineage=desk_lineage if entry is None else entry.lineage,
        dots=dots(desk, member.person, board, delivers=delivers),
        may_deliver=delivers,
        allowed=allowed(desk, member.person, board),
        locked=locked(desk, member.person, board),
    )
    return access, found


def standing(
    desk: Desk, person: str, board: str, is_desk: bool, late_seconds: float
) -> tuple[Rights, bool]:
    """What a person may do on a board, and whether they may deliver there."""
    if is_desk:
        return desk_rights(desk, person), False
    delivers = may_deliver(desk, person, board, now=milliseconds(), late_seconds=late_seconds)
    return rights(desk, person, board), delivers


def renewal(desk: Desk, late_seconds: float = LATE_SECONDS) -> Callable[[Access], Access]:
    """How to look at an access again after this desk has changed; raises what ends it."""

    def renew(access: Access) -> Access:
        person = find_person(desk, access.person)
        if person is None:
            raise NotSignedIn("no longer in this workshop")
        is_desk = access.board == access.workshop
        found, delivers = standing(desk, person.id, access.board, is_desk, late_seconds)
        if not found.may_see:
            raise NotAllowed("no longer for this person")
        return replace(
            access,
            name=person.name,
            role=person.role,
            color=person.color,
            may_write=found.may_write,
            dots=dots(desk, person.id, access.board, delivers=delivers),
            may_deliver=delivers,
            allowed=allowed(desk, person.id, access.board),
            locked=locked(desk, person.id, access.board),
        )

    return renew


def find_breakout(desk: Desk, breakout: str) -> Breakout:
    """A breakout of this desk. Raises BreakoutGone."""
    found = next((entry for entry in desk.breakouts if entry.id == breakout), None)
    if found is None:
        raise BreakoutGone("not on the desk")
    return found


def document_of(room: Room) -> Document:
    """The document of a room that is held. Raises StoreUnavailable while it loads again."""
    if room.document is None:
        raise StoreUnavailable("this board is being loaded again")
    return room.document
