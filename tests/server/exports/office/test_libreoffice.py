"""What LibreOffice makes of our documents: it opens each, shows every note, computes nothing."""

from __future__ import annotations

import asyncio
import csv
import io
import subprocess
from pathlib import Path

import openpyxl
import pytest

from server.exports import export_board
from server.exports.context import ExportContext
from server.exports.formats.csv import write_csv
from server.exports.plain import plain
from tests.server.exports.day import day
from tests.server.exports.hostile import CORPUS
from tests.server.exports.samples import phenomena

SHOWN = ("docx", "pptx", "xlsx")
OURS = "CSV:59,34,76,1"  # ; between cells, " around texts, UTF-8, from the first line on
AGAIN = "csv:Text - txt - csv (StarCalc):59,34,76,1"
COMPUTED = "f"


def converted(folder: Path, to: str, *files: Path, read_as: str | None = None) -> None:
    """Each file in another format, beside it."""
    filters = [f"--infilter={read_as}"] if read_as else []
    subprocess.run(
        [
            *("soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile"),
            *(*filters, "--convert-to", to, "--outdir", str(folder), *map(str, files)),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )


def shown(pdf: Path) -> str:
    """Its text without spaces, as lines break anywhere."""
    told = subprocess.run(["pdftotext", pdf, "-"], check=True, capture_output=True)
    return "".join(told.stdout.decode().split())


def written(folder: Path, format: str, context: ExportContext) -> Path:
    file = folder / f"{context.board.key}.{format}"
    file.write_bytes(asyncio.run(export_board(format, context)).body)
    return file


@pytest.mark.parametrize("format", SHOWN)
def test_every_note_of_the_day_is_shown(format: str, tmp_path: Path) -> None:
    boards = day("fi")
    files = [written(tmp_path, format, context) for context in boards]
    converted(tmp_path, "pdf", *files)
    for context in boards:
        told = shown(tmp_path / f"{context.board.key}.pdf")
        for note in context.board.notes:  # a page may end within, and another column follow
            assert not [word for word in note.text.split() if word not in told], note.text


def test_hostile_texts_are_read_as_they_stand_and_none_is_computed(tmp_path: Path) -> None:
    context = phenomena("fi", CORPUS)
    (tmp_path / "board.csv").write_bytes(write_csv(context))
    converted(tmp_path, "xlsx", tmp_path / "board.csv", read_as=OURS)
    sheet = openpyxl.load_workbook(tmp_path / "board.xlsx").active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == COMPUTED]
    text = io.StringIO(write_csv(context).decode("utf-8-sig"), newline="")
    rows = list(csv.reader(text, delimiter=";"))
    assert sheet.max_row == len(rows)
    converted(tmp_path / "again", AGAIN, tmp_path / "board.csv", read_as=OURS)
    told = letters((tmp_path / "again" / "board.csv").read_text(encoding="utf-8"))
    for note in context.board.notes:
        if note.text.isdigit():
            continue  # what is all digits a spreadsheet takes for a number
        assert letters(plain(note.text)) in told, note.text[:80]


def letters(text: str) -> str:
    """Without the signs that keep a program from computing, and those that it has of its own."""
    return "".join(filter(str.isalnum, text))
