"""What an export is read into: equal workshops, and what does not fit told with its place."""

from __future__ import annotations

import copy
import json
import re
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boards.schema import Board, Note, read_board
from server.workshops.imports.place import EXPECTED
from server.workshops.imports.whole import Fault, Outdated, Plan, Wanted, read_export
from tests.server.workshops.imports.same import differences
from tests.server.workshops.imports.workshops import (
    BOUNDS,
    document_of,
    export_of,
    random_export,
)
from tests.support.seed import rounds

NOW = 1_790_000_000_000
BODY = random_export(Random(7))
ID = "a" * 20


def read(body: bytes) -> Plan | Wanted | Outdated | Fault:
    return read_export(body, None, BOUNDS, NOW)


@given(st.randoms(use_true_random=False))
@settings(max_examples=rounds(40))
def test_any_workshop_comes_back_equal(random: Random) -> None:
    body = random_export(random)
    plan = read(body)
    assert isinstance(plan, Plan), plan
    assert differences(json.loads(body), json.loads(export_of(plan))) == []


def test_no_id_comes_along() -> None:
    plan = read(BODY)
    assert isinstance(plan, Plan)
    old = set(re.findall(r"\b[a-z2-7]{20}\b", BODY.decode())) - {"w" * 20}
    assert len(old) > 40
    again = export_of(plan).decode()
    assert [id for id in old if id in again] == []


@pytest.mark.parametrize("votes", [0, 1, 99, 100, 250])
def test_dots_are_as_many_as_they_were(votes: int) -> None:
    board = Board(id=ID, kind="notes", key="phenomena", notes=(noted(votes),))
    assert read_board(document_of(board), ID, "notes", "phenomena") == board


def noted(votes: int) -> Note:
    return Note(id="b" * 20, zone="challenges", text="Jonot", votes=votes, group="c" * 20)


def test_what_is_alike_is_told_apart_by_the_comparison() -> None:
    data = json.loads(BODY)
    board = next(board for board in data["boards"] if len(board["notes"]) > 1)
    board["notes"][0]["id"] = board["notes"][1]["id"]
    assert differences(json.loads(BODY), data)


def changed(path: str, value: Any) -> bytes:
    """The export with another value at a pointer; ... takes out what is there."""
    data = json.loads(BODY)
    *steps, last = path.split("/")[1:]
    at = data
    for step in steps:
        at = at[int(step) if isinstance(at, list) else step]
    if value is ...:
        del at[last]
    else:
        at[int(last) if isinstance(at, list) else last] = value
    return json.dumps(data).encode()


WITH_NOTES = next(n for n, b in enumerate(json.loads(BODY)["boards"]) if b["notes"])
PLAN = 6
NOTE = f"/boards/{WITH_NOTES}/notes/0"
WRONG = [
    ("/schema", "hahmo/board", "schema", "/schema"),
    ("/schema", ..., "schema", "/schema"),
    ("/workbook", ..., "object", "/workbook"),
    ("/workbook/id", "toinen", "installed", "/workbook/id"),
    ("/workbook/toml", 5, "text", "/workbook/toml"),
    ("/workshop/title", "x" * 121, "text-long", "/workshop/title"),
    ("/workshop/title", "\u200b", "taken", "/workshop/title"),
    ("/workshop/language", "de", "choice", "/workshop/language"),
    ("/stage", "lepo", "choice", "/stage"),
    ("/board", ID, "choice", "/board"),
    ("/locks", [ID], "choice", "/locks/0"),
    ("/votes", {ID: {}}, "choice", f"/votes/{ID}"),
    ("/guidance", {"boards": {"oma": {}}}, "taken", "/guidance/boards/oma"),
    ("/guidance", {"stages": [{"id": "oma"}]}, "taken", "/guidance/stages/0/id"),
    ("/previous", [], "object", "/previous"),
    ("/boards", {}, "list", "/boards"),
    ("/boards/0/key", "oma", "choice", "/boards/0/key"),
    ("/boards/1/key", "phenomena", "once", "/boards/1/key"),
    ("/boards/0/kind", "grid", "choice", "/boards/0/kind"),
    ("/boards/0/group", ID, "shared", "/boards/0/group"),
    (f"{NOTE}/text", "x" * 4001, "text-long", f"{NOTE}/text"),
    (f"{NOTE}/text", None, "text", f"{NOTE}/text"),
    (f"{NOTE}/text", ..., "text", f"{NOTE}/text"),
    (f"{NOTE}/color", "black", "choice", f"{NOTE}/color"),
    (f"{NOTE}/at", -1, "whole", f"{NOTE}/at"),
    (f"{NOTE}/at", True, "whole", f"{NOTE}/at"),
    (f"{NOTE}/theme", ID, "theme", f"{NOTE}/theme"),
    (f"{NOTE}/position", [1], "position", f"{NOTE}/position"),
    (f"{NOTE}/position", [0, 100_001], "position", f"{NOTE}/position"),
    (f"{NOTE}/votes", 10_000, "whole", f"{NOTE}/votes"),
    (f"{NOTE}/carried", 1, "flag", f"{NOTE}/carried"),
    (f"{NOTE}/id", "", "id", f"{NOTE}/id"),
    ("/boards/0/links", [{"id": ID, "from": "a", "to": "", "kind": "relates"}], "id", None),
    ("/boards/0/answers", {"a/b~c": 5}, "text", "/boards/0/answers/a~1b~0c"),
    (f"/boards/{PLAN}/experiments", [{"id": ID, "at": 0, "group": None}], "object", None),
    ("/breakouts", [{"id": ID, "groups": []}], "choice", "/breakouts/0/board"),
]


@pytest.mark.parametrize(("path", "value", "rule", "pointer"), WRONG)
def test_what_does_not_fit_is_told_with_its_place(
    path: str, value: Any, rule: str, pointer: str | None
) -> None:
    fault = read(changed(path, value))
    assert isinstance(fault, Fault), fault
    assert fault.rule == rule
    assert fault.pointer.startswith(path) if pointer is None else fault.pointer == pointer
    assert EXPECTED[rule].format(**fault.values)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b'{"a": NaN}', b"\xff", b"[" * 100_000, b'{"a": "\\ud800"}', b"1" * 5000],
    ids=lambda body: ascii(body[:12]),
)
def test_what_is_no_json_is_told_so(body: bytes) -> None:
    fault = read(body)
    assert isinstance(fault, Fault)
    assert (fault.pointer, fault.rule) == ("", "json")


@pytest.mark.parametrize("version", [1, 3, "2", None])
def test_another_version_is_told_so(version: Any) -> None:
    told = version if isinstance(version, int) else 0
    assert read(changed("/version", version)) == Outdated(told)


def test_a_board_that_would_not_fit_is_told() -> None:
    data = json.loads(BODY)
    note = {**data["boards"][WITH_NOTES]["notes"][0], "text": "x" * 4000, "theme": None}
    data["boards"][0]["notes"] = [{**note, "id": f"n{n}", "votes": 0} for n in range(5300)]
    fault = read(json.dumps(data).encode())
    assert isinstance(fault, Fault)
    assert (fault.pointer, fault.rule) == ("/boards/0", "fits")


def test_dots_are_bounded_as_notes_are() -> None:
    data = json.loads(BODY)
    note = {**data["boards"][WITH_NOTES]["notes"][0], "theme": None, "votes": 9_900}
    data["boards"][0]["notes"] = [{**note, "id": f"n{n}"} for n in range(401)]
    fault = read(json.dumps(data).encode())
    assert isinstance(fault, Fault)
    assert fault.pointer == "/boards/0/notes/400/votes"


def test_what_an_export_does_not_have_begins_anew() -> None:
    data = json.loads(BODY)
    data["boards"] = []
    for field in ("breakouts", "locks"):
        data[field] = []
    plan = read(json.dumps({**data, "board": None, "votes": {}, "previous": None}).encode())
    assert isinstance(plan, Plan)
    boards = json.loads(export_of(plan))["boards"]
    assert len(boards) == 7
    assert len(boards[1]["answers"]) == 4
    assert not any(board["notes"] for board in boards)


@given(st.data())
@settings(max_examples=rounds(40))
def test_whatever_stands_somewhere_it_is_a_plan_or_a_place(data: st.DataObject) -> None:
    """Any value in the place of any other never raises."""
    told = copy.deepcopy(json.loads(BODY))
    junk = data.draw(
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers()
            | st.floats(allow_nan=False, allow_infinity=False)
            | st.text(),
            lambda some: st.lists(some) | st.dictionaries(st.text(), some),
            max_leaves=4,
        )
    )
    at: Any = told
    while True:
        key = data.draw(st.sampled_from(range(len(at)) if isinstance(at, list) else sorted(at)))
        below = at[key]
        if not isinstance(below, dict | list) or not below or data.draw(st.booleans()):
            at[key] = junk
            break
        at = below
    found = read(json.dumps(told, allow_nan=False).encode())
    assert isinstance(found, Plan | Wanted | Outdated | Fault)
