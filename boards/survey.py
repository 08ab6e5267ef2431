"""A survey's answers, and what may be told of them. Nobody's own answer is ever told.

Below FLOOR answers nothing is told but their number; a statement that fewer have rated is withheld,
and a theme adds up what is shown of its statements and nothing else: there is no difference of two
numbers that gives away a third.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from boards.workbook.definition import Form

__all__ = [
    "COMMENT_CHARACTERS",
    "FLOOR",
    "STEPS",
    "Answer",
    "Distribution",
    "Results",
    "StatementResult",
    "ThemeResult",
    "answer_from",
    "results",
]

FLOOR = 5  # answers below which nothing is told
STEPS = (1, 2, 3, 4, 5)
COMMENT_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What one person said. `ratings`: statement → 1–5, or None for "can't say"."""

    ratings: Mapping[str, int | None]
    comment: str = ""

    def json(self) -> dict[str, Any]:
        """Statements in one order, whatever order they were answered in."""
        return {"ratings": dict(sorted(self.ratings.items())), "comment": self.comment}


def answer_from(value: Mapping[str, Any]) -> Answer:
    """An answer from its JSON."""
    return Answer(value["ratings"], value["comment"])


@dataclass(frozen=True, slots=True)
class Distribution:
    """How many chose each step, the first step first, and how many could not say."""

    counts: tuple[int, ...] = (0,) * len(STEPS)
    cant_say: int = 0

    @property
    def ratings(self) -> int:
        """How many rated it; who could not say has not."""
        return sum(self.counts)

    @property
    def mean(self) -> float:
        """Of the ratings; 0 when there are none."""
        total = sum(step * count for step, count in zip(STEPS, self.counts, strict=True))
        return total / self.ratings if self.ratings else 0.0

    @property
    def spread(self) -> float:
        """How far ratings lie from one another: their variance."""
        squares = (
            count * (step - self.mean) ** 2 for step, count in zip(STEPS, self.counts, strict=True)
        )
        return sum(squares) / self.ratings if self.ratings else 0.0

    def __add__(self, other: Distribution) -> Distribution:
        counts = tuple(a + b for a, b in zip(self.counts, other.counts, strict=True))
        return Distribution(counts, self.cant_say + other.cant_say)

    def json(self) -> dict[str, Any]:
        """With the mean to two decimals."""
        return {
            "counts": list(self.counts),
            "cant_say": self.cant_say,
            "mean": round(self.mean, 2),
        }


@dataclass(frozen=True, slots=True)
class StatementResult:
    """A statement's distribution; None when too few rated it."""

    id: str
    theme: str
    distribution: Distribution | None


@dataclass(frozen=True, slots=True)
class ThemeResult:
    """The sum over the shown statements of a theme; None when none is shown."""

    id: str
    distribution: Distribution | None


@dataclass(frozen=True, slots=True)
class Results:
    """What is told of a round. `statements`: widest spread first, withheld ones last."""

    answers: int
    released: bool = False
    statements: tuple[StatementResult, ...] = field(default=())
    themes: tuple[ThemeResult, ...] = field(default=())
    comments: tuple[str, ...] = field(default=())

    def json(self) -> dict[str, Any]:
        """As stored for good when a round is closed, and as answered."""
        return {
            "answers": self.answers,
            "released": self.released,
            "statements": [
                {"id": s.id, "theme": s.theme, "distribution": _maybe(s.distribution)}
                for s in self.statements
            ],
            "themes": [{"id": t.id, "distribution": _maybe(t.distribution)} for t in self.themes],
            "comments": list(self.comments),
        }


def results(form: Form, answers: Sequence[Answer], floor: int = FLOOR) -> Results:
    """What may be told of these answers; it does not depend on their order."""
    if len(answers) < floor:
        return Results(len(answers))
    statements = [
        StatementResult(item.id, item.theme, _told(_distribution(item.id, answers), floor))
        for item in form.statements
    ]
    return Results(
        answers=len(answers),
        released=True,
        statements=tuple(sorted(statements, key=_widest_first)),
        themes=tuple(_themes(statements)),
        comments=tuple(sorted(filter(None, (a.comment for a in answers)), key=_shuffled)),
    )


def _distribution(statement: str, answers: Sequence[Answer]) -> Distribution:
    given = [answer.ratings[statement] for answer in answers if statement in answer.ratings]
    return Distribution(tuple(given.count(step) for step in STEPS), given.count(None))


def _told(distribution: Distribution, floor: int) -> Distribution | None:
    return distribution if distribution.ratings >= floor else None


def _widest_first(statement: StatementResult) -> tuple[bool, float]:
    found = statement.distribution
    return (found is None, -found.spread if found else 0.0)


def _themes(statements: Sequence[StatementResult]) -> list[ThemeResult]:
    sums: dict[str, Distribution | None] = {}
    for item in statements:
        sums.setdefault(item.theme, None)
        if item.distribution is not None:
            sums[item.theme] = (sums[item.theme] or Distribution()) + item.distribution
    return [ThemeResult(theme, found) for theme, found in sums.items()]


def _shuffled(comment: str) -> bytes:
    """An order that tells nothing: neither of time nor of the words."""
    return hashlib.sha256(comment.encode()).digest()


def _maybe(distribution: Distribution | None) -> dict[str, Any] | None:
    return None if distribution is None else distribution.json()
