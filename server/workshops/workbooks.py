"""Workbooks as commands need them."""

from boards.definition import BoardDefinition, Workbook
from boards.desk import Desk
from boards.errors import UnknownItem, UnknownWorkbook, WorkbookError
from boards.guidance import guided
from boards.workbook import available, load, read_workbook
from server.errors import InvalidField, InvalidWorkbook

__all__ = [
    "OWN",
    "board_definition",
    "find_workbook",
    "own_workbook",
    "read_own",
    "workbook_of",
]

OWN = "own/"  # begins the name of a workbook that was brought along, before its workshop's id
KEPT = 256  # own workbooks that are in memory; each is read again when its workshop is asked for
FILE = "workbook.toml"

_own: dict[str, Workbook] = {}


def own_workbook(workshop: str) -> str:
    """How the desk names a workbook that was brought along."""
    return OWN + workshop


def read_own(workshop: str, source: str, file: str | None = None) -> Workbook:
    """Read the workbook of one workshop and keep it at hand. `file`: its name, for messages.

    Raises InvalidWorkbook.
    """
    name = own_workbook(workshop)
    found = _own.pop(name, None)
    if found is None:
        try:
            found = read_workbook(source, file or FILE)
        except WorkbookError as error:
            raise InvalidWorkbook(error) from error
    _own[name] = found  # the newest last
    while len(_own) > KEPT:
        del _own[next(iter(_own))]
    return found


def workbook_of(desk: Desk) -> Workbook:
    """The workbook of a workshop as its facilitator has adapted it."""
    return guided(find_workbook(desk.workbook), desk.guidance)


def find_workbook(workbook: str) -> Workbook:
    """A workbook by the desk's name for it. Raises InvalidField naming the installed ones."""
    if workbook in _own:
        return _own[workbook]
    try:
        return load(workbook)
    except UnknownWorkbook as error:
        expected = "one of " + ", ".join(available())
        raise InvalidField("workbook", expected=expected, got=workbook) from error


def board_definition(workbook: str, key: str) -> BoardDefinition | None:
    """A board as its workbook describes it; None when it does not (any more)."""
    try:
        return find_workbook(workbook).board(key)
    except (UnknownItem, InvalidField):
        return None
