"""Dots on notes, judged (JD3): one's own, whole, few enough, and only while voting is open.

Who gives too many, or too late, is honest: a second device, a slow network. Such dots are taken
back (JD13, JD14). Bytes that are no votes, and votes in another's name, are not honest.
"""

from collections.abc import Iterator
from typing import Any

from boards.schema import VOTES, is_number
from server.errors import NotAllowed
from server.sync.access import Access
from server.sync.errors import RefusedUpdate
from server.sync.judging.repairs import Put

__all__ = ["judge_votes"]


def judge_votes(event: Any, notes: Any, access: Access) -> list[Put]:
    """What is to be put right of one change of the root `votes`; `notes`: the engine's map of them.

    Dots may be too many already because those of two groups came together, or because the
    facilitator gives fewer now: taking back is always fine then, giving is not. Raises what is
    wrong with bytes that no honest client sends.
    """
    if event.path:
        raise RefusedUpdate("a vote is a number")
    changes = dict(sorted(event.keys.items()))
    for key, change in changes.items():
        check_vote(key, change, access)
    if not access.dots:
        return [as_before(key, change) for key, change in changes.items()]
    gone = {key for key in changes if not exists(notes, event.transaction, key.partition("/")[0])}
    of_gone = [without(key) for key in gone if changes[key]["action"] != "delete"]
    more = {key: change for key, change in changes.items() if key not in gone and is_more(change)}
    return of_gone + list(taken_back(event, notes, access, more)) if more else of_gone


def check_vote(key: str, change: Any, access: Access) -> None:
    if key.partition("/")[2] != access.person:
        raise NotAllowed("a vote in another's name")
    dots = change.get("newValue")
    if change["action"] == "delete":
        return
    if not is_number(dots) or dots != int(dots) or dots < 0:
        raise RefusedUpdate("expected a whole number of dots")


def as_before(key: str, change: Any) -> Put:
    """Voting is not open: the number that was there stays."""
    old = change.get("oldValue")
    return Put(VOTES, key, old if is_number(old) else None, "JD14", "votes-closed")


def without(key: str) -> Put:
    """A dot for a note that the server took away meanwhile, as one too many."""
    return Put(VOTES, key, None, "JD13", "note-gone")


def taken_back(event: Any, notes: Any, access: Access, more: dict[str, Any]) -> Iterator[Put]:
    """Of the dots that were added now, as many back as are too many on the board in all."""
    over = dots_given(event, notes, access.person) - access.dots
    for key, change in reversed(more.items()):
        old, new = dots_of(change.get("oldValue")), dots_of(change["newValue"])
        counts = stands(notes, event.transaction, key.partition("/")[0])
        back = max(min(over, new - old) if counts else 0, new - max(old, access.dots))
        if back > 0:
            over -= back if counts else 0
            yield Put(VOTES, key, new - back or None, "JD13", "too-many-dots")


def dots_given(event: Any, notes: Any, person: str) -> int:
    """All dots of a person on notes that stand; those of a deleted note are theirs again."""
    transaction, votes = event.transaction, event.target
    own = (key for key in votes.keys(transaction) if key.partition("/")[2] == person)
    standing = (key for key in own if stands(notes, transaction, key.partition("/")[0]))
    return sum(dots_of(votes.get(transaction, key)) for key in standing)


def exists(notes: Any, transaction: Any, note: str) -> bool:
    return bool(notes.has(transaction, note))


def stands(notes: Any, transaction: Any, note: str) -> bool:
    if not exists(notes, transaction, note):
        return False
    fields = notes.get(transaction, note)
    return not fields.has(transaction, "del") or fields.get(transaction, "del") is not True


def is_more(change: Any) -> bool:
    return dots_of(change.get("newValue")) > dots_of(change.get("oldValue"))


def dots_of(value: Any) -> int:
    return int(value) if is_number(value) and value >= 1 else 0
