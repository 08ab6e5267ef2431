"""Who is next: a few at work, one of each workshop, and nobody twice before everybody once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from server.exports.errors import ExportsFull

__all__ = ["Line", "Place"]


@dataclass(eq=False, slots=True)
class Place:
    """Somebody's in the line. `round`: how often they had their turn before this one."""

    workshop: str
    person: str
    address: str
    round: int
    number: int  # in the order in which they came
    at_work: bool = False

    @property
    def order(self) -> tuple[int, int]:
        return self.round, self.number


class Line:
    """`at_once` at work; `most` in all, `of_workshop` and `of_person` of them, at work too.

    Who comes with a second wish comes after everybody's first. While others wait, an address has
    one at work, and it takes no more places than are free for the others.
    """

    def __init__(self, *, at_once: int, most: int, of_workshop: int, of_person: int) -> None:
        self._at_once = at_once
        self._most, self._of_workshop, self._of_person = most, of_workshop, of_person
        self._places: list[Place] = []
        self._round = 0  # of the last one who had a turn
        self._numbers = count()

    def join(self, workshop: str, person: str, address: str) -> Place:
        """A place at the end of one's round. Raises ExportsFull."""
        own = [place for place in self._places if place.person == person]
        here = sum(place.address == address for place in self._places)
        there = sum(place.workshop == workshop for place in self._places)
        if len(own) >= self._of_person:
            raise ExportsFull(f"{len(own)} of one person")
        if there >= self._of_workshop or here >= self._most - len(self._places):
            raise ExportsFull(f"{there} of one workshop, {here} of one address")
        round = max([self._round, *(place.round + 1 for place in own)])
        place = Place(workshop, person, address, round, next(self._numbers))
        self._places.append(place)
        return place

    def begin(self) -> list[Place]:
        """Those whose turn it is now; from now on they are at work."""
        begun: list[Place] = []
        while place := self._next():
            place.at_work = True
            self._round = max(self._round, place.round)
            begun.append(place)
        return begun

    def leave(self, place: Place) -> None:
        """Done, or given up."""
        if place in self._places:
            self._places.remove(place)

    def ahead(self, place: Place) -> list[Place]:
        """Those who are at work, and those who wait and come before."""
        if place.at_work:
            return []
        return [other for other in self._places if other.at_work or other.order < place.order]

    def _next(self) -> Place | None:
        at_work = [place for place in self._places if place.at_work]
        if len(at_work) >= self._at_once:
            return None
        busy = {place.workshop for place in at_work}
        ready = [
            place for place in self._places if not place.at_work and place.workshop not in busy
        ]
        addresses = {place.address for place in at_work}
        return min(
            ready, key=lambda place: (place.address in addresses, *place.order), default=None
        )
