"""What one commit takes from a room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from server.store import Append, Record
from server.sync.access import Access
from server.sync.judging.removals import Removal
from server.sync.room.connection import Connection
from server.sync.room.notices import Notice
from server.sync.wire.frames import Parcel

__all__ = ["Batch"]


@dataclass(slots=True)
class Batch:
    """What one commit takes from a room, and whom to tell afterwards."""

    first_seq: int
    at: int = 0  # when it goes to the store: ms since the epoch
    began: float = 0.0  # when its first update was accepted: monotonic seconds
    updates: list[bytes] = field(default_factory=list)
    authors: list[Connection | None] = field(default_factory=list)  # of `updates`
    marks: dict[Connection, tuple[int, int]] = field(default_factory=dict)  # last message, count
    puts: list[Record] = field(default_factory=list)
    deletes: list[tuple[str, str]] = field(default_factory=list)  # of records
    notices: list[tuple[Connection, int, Notice]] = field(default_factory=list)  # of which message
    removals: list[tuple[Access, int, Sequence[Removal]]] = field(default_factory=list)  # who, when
    restored: list[str] = field(default_factory=list)  # notes, by the server
    # With what they get, and how many of `updates` that holds already.
    joiners: list[tuple[Connection, tuple[Parcel, ...], int]] = field(default_factory=list)

    def append(self, board: str) -> Append:
        """The updates as the store takes them."""
        who = tuple([author.access.person if author else "" for author in self.authors])
        return Append(board, self.first_seq, tuple(self.updates), self.at, who)

    def __bool__(self) -> bool:
        return bool(self.updates or self.marks or self.puts or self.deletes or self.joiners)
