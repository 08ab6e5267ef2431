"""Snapshots that the server takes by itself: where the group moves on, and while it works.

Those before a merge, and before somebody goes back, are part of the commit that does it: see
`merges.py`, `snapshots.py` and `by_person.py`. Which of them go again: `thinning.py`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterable
from weakref import WeakKeyDictionary

from boards.edits import new_id
from server.clock import milliseconds
from server.errors import ServiceError
from server.i18n import t
from server.store import SERVER, Commit, Store
from server.sync.commit.committer import Committer
from server.sync.room.room import Room
from server.workshops.locks import Locks
from server.workshops.members import Desks, document_of
from server.workshops.snapshots.large import Large
from server.workshops.snapshots.snapshot import Cause, Snapshot
from server.workshops.snapshots.thinning import too_old

__all__ = ["Automatic", "forget_old"]

log = logging.getLogger(__name__)

PAUSE_SECONDS = 60.0  # between two looks at who is at work
ACTIVITY_MS = 600_000  # between two snapshots of a board that is worked on


class Automatic:
    """Takes a board's snapshot where it has changed since the last; whatever fails, only tells."""

    def __init__(self, desks: Desks) -> None:
        self._desks = desks
        self._store = desks.store
        self._rooms = desks.rooms
        self.large = Large()
        self._locks = Locks()  # of a board, one is taken at a time: two would be of the same state
        self._looked: WeakKeyDictionary[Room, tuple[int, int]] = WeakKeyDictionary()

    async def keep(
        self, workshop: str, boards: Iterable[str], cause: Cause, person: str | None = None
    ) -> list[str]:
        """Of each of these boards that has changed; the ids of the snapshots that were taken."""
        taken = []
        for board in boards:
            try:
                snapshot = await self._keep(workshop, board, cause, person)
            except ServiceError as error:
                log.warning("no snapshot of board %s was taken: %s", board, error)
            except Exception:  # whatever it is, what the snapshot is for goes on without one
                log.exception("no snapshot of board %s was taken", board)
            else:
                taken += [] if snapshot is None else [snapshot]
        return taken

    async def _keep(
        self, workshop: str, board: str, cause: Cause, person: str | None
    ) -> str | None:
        language = (await self._desks.desk(workshop)).language
        name = t(language, f"snapshot.{cause}")
        async with self._locks.of(board), self._rooms.hold(board) as room:
            found = await self._store.find("snapshot", board)
            snapshots = [Snapshot.of(id, value) for id, value in found]
            if room.seq <= max((one.seq for one in snapshots), default=1):
                return None  # as it was then, or as it was seeded
            size = room.loaded_board().state.size  # about: writing it takes long
            async with self.large.turn(workshop, size):
                update, now = document_of(room).get_update(), milliseconds()
                snapshot = Snapshot(
                    new_id(), name, now, board, cause, person, room.seq, len(update)
                )
                gone = too_old((*snapshots, snapshot), now)
                await self._rooms.committer.commit(
                    workshop,
                    puts=[snapshot.record(workshop, update)],
                    deletes=[(kind, id) for id in gone for kind in ("snapshot", "merged")],
                )
        return snapshot.id

    @contextlib.asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Meanwhile, boards that are worked on are looked at every minute."""
        watch = asyncio.create_task(self._watch(), name="snapshots")
        try:
            yield
        finally:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(PAUSE_SECONDS)
            try:
                await self.look(milliseconds())
            except Exception:  # nobody waits for this task: it would end unheard
                log.exception("who is at work was not looked at")

    async def look(self, now: int) -> None:
        """Keep every board that has been worked on for ten minutes since it was kept last."""
        for room in self._rooms.loaded():
            is_board = room.workshop not in (SERVER, room.board)
            seq, at = self._looked.setdefault(room, (room.seq, now))
            if is_board and room.seq > seq and now - at >= ACTIVITY_MS:
                self._looked[room] = room.seq, now
                await self.keep(room.workshop, [room.board], "activity")


async def forget_old(store: Store, committer: Committer, workshop: str, board: str) -> None:
    """After a snapshot that was taken with something else: those go whose time is over, or that are
    too many or too much by now."""
    found = await store.find("snapshot", board)
    gone = too_old((Snapshot.of(id, value) for id, value in found), milliseconds())
    if gone:
        deletes = [(kind, id) for id in gone for kind in ("snapshot", "merged")]
        with contextlib.suppress(ServiceError):  # what it is for is done
            await committer.commit_alone(Commit(workshop, deletes=deletes))
