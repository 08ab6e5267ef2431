"""Restoring by person, by calls: what one did to a board is told and taken back (SN9, SN10)."""

from __future__ import annotations

from typing import Any

from boards import edits
from boards.changes.values import Field, trail_of
from boards.document import Document
from boards.schema import NOTES, read_all_notes, read_board, read_layout
from server.exports.sources import SMALL_BYTES
from server.workshops.members import document_of
from server.workshops.snapshots.replay import weight_of
from tests.server.workshops.test_snapshots import listed as snapshots
from tests.support.app import App, Json, Person, Team
from tests.support.rooms import settled
from tests.support.workshops.deletions import at, change, delete, notes_on


async def done(team: Team, person: Person, since: int = 0) -> Json:
    path = f"/api/boards/{team.board()}/changes/{person.id}"
    answer = await team.facilitator.http.get(path, params={"since": since})
    found: Json = answer.raise_for_status().json()
    return found


async def take_back(team: Team, person: Person, **more: Any) -> Json:
    body = {"person": person.id, "since": 0, **more}
    answer = await team.facilitator.http.post(f"/api/boards/{team.board()}/restore", json=body)
    back: Json = answer.raise_for_status().json()
    return back


async def does(app: App, team: Team, member: Person, edit: Any, *notes: str) -> None:
    async with at(app, team.board(), member) as client:
        change(client, edit, notes)
        await settled(app.service.rooms)


async def places(app: App, team: Team) -> dict[str, Any]:
    async with app.service.rooms.hold(team.board()) as room:
        return read_layout(document_of(room), team.board())


async def test_sn9_sixty_notes_of_ten_people_come_back_and_the_others_work_stays(app: App) -> None:
    team = await app.team(12)
    *people, vandal, writer = team.people
    notes = [
        note for person in people for note in await notes_on(app, team.board(), 6, author=person.id)
    ]
    assert len(notes) == 60
    before = await team.texts(team.board())
    for some in (notes[:20], notes[20:40], notes[40:]):
        await delete(app, team.board(), vandal, some)
        await does(app, team, writer, rewritten(team, writer), "")
    told = await done(team, vandal)
    assert len(told["deleted"]) == 60
    back = await take_back(team, vandal)
    assert (back["deleted"], back["moved"], back["changed"]) == (60, 0, 0)
    after = await team.texts(team.board())
    assert sorted(after) == sorted([*before, *["muiden työ"] * 3])
    assert [one["id"] for one in await snapshots(team)] == [back["snapshot"]]
    assert (await done(team, vandal))["deleted"] == []
    desk = await team.desk()
    assert (desk["restored"]["board"], desk["restored"]["person"]) == (
        team.board(),
        team.facilitator.id,
    )


def rewritten(team: Team, writer: Person) -> Any:
    def write(document: Document, _: str) -> None:
        edits.add_note(
            document, team.board(), zone="challenges", text="muiden työ", author=writer.id, at=2
        )

    return write


async def test_sn9_what_was_moved_and_changed_goes_back_where_nobody_touched_it_since(
    app: App,
) -> None:
    team = await app.team(2)
    one, other = team.people
    moved, changed, touched = await notes_on(app, team.board(), 3, author=other.id)
    board = team.board()

    def to(position: tuple[int, int]) -> Any:
        return lambda document, note: edits.move_note(
            document, board, note, zone="challenges", position=position
        )

    await does(app, team, other, to((10, 20)), moved)
    for x in (500, 900):  # several of theirs in a row are one
        await does(app, team, one, to((x, x)), moved)
    await does(app, team, one, lambda d, n: edits.retext(d, n, "sotkettu"), changed, touched)
    await does(app, team, one, lambda d, n: edits.recolour(d, n, "pink"), changed)
    await does(app, team, other, lambda d, n: edits.retext(d, n, "korjattu"), touched)
    await does(app, team, one, lambda d, n: edits.retext(d, n, "taas sotkettu"), touched)
    told = await done(team, one)
    assert [(item["id"], item["was"]) for item in told["moved"]] == [(moved, None)]
    assert {item["id"]: item["was"] for item in told["changed"]}[changed] == "lappu 1"
    back = await take_back(team, one)
    assert (back["deleted"], back["moved"], back["changed"]) == (0, 1, 2)
    assert sorted(await team.texts(board)) == ["korjattu", "lappu 0", "lappu 1"]
    assert (await places(app, team))[moved] == (10, 20)
    async with app.service.rooms.hold(board) as room:
        found = read_board(document_of(room), board, "notes", "phenomena")
    colors = {note.id: note.color for note in found.notes}
    assert colors[changed] == "yellow"


async def test_sn9_a_large_history_is_read_in_another_process(app: App) -> None:
    team = await app.team(2)
    one, other = team.people
    board = team.board()
    (note,) = await notes_on(app, board, 1, author=other.id)
    for n in range(80):
        await app.write(board, f"{n} " + "pitkä teksti " * 150)
    history = await app.service.store.history(board)
    assert history is not None
    assert weight_of(history) > SMALL_BYTES
    await does(
        app,
        team,
        one,
        lambda d, n: edits.move_note(d, board, n, zone="challenges", position=(9, 9)),
        note,
    )
    await delete(app, board, one, [note])
    assert (await places(app, team))[note] == (9, 9)
    assert [item["id"] for item in (await done(team, one))["moved"]] == [note]
    back = await take_back(team, one)
    assert (back["deleted"], back["moved"]) == (1, 1)
    assert note not in await places(app, team)  # nobody had placed it
    assert "lappu 0" in await team.texts(board)


async def test_sn9_only_what_is_asked_for_and_of_the_time_that_is_asked_for(app: App) -> None:
    team = await app.team(2)
    one, other = team.people
    gone, changed = await notes_on(app, team.board(), 2, author=other.id)
    await delete(app, team.board(), one, [gone])
    await does(app, team, one, lambda d, n: edits.retext(d, n, "toisin"), changed)
    nothing = await take_back(team, one, since=2**52)
    assert nothing == {"snapshot": None, "deleted": 0, "moved": 0, "changed": 0}
    assert await snapshots(team) == []
    assert (await team.desk())["restored"] is None
    back = await take_back(team, one, what=["deleted"])
    assert (back["deleted"], back["changed"]) == (1, 0)
    assert sorted(await team.texts(team.board())) == ["lappu 0", "toisin"]


async def test_sn9_what_somebody_made_themselves_is_theirs(app: App) -> None:
    team = await app.team(2)
    one, other = team.people
    await does(app, team, one, rewritten(team, one), "")
    await does(app, team, other, rewritten(team, other), "")  # not all of it in a row
    async with app.service.rooms.hold(team.board()) as room:
        notes = read_all_notes(document_of(room)).values()
    own = next(note.id for note in notes if note.author == one.id)
    await does(app, team, one, lambda d, n: edits.retext(d, n, "toisin"), own)
    assert await done(team, one) == {"deleted": [], "moved": [], "changed": []}


async def test_only_facilitators_see_and_take_back_what_people_did(app: App) -> None:
    team, others = await app.team(2), await app.team(1)
    one, other = team.people
    path = f"/api/boards/{team.board()}"
    body = {"person": one.id, "since": 0}
    for http in (other.http, one.http):
        assert (await http.get(f"{path}/changes/{one.id}")).status_code == 403
        assert (await http.post(f"{path}/restore", json=body)).status_code == 403
    assert (await others.facilitator.http.post(f"{path}/restore", json=body)).status_code == 401
    lead = team.facilitator.http
    assert (await lead.get(f"{path}/changes/{others.people[0].id}")).status_code == 404
    assert (await lead.get(f"{path}/changes/{one.id}", params={"since": "x"})).status_code == 400
    odd = await lead.post(f"{path}/restore", json={**body, "what": ["all"]})
    assert odd.status_code == 400


def test_sn10_an_update_of_several_people_is_nobodys() -> None:
    document = Document()
    note = edits.add_note(document, "b", zone="z", text="alku", author="p", at=1)
    before = document.get_update()
    copy = Document(before)
    update = copy.record(lambda: edits.retext(copy, note, "toisin"))[1]
    key = Field(NOTES, note, "text")
    assert trail_of(Document(before), "b", [((update,), True)]) == {key: ("alku", "toisin")}
    assert trail_of(Document(before), "b", [((update,), False)]) == {}
