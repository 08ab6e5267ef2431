"""What an update changed, judged before it is stored or shown (rules JD1–JD16)."""

from collections.abc import Callable

import pytest
from pycrdt import Array, Map, Text

from boards.document import Document
from boards.schema import read_board
from server.store.memory import MemoryStore
from tests.support.rooms import BOARD, Client, board_rooms, settled, write

Change = Callable[[Client], object]


def note_of(client: Client, **fields: object) -> Map[object]:
    return Map({"text": Text("x"), "zone": "challenges", "color": "yellow", "at": 1, **fields})


def try_out(client: Client, **fields: object) -> None:
    client.document.root("experiments")["new"] = Map({"what": Text("x"), "at": 1, **fields})


def replan(client: Client, field: str, value: object) -> None:
    """Change an experiment that the server has taken already."""
    client.document.root("experiments")["old"][field] = value


def link(client: Client, **fields: object) -> None:
    value = {"from": "a", "to": "other#row/tools", "kind": "relates", **fields}
    client.document.root("links")["k"] = value


def gather(client: Client, theme: str, value: object) -> None:
    client.document.root("themes")[theme] = value


def rename(client: Client, name: object) -> None:
    """Put another name in the place of one that the server has taken already."""
    client.document.root("themes")["old"]["name"] = name


def put(client: Client, note: object) -> None:
    client.document.root("notes")["new"] = note


@pytest.mark.parametrize(
    ("rule", "change", "code"),
    [
        ("JD1", lambda c: put(c, note_of(c, author="somebody else")), 4403),
        ("JD2", lambda c: put(c, note_of(c, group="g1")), 4403),
        ("JD1", lambda c: put(c, "no map"), 4422),
        ("JD1", lambda c: put(c, Map({"zone": "challenges"})), 4422),
        ("JD2", lambda c: c.document.root("notes")["old"].update({"group": "g"}), 4403),
        ("JD2", lambda c: c.document.root("notes")["old"].update({"author": "another"}), 4403),
        ("JD3", lambda c: c.document.root("votes").update({"old/another": 3}), 4403),
        ("JD4", lambda c: c.document.root("answers").update({"q1": Text("x")}), 4403),
        ("JD7", lambda c: c.document.root("experiments").update({"new": "no map"}), 4422),
        ("JD7", lambda c: try_out(c, start="soon"), 4422),
        ("JD7", lambda c: try_out(c, group="g1"), 4403),
        ("JD7", lambda c: try_out(c, **{"check/soon": True}), 4422),
        ("JD7", lambda c: replan(c, "end", "2026-02-30"), 4422),
        ("JD7", lambda c: replan(c, "end", 20260228), 4422),
        ("JD7", lambda c: replan(c, "check/20260228", True), 4422),
        ("JD11", lambda c: gather(c, "new", "no map"), 4422),
        ("JD11", lambda c: gather(c, "new", Map({"zone": "challenges"})), 4422),
        ("JD11", lambda c: gather(c, "new", Map({"name": "plain"})), 4422),
        ("JD11", lambda c: rename(c, "plain"), 4422),
        ("JD9", lambda c: c.document.root("links").update({"k": "n1"}), 4422),
        ("JD9", lambda c: c.document.root("links").update({"k": {"from": "a", "to": "b"}}), 4422),
        ("JD9", lambda c: link(c, kind=7), 4422),
        ("JD9", lambda c: link(c, to=""), 4422),
        ("JD9", lambda c: link(c, more="x"), 4422),
        ("JD9", lambda c: link(c, to="x" * 200), 4422),
        ("IN6", lambda c: c.document.root("hostile").update({"x": 1}), 4422),
        ("IN6", lambda c: c.document.root("layout/other").update({"old": [1, 2]}), 4422),
        ("IN4", lambda c: put(c, note_of(c, deep=Array([1]))), 4422),
    ],
)
async def test_jd_a_rule_is_broken_and_nobody_sees_or_stores_it(
    rule: str, change: Change, code: int
) -> None:
    store = MemoryStore()
    async with board_rooms(store) as rooms, rooms.hold(BOARD) as room:
        ann, bea = Client(room), Client(room)
        ann.sync()
        bea.sync()
        root = ann.document.root("notes")
        ann.send_update(ann.document.record(lambda: root.update({"old": note_of(ann)}))[1])
        planned = Map({"what": Text("x"), "start": "2026-02-28", "check/2026-03-01": True})
        plans = ann.document.root("experiments")
        ann.send_update(ann.document.record(lambda: plans.update({"old": planned}))[1])
        ann.send_update(ann.document.record(lambda: link(ann))[1])
        named = Map({"name": Text("Kiire"), "zone": "challenges"})
        ann.send_update(ann.document.record(lambda: gather(ann, "old", named))[1])
        await settled(rooms)
        assert ann.error is None
        bea.sync()
        before = await store.load(BOARD)
        ann.send_update(ann.document.record(lambda: change(ann))[1])
        assert ann.error is not None
        assert ann.error.close_code == code, rule
        bea.send_update(write(bea, "goes on"))
        while room.document is None:
            await settled(rooms)
        await settled(rooms)
        bea.hear()
        assert bea.error is None
        assert bea.texts() == ["goes on", "x"]
        assert before is not None
        after = await store.load(BOARD)
        assert after is not None
        assert after.seq == before.seq + 1
        assert read_board(room.document, BOARD, "notes", "phenomena").notes == bea.board().notes


async def test_jd6_edits_of_the_server_are_not_judged() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        ann = Client(room)
        ann.sync()

        def seed(document: Document) -> None:
            document.root("answers")["q1"] = Text("x")
            document.root("notes")["n"] = note_of(ann, group="g", author="p")

        room.edit(seed)
        await settled(rooms)
        ann.hear()
        assert ann.board().notes[0].group == "g"
