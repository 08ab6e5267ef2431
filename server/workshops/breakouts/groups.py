"""Groups of a breakout as values: what a facilitator asked for, and who sits where. Pure."""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from boards.desk import Breakout, Desk, Group, letter
from boards.edits import new_id
from server.errors import InvalidField
from server.i18n import t
from server.workshops.breakouts.splitting import smallest, split
from server.workshops.input import fields
from server.workshops.rights import find_person
from server.workshops.snapshots.merges import Wanted

__all__ = ["read_groups", "read_moves", "read_wanted", "with_leavers", "with_people"]

MAX_GROUPS = 200  # a group of one each, for 200 people, is private writing
MAX_MOVES = 10_000
SEEDS = 2**31

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Choices:
    """What groups can be made of: the desk's people and the pages of the board."""

    desk: Desk
    pages: Collection[int]


def read_groups(body: Fields, desk: Desk, pages: Collection[int]) -> tuple[Group, ...]:
    """`groups` of POST …/breakouts: how many (people are dealt by `seed`), or each by hand.

    The groups' boards have ids already, but do not exist yet.
    """
    fields.known_fields(body, ("board", "groups", "seed", "choice"))
    wanted = body.get("groups")
    choices = Choices(desk, pages)
    if isinstance(wanted, int) and not isinstance(wanted, bool):
        return dealt(body, wanted, choices)
    if not isinstance(wanted, list) or not wanted:
        expected = f"a number from 1 to {MAX_GROUPS}, or a list of groups"
        raise InvalidField("groups", expected=expected, got=wanted)
    return by_hand(wanted, choices)


def dealt(body: Fields, wanted: int, choices: Choices) -> tuple[Group, ...]:
    """So many groups of everybody who takes part."""
    count = fields.whole(wanted, "groups", least=1, most=MAX_GROUPS)
    seed = fields.whole(body.get("seed", secrets.randbelow(SEEDS)), "seed", least=0, most=SEEDS)
    people = [person.id for person in choices.desk.people if person.role == "participant"]
    return tuple(
        new_group(default_name(choices.desk, index), members, ())
        for index, members in enumerate(split(people, count, seed))
    )


def by_hand(wanted: object, choices: Choices) -> tuple[Group, ...]:
    """Groups with names, people and pages as given; nobody in two of them."""
    groups = []
    for index, given in enumerate(fields.objects(wanted, "groups", most=MAX_GROUPS)):
        field = f"groups[{index}]"
        fields.known_fields(given, ("name", "people", "pages"))
        named = given.get("name")
        name = default_name(choices.desk, index) if named is None else fields.name(named)
        people = read_people(given.get("people", []), f"{field}.people", choices.desk)
        pages = read_pages(given.get("pages") or [], f"{field}.pages", choices.pages)
        groups.append(new_group(name, people, pages))
    refuse_twice([group.people for group in groups])
    return tuple(groups)


def read_moves(body: Fields, desk: Desk, breakout: Breakout) -> Breakout:
    """`groups` of PATCH /api/breakouts/{id}: new members or names; movers leave their old group.

    `moves`: where single people go from wherever they are, after that.
    """
    fields.known_fields(body, ("groups", "moves"))
    if "moves" in body:
        given = {"groups": body.get("groups", [])}
        return read_walks(body["moves"], desk, read_moves(given, desk, breakout))
    moves = fields.objects(body.get("groups"), "groups", most=MAX_GROUPS)
    known = {group.id: group for group in breakout.groups}
    asked: dict[str, Group] = {}
    for index, move in enumerate(moves):
        field = f"groups[{index}]"
        fields.known_fields(move, ("id", "people", "name"))
        group = known[fields.choice(move.get("id"), f"{field}.id", known)]
        if "name" in move:
            group = replace(group, name=fields.name(move["name"]))
        if "people" in move:
            group = replace(group, people=read_people(move["people"], f"{field}.people", desk))
        asked[group.id] = group
    movers = refuse_twice([asked[group].people for group in asked])
    return replace(
        breakout,
        groups=tuple(
            asked.get(group.id) or replace(group, people=without(group.people, movers))
            for group in breakout.groups
        ),
    )


def read_wanted(value: object, breakout: Breakout) -> Wanted:
    """`groups` of a merge: ids of at least one; None: all."""
    known = tuple(group.id for group in breakout.groups)
    if value is None:
        return Wanted(frozenset(known), known)
    chosen = fields.items(value, "groups", most=MAX_GROUPS)
    if not chosen:
        raise InvalidField("groups", expected="at least one group", got="none")
    wanted = (fields.choice(each, f"groups[{i}]", known) for i, each in enumerate(chosen))
    return Wanted(frozenset(wanted), known)


def read_walks(value: object, desk: Desk, breakout: Breakout) -> Breakout:
    """`[{person, group}]`, one after the other; a group that is null is none."""
    known = {group.id for group in breakout.groups}
    for index, walk in enumerate(fields.objects(value, "moves", most=MAX_MOVES)):
        field = f"moves[{index}]"
        fields.known_fields(walk, ("person", "group"))
        [person] = read_people([walk.get("person")], f"{field}.person", desk)
        to = walk.get("group")
        if to is not None:
            to = fields.choice(to, f"{field}.group", known)
        breakout = walked(breakout, person, to)
    return breakout


def walked(breakout: Breakout, person: str, to: str | None) -> Breakout:
    """One person in another group, or in none; who is there already stays in their place."""
    return replace(
        breakout,
        groups=tuple(
            group
            if group.id == to and person in group.people
            else replace(
                group, people=(*without(group.people, {person}), *([person] * (group.id == to)))
            )
            for group in breakout.groups
        ),
    )


def with_leavers(before: Breakout, after: Breakout, now: int, forgotten: float) -> Breakout:
    """Each group remembers who is moved out of it now; those of before `forgotten` no more.

    Both in ms since the epoch.
    """
    members = {group.id: group.people for group in before.groups}

    def remembering(group: Group) -> Group:
        left = {who: at for who, at in group.left.items() if at >= forgotten}
        left |= dict.fromkeys(members[group.id], now)
        return replace(group, left={w: at for w, at in left.items() if w not in group.people})

    return replace(after, groups=tuple(map(remembering, after.groups)))


def with_people(breakout: Breakout, group: str, people: Sequence[str]) -> Breakout:
    """The breakout with other people in one group."""
    return replace(
        breakout,
        groups=tuple(
            replace(entry, people=tuple(people)) if entry.id == group else entry
            for entry in breakout.groups
        ),
    )


def new_group(name: str, people: Sequence[str], pages: Sequence[int]) -> Group:
    """A group that gets a board of its own."""
    return Group(id=new_id(), name=name, board=new_id(), people=tuple(people), pages=tuple(pages))


def default_name(desk: Desk, index: int) -> str:
    """Group A, Group B, … in the workshop's language."""
    return t(desk.language, "breakout.group", letter=letter(index))


def read_people(value: object, field: str, desk: Desk) -> tuple[str, ...]:
    """Ids of people who take part; observers and facilitators sit in no group."""
    people = fields.items(value, field, most=10_000)
    for person in people:
        found = find_person(desk, person) if isinstance(person, str) else None
        if found is None or found.role != "participant":
            raise InvalidField(field, expected="ids of participants", got=person)
    return tuple(people)


def read_pages(value: object, field: str, pages: Collection[int]) -> tuple[int, ...]:
    """Page numbers of the board, each once, in order."""
    chosen = fields.items(value, field, most=100)
    for page in chosen:
        if isinstance(page, bool) or page not in pages:
            expected = f"pages of this board ({', '.join(map(str, pages)) or 'it has none'})"
            raise InvalidField(field, expected=expected, got=page)
    return tuple(sorted(set(chosen)))


def refuse_twice(groups: Iterable[Sequence[str]]) -> frozenset[str]:
    """Everybody in these groups; raises InvalidField when somebody is in two."""
    seen: set[str] = set()
    for people in groups:
        for person in people:
            if person in seen:
                raise InvalidField("groups", expected="each person in one group", got=person)
            seen.add(person)
    return frozenset(seen)


def without(people: Iterable[str], movers: Collection[str]) -> tuple[str, ...]:
    """Those who do not move."""
    return tuple(person for person in people if person not in movers)


def placed(breakout: Breakout, person: str) -> Breakout:
    """The breakout with a newcomer in its smallest group, unless they choose one themselves."""
    group = None if breakout.choice else smallest(breakout)
    return breakout if group is None else with_people(breakout, group.id, (*group.people, person))
