"""The course of the day as it stands on the desk: where everybody is, and where they go next."""

from dataclasses import dataclass

from boards.desk_parts.values import Id, Time, dict_of, text_of
from boards.schema import is_number, whole

__all__ = ["Invitation", "Reached", "read_invitation", "read_reached", "read_starts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """The board that everybody was brought to last, and since when. `at`: ms since the epoch."""

    board: Id
    at: Time


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Everybody goes on to a board when the time has come. `ends`: ms since the epoch."""

    board: Id
    ends: Time


def read_reached(value: object) -> Reached | None:
    told = dict_of(value)
    board = text_of(told.get("board"))
    if not board or not is_number(told.get("at")):
        return None
    return Reached(board=board, at=whole(told["at"]))


def read_invitation(value: object) -> Invitation | None:
    told = dict_of(value)
    board = text_of(told.get("board"))
    if not board or not is_number(told.get("ends")):
        return None
    return Invitation(board=board, ends=whole(told["ends"]))


def read_starts(value: object) -> dict[str, int]:
    return {board: whole(at) for board, at in dict_of(value).items() if is_number(at)}
