"""Whoever leads is told of many deleted notes, wherever that was (rule DN2)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from boards import edits
from server.sync.judging import alarms
from tests.support.app import App
from tests.support.rooms import settled
from tests.support.workshops.deletions import at, change, delete, listed, notes_on, restored, told


@contextmanager
def quickly(monkeypatch: pytest.MonkeyPatch, **seconds: float) -> Iterator[None]:
    with monkeypatch.context() as patch:
        for name, value in seconds.items():
            patch.setattr(alarms, name, value)
        yield


async def test_dn2_who_leads_is_told_wherever_it_was(app: App) -> None:
    team = await app.team(2)
    ann, bea = team.people
    await notes_on(app, team.board(), 6, author=bea.id)
    breakout = await team.split([{"name": "A", "people": [ann.id]}])
    board = breakout["groups"][0]["board"]
    async with (
        at(app, team.id, team.facilitator) as lead,
        at(app, team.id, ann) as doer,
        at(app, team.id, bea) as other,
        at(app, board, ann) as client,
    ):
        change(client, edits.delete_note, list(client.document.root("notes").keys()))
        assert told(lead) == []  # not before it is durable
        await settled(app.service.rooms)
        [notice] = told(lead)
        [entry] = await listed(team)
        assert {name: entry[name] for name in ("person", "board", "from", "until", "count")} == {
            name: notice[name] for name in ("person", "board", "from", "until", "count")
        }
        assert (notice["code"], notice["count"], notice["texts"]) == ("notes-deleted", 6, [])
        assert told(doer) == told(other) == []
    async with at(app, team.id, team.facilitator) as lead, at(app, team.id, bea) as other:
        assert told(lead) == [notice]  # the page was loaded again
        assert told(other) == []


async def test_dn2_few_notes_or_ones_own_are_nobodys_business(app: App) -> None:
    team = await app.team(2)
    ann, bea = team.people
    mine = await notes_on(app, team.board(), 7, author=ann.id)
    others = await notes_on(app, team.board(), 5, author=bea.id)
    async with at(app, team.id, team.facilitator) as lead:
        await delete(app, team.board(), ann, [*mine, *others])
        assert told(lead) == []


async def test_dn2_one_after_the_other_is_the_same_but_after_a_pause_it_is_not(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = await app.team(1)
    [ann] = team.people
    notes = await notes_on(app, team.board(), 12)
    async with at(app, team.id, team.facilitator) as lead:
        with quickly(monkeypatch, PAUSE_SECONDS=-1.0):
            for note in notes[:6]:
                await delete(app, team.board(), ann, [note])
            assert told(lead) == []
        with quickly(monkeypatch, AGAIN_SECONDS=0.0):
            for note in notes[6:]:
                await delete(app, team.board(), ann, [note])
            await settled(app.service.rooms)
        # With the last one before.
        assert {notice["count"] for notice in told(lead)} == {6, 7}


async def test_dn2_what_came_back_is_told_too(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    team = await app.team(1)
    [ann] = team.people
    notes = await notes_on(app, team.board(), 8)
    with quickly(monkeypatch, AGAIN_SECONDS=0.0):
        async with at(app, team.id, team.facilitator) as lead:
            await delete(app, team.board(), ann, notes)
            [first] = told(lead)
            async with at(app, team.board(), ann) as client:
                change(client, edits.restore_note, notes[:3])
                await settled(app.service.rooms)
            await settled(app.service.rooms)
            [second] = told(lead)
            assert (second["id"], second["count"]) == (first["id"], 5)
            assert await restored(team, person=ann.id) == 5
            await settled(app.service.rooms)
            assert [notice["count"] for notice in told(lead)] == [0]
    async with at(app, team.id, team.facilitator) as lead:
        assert told(lead) == []


async def test_dn2_another_facilitators_doing_is_told_and_ones_own_is_not(app: App) -> None:
    team = await app.team(1)
    notes = await notes_on(app, team.board(), 6)
    async with at(app, team.id, team.facilitator) as lead:
        await delete(app, team.board(), team.facilitator, notes)
        assert told(lead) == []
    assert [one["count"] for one in await listed(team)] == [6]
