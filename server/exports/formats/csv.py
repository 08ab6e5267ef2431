"""A board as CSV for spreadsheets and statistics: one table, one head, and no cell that computes.

UTF-8 with a byte order mark, semicolons, every cell quoted, lines ending in CR LF: what Excel opens
by itself in Finland and Sweden. Source of what a cell may not begin with: OWASP ASVS 5.0, 1.2.10.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date

from server.exports.context import ExportContext
from server.exports.plain import plain
from server.exports.view.build import view_of
from server.exports.view.tables import Cell, Table, tables_of
from server.i18n import t

__all__ = ["write_csv"]

SEPARATOR = ";"
# Where a program may see a formula: at the start of a cell or of a line in it, and behind what a
# reader that takes another sign for the separator would cut at.
FORMULA = re.compile(r"(^(?=[^\S\n\t]*[=+\-@\t＝＋－＠])|[,;\t](?=[=+\-@＝＋－＠]))", re.MULTILINE)


def write_csv(context: ExportContext) -> bytes:
    """All tables of the board under one head; where there are several, each row says of which."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=SEPARATOR, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    language = context.language
    for row in as_one(tables_of(context, view_of(context)), t(language, "export.content")):
        writer.writerow([cell_text(cell, language) for cell in row])
    return written.getvalue().encode("utf-8-sig")


def as_one(tables: Sequence[Table], content: str) -> Iterator[Sequence[Cell]]:
    """The head and the rows of all tables. `content`: the column of what a row is."""
    if len(tables) == 1:
        yield tables[0].columns
        yield from tables[0].rows
        return
    columns = tuple(dict.fromkeys(column for table in tables for column in table.columns))
    yield (content, *columns)
    for table in tables:
        for row in table.rows:
            cells = dict(zip(table.columns, row, strict=True))
            yield (table.title, *(cells.get(column) for column in columns))


def cell_text(cell: Cell, language: str) -> str:
    """A cell's text; numbers and days as a spreadsheet of that language reads them."""
    if isinstance(cell, str):
        return harmless(plain(cell))
    if isinstance(cell, float):
        return f"{cell:.1f}" if language == "en" else f"{cell:.1f}".replace(".", ",")
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe stands before what could be."""
    return FORMULA.sub(r"\1'", text)
