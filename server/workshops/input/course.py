"""Where the workshop is on its way and when it is planned to be where, as a facilitator sets it."""

from collections.abc import Callable, Mapping
from typing import Any

from boards.desk import Desk, Invitation, Reached
from server.errors import InvalidField
from server.workshops.input import fields

__all__ = ["arrival", "read_invitation", "read_starts"]

FAR_FUTURE = 4_102_444_800_000  # ms; the year 2100
SHORTEST_SECONDS, LONGEST_SECONDS = 1, 600

SharedBoard = Callable[[object, Desk, str], str]


def read_starts(value: object, desk: Desk, shared: SharedBoard) -> dict[str, int]:
    """The times that hold afterwards: those of boards named with one are set, with null removed."""
    if not isinstance(value, Mapping):
        raise InvalidField("starts", expected="an object of board id: ms or null", got=value)
    starts = dict(desk.starts)
    for name, at in value.items():
        board = shared(name, desk, "starts")
        starts.pop(board, None)
        if at is not None:
            starts[board] = fields.whole(at, f"starts.{board}", least=0, most=FAR_FUTURE)
    return starts


def read_invitation(value: object, desk: Desk, shared: SharedBoard, now: int) -> Invitation | None:
    """`{board, seconds}` has everybody go there then; null calls it off. `now`: ms."""
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise InvalidField("invitation", expected="null or {board, seconds}", got=value)
    fields.known_fields(
        {f"invitation.{key}": value[key] for key in value},
        ("invitation.board", "invitation.seconds"),
    )
    seconds = fields.whole(
        value.get("seconds"), "invitation.seconds", least=SHORTEST_SECONDS, most=LONGEST_SECONDS
    )
    board = shared(value.get("board"), desk, "invitation.board")
    return Invitation(board=board, ends=now + 1000 * seconds)


def arrival(desk: Desk, board: str, now: int) -> dict[str, Any]:
    """What changes on the desk as everybody is brought to a board; `now`: ms since the epoch.

    Who brings them to the board at which they are already does not begin its time anew.
    """
    is_there = desk.reached is not None and desk.reached.board == board
    changes: dict[str, Any] = {} if is_there else {"reached": Reached(board=board, at=now)}
    return changes if desk.invitation is None else {**changes, "invitation": None}
