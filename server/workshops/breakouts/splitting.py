"""Splitting people into groups: evenly, at random, and the same way again for the same seed."""

import random
from collections.abc import Iterable, Sequence

from boards.desk import Breakout, Group, Person

__all__ = ["free_color", "smallest", "split"]


def split(people: Iterable[str], groups: int, seed: int) -> list[tuple[str, ...]]:
    """Deal people into `groups` groups whose sizes differ by at most one.

    The order in which people are given does not matter, only who they are.
    """
    deck = sorted(people)
    random.Random(seed).shuffle(deck)
    return [tuple(deck[start::groups]) for start in range(groups)]


def smallest(breakout: Breakout) -> Group | None:
    """The group that a newcomer joins: the one with fewest people, the first of equals."""
    return min(breakout.groups, key=lambda group: len(group.people), default=None)


def free_color(people: Sequence[Person], colors: int) -> int:
    """The colour that fewest people have, the first of equals."""
    used = [person.color for person in people]
    return min(range(colors), key=used.count)
