"""Who has how many connections, and who makes room when there are too many (rule RM16)."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from typing import Literal

from server.errors import WorkshopFull
from server.sync.access import Access
from server.sync.clock import Clock
from server.sync.errors import TooManyConnections
from server.sync.limits import SyncLimits
from server.sync.room.connection import Connection

__all__ = ["Seats"]

# A board or a workshop, by its id: the desk is the board whose id is the workshop's.
Place = tuple[Literal["board", "workshop"], str]


REMEMBERED = 50_000  # people who are gone, of whom we know how long they were here


class Seats:
    """How many connections a person, a board and a workshop have, and who gives way to another.

    A person's newest connections are theirs; where all are taken, whoever has most gives one.

    So nobody can take another's seat, and a tab that is gone without a word does not keep its own.
    """

    def __init__(self, limits: SyncLimits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._since: dict[str, float] = {}  # by person: since when they are connected
        self._before: OrderedDict[str, float] = OrderedDict()  # and for how long they were before
        self._of: dict[str, dict[Connection, None]] = defaultdict(dict)  # by person, oldest first
        self._at: dict[Place, dict[str, int]] = defaultdict(lambda: defaultdict(int))  # by person
        self._taken: dict[Place, int] = defaultdict(int)

    def __len__(self) -> int:
        """How many people are connected."""
        return len(self._since)

    def take(self, connection: Connection) -> None:
        """Seat it. Raises WorkshopFull when there is none, and nobody has more than one."""
        limits, access = self._limits, connection.access
        person = access.person
        board, workshop = places(access)
        if self._count(board, person) >= limits.connections_per_person_and_board:
            self._oldest(person, board)
        if len(self._of.get(person, ())) >= limits.connections_per_person:
            self._oldest(person)
        for place, most in (
            (board, limits.connections_per_board),
            (workshop, limits.connections_per_workshop),
        ):
            if self._taken.get(place, 0) >= most:
                self._make_room(place, person)
        self._since.setdefault(person, self._clock.now())
        self._of[person][connection] = None
        for place in (board, workshop):
            self._at[place][person] += 1
            self._taken[place] += 1

    def leave(self, connection: Connection) -> None:
        """It has ended, or another was given its seat before."""
        access = connection.access
        mine = self._of.get(access.person, {})
        if connection not in mine:
            return
        del mine[connection]
        if not mine:
            self._went(access.person)
        for place in places(access):
            self._free(place, access.person)

    def is_here(self, person: str) -> bool:
        """Whether they are connected now."""
        return person in self._since

    def seconds(self, person: str) -> float:
        """For how long they were connected, as far as this process has seen."""
        since = self._since.get(person)
        return self._before.get(person, 0.0) + (0.0 if since is None else self._clock.now() - since)

    def _went(self, person: str) -> None:
        del self._of[person]
        stayed = self.seconds(person)
        del self._since[person]
        self._before[person] = stayed
        self._before.move_to_end(person)
        if len(self._before) > REMEMBERED:
            self._before.popitem(last=False)

    def _free(self, place: Place, person: str) -> None:
        people = self._at[place]
        people[person] -= 1
        self._taken[place] -= 1
        if not people[person]:
            del people[person]
        if not people:
            del self._at[place], self._taken[place]

    def _count(self, place: Place, person: str) -> int:
        return self._at[place][person] if person in self._at.get(place, ()) else 0

    def _make_room(self, place: Place, newcomer: str) -> None:
        people = self._at[place]
        greediest = max(people, key=people.__getitem__)
        own = self._count(place, newcomer)
        if people[greediest] > own + 1:
            self._oldest(greediest, place)
        elif own:
            self._oldest(newcomer, place)
        else:
            raise WorkshopFull("too many connections")

    def _oldest(self, person: str, place: Place | None = None) -> None:
        """End a person's oldest connection, of those at this place."""
        for connection in self._of[person]:
            if place is None or place in places(connection.access):
                self.leave(connection)
                connection.close(TooManyConnections("this person's newer ones took its place"))
                return


def places(access: Access) -> tuple[Place, Place]:
    return ("board", access.board), ("workshop", access.workshop)
