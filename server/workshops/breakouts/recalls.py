"""Group work that ends by itself at a time everybody is shown: notice given, put off, called off.

The time stands on the desk (`Breakout.recall`); pace/deadlines.py has it carried out.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from boards.desk import Breakout, Desk, Recall
from server.clock import milliseconds
from server.errors import InvalidField
from server.workshops.input import fields
from server.workshops.pace.deadlines import NotDue

__all__ = ["due_recalls", "must_be_due", "with_recall"]

SHORTEST_SECONDS, LONGEST_SECONDS = 5, 3600  # of notice

Fields = Mapping[str, Any]


def with_recall(breakout: Breakout, body: Fields, now: int) -> Breakout:
    """`{seconds, gather?}` gives notice, anew if there was one; `{seconds: null}` calls it off.

    `{add_seconds}` puts off the one that is there: whoever pressed saw one, and if it was called
    off meanwhile, it stays so. `now`: ms since the epoch. Raises InvalidField.
    """
    if "add_seconds" in body:
        fields.known_fields(body, ("add_seconds",))
        most = LONGEST_SECONDS
        more = fields.whole(body["add_seconds"], "add_seconds", least=-most, most=most)
        return (
            breakout if breakout.recall is None else put_off(breakout, breakout.recall, more, now)
        )
    fields.known_fields(body, ("seconds", "gather"))
    if "seconds" not in body:
        raise InvalidField("seconds", expected="seconds of notice, or null for none", got=None)
    gather = fields.boolean(body.get("gather", False), "gather")
    if body["seconds"] is None:
        return replace(breakout, recall=None)
    least, most = SHORTEST_SECONDS, LONGEST_SECONDS
    seconds = fields.whole(body["seconds"], "seconds", least=least, most=most)
    return replace(breakout, recall=Recall(ends=now + 1000 * seconds, gather=gather))


def put_off(breakout: Breakout, recall: Recall, more: int, now: int) -> Breakout:
    """So many seconds later, or earlier; within what notice can be given from now."""
    ends = max(recall.ends, now) + 1000 * more
    return replace(
        breakout, recall=replace(recall, ends=min(max(ends, now), now + 1000 * LONGEST_SECONDS))
    )


def due_recalls(desk: Desk) -> dict[str, int]:
    """When (ms since the epoch) group work of this desk is over by itself, by its id."""
    return {
        each.id: each.recall.ends
        for each in desk.breakouts
        if each.state == "open" and each.recall is not None
    }


def must_be_due(breakout: Breakout) -> None:
    """Raises NotDue unless it is over by now, by what the desk says."""
    if breakout.state != "open" or breakout.recall is None:
        raise NotDue
    if milliseconds() < breakout.recall.ends:
        raise NotDue
