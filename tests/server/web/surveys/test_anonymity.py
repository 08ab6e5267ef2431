"""What surveys keep to themselves: attempts to learn who said what (rules SV1–SV5)."""

import json
import logging
import re

import pytest

from server.store import StoreUnavailable
from tests.support.app import App, Team
from tests.support.workshops.surveys import (
    FORM,
    answer,
    answered,
    closed,
    code,
    opened,
    post,
    rounds,
    statements,
    words,
)

DATABASE = "hahmo.sqlite3*"
TIME = re.compile(r"(?<![0-9a-f])1[67]\d{8}(\d{3})?(?![0-9a-f])")  # and no part of a digest


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
