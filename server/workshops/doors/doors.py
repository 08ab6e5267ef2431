"""Doors: who comes into a workshop, and comes back, and goes; and who may no longer.

As everywhere, a change of the desk and the records that belong to it are one commit: between the
first `room.edit` and `committer.commit` nothing is awaited.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from boards.desk import PERSON_COLORS, Desk, Person, Role, read_desk
from boards.desk_edits import put_breakout, put_field, put_person, remove_people
from boards.document import Document
from boards.edits import new_id
from server.access.codes import (
    JOIN_LENGTH,
    RETURN_LENGTH,
    code_id,
    is_code,
    new_join_code,
    new_return_code,
    new_token,
    normalise,
    token_id,
)
from server.clock import milliseconds
from server.errors import NotAllowed, NotSignedIn, WorkshopFull
from server.store import Commit, Expected
from server.sync.access import Access
from server.sync.errors import RightsChanged
from server.sync.room.room import Room
from server.workshops import records
from server.workshops.breakouts.groups import placed
from server.workshops.breakouts.splitting import free_color
from server.workshops.doors.ended import Ended
from server.workshops.errors import CodeUnknown, JoiningClosed, PersonGone
from server.workshops.input import fields
from server.workshops.locks import Locks
from server.workshops.members import Desks, Gone, Member
from server.workshops.removals import DeletedNotes
from server.workshops.rights import find_person
from server.workshops.scrubbing import Scrubbing
from server.workshops.signs import what_they_did, writers

__all__ = ["Doors", "Joined", "Keys", "Session"]

Newcomer = Literal["participant", "observer"]
Fields = Mapping[str, Any]

GHOST_SECONDS = 120.0  # without a sign of life, a place is free for who needs one
SILENT_SECONDS = 600.0  # the same for who was heard of, and neither stayed nor wrote
MOST_NAMED, ID_CHARACTERS = 2_000, 100  # of a command that names people
TOKENS = 10  # of one person, on as many devices; the one for longest makes room


@dataclass(frozen=True, slots=True)
class Joined:
    """A person's way in; the only time that token and return code are told."""

    workshop: str
    person: str
    token: str
    return_code: str


@dataclass(frozen=True, slots=True)
class Session:
    """Whom a token signs in."""

    workshop: str
    person: str
    role: Role
    name: str


@dataclass(frozen=True, slots=True)
class Keys:
    """What opens a workshop to one person from now on, and nothing else does."""

    token: str
    return_code: str


class Doors:
    """Who comes in, comes back and goes, and who may. `people`: how many fit into a workshop."""

    def __init__(
        self,
        desks: Desks,
        scrubbing: Scrubbing,
        deleted_notes: DeletedNotes,
        *,
        key: bytes,
        people: int,
    ) -> None:
        self._desks = desks
        self._store = desks.store
        self._rooms = desks.rooms
        self._scrubbing = scrubbing
        self._deleted_notes = deleted_notes
        self._key = key
        self._people = people
        self._minting = Locks()  # of a person, one token at a time; of a workshop, one code
        self.ended = Ended()

    async def find_code(self, code: str) -> str | None:
        """The workshop that a join code opens."""
        value = await self._by_code("code", code, JOIN_LENGTH)
        return None if value is None else str(value["workshop"])

    async def join(self, workshop: str, name: str, role: Newcomer) -> Joined:
        """A newcomer takes their place, also in the groups that are at work now.

        `name` has been tidied by `fields.name`. Raises WorkshopGone, JoiningClosed and
        WorkshopFull.
        """
        token, return_code = new_token(), new_return_code()
        keys = (token_id(token), code_id(self._key, return_code))
        async with self._desks.hold(workshop) as room:
            must_be_open(self._desks.read(room))
            person = await self._seat(room, name, role, keys)
        return Joined(workshop, person.id, token, return_code)

    async def let_in(self, value: Mapping[str, Any], waiting: Expected) -> None:
        """Somebody who has waited comes in, by the keys that they were given then.

        `value`, `waiting`: the record of their waiting, which ends. Raises WorkshopFull.
        """
        async with self._desks.hold(value["workshop"]) as room:
            keys = (waiting.id, value["return_code"])
            await self._seat(room, value["name"], value["role"], keys, [waiting])

    async def _seat(
        self,
        room: Room,
        name: str,
        role: Newcomer,
        keys: tuple[str, str],
        ends: Sequence[Expected] = (),
    ) -> Person:
        """`keys`: the names of their token and return code; `ends`: records that go."""
        found = await self._ghosts(room)
        gone = await self._records_of(room.board, found)
        desk = self._desks.read(room)
        ghosts = {ghost for ghost in found if find_person(desk, ghost)}  # none is replaced twice
        if len(desk.people) - len(ghosts) >= self._people:
            raise WorkshopFull(f"{self._people} people")
        person = newcomer(desk, name, role)
        room.edit(lambda document: seat(document, desk, person, instead_of=ghosts))
        puts = records.entry_by(room.board, person, *keys)
        if ghosts:
            puts.append(records.wipe_record(room.board))  # when it is next looked: joins are many
        await self._rooms.committer.commit(
            room.board,
            puts=puts,
            deletes=[*gone, *((kind, id) for kind, id, _ in ends)],
            expects=ends,
        )
        return person

    async def find_return_code(self, code: str) -> tuple[str, str] | None:
        """(workshop, person) that a return code brings back, if both are still there."""
        value = await self._by_code("return_code", code, RETURN_LENGTH)
        if value is None or await self._store.get("workshop", value["workshop"]) is None:
            return None
        desk = await self._desks.desk(value["workshop"])
        if find_person(desk, value["person"]) is None:
            return None
        return str(value["workshop"]), str(value["person"])

    async def come_back(self, workshop: str, person: str) -> str:
        """A new token for somebody who proved who they are; those they have stay good."""
        found = find_person(await self._desks.desk(workshop), person)
        if found is None:
            raise CodeUnknown("no longer in this workshop")
        token = new_token()
        async with self._minting.of(f"{workshop}/{person}"):  # or two would not count each other
            old = await self._tokens(workshop, {person})
            # A facilitator's first token is that of their link, which is kept elsewhere.
            spare = old[1:] if found.role == "facilitator" else old
            gone = spare[: max(0, len(old) + 1 - TOKENS)]
            commit = Commit(
                workshop,
                puts=[records.token_record(workshop, person, token, role=found.role)],
                deletes=[("token", id) for id in gone],
            )
            await self._rooms.committer.commit_alone(commit)
        if gone:
            self._end(workshop, person, gone)
        return token

    async def leave(self, token: str) -> None:
        """Let a token open nothing any more; who had it stays a member."""
        value = await self._store.get("token", token_id(token))
        if value is not None:
            deletes = [("token", token_id(token))]
            await self._rooms.committer.commit_alone(Commit(value["workshop"], deletes=deletes))
            self._end(value["workshop"], value["person"], [token_id(token)])

    async def sign_out_everywhere(self, member: Member) -> Keys:
        """Every token and code that this person has had opens nothing now; these do."""
        token, return_code = new_token(), new_return_code()
        workshop, person = member.workshop, member.person
        async with self._minting.of(f"{workshop}/{person}"):
            gone = await self._keys_of(workshop, {person})
            commit = Commit(
                workshop,
                puts=[
                    records.token_record(workshop, person, token, role=member.role),
                    records.return_code_record(workshop, person, return_code, key=self._key),
                ],
                deletes=gone,
            )
            await self._rooms.committer.commit_alone(commit)
        self._end(workshop, person, [id for kind, id in gone if kind == "token"])
        return Keys(token, return_code)

    async def remove(self, member: Member, person: str) -> None:
        """Somebody goes: by their own word or a facilitator's. What they wrote stays, nameless.

        Raises PersonGone; NotAllowed for facilitators, whose workshop it is.
        """
        if person != member.person:
            member.must_lead()
        if not await self._remove(member.workshop, {person}):
            raise PersonGone("no such person here")
        await self._scrubbing.do()

    async def remove_many(self, member: Member, body: Fields) -> list[str]:
        """The same of many at once, for a facilitator. Who is gone already is no mistake.

        Answers who went, by arrival.
        """
        member.must_lead()
        fields.known_fields(body, ("people",))
        named = fields.items(body.get("people"), "people", most=MOST_NAMED)
        people = {fields.text(person, "people", most=ID_CHARACTERS) for person in named}
        gone = await self._remove(member.workshop, people)
        if gone:
            await self._scrubbing.do()
        return gone

    async def _remove(self, workshop: str, people: Collection[str]) -> list[str]:
        """All of them or, with a facilitator among them, nobody. Answers who was there."""
        async with self._desks.hold(workshop) as room:
            records_of_them = await self._records_of(workshop, people)
            deletions = await self._deleted_notes.stored(self._desks.read(room))
            wrote = await writers(self._store, workshop, self._desks.read(room))
            found = [each for each in self._desks.read(room).people if each.id in people]
            if any(person.role == "facilitator" for person in found):
                raise NotAllowed("a facilitator stays as long as the workshop")
            gone = [person.id for person in found]
            if not gone:
                return []
            puts = self._deleted_notes.disown(deletions, gone)
            room.edit(lambda document: remove_people(document, gone))
            puts.append(records.wipe_record(workshop))  # the log still has their names
            await self._rooms.committer.commit(workshop, puts=puts, deletes=records_of_them)
            self._desks.reauthorise(room)
            self._desks.erased(workshop, Gone.of(found, wrote))
        return gone

    async def show_people(self, member: Member) -> list[dict[str, Any]]:
        """For a facilitator: everybody by arrival, when that was, and what they did since."""
        member.must_lead()
        workshop = member.workshop
        desk, seats = await self._desks.desk(workshop), self._rooms.seats
        did = await what_they_did(self._store, seats.seconds, workshop, desk)
        return [
            {
                "id": person.id,
                "name": person.name,
                "role": person.role,
                "joined": person.joined,
                "here": seats.is_here(person.id),
                "did": what,
            }
            for person, what in did.values()
        ]

    async def change_code(self, member: Member) -> str:
        """A new join code; the one before leads nowhere. Links and pictures of it neither."""
        member.must_lead()
        code = new_join_code()
        workshop = member.workshop
        async with self._minting.of(workshop), self._desks.hold(workshop) as room:
            old = [("code", id) for id, _ in await self._store.find("code", workshop)]
            room.edit(lambda document: put_field(document, "join_code", code))
            record = records.code_record(workshop, code, key=self._key)
            await self._rooms.committer.commit(workshop, puts=[record], deletes=old)
        return code

    async def session(self, token: str) -> Session:
        """Whom a token signs in. Raises NotSignedIn."""
        value = await self._store.get("token", token_id(token))
        if value is None or await self._store.get("workshop", value["workshop"]) is None:
            raise NotSignedIn("no such token")
        member = await self._desks.member(value["workshop"], lambda _: token)
        return Session(member.workshop, member.person, member.role, member.name)

    async def _by_code(self, kind: str, code: str, length: int) -> dict[str, Any] | None:
        """The record of a code. What cannot be one is looked up all the same: no quicker no."""
        value = await self._store.get(kind, code_id(self._key, code))
        return value if is_code(normalise(code), length) else None

    async def _ghosts(self, room: Room) -> set[str]:
        """Whose places are free, if that is needed: nothing was ever heard of them.

        Where all have been heard of, one goes who is not here and has written nothing.
        """
        desk = self._desks.read(room)
        if len(desk.people) < self._people:
            return set()
        found = dict(await self._store.find("person", room.board))
        unheard = {
            person.id
            for person in guests_since(desk, GHOST_SECONDS)
            if found.get(person.id, {}).get("seen") is False
        }
        return unheard or await self._silent(room.board, desk)

    async def _silent(self, workshop: str, desk: Desk) -> set[str]:
        """The one who came last: whoever fills a workshop by hand comes after those it is for."""
        absent = [
            person.id
            for person in guests_since(desk, SILENT_SECONDS)
            if not self._rooms.seats.is_here(person.id)
        ]
        wrote = await writers(self._store, workshop, desk) if absent else set()
        return set([person for person in absent if person not in wrote][-1:])

    async def _records_of(self, workshop: str, people: Collection[str]) -> list[tuple[str, str]]:
        """All that is kept of them beside the desk."""
        if not people:
            return []
        return [("person", person) for person in people] + await self._keys_of(workshop, people)

    async def _keys_of(self, workshop: str, people: Collection[str]) -> list[tuple[str, str]]:
        """What lets them in."""
        codes = await self._store.find("return_code", workshop)
        return [("token", id) for id in await self._tokens(workshop, people)] + [
            ("return_code", id) for id, value in codes if value["person"] in people
        ]

    async def _tokens(self, workshop: str, people: Collection[str]) -> list[str]:
        """Oldest first."""
        found = await self._store.find("token", workshop)
        return [id for id, value in found if value["person"] in people]

    def _end(self, workshop: str, person: str, tokens: Sequence[str]) -> None:
        self.ended.add(tokens)
        self.ask_back(workshop, person)

    def ask_back(self, workshop: str, person: str) -> None:
        """Close what they have open: whoever still has a key comes back at once."""

        def decide(access: Access) -> Access:
            if access.person == person:
                raise RightsChanged("signed out elsewhere")
            return access

        self._rooms.reauthorise(workshop, decide)


def guests_since(desk: Desk, seconds: float) -> list[Person]:
    """Who has been in the workshop for so long, by arrival; but for facilitators."""
    since = milliseconds() - round(1000 * seconds)
    return [each for each in desk.people if each.role != "facilitator" and each.joined < since]


def must_be_open(desk: Desk) -> None:
    """Raises JoiningClosed, also where people have to be let in by hand."""
    if desk.joining != "open":
        raise JoiningClosed("the facilitator has closed the door")


def newcomer(desk: Desk, name: str, role: Newcomer) -> Person:
    """Somebody new, in a colour that few others have."""
    color = free_color(desk.people, PERSON_COLORS)
    return Person(id=new_id(), name=name, role=role, color=color, joined=milliseconds())


def seat(
    document: Document, desk: Desk, person: Person, *, instead_of: Collection[str] = ()
) -> None:
    """Put a newcomer on the desk and, to take part, into the smallest group of each breakout."""
    if instead_of:
        remove_people(document, instead_of)
    put_person(document, person)
    if person.role != "participant":
        return
    for breakout in read_desk(document).breakouts if instead_of else desk.breakouts:
        if breakout.state == "open":
            put_breakout(document, placed(breakout, person.id))
