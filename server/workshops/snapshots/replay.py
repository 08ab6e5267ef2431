"""How a board came about: its moments, and the board as it was at one of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from boards.document import Document
from boards.errors import BoardError
from server.exports.sources import Source, board_body
from server.store import StoreCorrupted, StoredHistory

__all__ = ["Replay", "Step", "body_at", "replay_of", "weight_of"]

MOST_STEPS = 600  # more than a slider has pixels
LEAST_WINDOW = 1000  # ms: what comes so close together is one step


@dataclass(frozen=True, slots=True)
class Step:
    """What changed within a moment. `seq`: its number, `at`: ms since the epoch, `who`: people."""

    seq: int
    at: int
    who: tuple[str, ...]
    updates: int


@dataclass(frozen=True, slots=True)
class Replay:
    """`begins`: the number of the state with which the kept history begins; 0: with nothing."""

    begins: int
    moments: tuple[Step, ...]


def replay_of(history: StoredHistory) -> Replay:
    """The steps of a board's history, oldest first; at most MOST_STEPS of them."""
    moments = history.moments
    begins = history.base.seq if history.base else 0
    if not moments:
        return Replay(begins, ())
    span = moments[-1].stamp.at - moments[0].stamp.at
    window = max(LEAST_WINDOW, -(-(span + 1) // MOST_STEPS))
    steps = [Step(m.seq, m.stamp.at, m.stamp.who, m.stamp.updates) for m in moments]
    return Replay(begins, tuple(gathered(steps, window, moments[0].stamp.at)))


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


def weight_of(history: StoredHistory) -> int:
    """Bytes that have to be read."""
    base = len(history.base.update) if history.base else 0
    return base + sum(len(moment.update) for moment in history.moments)


def body_at(history: StoredHistory, seq: int, source: Source, *, hides_votes: bool) -> bytes:
    """The board as JSON as it stood after update `seq`; here, or in another process.

    `source`: which board it is, its update apart. Raises StoreCorrupted.
    """
    try:
        document = Document(history.base.update if history.base else None)
        for moment in history.moments:
            if moment.seq > seq:
                break
            document.apply_update(moment.update)
        return board_body(replace(source, update=document.get_update()), hides_votes=hides_votes)
    except BoardError as error:
        raise StoreCorrupted("what is kept of a board does not open") from error
