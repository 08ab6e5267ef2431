"""Many groups, large boards: a facilitator (anybody may be one) makes nobody wait with them."""

import asyncio

from boards.document import Document
from boards.edits import add_note
from server.workshops.breakouts import breakouts
from tests.support.app import App, Team
from tests.support.pauses import watched

LONGEST = 0.25  # seconds for which others may wait


async def fill(app: App, board: str, notes: int, text: str) -> None:
    def write(document: Document) -> None:
        with document.transaction():
            for number in range(notes):
                add_note(document, board, zone="challenges", text=text, at=number)

    async with app.service.rooms.hold(board) as room:
        room.edit(write)
        await app.service.rooms.committer.commit(room.workshop)


async def split(team: Team, groups: int) -> tuple[int, str]:
    """The status and, if it was refused, why."""
    body = {"board": team.board(), "groups": groups}
    answer = await team.facilitator.http.post(f"/api/workshops/{team.id}/breakouts", json=body)
    return answer.status_code, str(answer.json().get("code"))


async def test_h3_many_groups_are_made_beside_the_others_work(app: App) -> None:
    team = await app.team(1)
    await fill(app, team.board(), 500, "lappu " * 10)
    with watched() as pauses:
        assert await split(team, 200) == (201, "None")
    assert pauses.longest < LONGEST


async def test_h3_a_large_board_is_not_copied_without_end(app: App) -> None:
    team = await app.team(1)
    await fill(app, team.board(), 1_000, "x" * 1_000)
    with watched() as pauses:
        assert await split(team, 200) == (409, "split-too-large")
    assert pauses.longest < LONGEST
    desk = await team.desk()
    assert desk["breakouts"] == []
    assert len(await app.service.store.find("board", team.id)) == len(team.made["boards"])
    assert await split(team, 5) == (201, "None")


async def test_h3_breakouts_of_a_workshop_are_bounded(app: App) -> None:
    team = await app.team(1)
    for _ in range(breakouts.MOST_OPEN_GROUPS // 200):
        assert await split(team, 200) == (201, "None")
    assert await split(team, 1) == (409, "breakouts-full")
    with watched() as pauses:
        await team.join("Koivu")
    assert pauses.longest < LONGEST
    [first, *_] = (await team.desk())["breakouts"]
    await team.facilitator.http.post(f"/api/breakouts/{first['id']}/close", json={})
    assert await split(team, 1) == (201, "None")


async def test_who_joins_while_groups_are_made_has_a_place(app: App) -> None:
    team = await app.team(2)
    splitting = asyncio.ensure_future(split(team, 100))
    joined = [await team.join(f"Koivu {number}") for number in range(5)]
    assert await splitting == (201, "None")
    [breakout] = (await team.desk())["breakouts"]
    seated = [person for group in breakout["groups"] for person in group["people"]]
    assert sorted(seated) == sorted(person.id for person in team.people)
    assert {person.id for person in joined} <= set(seated)
