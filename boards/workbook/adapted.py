"""What a facilitator changes of a workbook for one workshop: names, order, times, texts.

Kept as plain values on the desk, `{"stages": [...], "boards": {...}}` (docs/protocol.md), and laid
over the workbook whenever it is read. What it names and the workbook does not know has no effect,
nor has what is out of shape (`shaped`): what else it tells is followed all the same.
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

Given = Mapping[str, Any]
Item = TypeVar("Item", Zone, Field)


def guided(workbook: Workbook, guidance: object) -> Workbook:
    """The workbook as this workshop uses it; `guidance` may be anything."""
    given = shaped(guidance)
    given_of = {stage["id"]: stage for stage in given.get("stages", ())}
    known = {stage.id: stage for stage in workbook.stages}
    order = [id for id in given_of if id in known]
    order += [id for id in known if id not in given_of]
    boards: Given = given.get("boards", {})
    return replace(
        workbook,
        stages=tuple(guided_stage(known[id], given_of.get(id, {})) for id in order),
        boards=tuple(guided_board(board, boards.get(board.key, {})) for board in workbook.boards),
    )


def guided_stage(stage: Stage, given: Given) -> Stage:
    """A stage with its name, its time, the order of its boards, and whether it is left out."""
    order = [key for key in given.get("boards", ()) if key in stage.boards]
    return replace(
        stage,
        boards=tuple(dict.fromkeys((*order, *stage.boards))),
        title=replaced(stage.title, given.get("title")),
        minutes=span(given.get("minutes"), stage.minutes),
        hidden=given.get("hidden", stage.hidden),
    )


def guided_board(board: BoardDefinition, given: Given) -> BoardDefinition:
    """A board with its name, its time, its principles, its prompts by zone, column, row, question
    or field, and whether it is left out."""
    prompts: Given = given.get("prompts", {})
    return replace(
        board,
        title=replaced(board.title, given.get("title")),
        principles=relined(board.principles, given.get("principles"), tuple(board.title)),
        minutes=span(given.get("minutes"), board.minutes),
        hidden=given.get("hidden", board.hidden),
        zones=tuple(prompted(zone, prompts) for zone in board.zones),
        columns=tuple(prompted(column, prompts) for column in board.columns),
        fields=tuple(prompted(field, prompts) for field in board.fields),
        rows=tuple(asked(row, prompts.get(row.id)) for row in board.rows),
        questions=tuple(
            reworded(question, prompts.get(question.id)) for question in board.questions
        ),
    )


def prompt_ids(board: BoardDefinition) -> tuple[str, ...]:
    """Everything on a board whose prompt can be given anew."""
    parts = (board.zones, board.columns, board.rows, board.questions, board.fields)
    return tuple(item.id for part in parts for item in part)


def prompted(item: Item, prompts: Given) -> Item:
    return replace(item, prompt=replaced(item.prompt, prompts.get(item.id)))


def reworded(question: Question, given: Given | None) -> Question:
    return replace(question, text=replaced(question.text, given))


def asked(row: Row, given: Given | None) -> Row:
    """A row with its guiding questions: one a line."""
    return replace(row, questions=relined(row.questions, given, tuple(row.title)))


def relined(
    texts: tuple[Text, ...], given: Given | None, languages: Sequence[str]
) -> tuple[Text, ...]:
    """Texts that are given anew one a line; languages that are not given keep theirs."""
    if given is None:
        return texts
    before = {code: [text[code] for text in texts] for code in languages}
    lines = {
        code: given[code].splitlines() if code in given else before[code] for code in languages
    }
    longest = max(len(found) for found in lines.values())
    return tuple({code: at(found, n) for code, found in lines.items()} for n in range(longest))


def at(lines: Sequence[str], index: int) -> str:
    return lines[index] if index < len(lines) else ""


def replaced(text: Text, given: Given | None) -> Text:
    """A text with those languages replaced that were given anew."""
    return {code: (given or {}).get(code) or words for code, words in text.items()}


def span(given: Sequence[int] | None, before: tuple[int, int]) -> tuple[int, int]:
    return (given[0], given[1]) if given else before


# -- its shape -------------------------------------------------------------------------------------


def shaped(guidance: object) -> dict[str, Any]:
    """Those parts of what was kept on the desk that are as docs/protocol.md says."""
    given, found = a_map(guidance), dict[str, Any]()
    stages = [shaped_stage(a_map(each)) for each in a_list(given.get("stages"))]
    if any(stages):
        found["stages"] = [stage for stage in stages if stage]
    boards = {key: shaped_board(a_map(each)) for key, each in a_map(given.get("boards")).items()}
    if boards:
        found["boards"] = boards
    return found


def shaped_stage(given: Given) -> dict[str, Any]:
    """Empty for one without an id."""
    if not isinstance(given.get("id"), str):
        return {}
    found = {"id": given["id"], **shaped_common(given)}
    if isinstance(given.get("boards"), list | tuple):
        found["boards"] = [key for key in given["boards"] if isinstance(key, str)]
    return found


def shaped_board(given: Given) -> dict[str, Any]:
    found = shaped_common(given)
    if isinstance(given.get("principles"), Mapping):
        found["principles"] = texts(given["principles"])
    if isinstance(given.get("prompts"), Mapping):
        found["prompts"] = {id: texts(each) for id, each in given["prompts"].items()}
    return found


def shaped_common(given: Given) -> dict[str, Any]:
    """What a stage and a board have."""
    found: dict[str, Any] = {}
    if isinstance(given.get("hidden"), bool):
        found["hidden"] = given["hidden"]
    if isinstance(given.get("title"), Mapping):
        found["title"] = texts(given["title"])
    minutes = a_list(given.get("minutes"))
    if len(minutes) == 2 and all(is_whole(number) for number in minutes):
        found["minutes"] = [int(number) for number in minutes]
    return found


def texts(given: object) -> dict[str, str]:
    return {code: text for code, text in a_map(given).items() if isinstance(text, str)}


def a_map(value: object) -> Given:
    return value if isinstance(value, Mapping) else {}


def a_list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()


def is_whole(value: object) -> bool:
    """As documents hold numbers: 45 may come back as 45.0."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 <= value < 2**31 and value == int(value)
