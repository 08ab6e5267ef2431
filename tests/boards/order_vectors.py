"""The reading-order vectors that Python and TypeScript both read (tests/vectors/order.json).

`python -m tests.boards.order_vectors` writes the file anew.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from boards.order import in_reading_order
from boards.schema import Note

FILE = Path(__file__).parent.parent / "vectors" / "order.json"
SEED = 120  # of the random vectors; any other would do

Plain = dict[str, Any]


def placed(name: str, x: int, y: int) -> Plain:
    return {"id": name, "position": [x, y], "group": None, "at": 0, "theme": None}


def unplaced(name: str, group: str | None = None, at: int = 0) -> Plain:
    return {"id": name, "position": None, "group": group, "at": at, "theme": None}


def under(theme: str, note: Plain) -> Plain:
    return {**note, "theme": theme}


# Where the themes of the vectors stand.
THEMES: dict[str, list[int] | None] = {"here": [200, 0], "there": [0, 500], "nowhere": None}


NAMED: dict[str, list[Plain]] = {
    "no notes": [],
    "one band reads from left to right": [placed("b", 300, 0), placed("a", 20, 119)],
    "the next band begins at 120": [placed("b", 0, 120), placed("a", 900, 119)],
    "above the zone's top is a band of its own": [placed("b", 0, 0), placed("a", 900, -1)],
    "same band and x: by y": [placed("b", 10, 60), placed("a", 10, 50)],
    "same place: by id": [placed("b", 10, 10), placed("a", 10, 10), placed("A", 10, 10)],
    "unplaced come last": [unplaced("a"), placed("b", 99_999, 99_999)],
    "unplaced by group, the whole team's first": [
        unplaced("c", "g2", 1),
        unplaced("b", "g1", 9),
        unplaced("a", None, 99),
    ],
    "then by creation, as a number": [unplaced("a", "g", 10), unplaced("b", "g", 9)],
    "then by id": [unplaced("b", "g", 9), unplaced("a", "g", 9)],
    "ids compare by UTF-16 unit": [unplaced("\U0001f600"), unplaced("\ufb01"), unplaced("ä")],
    "groups compare by UTF-16 unit": [
        unplaced("a", "\ufb01"),
        unplaced("b", "\U0001f600"),
        unplaced("c", "z"),
    ],
    "a theme is read where it stands, whatever its notes say": [
        placed("d", 300, 0),
        under("here", unplaced("c", "g", 2)),
        under("here", placed("b", 0, 999)),
        placed("a", 0, 0),
        under("here", unplaced("e", "g", 1)),
    ],
    "a theme without a place is read where the first of its notes would be": [
        unplaced("d", "g1", 3),
        under("nowhere", unplaced("c", "g1", 2)),
        unplaced("b", "g1", 1),
        under("nowhere", placed("a", 0, 0)),
        under("nowhere", unplaced("e", "g1", 9)),
        unplaced("f", None, 9),
    ],
    "two themes are not mixed": [
        under("there", unplaced("d", None, 1)),
        under("here", unplaced("c", None, 2)),
        under("there", unplaced("b", None, 3)),
        under("here", unplaced("a", None, 4)),
    ],
    "times beyond 20 digits still are numbers": [
        unplaced("a", None, 10**22),
        unplaced("b", None, 2 * 10**21),
    ],
}


def random_notes(dice: random.Random, count: int) -> list[Plain]:
    names = [f"{dice.choice('abcxyz')}{number}" for number in range(count)]
    notes = [
        placed(name, dice.randrange(-50, 900, 10), dice.randrange(-130, 700, 10))
        if dice.random() < 0.6
        else unplaced(name, dice.choice([None, "g1", "g2"]), dice.randrange(5))
        for name in names
    ]
    return [under(dice.choice([*THEMES]), note) if dice.random() < 0.4 else note for note in notes]


def as_note(plain: Plain) -> Note:
    position = plain["position"]
    return Note(
        id=plain["id"],
        zone="z",
        text="",
        group=plain["group"],
        at=plain["at"],
        theme=plain["theme"],
        position=None if position is None else (position[0], position[1]),
    )


PLACES = {theme: None if at is None else (at[0], at[1]) for theme, at in THEMES.items()}


def vectors() -> list[dict[str, Any]]:
    """Every vector: its name, notes in the order given, themes, and ids in reading order."""
    dice = random.Random(SEED)
    named = dict(NAMED)
    for number in range(8):
        named[f"random {number}"] = random_notes(dice, 12)
    return [
        {
            "name": name,
            "notes": notes,
            "themes": THEMES,
            "order": [note.id for note in in_reading_order(map(as_note, notes), themes=PLACES)],
        }
        for name, notes in named.items()
    ]


def written() -> str:
    lines = ",\n".join(json.dumps(vector, ensure_ascii=False) for vector in vectors())
    return f"[\n{lines}\n]\n"


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
