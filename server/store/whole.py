"""A board with all that is kept of it, on its way from one store into another."""

from collections.abc import Iterator
from dataclasses import dataclass

from server.store import Append, Moment, StoreCorrupted, StoredBoard, StoredHistory
from server.store.runs import ROW_BYTES, Run

__all__ = ["WholeBoard", "run_of"]

LONGEST_MS = 60_000  # that a row of what left the log spans


@dataclass(frozen=True, slots=True)
class WholeBoard:
    """As `look` and `history` tell of it."""

    stored: StoredBoard
    history: StoredHistory

    @property
    def behind(self) -> int:
        """The number of the update behind which its log begins."""
        return self.stored.checkpoint.seq if self.stored.checkpoint else 0

    def check(self, board: str) -> None:
        """Raises StoreCorrupted where the two do not tell the same."""
        if tuple(moment.update for moment in self._log()) != self.stored.updates:
            raise StoreCorrupted(f"board {board}: its history is not that of its log")

    def past(self) -> Iterator[tuple[int, list[Moment]]]:
        """Rows of what left the log, oldest first: level, and what is in it.

        Of level 0 are updates as they came; what stands for several, or was several people's, is of
        level 1, whatever it was: thinning goes on from there.
        """
        row: list[Moment] = []
        size = 0
        for moment in self.history.moments:
            if moment.seq > self.behind:
                break
            size += len(moment.update)
            if row and not (size <= ROW_BYTES and belongs(moment, row[0])):
                yield level_of(row[0]), row
                row, size = [], len(moment.update)
            row.append(moment)
        if row:
            yield level_of(row[0]), row

    def log(self) -> list[Run]:
        """Rows of it."""
        moments = self._log()
        return list(run_of(moments).pieces()) if moments else []

    def _log(self) -> list[Moment]:
        return [moment for moment in self.history.moments if moment.seq > self.behind]


def level_of(moment: Moment) -> int:
    return 0 if moment.stamp.updates == 1 and len(moment.stamp.who) < 2 else 1


def belongs(moment: Moment, first: Moment) -> bool:
    """Whether it may stand in the row of that one."""
    is_near = moment.stamp.at < first.stamp.at + LONGEST_MS
    return is_near and level_of(moment) == level_of(first)


def run_of(moments: list[Moment]) -> Run:
    """Of consecutive updates, each for itself."""
    run = Run(moments[0].seq)
    for seq, stamp, update in moments:
        run.add(Append("", seq, (update,), stamp.at, stamp.who or ("",)))
    return run
