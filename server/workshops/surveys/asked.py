"""Whom a round of a survey asks: those who had come, and had been at work, when it was opened.

Whoever has the code can bring as many people as they like, answer for them, and read the one answer
that is left off the results. So nobody who comes later answers a round, and nobody who only came
in; a facilitator may ask them all the same, knowingly, and leave out who only wrote to be asked.
"""

from collections.abc import Collection, Mapping
from typing import Any

from boards.desk import Desk, Person
from server.errors import InvalidField
from server.workshops.input import fields
from server.workshops.members import Desks
from server.workshops.signs import what_they_did

__all__ = ["at_work", "may_be_asked", "read_people"]

Fields = Mapping[str, Any]


def may_be_asked(desk: Desk) -> tuple[Person, ...]:
    """Everybody who may answer surveys; observers only look on."""
    return tuple(person for person in desk.people if person.role != "observer")


async def at_work(desks: Desks, workshop: str, desk: Desk) -> set[str]:
    """Who was seen at work: facilitators, who wrote on a board, who was connected for a while."""
    did = await what_they_did(desks.store, desks.rooms.seats.seconds, workshop, desk)
    return {
        person.id
        for person in may_be_asked(desk)
        if person.role == "facilitator" or did[person.id][1] != "nothing"
    }


def read_people(body: Fields, field: str, desk: Desk) -> set[str]:
    """Those whom a command names. Raises InvalidField for who cannot be asked."""
    known = {person.id for person in may_be_asked(desk)}
    named: Collection[Any] = fields.items(body.get(field, []), field, most=len(known))
    for person in named:
        if not isinstance(person, str) or person not in known:
            raise InvalidField(field, expected="people of this workshop who may answer", got=person)
    return set(named)
