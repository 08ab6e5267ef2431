"""Where boards and records last: one interface, run through one contract suite for every store.

A store holds two things. *Boards* are append-only logs of Yjs updates, numbered 1, 2, 3, …, with
checkpoints that stand for the log's beginning. *Records* are small JSON values (workshops, people,
tokens, …). The workshop is the atomic unit: every board and every record belongs to one, or to the
server (`SERVER`), and a `Commit` writes to the boards and records of one. After it returned, all of
it survives a crash of the process and of the machine; if it raises, none of it happened. The
commits of many workshops may share a write to the disk, but one that does not fit fails alone.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from server.errors import Phrase, ServiceError

__all__ = [
    "SERVER",
    "Append",
    "Commit",
    "Expected",
    "Homes",
    "Misfit",
    "Moment",
    "NewBoard",
    "NotHome",
    "Overtaken",
    "Place",
    "Record",
    "Stamp",
    "Store",
    "StoreCorrupted",
    "StoreLocked",
    "StoreReadOnly",
    "StoreUnavailable",
    "StoreUnfit",
    "StoredBoard",
    "StoredCheckpoint",
    "StoredHistory",
    "Versioned",
]

SERVER = ""  # as a workshop: whose what belongs to none is (keys, accounts, who has signed in)


class StoreUnavailable(ServiceError):
    """The store does not answer or cannot write (disk full, read-only, gone). Come back later."""

    slug = "store-unavailable"
    status = 503
    close_code = 4503


class StoreUnfit(StoreUnavailable):
    """It cannot be used as it is set up. `phrase`: what is wrong, and what to do, for people."""

    def __init__(self, problem: str, key: str, **values: str) -> None:
        super().__init__(problem)
        self.phrase = Phrase(f"cli.{key}", values)


class StoreReadOnly(StoreUnavailable):
    """It answers, and takes nothing: it is full, or may not write."""


class NotHome(StoreUnavailable):
    """Another process serves this workshop, where several share a store: ask it, or come back."""


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


class Misfit(ValueError):
    """A commit does not fit what is stored: a hole in a log, a board twice, another's board."""


class Overtaken(Misfit):
    """A record was written, or deleted, since the version that a commit goes by was read.

    Nothing of the commit happened: read again, and decide again.
    """


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

    `at`: as of the last update's stamp. `workshop`: whose it is, for good.
    """

    lineage: str
    checkpoint: StoredCheckpoint | None
    updates: tuple[bytes, ...]
    at: int = 0
    workshop: str = SERVER

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


class Versioned(NamedTuple):
    """A record's value, and how often it was put: its version. None and 0 if there is none.

    One that is deleted and put again begins anew at 1.
    """

    value: dict[str, Any] | None
    version: int


class Expected(NamedTuple):
    """A record of the commit's workshop, and the version that it must have still.

    0: it must not be there.
    """

    kind: str
    id: str
    version: int


@dataclass(frozen=True, slots=True)
class Commit:
    """All that is written of one workshop together, or not at all.

    If what it expects is so, in this order: creates, appends, drops, puts, deletes, forgets. A put
    takes no record of another workshop, and what is deleted is none of another's.
    """

    workshop: str
    creates: Sequence[NewBoard] = field(default=())
    appends: Sequence[Append] = field(default=())
    puts: Sequence[Record] = field(default=())
    deletes: Sequence[tuple[str, str]] = field(default=())
    drops: Sequence[str] = field(default=())  # boards to delete with their logs and checkpoints
    forgets: Sequence[str] = field(default=())  # parents; records of every kind under them go
    expects: Sequence[Expected] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.appends or not self.is_edits)

    @property
    def is_edits(self) -> bool:
        """Nothing but updates of boards: what most commits are."""
        return not (
            self.creates or self.puts or self.deletes or self.drops or self.forgets or self.expects
        )


class Place(NamedTuple):
    """A process that serves: its session, and the address under which the others reach it."""

    session: str
    address: str


class Homes(Protocol):
    """Which process serves which workshop, where several share a store: one at a time, its home.

    Every method that waits may raise StoreUnavailable.
    """

    on_taken: Callable[[str], None]  # told of each workshop that is ours from now on
    on_lost: Callable[[Collection[str] | None], None]  # and of those no longer; None: of all
    busy: Callable[[], Collection[str]]  # asked for those of which something is in memory
    takes: bool  # False: nothing more is taken, as this process is about to end
    is_worker: bool  # it does what nobody asked for in the place of the others, one at a time

    def __len__(self) -> int:
        """How many workshops are ours."""

    @property
    def session(self) -> str:
        """Of this process; "" while it has none, and serves nothing."""

    @property
    def latency(self) -> float:
        """Seconds, of what was asked last to stay in touch."""

    def is_ours(self, workshop: str) -> bool:
        """Whether we serve it, without asking anybody."""

    async def tell(self, address: str) -> None:
        """From now on the others reach this process there."""

    def known(self, kind: str, id: str) -> str | None:
        """As `whose`, as far as we know without asking anybody."""

    async def whose(self, kind: str, id: str) -> str | None:
        """The workshop of a record, or of a board (kind `board`)."""

    async def find(self, workshop: str) -> Place | None:
        """Who serves it. None: we do; from now on, if nobody living did."""

    async def serves(self, workshop: str) -> bool:
        """Whether we do, as `find`."""

    async def worker(self) -> Place | None:
        """Who works for all, if anybody living does; maybe we."""

    async def looks_after(self) -> bool:
        """Whether what nobody serves is looked after by us: by the worker, if there is one."""

    async def living(self, sessions: Iterable[str]) -> set[str]:
        """Those of them that have not ended."""

    async def give_up(self, workshops: Collection[str] | None = None) -> None:
        """Serve them no longer; None: nothing any more."""


class Store(Protocol):
    """Where boards and records last: what the engine asks of SQLite, Redis, or a twin in memory.

    Every method may raise StoreUnavailable; `open` also StoreLocked, `load` StoreCorrupted.
    `homes`: None where one process has all of it.
    """

    @property
    def homes(self) -> Homes | None: ...

    async def open(self) -> None: ...
    async def close(self) -> None: ...

    async def commit(self, commit: Commit) -> None:
        """Write all of it durably, or nothing. Raises Misfit, or Overtaken where it expects."""

    async def commit_all(self, commits: Sequence[Commit]) -> Sequence[Misfit | NotHome | None]:
        """One after the other, together durable when this returns; why not, of each that fails.

        One that does not fit is left out alone. If it raises, none of them happened; or, where a
        store is another process whose answer did not come, what the next reading shows.
        """

    async def load(self, board: str) -> StoredBoard | None:
        """The board, or None if it was never created. An error is never reported as absence."""

    async def look(self, board: str) -> StoredBoard | None:
        """The same as it stands, also where another process serves it: to read, and no more."""

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

    async def workshops(self) -> list[str]:
        """All that have anything, SERVER first."""

    async def records(self, workshop: str) -> list[Record]:
        """All that are a workshop's, in the order in which they were first put."""

    async def restore(self, board: str, stored: StoredBoard, history: StoredHistory) -> None:
        """Let a board be as another store tells of it, whatever stood here in its place."""

    async def verify(self) -> list[tuple[str, str]]:
        """(where, what is wrong there) of what it lies in; the boards are not looked at."""

    async def scrub(self) -> None:
        """Leave nothing in the files of what commits so far replaced or deleted."""

    async def get(self, kind: str, id: str) -> dict[str, Any] | None: ...
    async def read(self, kind: str, id: str) -> Versioned: ...
    async def blob(self, kind: str, id: str) -> bytes | None: ...

    async def find(self, kind: str, parent: str) -> list[tuple[str, dict[str, Any]]]:
        """(id, value) of all records of a kind under a parent, oldest first."""
