"""What people wrote cannot be destroyed, only deleted, which can be taken back (rule JD16)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pycrdt import Map, Text

from boards import edits
from boards.document import Document
from boards.schema import layout_root
from server.store.memory import MemoryStore
from server.sync.board import live_board
from server.sync.board.board_state import BoardState
from server.sync.errors import RefusedUpdate
from server.sync.room.room import Room
from server.sync.rooms import Rooms
from tests.support.rooms import BOARD, Client, access, board_rooms, settled

Change = Callable[[Document], object]
WRITTEN = {"notes": "text", "themes": "name", "experiments": "what"}


def entry(root: str, text: str = "Annan") -> Map[Any]:
    return Map({WRITTEN[root]: Text(text), "zone": "challenges", "color": "yellow", "at": 1})


def written(document: Document) -> None:
    """What Anna has on the board."""
    for root in WRITTEN:
        document.root(root)["old"] = entry(root)
    document.root("notes")["old"]["author"] = "anna"
    document.root(layout_root(BOARD))["old"] = [10, 20]


def clear(document: Document) -> None:
    """As H8 of the attack report."""
    for root in "notes", layout_root(BOARD):
        for key in list(document.root(root).keys()):
            del document.root(root)[key]


def remove(root: str) -> Change:
    return lambda document: document.root(root).pop("old")


def replace_by_another(root: str) -> Change:
    return lambda document: document.root(root).update({"old": entry(root, "Mine")})


def remove_text(root: str) -> Change:
    return lambda document: document.root(root)["old"].pop(WRITTEN[root])


def flatten_text(root: str) -> Change:
    return lambda document: document.root(root)["old"].update({WRITTEN[root]: "plain"})


def replace_text(root: str) -> Change:
    return lambda document: document.root(root)["old"].update({WRITTEN[root]: Text("Mine")})


def misplace(root: str) -> Change:
    return lambda document: document.root(root)["old"].update({"zone": 5})


CHANGES = [pytest.param(clear, id="clear")] + [
    pytest.param(make(root), id=f"{make.__name__}-{root}")
    for make in (remove, replace_by_another, remove_text, flatten_text, replace_text, misplace)
    for root in WRITTEN
    if (make, root) != (misplace, "experiments")
]


async def somebody(rooms: Rooms, room: Room, role: str = "participant") -> Client:
    room.edit(written)
    await settled(rooms)
    client = Client(room, replace(access("mallory"), role=role))  # type: ignore[arg-type]
    client.sync()
    return client


def send(client: Client, change: Change) -> None:
    client.send_update(client.document.record(lambda: change(client.document))[1])


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("role", ["participant", "facilitator"])
async def test_h8_what_was_written_is_not_destroyed(change: Change, role: str) -> None:
    store = MemoryStore()
    async with board_rooms(store) as rooms, rooms.hold(BOARD) as room:
        mallory = await somebody(rooms, room, role)
        before = await store.load(BOARD)
        send(mallory, change)
        assert mallory.error is not None
        assert mallory.error.close_code == 4422
        while room.document is None:
            await settled(rooms)
        for root, field in WRITTEN.items():
            assert str(room.document.root(root)["old"][field]) == "Annan"
        assert await store.load(BOARD) == before


async def test_h8_one_bad_edit_in_a_run_is_enough() -> None:
    """Edits that come together are judged together, and none of them is in."""
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        mallory = await somebody(rooms, room)
        document = mallory.document
        first = document.record(lambda: document.root("notes")["old"]["text"].insert(0, "x"))[1]
        second = document.record(lambda: document.root("notes")["old"]["text"].insert(1, "y"))[1]
        third = document.record(lambda: document.root("notes").pop("old"))[1]
        frames = [b"\0\2" + bytes([len(update)]) + update for update in (first, second, third)]
        room.receive(mallory.connection, *frames)
        assert mallory.error is not None
        while room.document is None:
            await settled(rooms)
        assert str(room.document.root("notes")["old"]["text"]).endswith("Annan")


KEPT = [
    ("notes", "zone", "challenges"),
    ("notes", "color", "yellow"),
    ("themes", "zone", "challenges"),
]


@pytest.mark.parametrize(("root", "field", "value"), KEPT)
async def test_jd16_what_undo_takes_out_is_put_back(root: str, field: str, value: str) -> None:
    """Yjs does so when two have moved a note at the same time, and the one who won undoes it."""
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        client = await somebody(rooms, room)
        other = Client(room)
        other.sync()
        send(client, lambda document: document.root(root)["old"].pop(field))
        await settled(rooms)
        for each in client, other:
            each.hear()
            assert (each.error, each.notices) == (None, [])
            assert each.document.root(root)["old"][field] == value


@pytest.mark.parametrize("field", ["color", "zone"])
async def test_jd16_what_was_never_readable_is_not_put_back(field: str) -> None:
    """The engine cannot write a text where one was, and what cannot be put right must not be in the
    document while no log has it."""
    store = MemoryStore()
    async with board_rooms(store) as rooms, rooms.hold(BOARD) as room:
        mallory = await somebody(rooms, room)
        odd = Map(
            {"text": Text("Annan"), "zone": "z", "color": "yellow", "at": 1, field: Text("?")}
        )
        send(mallory, lambda document: document.root("notes").update({"odd": odd}))
        await settled(rooms)
        assert mallory.error is None
        send(mallory, lambda document: document.root("notes")["odd"].pop(field))
        send(mallory, lambda document: document.root("notes").update({"next": entry("notes")}))
        await settled(rooms)
        assert mallory.error is None
        mallory.hear()
        assert mallory.acked == mallory.connection.received
        assert room.document is not None
        stored = await store.load(BOARD)
        assert stored is not None
        assert BoardState(BOARD, stored).document.root("notes").to_py() == (
            room.document.root("notes").to_py()
        )


async def test_jd16_what_cannot_be_put_right_is_in_no_document(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(document: Document, repairs: object) -> None:
        raise TypeError("a value of a kind that nobody thought of")

    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        anna, mallory = await somebody(rooms, room), await somebody(rooms, room)
        send(anna, written)
        await settled(rooms)
        mallory.sync()
        await settled(rooms)
        mallory.hear()
        monkeypatch.setattr(live_board, "mend", fail)
        send(mallory, lambda document: document.root("notes")["old"].pop("color"))
        await settled(rooms)
        assert isinstance(mallory.error, RefusedUpdate)
        async with rooms.hold(BOARD):
            assert room.document is not None
            assert room.document.root("notes")["old"]["color"] == "yellow"


async def test_jd16_what_can_come_back_is_anybodys_to_do() -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        client = await somebody(rooms, room)
        send(client, lambda document: edits.delete_note(document, "old"))
        send(client, lambda document: document.root("notes")["old"]["text"].clear())
        send(client, lambda document: document.root(layout_root(BOARD)).pop("old"))
        await settled(rooms)
        client.hear()
        assert (client.error, client.acked) == (None, client.connection.received)
