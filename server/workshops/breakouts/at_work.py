"""While groups are at work: a word to them, their calls for help; and work that goes on."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from boards.desk import Breakout, Desk, Group, Message
from boards.desk_edits import put_breakout
from boards.edits import new_id
from server.access.throttle import Quota
from server.clock import milliseconds
from server.errors import InvalidField, NotAllowed
from server.workshops.breakouts.groups import placed, walked, with_leavers
from server.workshops.breakouts.late import Late
from server.workshops.errors import BreakoutClosed, BreakoutGone, GroupsAtWork
from server.workshops.input import fields
from server.workshops.members import Desks, Member, find_breakout

__all__ = ["AtWork"]

Fields = Mapping[str, Any]

MESSAGE_CHARACTERS = 500
CALLS_PER_MINUTE = 30  # by one person: each is told to everybody


class AtWork:
    """Commands on group work beside its beginning and its end."""

    def __init__(self, desks: Desks, late: Late) -> None:
        self._desks = desks
        self._late = late
        self._quota = Quota(CALLS_PER_MINUTE, seconds=60.0)

    async def reopen(self, member: Member, breakout_id: str) -> Breakout:
        """The same groups on the same boards, as they left them; who came meanwhile gets a place.

        Raises GroupsAtWork where others are, and BreakoutGone where the boards are not here.
        """
        member.must_lead()

        def reopened(desk: Desk, before: Breakout) -> Breakout:
            if before.state == "open":
                return before
            if any(each.state == "open" for each in desk.breakouts):
                raise GroupsAtWork(breakout_id)
            known = {board.id for board in desk.boards}
            if not all(group.board in known for group in before.groups):
                raise BreakoutGone("its boards stayed behind")
            self._late.reopen(member.workshop, breakout_id)
            return going_on(before, desk)

        return await self._change(member, breakout_id, reopened)

    async def message(self, member: Member, breakout_id: str, body: Fields) -> Breakout:
        """`{text, group?}`: shown to one group, or to all of them; a text that is null is none.

        It stands on the desk, which all members of the workshop are told. Raises BreakoutClosed.
        """
        member.must_lead()
        fields.known_fields(body, ("text", "group"))
        message = read_message(body.get("text"))

        def told(_: Desk, before: Breakout) -> Breakout:
            must_be_open(before)
            to = None if body.get("group") is None else group_id(body["group"], before)
            groups = (
                replace(group, message=message) if to in (None, group.id) else group
                for group in before.groups
            )
            return replace(before, groups=tuple(groups))

        return await self._change(member, breakout_id, told)

    async def choose(self, member: Member, breakout_id: str, body: Fields) -> Breakout:
        """`{group}`: somebody who takes part goes to a group of their choice, or by null to none.

        Where that is open to them: else NotAllowed. Raises BreakoutClosed, TooManyRequests.
        """
        fields.known_fields(body, ("group",))
        if "group" not in body:
            raise InvalidField("group", expected="the id of a group, or null", got=None)
        self._quota.take(member.person)

        def chosen(_: Desk, before: Breakout) -> Breakout:
            must_be_open(before)
            if not before.choice or member.role != "participant":
                raise NotAllowed("who leads puts people into these groups")
            to = None if body["group"] is None else group_id(body["group"], before)
            after = walked(before, member.person, to)
            now = milliseconds()
            return with_leavers(before, after, now, now - 1000 * self._desks.late_seconds)

        return await self._change(member, breakout_id, chosen)

    async def help(self, member: Member, breakout_id: str, body: Fields) -> Breakout:
        """`{help, group?}`: a group asks for help, or no more; any of its members for their own.

        Who leads answers by taking it back. Raises BreakoutClosed, NotAllowed, TooManyRequests.
        """
        fields.known_fields(body, ("help", "group"))
        asks = fields.boolean(body.get("help"), "help")
        self._quota.take(member.person)

        def asked(_: Desk, before: Breakout) -> Breakout:
            must_be_open(before)
            group = whose(member, body.get("group"), before)
            since = (group.help or milliseconds()) if asks else None
            groups = (
                replace(each, help=since) if each.id == group.id else each for each in before.groups
            )
            return replace(before, groups=tuple(groups))

        return await self._change(member, breakout_id, asked)

    async def _change(
        self, member: Member, breakout_id: str, change: Callable[[Desk, Breakout], Breakout]
    ) -> Breakout:
        async with self._desks.hold(member.workshop) as room:
            desk = self._desks.read(room)
            before = find_breakout(desk, breakout_id)
            after = change(desk, before)
            if after != before:
                room.edit(lambda document: put_breakout(document, after))
                await self._desks.rooms.committer.commit(room.board)
                self._desks.reauthorise(room)
            return after


def going_on(breakout: Breakout, desk: Desk) -> Breakout:
    """Group work that was over goes on: with all who take part now, in their places of before."""
    here = [person.id for person in desk.people if person.role == "participant"]
    groups = tuple(
        replace(group, late=None, people=tuple(each for each in group.people if each in here))
        for group in breakout.groups
    )
    seated = {person for group in groups for person in group.people}
    after = replace(breakout, state="open", closed=None, groups=groups)
    for person in here:
        if person not in seated:
            after = placed(after, person)
    return after


def must_be_open(breakout: Breakout) -> None:
    if breakout.state != "open":
        raise BreakoutClosed(breakout.id)


def read_message(value: object) -> Message | None:
    if value is None:
        return None
    words = fields.text(value, "text", most=MESSAGE_CHARACTERS, lines=True)
    return Message(id=new_id(), text=words, at=milliseconds())


def group_id(value: object, breakout: Breakout) -> str:
    return fields.choice(value, "group", [group.id for group in breakout.groups])


def whose(member: Member, named: object, breakout: Breakout) -> Group:
    """The group that somebody speaks for: their own, and any for who leads."""
    own = next((group for group in breakout.groups if member.person in group.people), None)
    if member.role == "facilitator":
        if named is None:
            raise InvalidField("group", expected="the id of a group", got=named)
        id = group_id(named, breakout)
        return next(group for group in breakout.groups if group.id == id)
    if own is None or named not in (None, own.id):
        raise NotAllowed("only for members of the group")
    return own
