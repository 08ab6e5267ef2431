"""Dots on notes, judged (JD3): one's own, whole, few enough, and only while voting is open."""

from typing import Any

from boards.schema import is_number
from server.errors import NotAllowed, RefusedUpdate
from server.sync.access import Access

__all__ = ["judge_votes"]


def judge_votes(event: Any, notes: Any, access: Access) -> None:
    """Raise what one change of the root `votes` breaks; `notes`: the engine's own map of them.

    Dots may be too many already because those of two groups came together, or because the
    facilitator gives fewer now: taking back is always fine then, giving is not.
    """
    if event.path:
        raise RefusedUpdate("a vote is a number")
    for key, change in event.keys.items():
        judge_vote(key, change, event.transaction, notes, access)
    if any(is_more(change) for change in event.keys.values()):
        given = dots_given(event, notes, access.person)
        if given > access.dots:
            raise RefusedUpdate(f"{given} dots given, {access.dots} to give")


def judge_vote(key: str, change: Any, transaction: Any, notes: Any, access: Access) -> None:
    note, _, person = key.partition("/")
    if person != access.person:
        raise NotAllowed("a vote in another's name")
    if not access.dots:
        raise NotAllowed("nobody votes on this board now")
    if change["action"] == "delete":
        return
    dots = change["newValue"]
    if not is_number(dots) or dots != int(dots) or dots < 0:
        raise RefusedUpdate("expected a whole number of dots")
    if dots > access.dots and is_more(change):
        raise RefusedUpdate(f"{int(dots)} dots on one note, {access.dots} to give")
    if not notes.has(transaction, note):
        raise RefusedUpdate("a vote for no note")


def dots_given(event: Any, notes: Any, person: str) -> int:
    """All dots of a person on notes that stand; those of a deleted note are theirs again."""
    transaction, votes = event.transaction, event.target
    own = (key for key in votes.keys(transaction) if key.partition("/")[2] == person)
    standing = (key for key in own if stands(notes, transaction, key.partition("/")[0]))
    return sum(dots_of(votes.get(transaction, key)) for key in standing)


def stands(notes: Any, transaction: Any, note: str) -> bool:
    if not notes.has(transaction, note):
        return False
    fields = notes.get(transaction, note)
    return not fields.has(transaction, "del") or fields.get(transaction, "del") is not True


def is_more(change: Any) -> bool:
    return dots_of(change.get("newValue")) > dots_of(change.get("oldValue"))


def dots_of(value: Any) -> int:
    return int(value) if is_number(value) and value >= 1 else 0
