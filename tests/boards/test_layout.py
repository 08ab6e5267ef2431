"""Where everything stands, as in tests/vectors/layout.json, which the client's layout writes."""

import json
from pathlib import Path
from typing import Any

import pytest

from boards.layout.board import Heads, Room, arrange, layout_board
from boards.layout.field import Place, field_width, layout_zone
from boards.layout.zones import ZoneSpec, zones_of
from boards.schema import Note, Theme
from boards.workbook.installed import load

VECTORS = Path(__file__).parents[1] / "vectors" / "layout.json"
SAMPLES: list[dict[str, Any]] = json.loads(VECTORS.read_text(encoding="utf-8"))


def box(place: Place) -> list[int]:
    return [place.x, place.y, place.width, place.height]


def position(item: dict[str, Any]) -> tuple[int, int] | None:
    return None if item["position"] is None else (item["position"][0], item["position"][1])


def laid_out(sample: dict[str, Any]) -> dict[str, Any]:
    """What vectors.test.ts tells of a sample."""
    notes = [Note(**{**note, "position": position(note)}) for note in sample["notes"]]
    themes = [Theme(**{**theme, "position": position(theme)}) for theme in sample["themes"]]
    specs = [
        ZoneSpec(zone["id"], zone["row"], zone["column"], zone["columns"], zone["grid"])
        for zone in sample["zones"]
    ]
    layouts = {
        spec.id: layout_zone(
            [note for note in notes if note.zone == spec.id],
            [theme for theme in themes if theme.zone == spec.id],
            spec.columns,
        )
        for spec in specs
    }
    arrangement = arrange(specs, Room(px=sample["px"], least=0.75))
    board = layout_board(specs, arrangement, layouts, Heads(zones=sample["headings"]))
    return {
        "size": [board.width, board.height],
        "zones": {
            id: [zone.x, zone.y, zone.width, zone.height, zone.field_y]
            for id, zone in board.zones.items()
        },
        "fields": {
            spec.id: {
                "order": list(layouts[spec.id].order),
                "size": [field_width(spec.columns), layouts[spec.id].height],
                "notes": {
                    id: [*box(place), place.placed] for id, place in layouts[spec.id].places.items()
                },
                "themes": {
                    id: [*box(place), place.head, place.placed]
                    for id, place in layouts[spec.id].frames.items()
                },
            }
            for spec in specs
        },
    }


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample["name"] for sample in SAMPLES])
def test_everything_stands_where_it_stands_on_a_screen(sample: dict[str, Any]) -> None:
    assert laid_out(sample) == sample["layout"]


def test_boards_of_the_workbook_have_the_zones_that_hold_notes() -> None:
    """Whatever the kind of board; a grid has one for each of its cells."""
    for board in load("valoa").json()["boards"]:
        specs = zones_of(board)
        assert [spec.cell for spec in specs] == [board["kind"] == "grid"] * len(specs)
        assert all(spec.columns in (2, 3, 5) for spec in specs)
    change = next(board for board in load("valoa").json()["boards"] if board["kind"] == "grid")
    assert len(zones_of(change)) == len(change["rows"]) * len(change["columns"])


def test_a_picture_keeps_no_room_for_further_notes() -> None:
    specs = zones_of({"kind": "notes", "zones": [{"id": "z", "title": {}}]})
    note = Note(id="n", zone="z", text="hei", position=(20, 20))
    layouts = {"z": layout_zone([note], [], specs[0].columns)}
    tall, low = (
        layout_board(specs, arrange(specs, Room(1600, 1, spare)), layouts, Heads()).height
        for spare in (True, False)
    )
    assert tall > low >= layouts["z"].height
