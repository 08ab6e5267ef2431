"""The way out to one reader, as a connection sees it."""

from __future__ import annotations

from typing import Protocol

from server.errors import ServiceError
from server.sync.wire.frames import Outgoing

__all__ = ["Outbox"]


class Outbox(Protocol):
    """Two implementations: over ASGI (any server), and straight to uvicorn's transport."""

    def post(self, *outgoing: Outgoing) -> None:
        """Queue them as one, or close the connection if the reader is too slow. Never blocks."""

    def close(self, error: ServiceError) -> None:
        """Send the error's close code and slug, after what is queued if the reader still reads."""
