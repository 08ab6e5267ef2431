"""Deleting workshops whole: because a facilitator asks, or because retention says so."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from server.errors import WorkshopGone
from server.exports.sources import SMALL_BYTES
from server.workshops.members import Desks, Member
from server.workshops.scrubbing import Scrubbing

__all__ = ["Deletion"]


class Deletion:
    """Deletes boards, people, codes, tokens and snapshots of a workshop."""

    def __init__(self, desks: Desks, scrubbing: Scrubbing) -> None:
        self._desks = desks
        self._store = desks.store
        self._rooms = desks.rooms
        self._scrubbing = scrubbing

    async def delete(self, member: Member) -> None:
        """Delete the workshop of a facilitator who asks for it."""
        member.must_lead()
        await self.delete_whole(member.workshop)

    async def delete_whole(
        self, workshop: str, only_if: Callable[[Mapping[str, Any]], bool] = lambda _: True
    ) -> bool:
        """Nothing of it stays, in the files neither, also when others are at work in it.

        `only_if`: whether to, by its record as it stands when nobody writes there any more.
        Raises StoreUnavailable; then it stays, and nobody was sent away. Only large snapshots,
        which go before the rest, may be gone.
        """
        committer = self._rooms.committer
        with committer.closing(workshop):
            await committer.commit(
                workshop
            )  # what others asked for is written now, and so is found
            value = await self._store.get("workshop", workshop)
            if value is None or not only_if(value):
                return False
            boards = [workshop] + [board for board, _ in await self._store.find("board", workshop)]
            await self._delete_states(workshop, boards)
            gone = [("workshop", workshop)]
            await committer.commit(workshop, drops=boards, forgets=boards, deletes=gone)
        for board in boards:
            room = self._rooms.in_memory(board)
            if room is not None:
                room.fail(WorkshopGone("deleted"))
        self._rooms.alarms.forget(boards)
        self._desks.erased(workshop)
        await self._scrubbing.do()
        return True

    async def _delete_states(self, workshop: str, boards: Sequence[str]) -> None:
        """Large states of boards go first, and one by one: others commit in between."""
        for board in boards:
            snapshots = await self._store.find("snapshot", board)
            found = [("snapshot", id) for id, value in snapshots if is_large(value.get("size", 0))]
            found += [("merged", id) for id, _ in await self._store.find("merged", board)]
            for one in found:
                await self._rooms.committer.commit(workshop, deletes=[one])


def is_large(size: int) -> bool:
    """`size`: bytes; 0 if nobody counted them."""
    return not 0 < size <= SMALL_BYTES
