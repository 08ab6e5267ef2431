"""Edits that the journal holds and the database does not: kept in memory as well, by board."""

from collections.abc import Iterable, Iterator, Sequence

from server.store import Append
from server.store.runs import Run

__all__ = ["Pending"]


class Pending:
    """Runs by board. A board has more than one only where damage took what was between them."""

    def __init__(self) -> None:
        self._runs: dict[str, list[Run]] = {}

    def __bool__(self) -> bool:
        return bool(self._runs)

    def add(self, appends: Iterable[Append]) -> None:
        for append in appends:
            runs = self._runs.setdefault(append.board, [])
            if not runs or runs[-1].last + 1 != append.first_seq:
                runs.append(Run(append.first_seq))
            runs[-1].add(append)

    def last(self, board: str) -> int | None:
        """The number of a board's last update, if it has any here."""
        runs = self._runs.get(board)
        return runs[-1].last if runs else None

    def of(self, board: str) -> Sequence[Run]:
        return self._runs.get(board, ())

    def pieces(self) -> Iterator[tuple[str, Run]]:
        """All of it, as rows of the log are to hold it."""
        for board, runs in self._runs.items():
            for run in runs:
                for piece in run.pieces():
                    yield board, piece

    def clear(self) -> None:
        self._runs.clear()
