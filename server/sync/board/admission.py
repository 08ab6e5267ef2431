"""Whether an edit hangs where things of its kind do (rule IN18), before the document has it.

What was admitted can be taken back, until the next edits begin: of what the document then refused,
nothing may be remembered.
"""

from server.sync.board.board_state import BoardState
from server.sync.board.edit import Edit
from server.sync.inspection.places import Places
from server.sync.inspection.report import TYPE, StructureRefused

__all__ = ["Admission"]

KIND = 0x1F  # bits of a struct's info byte


class Admission:
    """The door of one board: what comes in is compared with where everything hangs.

    `places` stays when the board is loaded again: what is in it was taken.
    """

    def __init__(self, places: Places, state: BoardState) -> None:
        self._places = places
        self._state = state
        self._admitted: list[Edit] = []  # that it may have to take back

    def begin(self) -> None:
        """What is admitted from now on can be taken back; what was before stays."""
        self._places.begin()
        self._admitted = []

    def admit(self, edit: Edit) -> None:
        """Raises StructureRefused for what hangs where nothing of its kind does."""
        self._take_place(edit)
        self._admitted.append(edit)

    def may_admit(self, edit: Edit) -> bool:
        """The same, and whether it was admitted."""
        try:
            self.admit(edit)
        except StructureRefused:
            return False
        return True

    def take_back(self) -> None:
        """Nothing of what was admitted since `begin` got in."""
        firsts: dict[int, int] = {}
        for edit in self._admitted:
            for client, (clock, _) in edit.inspection.ranges.items():
                firsts.setdefault(client, clock)
        self._places.take_back(firsts)

    def note_own(self, update: bytes) -> None:
        """An update of the server's own, which is in."""
        if self._places.filled:
            self._places.note([update])

    def _take_place(self, edit: Edit) -> None:
        update, inspection = edit
        if inspection.follows and self._places.follows(next(iter(inspection.ranges))):
            return None
        sole, clocks = inspection.sole, self._state.clocks
        if inspection.structs == 1 and sole is not None and sole[0] & KIND != TYPE:
            [(client, (clock, _))] = inspection.ranges.items()
            if clock == clocks.get(client, 0):
                return self._places.admit_sole(client, clock, sole, sole[0] & KIND)
        if inspection.ranges:
            self._places.admit(update, clocks)
        return None
