"""Where boards and records last: one interface, run through one contract suite for every store.

A store holds two things. *Boards* are append-only logs of Yjs updates, numbered 1, 2, 3, …, with
checkpoints that stand for the log's beginning. *Records* are small JSON values (workshops, people,
tokens, …). One `Commit` writes to both in one transaction: after it returned, all of it survives
a crash of the process and of the machine; if it raises, none of it happened.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from server.errors import ServiceError

__all__ = [
    "Append",
    "Commit",
    "Moment",
    "NewBoard",
    "Record",
    "Stamp",
    "Store",
    "StoreCorrupted",
    "StoreLocked",
    "StoreUnavailable",
    "StoredBoard",
    "StoredCheckpoint",
    "StoredHistory",
]


class StoreUnavailable(ServiceError):
    """The store does not answer or cannot write (disk full, read-only, gone). Come back later."""

    slug = "store-unavailable"
    status = 503
    close_code = 4503


class StoreLocked(ServiceError):
    """Another process uses this data folder: two servers on one folder would lose edits."""

    slug = "store-locked"
    status = 503
    close_code = 4503


class StoreCorrupted(ServiceError):
    """What is stored of a board fails its checks; it is not opened, so nothing overwrites it."""

    slug = "board-damaged"
    status = 500
    close_code = 4500


class Stamp(NamedTuple):
    """When an update was stored, and whose it is; or those `updates` that became one.

    `at`: ms since the epoch by the server's clock, the last of them; it never decreases within a
    board. 0: stored by a version that did not keep it. `who`: ids of people, as far as known.
    """

    at: int
    who: tuple[str, ...] = ()
    updates: int = 1


@dataclass(frozen=True, slots=True)
class StoredCheckpoint:
    """The full state after updates 1…`seq` as one update, and its state vector beside it.

    The state vector is there so that a board can be served before its document is built.
    `at`: as of its last update's stamp.
    """

    seq: int
    state_vector: bytes
    update: bytes
    at: int = 0


@dataclass(frozen=True, slots=True)
class StoredBoard:
    """A board as loaded: the checkpoint (if any) and the updates that follow it, oldest first.

    `at`: as of the last update's stamp.
    """

    lineage: str
    checkpoint: StoredCheckpoint | None
    updates: tuple[bytes, ...]
    at: int = 0

    @property
    def seq(self) -> int:
        return (self.checkpoint.seq if self.checkpoint else 0) + len(self.updates)


class Moment(NamedTuple):
    """What brought a board from one kept state to the next, whose last update is number `seq`."""

    seq: int
    stamp: Stamp
    update: bytes


@dataclass(frozen=True, slots=True)
class StoredHistory:
    """How a board came about: from `base` (None: from nothing) on, oldest first, to its end."""

    base: StoredCheckpoint | None
    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class NewBoard:
    """A board to create with its first update. Creating one that exists is an error."""

    board: str
    lineage: str
    update: bytes
    at: int = 0


@dataclass(frozen=True, slots=True)
class Append:
    """Updates of one board, oldest first; `first_seq` is the number of the first of them.

    `at`: of the stamps of all of them. `who`: of each of them, "" for the server's own; empty when
    all are.
    """

    board: str
    first_seq: int
    updates: tuple[bytes, ...]
    at: int = 0
    who: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """A small JSON value under (`kind`, `id`), found by (`kind`, `parent`) as well.

    `blob` is for bytes that belong to it and are too large to read along in `find`.
    """

    kind: str
    id: str
    parent: str
    value: Mapping[str, Any]
    blob: bytes | None = None


@dataclass(frozen=True, slots=True)
class Commit:
    """All that one transaction writes, in this order: creates, appends, drops, puts, deletes."""

    creates: Sequence[NewBoard] = field(default=())
    appends: Sequence[Append] = field(default=())
    puts: Sequence[Record] = field(default=())
    deletes: Sequence[tuple[str, str]] = field(default=())
    drops: Sequence[str] = field(default=())  # boards to delete with their logs and checkpoints
    forgets: Sequence[str] = field(default=())  # parents; records of every kind under them go

    def __bool__(self) -> bool:
        return bool(self.appends or not self.is_edits)

    @property
    def is_edits(self) -> bool:
        """Nothing but updates of boards: what most commits are."""
        return not (self.creates or self.puts or self.deletes or self.drops or self.forgets)


class Store(Protocol):
    """Every method may raise StoreUnavailable; `open` also StoreLocked, `load` StoreCorrupted."""

    async def open(self) -> None: ...
    async def close(self) -> None: ...

    async def commit(self, commit: Commit) -> None:
        """Write all of it durably, or nothing. Raises ValueError on a sequence that has a hole."""

    async def load(self, board: str) -> StoredBoard | None:
        """The board, or None if it was never created. An error is never reported as absence."""

    async def boards(self) -> list[str]:
        """The ids of all boards."""

    async def compact(self, board: str, checkpoint: StoredCheckpoint) -> None:
        """Keep `checkpoint`; the part of the log that the one before it covered is history now."""

    async def erase(self, board: str, checkpoint: StoredCheckpoint) -> None:
        """The same, and keep nothing of what it stands for: its history begins with it."""

    async def history(self, board: str) -> StoredHistory | None:
        """All that is kept of how it came about, the log too; None if it was never created."""

    async def aged(self, before: Sequence[int]) -> list[str]:
        """Boards with moments of some level of their history older than `before` (ms) for it."""

    async def passed(self, board: str, level: int, before: int, most: int) -> list[Moment]:
        """The oldest of its history at this level that are older, of about `most` bytes."""

    async def thin(self, board: str, level: int, moments: Sequence[Moment]) -> None:
        """Let these stand, at `level`, for those of the level before which they are made from.

        Nothing happens if those are no longer all there.
        """

    async def lengths(self, board: str) -> list[tuple[int, int, int]]:
        """(seq, when, bytes) of each piece of its history, the log apart, oldest first."""

    async def rebase(self, board: str, base: StoredCheckpoint) -> None:
        """Let its history begin with `base`, the state at the end of one of its pieces.

        Nothing happens if that piece is no longer there.
        """

    async def verify(self) -> list[tuple[str, str]]:
        """(where, what is wrong there) of what it lies in; the boards are not looked at."""

    async def scrub(self) -> None:
        """Leave nothing in the files of what commits so far replaced or deleted."""

    async def get(self, kind: str, id: str) -> dict[str, Any] | None: ...
    async def blob(self, kind: str, id: str) -> bytes | None: ...

    async def find(self, kind: str, parent: str) -> list[tuple[str, dict[str, Any]]]:
        """(id, value) of all records of a kind under a parent, oldest first."""
