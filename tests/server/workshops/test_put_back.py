"""What one group deletes and another still has stays on the shared board (BR18)."""

from __future__ import annotations

import pytest

from boards import edits
from boards.schema import read_experiments
from server.workshops.members import document_of
from tests.support.app import App, Json, Person, Team
from tests.support.rooms import settled
from tests.support.workshops.deletions import (
    at,
    change,
    delete,
    listed,
    notes_on,
    restored,
)


async def two_groups(app: App, notes: int = 3, **more: object) -> tuple[Team, Json, list[str]]:
    """Two people in a group each, with a board on which a third had written."""
    team = await app.team(3)
    one, other, third = team.people
    on_board = await notes_on(app, team.board(), notes, author=third.id)
    people = [{"name": "A", "people": [one.id]}, {"name": "B", "people": [other.id]}]
    return team, await team.split(people), on_board


def board_of(breakout: Json, index: int) -> str:
    return str(breakout["groups"][index]["board"])


def ids(report: Json, name: str) -> list[str]:
    return sorted(note["id"] for note in report[name])


async def retexted(app: App, board: str, member: Person, note: str, text: str) -> None:
    async with at(app, board, member) as client:
        change(client, lambda document, each: edits.retext(document, each, text), [note])


async def test_br18_a_group_that_deletes_everything_takes_nothing_from_the_others(app: App) -> None:
    team, breakout, notes = await two_groups(app)
    one, other, _ = team.people
    await retexted(app, board_of(breakout, 0), one, notes[0], "lappu, jota A jatkoi")
    await delete(app, board_of(breakout, 1), other, notes)
    report = await team.merge(breakout)
    assert await team.texts(team.board()) == ["lappu 1", "lappu 2", "lappu, jota A jatkoi"]
    assert ids(report, "put_back") == sorted(notes)
    assert report["kept_deleted"] == []
    on_shared = [entry for entry in await listed(team) if entry["board"] == team.board()]
    assert on_shared == []
    again = await team.merge(breakout)
    assert (again["put_back"], again["snapshot"]) == ([], None)
    assert len(await team.texts(team.board())) == 3


async def test_br18_what_all_groups_deleted_is_gone_in_any_order(app: App) -> None:
    team, breakout, notes = await two_groups(app)
    one, other, _ = team.people
    await delete(app, board_of(breakout, 1), other, notes[:2])
    await team.merge(breakout)
    await delete(app, board_of(breakout, 0), one, notes[:1])
    report = await team.merge(breakout)
    assert ids(report, "kept_deleted") == notes[:1]
    assert await team.texts(team.board()) == ["lappu 1", "lappu 2"]


async def test_br18_ones_own_note_is_ones_own_to_delete(app: App) -> None:
    team = await app.team(2)
    one, other = team.people
    own = await notes_on(app, team.board(), 1, author=other.id)
    breakout = await team.split(
        [{"name": "A", "people": [one.id]}, {"name": "B", "people": [other.id]}]
    )
    await delete(app, board_of(breakout, 1), other, own)
    report = await team.merge(breakout)
    assert (ids(report, "kept_deleted"), report["put_back"]) == (own, [])
    assert await team.texts(team.board()) == []


async def test_br18_a_group_decides_about_the_pages_that_it_alone_fills_in(app: App) -> None:
    team = await app.team(2)
    one, other = team.people
    on_board = await notes_on(app, team.board("change"), 1, zone="megatrends/from")
    groups = [
        {"name": "A", "people": [one.id], "pages": [1]},
        {"name": "B", "people": [other.id], "pages": [2]},
    ]
    breakout = await team.split(groups, "change")
    await delete(app, board_of(breakout, 0), one, on_board)
    report = await team.merge(breakout)
    assert ids(report, "kept_deleted") == on_board
    assert await team.texts(team.board("change")) == []


async def test_br18_what_was_brought_back_by_hand_is_not_deleted_again(app: App) -> None:
    team, breakout, notes = await two_groups(app)
    one, other, _ = team.people
    first, second = board_of(breakout, 0), board_of(breakout, 1)
    for board, member in ((first, one), (second, other)):
        await delete(app, board, member, notes)
    await team.merge(breakout)
    assert await team.texts(team.board()) == []
    back = [await restored(team, person=each.id, board=team.board()) for each in (one, other)]
    assert sum(back) == 3
    async with at(app, first, one) as client:
        change(client, lambda document, note: edits.recolour(document, note, "blue"), notes)
    await team.merge(breakout)
    assert await team.texts(team.board()) == ["lappu 0", "lappu 1", "lappu 2"]


@pytest.mark.parametrize(("deleting", "left"), [((1,), 1), ((0, 1), 0)])
async def test_br18_an_experiment_stays_while_another_group_has_it(
    app: App, deleting: tuple[int, ...], left: int
) -> None:
    team = await app.team(2)
    plan = team.board("experiments")
    async with app.service.rooms.hold(plan) as room:
        experiment = room.edit(
            lambda document: edits.add_experiment(document, texts=("what",), at=1)
        )
        await settled(app.service.rooms)
    groups = [{"name": each.id, "people": [each.id]} for each in team.people]
    breakout = await team.split(groups, "experiments")
    for index in deleting:
        async with at(app, board_of(breakout, index), team.people[index]) as client:
            change(client, edits.delete_experiment, [experiment])
            await settled(app.service.rooms)
    await team.merge(breakout)
    async with app.service.rooms.hold(plan) as room:
        assert len(read_experiments(document_of(room))) == left
