"""Breakouts over HTTP: opening, moving and merging, atomic every time."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from boards.edits import delete_note, recolour, retext
from server.store import Commit, Misfit, NotHome, StoreUnavailable
from tests.support.app import App, running_app
from tests.support.workshops.breakouts import edit, grouped


async def test_people_are_split_evenly_and_the_same_way_again(app: App) -> None:
    team = await app.team(5)
    await team.join("Haapa", "observer")
    first, again = await team.split(2, seed=3), await team.split(2, seed=3)
    members = [group["people"] for group in first["groups"]]
    assert sorted(map(len, members)) == [2, 3]
    assert sorted(sum(members, [])) == sorted(person.id for person in team.people)
    assert [group["people"] for group in again["groups"]] == members
    assert [group["name"] for group in first["groups"]] == ["Ryhmä A", "Ryhmä B"]
    assert (await team.desk())["breakouts"] == [first, again]


async def test_groups_begin_with_what_stands_on_the_shared_board(app: App) -> None:
    team = await app.team(2)
    await app.write(team.board(), "yhteinen")
    breakout = await team.split(2)
    boards = [group["board"] for group in breakout["groups"]]
    entries = {entry["id"]: entry for entry in (await team.desk())["boards"]}
    for group in breakout["groups"]:
        assert await team.texts(group["board"]) == ["yhteinen"]
        entry = entries[group["board"]]
        assert (entry["breakout"], entry["group"]) == (breakout["id"], group["id"])
    lineages = {entries[board]["lineage"] for board in [team.board(), *boards]}
    assert len(lineages) == 3
    await app.write(boards[0], "vain ryhmässä")
    assert await team.texts(team.board()) == await team.texts(boards[1]) == ["yhteinen"]


async def test_pages_are_shared_out_by_hand(app: App) -> None:
    team = await app.team(2)
    one, two = (person.id for person in team.people)
    breakout = await team.split(
        [{"name": "Alku", "people": [one], "pages": [1, 2]}, {"people": [two], "pages": [3, 4]}],
        key="change",
    )
    assert [group["pages"] for group in breakout["groups"]] == [[1, 2], [3, 4]]
    body = {"board": team.board(), "groups": [{"people": [one], "pages": [1]}]}
    address = f"/api/workshops/{team.id}/breakouts"
    problem = (await team.facilitator.http.post(address, json=body)).json()
    assert (problem["code"], problem["field"]) == ("field-invalid", "groups[0].pages")


async def test_groups_answer_questions_under_their_own_name(app: App) -> None:
    team = await app.team(2)
    breakout = await team.split(2, key="phenomena_summary")
    group = breakout["groups"][0]
    address = f"/api/boards/{group['board']}"
    answers = (await team.facilitator.http.get(address)).json()["answers"]
    assert len([key for key in answers if key.endswith(f"/{group['id']}")]) == 4
    await team.merge(breakout)
    address = f"/api/boards/{team.board('phenomena_summary')}"
    merged = (await team.facilitator.http.get(address)).json()["answers"]
    assert len(merged) == 4 + 2 * 4


async def test_a_newcomer_joins_the_smallest_group_of_each_open_breakout(app: App) -> None:
    team = await app.team(3)
    small, closed = await team.split(2), await team.split(2)
    await team.facilitator.http.post(f"/api/breakouts/{closed['id']}/close", json={})
    person = await team.join("Neljäs")
    await team.join("Haapa", "observer")
    breakouts = {breakout["id"]: breakout for breakout in (await team.desk())["breakouts"]}
    sizes = [len(group["people"]) for group in breakouts[small["id"]]["groups"]]
    assert sizes == [2, 2]
    assert person.id in sum((group["people"] for group in breakouts[small["id"]]["groups"]), [])
    assert breakouts[closed["id"]]["groups"] == closed["groups"]


async def test_a_merge_brings_every_note_home_with_its_group(app: App) -> None:
    team, breakout = await grouped(app)
    shared, (first, second) = team.board(), breakout["groups"]
    await app.write(first["board"], "ensimmäisen")
    await app.write(second["board"], "toisen")
    await app.write(shared, "yhteinen")
    report = await team.merge(breakout)
    added = {note["text"]: note["group"] for note in report["added"]}
    assert added == {"ensimmäisen": first["id"], "toisen": second["id"]}
    assert await team.texts(shared) == ["ensimmäisen", "toisen", "yhteinen"]
    stored = (await team.desk())["breakouts"][0]
    assert stored["merged"] >= stored["created"]


async def test_merging_again_brings_nothing_and_keeps_no_snapshot(app: App) -> None:
    team, breakout = await grouped(app)
    await app.write(breakout["groups"][0]["board"], "uusi")
    assert (await team.merge(breakout))["snapshot"]
    desk = await team.desk()
    again = await team.merge(breakout)
    assert again == {
        "added": [],
        "edited_on_both_sides": [],
        "kept_deleted": [],
        "put_back": [],
        "likely_duplicates": [],
        "snapshot": None,
    }
    assert await team.desk() == desk
    listed = await team.facilitator.http.get(f"/api/boards/{team.board()}/snapshots")
    assert len(listed.json()) == 1


async def test_a_group_goes_on_and_only_what_is_new_comes_home(app: App) -> None:
    team, breakout = await grouped(app)
    board = breakout["groups"][0]["board"]
    await app.write(board, "ennen")
    await team.merge(breakout)
    await app.write(board, "jälkeen")
    report = await team.merge(breakout)
    assert [note["text"] for note in report["added"]] == ["jälkeen"]
    assert await team.texts(team.board()) == ["ennen", "jälkeen"]


async def test_the_report_names_what_needs_a_look(app: App) -> None:
    team = await app.team(2)
    shared = team.board()
    both, gone = await app.write(shared, "alku"), await app.write(shared, "poistettava")
    breakout = await team.split(2)
    first, second = (group["board"] for group in breakout["groups"])
    await edit(app, shared, lambda document: retext(document, both, "alku yhdessä"))
    await edit(app, first, lambda document: retext(document, both, "alku ryhmässä"))
    await edit(app, shared, lambda document: delete_note(document, gone))
    await edit(app, first, lambda document: recolour(document, gone, "blue"))
    await app.write(first, "Etätyö lisääntyy koko ajan")
    await app.write(second, "Etätyö lisääntyy koko ajan!")
    report = await team.merge(breakout)
    assert [note["id"] for note in report["edited_on_both_sides"]] == [both]
    assert [note["id"] for note in report["kept_deleted"]] == [gone]
    [pair] = report["likely_duplicates"]
    assert all(note["text"].startswith("Etätyö") for note in pair)
    assert len({note["group"] for note in pair}) == 2


async def test_the_board_before_a_merge_is_kept(app: App) -> None:
    team = await app.team(2)
    await app.write(team.board(), "ennen")
    breakout = await team.split(2)
    await app.write(breakout["groups"][1]["board"], "uusi")
    snapshot = (await team.merge(breakout))["snapshot"]
    http = team.facilitator.http
    [listed] = (await http.get(f"/api/boards/{team.board()}/snapshots")).json()
    assert (listed["id"], listed["cause"], listed["board"]) == (snapshot, "merge", team.board())
    kept = (await http.get(f"/api/snapshots/{snapshot}")).json()
    assert kept.items() > listed.items()
    assert [note["text"] for note in kept["content"]["notes"]] == ["ennen"]
    problem = (await http.get("/api/snapshots/unknown")).json()
    assert problem["code"] == "snapshot-gone"


async def test_merges_at_the_same_time_double_nothing(app: App) -> None:
    team, breakout = await grouped(app, people=8, groups=4)
    for group in breakout["groups"]:
        await app.write(group["board"], group["name"])
    reports = await asyncio.gather(*(team.merge(breakout) for _ in range(5)))
    assert sorted(len(report["added"]) for report in reports) == [0, 0, 0, 0, 4]
    assert len([report for report in reports if report["snapshot"]]) == 1
    assert await team.texts(team.board()) == ["Ryhmä A", "Ryhmä B", "Ryhmä C", "Ryhmä D"]


async def test_a_merge_that_cannot_be_stored_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(commits: object) -> None:
        raise StoreUnavailable("no space left on device")

    async with running_app(tmp_path) as app:
        team, breakout = await grouped(app)
        group = breakout["groups"][0]
        await app.write(group["board"], "uusi")
        desk = await team.desk()
        address = f"/api/breakouts/{breakout['id']}/merge"
        with monkeypatch.context() as broken:
            broken.setattr(app.service.store, "commit_all", full)
            answer = await team.facilitator.http.post(address, json={})
            assert (answer.status_code, answer.json()["code"]) == (503, "store-unavailable")
        assert await team.texts(team.board()) == []
        assert await team.desk() == desk
    async with running_app(tmp_path) as app:
        http = app.by(team.facilitator.token)
        report = (await http.post(address, json={})).json()
        assert [note["text"] for note in report["added"]] == ["uusi"]


async def test_opening_a_breakout_is_one_commit(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    team = await app.team(4)
    commits: list[Commit] = []
    commit_all = app.service.store.commit_all

    async def seen(batch: Sequence[Commit]) -> Sequence[Misfit | NotHome | None]:
        commits.extend(batch)
        return await commit_all(batch)

    monkeypatch.setattr(app.service.store, "commit_all", seen)
    breakout = await team.split(2)
    [batch] = commits
    assert {new.board for new in batch.creates} == {g["board"] for g in breakout["groups"]}
    assert [append.board for append in batch.appends] == [team.id]
    kinds = {record.kind for record in batch.puts}
    assert {"board", "breakout"} <= kinds


async def test_people_change_groups_while_it_is_open(app: App) -> None:
    team, breakout = await grouped(app, people=2)
    first, second = breakout["groups"]
    mover = next(person for person in team.people if person.id in first["people"])
    assert (await mover.http.get(f"/api/boards/{second['board']}")).status_code == 403
    address = f"/api/breakouts/{breakout['id']}"
    everybody = [person.id for person in team.people]
    body = {"groups": [{"id": second["id"], "people": everybody, "name": "Kaikki"}]}
    moved = (await team.facilitator.http.patch(address, json=body)).json()
    assert [group["people"] for group in moved["groups"]] == [[], everybody]
    assert moved["groups"][1]["name"] == "Kaikki"
    assert (await mover.http.get(f"/api/boards/{second['board']}")).status_code == 200
    assert (await mover.http.get(f"/api/boards/{first['board']}")).status_code == 403
    await team.facilitator.http.post(f"{address}/close", json={})
    answer = await team.facilitator.http.patch(address, json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "breakout-closed")


async def test_what_is_no_breakout_is_gone(app: App) -> None:
    team, breakout = await grouped(app)
    http = team.facilitator.http
    for method, address in (
        ("PATCH", "/api/breakouts/unknown"),
        ("POST", f"/api/breakouts/{team.id}/merge"),
        ("POST", "/api/breakouts/unknown/close"),
    ):
        answer = await http.request(method, address, json={})
        assert (answer.status_code, answer.json()["code"]) == (404, "breakout-gone")
    address = f"/api/workshops/{team.id}/breakouts"
    for board in ("unknown", breakout["groups"][0]["board"], None, team.id):
        answer = await http.post(address, json={"board": board, "groups": 2})
        assert (answer.status_code, answer.json()["field"]) == (400, "board")
    answer = await http.post(f"/api/breakouts/{breakout['id']}/merge", json={"mode": "all"})
    assert answer.json()["code"] == "field-invalid"
