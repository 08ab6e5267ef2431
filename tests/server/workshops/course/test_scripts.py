"""Notes of those who lead: theirs alone, whatever anybody else asks for."""

import httpx
import pytest

from server.workshops.scripts.scripts import MOST_CHARACTERS, both
from tests.support.app import App, Team

SECRET = "kettu-koputtaa-ikkunaan"


async def write(team: Team, text: str, board: str | None = None, **more: str) -> httpx.Response:
    body = {"board": board or team.board(), "text": text, **more}
    return await team.facilitator.http.patch(f"/api/workshops/{team.id}/scripts", json=body)


async def texts(team: Team) -> dict[str, str]:
    answer = await team.facilitator.http.get(f"/api/workshops/{team.id}/scripts")
    found: dict[str, str] = answer.raise_for_status().json()["texts"]
    return found


async def test_notes_are_kept_board_by_board_and_taken_away(app: App) -> None:
    team = await app.team(1)
    assert await texts(team) == {}
    first, second = team.board(), team.board("change")
    assert (await write(team, "Kysy ensin Kuovilta\n- sitten muilta\n")).json() == {
        "text": "Kysy ensin Kuovilta\n- sitten muilta\n"
    }
    await write(team, "Rauhassa", second)
    assert await texts(team) == {
        first: "Kysy ensin Kuovilta\n- sitten muilta\n",
        second: "Rauhassa",
    }
    assert (await write(team, " ")).json() == {"text": ""}
    assert await texts(team) == {second: "Rauhassa"}


async def test_two_who_lead_lose_nothing_of_each_other(app: App) -> None:
    team = await app.team(0)
    await write(team, "yksi", before="")
    answer = await write(team, "kaksi", before="")
    assert answer.json() == {"text": "kaksi\n\nyksi"}
    assert (await write(team, "kaksi", before="kaksi\n\nyksi")).json() == {"text": "kaksi"}


@pytest.mark.parametrize(
    ("text", "before", "stands", "kept"),
    [
        ("a", None, "b", "a"),
        ("a", "b", "b", "a"),
        ("a", "", "", "a"),
        ("ab", "", "b", "ab"),
        ("a", "c", "b", "a\n\nb"),
        ("", "c", "b", "b"),
        ("", "b", "b", ""),
    ],
)
def test_what_somebody_else_wrote_meanwhile_is_kept(
    text: str, before: str | None, stands: str, kept: str
) -> None:
    assert both(text, before, stands) == kept


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"board": "x", "text": "a"}, "board-gone"),
        ({"text": "a"}, "board-gone"),
        ({"board": None, "text": 7}, "field-invalid"),
        ({"board": None, "text": "a" * (MOST_CHARACTERS + 1)}, "text-too-long"),
        ({"board": None, "text": "a", "before": 7}, "field-invalid"),
        ({"board": None, "text": "a", "for": "all"}, "field-invalid"),
    ],
)
async def test_what_cannot_be_kept_is_refused(app: App, body: dict[str, object], code: str) -> None:
    team = await app.team(0)
    if "board" in body and body["board"] is None:
        body = {**body, "board": team.board()}
    answer = await team.facilitator.http.patch(f"/api/workshops/{team.id}/scripts", json=body)
    assert answer.json()["code"] == code, answer.text


async def test_nobody_else_gets_a_letter_of_them(app: App) -> None:
    """Whatever a participant, an observer or a stranger can ask for, byte by byte."""
    team = await app.team(2)
    observer = await team.join("Oksa", "observer")
    await team.split(1)
    (await write(team, SECRET)).raise_for_status()
    board = team.board()
    paths = [
        f"/w/{team.id}",
        f"/w/{team.id}/wall",
        f"/api/workshops/{team.id}",
        f"/api/workshops/{team.id}/scripts",
        f"/api/workshops/{team.id}/workbook",
        f"/api/workshops/{team.id}/workbook.toml",
        f"/api/workshops/{team.id}/people",
        f"/api/boards/{board}",
        f"/api/boards/{board}/snapshots",
        *(f"/api/boards/{board}/export.{format}" for format in ("json", "md", "csv")),
        f"/api/workshops/{team.id}/export.json",
    ]
    for http in (team.people[0].http, observer.http, app.client()):
        for path in paths:
            assert SECRET.encode() not in (await http.get(path)).content, path
        refused = await http.patch(
            f"/api/workshops/{team.id}/scripts", json={"board": board, "text": "", "before": ""}
        )
        assert refused.status_code in (401, 403)
    for path in paths:  # nor does it go along with what who leads hands out
        content = (await team.facilitator.http.get(path)).content
        assert (SECRET.encode() in content) == path.endswith("/scripts"), path
    for id in (team.id, board):  # what their browsers get by the socket
        stored = await app.service.store.load(id)
        assert stored is not None
        assert SECRET not in repr(stored)


async def test_they_go_with_the_workshop(app: App) -> None:
    team = await app.team(0)
    await write(team, SECRET)
    (await team.facilitator.http.delete(f"/api/workshops/{team.id}")).raise_for_status()
    assert await app.service.store.find("script", team.id) == []
