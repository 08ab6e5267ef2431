"""Where everybody is on the way through the day, since when, and how they are brought on softly."""

from typing import Any

import pytest

from server.clock import milliseconds
from server.workshops.pace.deadlines import NotDue
from server.workshops.pace.moves import Moves
from tests.support.app import App, Json, Team
from tests.support.workshops.breakouts import until_desk


async def patch(team: Team, **body: Any) -> Json:
    answer = await team.facilitator.http.patch(f"/api/workshops/{team.id}", json=body)
    found: Json = answer.raise_for_status().json()
    return found


async def test_when_everybody_came_to_a_board_stands_on_the_desk(app: App) -> None:
    team = await app.team(1)
    first, second = team.board(), team.board("change")
    assert (await team.desk())["reached"] is None  # prepared the day before, nobody is anywhere
    before = milliseconds()
    reached = (await patch(team, board=first))["reached"]
    assert reached["board"] == first
    assert before <= reached["at"] <= milliseconds()
    await patch(team, board=None)
    assert (await patch(team, board=first))["reached"] == reached, "brought there once more"
    later = (await patch(team, board=second))["reached"]
    assert (later["board"], later["at"] >= reached["at"]) == (second, True)


async def test_planned_times_are_set_one_by_one(app: App) -> None:
    team = await app.team(1)
    first, second = team.board(), team.board("change")
    at = 1_800_000_000_000
    await patch(team, starts={first: at})
    assert (await patch(team, starts={second: at + 1}))["starts"] == {first: at, second: at + 1}
    assert (await patch(team, starts={first: None}))["starts"] == {second: at + 1}


async def test_an_invitation_takes_everybody_there_once(app: App) -> None:
    team = await app.team(1)
    board = team.board("change")
    desk = await patch(team, invitation={"board": board, "seconds": 2})
    assert desk["board"] != board
    assert len(app.service.deadlines) == 1
    invited = desk["invitation"]
    assert (invited["board"], invited["ends"] > milliseconds()) == (board, True)
    moves = Moves(app.service.workshops._desks, app.service.workshops._automatic)
    with pytest.raises(NotDue):
        await moves.move(team.id, board)
    desk = await until_desk(team, lambda desk: desk["board"] == board)
    assert (desk["reached"]["board"], desk["invitation"]) == (board, None)
    with pytest.raises(NotDue):
        await moves.move(team.id, board)


async def test_an_invitation_is_called_off_and_ends_when_everybody_is_brought(app: App) -> None:
    team = await app.team(1)
    body = {"board": team.board("change"), "seconds": 60}
    await patch(team, invitation=body)
    assert (await patch(team, invitation=None))["invitation"] is None
    assert len(app.service.deadlines) == 0
    await patch(team, invitation=body)
    assert (await patch(team, board=team.board()))["invitation"] is None
    assert len(app.service.deadlines) == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"starts": []}, "starts"),
        ({"starts": {"x": 1}}, "starts"),
        ({"invitation": {"board": "x", "seconds": 20}}, "invitation.board"),
        ({"invitation": {"seconds": 0}}, "invitation.seconds"),
        ({"invitation": {"seconds": 601}}, "invitation.seconds"),
        ({"invitation": {"seconds": 20, "at": 3}}, "invitation.at"),
        ({"invitation": 20}, "invitation"),
    ],
)
async def test_what_is_no_time_and_no_board_is_refused(
    app: App, body: dict[str, Any], field: str
) -> None:
    team = await app.team(1)
    answer = await team.facilitator.http.patch(f"/api/workshops/{team.id}", json=body)
    assert (answer.status_code, answer.json()["field"]) == (400, field)
