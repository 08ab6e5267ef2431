"""Boards as an Excel workbook: a sheet per kind of content, each a table with filters and its head
in sight. What people wrote is always text: no formula, no link, no macro.

Written by XlsxWriter, whose defaults would make formulas and links of texts (its `write`); here
each cell is written by its type. Source of limits: Microsoft, "Excel specifications and limits".
"""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

import xlsxwriter

from server.exports.context import ExportContext
from server.exports.plain import plain
from server.exports.view.build import view_of
from server.exports.view.model import View
from server.exports.view.tables import Cell, Table, tables_of
from server.i18n import t

__all__ = ["write_whole_xlsx", "write_xlsx"]

CELL_UNITS = 32_767  # UTF-16 code units that a cell holds
NAME_UNITS = 31  # of a sheet's name
NO_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")
NARROWEST, WIDEST = 10, 60  # columns, in characters
FILTER = 4  # characters' room that a head leaves to its filter
LINE, TALLEST = 15, 400  # points; a row may be 409 tall
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
FONT = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
HEAD = {"bold": True, "bg_color": "#1f5f5b", "font_color": "#ffffff", "text_wrap": True}
LINED = FONT | {"bottom": 1, "bottom_color": "#d9d4cc"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table and what its sheet is called."""

    name: str
    table: Table


def write_xlsx(context: ExportContext) -> bytes:
    """One board."""
    view = view_of(context)
    sheets = [Sheet(table.title, table) for table in tables_of(context, view)]
    return workbook([(context, view)], sheets)


def write_whole_xlsx(contexts: Sequence[ExportContext]) -> bytes:
    """All boards of a workshop: a sheet each, and one more for each further kind of content."""
    boards = [(context, view_of(context)) for context in contexts]
    return workbook(boards, [sheet for board in boards for sheet in sheets_of(*board)])


def sheets_of(context: ExportContext, view: View) -> Iterator[Sheet]:
    """The sheets of one board of many, called after it."""
    for number, table in enumerate(tables_of(context, view)):
        kind = f" – {table.title}" if number else ""
        yield Sheet(shortened(view.board, NAME_UNITS - len(kind)) + kind, table)


def workbook(boards: Sequence[tuple[ExportContext, View]], sheets: Iterable[Sheet]) -> bytes:
    """The file: what it is about, and then its sheets. All boards are of one workshop."""
    context, _ = boards[0]
    body = io.BytesIO()
    book = xlsxwriter.Workbook(body, OPTIONS)
    book.set_properties(
        {
            "title": plain(context.workshop),
            "author": "Hahmo",
            "created": context.exported_at.astimezone(UTC).replace(tzinfo=None),
        }
    )
    writer = Writer(book, context.language)
    writer.about(boards)
    for sheet in sheets:
        writer.sheet(sheet)
    book.close()
    return body.getvalue()


class Writer:
    """Writes sheets into one workbook."""

    def __init__(self, book: Any, language: str) -> None:
        self.book = book
        self.language = language
        self.names: set[str] = set()
        self.formats = {
            "head": book.add_format(FONT | HEAD),
            "title": book.add_format(FONT | {"bold": True, "font_size": 18}),
            "label": book.add_format(FONT | {"bold": True}),
            "plain": book.add_format(FONT),
            "text": book.add_format(LINED | {"text_wrap": True, "num_format": "@"}),
            "number": book.add_format(LINED),
            "date": book.add_format(LINED | {"num_format": "d.m.yyyy", "align": "left"}),
        }

    def about(self, boards: Sequence[tuple[ExportContext, View]]) -> None:
        """The first sheet: workshop, day, and of each board how much there is of what."""
        _, view = boards[0]
        sheet = self.add(t(self.language, "export.about"))
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 70)
        sheet.set_row(0, 2 * LINE)
        self.text(sheet, 0, 0, view.workshop, "title")
        self.text(sheet, 1, 0, view.date, "plain")
        for row, (_, each) in enumerate(boards, start=3):
            name = " · ".join(filter(None, (each.board, each.subtitle)))
            facts = ", ".join(f"{n} {word}" for n, word in each.facts)
            self.text(sheet, row, 0, name, "label")
            self.text(sheet, row, 1, facts, "plain")
        sheet.hide_gridlines(2)

    def add(self, name: str) -> Any:
        """A sheet of a name that is free, ready to be printed."""
        sheet = self.book.add_worksheet(free_name(name, self.names))
        sheet.set_paper(9)  # A4
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")
        return sheet

    def sheet(self, one: Sheet) -> None:
        """A table with filters under a head that stays in sight and is on every printed page."""
        sheet, table = self.add(one.name), one.table
        rows, titles = list(whole_rows(table.rows)), list(heads(table.columns))
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        widths = [width_of(title, [row[n] for row in rows]) for n, title in enumerate(titles)]
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        for number, row in enumerate(rows, start=1):
            sheet.set_row(number, height_of(row, widths))
            for column in range(len(row)):
                self.cell(sheet, number, column, row[column])
        sheet.add_table(
            0,
            0,
            max(len(rows), 1),
            len(titles) - 1,
            {
                "style": "",
                "columns": [
                    {"header": title, "header_format": self.formats["head"]} for title in titles
                ],
            },
        )

    def cell(self, sheet: Any, row: int, column: int, cell: Cell) -> None:
        if isinstance(cell, date):
            sheet.write_datetime(row, column, cell, self.formats["date"])
        elif isinstance(cell, int | float):
            sheet.write_number(row, column, cell, self.formats["number"])
        elif cell:
            self.text(sheet, row, column, cell, "text")
        else:
            sheet.write_blank(row, column, None, self.formats["text"])

    def text(self, sheet: Any, row: int, column: int, text: str, format: str) -> None:
        """A text, whatever it looks like; at most CELL_UNITS of it."""
        shown, _ = parted(plain(text))
        sheet.write_string(row, column, shown, self.formats[format])


def whole_rows(rows: Iterable[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    """The rows; what is too long for a cell goes on in the next row, so that nothing is lost."""
    for row in rows:
        rest: Sequence[Cell] = row
        while any(rest):
            parts = [parted(plain(c)) if isinstance(c, str) else (c, "") for c in rest]
            yield [first for first, _ in parts]
            rest = [after for _, after in parts]


def parted(text: str) -> tuple[str, str]:
    """What a cell holds of a text, and the rest of it."""
    most = CELL_UNITS
    if len(text) * 2 <= most or len(text.encode("utf-16-le")) <= most * 2:
        return text, ""
    kept = text.encode("utf-16-le")[: most * 2].decode("utf-16-le", "ignore")
    return kept, text[len(kept) :]


def width_of(title: str, cells: Iterable[Cell]) -> int:
    """Of a column, in characters: as wide as its longest line, within reason."""
    lines = (line for cell in cells for line in str(cell or "").split("\n"))
    longest = max((*map(len, lines), len(title) + FILTER))
    return min(max(longest + 1, NARROWEST), WIDEST)


def height_of(row: Sequence[Cell], widths: Sequence[int]) -> int:
    """Of a row, in points. Excel would find out by itself; LibreOffice does not."""
    lines = (
        sum(1 + len(line) // width for line in str(cell or "").split("\n"))
        for cell, width in zip(row, widths, strict=True)
    )
    return min(max(lines) * LINE + 3, TALLEST)


def heads(titles: Iterable[str]) -> Iterator[str]:
    """Titles of columns as a table may have them: one line, and no two alike."""
    known: set[str] = set()
    for number, title in enumerate(titles, start=1):
        head = parted(" ".join(plain(title).split()))[0][:255] or str(number)
        while head.casefold() in known:
            head = f"{head[:240]} ({number})"
        known.add(head.casefold())
        yield head


def free_name(name: str, taken: set[str]) -> str:
    """A name that a sheet may have and none has yet; it is taken from now on."""
    plain_name = " ".join(NO_NAME.sub(" ", plain(name)).split()).strip("' ") or "–"
    number, found = 1, shortened(plain_name, NAME_UNITS)
    while found.casefold() in taken or found.casefold() == "history":
        number += 1
        ending = f" {number}"
        found = shortened(plain_name, NAME_UNITS - len(ending)) + ending
    taken.add(found.casefold())
    return found


def shortened(text: str, units: int) -> str:
    """At most so many UTF-16 code units of a text."""
    kept = text.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore")
    return kept.strip("' ")
