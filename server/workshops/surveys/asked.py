"""Whom a round of a survey asks: those who had come, and had been at work, when it was opened.

Whoever has the code can bring as many people as they like, answer for them, and read the one answer
that is left off the results. So nobody who comes later answers a round, and nobody who only came
in; a facilitator may ask them all the same, knowingly.
"""

from collections.abc import Collection, Mapping
from typing import Any

from boards.desk import Desk, Person
from server.errors import InvalidField
from server.workshops.input import fields
from server.workshops.members import Desks

__all__ = ["PRESENT_SECONDS", "at_work", "may_be_asked", "read_people"]

PRESENT_SECONDS = 120.0  # connected for so long, somebody has been at work without a word

Fields = Mapping[str, Any]


def may_be_asked(desk: Desk) -> tuple[Person, ...]:
    """Everybody who may answer surveys; observers only look on."""
    return tuple(person for person in desk.people if person.role != "observer")


async def at_work(desks: Desks, workshop: str, desk: Desk) -> set[str]:
    """Who was seen at work: facilitators, who wrote on a board, who was connected for a while."""
    wrote = await writers(desks, workshop, desk)
    seats = desks.rooms.seats
    return {
        person.id
        for person in may_be_asked(desk)
        if person.role == "facilitator"
        or person.id in wrote
        or seats.seconds(person.id) >= PRESENT_SECONDS
    }


async def writers(desks: Desks, workshop: str, desk: Desk) -> set[str]:
    """Everybody who has ever written on a board of this workshop, as its owners tell (RM7)."""
    found: set[str] = set()
    for board in (workshop, *(board.id for board in desk.boards)):
        found |= {str(value["person"]) for _, value in await desks.store.find("owner", board)}
    return found


def read_people(body: Fields, field: str, desk: Desk) -> set[str]:
    """Those whom a command names. Raises InvalidField for who cannot be asked."""
    known = {person.id for person in may_be_asked(desk)}
    named: Collection[Any] = fields.items(body.get(field, []), field, most=len(known))
    for person in named:
        if not isinstance(person, str) or person not in known:
            raise InvalidField(field, expected="people of this workshop who may answer", got=person)
    return set(named)
