"""The way out to a reader whose connection was taken over: straight to its transport."""

from __future__ import annotations

from server.errors import ServiceError
from server.sync.errors import TooManyConnections, TooSlow
from server.sync.limits import SyncLimits
from server.sync.transport.asgi import FAREWELL_SECONDS
from server.sync.transport.takeover import HandoffProtocol
from server.sync.wire.frames import Outgoing

__all__ = ["DirectOutbox"]


class DirectOutbox:
    """An outbox that writes to the transport; what the reader does not take waits in its buffer.

    A reader is slow as long as it takes something: a whole board on a bad line may take a minute,
    and who began anew each time would never have it.
    """

    __slots__ = ("_limits", "_protocol", "_since", "_taken", "_written")

    def __init__(self, protocol: HandoffProtocol, limits: SyncLimits) -> None:
        self._protocol = protocol
        self._limits = limits
        self._written = 0  # bytes in all
        self._taken = 0  # of these, when it was looked last
        self._since = 0.0  # loop time when it was seen to take something

    def post(self, *outgoing: Outgoing) -> None:
        protocol = self._protocol
        if self._is_stuck(protocol.blocked_since):
            protocol.end(TooSlow("too much waits"), within=FAREWELL_SECONDS)
            return
        for one in outgoing:
            protocol.write(one.raw, is_own=one.is_own)
            self._written += len(one.raw)

    def close(self, error: ServiceError) -> None:
        evicted = isinstance(error, TooManyConnections)
        within = FAREWELL_SECONDS if evicted else self._limits.blocked_seconds
        self._protocol.end(error, within=within)

    def _is_stuck(self, blocked_since: float | None) -> bool:
        if self._protocol.unsent > self._limits.outbox_bytes:
            return True
        if blocked_since is None:
            return False
        now = self._protocol.loop.time()
        taken = self._written - self._protocol.waiting
        if taken > self._taken:
            self._taken, self._since = taken, now
        return now - max(self._since, blocked_since) > self._limits.blocked_seconds
