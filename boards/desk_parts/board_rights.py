"""What participants may do with the notes of a board, as it stands on the desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from boards.desk_parts.values import dict_of, list_of
from boards.schema import is_number, whole

__all__ = [
    "EVERYTHING",
    "EVERY_BOARD",
    "MOST_NOTES",
    "SCOPES",
    "NOTHING_LOCKED",
    "BoardRights",
    "LockedParts",
    "Scope",
    "read_locked_parts",
    "read_rights",
]

Scope = Literal["all", "own", "none"]
SCOPES: tuple[Scope, ...] = get_args(Scope)

EVERY_BOARD = "*"  # in the place of a board's id: those that have no rights of their own
MOST_NOTES = 200  # that may be set as the most notes of one person on a board


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRights:
    """Whose notes participants may change here. Facilitators are not bound by it.

    `add`: whether they make notes; who may may also write them, so `edit` is not none then. `most`:
    notes that one person may have on the board, 1–200; None: as many as they like. Themes are
    everybody's: what is done with one needs `move` to be all. `anonymous`: nobody is told who
    participants are on the board, and no note says who wrote it.
    """

    add: bool = True
    edit: Scope = "all"
    move: Scope = "all"
    delete: Scope = "all"
    most: Annotated[int, ("minimum", 1), ("maximum", MOST_NOTES)] | None = None
    anonymous: bool = False

    def or_as(self, other: BoardRights) -> BoardRights:
        """What one of the two allows; who is hidden is the other's word."""
        return BoardRights(
            add=self.add or other.add,
            edit=wider(self.edit, other.edit),
            move=wider(self.move, other.move),
            delete=wider(self.delete, other.delete),
            anonymous=other.anonymous,
            most=None if self.most is None or other.most is None else max(self.most, other.most),
        )


EVERYTHING = BoardRights()


def wider(one: Scope, other: Scope) -> Scope:
    return min(one, other, key=SCOPES.index)


def read_rights(value: object) -> dict[str, BoardRights]:
    """By shared board, or under `EVERY_BOARD`."""
    return {
        board: _of_board(entry)
        for board, entry in dict_of(value).items()
        if isinstance(entry, dict)
    }


def _of_board(told: dict[str, Any]) -> BoardRights:
    add = told.get("add") is not False
    most = whole(told.get("most")) if is_number(told.get("most")) else 0
    edit = _scope(told.get("edit"))
    return BoardRights(
        add=add,
        edit="own" if add and edit == "none" else edit,
        move=_scope(told.get("move")),
        delete=_scope(told.get("delete")),
        most=min(most, MOST_NOTES) or None,
        anonymous=told.get("anonymous") is True,
    )


def _scope(value: object) -> Scope:
    return next((scope for scope in SCOPES if scope == value), "all")


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedParts:
    """Zones, and single notes, that participants may read and not change."""

    zones: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def both(self, other: LockedParts) -> LockedParts:
        """What is locked in both of them."""
        return LockedParts(
            zones=tuple(zone for zone in self.zones if zone in other.zones),
            notes=tuple(note for note in self.notes if note in other.notes),
        )


NOTHING_LOCKED = LockedParts()


def read_locked_parts(value: object) -> dict[str, LockedParts]:
    """By shared board."""
    return {
        board: LockedParts(zones=_names(entry.get("zones")), notes=_names(entry.get("notes")))
        for board, entry in dict_of(value).items()
        if isinstance(entry, dict)
    }


def _names(value: object) -> tuple[str, ...]:
    return tuple(each for each in list_of(value) if isinstance(each, str) and each)
