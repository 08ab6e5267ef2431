"""What a facilitator changes of a workbook for one workshop: names, order, times, texts.

Kept as plain values on the desk, `{"stages": [...], "boards": {...}}` (docs/protocol.md), and laid
over the workbook whenever it is read. What it names and the workbook does not know has no effect.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from boards.workbook.definition import (
    BoardDefinition,
    Field,
    Question,
    Row,
    Stage,
    Text,
    Workbook,
    Zone,
)

Told = Mapping[str, Any]
Item = TypeVar("Item", Zone, Field)


def guided(workbook: Workbook, guidance: Told) -> Workbook:
    """The workbook as this workshop uses it."""
    told_of = {told["id"]: told for told in guidance.get("stages", ())}
    known = {stage.id: stage for stage in workbook.stages}
    order = [id for id in told_of if id in known]
    order += [id for id in known if id not in told_of]
    boards: Told = guidance.get("boards", {})
    return replace(
        workbook,
        stages=tuple(guided_stage(known[id], told_of.get(id, {})) for id in order),
        boards=tuple(guided_board(board, boards.get(board.key, {})) for board in workbook.boards),
    )


def guided_stage(stage: Stage, told: Told) -> Stage:
    """A stage with its name, its time, the order of its boards, and whether it is left out."""
    order = [key for key in told.get("boards", ()) if key in stage.boards]
    return replace(
        stage,
        boards=tuple(dict.fromkeys((*order, *stage.boards))),
        title=retold(stage.title, told.get("title")),
        minutes=span(told.get("minutes"), stage.minutes),
        hidden=told.get("hidden", False),
    )


def guided_board(board: BoardDefinition, told: Told) -> BoardDefinition:
    """A board with its name, its time, its principles, its prompts by zone, column, row, question
    or field, and whether it is left out."""
    prompts: Told = told.get("prompts", {})
    return replace(
        board,
        title=retold(board.title, told.get("title")),
        principles=relined(board.principles, told.get("principles"), tuple(board.title)),
        minutes=span(told.get("minutes"), board.minutes),
        hidden=told.get("hidden", False),
        zones=tuple(prompted(zone, prompts) for zone in board.zones),
        columns=tuple(prompted(column, prompts) for column in board.columns),
        fields=tuple(prompted(field, prompts) for field in board.fields),
        rows=tuple(asked(row, prompts.get(row.id)) for row in board.rows),
        questions=tuple(
            reworded(question, prompts.get(question.id)) for question in board.questions
        ),
    )


def prompt_ids(board: BoardDefinition) -> tuple[str, ...]:
    """Everything on a board whose prompt can be told anew."""
    parts = (board.zones, board.columns, board.rows, board.questions, board.fields)
    return tuple(item.id for part in parts for item in part)


def prompted(item: Item, prompts: Told) -> Item:
    return replace(item, prompt=retold(item.prompt, prompts.get(item.id)))


def reworded(question: Question, told: Told | None) -> Question:
    return replace(question, text=retold(question.text, told))


def asked(row: Row, told: Told | None) -> Row:
    """A row with its guiding questions: one a line."""
    return replace(row, questions=relined(row.questions, told, tuple(row.title)))


def relined(
    texts: tuple[Text, ...], told: Told | None, languages: Sequence[str]
) -> tuple[Text, ...]:
    """Texts that are told anew one a line; languages that are not told keep theirs."""
    if told is None:
        return texts
    before = {code: [text[code] for text in texts] for code in languages}
    lines = {code: told[code].splitlines() if code in told else before[code] for code in languages}
    longest = max(len(found) for found in lines.values())
    return tuple({code: at(found, n) for code, found in lines.items()} for n in range(longest))


def at(lines: Sequence[str], index: int) -> str:
    return lines[index] if index < len(lines) else ""


def retold(text: Text, told: Told | None) -> Text:
    """A text with those languages replaced that were told anew."""
    return {code: (told or {}).get(code) or words for code, words in text.items()}


def span(told: Sequence[int] | None, before: tuple[int, int]) -> tuple[int, int]:
    return (told[0], told[1]) if told else before
