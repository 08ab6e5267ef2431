"""What may be changed of a person: the name they go by, and whether they lead, take part or watch.

Nothing of what they wrote changes, and what opens the workshop to them stays good.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from boards.desk import ROLES, Breakout, Desk, Person
from boards.desk_edits import change_person, put_breakout
from boards.document import Document
from server.access.throttle import Quota
from server.clock import milliseconds
from server.errors import NotAllowed
from server.workshops import records
from server.workshops.breakouts.groups import placed, with_leavers, with_people
from server.workshops.errors import LastFacilitator, PersonGone
from server.workshops.input import fields
from server.workshops.members import Desks, Member
from server.workshops.rights import find_person

__all__ = ["People"]

Fields = Mapping[str, Any]

CHANGES_PER_MINUTE = 30  # by one person: each is told to everybody


class People:
    """Changes of people: of one's name by oneself, of anybody's name and role by who leads."""

    def __init__(self, desks: Desks) -> None:
        self._desks = desks
        self._rooms = desks.rooms
        self._quota = Quota(CHANGES_PER_MINUTE, seconds=60.0)

    async def change(self, member: Member, person: str, body: Fields) -> Person:
        """`name`, `role` or both. Everybody sees it at once, and rights follow.

        Who takes part from now on gets a place in the groups that are at work; who does no longer,
        loses theirs. Raises PersonGone, NotAllowed, LastFacilitator and TooManyRequests.
        """
        changes = read_changes(body)
        if person != member.person or "role" in changes:
            member.must_lead()
        self._quota.take(member.person)
        async with self._desks.hold(member.workshop) as room:
            desk = self._desks.read(room)
            before = find_person(desk, person)
            if before is None:
                raise PersonGone("no such person here")
            role = changes.get("role", before.role)
            if role != before.role:
                must_be_free_to(desk, member, before)
            now = milliseconds()
            forgotten = now - round(1000 * self._desks.late_seconds)

            def change(document: Document) -> None:
                change_person(document, person, changes)
                for breakout in desk.breakouts:
                    after = reseated(breakout, replace(before, role=role), now, forgotten)
                    if after != breakout:
                        put_breakout(document, after)

            room.edit(change)
            puts = [records.wipe_record(member.workshop)] if "name" in changes else []
            await self._rooms.committer.commit(member.workshop, puts=puts)
            self._desks.reauthorise(room)
            return find_person(self._desks.read(room), person) or before


def read_changes(body: Fields) -> dict[str, Any]:
    """The fields of a person that a command sets."""
    fields.known_fields(body, ("name", "role"))
    changes: dict[str, Any] = {}
    if "name" in body:
        changes["name"] = fields.name(body["name"])
    if "role" in body:
        changes["role"] = fields.choice(body["role"], "role", ROLES)
    return changes


def must_be_free_to(desk: Desk, member: Member, person: Person) -> None:
    """Whether this facilitator may change somebody's role: who opened the workshop only gives it up
    by themselves, so that whom they asked to help cannot send them out of it."""
    leaders = [each for each in desk.people if each.role == "facilitator"]
    if person not in leaders:
        return
    if len(leaders) == 1:
        raise LastFacilitator("nobody else leads this workshop")
    if person == leaders[0] and person.id != member.person:
        raise NotAllowed("who opened the workshop leads it until they give it up")


def reseated(breakout: Breakout, person: Person, now: int, forgotten: int) -> Breakout:
    """Group work as it is with this person in their new role."""
    if breakout.state != "open":
        return breakout
    seat = next((group for group in breakout.groups if person.id in group.people), None)
    if person.role == "participant":
        return breakout if seat else placed(breakout, person.id)
    if seat is None:
        return breakout
    stay = [each for each in seat.people if each != person.id]
    return with_leavers(breakout, with_people(breakout, seat.id, stay), now, forgotten)
