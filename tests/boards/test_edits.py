"""Edits: one function is one transaction, checked before it writes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Map, Text

from boards import edits
from boards.document import Document
from boards.errors import InvalidEdit, UnknownItem
from boards.schema import ANSWERS, NOTES, THEMES, Board, read_board

BOARD = "board"


def board_of(document: Document) -> Board:
    return read_board(document, BOARD, "notes", "phenomena")


def with_note(text: str = "Asiakas odottaa") -> tuple[Document, str]:
    document = Document()
    return document, edits.add_note(document, BOARD, zone="challenges", text=text, at=7)


def test_ids_are_random_and_well_formed() -> None:
    ids = {edits.new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch(r"[a-z2-7]{20}", one) for one in ids)


def test_a_note_is_written_whole() -> None:
    document = Document()
    note = edits.add_note(
        document,
        BOARD,
        zone="challenges",
        text="Ääkköset 😀",
        color="green",
        author="person",
        position=(10, 20),
        at=1_700_000_000_000,
    )
    (written,) = board_of(document).notes
    assert (written.id, written.text, written.zone) == (note, "Ääkköset 😀", "challenges")
    assert (written.color, written.author, written.group) == ("green", "person", None)
    assert (written.position, written.at) == ((10, 20), 1_700_000_000_000)


@pytest.mark.parametrize(
    "change",
    [
        lambda d, n: edits.add_note(d, BOARD, zone="z", text="b", position=(1, 2), at=1),
        lambda d, n: edits.retext(d, n, "Asiakas ei odota"),
        lambda d, n: edits.move_note(d, BOARD, n, zone="inspirations", position=(3, 4)),
        lambda d, n: edits.recolour(d, n, "pink"),
        lambda d, n: edits.delete_note(d, n),
        lambda d, n: edits.vote(d, n, "person", 2),
        lambda d, n: edits.add_theme(d, name="Kiire", zone="challenges"),
        lambda d, n: edits.add_link(d, source=n, target="customers", kind="became"),
        lambda d, n: edits.seed_answers(d, ("matter", "learn")),
        lambda d, n: edits.add_experiment(d, texts=("what", "why"), at=1),
    ],
)
def test_one_edit_is_one_update(change: Callable[[Document, str], object]) -> None:
    document, note = with_note()
    updates: list[bytes] = []
    subscription = document.doc.observe(lambda event: updates.append(event.update))
    change(document, note)
    document.doc.unobserve(subscription)
    assert len(updates) == 1


@given(st.text(max_size=20), st.text(max_size=20))
def test_retext_makes_the_text_whatever_it_was(old: str, new: str) -> None:
    document, note = with_note(old)
    edits.retext(document, note, new)
    assert board_of(document).notes[0].text == new


def test_retext_to_the_same_text_is_no_update() -> None:
    document, note = with_note("sama")
    assert document.record(lambda: edits.retext(document, note, "sama")) == (None, b"")


def test_retext_touches_only_what_differs() -> None:
    document, note = with_note("Ääni 😀 kuuluu")
    other = Document(document.get_update())
    edits.retext(document, note, "Ääni 😀😀 kuuluu")
    edits.retext(other, note, "Ääni 😀 kuuluu hyvin")
    document.apply_update(other.get_update())
    assert board_of(document).notes[0].text == "Ääni 😀😀 kuuluu hyvin"


def test_moving_writes_zone_and_placement() -> None:
    document, note = with_note()
    edits.move_note(document, BOARD, note, zone="inspirations", position=(5, 6))
    assert (board_of(document).notes[0].zone, board_of(document).notes[0].position) == (
        "inspirations",
        (5, 6),
    )
    edits.move_note(document, BOARD, note, zone="inspirations", position=None)
    assert board_of(document).notes[0].position is None
    unmoved = document.record(
        lambda: edits.move_note(document, BOARD, note, zone="inspirations", position=None)
    )
    assert unmoved == (None, b"")


def test_a_deleted_note_comes_back_with_the_edits_it_received() -> None:
    document, note = with_note("ennen")
    edits.delete_note(document, note)
    assert board_of(document).notes == ()
    assert [gone.id for gone in board_of(document).deleted] == [note]
    edits.retext(document, note, "jälkeen")
    edits.restore_note(document, note)
    edits.restore_note(document, note)
    assert [back.text for back in board_of(document).notes] == ["jälkeen"]


def test_votes_are_counted_per_person_and_taken_back() -> None:
    document, note = with_note()
    edits.vote(document, note, "koivu", 2)
    edits.vote(document, note, "haapa", 1)
    assert board_of(document).notes[0].votes == 3
    edits.vote(document, note, "koivu", 0)
    edits.vote(document, note, "koivu", 0)
    assert board_of(document).notes[0].votes == 1


def test_themes_gather_notes_and_let_them_go() -> None:
    document, note = with_note()
    theme = edits.add_theme(document, name="Kiire", zone="challenges")
    edits.set_theme(document, note, theme)
    edits.rename_theme(document, theme, "Kiireen tuntu")
    assert board_of(document).notes[0].theme == theme
    assert [t.name for t in board_of(document).themes] == ["Kiireen tuntu"]
    edits.set_theme(document, note, None)
    edits.set_theme(document, note, None)
    assert board_of(document).notes[0].theme is None
    edits.set_theme(document, note, theme)
    edits.delete_theme(document, theme)
    assert (board_of(document).themes, board_of(document).notes[0].theme) == ((), None)


def test_a_theme_takes_its_notes_along_and_leaves_them_where_it_is_taken_apart() -> None:
    document, note = with_note()
    theme = edits.add_theme(document, name="Kiire", zone="inspirations")
    edits.set_theme(document, note, theme)
    edits.move_theme(document, BOARD, theme, zone="challenges", position=(5, 6))
    assert board_of(document).themes[0].position == (5, 6)
    assert board_of(document).notes[0].zone == "challenges"
    edits.move_theme(document, BOARD, theme, zone="challenges", position=None)
    assert board_of(document).themes[0].position is None
    edits.delete_theme(document, theme)
    assert board_of(document).notes[0].zone == "challenges"


def test_a_note_that_is_moved_by_itself_leaves_its_theme() -> None:
    document, note = with_note()
    theme = edits.add_theme(document, name="Kiire", zone="challenges")
    edits.set_theme(document, note, theme)
    edits.move_note(document, BOARD, note, zone="inspirations", position=(1, 2))
    (moved,) = board_of(document).notes
    assert (moved.theme, moved.zone, moved.position) == (None, "inspirations", (1, 2))


def test_links_come_and_go() -> None:
    document, note = with_note()
    link = edits.add_link(document, source=note, target="customers", kind="became")
    assert [(k.source, k.target, k.kind) for k in board_of(document).links] == [
        (note, "customers", "became")
    ]
    edits.remove_link(document, link)
    assert board_of(document).links == ()


def test_answers_are_seeded_once_and_shared() -> None:
    document = Document()
    edits.seed_answers(document, ("matter",))
    edits.answer(document, "matter", "Kiire")
    edits.seed_answers(document, ("matter",))
    edits.seed_answers(document, ("matter",), group="g1")
    edits.answer(document, "matter/g1", "Ryhmän kiire")
    assert board_of(document).answers == {"matter": "Kiire", "matter/g1": "Ryhmän kiire"}


def test_experiments_hold_texts_and_dates() -> None:
    document = Document()
    first = edits.add_experiment(document, texts=("what",), at=2)
    second = edits.add_experiment(document, texts=("what",), at=1)
    edits.set_experiment(document, first, "what", "Kävelykokous")
    edits.set_experiment(document, first, "start", "2026-09-01")
    edits.set_experiment(document, first, "end", "")
    assert [e.id for e in board_of(document).experiments] == [second, first]
    assert board_of(document).experiments[1].fields == {
        "what": "Kävelykokous",
        "start": "2026-09-01",
    }
    for day in ("2026-09-20", "2026-09-10"):
        edits.put_check(document, first, day)
    for _ in range(2):  # taking out what is out changes nothing
        edits.put_check(document, first, "2026-09-20", wanted=False)
    assert board_of(document).experiments[1].checks == ("2026-09-10",)
    with pytest.raises(InvalidEdit, match="check"):
        edits.put_check(document, first, "soon")
    edits.delete_experiment(document, first)
    assert [e.id for e in board_of(document).experiments] == [second]


def half_formed() -> Document:
    document = Document()
    document.root(NOTES)["nothing"] = Map({"zone": "challenges"})
    document.root(NOTES)["plain"] = {"text": "t", "zone": "challenges"}
    document.root(THEMES)["nameless"] = Map({"zone": "challenges"})
    document.root(ANSWERS)["plain"] = "text"
    return document


@pytest.mark.parametrize(
    "change",
    [
        lambda d: edits.retext(d, "gone", "b"),
        lambda d: edits.retext(d, "nothing", "b"),
        lambda d: edits.retext(d, "plain", "b"),
        lambda d: edits.move_note(d, BOARD, "gone", zone="z", position=None),
        lambda d: edits.recolour(d, "gone", "pink"),
        lambda d: edits.delete_note(d, "gone"),
        lambda d: edits.restore_note(d, "gone"),
        lambda d: edits.vote(d, "gone", "person", 1),
        lambda d: edits.set_theme(d, "gone", None),
        lambda d: edits.rename_theme(d, "gone", "b"),
        lambda d: edits.rename_theme(d, "nameless", "b"),
        lambda d: edits.delete_theme(d, "gone"),
        lambda d: edits.move_theme(d, BOARD, "gone", zone="z", position=None),
        lambda d: edits.remove_link(d, "gone"),
        lambda d: edits.answer(d, "gone", "b"),
        lambda d: edits.answer(d, "plain", "b"),
        lambda d: edits.set_experiment(d, "gone", "what", "b"),
        lambda d: edits.delete_experiment(d, "gone"),
    ],
)
def test_what_is_not_there_is_named_and_nothing_is_written(
    change: Callable[[Document], None],
) -> None:
    document = half_formed()
    before = document.get_update()
    with pytest.raises(UnknownItem, match=r"no (note|theme|link|answer|experiment) '"):
        change(document)
    assert len(document.get_update()) == len(before)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda d, n: edits.recolour(d, n, "mauve"), "color"),
        (lambda d, n: edits.add_note(d, BOARD, zone="z", text="t", color="red", at=1), "color"),
        (
            lambda d, n: edits.add_note(d, BOARD, zone="z", text="t", position=(1, 200_000), at=1),
            "position",
        ),
        (lambda d, n: edits.move_note(d, BOARD, n, zone="z", position=(-200_000, 1)), "position"),
        (lambda d, n: edits.vote(d, n, "person", -1), "dots"),
        (lambda d, n: edits.vote(d, n, "person", 100), "dots"),
    ],
)
def test_what_the_schema_does_not_know_is_refused(
    change: Callable[[Document, str], None], field: str
) -> None:
    document, note = with_note()
    with pytest.raises(InvalidEdit, match=f"{field}: got .*, expected ") as caught:
        document.record(lambda: change(document, note))
    assert caught.value.field == field
    assert len(board_of(document).notes) == 1


def test_a_theme_is_not_put_where_nobody_finds_it() -> None:
    document, note = with_note()
    theme = edits.add_theme(document, name="Kiire", zone="challenges")
    edits.set_theme(document, note, theme)
    with pytest.raises(InvalidEdit, match="position"):
        edits.move_theme(document, BOARD, theme, zone="inspirations", position=(0, 200_000))
    assert board_of(document).themes[0].zone == "challenges"


@pytest.mark.parametrize("value", ["tomorrow", "2026-13-01", "2026-9-1", "20260901"])
def test_a_date_that_is_none_is_refused(value: str) -> None:
    document = Document()
    experiment = edits.add_experiment(document, texts=("what",), at=1)
    with pytest.raises(InvalidEdit, match="start"):
        edits.set_experiment(document, experiment, "start", value)


def test_theme_of_a_note_must_exist() -> None:
    document, note = with_note()
    with pytest.raises(UnknownItem):
        edits.set_theme(document, note, "gone")


@pytest.mark.parametrize("text", ["acb", "a", "", "ä😀"])
def test_a_text_with_something_embedded_is_rewritten_all_the_same(text: str) -> None:
    document, note = with_note("ab")
    handle = document.root(NOTES)[note]["text"]
    assert isinstance(handle, Text)
    handle.insert_embed(1, {"picture": "x"})
    edits.retext(document, note, text)
    assert board_of(document).notes[0].text == text
