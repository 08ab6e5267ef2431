"""A board as JSON, as calls answer it and documents hold it (docs/protocol.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pycrdt import Map, Text

from boards.document import Document
from boards.edits import (
    add_experiment,
    add_link,
    add_note,
    add_theme,
    answer,
    move_theme,
    put_check,
    set_experiment,
    set_theme,
)
from boards.schema import (
    ANSWERS,
    CHECK,
    DATE_FIELDS,
    EXPERIMENTS,
    LINKS,
    NOTES,
    THEMES,
    VOTE_LIMIT,
    VOTES,
    Board,
    Experiment,
    Note,
    Theme,
    layout_root,
)

__all__ = [
    "ballots",
    "board_json",
    "note_json",
    "theme_json",
    "voters_for",
    "write_board",
    "write_whole_board",
]


def board_json(board: Board) -> dict[str, Any]:
    """The board as `GET /api/boards/{id}` answers it."""
    return {
        "id": board.id,
        "kind": board.kind,
        "key": board.key,
        "notes": [note_json(note) for note in board.notes],
        "themes": [theme_json(theme) for theme in board.themes],
        "links": [
            {"id": link.id, "from": link.source, "to": link.target, "kind": link.kind}
            for link in board.links
        ],
        "answers": dict(board.answers),
        "experiments": [
            {
                "id": e.id,
                "at": e.at,
                "group": e.group,
                "fields": dict(e.fields),
                "checks": list(e.checks),
                "crossed": e.crossed,
            }
            for e in board.experiments
        ],
    }


def note_json(note: Note) -> dict[str, Any]:
    """One note as the API answers it; `position` is `[x, y]` or null, `votes` a sum."""
    return {
        "id": note.id,
        "zone": note.zone,
        "text": note.text,
        "color": note.color,
        "group": note.group,
        "author": note.author,
        "theme": note.theme,
        "at": note.at,
        "position": None if note.position is None else list(note.position),
        "votes": note.votes,
        "carried": note.carried,
    }


def theme_json(theme: Theme) -> dict[str, Any]:
    """One theme as the API answers it; its notes say that they are under it."""
    position = None if theme.position is None else list(theme.position)
    return {"id": theme.id, "name": theme.name, "zone": theme.zone, "position": position}


def write_board(old: Board, into: Document, board: str) -> None:
    """Write what a board holds into a new one, whose id is `board` and whose answers are seeded.

    Items keep their ids, texts and places. Authors, groups, dots and links to other boards stay
    behind: those people, groups and boards are not of the new one's workshop. What groups answered
    by themselves stands in the shared answer, one after another.
    """
    with into.transaction():
        for theme in old.themes:
            add_theme(into, name=theme.name, zone=theme.zone, theme=theme.id)
            move_theme(into, board, theme.id, zone=theme.zone, position=theme.position)
        for note in old.notes:
            write_note(note, into, board)
        for link in old.links:
            if "#" not in link.source + link.target:
                add_link(into, source=link.source, target=link.target, kind=link.kind, link=link.id)
        for question, texts in gathered(old).items():
            if question in into.root(ANSWERS):
                answer(into, question, "\n\n".join(texts))
        for experiment in old.experiments:
            write_experiment(experiment, into)


def write_note(note: Note, into: Document, board: str) -> None:
    add_note(
        into,
        board,
        zone=note.zone,
        text=note.text,
        color=note.color,
        position=note.position,
        at=note.at,
        note=note.id,
    )
    if note.theme is not None:
        set_theme(into, note.id, note.theme)
    if note.carried:
        into.root(NOTES)[note.id]["carried"] = True


def write_experiment(experiment: Experiment, into: Document) -> None:
    texts = tuple(name for name in experiment.fields if name not in DATE_FIELDS)
    add_experiment(into, texts=texts, at=experiment.at, experiment=experiment.id)
    for name, value in experiment.fields.items():
        set_experiment(into, experiment.id, name, value)
    for day in experiment.checks:
        put_check(into, experiment.id, day)


def gathered(old: Board) -> dict[str, list[str]]:
    """Answers that say something, by question."""
    found: dict[str, list[str]] = {}
    for key, text in sorted(old.answers.items()):
        if text.strip():
            found.setdefault(key.partition("/")[0], []).append(text)
    return found


def write_whole_board(document: Document, board: Board, voters: Sequence[str] = ()) -> None:
    """Write all of a board into a document without one, so that it reads as this board.

    `voters`: in whose names dots are given, as many as `voters_for` says. A note's author is not
    written: an author is somebody of the workshop.
    """
    with document.transaction():
        notes, themes = document.root(NOTES), document.root(THEMES)
        votes, layout = document.root(VOTES), document.root(layout_root(board.id))
        for theme in board.themes:
            themes[theme.id] = Map({"name": Text(theme.name), "zone": theme.zone})
        for note in board.notes:
            notes[note.id] = Map(_fields_of(note))
            for voter, dots in zip(voters, ballots(note.votes), strict=False):
                votes[f"{note.id}/{voter}"] = dots
        places = {theme.id: theme.position for theme in board.themes}
        places |= {note.id: note.position for note in board.notes}
        for item, position in places.items():
            if position is not None:
                layout[item] = [*position]
        for link in board.links:
            ends = {"from": link.source, "to": link.target, "kind": link.kind}
            document.root(LINKS)[link.id] = ends
        for key, text in board.answers.items():
            document.root(ANSWERS)[key] = Text(text)
        for experiment in board.experiments:
            document.root(EXPERIMENTS)[experiment.id] = Map(_plan_of(experiment))


def voters_for(board: Board) -> int:
    """How many people it takes to give all the dots of a board."""
    return max((len(ballots(note.votes)) for note in board.notes), default=0)


def ballots(votes: int) -> list[int]:
    """Dots as some people can have given them: each as many as a person may."""
    full, rest = divmod(votes, VOTE_LIMIT)
    return [VOTE_LIMIT] * full + [rest] * (rest > 0)


def _fields_of(note: Note) -> dict[str, Any]:
    optional = {"group": note.group, "theme": note.theme, "carried": note.carried or None}
    return {
        "text": Text(note.text),
        "zone": note.zone,
        "color": note.color,
        "at": note.at,
        **{name: value for name, value in optional.items() if value is not None},
    }


def _plan_of(experiment: Experiment) -> dict[str, Any]:
    fields = {
        name: value if name in DATE_FIELDS else Text(value)
        for name, value in experiment.fields.items()
    }
    group = {} if experiment.group is None else {"group": experiment.group}
    checks = {CHECK + day: True for day in experiment.checks}
    return {**fields, **group, **checks, "at": experiment.at}
