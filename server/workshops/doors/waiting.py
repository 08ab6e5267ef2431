"""The waiting room: where a facilitator is asked about each newcomer, they wait at the door.

Who waits is given the keys that will be theirs; until they are let in, these open nothing, and the
desk knows nothing of them. The room is bounded: who has not been heard of makes room, then
whoever came last from the address from which most wait. Addresses are known in memory alone.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from server.access.codes import code_id, new_return_code, new_token, token_id
from server.clock import milliseconds
from server.errors import NotSignedIn, WorkshopGone
from server.store import Commit, Expected, Record
from server.store.homes import is_ours
from server.workshops.doors.doors import Doors, Newcomer, Session
from server.workshops.errors import WaitingFull
from server.workshops.input import fields
from server.workshops.locks import Locks
from server.workshops.members import Desks, Member
from server.workshops.records import waiting_record
from server.workshops.scrubbing import Scrubbing

__all__ = ["MOST_WAITING", "Knocked", "Looked", "WaitingRoom"]

MOST_WAITING = 100  # in one workshop
MOST_TAKEN = 50_000  # workshops whose beginning here is known
SILENT_SECONDS = 90.0  # unheard of for so long, a place is free for who needs one
GONE_SECONDS = 900.0  # and for so long, nobody is there: a page that is hidden asks seldom

Found = Mapping[str, object]  # records of who waits, by the names of their tokens


@dataclass(frozen=True, slots=True)
class Knocked:
    """What will let somebody in; the only time that both are told."""

    token: str
    return_code: str


@dataclass(frozen=True, slots=True)
class Looked:
    """How it stands with somebody who waits; `session`: once they are in."""

    state: Literal["waiting", "in", "away"]
    session: Session | None = None


@dataclass(slots=True)
class Visitor:
    """What is known in memory of somebody who waits."""

    workshop: str
    address: str
    seen: float


AWAY = Looked("away")


class WaitingRoom:
    """Who waits to be let in, of all workshops. `key`: the server's secret."""

    def __init__(
        self,
        desks: Desks,
        doors: Doors,
        scrubbing: Scrubbing,
        *,
        key: bytes,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._desks = desks
        self._doors = doors
        self._scrubbing = scrubbing
        self._store = desks.store
        self._committer = desks.rooms.committer
        self._key = key
        self._clock = clock
        self._began = clock()  # who waited before a restart was heard of then
        self._taken: dict[str, float] = {}  # or before another process gave the workshop to us
        self._visitors: dict[str, Visitor] = {}
        self._looked_back = False  # for who waited before the start and never came again
        self._locks = Locks()  # of a workshop, one at a time comes and goes

    def begin(self, workshop: str) -> None:
        """It was another process, if any, that heard of who waits there until now."""
        self._taken[workshop] = self._clock()
        if len(self._taken) > MOST_TAKEN:
            del self._taken[next(iter(self._taken))]

    async def knock(self, workshop: str, name: str, role: Newcomer, address: str) -> Knocked:
        """Begin to wait. Raises WaitingFull.

        Whose place it takes is wiped from the files a moment later: anybody can knock often.
        """
        knocked = Knocked(new_token(), new_return_code())
        token = token_id(knocked.token)
        record = waiting_record(
            workshop,
            token,
            code_id(self._key, knocked.return_code),
            name=name,
            role=role,
            at=milliseconds(),
            id=token[:20],
        )
        async with self._locks.of(workshop):
            gone = self._make_room(workshop, await self._waiting(workshop), address)
            self._visitors[token] = Visitor(workshop, address, self._clock())
            await self._end(workshop, gone, puts=[record])
        return knocked

    async def look(self, token: str, address: str) -> Looked:
        """How it stands with who has this token. A door that is open by now lets them in."""
        name = token_id(token)
        value = await self._store.get("waiting", name)
        if value is None:
            return await self._in_or_away(token)
        try:
            joining = (await self._desks.desk(value["workshop"])).joining
        except WorkshopGone:
            return AWAY
        if joining == "ask":
            self._visitors[name] = Visitor(value["workshop"], address, self._clock())
            return Looked("waiting")
        if joining == "open":
            await self._let_in(value["workshop"], [name])
            return await self._in_or_away(token)
        async with self._locks.of(value["workshop"]):
            await self._end(value["workshop"], [name])
        return AWAY

    async def leave(self, token: str) -> None:
        """Wait no longer."""
        name = token_id(token)
        value = await self._store.get("waiting", name)
        if value is not None:
            async with self._locks.of(value["workshop"]):
                await self._end(value["workshop"], [name])

    async def show(self, member: Member) -> list[dict[str, Any]]:
        """Who waits, by arrival, for a facilitator."""
        member.must_lead()
        async with self._locks.of(member.workshop):
            found = await self._waiting(member.workshop)
            gone = self._gone(member.workshop, found)
            await self._end(member.workshop, gone)
        shown = ("id", "name", "role", "at")
        return [
            {field: value[field] for field in shown}
            for name, value in found.items()
            if name not in gone
        ]

    async def answer(self, member: Member, body: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Let some in, turn others away; who waits then. Raises WorkshopFull."""
        member.must_lead()
        fields.known_fields(body, ("let_in", "turn_away"))
        let_in, turn_away = (read_ids(body, field) for field in ("let_in", "turn_away"))
        found = await self._waiting(member.workshop)
        away = [name for name, value in found.items() if value["id"] in turn_away]
        async with self._locks.of(member.workshop):
            await self._end(member.workshop, away)
        if away:
            await self._scrubbing.do()
        known = [name for name, value in found.items() if value["id"] in let_in]
        await self._let_in(member.workshop, known)
        return await self.show(member)

    async def let_go(self) -> None:
        """Forget who has not been heard of for long; to be called again and again."""
        gone: defaultdict[str, list[str]] = defaultdict(list)
        for name, visitor in self._visitors.items():
            if self._silence(visitor.workshop, name) > GONE_SECONDS:
                gone[visitor.workshop].append(name)
        if not self._looked_back and self._clock() - self._began > GONE_SECONDS:
            self._looked_back = True
            for workshop, _ in await self._store.find("workshop", ""):
                gone[workshop] += self._gone(workshop, await self._waiting(workshop))
        for workshop, names in gone.items():
            if names and not await is_ours(self._store, workshop):
                for name in names:  # another process hears of them
                    self._visitors.pop(name, None)
                continue
            async with self._locks.of(workshop):
                await self._end(workshop, names)

    async def _let_in(self, workshop: str, names: Collection[str]) -> None:
        async with self._locks.of(workshop):
            for name in names:
                value, version = await self._store.read("waiting", name)
                if value is not None:  # nobody else has answered them meanwhile
                    await self._doors.let_in(value, Expected("waiting", name, version))
                    self._visitors.pop(name, None)

    async def _in_or_away(self, token: str) -> Looked:
        try:
            return Looked("in", await self._doors.session(token))
        except (NotSignedIn, WorkshopGone):
            return AWAY

    async def _waiting(self, workshop: str) -> dict[str, dict[str, Any]]:
        """Records of who waits, by the names of their tokens, oldest first."""
        return dict(await self._store.find("waiting", workshop))

    async def _end(
        self, workshop: str, names: Collection[str], puts: Sequence[Record] = ()
    ) -> None:
        """Nobody waits any more under these names."""
        if names or puts:
            deletes = [("waiting", name) for name in names]
            await self._committer.commit_alone(Commit(workshop, puts=puts, deletes=deletes))
        for name in names:
            self._visitors.pop(name, None)
        if names:
            self._scrubbing.later()  # their names stay nowhere

    def _make_room(self, workshop: str, found: Found, address: str) -> list[str]:
        """Who is gone, and whose place a newcomer from this address takes when there is none."""
        if len(found) < MOST_WAITING:
            return self._gone(workshop, found)
        silent = [name for name in found if self._silence(workshop, name) > SILENT_SECONDS]
        if silent:
            return silent
        many = Counter(self._address(name) for name in found)
        crowd, most = max(many.items(), key=lambda item: item[1])
        if most <= many[address] + 1:
            raise WaitingFull(f"{MOST_WAITING} wait")
        return [[name for name in found if self._address(name) == crowd][-1]]

    def _gone(self, workshop: str, found: Found) -> list[str]:
        return [name for name in found if self._silence(workshop, name) > GONE_SECONDS]

    def _silence(self, workshop: str, name: str) -> float:
        """Seconds since somebody was heard of."""
        visitor = self._visitors.get(name)
        began = self._taken.get(workshop, self._began)
        return self._clock() - (began if visitor is None else visitor.seen)

    def _address(self, name: str) -> str:
        visitor = self._visitors.get(name)
        return "" if visitor is None else visitor.address


def read_ids(body: Mapping[str, Any], field: str) -> set[str]:
    """Those whom a command names; who waits no longer is no error."""
    named = fields.items(body.get(field, []), field, most=MOST_WAITING)
    return {name for name in named if isinstance(name, str)}
