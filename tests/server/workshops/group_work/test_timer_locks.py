"""A board that the timer locks as it ends."""

from typing import Any

import pytest

from server.workshops.pace.deadlines import NotDue
from server.workshops.pace.timer_locks import TimerLocks
from tests.support.app import App, Json, Team
from tests.support.workshops.breakouts import until_desk


async def patch(team: Team, **timer: Any) -> Json:
    http = team.facilitator.http
    answer = await http.patch(f"/api/workshops/{team.id}", json={"timer": timer})
    found: Json = answer.raise_for_status().json()
    return found


async def test_the_board_is_locked_once_as_the_time_is_up(app: App) -> None:
    team = await app.team(1)
    board = team.board()
    started = await patch(team, seconds=600, locks=board)
    assert (started["timer"]["locks"], started["locks"]) == (board, {})
    assert (await patch(team, add_seconds=60))["timer"]["locks"] == board
    assert len(app.service.deadlines) == 1
    await patch(team, pause=True)
    assert len(app.service.deadlines) == 0
    await patch(team, pause=False)
    await patch(team, add_seconds=-3600)
    desk = await until_desk(team, lambda desk: bool(desk["locks"]))
    assert (desk["locks"], desk["timer"]["locks"]) == ({board: True}, None)
    http = team.facilitator.http
    await http.patch(f"/api/workshops/{team.id}", json={"locks": {board: False}})
    assert (await team.desk())["locks"] == {}  # who unlocks it is not overruled
    with pytest.raises(NotDue):
        await TimerLocks(app.service.workshops._desks).lock(team.id, board)


async def test_what_it_locks_is_chosen_and_taken_back_while_it_runs(app: App) -> None:
    team = await app.team(1)
    await patch(team, seconds=600)
    assert (await patch(team, locks=team.board()))["timer"]["locks"] == team.board()
    after = await patch(team, locks=None)
    assert (after["timer"]["locks"], after["timer"]["seconds"]) == (None, 600)
    assert len(app.service.deadlines) == 0
    answer = await team.facilitator.http.patch(
        f"/api/workshops/{team.id}", json={"timer": {"seconds": 60, "locks": "x"}}
    )
    assert (answer.status_code, answer.json()["field"]) == (400, "timer.locks")
