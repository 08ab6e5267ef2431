"""Results of surveys in an export, read into the records that rounds leave behind."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from boards.survey import (
    COMMENT_CHARACTERS,
    FLOOR,
    STEPS,
    Distribution,
    Results,
    StatementResult,
    ThemeResult,
)
from boards.workbook.definition import Form
from server.workshops.imports.place import Place
from server.workshops.surveys.surveys import MAX_ROUNDS

__all__ = ["Round", "read_rounds"]

MOST_ANSWERS = 100_000  # of a round


@dataclass(frozen=True, slots=True)
class Round:
    """A round that is over, and its record's value."""

    form: str
    number: int
    value: Mapping[str, Any]


def read_rounds(place: Place, forms: Mapping[str, Form]) -> tuple[Round, ...]:
    """`assessment` of a board; rounds whose results were not told are not in it."""
    found: dict[tuple[str, int], Round] = {}
    for each in place.list(MAX_ROUNDS * max(1, len(forms))):
        form, number = each.at("form").choice(forms), each.at("round").whole(1, MAX_ROUNDS)
        if (form, number) in found:
            each.at("round").fail("once")
        results = read_results(each, forms[form])
        told = "asked" in each.object()
        asked = each.at("asked").whole(0, MOST_ANSWERS) if told else results.answers
        value = {"state": "closed", "results": results.json()}
        counts = {"asked": asked, "added": 0, "left_out": 0}
        found[form, number] = Round(form, number, {**value, **counts})
    return tuple(found.values())


def read_results(place: Place, form: Form) -> Results:
    themes = {statement.id: statement.theme for statement in form.statements}
    answers = place.at("answers").whole(FLOOR, MOST_ANSWERS)
    return Results(
        answers=answers,
        released=True,
        statements=tuple(
            StatementResult(id, themes[id], told)
            for id, told in read_distributions(place.at("statements"), themes)
        ),
        themes=tuple(
            ThemeResult(id, told)
            for id, told in read_distributions(place.at("themes"), set(themes.values()))
        ),
        comments=tuple(
            each.text(COMMENT_CHARACTERS) for each in place.at("comments").list(answers)
        ),
    )


def read_distributions(
    place: Place, known: Collection[str]
) -> list[tuple[str, Distribution | None]]:
    """By statement or theme, each once."""
    found: dict[str, Distribution | None] = {}
    for each in place.list(len(known)):
        id = each.at("id").choice(sorted(known))
        if id in found:
            each.at("id").fail("once")
        found[id] = read_distribution(each.at("distribution"))
    return list(found.items())


def read_distribution(place: Place) -> Distribution | None:
    if place.value is None:
        return None
    counts = place.at("counts")
    steps = counts.list(len(STEPS))
    if len(steps) != len(STEPS):
        counts.fail("list", most=len(STEPS), got=len(steps))
    read = tuple(step.whole(0, 100 * MOST_ANSWERS) for step in steps)
    return Distribution(read, place.at("cant_say").whole(0, 100 * MOST_ANSWERS))
