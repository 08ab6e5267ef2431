"""Where the boards' logs end: whether the next commit fits, before anything of it is written."""

import math
from collections.abc import Callable, Mapping

from server.store import Commit, Misfit

__all__ = ["End", "Ends"]

End = tuple[str, int]  # a board's workshop, and the number of its last update


class Ends:
    """The ends of boards that were written to lately; others are looked up.

    `find`: a board's end as it is stored, None if there is no such board. `most` are remembered.
    """

    def __init__(self, find: Callable[[str], End | None], most: float = math.inf) -> None:
        self._find = find
        self._most = most
        self._known: dict[str, End | None] = {}

    def of(self, board: str) -> End | None:
        """A board's end; None if there is no such board."""
        return self._known[board] if board in self._known else self._find(board)

    def after(self, commit: Commit) -> dict[str, End | None]:
        """The ends of the boards that it writes to, or drops. Raises Misfit."""
        workshop = commit.workshop
        after: dict[str, End | None] = {}
        for new in commit.creates:
            if new.board in after or self.of(new.board) is not None:
                raise Misfit(f"board {new.board} exists")
            after[new.board] = workshop, 1
        for append in commit.appends:
            board = append.board
            end = after.get(board) or self.of(board)
            if end is None or end[0] != workshop:
                raise Misfit(f"workshop {workshop} has no board {board}")
            if append.first_seq != end[1] + 1:
                raise Misfit(f"board {board}: expected update {end[1] + 1}, got {append.first_seq}")
            after[board] = workshop, end[1] + len(append.updates)
        for board in commit.drops:
            end = after.get(board) or self.of(board)
            if end is not None and end[0] != workshop:
                raise Misfit(f"board {board} is of another workshop")
            after[board] = None
        return after

    def keep(self, after: Mapping[str, End | None]) -> None:
        """So it is by now."""
        if len(self._known) >= self._most:
            self._known.clear()
        self._known |= after

    @property
    def kept(self) -> Mapping[str, End | None]:
        """What is remembered."""
        return self._known

    def forget(self) -> None:
        """Look all of them up again."""
        self._known.clear()
