"""A shared board, groups forked from it, and what everybody did, at random."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from boards.breakout import MergeReport, fork, merge, stamp_group
from boards.document import Document
from boards.interchange import board_json, note_json
from boards.schema import (
    NOTES,
    Board,
    Note,
    entries,
    read_all_notes,
    read_board,
)
from tests.boards.forks.histories import (
    BASE,
    Player,
    Verb,
    with_client,
)


@dataclass
class Round:
    """A shared board, the groups forked from it, and what everybody did since the fork."""

    main: Player
    groups: list[Player]
    at_fork: dict[str, Note]
    as_written: dict[str, Note]  # without what their theme makes of them

    def stamped(self) -> None:
        known = entries(self.main.document.root(NOTES))
        for group in self.groups:
            stamp_group(group.document, known, group.board)

    def merge(self, group: Player, into: Document | None = None) -> MergeReport:
        return merge(group.document, into or self.main.document, board=BASE)


def play(
    before: list[Verb], on_main: list[Verb], in_groups: list[list[Verb]], ids: list[int]
) -> Round:
    """Play `before`, fork once per group, then play on both sides; `ids` are client ids."""
    main = Player(with_client(Document().get_update(), ids[0]), BASE)
    main.play(before)
    groups = [
        Player(with_client(fork(main.document, BASE, name).get_update(), client), name)
        for name, client in zip(("ga", "gb", "gc", "gd"), ids[1:], strict=False)
    ][: len(in_groups)]
    at_fork, as_written = alive_and_deleted(main.document), read_all_notes(main.document)
    main.touched.clear()
    main.voted.clear()
    main.play(on_main)
    for group, history in zip(groups, in_groups, strict=True):
        group.play(history)
    this = Round(main, groups, at_fork, as_written)
    this.stamped()
    return this


def notes_of(document: Document, board: str = BASE) -> dict[str, Note]:
    return {note.id: note for note in read_board(document, board, "notes", "phenomena").notes}


def alive_and_deleted(document: Document) -> dict[str, Note]:
    board = read_board(document, BASE, "notes", "phenomena")
    return {note.id: note for note in (*board.notes, *board.deleted)}


def plain_values(board: Board) -> dict[str, Any]:
    """All that a board holds, deleted notes too; equal boards give equal ones."""
    return {**board_json(board), "deleted": [note_json(note) for note in board.deleted]}


def contents(document: Document) -> dict[str, object]:
    return plain_values(read_board(document, BASE, "notes", "phenomena"))
