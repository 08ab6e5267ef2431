"""Boards as plain values, and what changed between two of them."""

from __future__ import annotations

import json

from boards import edits
from boards.document import Document
from boards.schema import Board, read_board
from boards.snapshot import Difference, diff, digest, plain_values

BOARD = "board"


def board_of(document: Document) -> Board:
    return read_board(document, BOARD, "notes", "phenomena")


def with_notes(*texts: str) -> tuple[Document, list[str]]:
    document = Document()
    notes = [
        edits.add_note(document, BOARD, zone="z", text=text, at=at) for at, text in enumerate(texts)
    ]
    return document, notes


def test_equal_boards_have_equal_values_whatever_their_history() -> None:
    document, (note, other) = with_notes("a", "b")
    copy = Document(document.get_update())
    edits.recolour(document, note, "pink")
    edits.recolour(document, note, "yellow")
    assert plain_values(board_of(document)) == plain_values(board_of(copy))
    assert digest(plain_values(board_of(document))) == digest(plain_values(board_of(copy)))
    edits.delete_note(document, other)
    assert digest(plain_values(board_of(document))) != digest(plain_values(board_of(copy)))


def test_values_are_json_and_keep_deleted_notes() -> None:
    document, (note,) = with_notes("Ääni 😀")
    edits.delete_note(document, note)
    values = plain_values(board_of(document))
    assert json.loads(json.dumps(values)) == values
    assert (values["schema"], values["notes"]) == (1, [])
    assert [gone["text"] for gone in values["deleted"]] == ["Ääni 😀"]


def test_two_copies_of_a_board_do_not_differ() -> None:
    document, _ = with_notes("a")
    assert not diff(board_of(document), board_of(Document(document.get_update())))


def test_a_difference_names_what_changed() -> None:
    document, (first, second, third) = with_notes("a", "b", "c")
    edits.seed_answers(document, ("matter", "learn"))
    theme = edits.add_theme(document, name="Kiire", zone="z")
    edits.set_theme(document, third, theme)
    before = board_of(document)
    edits.retext(document, first, "aa")
    edits.move_note(document, BOARD, first, zone="y", position=(1, 2))
    edits.vote(document, third, "koivu", 1)
    edits.delete_note(document, second)
    added = edits.add_note(document, BOARD, zone="z", text="d", at=9)
    edits.answer(document, "matter", "x")
    edits.rename_theme(document, theme, "Kiireet")
    link = edits.add_link(document, source=first, target=third, kind="became")
    experiment = edits.add_experiment(document, texts=("what",), at=1)
    difference = diff(before, board_of(document))
    assert difference == Difference(
        added=(added,),
        removed=(second,),
        changed={first: ("zone", "text", "position"), third: ("votes",)},
        answers=("matter",),
        themes=(theme,),
        links=(link,),
        experiments=(experiment,),
    )
    assert difference
    assert json.loads(json.dumps(difference.json())) == difference.json()
    assert diff(board_of(document), before).removed == (added,)
