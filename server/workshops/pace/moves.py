"""Everybody goes on to a board when its time has come, where who leads has invited them there."""

from boards.desk import Desk
from boards.desk_edits import put_fields
from server.clock import milliseconds
from server.workshops.input.course import arrival
from server.workshops.members import Desks
from server.workshops.pace.deadlines import NotDue
from server.workshops.snapshots.automatic import Automatic

__all__ = ["Moves", "due_moves"]


def due_moves(desk: Desk) -> dict[str, int]:
    """When (ms since the epoch) everybody goes on to a board, by its id."""
    found = desk.invitation
    return {} if found is None else {found.board: found.ends}


class Moves:
    """Brings everybody to the board that they were invited to."""

    def __init__(self, desks: Desks, automatic: Automatic) -> None:
        self._desks = desks
        self._automatic = automatic

    async def move(self, workshop: str, board: str) -> None:
        """Once; who goes elsewhere afterwards is not called back. Raises NotDue."""
        async with self._desks.hold(workshop) as room:
            desk, now = self._desks.read(room), milliseconds()
            ends = due_moves(desk).get(board)
            if ends is None or now < ends:
                raise NotDue
            changes = {"board": board, **arrival(desk, board, now)}
            room.edit(lambda document: put_fields(document, changes))
            await self._desks.rooms.committer.commit(workshop)
        left = [desk.board] if desk.board not in (None, board) else []
        await self._automatic.keep(workshop, [each for each in left if each], "move")
