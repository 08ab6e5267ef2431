"""How a board came about, by calls: when, who, and the board as it stood at each moment."""

from xml.etree import ElementTree

from boards.document import Document
from boards.edits import add_note, delete_note, move_note, retext
from server.exports.sources import SMALL_BYTES
from server.store import Moment, Stamp, StoredHistory
from server.workshops.snapshots.replay import MOST_STEPS, replay_of, weight_of
from tests.server.workshops.test_snapshots import edit, take
from tests.support.app import App, Json, Team
from tests.support.rooms import settled
from tests.support.workshops.deletions import at, change, notes_on


async def replay(team: Team) -> Json:
    answer = await team.people[0].http.get(f"/api/boards/{team.board()}/moments")
    found: Json = answer.raise_for_status().json()
    return found


async def texts_at(team: Team, moment: int) -> list[str]:
    answer = await team.people[0].http.get(f"/api/boards/{team.board()}/moments/{moment}")
    return [note["text"] for note in answer.raise_for_status().json()["notes"]]


async def test_each_moment_has_the_board_as_it_stood(app: App) -> None:
    team = await app.team(1)
    first = await app.write(team.board(), "alku")
    after_first = (await replay(team))["moments"][-1]["seq"]
    await app.write(team.board(), "lisää")
    await edit(app, team.board(), lambda document: delete_note(document, first))
    told = await replay(team)
    assert told["begins"] == 0
    assert [m["seq"] for m in told["moments"]] == sorted({m["seq"] for m in told["moments"]})
    assert await texts_at(team, after_first) == ["alku"]
    assert await texts_at(team, told["moments"][-1]["seq"]) == ["lisää"]
    assert await texts_at(team, 0) == []
    assert sum(m["updates"] for m in told["moments"]) == told["moments"][-1]["seq"]


async def test_each_moment_says_what_changed_in_it(app: App) -> None:
    team = await app.team(2)
    one, other = team.people
    board = team.board()
    (note,) = await notes_on(app, board, 1, author=one.id)
    async with at(app, board, one) as client:
        change(client, lambda d, n: retext(d, n, "toisin"), [note])
        change(
            client, lambda d, n: move_note(d, board, n, zone="challenges", position=(5, 5)), [note]
        )
        await settled(app.service.rooms)
    breakout = await team.split([{"name": "Koivu", "people": [one.id, other.id]}])
    group = breakout["groups"][0]
    await notes_on(app, group["board"], 3, author=other.id)
    await team.merge(breakout)
    await edit(app, board, lambda document: delete_note(document, note))
    history = await app.service.store.history(board)
    assert history is not None
    each = replay_of(replace_times(history), board).moments  # a second apart, none gathered
    told = [(m.added, m.changed, m.moved, m.deleted, m.notes) for m in each]
    brought = [(b.group, b.notes) for m in each for b in m.brought]
    assert told[1:4] == [(1, 0, 0, 0, 1), (0, 1, 0, 0, 1), (0, 0, 1, 0, 1)]
    assert told[-1] == (0, 0, 0, 1, 3)
    assert brought == [(group["id"], 3)]
    assert sum(m["notes"] for m in (await replay(team))["moments"][-1:]) == 3


def replace_times(history: StoredHistory) -> StoredHistory:
    moments = [
        moment._replace(stamp=moment.stamp._replace(at=n * 1000))
        for n, moment in enumerate(history.moments)
    ]
    return StoredHistory(history.base, tuple(moments))


async def test_only_who_may_see_a_board_sees_how_it_came_about(app: App) -> None:
    team, others = await app.team(1), await app.team(1)
    for path in ("moments", "moments/1"):
        address = f"/api/boards/{team.board()}/{path}"
        assert (await app.http.get(address)).status_code == 401
        assert (await others.people[0].http.get(address)).status_code in (401, 403, 404)
    odd = await team.people[0].http.get(f"/api/boards/{team.board()}/moments/x")
    assert odd.status_code == 400


async def test_a_large_history_is_read_in_another_process(app: App) -> None:
    team = await app.team(1)
    await app.write(team.board(), "ensin")
    for n in range(80):
        await app.write(team.board(), f"{n} " + "pitkä teksti " * 150)
    told = await replay(team)
    assert "ensin" in await texts_at(team, told["moments"][-1]["seq"])


async def test_a_snapshot_is_drawn(app: App) -> None:
    team = await app.team(1)
    await app.write(team.board(), "näkyy kuvassa")
    snapshot = await take(team)
    await app.write(team.board(), "tuli myöhemmin")
    address = f"/api/snapshots/{snapshot['id']}/picture.svg"
    drawn = await team.people[0].http.get(address, params={"language": "sv"})
    assert drawn.headers["content-type"] == "image/svg+xml"
    root = ElementTree.fromstring(drawn.content)
    assert root.get("lang") == "sv"
    assert "näkyy kuvassa" in "".join(root.itertext())
    assert "tuli myöhemmin" not in "".join(root.itertext())
    assert (await app.http.get(address)).status_code == 401


def test_what_comes_close_together_is_one_step_and_there_are_not_too_many() -> None:
    document = Document()
    add_note(document, "b", zone="z", text="x", author="p1", at=1)
    update = document.get_update()
    moments = tuple(Moment(n, Stamp(n * 400, (f"p{n % 3}",)), update) for n in range(1, 20_001))
    told = replay_of(StoredHistory(None, moments), "b")
    assert len(told.moments) <= MOST_STEPS
    assert sum(step.updates for step in told.moments) == 20_000
    assert told.moments[-1].seq == 20_000
    assert set(told.moments[0].who) == {"p0", "p1", "p2"}
    few = replay_of(StoredHistory(None, moments[:4]), "b")
    assert [step.seq for step in few.moments] == [3, 4]
    assert replay_of(StoredHistory(None, ()), "b").moments == ()


def test_many_small_moments_are_read_in_another_process_too() -> None:
    """A minute of typing took others 30 ms for each look at it, twenty looks at once half a
    second."""
    typed = tuple(Moment(seq, Stamp(seq, ("p",)), b"x" * 20) for seq in range(1, 1500))
    assert sum(len(moment.update) for moment in typed) < SMALL_BYTES
    assert weight_of(StoredHistory(None, typed)) > SMALL_BYTES
