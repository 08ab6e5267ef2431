"""Hands that are up, and who is ready: what people show who leads, without a word."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from boards.desk import Person
from boards.desk_edits import change_people
from server.access.throttle import Quota
from server.clock import milliseconds
from server.errors import NotAllowed
from server.workshops.errors import PersonGone
from server.workshops.input import fields
from server.workshops.members import Desks, Member
from server.workshops.rights import find_person

__all__ = ["SIGNALS", "Signals"]

Fields = Mapping[str, Any]

SIGNALS = ("hand", "ready")
CHANGES_PER_MINUTE = 30  # by one person: each is told to everybody


class Signals:
    """Commands on them. Anybody has their own; who leads takes back anybody's, one's or all."""

    def __init__(self, desks: Desks) -> None:
        self._desks = desks
        self._quota = Quota(CHANGES_PER_MINUTE, seconds=60.0)

    async def show(self, member: Member, person: str, body: Fields) -> Person:
        """`{hand?, ready?}`, true or false. A hand that is up already stays up since it was.

        Raises PersonGone, NotAllowed and TooManyRequests.
        """
        wanted = read_signals(body)
        if person != member.person:
            member.must_lead()
            if any(wanted.values()):
                raise NotAllowed("only taken back for others")
        self._quota.take(member.person)
        async with self._desks.hold(member.workshop) as room:
            before = find_person(self._desks.read(room), person)
            if before is None:
                raise PersonGone("no such person here")
            changes = changes_of(before, wanted, milliseconds())
            if changes:
                room.edit(lambda document: change_people(document, {person: changes}))
                await self._desks.rooms.committer.commit(member.workshop)
            return find_person(self._desks.read(room), person) or before

    async def clear(self, member: Member, body: Fields) -> int:
        """`{signal}`, hand or ready: nobody shows it any more. Of how many it was taken back."""
        member.must_lead()
        fields.known_fields(body, ("signal",))
        signal = fields.choice(body.get("signal"), "signal", SIGNALS)
        async with self._desks.hold(member.workshop) as room:
            people = self._desks.read(room).people
            shown = [each.id for each in people if getattr(each, signal) is not None]
            if shown:
                changes = {person: {signal: None} for person in shown}
                room.edit(lambda document: change_people(document, changes))
                await self._desks.rooms.committer.commit(member.workshop)
            return len(shown)


def read_signals(body: Fields) -> dict[str, bool]:
    fields.known_fields(body, SIGNALS)
    return {name: fields.boolean(body[name], name) for name in SIGNALS if name in body}


def changes_of(person: Person, wanted: Mapping[str, bool], now: int) -> dict[str, int | None]:
    """What has to be set so that somebody shows what is wanted."""
    shown = asdict(person)
    return {
        name: now if is_shown else None
        for name, is_shown in wanted.items()
        if is_shown != (shown[name] is not None)
    }
