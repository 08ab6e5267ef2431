"""Forks, stamps, merges and their reports by example (rules BR of docs/protocol.md)."""

from __future__ import annotations

import json

import pytest
from pycrdt import Map, Text

from boards.breakout import MergeReport, bring, fork, merge, report, stamp_group, unseen
from boards.document import Document
from boards.edits import (
    add_note,
    answer,
    delete_note,
    move_note,
    recolour,
    restore_note,
    retext,
    seed_answers,
    set_theme,
)
from boards.edits import add_theme as add_theme_to
from boards.errors import PoisonedDocument
from boards.schema import NOTES, layout_root, read_answers, read_board, read_layout

BASE = "base"


def shared_board(*texts: str) -> tuple[Document, list[str]]:
    document = Document()
    notes = [
        add_note(document, BASE, zone="challenges", text=text, at=at, position=(at * 10, 0))
        for at, text in enumerate(texts, 1)
    ]
    return document, notes


def alive(document: Document) -> list[str]:
    return [note.text for note in read_board(document, BASE, "notes", "phenomena").notes]


def test_br1_a_fork_has_placements_of_its_own() -> None:
    main, (note,) = shared_board("a")
    copy = fork(main, BASE, "ga")
    move_note(copy, "ga", note, zone="challenges", position=(500, 500))
    assert read_layout(copy, "ga") == {note: (500, 500)}
    assert read_layout(copy, BASE) == read_layout(main, BASE) == {note: (10, 0)}
    assert copy.doc.client_id != main.doc.client_id


def test_br1_a_fork_leaves_unplaced_notes_and_broken_placements_out() -> None:
    main, _ = shared_board()
    add_note(main, BASE, zone="challenges", text="unplaced", at=1)
    main.root(layout_root(BASE))["broken"] = "here"
    assert read_layout(fork(main, BASE, "ga"), "ga") == {}


def test_br9_only_new_and_whole_notes_are_stamped_and_only_once() -> None:
    main, (old,) = shared_board("a")
    copy = fork(main, BASE, "ga")
    new = add_note(copy, "ga", zone="challenges", text="b", at=2)
    copy.root(NOTES)["broken"] = Map({"zone": "challenges"})
    assert stamp_group(copy, {old}, "ga") == [new]
    assert copy.record(lambda: stamp_group(copy, {old}, "ga")) == ([], b"")


def test_br9_a_forged_group_of_a_new_note_is_put_right() -> None:
    main, _ = shared_board()
    copy = fork(main, BASE, "ga")
    new = add_note(copy, "ga", zone="challenges", text="b", at=2)
    copy.root(NOTES)[new]["group"] = "somebody else"
    assert stamp_group(copy, (), "ga") == [new]
    merge(copy, main, board=BASE)
    assert read_board(main, BASE, "notes", "p").notes[0].group == "ga"


def test_a_report_tells_what_a_merge_brought() -> None:
    main, (kept, edited, deleted) = shared_board("kept", "edited", "deleted")
    copy = fork(main, BASE, "ga")
    new = add_note(copy, "ga", zone="challenges", text="Kept!", at=9)
    stamp_group(copy, {kept, edited, deleted}, "ga")
    retext(copy, edited, "edited by the group")
    recolour(main, edited, "green")
    delete_note(copy, deleted)
    report = merge(copy, main, board=BASE)
    assert report == MergeReport(
        added=(new,),
        edited_on_both_sides=(edited,),
        kept_deleted=(deleted,),
        likely_duplicates=((kept, new),),
    )
    assert json.loads(json.dumps(report.json())) == {
        "added": [new],
        "edited_on_both_sides": [edited],
        "kept_deleted": [deleted],
        "put_back": [],
        "likely_duplicates": [[kept, new]],
    }


def test_br6_a_deleted_note_can_be_brought_back_with_the_groups_edit() -> None:
    main, (note,) = shared_board("ennen")
    copy = fork(main, BASE, "ga")
    retext(copy, note, "jälkeen")
    delete_note(main, note)
    assert merge(copy, main, board=BASE).kept_deleted == (note,)
    restore_note(main, note)
    assert alive(main) == ["jälkeen"]


def test_br6_what_a_group_threw_away_empty_is_not_worth_a_line() -> None:
    main, _ = shared_board()
    copy = fork(main, BASE, "ga")
    empty = add_note(copy, "ga", zone="challenges", text="", at=1)
    written = add_note(copy, "ga", zone="challenges", text="turha", at=2)
    delete_note(copy, empty)
    delete_note(copy, written)
    assert merge(copy, main, board=BASE) == MergeReport(kept_deleted=(written,))


def test_br6_a_note_that_is_wholly_gone_from_the_shared_board_is_reported() -> None:
    main, (gone, _) = shared_board("a", "b")
    copy = fork(main, BASE, "ga")
    retext(copy, gone, "a, edited")
    del main.root(NOTES)[gone]
    assert merge(copy, main, board=BASE).kept_deleted == (gone,)
    assert alive(main) == ["b"]


def test_br6_a_note_that_a_group_wholly_removed_is_reported() -> None:
    main, (gone, _) = shared_board("a", "b")
    copy = fork(main, BASE, "ga")
    del copy.root(NOTES)[gone]
    assert merge(copy, main, board=BASE).kept_deleted == (gone,)


def test_br8_placements_that_a_fork_wrote_for_the_shared_board_are_undone() -> None:
    main, (moved, removed, kept) = shared_board("a", "b", "c")
    copy = fork(main, BASE, "ga")
    layout = copy.root(layout_root(BASE))
    layout[moved] = [900, 900]
    del layout[removed]
    new = add_note(copy, BASE, zone="challenges", text="d", at=4, position=(1, 1))
    merge(copy, main, board=BASE)
    assert read_layout(main, BASE) == {moved: (10, 0), removed: (20, 0), kept: (30, 0)}
    assert new in {note.id for note in read_board(main, BASE, "notes", "p").notes}


def test_br8_without_a_board_nothing_is_guarded() -> None:
    main, (note,) = shared_board("a")
    copy = fork(main, BASE, "ga")
    copy.root(layout_root(BASE))[note] = [900, 900]
    merge(copy, main)
    assert read_layout(main, BASE) == {note: (900, 900)}


def test_br13_edits_of_other_fields_are_no_conflict() -> None:
    main, (note,) = shared_board("a")
    copy = fork(main, BASE, "ga")
    theme = add_theme_to(copy, name="Kiire", zone="challenges")
    set_theme(copy, note, theme)
    recolour(main, note, "green")
    assert merge(copy, main, board=BASE).edited_on_both_sides == ()


def test_br13_a_change_taken_back_is_no_conflict() -> None:
    main, (note,) = shared_board("a")
    copy = fork(main, BASE, "ga")
    for side in (main, copy):
        retext(side, note, "ab")
        retext(side, note, "a")
    assert merge(copy, main, board=BASE).edited_on_both_sides == ()


def test_br13_what_another_group_brought_counts_as_the_other_side() -> None:
    main, (note,) = shared_board("a")
    one, other = fork(main, BASE, "ga"), fork(main, BASE, "gb")
    retext(one, note, "a one")
    retext(other, note, "two a")
    assert merge(one, main, board=BASE).edited_on_both_sides == ()
    assert merge(other, main, board=BASE).edited_on_both_sides == (note,)
    assert alive(main) == ["two a one"]


def test_groups_answers_come_home_under_their_names() -> None:
    main = Document()
    seed_answers(main, ("matter",))
    groups = {name: fork(main, BASE, name) for name in ("ga", "gb")}
    for name, copy in groups.items():
        seed_answers(copy, ("matter",), name)
        answer(copy, f"matter/{name}", f"from {name}")
        merge(copy, main, board=BASE)
    assert read_answers(main) == {"matter": "", "matter/ga": "from ga", "matter/gb": "from gb"}


def test_several_groups_are_reported_as_one() -> None:
    main, (kept, edited) = shared_board("kept", "edited")
    one, other = fork(main, BASE, "ga"), fork(main, BASE, "gb")
    for group, copy in (("ga", one), ("gb", other)):
        add_note(copy, group, zone="challenges", text="the very same thought", at=2)
        stamp_group(copy, {kept, edited}, group)
        retext(copy, edited, f"edited by {group}")
    delete_note(one, kept)
    merges = [bring(one, main, board=BASE), bring(other, main, board=BASE)]
    told = report(merges, main)
    assert len(told.added) == 2
    assert told.edited_on_both_sides == (edited,)
    assert told.kept_deleted == (kept,)
    assert [set(pair) for pair in told.likely_duplicates] == [set(told.added)]
    assert report([bring(one, main, board=BASE), None], main) == MergeReport()


def test_a_merge_is_one_update() -> None:
    main, (note,) = shared_board("a")
    copy = fork(main, BASE, "ga")
    other = Document(main.get_update())
    copy.root(layout_root(BASE))[note] = [900, 900]
    copy.root(NOTES)[note]["group"] = "forged"
    add_note(copy, "ga", zone="challenges", text="b", at=2)
    _, update = main.record(lambda: merge(copy, main, board=BASE))
    other.apply_update(update)
    board = read_board(main, BASE, "notes", "p")
    assert read_board(other, BASE, "notes", "p") == board


def test_an_engine_that_fails_on_the_changes_leaves_the_shared_board_untouched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    main, _ = shared_board("a")
    copy = fork(main, BASE, "ga")
    add_note(copy, "ga", zone="challenges", text="b", at=2)
    before = read_board(main, BASE, "notes", "p")

    def failing(self: Document, update: bytes) -> None:
        if self is main:
            raise AssertionError("the shared board was touched")
        raise PoisonedDocument("hostile")

    with monkeypatch.context() as patch:
        patch.setattr(Document, "apply_update", failing)
        with pytest.raises(PoisonedDocument):
            merge(copy, main, board=BASE)
    assert read_board(main, BASE, "notes", "p") == before


def test_deep_edits_inside_a_note_count_for_the_note() -> None:
    main, (note,) = shared_board("a")
    main.root(NOTES)[note]["extra"] = Map({"inner": Text("x")})
    copy = fork(main, BASE, "ga")
    copy.root(NOTES)[note]["extra"]["inner"].insert(0, "y")
    delete_note(main, note)
    assert merge(copy, main, board=BASE).kept_deleted == (note,)


def test_br17_what_would_come_home_is_counted_without_a_merge() -> None:
    main, (one, two) = shared_board("a", "b")
    group = fork(main, BASE, "ga")
    seed_answers(group, ("q1",), "ga")
    assert unseen(group, main) is None
    move_note(group, "ga", one, zone="challenges", position=(500, 500))
    assert unseen(group, main) is None
    answer(group, "q1/ga", "yes")
    assert unseen(group, main) == 0
    gone = add_note(group, "ga", zone="challenges", text="gone", at=5)
    delete_note(group, gone)
    add_note(group, "ga", zone="challenges", text="new", at=5)
    retext(group, one, "a, too")
    delete_note(group, two)
    before = main.get_update()
    assert unseen(group, main) == 3
    assert main.get_update() == before
    merge(group, main)
    assert unseen(group, main) is None
    recolour(main, one, "blue")
    assert unseen(group, main) is None
