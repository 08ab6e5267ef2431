"""What authors are told of edits of theirs that were put right, now and when they come back."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from boards.edits import new_id
from server.sync.clock import Clock
from server.sync.judging.repairs import Mended

__all__ = ["Notice", "Notices", "notices_of"]

TEXT_BYTES = 64 << 10  # of all texts of one notice; what is more is not repeated in it


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that was put right, as its author is told.

    `id`: who is told twice shows it once. The rest as in `Mended`; texts may be fewer.
    """

    id: str
    rule: str
    code: str
    texts: tuple[str, ...]
    count: int

    def as_json(self) -> dict[str, Any]:
        """As frame 123 and the call of `POST /api/boards/{id}/edits` say it."""
        return asdict(self)

    @property
    def size(self) -> int:
        """Bytes, nearly."""
        return 100 + sum(len(text.encode()) for text in self.texts)


def notices_of(mended: Iterable[Mended]) -> list[Notice]:
    """One for each rule."""
    return [
        Notice(new_id(), one.rule, one.code, tuple(bounded(one.texts)), one.count) for one in mended
    ]


def bounded(texts: Iterable[str]) -> Iterator[str]:
    """The first texts, as many as fit a frame; the last of them may be cut."""
    left = TEXT_BYTES
    for text in texts:
        if left <= 0:
            return
        fits = text.encode()[:left].decode(errors="ignore")
        left -= len(text.encode())
        yield fits


class Notices:
    """The notices of the last minutes, for authors whose connection broke before they had them.

    In memory only, and bounded: a server that starts anew has forgotten them.
    """

    def __init__(self, clock: Clock, *, seconds: float, most_bytes: int) -> None:
        self._clock = clock
        self._seconds = seconds
        self._most_bytes = most_bytes
        self._bytes = 0
        self._kept: deque[tuple[float, str, str, Notice]] = deque()  # the oldest first

    def keep(self, board: str, person: str, notice: Notice) -> None:
        self._kept.append((self._clock.now(), board, person, notice))
        self._bytes += notice.size
        self._forget_old()

    def of(self, board: str, person: str) -> list[Notice]:
        """What this person was told on this board in the last minutes."""
        self._forget_old()
        return [notice for _, b, p, notice in self._kept if b == board and p == person]

    def _forget_old(self) -> None:
        oldest = self._clock.now() - self._seconds
        while self._kept and (self._bytes > self._most_bytes or self._kept[0][0] < oldest):
            self._bytes -= self._kept.popleft()[3].size
