"""What was deleted a moment ago, so that nothing that was on its way brings a part of it back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from server.errors import WorkshopGone
from server.store import StoreUnavailable
from server.sync.clock import Clock

__all__ = ["Graves"]

KEPT_SECONDS = 600.0  # longer than any command or load of a board takes


class Graves:
    """Workshops that are being deleted, and the boards (desks too) that lately were."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: list[str] = []
        self._buried: dict[str, float] = {}  # oldest first; monotonic seconds

    def __contains__(self, board: str) -> bool:
        return board in self._buried

    @contextmanager
    def opening(self, workshop: str) -> Iterator[None]:
        """Meanwhile `check` refuses this workshop."""
        self._open.append(workshop)
        try:
            yield
        finally:
            self._open.remove(workshop)

    def bury(self, boards: Sequence[str]) -> None:
        """They are gone from the store as of now."""
        if boards:
            now = self._clock.now()
            old = [board for board, at in self._buried.items() if at < now - KEPT_SECONDS]
            for board in old:
                del self._buried[board]
            self._buried |= dict.fromkeys(boards, now)

    def check(self, workshop: str) -> None:
        """Raises WorkshopGone for one that is gone, StoreUnavailable while it may stay."""
        if workshop in self._buried:
            raise WorkshopGone("deleted")
        if workshop in self._open:
            raise StoreUnavailable("the workshop is being deleted")
