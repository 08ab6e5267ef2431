"""Reading a board: in order, and never surprised by what a document holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Array, Map, Text, XmlFragment

from boards.document import Document
from boards.edits import add_note
from boards.interchange import board_json
from boards.schema import (
    ANSWERS,
    EXPERIMENTS,
    LINKS,
    NOTES,
    THEMES,
    VOTES,
    Board,
    is_date,
    layout_root,
    read_board,
    read_notes,
)

BOARD = "board"
DAYS = Path(__file__).parent.parent / "vectors" / "days.json"
# A root map whose only entry "a" holds a formatting mark: the engine lists it but cannot read it.
UNREADABLE = b"\x01\x01\x01\x00\x26\x01\x05notes\x01a\x04bold\x04true\x00"

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**62), 2**62)
    | st.floats()
    | st.text(max_size=4)
    | st.binary(max_size=4)
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
keys = st.sampled_from(
    ["a", "b", "a/p", "text", "zone", "color", "at", "name", "from", "to", "kind", "del", ""]
)
shared = st.one_of(
    st.builds(Text, st.text(max_size=4)),
    st.builds(lambda entries: Map(entries), st.dictionaries(keys, values, max_size=6)),
    st.builds(
        lambda text, entries: Map({**entries, "text": Text(text)}),
        st.text(max_size=4),
        st.dictionaries(keys, values, max_size=6),
    ),
    st.builds(lambda entries: Array(entries), st.lists(values, max_size=2)),
    st.builds(XmlFragment),
)
roots = st.sampled_from([NOTES, THEMES, LINKS, VOTES, ANSWERS, EXPERIMENTS, layout_root(BOARD)])


def read(document: Document, *zones: str) -> Board:
    return read_board(document, BOARD, "notes", "phenomena", zones=zones)


def note(document: Document, **fields: Any) -> None:
    """One note "n" whose fields are as given; the rest is well-formed."""
    document.root(NOTES)["n"] = Map({"text": Text("t"), "zone": "z", **fields})


@given(st.lists(st.tuples(roots, keys, st.one_of(values, shared)), max_size=12))
def test_reading_never_raises_whatever_a_document_holds(
    entries: list[tuple[str, str, Any]],
) -> None:
    document = Document()
    for root, key, value in entries:
        document.root(root)[key] = value
    board = read(Document(document.get_update()))
    json.dumps(board_json(board), allow_nan=False)
    for item in (*board.notes, *board.deleted):
        assert isinstance(item.text, str)
        assert isinstance(item.at, int)


def test_roots_of_other_types_read_as_empty() -> None:
    document = Document()
    for root in (NOTES, THEMES, ANSWERS, layout_root(BOARD)):
        document.doc[root] = Text("hello")
    document.doc[VOTES] = Array([1])
    assert read(Document(document.get_update())) == Board(id=BOARD, kind="notes", key="phenomena")


def test_an_entry_the_engine_cannot_read_is_left_out() -> None:
    document = Document(UNREADABLE)
    assert read(document).notes == ()
    add_note(document, BOARD, zone="z", text="t", at=1)
    assert len(read(document).notes) == 1


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


def test_one_value_nested_too_deeply_hides_no_other() -> None:
    document = Document()
    kept = add_note(document, BOARD, zone="z", text="kept", at=1, position=(1, 2))
    document.root(NOTES)["deep"] = Map({"text": Text("t"), "zone": "z", "more": nested(3000)})
    document.root(NOTES)["plain"] = nested(3000)
    document.root(ANSWERS)["deep"] = nested(3000)
    document.root(ANSWERS)["matter"] = Text("answer")
    document.root(layout_root(BOARD))["deep"] = nested(3000)
    board = read(document)
    assert [(item.id, item.position) for item in board.notes] == [(kept, (1, 2))]
    assert board.answers == {"matter": "answer"}


@pytest.mark.parametrize(
    "fields", [{"text": "plain"}, {"text": None}, {"zone": 3}, {"zone": None}, {"text": 1.5}]
)
def test_a_half_formed_note_is_left_out(fields: dict[str, Any]) -> None:
    document = Document()
    note(document, **fields)
    assert (read(document).notes, read(document).deleted) == ((), ())


def test_a_note_that_is_no_shared_map_is_left_out() -> None:
    document = Document()
    document.root(NOTES)["n"] = {"text": "t", "zone": "z"}
    assert read(document).notes == ()
    assert read_notes(document, ["n", "gone"]) == {}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"color": "mauve"}, {"color": "yellow"}),
        ({"color": 7}, {"color": "yellow"}),
        ({"color": "violet"}, {"color": "violet"}),
        ({"at": "now"}, {"at": 0}),
        ({"at": -5}, {"at": 0}),
        ({"at": float("nan")}, {"at": 0}),
        ({"at": float("inf")}, {"at": 0}),
        ({"at": True}, {"at": 0}),
        ({"at": 12.9}, {"at": 12}),
        ({"author": 1}, {"author": None}),
        ({"author": ""}, {"author": None}),
        ({"group": "g"}, {"group": "g"}),
        ({"theme": "no such theme"}, {"theme": None}),
        ({"zone": "unknown zone"}, {"zone": "unknown zone"}),
        ({"del": 1}, {"deleted": False}),
        ({"del": "true"}, {"deleted": False}),
    ],
)
def test_fields_out_of_shape_fall_back(fields: dict[str, Any], expected: dict[str, Any]) -> None:
    document = Document()
    note(document, **fields)
    (only,) = read(document).notes
    assert {name: getattr(only, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([1, 2], (1, 2)),
        ([1.5, -1.5], (2, -1)),
        ([1e9, -1e9], (100_000, -100_000)),
        ([1e300, 0], (100_000, 0)),
        ([float("nan"), 1], None),
        ([float("inf"), 1], None),
        ([1], None),
        ([1, 2, 3], None),
        (["1", "2"], None),
        ([True, 1], None),
        ({"x": 1, "y": 2}, None),
        (None, None),
        ("1,2", None),
    ],
)
def test_placements_are_whole_clamped_or_none(
    value: object, expected: tuple[int, int] | None
) -> None:
    document = Document()
    note(document)
    document.root(layout_root(BOARD))["n"] = value
    assert read(document).notes[0].position == expected


def test_votes_are_summed_and_clamped() -> None:
    document = Document()
    note(document)
    votes = document.root(VOTES)
    for key, value in {
        "n/koivu": 2,
        "n/haapa": 1.0,
        "n/mänty": -5,
        "n/kuusi": 1000,
        "n/leppä": "3",
        "n/paju": float("nan"),
        "n/tammi": True,
        "n/": 4,
        "n": 4,
        "other/koivu": 4,
    }.items():
        votes[key] = value
    assert read(document).notes[0].votes == 2 + 1 + 99


def test_notes_come_zone_by_zone_and_unknown_zones_last() -> None:
    document = Document()
    for at, zone in enumerate(["b", "unknown", "a", "b", "another"]):
        add_note(document, BOARD, zone=zone, text=str(at), at=at)
    assert [n.text for n in read(document, "a", "b").notes] == ["2", "0", "3", "4", "1"]


def test_only_themes_that_stand_count() -> None:
    document = Document()
    themes = document.root(THEMES)
    themes["gone"] = Map({"name": Text("gone"), "zone": "z", "del": True})
    themes["nameless"] = Map({"zone": "z"})
    themes["zoneless"] = Map({"name": Text("zoneless")})
    themes["plain"] = {"name": "plain", "zone": "z"}
    themes["b"] = Map({"name": Text("Toinen"), "zone": "z"})
    themes["a"] = Map({"name": Text("Eka"), "zone": "z"})
    for number, theme in enumerate(("gone", "nameless", "zoneless", "plain", "no such", "a", "b")):
        add_note(document, BOARD, zone="z", text=theme, at=number, note=theme)
        document.root(NOTES)[theme]["theme"] = theme
    assert [theme.id for theme in read(document).themes] == ["a", "b"]
    assert [n.text for n in read(document).notes if n.theme != n.text and n.theme] == []
    assert {n.theme for n in read(document).notes} == {None, "a", "b"}


def test_a_theme_stands_as_long_as_a_living_note_is_under_it() -> None:
    document = Document()
    themes = document.root(THEMES)
    themes["t"] = Map({"name": Text("Kiire"), "zone": "z"})
    assert read(document).themes == ()
    note(document, theme="t")
    assert [theme.id for theme in read(document).themes] == ["t"]
    document.root(NOTES)["n"]["del"] = True
    assert read(document).themes == ()
    assert read(document).deleted[0].theme == "t"  # it comes back into its theme


def test_a_note_under_a_theme_stands_in_its_zone_and_has_no_place_of_its_own() -> None:
    document = Document()
    document.root(THEMES)["t"] = Map({"name": Text("Kiire"), "zone": "a"})
    note(document, theme="t", zone="z")
    document.root(layout_root(BOARD)).update({"n": [1, 2], "t": [3, 4]})
    (only,), (theme,) = read(document).notes, read(document).themes
    assert (only.zone, only.position, theme.position) == ("a", None, (3, 4))
    document.root(THEMES)["t"]["del"] = True
    assert (read(document).notes[0].zone, read(document).notes[0].position) == ("z", (1, 2))


@pytest.mark.parametrize(
    "value",
    [
        None,
        1,
        "a",
        {},
        {"from": "a", "to": "b"},
        {"from": "a", "to": "", "kind": "became"},
        {"from": "a", "to": "b", "kind": "inspires"},
    ],
)
def test_a_link_without_ends_or_kind_is_left_out(value: object) -> None:
    document = Document()
    document.root(LINKS)["k"] = value
    assert read(document).links == ()


def test_only_shared_texts_are_answers() -> None:
    document = Document()
    document.root(ANSWERS)["plain"] = "text"
    document.root(ANSWERS)["learn"] = Text("b")
    document.root(ANSWERS)["gain"] = Text("a")
    assert list(read(document).answers.items()) == [("gain", "a"), ("learn", "b")]


def test_experiments_keep_their_texts_and_real_dates() -> None:
    document = Document()
    experiments = document.root(EXPERIMENTS)
    experiments["plain"] = {"what": "a"}
    experiments["gone"] = Map({"what": Text("a"), "del": True})
    experiments["e"] = Map(
        {"what": Text("a"), "start": "soon", "end": "2026-09-01", "group": "g", "at": 5, "x": 1}
    )
    (only,) = read(document).experiments
    assert (only.id, only.at, only.group) == ("e", 5, "g")
    assert only.fields == {"what": "a", "end": "2026-09-01"}


def test_checks_of_an_experiment_are_days_in_order() -> None:
    document = Document()
    days = {"check/2026-09-20": True, "check/2026-09-10": True, "check/2026-09-15": False}
    document.root(EXPERIMENTS)["e"] = Map({**days, "check/soon": True, "check/2026-09-11": "x"})
    (only,) = read(document).experiments
    assert only.checks == ("2026-09-10", "2026-09-20")
    assert only.fields == {}


@pytest.mark.parametrize(("text", "expected"), json.loads(DAYS.read_text("utf-8"))["days"])
def test_dates_are_days_of_the_calendar(text: str, expected: bool) -> None:
    assert is_date(text) is expected


def test_the_json_of_a_board_is_that_of_the_interface() -> None:
    document = Document()
    first = add_note(
        document, BOARD, zone="a", text="t", author="p", position=(1, 2), at=3, note="first"
    )
    document.root(VOTES)[f"{first}/p"] = 2
    document.root(LINKS)["k"] = {"from": first, "to": "customers", "kind": "became"}
    document.root(THEMES)["th"] = Map({"name": Text("Kiire"), "zone": "b"})
    document.root(layout_root(BOARD))["th"] = [5, 6]
    add_note(document, BOARD, zone="a", text="v", at=5, note="third")
    document.root(NOTES)["third"]["theme"] = "th"
    document.root(ANSWERS)["matter"] = Text("x")
    document.root(EXPERIMENTS)["e"] = Map({"what": Text("y"), "at": 4})
    add_note(document, BOARD, zone="a", text="u", at=4, note="second")
    document.root(NOTES)["second"]["del"] = True
    assert board_json(read(document)) == {
        "id": BOARD,
        "kind": "notes",
        "key": "phenomena",
        "notes": [
            {
                "id": "first",
                "zone": "a",
                "text": "t",
                "color": "yellow",
                "group": None,
                "author": "p",
                "theme": None,
                "at": 3,
                "position": [1, 2],
                "votes": 2,
                "carried": False,
            },
            {
                "id": "third",
                "zone": "b",
                "text": "v",
                "color": "yellow",
                "group": None,
                "author": None,
                "theme": "th",
                "at": 5,
                "position": None,
                "votes": 0,
                "carried": False,
            },
        ],
        "themes": [{"id": "th", "name": "Kiire", "zone": "b", "position": [5, 6]}],
        "links": [{"id": "k", "from": "first", "to": "customers", "kind": "became"}],
        "answers": {"matter": "x"},
        "experiments": [
            {
                "id": "e",
                "at": 4,
                "group": None,
                "fields": {"what": "y"},
                "checks": [],
                "crossed": False,
            }
        ],
    }
