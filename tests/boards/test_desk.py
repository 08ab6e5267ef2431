"""The desk: what the server writes is what everybody reads."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from boards.desk import (
    BOARDS,
    BREAKOUTS,
    DESK,
    PEOPLE,
    Announcement,
    Breakout,
    Desk,
    DeskBoard,
    Group,
    Person,
    Timer,
    read_desk,
)
from boards.desk_edits import (
    put_board,
    put_breakout,
    put_field,
    put_person,
    remove_board,
    remove_breakout,
    remove_people,
)
from boards.document import Document
from boards.errors import InvalidEdit

PERSON = Person(id="p1", name="Koivu", role="participant", color=3, joined=5)
BOARD = DeskBoard(id="b1", key="phenomena", kind="notes", lineage="x")
BREAKOUT = Breakout(
    id="k1",
    board="b1",
    state="open",
    created=7,
    merged=8,
    closed=9,
    groups=(
        Group(id="g1", name="A", board="b2", people=("p1", "p2"), pages=(1, 2), late=2),
        Group(id="g2", name="B", board="b3", people=("p3",), left={"p1": 8, "p4": 9}),
    ),
)


def test_an_empty_document_is_an_empty_desk() -> None:
    assert read_desk(Document()) == Desk()


def test_what_is_put_is_read() -> None:
    document = Document()
    fields: dict[str, Any] = {
        "title": "Kehittämispäivä",
        "language": "sv",
        "workbook": "valoa",
        "stage": "pause",
        "board": "b1",
        "timer": Timer(ends=1_700_000_000_000, seconds=600, paused=30),
        "announcement": Announcement(id="a1", text="Tauko!", at=9),
        "locks": {"b1": True, "b2": False},
        "join_code": "ABCDEFGH",
        "schema": 1,
    }
    for name, value in fields.items():
        put_field(document, name, value)
    put_person(document, PERSON)
    put_board(document, BOARD)
    put_breakout(document, BREAKOUT)
    desk = read_desk(Document(document.get_update()))
    assert desk == Desk(
        **{**fields, "locks": {"b1": True}},
        people=(PERSON,),
        boards=(BOARD,),
        breakouts=(BREAKOUT,),
    )


def test_one_write_is_one_update() -> None:
    document = Document()
    updates: list[bytes] = []
    subscription = document.doc.observe(lambda event: updates.append(event.update))
    put_breakout(document, BREAKOUT)
    put_person(document, PERSON)
    remove_people(document, ["p1"])
    document.doc.unobserve(subscription)
    assert len(updates) == 3


def test_people_come_by_arrival_and_breakouts_by_age() -> None:
    document = Document()
    for number, name in enumerate(("c", "b", "a")):
        put_person(document, replace(PERSON, id=name, joined=number))
        put_breakout(document, replace(BREAKOUT, id=name, created=number))
        put_board(document, replace(BOARD, id=name))
    desk = read_desk(document)
    assert [person.id for person in desk.people] == ["c", "b", "a"]
    assert [breakout.id for breakout in desk.breakouts] == ["c", "b", "a"]
    assert [board.id for board in desk.boards] == ["a", "b", "c"]


def test_who_is_removed_is_in_no_group_either() -> None:
    document = Document()
    put_person(document, PERSON)
    put_breakout(document, BREAKOUT)
    put_breakout(document, replace(BREAKOUT, id="k2", groups=()))
    remove_people(document, ["p1"])
    remove_people(document, ["p1"])
    desk = read_desk(document)
    assert desk.people == ()
    first, second = BREAKOUT.groups
    groups = (replace(first, people=("p2",)), replace(second, left={"p4": 9}))
    assert desk.breakouts[0] == replace(BREAKOUT, groups=groups)


def test_boards_and_breakouts_are_taken_off() -> None:
    document = Document()
    put_board(document, BOARD)
    put_breakout(document, BREAKOUT)
    remove_board(document, "b1")
    remove_breakout(document, "k1")
    assert read_desk(document) == Desk()


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(InvalidEdit, match="desk field: got 'colour', expected announcement or"):
        put_field(Document(), "colour", "red")


def test_the_json_of_a_desk_is_plain() -> None:
    document = Document()
    put_field(document, "timer", Timer(ends=9, seconds=60))
    put_breakout(document, BREAKOUT)
    answer = read_desk(document).json()
    assert json.loads(json.dumps(answer)) == answer
    assert answer["timer"] == {"ends": 9, "seconds": 60, "paused": None, "locks": None}
    assert answer["breakouts"][0]["groups"][0]["pages"] == [1, 2]
    assert set(answer) >= {"stage", "timer", "people", "breakouts", "boards", "locks"}


@pytest.mark.parametrize(
    ("root", "value"),
    [
        (PEOPLE, None),
        (PEOPLE, {"name": "Koivu", "role": "director"}),
        (PEOPLE, "Koivu"),
        (BOARDS, {"kind": "notes"}),
        (BOARDS, []),
        (BREAKOUTS, {"state": "open"}),
        (BREAKOUTS, 5),
    ],
)
def test_a_half_formed_entry_is_left_out(root: str, value: object) -> None:
    document = Document()
    document.root(root)["x"] = value
    assert read_desk(document) == Desk()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", 5),
        ("board", ""),
        ("timer", "soon"),
        ("timer", {"ends": "soon"}),
        ("announcement", {"id": "a", "text": ""}),
        ("announcement", []),
        ("locks", ["b1"]),
        ("schema", "one"),
    ],
)
def test_a_field_out_of_shape_falls_back(name: str, value: object) -> None:
    document = Document()
    document.root(DESK)[name] = value
    assert read_desk(document) == Desk()


def test_parts_of_a_breakout_out_of_shape_fall_back() -> None:
    document = Document()
    document.root(BREAKOUTS)["a"] = {"board": "b1", "state": "?", "groups": "none", "merged": 4}
    document.root(BREAKOUTS)["b"] = {
        "board": "b1",
        "state": "open",
        "created": 1,
        "groups": [7, {"id": "g", "people": "all", "pages": "all"}, {"id": "h", "pages": [1, "x"]}],
    }
    first, second = read_desk(document).breakouts
    assert (first.state, first.groups, first.merged, first.created) == ("closed", (), 4, 0)
    assert second.groups == (
        Group(id="g", name="", board=""),
        Group(id="h", name="", board="", pages=(1,)),
    )
