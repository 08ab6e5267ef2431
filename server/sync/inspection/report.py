"""What the inspector allows and what it reports: plain values, no bytes read here."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace

from server.sync.errors import RefusedUpdate
from server.sync.inspection.surrogates import ClockSet

CLOCK_LIMIT = 1 << 31  # yrs keeps clocks in 32 bits; half of that leaves its sums room

GC, DELETED, STRING, TYPE, ANY, SKIP = 0, 1, 4, 7, 8, 10
# By client, the clocks of second halves of characters that JavaScript counts as two. Text must not
# be cut there: Yjs shows two marks, yrs drops what follows and then counts other clocks.
LowSurrogates = Mapping[int, Set[int]]
NO_LOW_SURROGATES: LowSurrogates = {}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much one update may bring."""

    structs: int
    clients: int  # that bring structs
    scattered: int  # structs that start at a new place; each may cost pycrdt a walk through a text
    deleting_clients: int  # whose structs are deleted
    delete_ranges: int
    values: int  # scalars, arrays and objects in plain values
    values_of_one: int = 20_000  # struct
    text_bytes: int = 65_536  # of one string
    any_depth: int = 16  # arrays and objects inside each other
    type_depth: int = 4  # maps and texts inside each other
    run: int = 1 << 24  # units in one run of deleted or collected structs


UPDATE_LIMITS = Limits(
    structs=5_000,
    clients=4,
    scattered=1_000,
    deleting_clients=2_000,
    delete_ranges=20_000,
    values=20_000,
)
# What somebody did while away; but all that was ever deleted on the board, by whomever.
STEP2_LIMITS = Limits(
    structs=20_000,
    clients=64,
    scattered=5_000,
    deleting_clients=50_000,
    delete_ranges=500_000,
    values=200_000,
)


def step2_limits(clients: int, size: int) -> Limits:
    """Those of a SyncStep2 that answers our SyncStep1, on a board of so many client ids and bytes.

    All that was ever deleted there is in it, whoever asked for how much of that: a limit below
    what the board holds would refuse everybody who was sent it (rule IN17).
    """
    return replace(
        STEP2_LIMITS,
        deleting_clients=max(STEP2_LIMITS.deleting_clients, clients + STEP2_LIMITS.clients),
        delete_ranges=max(STEP2_LIMITS.delete_ranges, size),
    )


class StructureRefused(RefusedUpdate):
    """An update whose bytes we do not hand to pycrdt. `reason` is stable, `detail` is for logs."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason, reason=reason)
        self.reason = reason
        self.detail = detail


# Its info byte; its left neighbour, else its right one, else its parent (None: a root), as an
# anchor of `dependencies`; and its right neighbour.
Sole = tuple[int, tuple[int, int, bool] | None, tuple[int, int] | None]


@dataclass(slots=True)
class Inspection:
    """What an update brings and what it builds on. A range is (first clock, clock behind)."""

    ranges: dict[int, tuple[int, int]] = field(default_factory=dict)  # structs, by client
    dependencies: dict[int, int] = field(
        default_factory=dict
    )  # client: clock behind what is built on
    skips: dict[int, int] = field(default_factory=dict)  # client: clock behind its last skip
    deleted: dict[int, int] = field(default_factory=dict)  # client: clock behind its last deletion
    surrogates: dict[int, ClockSet] = field(default_factory=dict)  # that it brings
    delete_ranges: int = 0
    kinds: int = 0  # bit n: content reference n occurs, such as STRING
    structs: int = 0
    scattered: int = 0
    values: int = 0
    sole: Sole | None = field(default=None, compare=False)  # if it is one struct
    follows: bool = field(
        default=False, compare=False
    )  # it is one run of letters right behind its author's last item
