"""One client of one board: what it may do, what it sent, and what of that is durable.

Sans-I/O: frames come in by `Room.receive`, outgoing ones leave by the outbox.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from boards.edits import new_id
from server.errors import ServiceError
from server.sync.access import Access
from server.sync.clock import Clock, Timer
from server.sync.errors import GapUnfilled, TooFast
from server.sync.limits import SyncLimits
from server.sync.room.presence import Visitor
from server.sync.wire import messages
from server.sync.wire.frames import Outgoing

__all__ = ["Connection", "Ending", "Outbox", "Parked", "Stage"]


class Outbox(Protocol):
    """The way out to one reader: over ASGI (any server), or straight to uvicorn's transport."""

    def post(self, *outgoing: Outgoing) -> None:
        """Queue them as one, or close the connection if the reader is too slow. Never blocks."""

    def close(self, error: ServiceError) -> None:
        """Send the error's close code and slug, after what is queued if the reader still reads."""


class Stage(Enum):
    """How far a connection has come; it goes on to the next ones only, but from ASKED_AGAIN back
    to SYNCED when what it was asked for is not taken any more."""

    JOINING = "its first SyncStep2 has not arrived: larger messages are taken"
    SYNCED = "all that it had is here"
    ASKED_AGAIN = "the same, but an edit has a gap, so a second SyncStep1 was sent"
    CLOSED = "nothing more is heard from it or sent to it"


FEW = 32  # structs of an edit


@dataclass(frozen=True, slots=True)
class Parked:
    """An update that waits for its predecessors; `number` counts sync messages from 1."""

    number: int
    update: bytes
    since: float


@dataclass(slots=True)
class Ending:
    """What a connection may do for a moment yet, and what comes then.

    `outcome` holds when `timer` fires: an access with fewer rights, or the connection's end.
    """

    timer: Timer
    outcome: Access | ServiceError


@dataclass(eq=False, slots=True)
class Connection:
    """One client of one board. Identity is the object: a client-supplied id can be anybody's.

    `received` counts this connection's sync messages, `acked` how many of them the client was
    told of are durable. Between the two stand `uncommitted` ones and `parked` ones.
    """

    access: Access
    outbox: Outbox
    limits: SyncLimits
    clock: Clock
    wants_acks: bool
    received: int = 0
    acked: int = 0
    uncommitted: int = 0
    overtaken: bool = False  # an uncommitted one was parked, and later ones may be committed first
    parked: list[Parked] = field(default_factory=list)
    parked_bytes: int = 0
    stage: Stage = Stage.JOINING
    structs: int = 0  # of its large edits since that was asked last
    full: bool = False  # something of it was not taken because the board was full
    last_reason: str | None = None  # why nothing is taken, as it was told last; "" while it is
    ending: Ending | None = None  # what it may lose soon
    _visitor: tuple[Access, Visitor] | None = None  # kept, as every cursor's move asks for it
    _mask: str = field(default_factory=new_id)
    _tokens: float = 0.0
    _refilled: float = 0.0

    def __post_init__(self) -> None:
        self._tokens = self.limits.messages_burst
        self._refilled = self.clock.now()

    @property
    def visitor(self) -> Visitor:
        access = self.access
        if self._visitor is None or self._visitor[0] is not access:
            mask = self._mask if access.allowed.anonymous else ""
            visitor = Visitor(access.person, access.name, access.color, access.role, mask)
            self._visitor = access, visitor
        return self._visitor[1]

    @property
    def closed(self) -> bool:
        return self.stage is Stage.CLOSED

    def has_synced(self) -> None:
        """A SyncStep2 has arrived."""
        if self.stage is Stage.JOINING:
            self.stage = Stage.SYNCED

    def ask_again(self) -> bool:
        """Whether it should be asked for what an edit lacks: once, and not while it may come."""
        if self.stage is not Stage.SYNCED:
            return False
        self.stage = Stage.ASKED_AGAIN
        return True

    def ask_no_more(self) -> None:
        """What it was asked for is not taken any more."""
        if self.stage is Stage.ASKED_AGAIN:
            self.stage = Stage.SYNCED

    def park(self, parked: Parked) -> None:
        """Raises GapUnfilled when too much waits."""
        self.parked_bytes += len(parked.update)
        if self.parked_bytes > self.limits.parked_bytes:
            raise GapUnfilled("too much waits for what came before it")
        self.parked.append(parked)

    def unpark(self) -> list[Parked]:
        """All that waited for its predecessors."""
        waiting, self.parked = self.parked, []
        self.parked_bytes = 0
        return waiting

    def let_go(self, parked: Parked) -> None:
        """This one waits no longer."""
        if parked in self.parked:
            self.parked.remove(parked)
            self.parked_bytes -= len(parked.update)

    def count_structs(self, structs: int) -> None:
        """It sent an edit of so many; of a few nobody has to know."""
        if structs > FEW:
            self.structs += structs

    @property
    def may_edit(self) -> bool:
        """Whether its edits are taken: from who may write, and what a member brings late.

        Who did not ask for acks cannot tell the one from the other, and goes on writing.
        """
        access = self.access
        return access.may_write or (access.may_deliver and self.wants_acks)

    def spend(self) -> None:
        """Count one message against the rate. Raises TooFast."""
        rate = self.limits.messages_per_second
        if not rate:
            return
        if self._tokens < 1:
            now = self.clock.now()
            earned = (now - self._refilled) * rate
            self._tokens = min(self.limits.messages_burst, self._tokens + earned)
            self._refilled = now
            if self._tokens < 1:
                raise TooFast(f"more than {rate} messages a second")
        self._tokens -= 1

    def post(self, *frames: bytes, begin: Outgoing | None = None) -> None:
        """Send these; `begin` goes first, and alone if there are none."""
        if self.stage is Stage.CLOSED:
            return
        if frames:
            self.outbox.post(Outgoing(frames, begin=begin))
        elif begin is not None:
            self.outbox.post(begin)

    def close(self, error: ServiceError) -> None:
        """Tell the client why and stop listening to it; the reader's task does the rest."""
        if self.stage is not Stage.CLOSED:
            self.stage = Stage.CLOSED
            # Its frames hold each other, and through them the document that it was raised for.
            self.outbox.close(error.with_traceback(None))

    def send_ack(self) -> None:
        """Of everything that it sent, unless something of that waits for a commit."""
        due = self.ack_due()
        if due is not None:
            self.post(due)

    def durable(self, number: int, count: int) -> bytes | None:
        """`count` more are committed, the last of them message `number`; the ack due."""
        self.uncommitted -= count
        return self.ack_due(number)

    def ack_due(self, number: int = 0) -> bytes | None:
        """The ack that the client should get now, or None; `number`: last message just committed.

        Everything is durable up to the first message that is not: parked, or uncommitted.
        """
        if not self.uncommitted:
            number = self.received
            self.overtaken = False
        elif self.overtaken:
            return None
        if self.parked:
            number = min(number, self.parked[0].number - 1)
        if number <= self.acked or not self.wants_acks:
            return None
        self.acked = number
        return messages.ack(number)
