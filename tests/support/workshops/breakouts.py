"""A breakout over HTTP."""

from tests.support.app import App, Json, Team


async def grouped(app: App, people: int = 4, groups: int = 2) -> tuple[Team, Json]:
    team = await app.team(people)
    return team, await team.split(groups, seed=7)
