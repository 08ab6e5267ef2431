"""Documents and what both languages read of them (schema.json, desk.json, zones.json of
tests/vectors).

`python -m tests.boards.readings.schema_vectors` writes the files anew.
"""

import json
from pathlib import Path
from typing import Any

from boards.workbook.installed import load
from server.exports.view.links import zone_title
from tests.boards.readings.desk_vectors import DESKS
from tests.support.updates.documents import Edit, desk_reading, edited, reading

VECTORS = Path(__file__).parents[2] / "vectors"
BOARD = "board"


def note(id: str = "a", /, **fields: Any) -> Edit:
    return ["notes", id, {"$map": {"text": {"$text": "hei"}, "zone": "z", **fields}}]


def theme(id: str = "t", /, **fields: Any) -> Edit:
    return ["themes", id, {"$map": {"name": {"$text": "Ryhmä"}, "zone": "y", **fields}}]


def link(id: str = "l", /, **fields: Any) -> Edit:
    return ["links", id, {"from": "a", "to": "b", "kind": "relates", **fields}]


def experiment(id: str = "e", /, **fields: Any) -> Edit:
    return ["experiments", id, {"$map": {"at": 1, "what": {"$text": "kokeilu"}, **fields}}]


def placed(id: str, *place: Any) -> Edit:
    return [f"layout/{BOARD}", id, list(place)]


CASES: dict[str, list[Edit]] = {
    "nothing": [],
    "a note with all it can have": [
        note(color="pink", at=1700000000000, author="p", group="g", carried=True),
        placed("a", 10, 20),
        ["votes", "a/p", 2],
        ["votes", "a/q", 1],
    ],
    "a note needs a text that can be written on": [note(text="hei")],
    "a note needs a zone": [note(zone=3), note("b", zone=None)],
    "a text in the place of a word reads as what it says": [
        note(zone={"$text": "z"}, author={"$text": "p"}, color={"$text": "blue"})
    ],
    "what is out of shape falls back": [
        note(color="red", at="now", author="", group=7, theme=[], carried=1)
    ],
    "times are whole and not below zero": [note(at=1.9), note("b", at=-1), note("c", at=True)],
    "a deleted note is not there, one deleted by anything but true is": [
        note(**{"del": True}),
        note("b", **{"del": 1}),
    ],
    "placements are whole, clamped and of two numbers": [
        *(note(id) for id in "abcdef"),
        placed("a", 0.5, -0.5),
        placed("b", 1e9, -1e9),
        placed("c", 1),
        placed("d", "1", 2),
        placed("e", True, 2),
        [f"layout/{BOARD}", "f", {"x": 1, "y": 2}],
    ],
    "votes are of somebody on something, from 1 to 99": [
        note(),
        ["votes", "a/p", 1.9],
        ["votes", "a/q", 1000],
        ["votes", "a/r", 0.9],
        ["votes", "a/s", "5"],
        ["votes", "a/", 5],
        ["votes", "/p", 5],
        ["votes", "a", 5],
    ],
    "a note under a theme has its zone and no place": [
        theme(),
        note(theme="t"),
        placed("a", 5, 5),
        placed("t", 7, 8),
    ],
    "a theme without a living note, taken apart or without a name does not stand": [
        theme("t"),
        theme("u", **{"del": True}),
        theme("v", name="Ryhmä"),
        note("a", theme="t", **{"del": True}),
        note("b", theme="u"),
        note("c", theme="v"),
    ],
    "a link that cannot be understood is left out": [
        link(),
        link("m", kind="inspires"),
        link("n", kind=None),
        link("o", to=""),
        ["links", "p", "a"],
        ["links", "q", ["a", "b", "relates"]],
    ],
    "ends of links are read, not compared as they are spelt": [
        link("l", **{"from": f"{BOARD}#a", "to": "other#b"}),
        link("m", **{"from": "row/tools", "to": "other#experiment/e"}),
        link("n", **{"from": "answer/q/g", "to": "#a"}),
        link("o", **{"from": "row/", "to": "a#"}),
    ],
    "a link may be a map": [
        ["links", "l", {"$map": {"from": "a", "to": "b", "kind": "became"}}],
    ],
    "answers are texts": [["answers", "q", {"$text": "vastaus"}], ["answers", "r", "vastaus"]],
    "fields of an experiment are texts, a plain string is none": [experiment(how="näin")],
    "fields with a meaning of their own are no texts": [
        experiment(group={"$text": "g"}, at={"$text": "1"}, **{"check/x": {"$text": "x"}})
    ],
    "days are those of 2000 to 2199": [
        experiment("a", start="1999-12-31", end="2000-01-01"),
        experiment("b", start="2199-12-31", end="2200-01-01"),
        experiment("c", start="2023-02-29", end="2024-02-29"),
        experiment("d", start="2024-2-1", end=20240201),
        experiment("e", start={"$text": "2024-02-01"}),
    ],
    "an experiment can end before it starts": [experiment(start="2026-05-02", end="2026-05-01")],
    "assessments are days that are true": [
        experiment(
            **{
                "check/2026-05-02": True,
                "check/2026-05-01": True,
                "check/2026-05-03": 1,
                "check/1999-05-01": True,
                "check/": True,
            }
        )
    ],
    "experiments stand oldest first, and not when deleted": [
        experiment("b", at=2),
        experiment("a", at=2),
        experiment("c", at=1.5),
        experiment("d", **{"del": True}),
        ["experiments", "f", {"at": 1}],
    ],
    "fields change, and go": [
        note(color="pink"),
        ["notes", "a", "color", "blue"],
        ["notes", "a", "at", 9],
        ["notes", "a", "at", {"$drop": True}],
        note("b"),
        ["notes", "b", {"$drop": True}],
    ],
}


def schema() -> list[Any]:
    return [
        {"name": name, "edits": edits, "reading": reading(edited(edits), BOARD)}
        for name, edits in CASES.items()
    ]


def desk() -> list[Any]:
    return [
        {"name": name, "edits": edits, "reading": desk_reading(edited(edits))}
        for name, edits in DESKS.items()
    ]


def zones() -> list[Any]:
    """Boards with zones, as the workbook is told: zone ids in order, and what they are called."""
    workbook = load("valoa")
    told = {definition["key"]: slim(definition) for definition in workbook.json()["boards"]}
    told |= {f"{key} in two languages": without(told[key], "en") for key in ("change",)}
    ids = {board.key: board.zone_ids for board in workbook.boards}
    return [
        {"name": name, "definition": definition, "zones": named(definition, ids[definition["key"]])}
        for name, definition in told.items()
        if ids[definition["key"]]
    ]


def slim(definition: dict[str, Any]) -> dict[str, Any]:
    """What zones are made of."""
    items = {part: definition.get(part, []) for part in ("zones", "columns", "rows")}
    names = {
        part: [{"id": item["id"], "title": item["title"]} for item in found]
        for part, found in items.items()
    }
    return {key: definition[key] for key in ("key", "kind", "title")} | names


def named(definition: dict[str, Any], ids: tuple[str, ...]) -> list[Any]:
    names = (
        {code: zone_title(definition, zone, code) for code in definition["title"]} for zone in ids
    )
    return [list(pair) for pair in zip(ids, names, strict=True)]


def without(told: Any, language: str) -> Any:
    """The same in one language less."""
    if isinstance(told, dict):
        return {key: without(part, language) for key, part in told.items() if key != language}
    return [without(part, language) for part in told] if isinstance(told, list) else told


def written(vectors: list[Any]) -> str:
    lines = ",\n".join(json.dumps(vector, ensure_ascii=False) for vector in vectors)
    return f"[\n{lines}\n]\n"


FILES = {"schema.json": schema, "desk.json": desk, "zones.json": zones}

if __name__ == "__main__":
    for name, made in FILES.items():
        (VECTORS / name).write_text(written(made()), encoding="utf-8")
