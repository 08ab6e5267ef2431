"""What a merge would bring, before it does; and the work of some groups brought home alone."""

from typing import Any

from boards.edits import delete_note, retext
from tests.support.app import App, Json, Team
from tests.support.workshops.breakouts import edit, grouped

Told = tuple[list[str], int, int, int, bool]  # added, changed, removed, there, more
NOTHING: Told = ([], 0, 0, 0, False)


async def preview(team: Team, breakout: Json) -> Json:
    answer = await team.facilitator.http.get(f"/api/breakouts/{breakout['id']}/preview")
    assert answer.status_code == 200, answer.text
    told: Json = answer.json()
    return told


async def merge(team: Team, breakout: Json, **body: Any) -> Json:
    address = f"/api/breakouts/{breakout['id']}/merge"
    answer = await team.facilitator.http.post(address, json=body)
    assert answer.status_code == 200, answer.text
    told: Json = answer.json()
    return told


def shares(told: Json) -> list[Told]:
    return [
        (
            [note["text"] for note in share["added"]],
            share["changed"],
            share["removed"],
            share["there"],
            share["more"],
        )
        for share in told["groups"]
    ]


async def test_br19_a_preview_says_what_the_merge_then_does_and_changes_nothing(app: App) -> None:
    team = await app.team(2)
    shared = team.board()
    both, gone, kept = [await app.write(shared, text) for text in ("alku", "turha", "jää")]
    breakout = await team.split(2)
    first, second = breakout["groups"]
    assert shares(await preview(team, breakout)) == [NOTHING, NOTHING]
    await edit(app, shared, lambda document: retext(document, both, "alku yhdessä"))
    await edit(app, first["board"], lambda document: retext(document, both, "alku ryhmässä"))
    for group in (first, second):
        await edit(app, group["board"], lambda document: delete_note(document, gone))
    await edit(app, first["board"], lambda document: delete_note(document, kept))
    await app.write(first["board"], "Etätyö lisääntyy koko ajan")
    await app.write(second["board"], "Etätyö lisääntyy koko ajan!")
    before = await team.desk(), await team.texts(shared)
    told = await preview(team, breakout)
    assert shares(told) == [
        (["Etätyö lisääntyy koko ajan"], 1, 1, 0, False),
        (["Etätyö lisääntyy koko ajan!"], 0, 1, 0, False),
    ]
    assert [note["id"] for note in told["edited_on_both_sides"]] == [both]
    assert len(told["likely_duplicates"]) == 1
    assert (await team.desk(), await team.texts(shared)) == before
    report = await merge(team, breakout)
    assert report["likely_duplicates"] == told["likely_duplicates"]
    assert report["edited_on_both_sides"] == told["edited_on_both_sides"]
    added = [note for share in told["groups"] for note in share["added"]]
    assert sorted(report["added"], key=str) == sorted(added, key=str)
    assert "turha" not in await team.texts(shared)
    assert "jää" in await team.texts(shared)
    assert shares(await preview(team, breakout)) == [([], 0, 0, 1, False)] * 2


async def test_br19_some_groups_come_home_alone_and_the_others_later(app: App) -> None:
    team, breakout = await grouped(app)
    first, second = breakout["groups"]
    await app.write(first["board"], "ensimmäisen")
    await app.write(second["board"], "toisen")
    report = await merge(team, breakout, groups=[second["id"]])
    assert [note["text"] for note in report["added"]] == ["toisen"]
    assert await team.texts(team.board()) == ["toisen"]
    await app.write(second["board"], "toisen uusi")
    assert shares(await preview(team, breakout)) == [
        (["ensimmäisen"], 0, 0, 0, False),
        (["toisen uusi"], 0, 0, 1, False),
    ]
    await merge(team, breakout, groups=[first["id"]])
    assert await team.texts(team.board()) == ["ensimmäisen", "toisen"]
    await merge(team, breakout)
    assert await team.texts(team.board()) == ["ensimmäisen", "toisen", "toisen uusi"]


async def test_what_a_group_deleted_stays_while_one_that_does_not_come_yet_has_it(app: App) -> None:
    team = await app.team(2)
    note = await app.write(team.board(), "yhteinen")
    breakout = await team.split(2)
    first = breakout["groups"][0]
    await edit(app, first["board"], lambda document: delete_note(document, note))
    await merge(team, breakout, groups=[first["id"]])
    assert await team.texts(team.board()) == ["yhteinen"]


async def test_what_was_taken_back_is_shown_and_comes_again_group_by_group(app: App) -> None:
    team, breakout = await grouped(app)
    first, second = breakout["groups"]
    await app.write(first["board"], "ensimmäisen")
    await app.write(second["board"], "toisen")
    snapshot = (await merge(team, breakout))["snapshot"]
    address = f"/api/snapshots/{snapshot}/restore"
    await team.facilitator.http.post(address, json={"mode": "undo_merge"})
    assert await team.texts(team.board()) == []
    one, two = ["ensimmäisen"], ["toisen"]
    assert [share[0] for share in shares(await preview(team, breakout))] == [one, two]
    await merge(team, breakout, groups=[second["id"]])
    assert await team.texts(team.board()) == two
    assert [share[0] for share in shares(await preview(team, breakout))] == [one, []]
    [deleted] = [note for note in await notes(team) if note["text"] == "toisen"]
    await edit(app, team.board(), lambda document: delete_note(document, deleted["id"]))
    await merge(team, breakout)
    assert await team.texts(team.board()) == one  # what came again and went since stays away
    assert [share[0] for share in shares(await preview(team, breakout))] == [[], []]


async def test_only_groups_of_the_round_can_be_chosen_and_only_by_who_leads(app: App) -> None:
    team, breakout = await grouped(app)
    address = f"/api/breakouts/{breakout['id']}"
    for groups in ([], ["x"], "kaikki"):
        answer = await team.facilitator.http.post(f"{address}/merge", json={"groups": groups})
        assert (answer.status_code, answer.json()["code"]) == (400, "field-invalid")
    answer = await team.people[0].http.get(f"{address}/preview")
    assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")


async def notes(team: Team) -> list[Json]:
    board = await team.facilitator.http.get(f"/api/boards/{team.board()}")
    found: list[Json] = board.json()["notes"]
    return found
