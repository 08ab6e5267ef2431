"""What is told of a survey's answers: never one person's, not even by subtraction."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boards.survey import FLOOR, STEPS, Answer, Distribution, answer_from, results
from boards.workbook.definition import Form, Statement

NO_TEXT = {"fi": "", "sv": "", "en": ""}
IDS = ("a", "b", "c", "d")
THEMES = {"a": "one", "b": "one", "c": "two", "d": "three"}
FORM = Form(
    id="team",
    audience="team",
    title=NO_TEXT,
    intro=NO_TEXT,
    statements=tuple(Statement(id=id, theme=THEMES[id], text=NO_TEXT) for id in IDS),
)

ratings = st.dictionaries(st.sampled_from(IDS), st.none() | st.sampled_from(STEPS), min_size=1)
answers = st.builds(Answer, ratings, st.text("äb \n", max_size=4))


def everyone(rating: int, people: int = FLOOR, **more: int | None) -> list[Answer]:
    return [Answer({"a": rating, **more}) for _ in range(people)]


def told(given: list[Answer]) -> dict[str, Any]:
    return results(FORM, given).json()


@given(st.lists(answers, max_size=FLOOR - 1), st.data())
def test_sv1_below_the_floor_nothing_depends_on_an_answer(
    given: list[Answer], data: st.DataObject
) -> None:
    other = data.draw(st.lists(answers, min_size=len(given), max_size=len(given)))
    assert told(given) == told(other)
    assert told(given) == {
        "answers": len(given),
        "released": False,
        "statements": [],
        "themes": [],
        "comments": [],
    }


@given(st.lists(answers, min_size=FLOOR, max_size=12), st.sampled_from(IDS), st.data())
def test_sv2_a_statement_that_few_rated_changes_nothing(
    given: list[Answer], withheld: str, data: st.DataObject
) -> None:
    """However the few rated it: no number told differs, sums of themes included."""

    def rerated() -> list[Answer]:
        few = data.draw(st.lists(st.sampled_from(STEPS), max_size=FLOOR - 1))
        new = [*few, *[None] * (len(given) - len(few))]
        return [
            replace(answer, ratings={**answer.ratings, withheld: rating})
            for answer, rating in zip(given, new, strict=True)
        ]

    assert told(rerated()) == told(rerated())


@given(st.lists(answers, min_size=FLOOR, max_size=12))
def test_sv2_themes_add_up_what_is_shown(given: list[Answer]) -> None:
    found = results(FORM, given)
    for theme in found.themes:
        shown = [s.distribution for s in found.statements if s.theme == theme.id]
        whole = [distribution for distribution in shown if distribution is not None]
        if not whole:
            assert theme.distribution is None
        else:
            assert theme.distribution == sum(whole[1:], whole[0])
            assert theme.distribution.ratings >= FLOOR


@given(st.lists(answers, max_size=12), st.randoms(use_true_random=False))
def test_sv3_the_order_of_answers_is_nowhere(given: list[Answer], random: Any) -> None:
    mixed = random.sample(given, len(given))
    assert told(given) == told(mixed)


def test_sv3_comments_lie_in_no_order_of_theirs() -> None:
    words = [f"huomio {n}" for n in range(20)]
    comments = results(FORM, [Answer({"a": 3}, word) for word in words]).comments
    assert sorted(comments) == sorted(words)
    assert list(comments) not in (words, sorted(words), words[::-1])


def test_a_distribution_counts_each_step_and_who_cannot_say() -> None:
    given = [Answer({"a": rating}) for rating in (1, 2, 2, 5, 5, None)] + [Answer({"b": 1})]
    found = {item.id: item.distribution for item in results(FORM, given).statements}
    assert found["a"] == Distribution((1, 2, 0, 0, 2), cant_say=1)
    assert found["a"].json() == {"counts": [1, 2, 0, 0, 2], "cant_say": 1, "mean": 3.0}
    assert found["b"] is None


def test_the_widest_spread_comes_first_and_what_is_withheld_last() -> None:
    given = [
        Answer({"a": None, "b": 3, "c": 1 + 4 * (n % 2), "d": 3 + n % 2}) for n in range(FLOOR + 1)
    ]
    assert [item.id for item in results(FORM, given).statements] == ["c", "d", "b", "a"]


@pytest.mark.parametrize(("people", "released"), [(FLOOR - 1, False), (FLOOR, True)])
def test_sv1_the_floor_itself_is_enough(people: int, released: bool) -> None:
    assert results(FORM, everyone(4, people)).released is released


def test_empty_comments_are_no_comments() -> None:
    assert results(FORM, everyone(4)).comments == ()


@given(answers)
def test_an_answer_reads_back(answer: Answer) -> None:
    assert answer_from(answer.json()) == answer


def test_nothing_rated_has_no_mean_and_no_spread() -> None:
    assert (Distribution().mean, Distribution().spread) == (0.0, 0.0)
