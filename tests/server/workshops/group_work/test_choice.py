"""People who take part choose their group themselves, where that is open to them."""

from boards.edits import new_id
from tests.support.app import App, Json, Person, Team


async def choose(who: Person, breakout: Json, group: str | None) -> tuple[int, Json]:
    answer = await who.http.post(f"/api/breakouts/{breakout['id']}/choose", json={"group": group})
    return answer.status_code, answer.json()


async def opened(team: Team, *, choice: bool) -> Json:
    body = {"board": team.board(), "groups": [{"name": "A"}, {"name": "B"}], "choice": choice}
    answer = await team.facilitator.http.post(f"/api/workshops/{team.id}/breakouts", json=body)
    assert answer.status_code == 201, answer.text
    told: Json = answer.json()
    return told


async def sees(person: Person, group: Json) -> bool:
    return (await person.http.get(f"/api/boards/{group['board']}")).status_code == 200


async def test_one_goes_to_a_group_and_to_another_and_rights_go_along(app: App) -> None:
    team = await app.team(2)
    breakout = await opened(team, choice=True)
    one, other = breakout["groups"]
    who, _ = team.people
    newcomer = await team.join("Leppä")
    [stored] = (await team.desk())["breakouts"]
    assert (stored["choice"], [group["people"] for group in stored["groups"]]) == (True, [[], []])
    assert (await sees(who, one), await sees(newcomer, one)) == (False, False)
    status, told = await choose(who, breakout, one["id"])
    assert (status, [group["people"] for group in told["groups"]]) == (200, [[who.id], []])
    assert (await sees(who, one), await sees(who, other)) == (True, False)
    _, told = await choose(who, breakout, other["id"])
    assert [group["people"] for group in told["groups"]] == [[], [who.id]]
    assert list(told["groups"][0]["left"]) == [who.id]
    assert (await sees(who, one), await sees(who, other)) == (False, True)
    _, told = await choose(who, breakout, None)
    assert [group["people"] for group in told["groups"]] == [[], []]


async def test_nobody_goes_where_it_is_not_theirs_to_choose(app: App) -> None:
    team = await app.team(1)
    breakout = await opened(team, choice=False)
    group = breakout["groups"][0]["id"]
    [who] = team.people
    assert (await choose(who, breakout, group))[0] == 403
    breakout = await opened(team, choice=True)
    observer = await team.join("Haapa", "observer")
    group = breakout["groups"][0]["id"]
    for person in (observer, team.facilitator):
        assert (await choose(person, breakout, group))[0] == 403
    for wrong in (new_id(), "x"):
        assert (await choose(who, breakout, wrong))[0] == 400
    await team.facilitator.http.post(f"/api/breakouts/{breakout['id']}/close", json={})
    status, problem = await choose(who, breakout, group)
    assert (status, problem["code"]) == (409, "breakout-closed")
