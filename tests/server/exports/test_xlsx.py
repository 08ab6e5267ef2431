"""Excel workbooks, read by openpyxl: tables with filters, whole, and nothing that computes."""

import io
import re
import zipfile
from datetime import datetime
from typing import Any

import openpyxl
import pytest

from boards.schema import Board, Experiment
from server.exports import export_board
from server.exports.context import ExportContext
from server.exports.formats.xlsx import CELL_UNITS, free_name, heads, parted, write_xlsx
from server.exports.plain import plain
from tests.server.exports.hostile import CORPUS
from tests.server.exports.samples import (
    KINDS,
    TEXTS,
    assessment,
    context_of,
    phenomena,
    plan,
    summary,
)

ACTIVE = re.compile(
    r"<f[ >]|<hyperlink|externalLink|vbaProject|ddeLink|oleObject|<connection|TargetMode"
)


def read(body: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(body))


def parts(body: bytes) -> dict[str, str]:
    """The file's XML by name."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def texts_in(book: Any) -> list[str]:
    """Every text of every cell."""
    return [
        cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_texts_come_through_harmless_and_whole(kind: type) -> None:
    body = write_xlsx(kind("fi", CORPUS))
    for name, xml in parts(body).items():
        assert not ACTIVE.search(re.sub(r"<t[ >].*?</t>", "", xml, flags=re.DOTALL)), name
    book = read(body)
    assert {c.data_type for sheet in book for row in sheet for c in row} <= {"s", "n", "d"}
    told = {read_twice(text) for text in texts_in(book)}
    wanted = [read_twice(plain(text)) for text in CORPUS if plain(text).strip()]
    assert not [text for text in wanted if text not in told]


def read_twice(text: str) -> str:
    """As openpyxl hands out a spelt underscore, which it takes for one more than once."""
    return text.replace("_x005F_", "_")


def test_what_is_too_long_for_a_cell_goes_on_in_the_next_row() -> None:
    text = "😀" * 20_000  # an answer as long as it may be: 40,000 units of UTF-16
    book = read(write_xlsx(summary("fi", [text, "x", "y"])))
    column = [row[-1] for row in book.worksheets[1].iter_rows(values_only=True)]
    assert column[1] + column[2] == text
    assert max(len(str(cell).encode("utf-16-le")) // 2 for cell in column) <= CELL_UNITS
    assert parted("a" * CELL_UNITS + "b") == ("a" * CELL_UNITS, "b")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", TEXTS)
def test_a_sheet_is_a_table_under_a_head_that_stays(kind: type, language: str) -> None:
    book = read(write_xlsx(kind(language)))
    about, *sheets = book.worksheets
    assert about["A1"].value == kind(language).workshop
    assert sheets
    for sheet in sheets:
        assert sheet.freeze_panes == "A2"
        assert sheet.print_title_rows == "$1:$1"
        [table] = sheet.tables.values()
        assert table.autoFilter.ref == table.ref == sheet.dimensions
        assert [c.value for c in sheet[1]] == [c.name for c in table.tableColumns]


def test_numbers_and_days_are_no_texts() -> None:
    fields = {"what": "x", "start": "2026-05-11", "end": "2026-06-18"}
    one = Experiment(id="e", at=1, group=None, fields=fields)
    board = Board(id="b", kind="plan", key="experiments", experiments=(one,))
    sheet = read(write_xlsx(context_of(board, "fi"))).worksheets[1]
    days = dict(zip((c.value for c in sheet[1]), (c.value for c in sheet[2]), strict=True))
    assert (days["Alkaa"], days["Päättyy"]) == (datetime(2026, 5, 11), datetime(2026, 6, 18))
    notes = read(write_xlsx(phenomena("sv"))).worksheets[1]
    assert {type(cell.value) for cell in notes["E"][1:]} == {int}


def test_a_survey_has_a_sheet_of_numbers_and_one_of_words() -> None:
    form = phenomena_form()
    shown = {"counts": [0, 1, 2, 2, 1], "cant_say": 1, "mean": 3.5}
    told = {
        "form": form["id"],
        "round": 1,
        "answers": 7,
        "statements": [{"id": form["statements"][0]["id"], "distribution": shown}],
        "themes": [],
        "comments": ["=1+1"],
    }
    _, results, words, *_ = read(write_xlsx(assessment("en", assessment=(told,)))).worksheets
    assert [cell.value for cell in results[2]][2:] == [0, 1, 2, 2, 1, 1, 3.5]
    assert (words["A2"].value, words["A2"].data_type) == ("=1+1", "s")


def phenomena_form() -> Any:
    return assessment().definition["forms"][0]


def test_nothing_tells_what_is_kept_back() -> None:
    context = phenomena("fi", hides_votes=True)
    assert "Ääniä" not in texts_in(read(write_xlsx(context)))
    assert "Osallistuja 1" not in " ".join(parts(write_xlsx(context)).values())


async def test_equal_boards_give_equal_bytes_whatever_the_hour() -> None:
    async def made(context: ExportContext) -> bytes:
        return (await export_board("xlsx", context)).body

    assert await made(plan("sv")) == await made(plan("sv"))


def test_names_of_sheets_are_such_as_excel_takes() -> None:
    taken: set[str] = set()
    names = [free_name(name, taken) for name in (*CORPUS, "History", "a" * 40, "A" * 40, "'x'")]
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not re.search(r"[\[\]:*?/\\\x00-\x1f]|^'|'$", name)
        assert name.casefold() != "history"


def test_heads_of_columns_are_told_apart() -> None:
    assert list(heads(["a", "A", "", "x\ny", "a"])) == ["a", "A (2)", "3", "x y", "a (5)"]
