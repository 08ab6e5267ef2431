"""Workbooks as commands need them."""

from boards.definition import BoardDefinition, Workbook
from boards.errors import UnknownItem, UnknownWorkbook
from boards.workbook import available, load
from server.errors import InvalidField

__all__ = ["board_definition", "find_workbook"]


def find_workbook(workbook: str) -> Workbook:
    """An installed workbook. Raises InvalidField naming those that there are."""
    try:
        return load(workbook)
    except UnknownWorkbook as error:
        expected = "one of " + ", ".join(available())
        raise InvalidField("workbook", expected=expected, got=workbook) from error


def board_definition(workbook: str, key: str) -> BoardDefinition | None:
    """A board as its workbook describes it; None when it does not (any more)."""
    try:
        return load(workbook).board(key)
    except (UnknownItem, UnknownWorkbook):
        return None
