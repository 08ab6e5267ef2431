"""Installed workbooks: what a team works through, as data. Files: `data/*.toml`.

An organisation's own file goes through `read_workbook` and gets the same precise messages.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from boards.workbook.definition import BoardDefinition, Workbook
from boards.workbook.errors import UnknownWorkbook
from boards.workbook.file import read_workbook

__all__ = ["BoardDefinition", "Workbook", "available", "load", "read_workbook"]


def available() -> tuple[str, ...]:
    """Ids of the installed workbooks."""
    names = (entry.name for entry in files("boards.workbook").joinpath("data").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@cache
def load(workbook: str) -> Workbook:
    """An installed workbook by id. Raises UnknownWorkbook, or WorkbookError if it is broken."""
    file = f"{workbook}.toml"
    if workbook not in available():
        raise UnknownWorkbook(file, "id", "installed", known=", ".join(available()))
    entry = files("boards.workbook").joinpath("data").joinpath(file)
    return read_workbook(entry.read_text("utf-8"), file)
