"""Exports over HTTP: what a whole workshop adds to a board, for those who may see it."""

import re

import pytest
from httpx import Response

from boards.edits import add_link
from tests.support.app import App


async def test_links_to_other_boards_are_told_with_their_group(app: App) -> None:
    team = await app.team(2)
    breakout = await team.split([{"name": "Koivu", "people": [team.people[0].id]}])
    note = await app.write(breakout["groups"][0]["board"], "Jonot kasvavat")
    await team.merge(breakout)
    change = team.board("change")
    to = await app.write(change, "Pilvi", "tools/to")
    async with app.service.rooms.hold(change) as room:
        ends = (to, f"{team.board()}#{note}")
        room.edit(lambda doc: add_link(doc, source=ends[0], target=ends[1], kind="relates"))
        await app.service.rooms.committer.commit(room.workshop)
    challenges = "What challenges us in our work right now?"
    there = f"Relates to: “Jonot kasvavat” (Phenomena map, {challenges}, A · Koivu)"
    back = "Relates to: “Pilvi” (Change map, Tools – To)"
    for person in (team.facilitator, team.people[1]):
        for board, told in ((change, there), (team.board(), back)):
            answer = await person.http.get(f"/api/boards/{board}/export.md?language=en")
            assert told in answer.text
    own = breakout["groups"][0]["board"]
    answer = await team.people[0].http.get(f"/api/boards/{own}/export.md?language=en")
    assert back in answer.text  # a copy is called as the board it was made from
    assert (await team.people[1].http.get(f"/api/boards/{own}/export.md")).status_code == 403


@pytest.mark.parametrize("format", ["pdf", "docx", "xlsx", "json", "zip"])
async def test_the_whole_workbook_leaves_for_who_leads(app: App, format: str) -> None:
    team = await app.team(1, title="Kevät: näkymä")
    await app.write(team.board(), "työ muuttuu")
    path = f"/api/workshops/{team.id}/export.{format}"
    answer = await team.facilitator.http.get(path, params={"language": "sv"})
    assert answer.status_code == 200
    assert answer.headers["content-language"] == "sv"
    assert re.search(rf'filename="kevat-nakyma-[\d-]+\.{format}"', disposition(answer))
    refused = await team.people[0].http.get(path)
    assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed")
    assert (await app.http.get(path)).status_code == 401


async def test_a_document_is_made_without_what_one_names(app: App) -> None:
    team = await app.team(1)
    await app.write(team.board(), "työ muuttuu")
    for path in (f"boards/{team.board()}", f"workshops/{team.id}"):
        address = f"/api/{path}/export.json"
        left = await team.facilitator.http.get(address, params={"without": "votes,links"})
        board = left.json() if path.startswith("boards") else left.json()["boards"][0]
        assert [note["votes"] for note in board["notes"]] == [None]
        odd = await team.facilitator.http.get(address, params={"without": "everything"})
        assert (odd.status_code, odd.json()["code"]) == (400, "field-invalid")


async def test_the_shape_of_exports_is_published(app: App) -> None:
    told = (await app.http.get("/api/export.schema.json")).json()
    assert told["$defs"]["board"]["properties"]["version"] == {"const": 1}


async def test_a_workbook_in_an_unknown_format_is_told_so(app: App) -> None:
    team = await app.team()
    answer = await team.facilitator.http.get(f"/api/workshops/{team.id}/export.md")
    assert (answer.status_code, answer.json()["code"]) == (404, "format-unknown")


def disposition(answer: Response) -> str:
    return str(answer.headers["content-disposition"])
