"""New ids for old ones: the same wherever the old one stood, and in the same order.

Where two things are alike, readers go by their ids (docs/protocol.md): so the new ones keep their
order, and what is imported reads as what was exported.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from boards.edits import new_id
from boards.order import utf16
from boards.schema import Board, Experiment, Link, Note, Theme

__all__ = ["Ids", "renamed_board"]

# An end of a link: [board#][row/ | answer/ | experiment/]id
SPELT = re.compile(r"(?:([^#]*)#)?(?:(row|answer|experiment)/)?(.*)", re.DOTALL)

Names = Mapping[str, str]


class Ids:
    """The ids that were met."""

    def __init__(self) -> None:
        self._old: set[str] = set()

    def meet(self, *ids: str | None) -> None:
        self._old.update(id for id in ids if id is not None)

    def meet_end(self, end: str) -> None:
        """Those in an end of a link."""
        board, kind, id = parts(end)
        self.meet(board)
        if kind == "answer":
            self.meet(group_of(id))
        elif kind != "row":  # rows are the workbook's
            self.meet(id)

    def meet_answer(self, key: str) -> None:
        """The group in `question/group`."""
        self.meet(group_of(key))

    def names(self) -> dict[str, str]:
        """Old id → new id."""
        new = sorted(new_id() for _ in self._old)
        return dict(zip(sorted(self._old, key=utf16), new, strict=True))


def renamed_board(board: Board, names: Names) -> Board:
    """The same board under new ids, and everything on it."""
    return replace(
        board,
        id=names[board.id],
        notes=tuple(renamed_note(note, names) for note in board.notes),
        themes=tuple(renamed_theme(theme, names) for theme in board.themes),
        links=tuple(renamed_link(link, names) for link in board.links),
        answers={renamed_answer(key, names): text for key, text in board.answers.items()},
        experiments=tuple(renamed_experiment(each, names) for each in board.experiments),
    )


def renamed_note(note: Note, names: Names) -> Note:
    return replace(
        note,
        id=names[note.id],
        group=note.group and names[note.group],
        theme=note.theme and names[note.theme],
    )


def renamed_theme(theme: Theme, names: Names) -> Theme:
    return replace(theme, id=names[theme.id])


def renamed_experiment(experiment: Experiment, names: Names) -> Experiment:
    group = experiment.group and names[experiment.group]
    return replace(experiment, id=names[experiment.id], group=group)


def renamed_link(link: Link, names: Names) -> Link:
    source, target = renamed_end(link.source, names), renamed_end(link.target, names)
    return replace(link, id=names[link.id], source=source, target=target)


def renamed_end(end: str, names: Names) -> str:
    board, kind, id = parts(end)
    if kind == "answer":
        id = renamed_answer(id, names)
    elif kind != "row":
        id = names[id]
    there = "" if board is None else f"{names[board]}#"
    return f"{there}{kind}/{id}" if kind else f"{there}{id}"


def renamed_answer(key: str, names: Names) -> str:
    question, slash, group = key.partition("/")
    return f"{question}/{names[group]}" if slash else key


def parts(end: str) -> tuple[str | None, str | None, str]:
    """Board (None: the same one), kind (None: a note), and what is called there."""
    found = SPELT.fullmatch(end)
    assert found is not None  # it matches anything
    return found[1], found[2], found[3]


def group_of(key: str) -> str | None:
    _, slash, group = key.partition("/")
    return group if slash else None
