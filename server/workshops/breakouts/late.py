"""What comes to a group's board after its work was over, counted so that somebody gathers it.

Group work that is over is watched: soon after a commit that wrote to one of its boards, the desk
says per group how many notes are not on the shared board yet (`Group.late`).
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace

from boards.breakout import unseen
from boards.desk import Breakout
from boards.desk_edits import put_breakout
from boards.document import Document
from server.clock import milliseconds
from server.errors import ServiceError
from server.sync.room.room import Room
from server.workshops.members import Desks, document_of, find_breakout

__all__ = ["Late"]

log = logging.getLogger(__name__)

COUNT_SECONDS = 0.5  # what comes together is counted once
SWEEP_SECONDS = 0.5  # after the moment that everybody has for what is on its way
WATCHED = 10_000  # boards; those watched longest ago are forgotten, and found again when opened

Key = tuple[str, str]  # workshop, breakout


class Late:
    """Watches the boards of group work that is over. `watching` frames its life.

    `gather` brings home what came while everybody had a moment for what was on its way.
    """

    def __init__(self, desks: Desks, gather: Callable[[str, str], Awaitable[object]]) -> None:
        self._desks = desks
        self._gather = gather
        self._boards: dict[str, Key] = {}
        self._due: dict[Key, asyncio.TimerHandle] = {}
        self._at_work: dict[Key, asyncio.Task[None]] = {}
        self._swept: set[Key] = set()  # to be gathered instead of counted, once

    @contextlib.asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Hear of commits and of who opens a board, until the block is left."""
        self._desks.rooms.committer.on_written = self._written
        self._desks.on_group_work = self.watch
        try:
            yield
        finally:
            self._desks.rooms.committer.on_written = None
            for timer in self._due.values():
                timer.cancel()
            tasks = list(self._at_work.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def watch(self, workshop: str, breakout: Breakout) -> None:
        """Count from now on if it is over; and at once what may have come before this server."""
        if breakout.state != "closed":
            return
        boards = [group.board for group in breakout.groups]
        if all(board in self._boards for board in boards):
            return
        for board in boards:
            self._boards[board] = workshop, breakout.id
        while len(self._boards) > WATCHED:
            del self._boards[next(iter(self._boards))]
        if milliseconds() < (breakout.closed or 0) + 1000 * self._desks.late_seconds:
            self._count_in(COUNT_SECONDS, (workshop, breakout.id))

    def close(self, workshop: str, breakout: Breakout, *, gathered: bool) -> None:
        """It is over now. If it was gathered, what is on its way will be too."""
        self.watch(workshop, breakout)
        key = workshop, breakout.id
        if gathered:
            self._swept.add(key)
            if (timer := self._due.pop(key, None)) is not None:
                timer.cancel()
            self._count_in(self._desks.rooms.limits.grace_seconds + SWEEP_SECONDS, key)

    def reopen(self, workshop: str, breakout: str) -> None:
        """It goes on: nothing that is written there is late any more."""
        key = workshop, breakout
        self._forget(key)
        self._swept.discard(key)
        if (timer := self._due.pop(key, None)) is not None:
            timer.cancel()

    def _written(self, board: str) -> None:
        key = self._boards.get(board)
        if key is not None:
            self._count_in(COUNT_SECONDS, key)

    def _count_in(self, seconds: float, key: Key) -> None:
        if key not in self._due:
            loop = asyncio.get_running_loop()
            self._due[key] = loop.call_later(seconds, self._start, key)

    def _start(self, key: Key) -> None:
        del self._due[key]
        if key in self._at_work:
            return self._count_in(COUNT_SECONDS, key)
        task = asyncio.get_running_loop().create_task(self._look(*key), name="late")
        self._at_work[key] = task
        task.add_done_callback(lambda _: self._at_work.pop(key, None))
        return None

    async def _look(self, workshop: str, breakout_id: str) -> None:
        """Whatever goes wrong, the group work is looked at again when somebody opens its boards."""
        try:
            if (workshop, breakout_id) in self._swept:
                self._swept.discard((workshop, breakout_id))
                await self._gather(workshop, breakout_id)
            elif not await self._count(workshop, breakout_id):
                self._count_in(COUNT_SECONDS, (workshop, breakout_id))
        except ServiceError as error:
            log.warning("what came late was not counted: %s", error)
            self._forget((workshop, breakout_id))
        except Exception:
            log.exception("what came late could not be counted")
            self._forget((workshop, breakout_id))

    def _forget(self, key: Key) -> None:
        self._boards = {board: other for board, other in self._boards.items() if other != key}

    async def _count(self, workshop: str, breakout_id: str) -> bool:
        """Say on the desk what is not home. False if something was written meanwhile."""
        async with self._desks.hold_breakout(workshop, breakout_id) as (desk_room, base, rooms):
            states = [room.seq for room in (base, *rooms.values())]
            late = await asyncio.to_thread(
                counted,
                document_of(base).get_update(),
                {group: document_of(room).get_update() for group, room in rooms.items()},
            )
            if states != [room.seq for room in (base, *rooms.values())]:
                return False
            self._tell(desk_room, breakout_id, late)
            await self._desks.rooms.committer.commit(workshop)
            return True

    def _tell(self, desk_room: Room, breakout_id: str, late: Mapping[str, int | None]) -> None:
        before = find_breakout(self._desks.read(desk_room), breakout_id)
        if before.state == "open":
            return  # reopened meanwhile
        groups = tuple(replace(group, late=late.get(group.id)) for group in before.groups)
        after = replace(before, groups=groups)
        if after != before:
            desk_room.edit(lambda document: put_breakout(document, after))


def counted(shared: bytes, forks: Mapping[str, bytes]) -> dict[str, int | None]:
    """What is not on the shared board, by group; in a thread, so that others get their turns."""
    board = Document(shared)
    return {group: unseen(Document(update), board) for group, update in forks.items()}
