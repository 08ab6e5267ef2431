"""A workbook written as a file is read again as the same workbook."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from boards.workbook.adapted import guided, prompt_ids
from boards.workbook.definition import Workbook
from boards.workbook.installed import load, read_workbook
from boards.workbook.written import fit_for_file, write_workbook

VALOA = load("valoa")


def again(workbook: Workbook) -> Workbook:
    return read_workbook(write_workbook(workbook), "again.toml")


def test_the_installed_one_is_the_same() -> None:
    assert fit_for_file(VALOA) == VALOA
    assert again(VALOA) == VALOA


WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60).filter(str.strip)
TEXT = st.dictionaries(st.sampled_from(VALOA.languages), WORDS)
LINES = st.dictionaries(
    st.sampled_from(VALOA.languages), st.lists(WORDS, max_size=3).map("\n".join)
)
COMMON = {
    "hidden": st.booleans(),
    "title": TEXT,
    "minutes": st.tuples(st.integers(0, 3000), st.integers(0, 3000)).map(sorted),
}


def board(key: str) -> st.SearchStrategy[Any]:
    prompts = st.dictionaries(st.sampled_from(prompt_ids(VALOA.board(key))), TEXT)
    return st.fixed_dictionaries({}, optional={**COMMON, "principles": LINES, "prompts": prompts})


KEYS = [board.key for board in VALOA.boards]
STAGES = st.sampled_from([stage.id for stage in VALOA.stages]).flatmap(
    lambda id: st.fixed_dictionaries({"id": st.just(id)}, optional=COMMON)
)
GUIDANCE = st.fixed_dictionaries(
    {
        "stages": st.lists(STAGES, max_size=2),
        "boards": st.fixed_dictionaries({}, optional={key: board(key) for key in KEYS}),
    }
)


@given(GUIDANCE)
def test_whatever_a_workshop_changed_of_it_comes_along(guidance: dict[str, Any]) -> None:
    workbook = guided(VALOA, guidance)
    found = again(workbook)
    assert found == fit_for_file(workbook)
    assert [s.hidden for s in found.stages] == [s.hidden for s in workbook.stages]
    assert again(found) == found


def test_what_a_file_cannot_say_is_put_right() -> None:
    told = {"minutes": [0, 3000], "principles": {"fi": "Yksi\n\nKolme", "sv": "Ett", "en": ""}}
    found = again(guided(VALOA, {"boards": {"phenomena": told}})).board("phenomena")
    assert found.minutes == (1, 1440)
    assert [dict(text) for text in found.principles] == [
        {"fi": "Yksi", "sv": "Ett", "en": "Yksi"},
        {"fi": "Kolme", "sv": "Kolme", "en": "Kolme"},
    ]


def test_what_a_file_leaves_out_a_workshop_can_take_in() -> None:
    told = {"stages": [{"id": "assess", "hidden": True}], "boards": {"change": {"hidden": True}}}
    left = again(guided(VALOA, told))
    assert guided(left, {}) == left
    back = {"stages": [{"id": "assess", "hidden": False}], "boards": {"change": {"hidden": False}}}
    found = guided(left, back)
    assert not any(stage.hidden for stage in found.stages)
    assert not any(board.hidden for board in found.boards)
