"""What one commit takes from a source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from server.errors import ServiceError
from server.store import Append, Record

__all__ = ["Batch", "Source"]

F = TypeVar("F")


@dataclass(slots=True)
class Batch(Generic[F]):
    """Updates of one board and the records that belong to them: durable together, or none of it.

    `follow_up` is the source's own, and handed back to it unopened.
    """

    first_seq: int
    follow_up: F
    at: int = 0  # when it goes to the store: ms since the epoch
    updates: list[bytes] = field(default_factory=list)
    who: list[str] = field(default_factory=list)  # the author of each update, "" for the server
    puts: list[Record] = field(default_factory=list)
    deletes: list[tuple[str, str]] = field(default_factory=list)  # of records

    def append(self, board: str) -> Append:
        """The updates as the store takes them."""
        return Append(board, self.first_seq, tuple(self.updates), self.at, tuple(self.who))

    def __bool__(self) -> bool:
        return bool(self.updates or self.puts or self.deletes)


class Source(Protocol):
    """Where batches come from: a room. It is compared by identity.

    `workshop`: whose `board` is.
    """

    board: str
    workshop: str

    def take_batch(self) -> Batch[Any]:
        """What waits now. `committed` or `fail` follows before the next call."""

    def committed(self, batch: Batch[Any]) -> None:
        """All of it is durable: people may be told."""

    def fail(self, error: ServiceError) -> None:
        """Nothing of it is: nothing in memory may be believed any more."""
