"""An edit brought by a call, of a board that is not open (DV1–DV3)."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from boards import edits
from boards.document import Document
from server.store import StoreUnavailable
from server.sync.wire import messages
from tests.support.app import App, Person, Team
from tests.support.rooms import Client

UPDATE = {"Content-Type": "application/octet-stream"}


def note(board: str, text: str, document: Document | None = None, **more: Any) -> bytes:
    document = document or Document()
    return document.record(
        lambda: edits.add_note(document, board, zone="challenges", text=text, at=1, **more)
    )[1]


async def bring(who: Person, board: str, update: bytes, query: str = "") -> httpx.Response:
    return await who.http.post(f"/api/boards/{board}/edits{query}", content=update, headers=UPDATE)


async def lock(team: Team, locked: bool) -> None:
    body = {"locks": {team.board(): locked}}
    answer = await team.facilitator.http.patch(f"/api/workshops/{team.id}", json=body)
    answer.raise_for_status()


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_dv1_an_edit_is_durable_when_answered_and_once_however_often(app: App) -> None:
    team = await app.team(1)
    [ann] = team.people
    update = note(team.board(), "tuotu", author=ann.id)
    for _ in range(3):
        answer = await bring(ann, team.board(), update)
        assert (answer.status_code, answer.json()) == (200, {"notices": []})
        stored = await app.service.store.load(team.board())
        assert stored is not None
        assert sum(b"tuotu" in kept for kept in stored.updates) == 1
    assert await team.texts(team.board()) == ["tuotu"]
    assert app.service.rooms.connections == 0


async def test_dv1_what_was_put_right_is_the_answer(app: App) -> None:
    team = await app.team(1)
    [ann] = team.people
    answer = await bring(ann, team.board(), note(team.board(), "x" * 4001))
    [told] = answer.json()["notices"]
    assert (told["rule"], told["code"], told["texts"]) == ("JD5", "text-too-long", ["x"])
    [text] = await team.texts(team.board())
    assert len(text) == 4000


async def test_dv1_a_browser_brings_by_cookie_from_our_own_pages_alone(app: App) -> None:
    team = await app.team(1)
    browser = app.client()
    await browser.post("/api/session", json={"token": team.people[0].token})
    path = f"/api/boards/{team.board()}/edits"
    update = note(team.board(), "by cookie")
    for headers, status in (
        (UPDATE, 403),
        ({**UPDATE, "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Content-Type": "text/plain", "Sec-Fetch-Site": "same-origin"}, 415),
        ({"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}, 415),
        ({**UPDATE, "Sec-Fetch-Site": "same-origin"}, 200),
    ):
        answer = await browser.post(path, content=update, headers=headers)
        assert answer.status_code == status
    as_update = await browser.patch(
        f"/api/workshops/{team.id}",
        content=b"{}",
        headers={**UPDATE, "Sec-Fetch-Site": "same-origin"},
    )
    assert as_update.status_code == 415


async def test_dv2_locked_is_held_and_taken_when_it_is_open(app: App) -> None:
    team = await app.team(1)
    [ann] = team.people
    update = note(team.board(), "waits")
    await lock(team, True)
    assert refusal(await bring(ann, team.board(), update)) == (403, "not-allowed")
    await lock(team, False)
    assert (await bring(ann, team.board(), update)).status_code == 200
    assert await team.texts(team.board()) == ["waits"]


async def test_dv2_late_group_work_is_taken_on_the_groups_board(app: App) -> None:
    team = await app.team(2)
    ann, bea = team.people
    breakout = await team.split([{"people": [ann.id]}, {"people": [bea.id]}])
    board = breakout["groups"][0]["board"]
    closing = await team.facilitator.http.post(f"/api/breakouts/{breakout['id']}/close", json={})
    closing.raise_for_status()
    assert (await bring(ann, board, note(board, "myöhässä"))).status_code == 200
    assert refusal(await bring(bea, board, note(board, "ei"))) == (403, "not-allowed")
    assert await team.texts(board) == ["myöhässä"]


async def test_dv2_a_full_board_holds_it(app: App) -> None:
    team = await app.team(1)
    [ann] = team.people
    limits = app.service.rooms.limits
    object.__setattr__(limits, "board_bytes", 1000)
    answer = await bring(ann, team.board(), note(team.board(), "x" * 2000))
    assert refusal(answer) == (403, "board-full")
    object.__setattr__(limits, "board_bytes", 20 << 20)
    assert (await bring(ann, team.board(), note(team.board(), "x" * 2000))).status_code == 200


async def test_dv2_what_builds_on_what_never_came_is_told_at_once(app: App) -> None:
    team = await app.team(1)
    [ann] = team.people
    document = Document()
    first, second = (note(team.board(), text, document) for text in ("one", "two"))
    async with asyncio.timeout(4):  # and not after parked_seconds
        answer = await bring(ann, team.board(), second)
    assert refusal(answer) == (409, "gap-unfilled")
    for update in first, second:
        assert (await bring(ann, team.board(), update)).status_code == 200
    assert await team.texts(team.board()) == ["one", "two"]


@pytest.mark.parametrize(
    ("update", "expected"),
    [
        (b"", (422, "refused-update")),
        (b"\xff" * 9, (422, "refused-update")),
        (b"\1" * ((512 << 10) + 1), (413, "too-large")),
    ],
    ids=["empty", "noise", "large"],
)
async def test_dv2_what_is_never_taken(app: App, update: bytes, expected: tuple[int, str]) -> None:
    team = await app.team(1)
    answer = await bring(team.people[0], team.board(), update)
    assert refusal(answer) == expected


async def test_dv2_an_edit_in_anothers_name_is_no_right_that_is_missing(app: App) -> None:
    """403 says "keep it": such an edit would be brought for ever."""
    team = await app.team(2)
    ann, bea = team.people
    update = note(team.board(), "forged", author=bea.id)
    assert refusal(await bring(ann, team.board(), update)) == (422, "refused-update")
    assert (await bring(ann, team.board(), note(team.board(), "own"))).status_code == 200
    assert await team.texts(team.board()) == ["own"]


async def test_dv2_who_asks_and_where(app: App) -> None:
    team, other = await app.team(1), await app.team(1)
    [ann] = team.people
    update = note(team.board(), "x")
    assert refusal(await bring(ann, "nowhere", update)) == (404, "board-gone")
    assert refusal(await bring(other.people[0], team.board(), update)) == (401, "token-unknown")
    assert refusal(await bring(ann, team.id, update)) == (403, "not-allowed")
    watcher = await team.join("Haapa", "observer")
    assert refusal(await bring(watcher, team.board(), update)) == (403, "not-allowed")
    wrong = await bring(ann, team.board(), update, "?lineage=another")
    assert refusal(wrong) == (409, "lineage-mismatch")
    assert (await ann.http.get(f"/api/boards/{team.board()}/edits")).status_code == 405


async def test_dv1_the_others_see_it_at_once_and_its_author_hears_of_it_again(app: App) -> None:
    """A notice may have been lost with the answer: the author's next connection is told."""
    team = await app.team(1)
    [ann] = team.people
    await bring(ann, team.board(), note(team.board(), "x" * 4001))
    access = await app.service.workshops.access(team.board(), lambda _: ann.token)
    async with app.service.rooms.hold(team.board()) as room:
        client = Client(room, access)
        client.sync()
        await app.service.rooms.committer.commit(room.workshop)
        client.hear()
        assert [(at, told["code"]) for at, told in client.notices] == [(0, "text-too-long")]


async def test_dv1_while_nothing_can_be_stored_it_is_not_said_to_be(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = await app.team(1)

    async def fails(commits: object) -> None:
        raise StoreUnavailable("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(app.service.store, "commit_all", fails)
        answer = await bring(team.people[0], team.board(), note(team.board(), "x"))
        assert refusal(answer) == (503, "store-unavailable")


async def test_dv3_one_person_brings_so_many_and_others_as_many(app: App) -> None:
    team = await app.team(2)
    ann, bea = team.people
    update = note(team.board(), "x")
    for _ in range(240):
        app.service.deliveries.take(ann.id)
    answer = await bring(ann, team.board(), update)
    assert refusal(answer) == (429, "too-many-tries")
    assert int(answer.headers["retry-after"]) >= 1
    assert (await bring(bea, team.board(), update)).status_code == 200


def test_the_answer_reads_what_the_wire_says() -> None:
    assert messages.is_sync_step1(messages.sync_step1(b"\0"))
    assert not messages.is_sync_step1(messages.sync_step2(b"\0\0"))
