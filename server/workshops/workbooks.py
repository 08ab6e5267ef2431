"""Workbooks as commands need them."""

import asyncio
import pickle

from boards.desk import Desk
from boards.errors import UnknownItem
from boards.workbook.adapted import guided
from boards.workbook.definition import BoardDefinition, Workbook
from boards.workbook.errors import UnknownWorkbook, WorkbookError
from boards.workbook.installed import available, load
from server.children import run_child
from server.errors import InvalidField
from server.exports.turns import Turns
from server.store.packing import pack
from server.workshops.errors import InvalidWorkbook
from server.workshops.workbook_reader import Fault

__all__ = [
    "OWN",
    "OwnWorkbooks",
    "board_definition",
    "find_workbook",
    "own_workbook",
    "workbook_of",
]

OWN = "own/"  # begins the name of a workbook that was brought along, before its workshop's id
KEPT = 256  # own workbooks that are in memory; each is read again when its workshop is asked for
FILE = "workbook.toml"
READ_AT_ONCE = 2
WAITING = 64
READ_SECONDS = 20.0  # waiting for one's turn included

_own: dict[str, Workbook] = {}


def own_workbook(workshop: str) -> str:
    """How the desk names a workbook that was brought along."""
    return OWN + workshop


class OwnWorkbooks:
    """Reads workbooks that were brought along, a few at a time, each in a process of its own."""

    def __init__(self) -> None:
        self._turns = Turns(
            at_once=READ_AT_ONCE, waiting=WAITING, waiting_of_one=WAITING, seconds=READ_SECONDS
        )
        self._reading: dict[str, asyncio.Event] = {}

    async def read(self, workshop: str, source: str, file: str | None = None) -> Workbook:
        """Read the workbook of one workshop and keep it at hand. `file`: its name, for messages.

        Raises InvalidWorkbook, also for one that takes too long to read, and NotDone when it is
        not read in time for what others have to be read.
        """
        name = own_workbook(workshop)
        while name in self._reading and name not in _own:
            await self._reading[name].wait()  # all who come back to a workshop read it once
        found = _own.pop(name, None)
        if found is None:
            done = self._reading[name] = asyncio.Event()
            try:
                found = await self._read(workshop, source, file or FILE)
            finally:
                del self._reading[name]
                done.set()
        _own[name] = found  # the newest last
        while len(_own) > KEPT:
            del _own[next(iter(_own))]
        return found

    async def _read(self, workshop: str, source: str, file: str) -> Workbook:
        slow: Fault = (file, "top level", "toml-time", {})
        async with self._turns.turn(workshop):
            read, fault = await read_elsewhere(source, file) or (None, slow)
        if read is None:
            file, place, rule, values = fault or slow
            raise InvalidWorkbook(WorkbookError(file, place, rule, **values))
        return read


async def read_elsewhere(source: str, file: str) -> tuple[Workbook | None, Fault | None] | None:
    """What workbook_reader answers; None when it was stopped for what it took."""
    asks = pack([part.encode(errors="replace") for part in (file, source)])
    ended = await run_child("server.workshops.workbook_reader", asks)
    # It is our own process that answers, so what it says may be unpickled.
    return pickle.loads(ended.said) if ended.status == 0 else None


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
