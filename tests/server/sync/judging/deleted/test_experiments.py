"""Deleted experiments are listed and come back as notes do (rules DN1–DN3)."""

from __future__ import annotations

from collections.abc import Sequence

from boards import edits
from boards.document import Document
from tests.support.app import App, Team
from tests.support.app import Person as Member
from tests.support.rooms import settled
from tests.support.workshops.deletions import at, change, listed, notes_on, restored, told


async def experiments_on(app: App, board: str, *texts: str) -> list[str]:
    async with app.service.rooms.hold(board) as room:

        def write(document: Document) -> list[str]:
            made = [edits.add_experiment(document, texts=("what", "why"), at=1) for _ in texts]
            for experiment, text in zip(made, texts, strict=True):
                edits.set_experiment(document, experiment, "what", text)
            return made

        made: list[str] = room.edit(write)
        await settled(app.service.rooms)
    return made


async def planned(team: Team, board: str) -> list[str]:
    found = (await team.facilitator.http.get(f"/api/boards/{board}")).raise_for_status().json()
    return sorted(one["fields"]["what"] for one in found["experiments"])


async def test_dn1_an_experiment_is_listed_told_and_comes_back_as_a_note_does(app: App) -> None:
    team = await app.team(1)
    [ann] = team.people
    board = team.board("experiments")
    made = await experiments_on(app, board, "a", "b", "c", "d", "e", "f", "")
    [note] = await notes_on(app, board, 1, author=ann.id)
    async with at(app, team.id, team.facilitator) as lead, at(app, board, ann) as client:
        change(client, edits.delete_experiment, made)
        change(client, edits.delete_note, [note])
        await settled(app.service.rooms)
        [notice, *_] = told(lead)
        assert (notice["code"], notice["person"]) == ("notes-deleted", ann.id)
    [entry] = await listed(team)
    assert (entry["board"], entry["count"], entry["others"]) == (board, 7, 6)  # not the empty one
    assert await planned(team, board) == []
    assert await restored(team, person=ann.id, board=board) == 7
    assert await planned(team, board) == ["a", "b", "c", "d", "e", "f"]
    assert await listed(team) == []
    await delete_experiments(app, board, ann, made[:1])
    [entry] = await listed(team)
    assert (entry["count"], entry["texts"]) == (1, ["a"])


async def delete_experiments(app: App, board: str, member: Member, made: Sequence[str]) -> None:
    async with at(app, board, member) as client:
        change(client, edits.delete_experiment, made)
        await settled(app.service.rooms)


async def test_dn1_an_experiment_that_a_group_deleted_is_known_where_it_comes_home(
    app: App,
) -> None:
    team = await app.team(1)
    [ann] = team.people
    board = team.board("experiments")
    made = await experiments_on(app, board, "a", "b")
    breakout = await team.split([{"name": "A", "people": [ann.id]}], board=board)
    await delete_experiments(app, breakout["groups"][0]["board"], ann, made[:1])
    await team.merge(breakout)
    assert await planned(team, board) == ["b"]
    assert {(one["person"], one["board"], one["count"]) for one in await listed(team)} == {
        (ann.id, board, 1),
        (ann.id, breakout["groups"][0]["board"], 1),
    }
    assert await restored(team, person=ann.id, board=board) == 1
    assert await planned(team, board) == ["a", "b"]
