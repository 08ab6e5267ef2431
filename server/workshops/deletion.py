"""Deleting workshops whole: because a facilitator asks, or because nobody has used one for long."""

import asyncio
import logging

from server.errors import ServiceError, WorkshopGone
from server.store import Store
from server.sync.rooms import Rooms
from server.workshops.desks import Member
from server.workshops.moments import milliseconds
from server.workshops.usage import DAY, last_used

__all__ = ["Deletion"]

log = logging.getLogger(__name__)

PAUSE_SECONDS = 3600.0  # between two looks at what is old
WITH_WORKSHOP = (
    *("person", "token", "code", "return_code", "breakout", "board", "round"),
    *("workbook", "previous"),
)
WITH_BOARD = ("owner", "fork", "snapshot")


class Deletion:
    """Deletes boards, people, codes, tokens and snapshots of a workshop in one commit."""

    def __init__(self, store: Store, rooms: Rooms) -> None:
        self._store = store
        self._rooms = rooms

    async def delete(self, member: Member) -> None:
        """Delete the workshop of a facilitator who asks for it."""
        member.must_lead()
        await self._delete(member.workshop)

    async def forget_unused(self, days: int) -> int:
        """Delete every workshop that nobody has used for `days` days; how many there were."""
        oldest = milliseconds() - days * DAY
        old = [
            workshop
            for workshop, value in await self._store.find("workshop", "")
            if last_used(value) < oldest
        ]
        for workshop in old:
            await self._delete(workshop)
        return len(old)

    async def keep_forgetting(self, days: int) -> None:
        """Forget what is unused, now and every hour, until cancelled."""
        while True:
            try:
                gone = await self.forget_unused(days)
                log.info("deleted %d workshops unused for %d days", gone, days)
            except ServiceError as error:
                log.error("unused workshops could not be deleted: %s", error)
            await asyncio.sleep(PAUSE_SECONDS)

    async def _delete(self, workshop: str) -> None:
        boards = [workshop] + [board for board, _ in await self._store.find("board", workshop)]
        deletes = [("workshop", workshop)]
        for kind in WITH_WORKSHOP:
            deletes += [(kind, id) for id, _ in await self._store.find(kind, workshop)]
        for board in boards:
            for kind in WITH_BOARD:
                deletes += [(kind, id) for id, _ in await self._store.find(kind, board)]
        self._send_away(boards)
        await self._rooms.committer.flush(drops=boards, deletes=deletes)
        self._send_away(boards)  # whoever came back while it was being deleted

    def _send_away(self, boards: list[str]) -> None:
        for board in boards:
            room = self._rooms.live(board)
            if room is not None:
                room.fail(WorkshopGone("deleted"))
