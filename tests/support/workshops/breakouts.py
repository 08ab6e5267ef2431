"""A breakout over HTTP."""

import asyncio
from collections.abc import Callable

from boards.document import Document
from tests.support.app import App, Json, Team


async def grouped(app: App, people: int = 4, groups: int = 2) -> tuple[Team, Json]:
    team = await app.team(people)
    return team, await team.split(groups, seed=7)


async def edit(app: App, board: str, change: Callable[[Document], object]) -> None:
    """A change of a board, durable."""
    async with app.service.rooms.hold(board) as room:
        room.edit(change)
        await app.service.rooms.committer.commit(room.workshop)


async def until_desk(team: Team, stands: Callable[[Json], bool]) -> Json:
    """The desk once it stands so; looked at again and again, as its members would see it."""
    async with asyncio.timeout(10):
        while True:
            desk = await team.desk()
            if stands(desk):
                return desk
            await asyncio.sleep(0.02)
