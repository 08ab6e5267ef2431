"""CSV, read by Python's csv: a table with one head, whole, and no cell that a program computes."""

import csv
import io
import re
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from boards.schema import Board, Experiment
from server.exports.context import ExportContext
from server.exports.formats.csv import harmless, write_csv
from server.exports.plain import plain
from tests.server.exports.hostile import CORPUS
from tests.server.exports.samples import (
    KINDS,
    TEXTS,
    assessment,
    change,
    context_of,
    definition,
    phenomena,
    plan,
    summary,
)

STARTS = tuple("=+-@\t\r\0＝＋－＠")
texts = st.text(st.sampled_from("=+-@,;\t\n\r \xa0\"'a1＝") | st.characters(), max_size=20)


def read(body: bytes, delimiter: str = ";") -> list[list[str]]:
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def table(context: ExportContext) -> list[dict[str, str]]:
    head, *rows = read(write_csv(context))
    assert {len(row) for row in rows} <= {len(head)}
    return [dict(zip(head, row, strict=True)) for row in rows]


def is_formula(cell: str) -> bool:
    return any(line.lstrip(" \xa0").startswith(STARTS) for line in cell.split("\n"))


@given(texts)
@example("x,=1")
@example(" \xa0=1")
@example("a\n=1")
@example("\t=1")
def test_a_text_is_no_formula_however_it_is_cut(text: str) -> None:
    told = harmless(plain(text))
    for part in re.split("[,;\t]", told):
        assert not is_formula(part.strip("\t"))
    assert told.replace("'", "") == plain(text).replace("'", "")


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_texts_come_through_harmless_and_whole(kind: type) -> None:
    rows = read(write_csv(kind("fi", CORPUS)))
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if is_formula(cell)]
    told = {cell.replace("'", "") for cell in cells}
    lost = [text for text in CORPUS if plain(text).replace("'", "") not in told]
    assert not [text for text in lost if text.strip()]


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_a_reader_of_other_separators_finds_no_formula_either(delimiter: str) -> None:
    rows = read(write_csv(phenomena("en", CORPUS)), delimiter)
    cut = [cell for row in rows for cell in row]
    assert not [cell for cell in cut if cell.lstrip("\"' ").startswith("=") and cell[:1] == "="]


def test_a_row_per_note_tells_where_it_stands() -> None:
    rows = table(phenomena("fi", [f"lappu {n}" for n in range(8)]))
    assert list(rows[0]) == ["Alue", "Teema", "Lappu", "Ryhmä", "Ääniä"]
    assert rows[0] == {
        "Alue": "Mikä työssämme haastaa juuri nyt?",
        "Teema": "Tiedonkulku",
        "Lappu": "lappu 0",
        "Ryhmä": "",
        "Ääniä": "0",
    }
    assert [row["Teema"] for row in rows[2:]] == [""] * 6
    assert {row["Ryhmä"] for row in rows} == {"", "A · Koivut", "B · Kuuset", "C · Männyt"}


def test_columns_without_anything_in_them_are_left_out() -> None:
    hidden = table(phenomena("sv", ["lapp"], groups={}, hides_votes=True))
    assert hidden == [
        {"Område": hidden[0]["Område"], "Tema": "Tiedonkulku", "Lapp": "lapp"},
    ]
    shown = table(phenomena("sv", ["lapp"] * 8, show_authors=True))
    assert {row["Skribent"] for row in shown} >= {"Osallistuja 1", "Osallistuja 8"}


def test_a_cell_of_a_grid_has_its_row_and_column() -> None:
    row = table(change("en"))[0]
    assert (row["Area"], row["Part"]) == ("Megatrends and operating environment", "From")


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("kind", KINDS)
def test_no_two_columns_have_one_name(kind: type, language: str) -> None:
    head, *_ = read(write_csv(kind(language)))
    assert len(head) == len(set(head))


def test_answers_have_their_question_and_group() -> None:
    rows = table(summary("fi"))
    assert [(row["Ryhmä"], bool(row["Vastaus"])) for row in rows[:4]] == [
        ("", True),
        ("A · Koivut", True),
        ("B · Kuuset", True),
        ("", False),  # a question that waits for its answer
    ]


def test_where_tables_are_several_each_row_says_of_which() -> None:
    rows = table(plan("fi"))
    assert [row["Sisältö"] for row in rows] == ["Kokeilut"] * 2 + ["Laput"] * 4
    assert rows[0]["Milloin?"] == "11. toukokuuta 2026 – 18. kesäkuuta 2026"
    assert rows[1]["unknown"]
    assert not rows[2]["Kokeilu"]


def test_days_are_days_and_labels_that_repeat_lose_nothing() -> None:
    fields = {"what": "x", "start": "2026-05-11", "end": "2026-06-18", "a": "one", "b": "two"}
    board = Board(
        id="b",
        kind="plan",
        key="experiments",
        experiments=(Experiment(id="e", at=1, group=None, fields=fields),),
    )
    told = definition("experiments")
    same = [{"id": id, "type": "text", "title": {"fi": "Sama"}} for id in ("a", "b")]
    context = context_of(board, "fi", definition={**told, "fields": [*told["fields"], *same]})
    [row] = table(context)
    assert date.fromisoformat(row["Alkaa"]) == date(2026, 5, 11)
    assert date.fromisoformat(row["Päättyy"]) == date(2026, 6, 18)
    assert (row["Sama"], row["Sama (2)"]) == ("one", "two")


def test_a_mean_has_the_sign_of_its_language() -> None:
    form = definition("assessment")["forms"][0]
    shown = {"counts": [0, 1, 2, 2, 1], "cant_say": 1, "mean": 3.5}
    statement = form["statements"][0]
    told = {
        "form": form["id"],
        "round": 1,
        "answers": 7,
        "statements": [{"id": statement["id"], "distribution": shown}],
        "themes": [{"id": statement["theme"], "distribution": None}],
        "comments": ["=1+1"],
    }
    finnish = table(assessment("fi", assessment=(told,)))
    assert [row["Keskiarvo"] for row in finnish[:2]] == [
        "Alle viisi arviota, joten tulosta ei näytetä.",
        "3,5",
    ]
    assert [row["Omin sanoin"] for row in finnish if row["Omin sanoin"]] == ["'=1+1"]
    english = table(assessment("en", assessment=(told,)))
    assert english[1]["Mean"] == "3.5"


def test_an_empty_board_has_a_head_and_no_row() -> None:
    assert read(write_csv(phenomena("fi", []))) == [["Sisältö"]]
