"""Desks of tests/vectors/desk.json: what may stand there, and what stands there in its place."""

from typing import Any

from boards.desk import FIELDS
from tests.support.updates.documents import Edit

__all__ = ["DESKS"]


def fields(**told: Any) -> list[Edit]:
    return [["desk", name, value] for name, value in told.items()]


def person(id: str = "p", /, **told: Any) -> Edit:
    return ["people", id, {"id": id, "name": "Koivu", "role": "participant", **told}]


def breakout(id: str = "k", /, **told: Any) -> Edit:
    return ["breakouts", id, {"id": id, "board": "b", "state": "open", "created": 7, **told}]


DESKS: dict[str, list[Edit]] = {
    "nothing": [],
    "a desk with all it can have": [
        *fields(
            title="Kehittämispäivä",
            language="sv",
            workbook="valoa",
            stage="pause",
            board="b",
            reached={"board": "b", "at": 1_700_000_000_000},
            invitation={"board": "b", "ends": 1_700_000_000_000},
            starts={"b": 1_700_000_000_000},
            timer={"ends": 1_700_000_000_000, "seconds": 600, "paused": 30, "locks": "b"},
            announcement={"id": "a", "text": "Tauko!", "at": 9},
            restored={"id": "r", "board": "b", "person": "p", "at": 9},
            locks={"b": True},
            rights={
                "b": {"add": False, "edit": "none", "move": "own", "delete": "own", "most": 5},
                "c": {"anonymous": True},
                "*": {"add": True, "edit": "own", "move": "none", "delete": "none", "most": None},
            },
            locked_parts={"b": {"zones": ["challenges"], "notes": ["n"]}},
            votes={"b": {"dots": 3, "hidden": True, "open": True}},
            assessment={"team": {"round": 2, "state": "open"}},
            guidance={"boards": {"phenomena": {"hidden": True}}},
            previous={"workshop": "w", "title": "Kevät"},
            join_code="ABCDEFGH",
            joining="ask",
            passphrase=True,
            schema=2,
        ),
        person(color=3, joined=5, hand=6, ready=7),
        ["boards", "b", {"key": "phenomena", "kind": "notes", "lineage": "x"}],
        ["boards", "f", {"key": "phenomena", "kind": "notes", "breakout": "k", "group": "g"}],
        breakout(
            merged=8,
            closed=9,
            recall={"ends": 1_700_000_000_000, "gather": True},
            choice=True,
            groups=[
                {
                    "id": "g",
                    "name": "A",
                    "board": "f",
                    "people": ["p"],
                    "pages": [1],
                    "late": 2,
                    "message": {"id": "m", "text": "Viisi minuuttia", "at": 9},
                    "help": 9,
                },
                {"id": "h", "left": {"p": 8}},
            ],
        ),
    ],
    "a field out of shape has its default": fields(**dict.fromkeys(sorted(FIELDS), 7.5)),
    "so has one that is null, and one that is a list": [
        *fields(**dict.fromkeys(sorted(FIELDS))),
        *fields(timer=[], locks=["b"], rights=["b"], votes=[1], guidance=[], assessment=[]),
        *fields(previous=["w"]),
    ],
    "a text in the place of a word reads as what it says": fields(
        title={"$text": "Päivä"}, language={"$text": "en"}, joining={"$text": "closed"}
    ),
    "a map in the place of plain values likewise": [
        ["desk", "timer", {"$map": {"ends": 5}}],
        ["people", "p", {"$map": {"name": {"$text": "Koivu"}, "role": "observer"}}],
    ],
    "languages, ways in and states are of those that are known": [
        *fields(language="de", joining="never"),
        breakout(state="paused"),
        person(role="director"),
    ],
    "a timer needs its end, an announcement its text, a last round its workshop": fields(
        timer={"seconds": 600},
        announcement={"id": "a", "at": 1},
        restored={"id": "r", "person": "p", "at": 1},
        previous={"title": "Kevät"},
    ),
    "where all have come and go needs a board and a time, a planned time is one": [
        *fields(
            reached={"board": "b"},
            invitation={"ends": 5},
            starts={"a": 5.7, "b": "10", "c": None, "d": -4},
        ),
    ],
    "times are whole and not below zero": [
        *fields(timer={"ends": 9.9, "seconds": -4, "paused": "30", "locks": 7}),
        person(joined=-1, color=-5, hand=1.5, ready=True),
        breakout(created=1.5, merged=-1, closed=True),
    ],
    "locks are true, dots 1 to 20, rounds numbers": fields(
        locks={"a": True, "b": 1, "c": False},
        votes={
            "a": {"dots": 0.5},
            "b": {"dots": 99},
            "c": {"dots": 2, "hidden": 1},
            "d": {"dots": True},
            "e": 3,
        },
        assessment={"a": {"round": "1"}, "b": {"round": 1, "state": "?"}, "c": None},
    ),
    "rights are those that are known, and who may add may write": fields(
        rights={
            "a": {"add": 0, "edit": "none", "move": "some", "delete": 1, "most": 1000},
            "b": {"add": False, "edit": "none", "most": -1},
            "c": {"most": "5"},
            "d": {"most": 4.5, "anonymous": 1},
            "e": 3,
            "*": {},
        },
    ),
    "what is locked are ids": fields(
        locked_parts={
            "a": {"zones": ["z", 1, ""], "notes": "n"},
            "b": {},
            "c": ["z"],
            "d": None,
        }
    ),
    "a half-formed entry is left out": [
        ["people", "a", None],
        ["people", "b", "Koivu"],
        ["people", "c", {"name": "Koivu"}],
        ["boards", "a", {"kind": "notes"}],
        ["boards", "b", []],
        ["boards", "c", {"key": 7}],
        ["breakouts", "a", {"state": "open"}],
        ["breakouts", "b", 5],
    ],
    "a recall needs its end": [
        breakout("a", recall={"gather": True}),
        breakout("b", recall={"ends": 5.5, "gather": 1}),
        breakout("c", recall=[5]),
    ],
    "parts of a group out of shape fall back": [
        breakout("a", groups="none"),
        breakout("b", groups=[7, None, [], {"id": "g", "people": "all", "pages": "all"}]),
        breakout("c", groups=[{"people": ["p", 1], "pages": [1, "x", 2.5], "left": {"p": "x"}}]),
        breakout("d", groups=[{"name": 1, "board": {}, "late": -1}, {"left": ["p"], "late": "2"}]),
        breakout("e", groups=[{"message": {"id": "m"}, "help": True}, {"message": 1, "help": 1.5}]),
    ],
    "people stand by arrival and are told apart, the rest by id and age": [
        person("b", joined=2),
        person("a", joined=2),
        person("c", joined=1, name="KOIVU"),
        person("d", joined=3, name=""),
        *(["boards", id, {"key": "x"}] for id in "ba"),
        breakout("b", created=1),
        breakout("a", created=2),
        breakout("c", created=1),
    ],
    "an id may be any word": [
        *(person(id) for id in ("constructor", "toString", "__proto__")),
        *fields(locks={"toString": True}),
    ],
    "fields and entries go": [
        *fields(title="a", timer={"ends": 5}),
        person(),
        ["desk", "title", {"$drop": True}],
        ["people", "p", {"$drop": True}],
    ],
}
