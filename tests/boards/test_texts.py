"""What people write is made plain, alike in Python and in the browser (vectors: texts.json)."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boards import texts
from boards.desk import Person, read_desk
from boards.desk_edits import put_person
from boards.document import Document
from boards.texts import folded, is_visible, plain_line, plain_lines, told_apart

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "texts.json").read_text("utf-8")
)


@pytest.mark.parametrize("vector", VECTORS["lines"], ids=lambda v: ascii(v["typed"]))
def test_lines_are_made_plain(vector: dict[str, str]) -> None:
    assert plain_lines(vector["typed"]) == vector["plain"]


@pytest.mark.parametrize("vector", VECTORS["line"], ids=lambda v: ascii(v["typed"]))
def test_a_line_is_made_plain(vector: dict[str, str]) -> None:
    assert plain_line(vector["typed"]) == vector["plain"]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_plain_stays_as_it_is(text: str) -> None:
    assert plain_lines(plain_lines(text)) == plain_lines(text)
    assert plain_line(plain_line(text)) == plain_line(text)
    assert "\n" not in plain_line(text)


def test_what_nobody_can_see_is_no_name() -> None:
    assert [ascii(text) for text in VECTORS["unseen"] if is_visible(text)] == []
    assert [ascii(text) for text in VECTORS["seen"] if not is_visible(text)] == []


@pytest.mark.parametrize("vector", VECTORS["apart"], ids=lambda v: ascii(v["names"]))
def test_people_of_one_name_are_told_apart(vector: dict[str, list[str]]) -> None:
    assert told_apart(vector["names"]) == vector["shown"]


def test_hundreds_of_one_name_are_looked_at_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = []

    def counted(name: str) -> str:
        looked.append(name)
        return folded(name)

    monkeypatch.setattr(texts, "folded", counted)
    names = ["Anna", "anna (7)"] * 250
    assert told_apart(names)[-2:] == ["Anna (251)", "anna (7) (250)"]
    assert looked == names


def test_whoever_came_first_keeps_the_name_alone() -> None:
    document = Document()
    for id, joined in (("zz", 1), ("bb", 3), ("aa", 2)):
        put_person(document, Person(id=id, name="Anna", role="participant", color=0, joined=joined))
    shown = {person.id: person.name for person in read_desk(document).people}
    assert shown == {"zz": "Anna", "aa": "Anna (2)", "bb": "Anna (3)"}
