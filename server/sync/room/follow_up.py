"""Who is told what, once a batch is durable (rules RM1, RM2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from server.sync.access import Access
from server.sync.judging.removals import Removal
from server.sync.room.connection import Connection
from server.sync.room.notices import Notice
from server.sync.wire.frames import Outgoing

__all__ = ["FollowUp"]


@dataclass(slots=True)
class FollowUp:
    """What a room owes to people, and may not say before the batch beside it is committed."""

    began: float = 0.0  # when the batch's first update was accepted: monotonic seconds
    authors: list[Connection | None] = field(default_factory=list)  # of the batch's updates
    marks: dict[Connection, tuple[int, int]] = field(default_factory=dict)  # last message, count
    notices: list[tuple[Connection, int, Notice]] = field(default_factory=list)  # of which message
    removals: list[tuple[Access, int, Sequence[Removal]]] = field(default_factory=list)  # who, when
    restored: list[str] = field(default_factory=list)  # notes, by the server
    # With what they get, and how many of the batch's updates that holds already.
    joiners: list[tuple[Connection, tuple[Outgoing, ...], int]] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether somebody waits."""
        return bool(self.marks or self.joiners)
