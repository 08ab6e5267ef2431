"""A board as a snapshot has it, copied to a new workshop (SN11)."""

from __future__ import annotations

from typing import Any

import httpx

from boards import edits
from boards.document import Document
from boards.schema import Board, read_board
from server.workshops.members import document_of
from tests.server.workshops.test_snapshots import edit, take
from tests.support.app import App, Json, Person, Team
from tests.support.workshops.deletions import at, change


async def copy(team: Team, by: Person, snapshot: str, **body: Any) -> httpx.Response:
    return await by.http.post(f"/api/snapshots/{snapshot}/copy", json=body)


async def board_in(app: App, made: Json, key: str) -> Board:
    entry = next(board for board in made["boards"] if board["key"] == key)
    async with app.service.rooms.hold(entry["id"]) as room:
        return read_board(document_of(room), entry["id"], entry["kind"], key)


async def test_sn11_a_board_is_copied_as_it_was_and_this_one_stays(app: App) -> None:
    team = await app.team(1)
    (one,) = team.people
    board = team.board()

    def write(document: Document) -> None:
        theme = edits.add_theme(document, name="Jonot", zone="challenges")
        under = edits.add_note(
            document, board, zone="challenges", text="jonossa", author=one.id, at=5
        )
        edits.set_theme(document, under, theme)
        edits.move_theme(document, board, theme, zone="challenges", position=(40, 60))
        free = edits.add_note(
            document, board, zone="strengths", text="vapaa", color="pink", position=(7, 8), at=6
        )
        edits.add_link(document, source=under, target=free, kind="evidence")
        edits.add_link(document, source=under, target="toinen#lappu", kind="evidence")
        edits.vote(document, free, one.id, 2)

    await edit(app, board, write)
    snapshot = await take(team)
    await app.write(board, "tuli myöhemmin")
    answer = await copy(team, team.facilitator, snapshot["id"], title="Kopio")
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    assert made["id"] != team.id
    copied = await board_in(app, made, "phenomena")
    notes = {note.text: note for note in copied.notes}
    assert set(notes) == {"jonossa", "vapaa"}
    under, free = notes["jonossa"], notes["vapaa"]
    assert (free.color, free.position, free.votes, free.at) == ("pink", (7, 8), 0, 6)
    assert {note.author for note in copied.notes} == {None}
    assert [(theme.name, theme.position) for theme in copied.themes] == [("Jonot", (40, 60))]
    assert under.theme == copied.themes[0].id
    assert [(link.source, link.target) for link in copied.links] == [(under.id, free.id)]
    by_new = {"Authorization": f"Bearer {made['token']}"}
    desk = (await app.http.get(f"/api/workshops/{made['id']}", headers=by_new)).json()
    assert (desk["title"], desk["previous"], desk["board"]) == ("Kopio", None, copied.id)
    assert len(await team.texts(board)) == 3


async def test_sn11_answers_and_experiments_come_along(app: App) -> None:
    team = await app.team(2)
    one, other = team.people
    key = next(
        board["key"] for board in (await team.desk())["boards"] if board["kind"] == "answers"
    )
    answers = team.board(key)
    async with app.service.rooms.hold(answers) as room:
        question = next(iter(read_board(document_of(room), answers, "answers", key).answers))
    await edit(app, answers, lambda d: edits.answer(d, question, "yhdessä"))
    groups = [{"name": each.id, "people": [each.id]} for each in (one, other)]
    breakout = await team.split(groups, key)
    group = breakout["groups"][0]
    async with at(app, group["board"], one) as client:
        change(client, lambda d, k: edits.answer(d, k, "ryhmässä"), [f"{question}/{group['id']}"])
    await team.merge(breakout)
    made = (await copied_now(team, answers)).json()
    assert (await board_in(app, made, key)).answers[question] == "yhdessä\n\nryhmässä"
    plan = team.board("experiments")

    def begin(document: Document) -> None:
        experiment = edits.add_experiment(document, texts=("what",), at=3)
        edits.set_experiment(document, experiment, "what", "kokeillaan")
        edits.set_experiment(document, experiment, "start", "2026-05-06")
        edits.put_check(document, experiment, "2026-05-20")

    await edit(app, plan, begin)
    made = (await copied_now(team, plan)).json()
    [experiment] = (await board_in(app, made, "experiments")).experiments
    assert dict(experiment.fields) == {"what": "kokeillaan", "start": "2026-05-06"}
    assert experiment.checks == ("2026-05-20",)


async def copied_now(team: Team, board: str) -> httpx.Response:
    http = team.facilitator.http
    taken = await http.post(f"/api/boards/{board}/snapshots", json={"name": "nyt"})
    return await copy(team, team.facilitator, taken.raise_for_status().json()["id"])


async def test_only_its_facilitators_copy_a_board(app: App) -> None:
    team, others = await app.team(1), await app.team()
    snapshot = await take(team)
    assert (await copy(team, team.people[0], snapshot["id"])).status_code == 403
    assert (await copy(team, others.facilitator, snapshot["id"])).status_code == 401
    assert (await copy(team, team.facilitator, "nosuchsnapshot")).status_code == 404
