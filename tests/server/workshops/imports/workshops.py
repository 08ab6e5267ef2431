"""Workshops at random, as values and documents, and their exports."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from boards.desk import Breakout, Desk, DeskBoard, Group, Person, read_desk
from boards.desk_edits import put_breakout, put_fields
from boards.document import Document
from boards.edits import new_id
from boards.interchange import board_json, voters_for, write_whole_board
from boards.schema import (
    COLORS,
    LINK_KINDS,
    POSITION_LIMIT,
    Board,
    Experiment,
    Link,
    Note,
    Theme,
)
from boards.schema import read_board as read_document
from boards.survey import Answer, results
from boards.workbook.definition import BoardDefinition
from boards.workbook.installed import load
from server.exports.formats.json import write_whole_json
from server.workshops.imports.board import Bounds
from server.workshops.imports.whole import Plan
from server.workshops.input.desk_patch import NewWorkshop
from server.workshops.reading import export_context, facts_of
from server.workshops.workshops import new_desk
from tests.server.exports.hostile import CORPUS

HALF = re.compile("[\ud800-\udfff]")
VALOA = load("valoa")
BOUNDS = Bounds(
    note_characters=4000,
    name_characters=200,
    answer_characters=20_000,
    notes=20_000,
    board_bytes=20 << 20,
)
WRITTEN = [text for text in CORPUS if len(text) <= 2000 and not HALF.search(text)]
TEXTS = ("", "Hyvää → päivää", "a\0b", "rivi\nrivi", '"#/', *WRITTEN)
DAYS = ("2026-01-02", "2026-05-11", "2027-12-31")
FACILITATOR = Person(id=new_id(), name="Vetäjä", role="facilitator", color=0, joined=1)

Documents = Mapping[str, Document]  # by key of the board


def random_export(random: Random) -> bytes:
    """A workshop with something of everything, exported."""
    board_ids = {definition.key: new_id() for definition in VALOA.boards}
    breakouts = [
        random_breakout(random, [*board_ids.values()]) for _ in range(random.randint(0, 3))
    ]
    groups = [group.id for breakout in breakouts for group in breakout.groups] + [new_id()]
    boards = [random_board(random, definition, board_ids, groups) for definition in VALOA.boards]
    previous = None
    if random.random() < 0.5:
        earlier = random_board(random, VALOA.board("change"), board_ids, groups)
        content = board_json(earlier) if random.random() < 0.7 else None
        previous = {"workshop": new_id(), "title": random.choice(TEXTS)[:100], "board": content}
    rounds = random_rounds(random)
    desk = desk_of(
        [DeskBoard(id=b.id, key=b.key, kind=b.kind, lineage=new_id()) for b in boards],
        {
            "title": "Kevät – näkymä",
            "stage": random.choice(VALOA.stages).id,
            "board": random.choice([None, *board_ids.values()]),
            "locks": {board_ids[random.choice([*board_ids])]: True},
            "votes": random_voting(random, [*board_ids.values()]),
            "guidance": random_guidance(random),
        },
        breakouts,
    )
    return exported(desk, [document_of(board) for board in boards], previous, rounds)


def export_of(plan: Plan) -> bytes:
    """The export of what a plan makes."""
    entries = [seed.board for seed in plan.boards]
    documents = [Document(seed.update) for seed in plan.boards]
    rounds = [
        {
            "form": each.form,
            "round": each.number,
            "asked": each.value["asked"],
            **each.value["results"],
        }
        for each in plan.rounds
    ]
    desk = desk_of(entries, {"title": plan.title, **plan.desk}, plan.breakouts)
    return exported(desk, documents, plan.previous, rounds)


def desk_of(
    boards: Sequence[DeskBoard], values: Mapping[str, Any], breakouts: Sequence[Breakout]
) -> Desk:
    new = NewWorkshop(workbook="valoa", title="", language="fi")
    document = new_desk(new, VALOA, FACILITATOR, tuple(boards), "ABCD-EFGH")
    put_fields(document, values)
    for breakout in breakouts:
        put_breakout(document, breakout)
    return read_desk(document)


def exported(
    desk: Desk, documents: Sequence[Document], previous: Any, rounds: Sequence[Mapping[str, Any]]
) -> bytes:
    entries = {entry.key: entry for entry in desk.boards}
    facts = facts_of(desk, None, previous)
    contexts = []
    for definition, document in zip(VALOA.boards, documents, strict=True):
        entry = entries[definition.key]
        zones = definition.zone_ids
        board = read_document(document, entry.id, entry.kind, entry.key, zones=zones)
        context = export_context("w" * 20, desk, entry, "fi")
        told = rounds if entry.kind == "survey" else ()
        contexts.append(replace(context, board=board, facts=facts, assessment=told))
    return write_whole_json(contexts)


def document_of(board: Board) -> Document:
    document = Document()
    write_whole_board(document, board, [new_id() for _ in range(voters_for(board))])
    return document


def random_board(
    random: Random, definition: BoardDefinition, ids: Mapping[str, str], groups: Sequence[str]
) -> Board:
    zones = [*definition.zone_ids, "tuntematon/alue"]
    themes = [
        Theme(
            id=new_id(),
            name=random.choice(TEXTS)[:200],
            zone=random.choice(zones),
            position=random_position(random),
        )
        for _ in range(random.randint(0, 3))
    ]
    notes = [random_note(random, zones, themes, groups) for _ in range(random.randint(0, 12))]
    ends = [note.id for note in notes] + [
        new_id(),
        "row/tools",
        f"answer/{random.choice(['q1', 'a b'])}/{groups[0]}",
        f"experiment/{new_id()}",
        f"{ids['change']}#row/tools",
        f"{random.choice([*ids.values()])}#{new_id()}",
    ]
    links = [
        Link(
            id=new_id(),
            source=random.choice(ends),
            target=random.choice(ends),
            kind=random.choice(LINK_KINDS),
        )
        for _ in range(random.randint(0, 6))
    ]
    keys = [*definition.question_ids, *(f"{q}/{groups[0]}" for q in definition.question_ids)]
    return Board(
        id=ids[definition.key],
        kind=definition.kind,
        key=definition.key,
        notes=tuple(notes),
        themes=tuple(themes),
        links=tuple(links),
        answers={key: random.choice(TEXTS) for key in keys},
        experiments=tuple(
            random_experiment(random, definition, groups) for _ in range(random.randint(0, 3))
        ),
    )


def random_note(
    random: Random, zones: Sequence[str], themes: Sequence[Theme], groups: Sequence[str]
) -> Note:
    theme = random.choice([None, *themes])
    return Note(
        id=new_id(),
        zone=random.choice(zones),
        text=random.choice(TEXTS),
        color=random.choice(COLORS),
        at=random.choice([0, 1, 1_790_000_000_000]),
        group=random.choice([None, *groups]),
        theme=None if theme is None else theme.id,
        position=random_position(random),
        votes=random.choice([0, 0, 1, 98, 99, 100, 250]),
        carried=random.random() < 0.2,
    )


def random_position(random: Random) -> tuple[int, int] | None:
    near = random.choice([0, 120, -7, POSITION_LIMIT, -POSITION_LIMIT])
    return None if random.random() < 0.4 else (near, random.randint(-300, 300))


def random_experiment(
    random: Random, definition: BoardDefinition, groups: Sequence[str]
) -> Experiment:
    texts = {field: random.choice(TEXTS) for field in definition.text_fields}
    days = {field: random.choice(DAYS) for field in ("start", "end") if random.random() < 0.7}
    return Experiment(
        id=new_id(),
        at=random.choice([0, 5, 5]),
        group=random.choice([None, *groups]),
        fields={**texts, **days},
        checks=tuple(sorted(random.sample(DAYS, random.randint(0, 3)))),
    )


def random_breakout(random: Random, boards: Sequence[str]) -> Breakout:
    groups = tuple(
        Group(id=new_id(), name=f"Ryhmä {n}", board=new_id(), pages=(1, 2) if n else ())
        for n in range(random.randint(1, 3))
    )
    return Breakout(
        id=new_id(),
        board=random.choice(boards),
        state=random.choice(["open", "closed"]),
        created=random.choice([5, 5, 9]),
        merged=random.choice([None, 12]),
        groups=groups,
    )


def random_voting(random: Random, boards: Sequence[str]) -> dict[str, Any]:
    chosen = random.sample(boards, random.randint(0, 3))
    return {
        board: {"dots": random.randint(1, 20), "hidden": random.random() < 0.5, "open": True}
        for board in chosen
    }


def random_guidance(random: Random) -> dict[str, Any]:
    if random.random() < 0.3:
        return {}
    texts = dict.fromkeys(VALOA.languages, "Omin sanoin")
    return {
        "stages": [{"id": "assess", "title": texts, "hidden": True, "minutes": [5, 10]}],
        "boards": {
            "phenomena": {"principles": {"fi": "Yksi\nKaksi"}, "prompts": {"challenges": texts}}
        },
    }


def random_rounds(random: Random) -> list[dict[str, Any]]:
    form = VALOA.board("assessment").forms[0]
    rounds = []
    for number in range(1, random.randint(1, 4)):
        answers = [
            Answer(
                {each.id: random.choice([None, 1, 3, 5]) for each in form.statements},
                random.choice(TEXTS),
            )
            for _ in range(random.randint(5, 9))
        ]
        told = results(form, answers).json()
        rounds.append({"form": form.id, "round": number, "asked": 11, **told})
    return rounds


def parsed(body: bytes) -> Any:
    return json.loads(body)
