"""Taking back what led from one state to another: rules SN1–SN5."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from pycrdt import Map

from boards import edits
from boards.breakout import fork, merge
from boards.document import Document
from boards.revert import Reverted, revert
from boards.schema import NOTES, read_answers, read_board
from tests.boards.forks.histories import BASE, Player, Verb, histories
from tests.boards.forks.rounds import plain_values

UNTOUCHED = ("votes",)  # dots are people's own


def shown(document: Document) -> dict[str, Any]:
    """What is on the board, but for dots; with themes that have no note."""
    values = plain_values(read_board(document, BASE, "notes", "phenomena"))
    values.pop("deleted")
    values["notes"] = [
        {name: value for name, value in note.items() if name not in UNTOUCHED}
        for note in values["notes"]
    ]
    return values


def copy_of(document: Document) -> Document:
    return Document(document.get_update())


def with_note(text: str = "before") -> tuple[Document, str]:
    document = Document()
    return document, edits.add_note(document, BASE, zone="z", text=text, at=1, position=(10, 20))


@given(histories, histories)
def test_a_board_is_as_it_was_whatever_happened_since(first: list[Verb], then: list[Verb]) -> None:
    player = Player(Document(), BASE)
    player.play(first)
    before = copy_of(player.document)
    player.play(then)
    revert(player.document, BASE, before)
    assert shown(player.document) == shown(before)
    assert revert(player.document, BASE, before) == Reverted()


@given(histories, histories)
def test_it_is_one_update_that_another_browser_follows(first: list[Verb], then: list[Verb]) -> None:
    player = Player(Document(), BASE)
    player.play(first)
    before = copy_of(player.document)
    player.play(then)
    other = copy_of(player.document)
    _, update = player.document.record(lambda: revert(player.document, BASE, before))
    if update:
        other.apply_update(update)
    assert shown(other) == shown(before)


@given(histories, histories)
def test_a_merge_is_taken_back_and_brought_again(first: list[Verb], then: list[Verb]) -> None:
    shared = Player(Document(), BASE)
    shared.play(first)
    group = Player(fork(shared.document, BASE, "g"), "g")
    group.play(then)
    before = copy_of(shared.document)
    merge(group.document, shared.document, board=BASE)
    after = copy_of(shared.document)
    revert(shared.document, BASE, before, after)
    assert shown(shared.document) == shown(before)
    revert(shared.document, BASE, after, before)
    assert shown(shared.document) == shown(after)


def test_what_others_wrote_since_the_merge_stays() -> None:
    shared, note = with_note()
    group = fork(shared, BASE, "g")
    brought = edits.add_note(group, "g", zone="z", text="brought", at=2)
    touched = edits.add_note(group, "g", zone="z", text="touched", at=3)
    edits.retext(group, note, "changed by the group")
    edits.recolour(group, note, "blue")
    before = copy_of(shared)
    merge(group, shared, board=BASE)
    after = copy_of(shared)
    own = edits.add_note(shared, BASE, zone="z", text="since", at=4)
    edits.retext(shared, touched, "touched since")
    edits.recolour(shared, note, "pink")
    reverted = revert(shared, BASE, before, after)
    stands = {n.id: n for n in read_board(shared, BASE, "notes", "phenomena").notes}
    assert reverted.deleted == {brought}
    assert stands.keys() == {note, touched, own}
    assert (stands[note].text, stands[note].color) == ("before", "pink")
    assert stands[touched].text == "touched since"


def test_what_was_deleted_comes_back_with_its_place_and_its_words() -> None:
    document, note = with_note()
    before = copy_of(document)
    edits.retext(document, note, "")
    edits.move_note(document, BASE, note, zone="elsewhere", position=None)
    edits.delete_note(document, note)
    assert revert(document, BASE, before).restored == {note}
    (back,) = read_board(document, BASE, "notes", "phenomena").notes
    assert (back.text, back.zone, back.position) == ("before", "z", (10, 20))


def test_a_note_that_is_wholly_gone_is_written_anew() -> None:
    document, note = with_note()
    before = copy_of(document)
    with document.transaction():
        del document.root(NOTES)[note]
    assert revert(document, BASE, before).restored == {note}
    edits.retext(document, note, "it can be written on")
    assert [n.text for n in read_board(document, BASE, "", "").notes] == ["it can be written on"]


def test_answers_are_emptied_and_filled_where_they_stand() -> None:
    document = Document()
    edits.seed_answers(document, ("why", "how"))
    edits.answer(document, "why", "because")
    before = copy_of(document)
    edits.answer(document, "why", "")
    edits.answer(document, "how", "so")
    offline = copy_of(document)
    edits.answer(offline, "how", "so, offline")
    revert(document, BASE, before)
    assert read_answers(document) == {"how": "", "why": "because"}
    document.apply_update(offline.get_update())
    assert read_answers(document)["how"] == ", offline"


def test_experiments_come_and_go_with_their_fields_and_days() -> None:
    document = Document()
    stays = edits.add_experiment(document, texts=("what",), at=1)
    edits.set_experiment(document, stays, "what", "walk")
    edits.put_check(document, stays, "2027-03-01")
    before = copy_of(document)
    edits.delete_experiment(document, stays)
    edits.put_check(document, stays, "2027-03-01", wanted=False)
    edits.set_experiment(document, stays, "start", "2027-01-01")
    new = edits.add_experiment(document, texts=("what",), at=2)
    reverted = revert(document, BASE, before)
    assert reverted.experiments_deleted == {new}
    assert reverted.experiments_restored == {stays}
    assert shown(document) == shown(before)


def test_garbage_on_either_side_is_passed_over() -> None:
    document, note = with_note()
    before = copy_of(document)
    with before.transaction():
        before.root(NOTES)["plain"] = "no note"
        before.root(NOTES)["half"] = Map({"zone": 7})
    with document.transaction():
        document.root(NOTES)["later"] = 12
    revert(document, BASE, before)
    assert [n.id for n in read_board(document, BASE, "", "").notes] == [note]
