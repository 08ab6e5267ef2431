"""Who may see and write which board: pure functions of the desk.

The twin of client `workshop/rights.ts`.

| role        | shared board             | own group's board       | other group's board | desk  |
|-------------|--------------------------|-------------------------|---------------------|-------|
| facilitator | write                    | write                   | write               | read  |
| participant | write, read if locked    | write, read when closed | nothing             | read  |
| observer    | read                     | nothing                 | nothing             | read  |

What participants who may write may do with notes is told apart by `allowed`. A person whom the desk
does not know (any more) may do nothing. Beside seeing and writing stands
delivering (`may_deliver`): for a time, what members wrote before the group work was over, or before
they were moved to another group, is still taken on the group's board when it arrives.
"""

from dataclasses import dataclass

from boards.desk import Breakout, Desk, DeskBoard, Group, Person, Voting
from boards.desk_parts.board_rights import (
    EVERY_BOARD,
    EVERYTHING,
    NOTHING_LOCKED,
    BoardRights,
    LockedParts,
)

__all__ = [
    "LATE_SECONDS",
    "NOTHING",
    "READ",
    "WRITE",
    "Rights",
    "allowed",
    "board_rights",
    "desk_rights",
    "dots",
    "find_board",
    "find_person",
    "locked",
    "may_deliver",
    "rights",
    "voting",
]


LATE_SECONDS = 86_400.0  # how long what members wrote is taken after it was over for them


@dataclass(frozen=True, slots=True)
class Rights:
    """What one person may do on one board."""

    may_see: bool
    may_write: bool


NOTHING = Rights(may_see=False, may_write=False)
READ = Rights(may_see=True, may_write=False)
WRITE = Rights(may_see=True, may_write=True)


def rights(desk: Desk, person: str, board: str) -> Rights:
    """What `person` may do on `board` of this desk; nothing if either is not on it."""
    somebody, place = find_person(desk, person), find_board(desk, board)
    if somebody is None or place is None:
        return NOTHING
    if somebody.role == "facilitator":
        return WRITE
    if place.group is not None:
        return group_rights(desk, somebody, place)
    if somebody.role == "observer" or desk.locks.get(board):
        return READ
    return WRITE


def desk_rights(desk: Desk, person: str) -> Rights:
    """The desk itself: everyone of the workshop reads it, and only the server writes it."""
    return NOTHING if find_person(desk, person) is None else READ


def group_rights(desk: Desk, person: Person, board: DeskBoard) -> Rights:
    """A group's board: for its members, as long as the breakout is open to be written."""
    breakout, group = find_group(desk, board)
    if breakout is None or group is None or person.role != "participant":
        return NOTHING
    if person.id not in group.people:
        return NOTHING
    return WRITE if breakout.state == "open" else READ


def may_deliver(desk: Desk, person: str, board: str, *, now: int, late_seconds: float) -> bool:
    """Whether what `person` wrote on `board` is taken now (ms since the epoch).

    From whoever may write; from a group's members for `late_seconds` after its work was over; from
    who was moved to another group, so long after that.
    """
    if rights(desk, person, board).may_write:
        return True
    somebody, place = find_person(desk, person), find_board(desk, board)
    if somebody is None or place is None or somebody.role != "participant":
        return False
    breakout, group = find_group(desk, place)
    if breakout is None or group is None:
        return False
    over = breakout.closed if person in group.people else group.left.get(person)
    return over is not None and now < over + 1000 * late_seconds


def allowed(desk: Desk, person: str, board: str) -> BoardRights:
    """What `person` may do with notes on `board`, as far as they may write there at all."""
    somebody = find_person(desk, person)
    if somebody is None or somebody.role == "facilitator":
        return EVERYTHING
    return board_rights(desk, board)


def locked(desk: Desk, person: str, board: str) -> LockedParts:
    """The zones and notes of `board` that `person` may not change."""
    somebody = find_person(desk, person)
    if somebody is None or somebody.role == "facilitator":
        return NOTHING_LOCKED
    return desk.locked_parts.get(origin(desk, board)) or NOTHING_LOCKED


def board_rights(desk: Desk, board: str) -> BoardRights:
    """What participants may do with notes on a board; on a group's fork as on its shared board."""
    own = desk.rights.get(origin(desk, board))
    return own or desk.rights.get(EVERY_BOARD) or EVERYTHING


def dots(desk: Desk, person: str, board: str, *, delivers: bool = False) -> int:
    """How many dots `person` may give on `board` in all; 0 while voting is not open there.

    `delivers`: they may deliver there.
    """
    how = voting(desk, board)
    if how is None or not how.open:
        return 0
    return how.dots if delivers or rights(desk, person, board).may_write else 0


def voting(desk: Desk, board: str) -> Voting | None:
    """How a board is voted on; a group's fork as the shared board that it was made from."""
    return desk.votes.get(origin(desk, board))


def origin(desk: Desk, board: str) -> str:
    """The shared board that a group's fork was made from; any other board is its own."""
    place = find_board(desk, board)
    breakout = None if place is None else find_group(desk, place)[0]
    return board if breakout is None else breakout.board


def find_person(desk: Desk, person: str) -> Person | None:
    """The desk's entry of a person."""
    return next((entry for entry in desk.people if entry.id == person), None)


def find_board(desk: Desk, board: str) -> DeskBoard | None:
    """The desk's entry of a board."""
    return next((entry for entry in desk.boards if entry.id == board), None)


def find_group(desk: Desk, board: DeskBoard) -> tuple[Breakout | None, Group | None]:
    """The breakout and the group that a board belongs to."""
    breakout = next((entry for entry in desk.breakouts if entry.id == board.breakout), None)
    groups = () if breakout is None else breakout.groups
    return breakout, next((group for group in groups if group.id == board.group), None)
