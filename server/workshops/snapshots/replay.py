"""How a board came about: its moments, and the board as it was at one of them."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from boards.changes.values import GONE, Became, Changes
from boards.document import Document
from boards.errors import BoardError
from boards.schema import ANSWERS, EXPERIMENTS, NOTES, is_deleted, layout_root, name_or_none
from server.exports.sources import Source, board_body
from server.store import Moment, StoreCorrupted, StoredHistory

__all__ = ["Brought", "Replay", "Step", "Told", "body_at", "replay_of", "steps_of", "weight_of"]

MOMENT_BYTES = 100  # take as long to read as one more update, of whatever size
MOST_STEPS = 600  # more than a slider has pixels
LEAST_WINDOW = 1000  # ms: what comes so close together is one step


@dataclass(frozen=True, slots=True)
class Step:
    """A moment. `seq`: its number, `at`: ms since the epoch, `who`: people."""

    seq: int
    at: int
    who: tuple[str, ...]
    updates: int


@dataclass(frozen=True, slots=True)
class Brought:
    """How many notes of a group came home."""

    group: str
    notes: int


@dataclass(frozen=True, slots=True)
class Told(Step):
    """A moment with what changed in it, counted.

    `notes`: on the board then; `added` without what groups brought, `moved` without what changed
    otherwise; `answers` and `experiments`: those that read otherwise than before.
    """

    notes: int
    added: int
    deleted: int
    changed: int
    moved: int
    answers: int
    experiments: int
    brought: tuple[Brought, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """`begins`: the number of the state with which the kept history begins; 0: with nothing."""

    begins: int
    moments: tuple[Told, ...]


def replay_of(history: StoredHistory, board: str) -> Replay:
    """A board's history step by step, oldest first; here, or in another process.

    Raises StoreCorrupted.
    """
    begins = history.base.seq if history.base else 0
    try:
        return Replay(begins, tuple(told(history, board)))
    except BoardError as error:
        raise StoreCorrupted("what is kept of a board does not open") from error


def steps_of(moments: Sequence[Moment]) -> list[Step]:
    """At most MOST_STEPS of them."""
    if not moments:
        return []
    first = moments[0].stamp.at
    span = moments[-1].stamp.at - first
    window = max(LEAST_WINDOW, -(-(span + 1) // MOST_STEPS))
    steps = [Step(m.seq, m.stamp.at, m.stamp.who, m.stamp.updates) for m in moments]
    return list(gathered(steps, window, first))


def gathered(steps: Sequence[Step], window: int, first: int) -> Iterator[Step]:
    """Steps of one window of time as one."""
    kept: Step | None = None
    for step in steps:
        same = kept is not None and (kept.at - first) // window == (step.at - first) // window
        if kept is not None and same:
            who = tuple(dict.fromkeys((*kept.who, *step.who)))
            kept = replace(step, who=who, updates=kept.updates + step.updates)
        else:
            if kept is not None:
                yield kept
            kept = step
    if kept is not None:
        yield kept


def told(history: StoredHistory, board: str) -> Iterator[Told]:
    """Each step with what it changed."""
    document = Document(history.base.update if history.base else None)
    changes = Changes(document, board)
    alive = sum(map(stands, changes.values(NOTES).values()))
    moments, start = history.moments, 0
    try:
        for step in steps_of(moments):
            end = bisect_right(moments, step.seq, lo=start, key=lambda moment: moment.seq)
            document.apply_updates(moment.update for moment in moments[start:end])
            start = end
            kinds = kinds_of(changes, board)
            count = Counter(kind for kind, _ in kinds.values())
            groups = Counter(group for kind, group in kinds.values() if kind == "brought")
            alive += count["added"] + count["brought"] - count["deleted"]
            yield Told(
                step.seq,
                step.at,
                step.who,
                step.updates,
                notes=alive,
                added=count["added"],
                deleted=count["deleted"],
                changed=count["changed"],
                moved=count["moved"],
                answers=count["answers"],
                experiments=count["experiments"],
                brought=tuple(Brought(group or "", n) for group, n in sorted(groups.items())),
            )
    finally:
        changes.close()


Kinds = dict[tuple[str, str], tuple[str, str]]


def kinds_of(changes: Changes, board: str) -> Kinds:
    """By root and item what happened to it, and for which group."""
    kinds: Kinds = {}
    placed = []
    for became in changes.take():
        root, item = became.root, became.item
        if root == NOTES:
            kind = kind_of(became)
            if kind is not None:
                kinds[root, item] = kind, str(fields_of(became.now).get("group") or "")
        elif root == layout_root(board):
            placed.append(item)
        elif root in (ANSWERS, EXPERIMENTS) and says(became.was) != says(became.now):
            kinds[root, item] = root, ""
    for item in placed:
        if stands(changes.value(NOTES, item)):
            kinds.setdefault((NOTES, item), ("moved", ""))
    return kinds


def kind_of(became: Became) -> str | None:
    """What happened to a note."""
    was, now = fields_of(became.was), fields_of(became.now)
    stood, stays = stands(became.was), stands(became.now)
    if stays and not stood:
        is_brought = became.was is GONE and name_or_none(now.get("group")) is not None
        return "brought" if is_brought else "added"
    if not stays:
        return "deleted" if stood else None
    if any(was.get(name) != now.get(name) for name in ("text", "color")):
        return "changed"
    if any(was.get(name) != now.get(name) for name in ("zone", "theme")):
        return "moved"
    return None


def fields_of(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def stands(value: object) -> bool:
    return isinstance(value, dict) and not is_deleted(value)


def says(value: object) -> object:
    """An empty answer says as much as none."""
    return "" if value is GONE else value


def weight_of(history: StoredHistory) -> int:
    """What reading it costs, in bytes that take as long: each moment does as well, however small,
    and whoever types makes a hundred in a second."""
    base = len(history.base.update) if history.base else 0
    return base + sum(MOMENT_BYTES + len(moment.update) for moment in history.moments)


def body_at(
    history: StoredHistory, seq: int, source: Source, *, hides_votes: bool, hides_authors: bool
) -> bytes:
    """The board as JSON as it stood after update `seq`; here, or in another process.

    `source`: which board it is, its update apart. Raises StoreCorrupted.
    """
    try:
        document = Document(history.base.update if history.base else None)
        end = bisect_right(history.moments, seq, key=lambda moment: moment.seq)
        document.apply_updates(moment.update for moment in history.moments[:end])
        then = replace(source, update=document.get_update())
        return board_body(then, hides_votes=hides_votes, hides_authors=hides_authors)
    except BoardError as error:
        raise StoreCorrupted("what is kept of a board does not open") from error
