"""A workbook as a facilitator adapts it: what is told changes, everything else stays."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boards.workbook.adapted import guided, prompt_ids, shaped
from boards.workbook.definition import Workbook
from boards.workbook.installed import load

VALOA = load("valoa")


def test_nothing_told_changes_nothing() -> None:
    assert guided(VALOA, {}) == VALOA
    unknown = {"stages": [{"id": "gone", "hidden": True}], "boards": {"gone": {"hidden": True}}}
    assert guided(VALOA, unknown) == VALOA


def test_stages_are_put_in_order_renamed_timed_and_left_out() -> None:
    told = {"id": "experiment", "title": {"fi": "Iltapäivä"}, "minutes": [30, 45], "hidden": True}
    found = guided(VALOA, {"stages": [told]}).stages
    assert [stage.id for stage in found] == ["experiment", "pause", "assess"]
    assert dict(found[0].title) == {"fi": "Iltapäivä", "sv": "Pröva", "en": "Experiment"}
    assert (found[0].minutes, found[0].hidden) == ((30, 45), True)
    assert found[1] == VALOA.stages[0]


@pytest.mark.parametrize(
    ("key", "part", "item"),
    [
        ("phenomena", "zones", "challenges"),
        ("change", "columns", "from"),
        ("experiments", "fields", "why"),
    ],
)
def test_prompts_are_told_anew(key: str, part: str, item: str) -> None:
    told = {"prompts": {item: {"sv": "Tänk på kunderna"}}, "minutes": [5, 6], "hidden": True}
    board = guided(VALOA, {"boards": {key: told}}).board(key)
    assert item in prompt_ids(board)
    parts: list[Any] = [found for found in getattr(board, part) if found.id == item]
    before: list[Any] = [found for found in getattr(VALOA.board(key), part) if found.id == item]
    assert parts[0].prompt == {**before[0].prompt, "sv": "Tänk på kunderna"}
    assert (board.minutes, board.hidden) == ((5, 6), True)


def test_a_rows_questions_are_lines_and_a_question_is_itself() -> None:
    told: dict[str, Any] = {"change": {"prompts": {"tools": {"fi": "Mitä?\nMillä?\nMiksi?"}}}}
    told["synthesis"] = {"prompts": {VALOA.board("synthesis").questions[0].id: {"en": "Which?"}}}
    found = guided(VALOA, {"boards": told})
    row = next(row for row in found.board("change").rows if row.id == "tools")
    before = next(row for row in VALOA.board("change").rows if row.id == "tools")
    assert [text["fi"] for text in row.questions][:3] == ["Mitä?", "Millä?", "Miksi?"]
    assert [text["sv"] for text in row.questions if text["sv"]] == [
        text["sv"] for text in before.questions
    ]
    assert found.board("synthesis").questions[0].text["en"] == "Which?"


def test_principles_are_lines_and_languages_not_told_keep_theirs() -> None:
    before = VALOA.board("phenomena")
    told = {"principles": {"fi": "Sanotaan suoraan\nKuunnellaan"}, "title": {"fi": "Havainnot"}}
    board = guided(VALOA, {"boards": {"phenomena": told}}).board("phenomena")
    assert dict(board.title) == {**before.title, "fi": "Havainnot"}
    said = [text["fi"] for text in board.principles if text["fi"]]
    assert said == ["Sanotaan suoraan", "Kuunnellaan"]
    assert [text["sv"] for text in board.principles] == [text["sv"] for text in before.principles]
    none = {"principles": dict.fromkeys(VALOA.languages, "")}
    assert guided(VALOA, {"boards": {"phenomena": none}}).board("phenomena").principles == ()


def test_boards_of_a_stage_are_put_in_order() -> None:
    told = {"id": "pause", "boards": ["change", "gone", "experiments", "phenomena"]}
    [pause, *_] = guided(VALOA, {"stages": [told]}).stages
    before = VALOA.stages[0].boards
    rest = [key for key in before if key not in ("change", "phenomena")]
    assert pause.boards == ("change", "phenomena", *rest)


def test_only_what_is_left_out_says_so() -> None:
    def marks(workbook: Workbook) -> list[str]:
        told = workbook.json()
        return [
            part.get("key", part.get("id", ""))
            for part in (*told["stages"], *told["boards"])
            if part.get("hidden")
        ]

    assert marks(VALOA) == []
    left_out = {
        "stages": [{"id": "assess", "hidden": True}],
        "boards": {"change": {"hidden": True}},
    }
    assert marks(guided(VALOA, left_out)) == ["assess", "change"]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=4,
)


def anything_like(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An object of these fields, each out of shape or missing at will; or no object at all."""
    found = {name: ANYTHING | value for name, value in fields.items()}
    return ANYTHING | st.fixed_dictionaries({}, optional=found)


TEXTS = anything_like(fi=st.text(), en=st.text())
COMMON: dict[str, Any] = {
    "hidden": st.booleans(),
    "title": TEXTS,
    "minutes": st.lists(st.integers(1, 99) | ANYTHING, max_size=3),
}
STAGES = st.lists(
    anything_like(id=st.just("assess"), boards=st.lists(ANYTHING | st.just("change")), **COMMON)
)
BOARDS = anything_like(
    **{
        key: anything_like(
            principles=TEXTS,
            prompts=anything_like(tools=TEXTS, challenges=TEXTS, why=TEXTS),
            **COMMON,
        )
        for key in ("phenomena", "change", "experiments")
    }
)


@given(anything_like(stages=STAGES, boards=BOARDS))
def test_whatever_stands_in_it_the_workbook_is_one(guidance: Any) -> None:
    """A desk of another version, or of a bad day, closes no workshop."""
    found = guided(VALOA, guidance)
    assert {stage.id for stage in found.stages} == {stage.id for stage in VALOA.stages}
    assert [board.key for board in found.boards] == [board.key for board in VALOA.boards]
    parts: list[Any] = [*found.stages, *found.boards]
    for part in parts:
        assert isinstance(part.hidden, bool)
        assert all(isinstance(minutes, int) for minutes in part.minutes)
        assert all(isinstance(text, str) for text in part.title.values())
    assert found.json()
    assert shaped(shaped(guidance)) == shaped(guidance)


def test_what_is_in_shape_is_followed_beside_what_is_not() -> None:
    stages = [7, {"hidden": True}, {"id": "assess", "minutes": [45.0, 60], "title": ["no"]}]
    change = {"hidden": "no", "title": {"fi": 7, "en": "Map"}, "prompts": {"tools": None}}
    found = guided(VALOA, {"stages": stages, "boards": {"change": change, "phenomena": 7}})
    assert (found.stages[0].id, found.stages[0].minutes) == ("assess", (45, 60))
    assert found.stages[0].title == VALOA.stages[1].title
    before = VALOA.board("change")
    assert found.board("change").title == {**before.title, "en": "Map"}
    assert (found.board("change").hidden, found.board("change").rows) == (False, before.rows)
    assert found.board("phenomena") == VALOA.board("phenomena")
