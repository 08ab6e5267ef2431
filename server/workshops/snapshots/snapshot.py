"""What a snapshot is: a board's full state at a moment, with a name and a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from boards.desk import Desk
from server.store import Record
from server.workshops.rights import find_person

__all__ = ["BY_HAND", "Cause", "Listed", "Merge", "Snapshot", "listed"]

Cause = Literal["by_hand", "merge", "restore", "move", "recall", "activity"]
BY_HAND: Cause = "by_hand"  # all others are the server's own, and are thinned as they age


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A kept state of a board.

    `at`: ms since the epoch. `person`: who asked for it, or for what it was taken before; None for
    nobody. `seq`: number of the last update in it. `size`: of the state, bytes; 0 where it was not
    counted.
    """

    id: str
    name: str
    at: int
    board: str
    cause: str
    person: str | None = None
    seq: int = 0
    size: int = 0

    @classmethod
    def of(cls, snapshot: str, value: Mapping[str, Any]) -> Snapshot:
        """From its record; those of earlier versions say less."""
        return cls(
            snapshot,
            value["name"],
            value["at"],
            value["board"],
            value["cause"],
            value.get("person"),
            value.get("seq", 0),
            value.get("size", 0),
        )

    def record(self, workshop: str, update: bytes) -> Record:
        """As the store keeps it; `update`: the state."""
        value = {key: each for key, each in asdict(self).items() if key != "id"}
        value |= {"workshop": workshop, "size": len(update)}
        return Record("snapshot", self.id, self.board, value, update)


@dataclass(frozen=True, slots=True)
class Merge:
    """What came home after a snapshot; the record beside it, under the same id.

    `gain`: the update that leads from the snapshot to the board right after the merge. `groups`:
    of one that was taken back, those whose part has not come home again; None: all.
    """

    snapshot: str
    breakout: str
    board: str
    undone: bool
    gain: bytes
    groups: tuple[str, ...] | None = None

    @classmethod
    def of(cls, snapshot: str, value: Mapping[str, Any], gain: bytes) -> Merge:
        """From its record."""
        groups = value.get("groups")
        return cls(
            snapshot,
            value["breakout"],
            value["board"],
            value["undone"],
            gain,
            None if groups is None else tuple(groups),
        )

    def record(self, workshop: str) -> Record:
        """As the store keeps it."""
        value: dict[str, Any] = {
            "breakout": self.breakout,
            "board": self.board,
            "undone": self.undone,
        }
        if self.groups is not None:
            value["groups"] = list(self.groups)
        return Record(
            "merged", self.snapshot, self.board, {**value, "workshop": workshop}, self.gain
        )


@dataclass(frozen=True, slots=True)
class Listed:
    """A snapshot as it is listed. `person`: None for somebody who is no longer here, and nobody.

    `merge`: done, or undone, where it was taken before one that can be taken back; else None.
    """

    id: str
    name: str
    at: int
    board: str
    cause: str
    person: str | None
    merge: str | None


def listed(desk: Desk, snapshot: Snapshot, merge: Mapping[str, Any] | None) -> Listed:
    """What people are told of it; `merge`: the record beside it."""
    person = snapshot.person and find_person(desk, snapshot.person)
    return Listed(
        snapshot.id,
        snapshot.name,
        snapshot.at,
        snapshot.board,
        snapshot.cause,
        snapshot.person if person else None,
        None if merge is None else "undone" if merge["undone"] else "done",
    )
