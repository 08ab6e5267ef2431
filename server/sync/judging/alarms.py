"""Who leads is told when one person deletes many notes of others, on whichever board (rule DN2)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from boards.edits import new_id
from server.sync.access import Access
from server.sync.clock import Clock, Timer
from server.sync.judging.removals import Removal

__all__ = ["Alarms"]

UNTOLD = 5  # notes of others that somebody may delete without a word; client workshop/removing.ts
PAUSE_SECONDS = 10.0  # without a deletion; what comes then is another matter
AGAIN_SECONDS = 1.0  # how often the same matter is told again while it changes
KEPT = 1_000  # matters, the latest

Notice = dict[str, Any]
Tell = Callable[["Spree"], None]


@dataclass(eq=False, slots=True)
class Spree:
    """What one person deleted on one board without a pause. `began`, `until`: ms since the epoch;
    `notes`: which are still gone, and whether others wrote them.
    """

    workshop: str
    board: str
    person: str
    began: int
    until: int
    id: str = field(default_factory=new_id)
    seen: float = 0.0  # monotonic seconds
    notes: dict[str, bool] = field(default_factory=dict)
    reported: bool = False
    due: Timer | None = None

    @property
    def is_alarming(self) -> bool:
        return sum(self.notes.values()) > UNTOLD

    def notice(self) -> Notice:
        """As frame 123 says it; nothing is left of it when `count` is 0."""
        return {
            "id": self.id,
            "rule": "DN2",
            "code": "notes-deleted",
            "texts": [],
            "count": len(self.notes),
            "person": self.person,
            "board": self.board,
            "from": self.began,
            "until": self.until,
        }


class Alarms:
    """The sprees of all boards that whoever leads should know of.

    In memory: a server that starts anew has forgotten them, the log has not.

    `tell` posts a notice to whoever leads that workshop; `seconds`: how long newcomers are told.
    """

    def __init__(self, tell: Tell, clock: Clock, *, seconds: float) -> None:
        self._tell = tell
        self._clock = clock
        self._seconds = seconds
        self._sprees: deque[Spree] = deque(maxlen=KEPT)

    def note(self, access: Access, at: int, removals: Sequence[Removal]) -> None:
        """What a person did to notes, and when (ms since the epoch), is durable now."""
        self.note_restored(access.board, [each.note for each in removals if not each.gone])
        gone = {each.note: each.others for each in removals if each.gone}
        if gone:
            spree = self._spree(access, at)
            spree.notes |= gone
            spree.until, spree.seen = at, self._clock.now()
            self._consider(spree)

    def note_restored(self, board: str, notes: Sequence[str]) -> None:
        """These stand again, whoever brought them back."""
        if not notes:
            return
        for spree in [spree for spree in self._sprees if spree.board == board]:
            before = len(spree.notes)
            for note in notes:
                spree.notes.pop(note, None)
            if len(spree.notes) < before:
                self._consider(spree)

    def of(self, access: Access) -> list[Notice]:
        """What somebody who comes to this desk, and leads, has not heard yet."""
        if access.board != access.workshop or access.role != "facilitator":
            return []
        since = self._clock.now() - self._seconds
        return [
            spree.notice()
            for spree in self._sprees
            if spree.workshop == access.workshop
            and spree.person != access.person
            and spree.reported
            and spree.notes
            and spree.seen >= since
        ]

    def forget(self, boards: Sequence[str]) -> None:
        """These boards are gone."""
        kept = [spree for spree in self._sprees if spree.board not in boards]
        self._sprees = deque(kept, maxlen=KEPT)

    def _spree(self, access: Access, at: int) -> Spree:
        """The one that goes on, or a new one."""
        since = self._clock.now() - PAUSE_SECONDS
        for spree in reversed(self._sprees):
            if (spree.board, spree.person) == (access.board, access.person) and spree.seen >= since:
                return spree
        spree = Spree(access.workshop, access.board, access.person, began=at, until=at)
        self._sprees.append(spree)
        return spree

    def _consider(self, spree: Spree) -> None:
        """Tell at once what is new, and what changes of it a little later, all together."""
        if spree.due is not None:
            return
        if not spree.reported and not spree.is_alarming:
            return
        if not spree.reported:
            spree.reported = True
            self._tell(spree)
        else:
            spree.due = self._clock.call_later(AGAIN_SECONDS, self._again, spree)

    def _again(self, spree: Spree) -> None:
        spree.due = None
        self._tell(spree)
