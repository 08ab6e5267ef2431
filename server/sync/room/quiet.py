"""A quiet board: its document is let go of, and its log looked at once more (rule RM8)."""

from __future__ import annotations

from collections.abc import Callable

from server.sync.board.live_board import LiveBoard
from server.sync.clock import Clock, Timer
from server.sync.limits import SyncLimits
from server.sync.room.pending import Pending

__all__ = ["Release"]


class Release:
    """The timer after which a board that nobody edits does with its bytes.

    A document is many times those. `later` starts it; `on_quiet` is called before.
    """

    def __init__(
        self,
        pending: Pending,
        limits: SyncLimits,
        clock: Clock,
        *,
        on_quiet: Callable[[], None],
        on_freed: Callable[[int], None],
    ) -> None:
        self.live: LiveBoard | None = None  # whose document it is; None while the board loads
        self._pending = pending
        self._limits = limits
        self._clock = clock
        self._on_quiet = on_quiet
        self._on_freed = on_freed
        self._timer: Timer | None = None

    def later(self) -> None:
        """There is a document in memory; called again and again, it costs next to nothing."""
        if self._timer is None:
            self._start(self._limits.rest_seconds)

    def now(self) -> None:
        """Release what pins the document, and the timer."""
        live, self.live = self.live, None
        if live is not None:
            live.let_judge_go()
            if live.state.built:
                self._on_freed(live.state.size)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _start(self, seconds: float) -> None:
        self._timer = self._clock.call_later(seconds, self._look)

    def _look(self) -> None:
        self._timer = None
        live = self.live
        if live is None or not live.state.built:
            return
        left = self._pending.last_edit + self._limits.rest_seconds - self._clock.now()
        if left > 0 or self._pending:
            self._start(max(left, self._limits.commit_seconds))
            return
        self._on_quiet()
        if live.state.size > self._limits.rest_bytes:
            self._start(self._limits.rest_seconds)
        else:
            live.let_judge_go()
            self._on_freed(live.state.release_document())
