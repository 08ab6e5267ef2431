"""Consecutive updates of a board on their way into a row of its log, with their stamps."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from server.store import Append

__all__ = ["ROW_BYTES", "Run"]

ROW_BYTES = 64 * 1024  # of updates in one row, unless a single one is larger


@dataclass(slots=True)
class Run:
    """Consecutive updates of a board; `first` is the number of the first of them.

    `times`, `who`: when they came and whose they are, see stamps.py.
    """

    first: int
    updates: list[bytes] = field(default_factory=list)
    times: list[tuple[int, int]] = field(default_factory=list)
    who: list[str] = field(default_factory=list)

    @property
    def last(self) -> int:
        return self.first + len(self.updates) - 1

    @classmethod
    def of(cls, append: Append) -> "Run":
        run = cls(append.first_seq)
        run.add(append)
        return run

    def add(self, append: Append) -> None:
        count = len(append.updates)
        self.updates += append.updates
        if self.times and self.times[-1][0] == append.at:
            self.times[-1] = (append.at, self.times[-1][1] + count)
        else:
            self.times.append((append.at, count))
        self.who += append.who or ("",) * count

    def pieces(self) -> Iterator["Run"]:
        """Runs of at most ROW_BYTES each."""
        if sum(map(len, self.updates)) <= ROW_BYTES:
            yield self
            return
        times = [at for at, count in self.times for _ in range(count)]
        piece, size = Run(self.first), 0
        for update, at, who in zip(self.updates, times, self.who, strict=True):
            if piece.updates and size + len(update) > ROW_BYTES:
                yield piece
                piece, size = Run(piece.last + 1), 0
            piece.add(Append("", 0, (update,), at, (who,)))
            size += len(update)
        if piece.updates:
            yield piece
