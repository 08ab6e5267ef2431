"""Who deleted which notes is listed, whatever happens to the board (rule DN1)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from boards import edits
from boards.desk import Desk, Person
from boards.document import Document
from server.store import Commit, Misfit
from server.store.memory import MemoryStore
from server.sync.judging.removals import Removed
from server.workshops.removals import sprees
from tests.support.app import App, Team, running_app
from tests.support.app import Person as Member
from tests.support.rooms import BOARD, Client, board_rooms, settled
from tests.support.workshops.deletions import at, change, delete, listed, notes_on, restored


async def test_dn1_it_is_known_after_a_restart_also_on_groups_boards(tmp_path: Path) -> None:
    async with running_app(tmp_path / "data") as app:
        team = await app.team(2)
        ann = team.people[0]
        await notes_on(app, team.board(), 2)
        breakout = await team.split([{"name": "A", "people": [ann.id]}])
        board = breakout["groups"][0]["board"]
        async with at(app, board, ann) as client:
            change(client, edits.delete_note, list(client.document.root("notes").keys()))
            await settled(app.service.rooms)
        before = await listed(team)
        made, facilitator = team.made, team.facilitator.token
    async with running_app(tmp_path / "data") as app:
        team = Team(app, made, Member(made["person"], facilitator, app.by(facilitator)))
        assert app.service.rooms.in_memory(board) is None
        assert await listed(team) == before
        assert [(one["person"], one["board"], one["count"]) for one in before] == [
            (ann.id, board, 2)
        ]
        assert await restored(team, person=ann.id) == 2
        assert await team.texts(board) == ["lappu 0", "lappu 1"]
    async with running_app(tmp_path / "data") as app:
        team = Team(app, made, Member(made["person"], facilitator, app.by(facilitator)))
        assert await listed(team) == []
        assert await team.texts(board) == ["lappu 0", "lappu 1"]


async def test_dn1_what_a_group_deleted_is_known_where_it_comes_home(app: App) -> None:
    team = await app.team(1)
    [ann] = team.people
    notes = await notes_on(app, team.board(), 2)
    breakout = await team.split([{"name": "A", "people": [ann.id]}])
    await delete(app, breakout["groups"][0]["board"], ann, notes[:1])
    await team.merge(breakout)
    assert await team.texts(team.board()) == ["lappu 1"]
    assert {(one["person"], one["board"], one["count"]) for one in await listed(team)} == {
        (ann.id, team.board(), 1),
        (ann.id, breakout["groups"][0]["board"], 1),
    }
    assert await restored(team, person=ann.id, board=team.board()) == 1
    await team.merge(breakout)
    assert await team.texts(team.board()) == ["lappu 0", "lappu 1"]


async def test_dn1_an_empty_note_of_ones_own_is_no_news_and_undo_takes_it_back(app: App) -> None:
    team = await app.team(1)
    [ann] = team.people
    notes = await notes_on(app, team.board(), 2, author=ann.id)
    async with at(app, team.board(), ann) as client:
        change(client, lambda document, note: edits.retext(document, note, ""), notes[:1])
        change(client, edits.delete_note, notes)
        await settled(app.service.rooms)
        assert [one["count"] for one in await listed(team)] == [1]
        change(client, edits.restore_note, notes)
        await settled(app.service.rooms)
        assert await listed(team) == []
        change(client, edits.delete_note, notes[1:])
        change(client, edits.restore_note, notes[1:])
        change(client, edits.delete_note, notes[1:])
        await settled(app.service.rooms)
        assert [one["count"] for one in await listed(team)] == [1]


async def test_dn1_a_note_without_its_text_is_deleted_as_any(app: App) -> None:
    """There were such before JD16."""
    team = await app.team(1)
    [ann] = team.people
    [note] = await notes_on(app, team.board(), 1, author=ann.id)
    async with app.service.rooms.hold(team.board()) as room:
        room.edit(lambda document: document.root("notes")[note].update({"text": "plain"}))
        await settled(app.service.rooms)
    async with at(app, team.board(), ann) as client:
        handle = client.document.root("notes")[note]
        client.send_update(client.document.record(lambda: handle.update({"del": True}))[1])
        assert client.error is None


async def test_dn1_who_was_sent_out_leaves_no_name_but_what_they_deleted_comes_back(
    app: App,
) -> None:
    team = await app.team(2)
    ann, bea = team.people
    for board in (team.board(), team.board("change")):
        notes = await notes_on(app, board, 2)
        await delete(app, board, ann, notes[:1])
        await delete(app, board, bea, notes[1:])
    app.service.rooms._forget(app.service.rooms._rooms[team.board()])  # one open, the other not
    path = f"/api/workshops/{team.id}/people/{ann.id}"
    (await team.facilitator.http.delete(path)).raise_for_status()
    for board in (team.board(), team.board("change")):
        stored = await app.service.store.find("removal", board)
        assert sorted(value["person"] for _, value in stored) == ["", bea.id]
    people = [one["person"] for one in await listed(team)]
    assert (people.count(None), people.count(bea.id)) == (2, 2)
    assert await restored(team, person=ann.id, board=team.board()) == 1
    assert await restored(team, person=None) == 1
    assert [one["person"] for one in await listed(team)] == [bea.id, bea.id]


def test_dn1_deletions_are_listed_apart_where_nothing_happened_for_a_minute() -> None:
    ann = Person(id="ann", name="Ann", role="participant", color=0, joined=1)
    minute = 60_000
    moments = {"a": 0, "b": minute, "c": 2 * minute, "d": 3 * minute + 1, "e": 3 * minute + 2}
    removed = {note: Removed("ann", at, note > "b") for note, at in moments.items()}
    removed["f"] = Removed("gone", 0, True)
    found = list(sprees(Desk(people=(ann,)), "board", removed))
    assert [(one.person, one.notes, one.began, one.until, one.others) for one in found] == [
        ("ann", ("a", "b", "c"), 0, 2 * minute, 1),
        ("ann", ("d", "e"), 3 * minute + 1, 3 * minute + 2, 2),
        (None, ("f",), 0, 0, 1),
    ]


class Counting(MemoryStore):
    """Knows which commits were more than edits: those take longer."""

    def __init__(self) -> None:
        super().__init__()
        self.wide: list[Commit] = []

    async def commit_all(self, commits: Sequence[Commit]) -> list[Misfit | None]:
        self.wide += (commit for commit in commits if not commit.is_edits)
        return await super().commit_all(commits)


async def test_dn1_a_new_note_costs_no_record() -> None:
    """It is born deleted, and shown in the next edit."""
    store = Counting()
    async with board_rooms(store) as rooms, rooms.hold(BOARD) as room:
        ann = Client(room)
        ann.sync()
        note = edits.new_id()

        def born(document: Document) -> None:
            edits.add_note(document, BOARD, zone="challenges", text="", at=1, note=note)
            edits.delete_note(document, note)

        ann.send_update(ann.document.record(lambda: born(ann.document))[1])
        await settled(rooms)
        before = len(store.wide)
        change(ann, edits.restore_note, [note])
        change(ann, lambda document, note: edits.retext(document, note, "hei"), [note])
        await settled(rooms)
        assert len(store.wide) == before
        change(ann, edits.delete_note, [note])
        await settled(rooms)
        assert len(store.wide) == before + 1
