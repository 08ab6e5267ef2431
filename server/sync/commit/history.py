"""How a board came about, kept and thinned: whole for the newest, then a step per window of time.

What left the log because checkpoints stand for it is the board's history
(server/store/sqlite/history.py). As it ages, the updates of a window become one, with all who took
part; what is too old, or more than a board may keep, becomes part of the base state that history
begins with. Merging and replaying are done in another process. Whatever fails, history stays as it
was (rules HI1–HI5).
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from boards.document import Document, merge_updates
from boards.errors import BoardError
from server.children import Child, run_child
from server.errors import ServiceError
from server.store import Moment, Stamp, Store, StoredBoard, StoredCheckpoint, StoredHistory
from server.store.homes import board_is_ours
from server.store.packing import pack, unpack
from server.sync.commit.elsewhere import answer, asked, elsewhere
from server.sync.inspection.clocks import deletions, joined, survey
from server.sync.limits import SyncLimits

__all__ = ["History", "document_at", "main", "merged", "states"]

log = logging.getLogger(__name__)

SECOND, MINUTE, DAY = 1000, 60_000, 86_400_000  # ms
LEVELS = (  # older than so much: one update for each window of so much
    (10 * MINUTE, 5 * SECOND),
    (DAY, MINUTE),
)
AT_ONCE = 1 << 20  # bytes of history that are thinned in one go
MERGED_MOST = 500  # updates in one go: merging costs more than in proportion
CUT_TO = 7 / 8  # of its bytes is left of a history that was too long: not a little, again and again

Replayed = Callable[[StoredBoard], Awaitable[StoredCheckpoint]]


class History:
    """Keeps the histories of boards within their limits. `replayed`: makes a checkpoint."""

    def __init__(self, store: Store, limits: SyncLimits, replayed: Replayed) -> None:
        self._store = store
        self._limits = limits
        self._replayed = replayed
        self.child: Child = run_child

    async def tidy_all(self, now: int) -> None:
        """Of all boards with something that has grown older."""
        for board in await self._store.aged(self._before(now)):
            if await board_is_ours(self._store, board):
                await self.tidy(board, now)

    async def tidy(self, board: str, now: int) -> None:
        """Cut off what is too old or too much, and thin what is left."""
        try:
            await self._cut(board, now)
            for level, (age, window) in enumerate(LEVELS):
                await self._thin(board, level, now - age, window)
        except (ServiceError, OSError, TimeoutError, ValueError) as error:
            log.error("the history of board %s stays as it is: %s", board, error)

    async def _thin(self, board: str, level: int, before: int, window: int) -> None:
        done = 0
        while moments := await self._store.passed(board, level, before, AT_ONCE):
            if moments[0].seq <= done:
                return  # the store did not take what became of them: they are about to go
            done = moments[-1].seq
            thinned = await self._thinned(moments, window)
            await self._store.thin(board, level + 1, thinned)

    def _before(self, now: int) -> tuple[int, ...]:
        """For each level: what is older has to go on to the next one, or to the base."""
        return (*(now - age for age, _ in LEVELS), now - self._limits.history_days * DAY)

    async def _thinned(self, moments: Sequence[Moment], window: int) -> list[Moment]:
        groups = list(windows(moments, window))
        asks = [pack([moment.update for moment in group]) for group in groups]
        told = await elsewhere(
            "server.sync.commit.history",
            asks,
            seconds=self._limits.replay_seconds,
            child=self.child,
        )
        thinned: list[Moment] = []
        for group, update in zip(groups, told, strict=True):
            thinned += [as_one(group, update)] if update else group
        return thinned

    async def _cut(self, board: str, now: int) -> None:
        end = too_much(
            await self._store.lengths(board),
            before=self._before(now)[-1],
            most=self._limits.history_bytes,
        )
        history = await self._store.history(board) if end else None
        if history is not None:
            await self._store.rebase(board, await self._base(history, end))

    async def _base(self, history: StoredHistory, end: int) -> StoredCheckpoint:
        """The state after update `end`."""
        gone = [moment for moment in history.moments if moment.seq <= end]
        stored = StoredBoard("", history.base, tuple(moment.update for moment in gone))
        made = await self._replayed(stored)
        return replace(made, seq=end, at=gone[-1].stamp.at)


def too_much(lengths: Sequence[tuple[int, int, int]], *, before: int, most: int) -> int:
    """The last update of what has to go; 0 if nothing has. `lengths`: see Store.lengths."""
    left = sum(size for _, _, size in lengths)
    enough = most if left <= most else most * CUT_TO
    end = 0
    for seq, at, size in lengths:
        if at >= before and left <= enough:
            break
        end, left = seq, left - size
    return end


def windows(moments: Sequence[Moment], window: int) -> Iterator[list[Moment]]:
    """Those of the same window, not too many at once."""
    for _, same in groupby(moments, lambda moment: moment.stamp.at // window):
        group = list(same)
        for at in range(0, len(group), MERGED_MOST):
            yield group[at : at + MERGED_MOST]


def as_one(group: Sequence[Moment], update: bytes) -> Moment:
    who = dict.fromkeys(person for moment in group for person in moment.stamp.who)
    updates = sum(moment.stamp.updates for moment in group)
    return Moment(group[-1].seq, Stamp(group[-1].stamp.at, tuple(who), updates), update)


def main() -> None:
    """The other process: packed updates of each window in, what they become out."""
    answer([merged(unpack(group)) for group in asked()])


def merged(updates: Sequence[bytes]) -> bytes:
    """One update for all of them, or b"" if that would not say the same."""
    if len(updates) == 1:
        return updates[0]
    try:
        made = merge_updates(updates)
        return made if says(made) == all_say(updates) else b""
    except (BoardError, ValueError):
        return b""


Said = tuple[dict[int, int], dict[int, list[tuple[int, int]]]]  # ends of clients, deletions


def says(update: bytes) -> Said:
    return survey(update).ends, deletions(update)


def all_say(updates: Sequence[bytes]) -> Said:
    ends: dict[int, int] = {}
    gone: dict[int, list[tuple[int, int]]] = {}
    for update in updates:
        theirs, deleted = says(update)
        for client, end in theirs.items():
            ends[client] = max(end, ends.get(client, 0))
        for client, ranges in deleted.items():
            gone.setdefault(client, []).extend(ranges)
    return ends, {client: joined(sorted(ranges)) for client, ranges in gone.items()}


def document_at(history: StoredHistory, at: int) -> Document:
    """The board as it was at that time (ms): at its base if that is later. Raises BoardError."""
    document = Document(history.base.update if history.base else None)
    for moment in history.moments:
        if moment.stamp.at > at:
            break
        document.apply_update(moment.update)
    return document


def states(history: StoredHistory) -> Iterator[tuple[int, Stamp, Document]]:
    """Every kept state, oldest first: its last update, when and who, and the document.

    It is one document that goes on: look at it before you ask for the next. Raises BoardError.
    """
    document = Document(history.base.update if history.base else None)
    if history.base is not None:
        yield history.base.seq, Stamp(history.base.at, (), history.base.seq), document
    for moment in history.moments:
        document.apply_update(moment.update)
        yield moment.seq, moment.stamp, document


if __name__ == "__main__":
    main()
