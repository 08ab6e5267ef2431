"""Last round's To is this round's From."""

from boards.document import Document
from boards.edits import add_note, delete_note, vote
from boards.next_round import carry_over, change_map, without_authors
from boards.schema import Board, read_board
from boards.workbook.installed import load

VALOA = load("valoa")
CHANGE = VALOA.board("change")


def old_map() -> Board:
    document = Document()
    for at, (note, zone) in enumerate(
        [("new1", "tools/to"), ("new2", "tools/to"), ("old", "tools/from"), ("gone", "rules/to")]
    ):
        add_note(
            document, "b", zone=zone, text=f"teksti {note}", color="blue", author="p1",
            position=(0, 200 - 100 * at) if zone == "tools/to" else None, at=at, note=note,
        )  # fmt: skip
    vote(document, "new1", "p1", 2)
    delete_note(document, "gone")
    return read_board(document, "b", "grid", "change", zones=CHANGE.zone_ids)


def test_the_change_map_is_the_grid_with_two_columns() -> None:
    assert change_map(VALOA) == CHANGE


def test_to_notes_become_from_notes_and_say_so() -> None:
    document = Document()
    carry_over(old_map(), CHANGE, document, at=1000)
    found = read_board(document, "n", "grid", "change", zones=CHANGE.zone_ids).notes
    assert [(note.id, note.zone, note.text, note.color) for note in found] == [
        ("new2", "tools/from", "teksti new2", "blue"),
        ("new1", "tools/from", "teksti new1", "blue"),
    ]
    for note in found:
        assert note.carried
        assert (note.author, note.group, note.theme, note.votes) == (None, None, None, 0)
        assert note.position is None


def test_the_kept_map_tells_of_nobody() -> None:
    content = without_authors(old_map())
    assert {note["author"] for note in content["notes"]} == {None}
    assert "p1" not in str(content)
