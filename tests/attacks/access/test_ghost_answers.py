"""Surveys: no crowd of one's own answers beside somebody, so that their answer is what is left."""

import re
from typing import Any

from server.sync.room.connection import Connection
from server.sync.seats import Seats
from server.web.api.openapi import description
from server.workshops.signs import PRESENT_SECONDS
from tests.support.app import App, Person, Team
from tests.support.clock import HandClock
from tests.support.rooms import LIMITS, Recorder, access
from tests.support.workshops.surveys import (
    FORM,
    answer,
    answered,
    closed,
    code,
    post,
    rounds,
)

SECRET = "vain minun sanani"
FILES = {"format": ("json", "md", "ics")}


async def opened(team: Team, **more: Any) -> Any:
    return (await post(team, "rounds", form=FORM, **more)).json()


async def ghosts(team: Team, many: int = 4) -> list[Person]:
    """People whom one member makes with the code that everybody sees."""
    return [await team.join(f"Haamu {number}") for number in range(many)]


async def ask(team: Team, people: list[Person]) -> Any:
    named = [person.id for person in people]
    return (await post(team, "rounds/asked", form=FORM, people=named)).json()


async def test_sv6_m7_four_ghosts_do_not_make_the_fifth_answer_known(app: App) -> None:
    team = await app.team(5)
    await team.at_work()
    await opened(team)
    honest = team.people[0]
    assert (await answer(team, honest, 2, comment=SECRET)).status_code == 204
    for ghost in await ghosts(team):
        assert code(await answer(team, ghost, 5)) == (403, "not-asked")
    found = await closed(team)
    assert (found["answers"], found["released"], found["comments"]) == (1, False, [])


async def test_sv6_m7_ghosts_that_came_before_and_did_nothing_are_not_asked(app: App) -> None:
    team = await app.team(5)
    await team.at_work()
    before = await ghosts(team)
    for ghost in before:  # a page that is opened asks for as much
        (await ghost.http.get(f"/api/workshops/{team.id}")).raise_for_status()
    told = await opened(team)
    assert (told["asked"], told["added"]) == (6, 0)
    assert told["not_asked"] == [ghost.id for ghost in before]
    assert [code(await answer(team, ghost)) for ghost in before] == [(403, "not-asked")] * 4


async def test_sv6_m7_writing_after_the_round_has_opened_is_too_late(app: App) -> None:
    team = await app.team(5)
    await team.at_work()
    before = await ghosts(team)
    await opened(team)
    await team.at_work(*before)
    assert [code(await answer(team, ghost)) for ghost in before] == [(403, "not-asked")] * 4
    await closed(team)
    assert (await opened(team))["asked"] == 10  # they are seen on the list before the next


async def test_sv8_m7_a_facilitator_adds_people_knowingly_and_everybody_is_told(app: App) -> None:
    team = await app.team(5)
    await team.at_work()
    await opened(team)
    late = await ghosts(team, 2)
    assert (await rounds(team))[0]["not_asked"] == [person.id for person in late]
    refused = await post(team, "rounds/asked", late[0], form=FORM, people=[late[0].id])
    assert code(refused) == (403, "not-allowed")
    for _ in range(2):  # naming somebody twice counts once
        told = await ask(team, late[:1])
    assert (told["asked"], told["added"], told["not_asked"]) == (7, 1, [late[1].id])
    assert (await answer(team, late[0])).status_code == 204
    assert code(await answer(team, late[1])) == (403, "not-asked")
    [seen] = await rounds(team, team.people[0])
    assert (seen["asked"], seen["added"], seen["not_asked"]) == (7, 1, [])
    found = await closed(team)
    assert (found["asked"], found["added"], found["answers"]) == (7, 1, 1)
    gone = await post(team, "rounds/asked", form=FORM, people=[])
    assert code(gone) == (409, "round-closed")


async def test_sv6_m7_who_is_left_out_of_an_open_round_answers_no_more(app: App) -> None:
    """And nobody learns whether they had: what they answered stays among the others."""
    team = await app.team(6)
    await team.at_work()
    await opened(team)
    done, late, *others = team.people
    assert (await answer(team, done)).status_code == 204
    refused = await post(team, "rounds/asked", late, form=FORM, without=[done.id])
    assert code(refused) == (403, "not-allowed")
    told = (await post(team, "rounds/asked", form=FORM, without=[done.id, late.id])).json()
    assert (told["asked"], told["left_out"], told["answers"]) == (5, 2, 1)
    assert done.id not in told["whom"]
    assert done.id in told["not_asked"]
    assert [code(await answer(team, each)) for each in (done, late)] == [(403, "not-asked")] * 2
    few = await post(team, "rounds/asked", form=FORM, without=[others[0].id])
    assert code(few) == (409, "too-few-asked")
    assert few.json()["n"] == 4
    await ask(team, [late])
    assert (await answer(team, late)).status_code == 204
    found = await closed(team)
    assert (found["asked"], found["left_out"], found["answers"]) == (6, 2, 2)


async def test_sv6_m7_nobody_is_added_who_only_looks_on_or_is_elsewhere(app: App) -> None:
    team, other = await app.team(5), await app.team(1)
    await team.at_work()
    observer = await team.join("Haapa", "observer")
    for person in (observer, other.people[0]):
        for path, field in (("rounds", "also"), ("rounds/asked", "people")):
            named: dict[str, Any] = {field: [person.id]}
            refused = await post(team, path, form=FORM, **named)
            assert code(refused) == (400, "field-invalid")


async def test_sv7_m7_a_round_of_few_is_opened_knowingly_or_not_at_all(app: App) -> None:
    team = await app.team(6)
    await team.at_work(*team.people[:3])
    refused = await post(team, "rounds", form=FORM)
    assert code(refused) == (409, "too-few-asked")
    assert refused.json()["n"] == 4
    assert await rounds(team) == []
    told = await opened(team, also=[team.people[3].id])
    assert (told["asked"], told["added"]) == (5, 1)
    await closed(team)
    assert (await opened(team, few=True))["asked"] == 4


async def test_sv6_m7_an_honest_team_of_six_is_asked_and_has_results(app: App) -> None:
    team = await app.team(5)
    await team.at_work()
    path = f"/api/workshops/{team.id}/rounds/asked"
    whom = (await team.facilitator.http.get(path)).json()
    everybody = [team.facilitator.id, *(person.id for person in team.people)]
    assert whom == {"asked": everybody, "not_asked": []}
    assert (await team.people[0].http.get(path)).status_code == 403
    await opened(team)
    assert [(await rounds(team, who))[0]["invited"] for who in team.people] == [True] * 5
    await answered(team, team.people)
    assert (await closed(team))["released"] is True


async def test_sv6_m7_who_was_connected_for_a_while_was_at_work_without_a_word(app: App) -> None:
    """Whoever shares a device, or listens, is of the team; a connection of a moment is not."""
    team = await app.team(5)
    clock = HandClock()
    app.service.rooms.seats = seats = Seats(LIMITS, clock)
    stays, comes, leaves = team.people[:3]
    connections = [sit(seats, stays)]
    went = sit(seats, leaves)
    clock.turn(PRESENT_SECONDS / 2)
    seats.leave(went)
    clock.turn(PRESENT_SECONDS / 2 - 1)
    connections.append(sit(seats, comes))
    assert (await opened(team, few=True))["asked"] == 1
    await closed(team)
    clock.turn(1)
    sit(seats, leaves)
    told = await opened(team, few=True)
    assert told["asked"] == 2
    assert stays.id not in told["not_asked"]
    await closed(team)
    clock.turn(PRESENT_SECONDS / 2)  # what they were here before they left counts as well
    assert leaves.id not in (await opened(team, few=True))["not_asked"]


def sit(seats: Seats, person: Person) -> Connection:
    connection = Connection(access(person.id), Recorder(), LIMITS, HandClock(), wants_acks=True)
    seats.take(connection)
    return connection


# -- nobody beside an answer, wherever one asks ----------------------------------------------------


async def test_sv3_m7_no_call_tells_who_answered_what(app: App) -> None:
    """Every address that can be read, as everybody there is, before and after the round closes."""
    team = await app.team(5)
    observer = await team.join("Haapa", "observer")
    await team.at_work()
    breakout = await team.split(2)
    await opened(team)
    await answered(team, team.people[1:])
    await answer(team, team.people[0], 2, comment=SECRET)
    [(_, stored)] = await app.service.store.find("round", team.id)
    names = [*stored["voters"], *stored["asked"]]
    for who in (team.facilitator, team.people[1], observer):
        for path, text in await all_that_is_read(team, breakout, who):
            assert SECRET not in text, path
            assert not [name for name in names if name in text], path
    await closed(team)
    for who in (team.facilitator, team.people[1], observer):
        for path, text in await all_that_is_read(team, breakout, who):
            assert not [name for name in names if name in text], path
            if SECRET in text:
                people = {team.people[0].id, "Osallistuja 1"}
                assert not [each for each in people if each in text], path


async def test_m7_files_name_nobody_who_wrote(app: App) -> None:
    """What leaves as a file tells no author: of notes, of deleted ones, of what a group brought."""
    team = await app.team(5)
    await team.at_work()
    breakout = await team.split(2)
    await team.merge(breakout)
    for who in (team.facilitator, team.people[1]):
        for path, text in await all_that_is_read(team, breakout, who):
            if "/export." in path:
                people = [person for person in team.people if person.id in text]
                assert not people, path
                assert not re.search(r"Osallistuja \d", text), path


async def all_that_is_read(team: Team, breakout: Any, who: Person) -> list[tuple[str, str]]:
    """(path, text) of every address that answers a GET; those that do not exist say so."""
    boards = [board["id"] for board in (await team.desk())["boards"]]
    values: dict[str, tuple[str, ...]] = {
        "workshop": (team.id,),
        "board": (team.id, *boards),
        "breakout": (breakout["id"],),
        "person": (who.id, team.people[0].id),
        "code": (team.made["join_code"],),
        **FILES,
    }
    found = []
    for path, operations in description()["paths"].items():
        if "get" not in operations:
            continue
        for address in spelled(path, values):
            answer = await who.http.get(address)
            found.append((address, answer.text))
    assert len(found) > 60
    return found


def spelled(path: str, values: dict[str, tuple[str, ...]]) -> list[str]:
    """A path with each value that its parameters can have."""
    match = re.search(r"\{(\w+)\}", path)
    if match is None:
        return [path]
    chosen = values.get(match[1], ("unknown",))
    return [one for value in chosen for one in spelled(path.replace(match[0], value, 1), values)]
