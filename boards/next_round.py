"""The next round: where the last change map went to is where the new one comes from."""

from __future__ import annotations

from typing import Any

from boards.document import Document
from boards.edits import add_note
from boards.interchange import board_json
from boards.schema import NOTES, Board
from boards.workbook.definition import BoardDefinition, Workbook


def change_map(workbook: Workbook) -> BoardDefinition | None:
    """The first grid with a column to come from and one to go to."""
    grids = (board for board in workbook.boards if board.kind == "grid" and len(board.columns) > 1)
    return next(grids, None)


def carry_over(old: Board, definition: BoardDefinition, into: Document, *, at: int) -> None:
    """Write the notes of the last column of `old` into the first column of a new board.

    A note keeps its id, so that the two maps can be compared, its text, colour and row; not its
    author, group, theme or votes. `at`: ms since the epoch; the order is kept. The new board has
    no placements: notes flow.
    """
    first, last = definition.columns[0].id, definition.columns[-1].id
    going = [note for note in old.notes if note.zone.rpartition("/")[2] == last]
    with into.transaction():
        for place, note in enumerate(going):
            zone = f"{note.zone.rpartition('/')[0]}/{first}"
            add_note(
                into, "", zone=zone, text=note.text, color=note.color, at=at + place, note=note.id
            )
            into.root(NOTES)[note.id]["carried"] = True


def without_authors(old: Board) -> dict[str, Any]:
    """A board as JSON that tells of nobody."""
    content = board_json(old)
    notes = [{**note, "author": None} for note in content["notes"]]
    return {**content, "notes": notes}
