"""A day of six groups and about 300 notes, so that pages and pictures can be judged by eye.

`python -m tests.server.exports.day FOLDER [LANGUAGE]` writes every document of it.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from boards.schema import COLORS, Board, Experiment, Link, Note, Theme
from boards.workbook.installed import load
from server.exports import ExportContext, GroupMark, Neighbour
from tests.server.exports.day.texts import (
    ANSWERS,
    CHALLENGES,
    CHANGES,
    EXPERIMENTS,
    IDEAS,
    INSPIRATIONS,
    PICKED,
)
from tests.server.exports.samples import AT

__all__ = ["day"]

NAMES = ("Koivut", "Kuuset", "Männyt", "Haavat", "Pihlajat", "Tammet")
GROUPS = {
    f"g{letter}": GroupMark(name=name, letter=letter, index=index)
    for index, (letter, name) in enumerate(zip("ABCDEF", NAMES, strict=True))
}
PEOPLE = {f"p{n}": f"Osallistuja {n}" for n in range(1, 33)}
ENDINGS = ("", "", "", " Tästä puhuttiin pitkään.", " (meidän tiimissä)", " Sama koskee lupia.")
THEMES = ("Tiedonkulku ja työnjako", "Aika ja kuormitus", "Osaaminen ja hiljainen tieto")


def notes_in(zone: str, texts: Sequence[str], count: int, dice: random.Random) -> Iterator[Note]:
    """So many notes of a zone; a third has a place, some have dots."""
    for n in range(count):
        again = n // len(texts)
        yield Note(
            id=f"{zone.replace('/', '-')}{n:03}",
            zone=zone,
            text=texts[n % len(texts)] + (dice.choice(ENDINGS) if again else ""),
            color=COLORS[dice.randrange(len(COLORS))],
            at=1_777_000_000_000 + n,
            author=f"p{dice.randrange(1, 33)}",
            group=dice.choice(list(GROUPS)),
            votes=dice.choice((0, 0, 0, 1, 2, 5)) if zone in ("challenges", "ideas") else 0,
        )


def boards() -> list[Board]:
    dice = random.Random(2026)
    change = [
        note
        for row, (before, after) in CHANGES.items()
        for column, texts in (("from", before), ("to", after))
        for note in notes_in(f"{row}/{column}", texts, 7, dice)
    ]
    became = tuple(
        Link(id=f"l{n}", source=f"{row}-from000", target=f"{row}-to000", kind="became")
        for n, row in enumerate(CHANGES)
    )
    picked = [n for zone, texts in PICKED.items() for n in notes_in(zone, texts, len(texts), dice)]
    ideas = list(notes_in("ideas", IDEAS, 18, dice))
    trail = (
        Link(id="t1", source="ideas000", target="experiment/e1", kind="became"),
        Link(id="t2", source="phenomena#challenges000", target="ideas000", kind="became"),
        Link(id="t3", source="ideas001", target="experiment/e2", kind="became"),
        Link(id="t4", source="phenomena#challenges001", target="ideas001", kind="became"),
    )
    return [
        phenomena(dice),
        answers("phenomena_summary"),
        Board(id="change", kind="grid", key="change", notes=tuple(change), links=became),
        answers("change_summary"),
        Board(id="assessment", kind="survey", key="assessment", notes=tuple(picked)),
        answers("synthesis"),
        Board(
            id="experiments",
            kind="plan",
            key="experiments",
            notes=tuple(ideas),
            links=trail,
            experiments=tuple(
                Experiment(id=f"e{n}", at=n, group=None, fields=fields, checks=checks(n))
                for n, fields in enumerate(EXPERIMENTS, start=1)
            ),
        ),
    ]


def checks(number: int) -> tuple[str, ...]:
    return ("2026-06-01",) if number == 1 else ("2026-08-31", "2026-09-14") if number == 2 else ()


def answers(key: str) -> Board:
    told = dict(ANSWERS[key])
    first = next(iter(told))
    told |= {f"{first}/gA": "Koivut lisäävät: työrauha.", f"{first}/gC": "Männyt: puhelinvuorot."}
    return Board(id=key, kind="answers", key=key, answers=told)


def phenomena(dice: random.Random) -> Board:
    """Two zones; three themes on one of them, and what was put somewhere by hand."""
    challenges = list(notes_in("challenges", CHALLENGES, 78, dice))
    inspirations = list(notes_in("inspirations", INSPIRATIONS, 81, dice))
    themes = tuple(Theme(id=f"t{n}", name=name, zone="challenges") for n, name in enumerate(THEMES))
    challenges = [
        replace(note, theme=f"t{n % 3}") if n % 3 < 3 and n < 27 else note
        for n, note in enumerate(challenges)
    ]
    inspirations = [
        replace(note, position=(20 + 220 * (n % 3), 20 + 190 * (n // 3))) if n < 12 else note
        for n, note in enumerate(inspirations)
    ]
    relates = (
        Link(id="r1", source="challenges000", target="inspirations000", kind="relates"),
        Link(id="r2", source="challenges003", target="inspirations001", kind="relates"),
    )
    notes = (*challenges, *inspirations)
    return Board(
        id="phenomena", kind="notes", key="phenomena", notes=notes, themes=themes, links=relates
    )


def results(definition: dict[str, Any]) -> dict[str, Any]:
    """A round of the survey, 24 answers."""
    dice = random.Random(7)
    form = definition["forms"][0]

    def spread() -> dict[str, Any]:
        counts = [dice.randrange(0, 3), dice.randrange(1, 5), dice.randrange(3, 8), 8, 4]
        mean = sum(step * n for step, n in enumerate(counts, 1)) / sum(counts)
        return {"counts": counts, "cant_say": dice.randrange(0, 3), "mean": mean}

    return {
        "form": form["id"],
        "round": 1,
        "answers": 24,
        "statements": [{"id": s["id"], "distribution": spread()} for s in form["statements"]],
        "themes": [{"id": s["id"], "distribution": spread()} for s in definition["themes"]],
        "comments": ["Hyvä, että tästä kysytään.", "Aikaa oppimiselle tarvitaan lisää."],
    }


def day(language: str = "fi") -> list[ExportContext]:
    """Every board of the workshop."""
    definitions = {board["key"]: board for board in load("valoa").json()["boards"]}
    around = [Neighbour(board.id, board, definitions[board.key]) for board in boards()]
    return [
        ExportContext(
            workshop_id="w1",
            workshop="Asiakaspalvelun kehittämispäivä",
            language=language,
            definition=one.definition,
            board=one.board,
            exported_at=AT,
            groups=GROUPS,
            marks=GROUPS,
            people=PEOPLE,
            around=around,
            assessment=(results(definitions["assessment"]),) if one.id == "assessment" else (),
        )
        for one in around
    ]
