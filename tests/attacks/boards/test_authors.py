"""Whose a note is: nobody takes another's over, and nobody makes it nobody's (rule JD2)."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from pycrdt import Map

from tests.support.rooms import BOARD, Client, access, board_rooms, settled, write


def take_over(note: Map[object], me: str) -> None:
    note["author"] = me


def disown(note: Map[object], me: str) -> None:
    del note["author"]


@pytest.mark.parametrize("change", [take_over, disown])
@pytest.mark.parametrize(
    ("person", "role", "refused"),
    [
        ("mallory", "participant", True),
        ("anna", "participant", False),
        ("lead", "facilitator", False),
    ],
)
async def test_m2_a_note_stays_whose_it_is(
    change: Callable[[Map[object], str], None], person: str, role: str, refused: bool
) -> None:
    async with board_rooms() as rooms, rooms.hold(BOARD) as room:
        anna = Client(room, access("anna"))
        anna.sync()
        anna.send_update(write(anna, "Annan"))
        await settled(rooms)
        other = Client(room, replace(access(person), role=role))  # type: ignore[arg-type]
        other.sync()
        [note] = other.document.root("notes").values()
        update = other.document.record(lambda: change(note, person))[1]
        other.send_update(update)
        await settled(rooms)
        assert (other.error is not None) is refused
        if other.error is not None:
            assert other.error.close_code == 4403
            assert room.document is not None
            assert next(iter(room.document.root("notes").values()))["author"] == "anna"
