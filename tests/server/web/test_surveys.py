"""Surveys over HTTP: who may, when, and every way we know of to find out who answered what."""

import asyncio
import json
import logging
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from boards.workbook.installed import load
from server.store import StoreUnavailable
from server.web.api.openapi import description
from tests.support.app import App, Json, Person, Team, running_app

FORM = "community"
DATABASE = "hahmo.sqlite3*"

TIME = re.compile(r"(?<![0-9a-f])1[67]\d{8}(\d{3})?(?![0-9a-f])")  # and no part of a digest


def statements(form: str = FORM) -> list[str]:
    forms = load("valoa").board("assessment").forms
    return [item.id for found in forms if found.id == form for item in found.statements]


async def post(team: Team, path: str, who: Person | None = None, **body: Any) -> httpx.Response:
    http = (who or team.facilitator).http
    return await http.post(f"/api/workshops/{team.id}/{path}", json=body)


async def opened(app: App, people: int = 6, form: str = FORM) -> Team:
    team = await app.team(people)
    await team.at_work()
    assert (await post(team, "rounds", form=form, few=True)).status_code == 201
    return team


async def answer(team: Team, who: Person, rating: int | None = 4, **more: Any) -> httpx.Response:
    body = {"form": FORM, "ratings": dict.fromkeys(statements(), rating), **more}
    return await post(team, "answers", who, **body)


async def answered(team: Team, people: Sequence[Person]) -> None:
    """One after the other, each with words of their own."""
    for number, person in enumerate(people):
        found = await answer(team, person, 1 + number % 5, comment=words(number))
        assert (found.status_code, found.content) == (204, b"")


def words(number: int) -> str:
    return f"sana{number}sana"


async def rounds(team: Team, who: Person | None = None, form: str = FORM, **more: Any) -> Any:
    http = (who or team.facilitator).http
    found = await http.get(f"/api/workshops/{team.id}/results", params={"form": form, **more})
    return found.raise_for_status().json()


async def closed(team: Team, form: str = FORM) -> Json:
    found: Json = (await post(team, "rounds/close", form=form)).raise_for_status().json()
    return found


def code(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


async def everything(app: App, team: Team) -> list[tuple[str, str]]:
    """(kind, text) of every record of a workshop and its boards, and of every document."""
    store = app.service.store
    boards = [team.id, *(board["id"] for board in (await team.desk())["boards"])]
    found = [("workshop", json.dumps(await store.get("workshop", team.id)))]
    for kind in ("person", "token", "code", "return_code", "breakout", "board", "round"):
        found += [(kind, json.dumps([i, v])) for i, v in await store.find(kind, team.id)]
    for board in boards:
        for kind in ("owner", "fork", "snapshot"):
            found += [(kind, json.dumps([i, v])) for i, v in await store.find(kind, board)]
        stored = await store.load(board)
        assert stored is not None
        found += [("document", repr(update)) for update in stored.updates]
        if stored.checkpoint:
            found.append(("document", repr(stored.checkpoint.update)))
    return found


# -- the way of a round ----------------------------------------------------------------------------


async def test_a_round_from_its_opening_to_its_results(app: App) -> None:
    team = await opened(app)
    assert (await team.desk())["assessment"] == {FORM: {"round": 1, "state": "open"}}
    await answered(team, [team.facilitator, *team.people])
    found = await closed(team)
    assert (found["state"], found["answers"], found["released"]) == ("closed", 7, True)
    assert found["statements"][0]["distribution"]["counts"] == [2, 2, 1, 1, 1]
    assert {item["id"] for item in found["statements"]} == set(statements())
    assert sorted(found["comments"]) == sorted(words(n) for n in range(7))
    assert (await team.desk())["assessment"] == {FORM: {"round": 1, "state": "closed"}}
    assert await rounds(team, team.people[0]) == [found]


async def test_rounds_are_told_apart_and_compared(app: App) -> None:
    team = await opened(app, 5)
    for rating in (2, 4):
        for person in team.people:
            assert (await answer(team, person, rating)).status_code == 204
        await closed(team)
        assert (await post(team, "rounds", form=FORM)).status_code == 201
    first, second, third = await rounds(team)
    means = [entry["statements"][0]["distribution"]["mean"] for entry in (first, second)]
    assert means == [2.0, 4.0]
    assert (third["round"], third["state"], third["answers"]) == (3, "open", 0)
    assert await rounds(team, round="2") == [second]
    missing = await team.facilitator.http.get(
        f"/api/workshops/{team.id}/results", params={"form": FORM, "round": "9"}
    )
    assert code(missing) == (400, "field-invalid")


async def test_forms_have_rounds_of_their_own(app: App) -> None:
    team = await opened(app, 5, form="employee")
    assert code(await answer(team, team.people[0])) == (409, "round-closed")
    assert await rounds(team) == []
    assert [entry["state"] for entry in await rounds(team, form="employee")] == ["open"]


async def test_a_restart_forgets_neither_answers_nor_who_gave_them(tmp_path: Path) -> None:
    async with running_app(tmp_path) as app:
        team = await opened(app, 5)
        await answered(team, team.people)
        token = team.people[0].token
    async with running_app(tmp_path) as app:
        http = app.by(token)
        body = {"form": FORM, "ratings": {statements()[0]: 1}}
        again = await http.post(f"/api/workshops/{team.id}/answers", json=body)
        assert code(again) == (409, "already-answered")
        found = await http.get(f"/api/workshops/{team.id}/results", params={"form": FORM})
        assert found.json()[0]["answers"] == 5
        leader = app.by(team.facilitator.token)
        ended = await leader.post(f"/api/workshops/{team.id}/rounds/close", json={"form": FORM})
        assert ended.json()["released"] is True


# -- who may, and when -----------------------------------------------------------------------------


async def test_only_a_facilitator_opens_and_closes(app: App) -> None:
    team = await opened(app, 1)
    observer = await team.join("Haapa", "observer")
    for person in (team.people[0], observer):
        for path in ("rounds", "rounds/close"):
            assert code(await post(team, path, person, form=FORM)) == (403, "not-allowed")


async def test_observers_read_and_do_not_answer(app: App) -> None:
    team = await opened(app, 5)
    observer = await team.join("Haapa", "observer")
    assert code(await answer(team, observer)) == (403, "not-allowed")
    await answered(team, team.people)
    [seen], [known] = await rounds(team, observer), await rounds(team)
    assert {**seen, "invited": known["invited"]} == known


async def test_people_of_other_workshops_see_and_say_nothing(app: App) -> None:
    team, other = await opened(app, 1), await app.team(1)
    assert code(await answer(team, other.people[0])) == (401, "token-unknown")
    found = await other.facilitator.http.get(
        f"/api/workshops/{team.id}/results", params={"form": FORM}
    )
    assert code(found) == (401, "token-unknown")


async def test_each_answers_once_a_round_however_often_they_send(app: App) -> None:
    team = await opened(app, 2)
    person = team.people[0]
    found = await asyncio.gather(*(answer(team, person, 1 + n % 5) for n in range(8)))
    assert sorted(entry.status_code for entry in found) == [204, *[409] * 7]
    assert code(await answer(team, person)) == (409, "already-answered")
    assert (await rounds(team))[0]["answers"] == 1


async def test_the_same_person_on_another_device_is_one_person(app: App) -> None:
    team = await app.team(1)
    body = {"code": team.made["join_code"], "name": "Koivu"}
    joined = (await app.http.post("/api/join", json=body)).json()
    back = await app.http.post("/api/return", json={"code": joined["return_code"]})
    app.http.cookies.clear()
    devices = [
        Person(joined["person"], entry["token"], app.by(entry["token"]))
        for entry in (joined, back.json())
    ]
    await team.at_work(devices[0])
    await post(team, "rounds", form=FORM, few=True)
    assert [(await answer(team, device)).status_code for device in devices] == [204, 409]


async def test_all_at_once_loses_no_answer(app: App) -> None:
    team = await opened(app, 12)
    found = await asyncio.gather(*(answer(team, person) for person in team.people))
    assert {entry.status_code for entry in found} == {204}
    assert (await closed(team))["answers"] == 12


async def test_a_round_is_opened_once_and_closed_once(app: App) -> None:
    team = await app.team(1)
    assert code(await post(team, "rounds/close", form=FORM)) == (409, "round-closed")
    assert code(await answer(team, team.people[0])) == (409, "round-closed")
    assert (await post(team, "rounds", form=FORM, few=True)).status_code == 201
    assert code(await post(team, "rounds", form=FORM, few=True)) == (409, "round-open")
    await closed(team)
    assert code(await post(team, "rounds/close", form=FORM)) == (409, "round-closed")
    assert code(await answer(team, team.people[0])) == (409, "round-closed")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"form": "unknown", "ratings": {}},
        {"form": FORM},
        {"form": FORM, "ratings": {}},
        {"form": FORM, "ratings": [1]},
        {"form": FORM, "ratings": {"unknown": 1}},
        {"form": FORM, "ratings": {statements()[0]: 0}},
        {"form": FORM, "ratings": {statements()[0]: 6}},
        {"form": FORM, "ratings": {statements()[0]: True}},
        {"form": FORM, "ratings": {statements()[0]: 2.5}},
        {"form": FORM, "ratings": {statements()[0]: "1"}},
        {"form": FORM, "ratings": {statements()[0]: 1}, "comment": 7},
        {"form": FORM, "ratings": {statements()[0]: 1}, "comment": "x" * 2001},
        {"form": FORM, "ratings": {statements()[0]: 1}, "person": "somebody"},
    ],
)
async def test_what_is_no_answer_is_refused_and_counts_for_none(app: App, body: Json) -> None:
    team = await opened(app, 1)
    assert (await post(team, "answers", team.people[0], **body)).status_code == 400
    assert (await rounds(team))[0]["answers"] == 0
    assert (await answer(team, team.people[0])).status_code == 204


async def test_answers_have_the_described_shape(app: App) -> None:
    team = await opened(app, 5)
    schemas = description()["components"]["schemas"]
    assert set((await rounds(team))[0]) == set(schemas["SurveyRound"]["required"])
    await answered(team, team.people)
    found = await closed(team)
    assert set(found) == set(schemas["SurveyRound"]["required"])
    distribution = found["statements"][0]["distribution"]
    assert set(distribution) == set(schemas["Distribution"]["required"])


# -- anonymity: attempts to break it ---------------------------------------------------------------


async def test_sv1_nothing_is_told_before_the_round_is_closed(app: App) -> None:
    team = await opened(app)
    await answered(team, team.people)
    [found] = await rounds(team)
    assert (found["answers"], found["released"]) == (6, False)
    assert (found["statements"], found["themes"], found["comments"]) == ([], [], [])


async def test_sv1_four_answers_tell_nothing_when_the_round_is_closed(app: App) -> None:
    team = await opened(app)
    await answered(team, team.people[:4])
    found = await closed(team)
    assert found["released"] is False
    assert (found["answers"], found["statements"], found["comments"]) == (4, [], [])
    stored = [text for _, text in await everything(app, team)]
    assert not any(words(n) in text for n in range(4) for text in stored)
    for format in ("json", "md"):
        text = await exported(team, format)
        assert not any(words(n) in text for n in range(4))


async def test_sv2_a_statement_that_four_rated_is_withheld_everywhere(app: App) -> None:
    team = await opened(app)
    rare, *others = statements()
    for number, person in enumerate(team.people):
        rated = {rare: 5 if number < 4 else None, **dict.fromkeys(others, 2)}
        sent = await post(team, "answers", person, form=FORM, ratings=rated)
        assert sent.status_code == 204
    found = await closed(team)
    assert found["statements"][-1] == {
        "id": rare,
        "theme": found["statements"][-1]["theme"],
        "distribution": None,
    }
    assert all(theme["distribution"]["counts"][4] == 0 for theme in found["themes"])


async def test_sv4_there_are_no_two_views_to_subtract(app: App) -> None:
    """Results come once: who asks before, between and after sees one set of numbers at the most."""
    team = await opened(app)
    seen = []
    for person in team.people:
        await answer(team, person)
        seen.append((await rounds(team))[0]["statements"])
    await closed(team)
    assert seen == [[]] * 6
    after = await rounds(team)
    assert code(await answer(team, team.facilitator)) == (409, "round-closed")
    assert await rounds(team) == after


async def test_sv3_no_person_stands_beside_an_answer(app: App) -> None:
    team = await opened(app)
    await answered(team, team.people)
    people = [team.facilitator, *team.people]
    for close in (False, True):
        if close:
            await closed(team)
        for kind, text in await everything(app, team):
            holds_words = any(words(n) in text for n in range(6))
            assert not holds_words or kind == "round", kind
            if kind == "round":
                assert not any(person.id in text for person in people)
                assert not TIME.search(text), "looks like a time"


async def test_sv3_what_is_stored_does_not_depend_on_the_order_of_answering(app: App) -> None:
    """Lists are sorted by content: the first to answer is not the first of either."""
    stored = []
    for turn in (1, -1):
        team = await opened(app)
        numbered = list(enumerate(team.people))[::turn]
        for number, person in numbered:
            await answer(team, person, 1 + number % 5, comment=words(number))
        [(_, value)] = await app.service.store.find("round", team.id)
        assert value["voters"] == sorted(value["voters"])
        stored.append(value["answers"])
        (await closed(team))["comments"]
    assert stored[0] == stored[1] == sorted(stored[0])


async def test_sv3_a_closed_round_forgets_who_answered_and_what_each_said(app: App) -> None:
    team = await opened(app)
    await answered(team, team.people)
    [(_, before)] = await app.service.store.find("round", team.id)
    await closed(team)
    [(_, after)] = await app.service.store.find("round", team.id)
    numbers = {"asked", "added", "left_out"}
    assert after.keys() == {"workshop", "form", "round", "state", "results", *numbers}
    assert all(isinstance(after[name], int) for name in numbers)
    names = [*before["voters"], *before["asked"]]
    assert not any(name in json.dumps(after) for name in names)


async def test_sv3_a_voter_is_another_in_every_round(app: App) -> None:
    team = await opened(app, 1)
    voters = []
    for _ in range(2):
        await answer(team, team.people[0])
        value = (await app.service.store.find("round", team.id))[-1][1]
        voters += [*value["voters"], *value["asked"]]
        await closed(team)
        await post(team, "rounds", form=FORM, few=True)
    assert len(set(voters)) == len(voters) == 6


async def test_sv5_the_files_hold_no_earlier_version_to_compare_with(app: App) -> None:
    """Two versions of a round, one answer apart, would pair that answer with its voter."""
    folder = app.service.config.data
    team = await opened(app)
    for number, person in enumerate(team.people):
        await answer(team, person, comment=words(number))
        [(_, value)] = await app.service.store.find("round", team.id)
        raw = b"".join(path.read_bytes() for path in sorted(folder.glob(DATABASE)))
        for earlier in range(number + 1):
            assert raw.count(words(earlier).encode()) == 1
        assert [raw.count(voter.encode()) for voter in value["voters"]] == [1] * (number + 1)
    await closed(team)
    raw = b"".join(path.read_bytes() for path in sorted(folder.glob(DATABASE)))
    assert not any(voter.encode() in raw for voter in value["voters"])
    assert b'"ratings"' not in raw


async def test_sv5_an_answer_is_taken_also_when_scrubbing_has_to_wait(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = await opened(app)
    with monkeypatch.context() as patch:
        patch.setattr(app.service.store, "scrub", unavailable)
        await answered(team, team.people[:2])
    await answered(team, team.people[2:])
    folder = app.service.config.data
    raw = b"".join(path.read_bytes() for path in sorted(folder.glob(DATABASE)))
    assert raw.count(b'"voters"') == 1
    assert (await closed(team))["answers"] == 6


async def unavailable() -> None:
    raise StoreUnavailable("disk full")


async def test_sv3_the_desk_tells_the_round_and_no_more(app: App) -> None:
    team = await opened(app)
    before = await app.service.store.load(team.id)
    await answered(team, team.people)
    assert await app.service.store.load(team.id) == before
    assert (await team.desk())["assessment"] == {FORM: {"round": 1, "state": "open"}}


async def test_who_answered_is_told_to_themselves_alone(app: App) -> None:
    team = await opened(app, 2)
    first, second = team.people
    await answer(team, first)
    assert [(await rounds(team, who))[0]["answered"] for who in (first, second)] == [True, False]


async def exported(team: Team, format: str) -> str:
    found = await team.facilitator.http.get(
        f"/api/boards/{team.board('assessment')}/export.{format}", params={"language": "fi"}
    )
    return found.raise_for_status().text


async def test_exports_hold_results_and_nothing_of_an_open_round(app: App) -> None:
    team = await opened(app)
    await answered(team, team.people)
    for format in ("json", "md"):
        text = await exported(team, format)
        assert not any(words(n) in text for n in range(6))
    result = await closed(team)
    [told] = json.loads(await exported(team, "json"))["assessment"]
    assert told["statements"] == result["statements"]
    markdown = await exported(team, "md")
    assert all(words(n) in markdown for n in range(6))
    assert not any(person.id in markdown for person in team.people)


async def test_results_of_all_forms_are_told_when_none_is_named(app: App) -> None:
    team = await opened(app)
    await post(team, "rounds", form="manager")
    await answered(team, team.people)
    await closed(team)
    address = f"/api/workshops/{team.id}/results"
    told = (await team.people[0].http.get(address)).raise_for_status().json()
    assert [(round["form"], round["state"]) for round in told] == [
        (FORM, "closed"),
        ("manager", "open"),
    ]
    assert told[0]["released"]
    missing = await team.people[0].http.get(address, params={"form": "x"})
    assert code(missing) == (400, "field-invalid")


async def test_sv3_neither_log_nor_metrics_tell_who_said_what(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    team = await opened(app)
    before = set((await app.http.get("/metrics")).text.splitlines())
    await answered(team, team.people)
    metrics = (await app.http.get("/metrics")).text.splitlines()
    told = caplog.text + "\n".join(line for line in metrics if line not in before)
    for number, person in enumerate(team.people):
        assert person.id not in told
        assert person.token not in told
        assert words(number) not in told
    assert FORM not in told


async def test_sv3_no_board_document_changes_with_an_answer(app: App) -> None:
    team = await opened(app)
    boards = [team.id, *(board["id"] for board in team.made["boards"])]
    before = [await app.service.store.load(board) for board in boards]
    await answered(team, team.people)
    assert [await app.service.store.load(board) for board in boards] == before


async def test_a_deleted_workshop_takes_its_rounds_along(app: App) -> None:
    team = await opened(app)
    await answered(team, team.people)
    await team.facilitator.http.delete(f"/api/workshops/{team.id}")
    assert await app.service.store.find("round", team.id) == []
