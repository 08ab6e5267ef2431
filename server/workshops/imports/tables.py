"""Files that people bring notes in, read into rows of texts: lists, CSV of any make, Excel.

To be run in another process: a spreadsheet is a zip of XML, and may unpack to far more than it is.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

__all__ = ["Row", "Unreadable", "rows_of_file", "rows_of_text"]

ZIP = b"PK\x03\x04"
UNPACKED_BYTES = 32 << 20  # of all parts of a spreadsheet
MOST_PARTS = 500
MOST_ROWS = 20_000
MOST_COLUMNS = 60
SEPARATORS = ("\t", ";", ",")
BULLET = re.compile(r"^\s*[-*•–·]\s+")
# What our own CSV puts before what a program could take for a formula (exports/formats/csv.py).
GUARD = re.compile(r"(^|[,;\t])'(?=[^\S\n\t]*[=+\-@\t＝＋－＠])", re.MULTILINE)


class Unreadable(Exception):
    """No rows can be read of it: `why` is too-large, spreadsheet or csv."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Row:
    """Cells of one row; `number`: its place in the file, from 1."""

    number: int
    cells: tuple[str, ...]


def rows_of_file(file: bytes, heads: frozenset[str]) -> list[Row]:
    """Rows of a spreadsheet, a table or a list. `heads`: titles that a column of notes can have,
    in small letters. Raises Unreadable."""
    if file.startswith(ZIP):
        return rows_of_spreadsheet(file, heads)
    return rows_of_text(decoded(file), heads)


def decoded(file: bytes) -> str:
    """By its mark, else UTF-8, else what Windows writes in western Europe."""
    if file.startswith((b"\xff\xfe", b"\xfe\xff")):
        return file.decode("utf-16", "replace")
    try:
        return file.decode("utf-8-sig")
    except UnicodeDecodeError:
        return file.decode("cp1252", "replace")


def rows_of_text(text: str, heads: frozenset[str]) -> list[Row]:
    """A table if its head tells of notes; else a list, a line each, whatever separates its words.

    A cell in quotation marks may have lines of its own.
    """
    for separator in SEPARATORS:
        rows = cut(text, separator)
        if rows and has_head(rows[0], heads):
            return [rows[0], *(Row(r.number, tuple(map(unguarded, r.cells))) for r in rows[1:])]
    return [Row(row.number, (listed(row),)) for row in cut(text, "\t")]


def has_head(row: Row, heads: frozenset[str]) -> bool:
    return any(cell.strip().lower() in heads for cell in row.cells)


def listed(row: Row) -> str:
    """A line of a list without its bullet; what stands in further columns comes below."""
    return "\n".join(filter(None, (BULLET.sub("", cell).strip() for cell in row.cells)))


def unguarded(cell: str) -> str:
    return GUARD.sub(r"\1", cell)


def cut(text: str, separator: str) -> list[Row]:
    """Rows with what they hold. Raises Unreadable for more than can be, or a cell without end."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        return bounded(reader)
    except csv.Error as error:
        raise Unreadable("csv") from error


def bounded(rows: Iterator[Sequence[object]]) -> list[Row]:
    found = []
    for number, cells in enumerate(rows, start=1):
        if number > MOST_ROWS or len(cells) > MOST_COLUMNS:
            raise Unreadable("too-large")
        found.append(Row(number, tuple(shown(cell) for cell in cells)))
    return found


def shown(cell: object) -> str:
    """A cell as a text: whole numbers without the point that a spreadsheet keeps."""
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def rows_of_spreadsheet(file: bytes, heads: frozenset[str]) -> list[Row]:
    """Of the first sheet whose head tells of notes, else of the first. Formulas are not computed:
    what was seen of them last is what is read."""
    check_size(file)
    import openpyxl  # most files are none of its

    try:
        book = openpyxl.load_workbook(io.BytesIO(file), read_only=True, data_only=True)
        first: list[Row] | None = None
        for sheet in book.worksheets:
            rows = bounded(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS))
            if rows and has_head(rows[0], heads):
                return rows
            first = rows if first is None else first
    except Unreadable:
        raise
    except Exception as error:  # a file that is not what it says fails anywhere in a reader of it
        raise Unreadable("spreadsheet") from error
    return [Row(row.number, (listed(row),)) for row in first or []]


def check_size(file: bytes) -> None:
    """Before anything is unpacked: a part is never read beyond the size that it says."""
    try:
        with zipfile.ZipFile(io.BytesIO(file)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise Unreadable("spreadsheet") from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNPACKED_BYTES:
        raise Unreadable("too-large")
