"""Workshops made of exports: read in another process, and opened in one commit.

`whole.py` reads the file, with `board.py`, `survey.py` and `ids.py`. Notes that come to a board
from a list are another matter: `bringing.py`, `notes.py`, `tables.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from boards.edits import new_id
from boards.workbook.definition import Workbook
from boards.workbook.installed import load
from server.clock import milliseconds
from server.exports.elsewhere import Costs, Elsewhere
from server.exports.formats.json import WORKSHOP_VERSION
from server.exports.turns import Turns
from server.workshops import records
from server.workshops.errors import ImportFailed, ImportOutdated, InvalidImport
from server.workshops.imports.board import Bounds
from server.workshops.imports.place import EXPECTED
from server.workshops.imports.whole import Fault, Outdated, Plan, Wanted, read_export
from server.workshops.input.desk_patch import NewWorkshop
from server.workshops.members import Desks
from server.workshops.workbooks import own_workbook
from server.workshops.workshops import Created, Opening, Workshops

__all__ = ["IMPORT_BYTES", "Imported", "Imports"]

IMPORT_BYTES = 32 << 20  # of an export; 20,000 notes are a fifth of it
AT_ONCE = 2
WAITING = 8
WAITING_OF_ONE = 2  # address
SECONDS = 60.0  # from the whole body to the answer, waiting for a turn included
COSTS = Costs(
    at_once=AT_ONCE,
    waiting=WAITING,
    waiting_of_one=WAITING_OF_ONE,
    seconds=SECONDS,
    memory=1 << 30,
)
LEFT_OUT = ("people", "authors", "answers", "history", "settings")


@dataclass(frozen=True, slots=True)
class Imported:
    """A workshop that was made of an export; `left_out`: what of the other did not come along."""

    created: Created
    left_out: tuple[str, ...]


class Imports:
    """Makes workshops of exports, few at a time: each may be as large as a workshop."""

    def __init__(self, desks: Desks, workshops: Workshops) -> None:
        self._desks = desks
        self._workshops = workshops
        self._turns = Turns(
            at_once=AT_ONCE,
            waiting=WAITING,
            waiting_of_one=WAITING_OF_ONE,
            seconds=SECONDS,
            failed=ImportFailed,
        )
        self._elsewhere = Elsewhere(COSTS, ImportFailed)

    async def create(
        self, body: bytes, name: str | None, address: str, joining: str = "open"
    ) -> Imported:
        """`body`: the JSON export of a workshop. `name`: of the facilitator, None: the usual one.
        `joining`: as of NewWorkshop.

        All of it, or nothing. Raises InvalidImport, ImportOutdated, InvalidWorkbook, ImportFailed.
        """
        async with self._turns.turn(address):
            return await self._create(body, name, address, joining)

    async def _create(self, body: bytes, name: str | None, address: str, joining: str) -> Imported:
        workshop = new_id()
        plan, workbook = await self._plan(workshop, body, address)
        new = NewWorkshop(
            workbook=plan.workbook if plan.toml is None else own_workbook(workshop),
            title=plan.title,
            language=plan.language,
            name=name,
            joining=joining,
        )
        created = await self._workshops.open(workshop, new, workbook, opening(workshop, plan))
        groups = ("groups",) if plan.breakouts else ()
        return Imported(created, LEFT_OUT + groups)

    async def _plan(self, workshop: str, body: bytes, address: str) -> tuple[Plan, Workbook]:
        """With its workbook. One that was brought along is read as when a workshop is opened."""
        found = await self._read(body, None, address)
        if isinstance(found, Wanted):
            workbook = await self._desks.workbooks.read(workshop, found.toml, found.file)
            found = await self._read(body, workbook, address)
        if isinstance(found, Plan):
            own = await self._desks.workbooks.read(workshop, found.toml) if found.toml else None
            return found, own or load(found.workbook)
        if isinstance(found, Outdated):
            raise ImportOutdated(expected=WORKSHOP_VERSION, got=found.version)
        assert isinstance(found, Fault)
        expected = EXPECTED[found.rule].format(**found.values)
        raise InvalidImport(found.pointer, found.rule, expected, found.values)

    async def _read(
        self, body: bytes, workbook: Workbook | None, address: str
    ) -> Plan | Wanted | Outdated | Fault:
        limits = self._desks.rooms.limits
        bounds = Bounds(
            note_characters=limits.note_characters,
            name_characters=limits.name_characters,
            answer_characters=limits.answer_characters,
            notes=limits.notes,
            board_bytes=limits.board_bytes,
        )
        return await self._elsewhere.run(
            address, read_export, body, workbook, bounds, milliseconds()
        )


def opening(workshop: str, plan: Plan) -> Opening:
    """What the new workshop begins with."""
    desk, puts = dict(plan.desk), []
    if plan.previous is not None:
        desk["previous"] = {name: plan.previous[name] for name in ("workshop", "title")}
        puts.append(records.previous_record(workshop, plan.previous))
    if plan.toml is not None:
        puts.append(records.workbook_record(workshop, plan.toml))
    puts += [
        records.round_record(workshop, each.form, each.number, each.value) for each in plan.rounds
    ]
    return Opening(plan.boards, desk, plan.breakouts, puts)
