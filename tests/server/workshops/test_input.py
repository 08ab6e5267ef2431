"""The bodies of commands: what fits, and what a wrong one is told."""

from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boards.desk import Announcement, Breakout, Desk, Group, Reached, Timer, Voting
from boards.desk_parts.board_rights import BoardRights, LockedParts
from boards.workbook.installed import load
from server.errors import InvalidField, NameMissing, NameTooLong, TextTooLong
from server.workshops.breakouts.groups import read_moves
from server.workshops.input import fields
from server.workshops.input.desk_patch import read_new_workshop, read_patch
from tests.support.workshops.teams import desk

NOW = 1_800_000_000_000
WORKBOOK = load("valoa")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Koivu", "Koivu"),
        ("  Koivu  ", "Koivu"),
        ("K", "K"),
        ("K" * 60, "K" * 60),
        ("A\u0308iti", "Äiti"),
        ("Koi\nvu", "Koi vu"),
        ("Koi\tvu\u000bPuu\u2028Oksa", "Koi vu Puu Oksa"),
        ("Koivu\x00\x7f", "Koivu"),
        ("\u202eKoivu\u202c", "Koivu"),
        ("👩‍🌾 Viljelijä", "👩‍🌾 Viljelijä"),
        ("Ольха", "Ольха"),
    ],
)
def test_names_are_tidied(typed: str, name: str) -> None:
    assert fields.name(typed) == name


@pytest.mark.parametrize(
    "typed", [None, "", "   ", "\u200b\u200d", "\u00a0", "\u3164", "\u2800 \u2800", "\u0301"]
)
def test_a_name_must_be_visible(typed: object) -> None:
    with pytest.raises(NameMissing):
        fields.name(typed)


def test_a_name_of_61_characters_is_too_long() -> None:
    with pytest.raises(NameTooLong) as caught:
        fields.name("K" * 61)
    assert caught.value.values == {"most": 60, "got": 61}


@pytest.mark.parametrize("typed", [5, ["a"], {"name": "a"}, True])
def test_what_is_no_name_is_refused(typed: object) -> None:
    with pytest.raises(InvalidField):
        fields.name(typed)


@given(st.text())
def test_a_name_that_passes_is_safe_to_show(typed: str) -> None:
    try:
        name = fields.name(typed)
    except (InvalidField, NameMissing, NameTooLong):
        return
    assert 1 <= len(name) <= 60
    assert name == name.strip()
    assert name.isprintable() or any(ord(character) > 0x7F for character in name)
    assert fields.name(name) == name


def test_a_new_workshop_has_defaults_for_everything() -> None:
    new = read_new_workshop({})
    assert (new.workbook, new.title, new.language, new.name) == ("valoa", "", "fi", None)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": "x" * 121}, "title"),
        ({"title": "\u3164"}, "title"),
        ({"language": "de"}, "language"),
        ({"workbook": 5}, "workbook"),
        ({"titel": "x"}, "titel"),
        ({"name": 5}, "name"),
    ],
)
def test_a_wrong_new_workshop_names_the_field(body: dict[str, Any], field: str) -> None:
    with pytest.raises((InvalidField, TextTooLong)) as caught:
        read_new_workshop(body)
    assert caught.value.values["field"] == field


@pytest.mark.parametrize(
    ("body", "changes"),
    [
        ({}, {}),
        ({"stage": "assess"}, {"stage": "assess"}),
        ({"title": " Syksy "}, {"title": "Syksy"}),
        (
            {"board": "shared"},
            {"board": "shared", "reached": Reached(board="shared", at=NOW)},
        ),
        ({"board": None}, {"board": None}),
        ({"timer": None}, {"timer": None}),
        ({"timer": {"seconds": 60}}, {"timer": Timer(ends=NOW + 60_000, seconds=60)}),
        (
            {"timer": {"seconds": 60, "paused": 20, "ends": 5}},
            {"timer": Timer(ends=5, seconds=60, paused=20)},
        ),
        (
            {"timer": {"seconds": 60, "paused": 20}},
            {"timer": Timer(ends=NOW + 20_000, seconds=60, paused=20)},
        ),
        ({"locks": {"shared": True}}, {"locks": {"shared": True, "other": True}}),
        ({"locks": {"other": False}}, {"locks": {}}),
        ({"announcement": None}, {"announcement": None}),
        (
            {"rights": {"shared": {"edit": "own", "most": 5}, "*": None}},
            {
                "rights": {
                    "shared": {
                        "add": True,
                        "edit": "own",
                        "move": "all",
                        "delete": "all",
                        "most": 5,
                        "anonymous": False,
                    }
                }
            },
        ),
        (
            {"votes": {"shared": {"open": True}}},
            {"votes": {"shared": {"dots": 3, "hidden": False, "open": True}}},
        ),
        (
            {"votes": {"shared": {"dots": 20, "hidden": True, "open": False}}},
            {"votes": {"shared": {"dots": 20, "hidden": True, "open": False}}},
        ),
    ],
)
def test_a_patch_sets_what_it_names(body: dict[str, Any], changes: dict[str, Any]) -> None:
    assert read_patch(body, desk(locks={"other": True}), WORKBOOK, NOW) == changes


def test_an_announcement_gets_an_id_and_a_time() -> None:
    for body in ("Kahville!\nTakaisin 10.15.", {"text": "Kahville!\nTakaisin 10.15."}):
        found = read_patch({"announcement": body}, desk(), WORKBOOK, NOW)["announcement"]
        assert isinstance(found, Announcement)
        assert (found.text, found.at) == ("Kahville!\nTakaisin 10.15.", NOW)
        assert len(found.id) == 20


@pytest.mark.parametrize(
    ("body", "field", "expected"),
    [
        ({"stage": "lunch"}, "stage", "one of pause, assess"),
        ({"stage": 5}, "stage", "one of"),
        ({"title": ""}, "title", "1 to 120 characters"),
        ({"title": None}, "title", "a text"),
        ({"timer": 60}, "timer", "null or an object"),
        ({"timer": {}}, "timer.seconds", "a whole number from 1 to 86400"),
        ({"timer": {"seconds": 0}}, "timer.seconds", "a whole number"),
        ({"timer": {"seconds": True}}, "timer.seconds", "a whole number"),
        ({"timer": {"seconds": 1.5}}, "timer.seconds", "a whole number"),
        ({"timer": {"seconds": 60, "paused": -1}}, "timer.paused", "a whole number"),
        ({"timer": {"seconds": 60, "ends": 10**15}}, "timer.ends", "a whole number"),
        ({"timer": {"seconds": 60, "end": 1}}, "timer.end", "one of timer.seconds"),
        ({"locks": ["shared"]}, "locks", "an object"),
        ({"locks": {"unknown": True}}, "locks", "a shared board"),
        ({"locks": {"groups": True}}, "locks", "a shared board"),
        ({"locks": {"shared": 1}}, "locks.shared", "true or false"),
        ({"announcement": ""}, "announcement.text", "1 to 500 characters"),
        ({"announcement": {"txt": "x"}}, "txt", "one of text"),
        ({"board": "groups"}, "board", "a shared board"),
        ({"rights": 3}, "rights", "an object"),
        ({"rights": {"groups": {"add": True}}}, "rights", "a shared board"),
        ({"rights": {"shared": 3}}, "rights.shared", "an object with add"),
        ({"rights": {"shared": {"add": 1}}}, "rights.shared.add", "true or false"),
        ({"rights": {"shared": {"move": "some"}}}, "rights.shared.move", "one of"),
        ({"rights": {"*": {"most": 0}}}, "rights.*.most", "from 1 to 200"),
        ({"rights": {"*": {"edit": "none"}}}, "rights.*.edit", "where notes may be added"),
        (
            {"rights": {"*": {"anonymous": True, "move": "own"}}},
            "rights.*.anonymous",
            "who wrote them",
        ),
        ({"rights": {"*": {"anonymous": True, "most": 3}}}, "rights.*.anonymous", "who wrote"),
        ({"rights": {"*": {"author": "own"}}}, "rights.*.author", "one of rights.*.add"),
        ({"locked_parts": 3}, "locked_parts", "zones and notes"),
        ({"locked_parts": {"groups": {}}}, "locked_parts", "a shared board"),
        ({"locked_parts": {"shared": 3}}, "locked_parts.shared", "an object with zones"),
        ({"locked_parts": {"shared": {"zones": ["x"]}}}, "locked_parts.shared.zones", "an object"),
        (
            {"locked_parts": {"shared": {"zones": {"x": True}}}},
            "locked_parts.shared.zones",
            "tools/to",
        ),
        (
            {"locked_parts": {"shared": {"notes": {"x" * 101: True}}}},
            "locked_parts.shared.notes",
            "ids",
        ),
        (
            {"locked_parts": {"shared": {"notes": {str(n): True for n in range(501)}}}},
            "locked_parts.shared.notes",
            "at most 500",
        ),
        ({"locked_parts": {"shared": {"rows": {}}}}, "locked_parts.shared.rows", "one of"),
        ({"votes": 3}, "votes", "an object"),
        ({"votes": {"groups": {"dots": 3}}}, "votes", "a shared board"),
        ({"votes": {"shared": 3}}, "votes.shared", "an object with dots"),
        ({"votes": {"shared": {"dots": 0}}}, "votes.shared.dots", "from 1 to 20"),
        ({"votes": {"shared": {"dots": 21}}}, "votes.shared.dots", "from 1 to 20"),
        ({"votes": {"shared": {"dots": 1.5}}}, "votes.shared.dots", "a whole number"),
        ({"votes": {"shared": {"dots": True}}}, "votes.shared.dots", "a whole number"),
        ({"votes": {"shared": {"dots": None}}}, "votes.shared.dots", "a whole number"),
        ({"votes": {"shared": {"hidden": 1}}}, "votes.shared.hidden", "true or false"),
        ({"votes": {"shared": {"open": "yes"}}}, "votes.shared.open", "true or false"),
        ({"votes": {"shared": {"dot": 3}}}, "votes.shared.dot", "one of votes.shared.dots"),
        ({"board": 5}, "board", "a shared board"),
        ({"people": []}, "people", "one of stage, title"),
    ],
)
def test_a_wrong_patch_says_what_was_expected(
    body: dict[str, Any], field: str, expected: str
) -> None:
    with pytest.raises(InvalidField) as caught:
        read_patch(body, desk(), WORKBOOK, NOW)
    assert caught.value.values["field"] == field
    assert expected in str(caught.value.values["expected"])


def test_a_text_that_is_too_long_says_by_how_much() -> None:
    with pytest.raises(TextTooLong) as caught:
        read_patch({"announcement": "x" * 501}, desk(), WORKBOOK, NOW)
    assert caught.value.values == {"field": "announcement.text", "most": 500, "got": 501}


def timer_after(timer: Timer | None, *changes: dict[str, Any], now: int = NOW) -> Timer | None:
    for change in changes:
        found = read_patch({"timer": change}, desk(timer=timer), WORKBOOK, now)["timer"]
        assert found is None or isinstance(found, Timer)
        timer = found
    return timer


MORE = {"add_seconds": 60}
RUNNING = Timer(ends=NOW + 90_500, seconds=300)
PAUSED = Timer(ends=NOW + 1, seconds=300, paused=100)


@pytest.mark.parametrize(
    ("before", "changes", "after"),
    [
        (RUNNING, [MORE], Timer(ends=NOW + 150_500, seconds=360)),
        (RUNNING, [MORE, MORE], Timer(ends=NOW + 210_500, seconds=420)),
        (PAUSED, [MORE], Timer(ends=NOW + 160_000, seconds=360, paused=160)),
        (PAUSED, [MORE, MORE], Timer(ends=NOW + 220_000, seconds=420, paused=220)),
        (Timer(ends=NOW - 9_000, seconds=60), [MORE], Timer(ends=NOW + 60_000, seconds=120)),
        (RUNNING, [{"add_seconds": -600}], Timer(ends=NOW, seconds=1)),
        (RUNNING, [{"pause": True}], Timer(ends=NOW + 90_500, seconds=300, paused=91)),
        (
            RUNNING,
            [{"pause": True}, MORE, {"pause": False}],
            Timer(ends=NOW + 151_000, seconds=360),
        ),
        (PAUSED, [{"pause": True}], PAUSED),
        (RUNNING, [{"pause": False}], RUNNING),
        (None, [MORE, {"pause": True}], None),
    ],
)
def test_a_timer_is_changed_from_where_it_stands(
    before: Timer | None, changes: list[dict[str, Any]], after: Timer | None
) -> None:
    assert timer_after(before, *changes) == after


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"add_seconds": "60"}, "timer.add_seconds"),
        ({"add_seconds": 90_000}, "timer.add_seconds"),
        ({"pause": 1}, "timer.pause"),
        ({"add_seconds": 60, "seconds": 60}, "timer.seconds"),
    ],
)
def test_a_change_of_a_timer_has_one_shape(told: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidField) as caught:
        timer_after(RUNNING, told)
    assert caught.value.values["field"] == field


def test_a_board_has_rights_of_its_own_from_those_of_all_and_lets_go_of_them() -> None:
    everywhere = BoardRights(edit="own", most=5)
    before = desk(rights={"*": everywhere})
    patch = {"rights": {"shared": {"most": None, "add": False}}}
    found = read_patch(patch, before, WORKBOOK, NOW)["rights"]
    own = BoardRights(add=False, edit="own")
    assert found == {"*": asdict(everywhere), "shared": asdict(own)}
    after = desk(rights={"*": everywhere, "shared": own})
    found = read_patch({"rights": {"shared": None}}, after, WORKBOOK, NOW)["rights"]
    assert found == {"*": asdict(everywhere)}


def test_what_is_locked_adds_up_until_it_is_let_go_of() -> None:
    def after(before: Desk, **told: dict[str, bool]) -> Any:
        return read_patch({"locked_parts": {"shared": told}}, before, WORKBOOK, NOW)["locked_parts"]

    locked = after(desk(), zones={"tools/to": True}, notes={"a": True, "b": True})
    assert locked == {"shared": {"zones": ("tools/to",), "notes": ("a", "b")}}
    before = desk(locked_parts={"shared": LockedParts(zones=("tools/to",), notes=("a", "b"))})
    found = after(before, notes={"a": False, "c": True, "b": True})
    assert found == {"shared": {"zones": ("tools/to",), "notes": ("b", "c")}}
    assert after(before, zones={"tools/to": False}, notes={"a": False, "b": False}) == {}


def test_dots_are_given_more_or_fewer_within_their_limits() -> None:
    def dots(before: int | None, change: dict[str, Any]) -> int:
        votes = {} if before is None else {"shared": Voting(dots=before)}
        found = read_patch({"votes": {"shared": change}}, desk(votes=votes), WORKBOOK, NOW)
        number: int = found["votes"]["shared"]["dots"]
        return number

    assert dots(5, {"add_dots": 1}) == 6
    assert dots(None, {"add_dots": -1}) == 2
    assert dots(20, {"add_dots": 1}) == 20
    assert dots(1, {"add_dots": -3}) == 1


def test_people_go_from_wherever_they_are_now() -> None:
    one = Group(id="one", name="A", board="ba", people=("koivu", "leppä"))
    two = Group(id="two", name="B", board="bb")
    before = Breakout(id="b", board="shared", state="open", created=0, groups=(one, two))

    def members(*moves: tuple[str, str | None]) -> list[tuple[str, ...]]:
        told = [{"person": person, "group": group} for person, group in moves]
        return [group.people for group in read_moves({"moves": told}, desk(), before).groups]

    assert members(("koivu", "two")) == [("leppä",), ("koivu",)]
    assert members(("koivu", "two"), ("leppä", "two")) == [(), ("koivu", "leppä")]
    assert members(("koivu", "one")) == [("koivu", "leppä"), ()]
    assert members(("koivu", None)) == [("leppä",), ()]
    for wrong in (("haapa", "two"), ("koivu", "three")):
        with pytest.raises(InvalidField):
            members(wrong)
