"""A workbook as a facilitator adapts it: what is told changes, everything else stays."""

from typing import Any

import pytest

from boards.workbook.adapted import guided, prompt_ids
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
