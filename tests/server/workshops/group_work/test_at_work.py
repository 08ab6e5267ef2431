"""While groups are at work: messages, calls for help, and work that goes on after its end."""

from typing import Any

from tests.support.app import App, Json, Person
from tests.support.workshops.breakouts import grouped, until_desk


async def command(who: Person, breakout: Json, call: str, **body: Any) -> tuple[int, Json]:
    answer = await who.http.post(f"/api/breakouts/{breakout['id']}/{call}", json=body)
    return answer.status_code, answer.json()


async def test_work_that_was_over_goes_on_where_it_stood(app: App) -> None:
    team, breakout = await grouped(app)
    lead, board = team.facilitator, breakout["groups"][0]["board"]
    await app.write(board, "ennen loppua")
    await command(lead, breakout, "close")
    await app.write(board, "loppuneen jälkeen")
    await until_desk(team, lambda desk: bool(desk["breakouts"][0]["groups"][0]["late"]))
    newcomer = await team.join("Leppä")
    status, again = await command(lead, breakout, "reopen")
    assert (status, again["state"], again["closed"]) == (200, "open", None)
    [desk_now] = (await team.desk())["breakouts"]
    assert desk_now == again
    boards = [group["board"] for group in again["groups"]]
    assert boards == [group["board"] for group in breakout["groups"]]
    members = [set(group["people"]) for group in again["groups"]]
    assert set.union(*members) == {newcomer.id, *(person.id for person in team.people)}
    for group, before in zip(members, breakout["groups"], strict=True):
        assert group >= set(before["people"])
    assert [group["late"] for group in again["groups"]] == [None, None]
    assert await command(lead, breakout, "reopen") == (200, again)
    await app.write(board, "jatkettu")
    closed = (await command(lead, breakout, "close", gather=True))[1]
    added = {note["text"] for note in closed["gathered"]["added"]}
    assert added == {"ennen loppua", "loppuneen jälkeen", "jatkettu"}


async def test_nobody_works_in_two_rounds_at_once(app: App) -> None:
    team, breakout = await grouped(app)
    await command(team.facilitator, breakout, "close")
    await team.split(2)
    status, problem = await command(team.facilitator, breakout, "reopen")
    assert (status, problem["code"]) == (409, "groups-at-work")


async def test_a_message_goes_to_one_group_or_to_all_until_it_is_taken_away(app: App) -> None:
    team, breakout = await grouped(app)
    first, second = (group["id"] for group in breakout["groups"])

    async def texts(**body: Any) -> list[str | None]:
        _, told = await command(team.facilitator, breakout, "message", **body)
        assert (await team.desk())["breakouts"] == [told]
        return [group["message"] and group["message"]["text"] for group in told["groups"]]

    assert await texts(text="Viisi minuuttia") == ["Viisi minuuttia"] * 2
    assert await texts(text="Hyvä alku!", group=second) == ["Viisi minuuttia", "Hyvä alku!"]
    assert await texts(text=None, group=first) == [None, "Hyvä alku!"]
    for body, field in (({"text": " "}, "text"), ({"text": "a", "group": "x"}, "group")):
        status, problem = await command(team.facilitator, breakout, "message", **body)
        assert (status, problem["field"]) == (400, field)
    await command(team.facilitator, breakout, "close")
    [over] = (await team.desk())["breakouts"]
    assert [group["message"] for group in over["groups"]] == [None, None]
    status, problem = await command(team.facilitator, breakout, "message", text="Myöhässä")
    assert (status, problem["code"]) == (409, "breakout-closed")


async def test_a_group_asks_for_help_and_who_leads_answers(app: App) -> None:
    team, breakout = await grouped(app)
    first, second = breakout["groups"]
    people = {person.id: person for person in team.people}
    caller, other = (people[person] for person in first["people"][:2])
    stranger = people[second["people"][0]]

    async def since(who: Person, **body: Any) -> list[int | None]:
        status, told = await command(who, breakout, "help", **body)
        assert status == 200, told
        return [group["help"] for group in told["groups"]]

    [at, none] = await since(caller, help=True)
    assert at is not None
    assert none is None
    assert await since(other, help=True) == [at, None]  # it asks already
    assert await since(other, help=False) == [None, None]
    await since(caller, help=True)
    assert await since(team.facilitator, help=False, group=first["id"]) == [None, None]
    for who, body, expected in (
        (stranger, {"help": False, "group": first["id"]}, 403),
        (await team.join("Haapa", "observer"), {"help": True}, 403),
        (team.facilitator, {"help": False}, 400),
        (caller, {"help": 1}, 400),
    ):
        assert (await command(who, breakout, "help", **body))[0] == expected
    await since(caller, help=True)
    await command(team.facilitator, breakout, "close")
    [over] = (await team.desk())["breakouts"]
    assert [group["help"] for group in over["groups"]] == [None, None]
    assert (await command(caller, breakout, "help", help=True))[0] == 409
