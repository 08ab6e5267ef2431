"""Crowds of made-up people: a facilitator sees which they are, and sends them away in one go."""

import asyncio
import contextlib
from pathlib import Path

import pytest

from server.sync.seats import Seats
from server.workshops.signs import PRESENT_SECONDS
from tests.attacks.access.test_doors import holds, names, status, tries_to_join
from tests.attacks.access.test_ghost_answers import opened, sit
from tests.support.app import App, Json, Person, Team, running_app
from tests.support.asgi import conversation
from tests.support.clock import HandClock
from tests.support.rooms import LIMITS
from tests.support.workshops.surveys import FORM, answer, closed, code, post, rounds

NAME = "Kanarialintu"


async def crowd(team: Team, many: int) -> list[Person]:
    return [await team.join(f"{NAME} {number}") for number in range(many)]


async def listed(team: Team) -> dict[str, Json]:
    answer = await team.facilitator.http.get(f"/api/workshops/{team.id}/people")
    return {person["name"]: person for person in answer.raise_for_status().json()}


async def remove(team: Team, people: list[Person], by: Person | None = None) -> tuple[int, Json]:
    body = {"people": [person.id for person in people]}
    path = f"/api/workshops/{team.id}/people/remove"
    answer = await (by or team.facilitator).http.post(path, json=body)
    return answer.status_code, answer.json()


async def test_h9_a_crowd_goes_at_once_and_leaves_nothing(app: App) -> None:
    team = await app.team(2)
    ghosts = await crowd(team, 30)
    breakout = await team.split(3)
    folder = app.service.config.data
    assert holds(folder, NAME)
    assert (await remove(team, ghosts, team.people[0]))[1]["code"] == "not-allowed"
    found = await remove(team, ghosts)
    assert found == (200, {"removed": [ghost.id for ghost in ghosts]})
    assert sorted(await names(team)) == ["Osallistuja 1", "Osallistuja 2", "Vetäjä"]
    assert {await status(team, ghost) for ghost in ghosts} == {401}
    assert not holds(folder, NAME)
    desk = await team.desk()
    seated = {person for group in desk["breakouts"][0]["groups"] for person in group["people"]}
    assert seated == {person.id for person in team.people[:2]}
    assert desk["breakouts"][0]["id"] == breakout["id"]
    store = app.service.store
    for kind in ("person", "token", "return_code"):
        assert len(await store.find(kind, team.id)) == 3
    assert await remove(team, ghosts) == (200, {"removed": []})  # again is no mistake


async def test_h9_nobody_goes_with_a_facilitator_among_them(app: App) -> None:
    team, other = await app.team(2), await app.team(1)
    status_code, problem = await remove(team, [*team.people, team.facilitator])
    assert (status_code, problem["code"]) == (403, "not-allowed")
    assert await remove(team, other.people) == (200, {"removed": []})
    assert len(await names(team)) == 3
    assert len(await names(other)) == 2


@pytest.mark.parametrize("people", [None, "x", [1], [None], ["x" * 200], ["x"] * 2_001, [{}]])
async def test_odd_lists_of_people_are_refused(app: App, people: object) -> None:
    team = await app.team(1)
    path = f"/api/workshops/{team.id}/people/remove"
    answer = await team.facilitator.http.post(path, json={"people": people})
    assert answer.status_code == 400


async def test_h9_a_facilitator_sees_who_came_when_and_did_what(app: App) -> None:
    team = await app.team(3)
    wrote, stayed, nothing = team.people
    await team.at_work(wrote)
    app.service.rooms.seats = seats = Seats(LIMITS, clock := HandClock())
    connections = [sit(seats, stayed)]
    clock.turn(PRESENT_SECONDS)
    connections.append(sit(seats, nothing))
    found = await listed(team)
    assert [person["name"] for person in sorted(found.values(), key=lambda p: p["joined"])] == [
        *found
    ]
    did = {person["id"]: (person["did"], person["here"]) for person in found.values()}
    assert did[wrote.id] == ("wrote", False)
    assert did[stayed.id] == ("stayed", True)
    assert did[nothing.id] == ("nothing", True)
    refused = await wrote.http.get(f"/api/workshops/{team.id}/people")
    assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed")


async def test_h9_ghosts_that_hold_connections_are_off_them_and_make_room(tmp_path: Path) -> None:
    """Who is connected keeps their place; but a facilitator ends that within a second."""
    async with running_app(tmp_path, people=8) as app, contextlib.AsyncExitStack() as held:
        team = await app.team(1)
        ghosts = await crowd(team, 6)
        sockets = [
            await held.enter_async_context(conversation(app, team.id, ghost.token))
            for ghost in ghosts
        ]
        async with asyncio.timeout(30):
            for socket in sockets:
                assert (await socket.get())["type"] == "websocket.accept"
        assert await tries_to_join(team) == "workshop-full"
        async with asyncio.timeout(30):  # the desk says so a commit later
            while not (await listed(team))[f"{NAME} 0"]["here"]:
                pass
        assert (await remove(team, ghosts))[0] == 200
        async with asyncio.timeout(1):
            for socket in sockets:
                while (sent := await socket.get())["type"] != "websocket.close":
                    pass
                assert sent["code"] == 4401
        assert await tries_to_join(team) == "in"


async def test_m7_ghosts_that_wrote_a_note_each_are_left_out_knowingly(app: App) -> None:
    """One's own crowd can be at work as well; who leads knows whom they invited."""
    team = await app.team(5)
    ghosts = await crowd(team, 4)
    await team.at_work(*team.people)
    told = await opened(team, without=[ghost.id for ghost in ghosts])
    assert (told["asked"], told["added"], told["left_out"]) == (6, 0, 4)
    assert [code(await answer(team, ghost)) for ghost in ghosts] == [(403, "not-asked")] * 4
    honest = team.people[0]
    assert (await answer(team, honest)).status_code == 204
    [seen] = await rounds(team, honest)
    assert seen["whom"] == [team.facilitator.id, *(person.id for person in team.people[:5])]
    assert (seen["asked"], seen["left_out"], seen["not_asked"]) == (6, 4, [])
    [known] = await rounds(team)
    assert known["not_asked"] == [ghost.id for ghost in ghosts]
    found = await closed(team)
    assert (found["asked"], found["left_out"], found["whom"]) == (6, 4, [])


async def test_m7_a_round_says_to_everybody_whom_it_asks(app: App) -> None:
    """Whoever is about to answer sees beside whom, also where nobody leads who looks."""
    team = await app.team(5)
    await team.at_work()
    await crowd(team, 2)
    await opened(team)
    for who in (team.facilitator, team.people[0]):
        [seen] = await rounds(team, who)
        assert seen["whom"] == [team.facilitator.id, *(p.id for p in team.people[:5])]


async def test_m7_who_is_left_out_does_not_count_among_enough(app: App) -> None:
    team = await app.team(5)
    await team.at_work()
    left = [person.id for person in team.people[:2]]
    refused = await post(team, "rounds", form=FORM, without=left, also=left)
    assert code(refused) == (409, "too-few-asked")
    assert refused.json()["n"] == 4
    assert (await opened(team, without=left, few=True))["asked"] == 4
