"""A workbook as a file: what `read_workbook` reads again as the same workbook.

A workshop's changes of its workbook may be what a file may not: a text that is empty in one
language, no minutes at all. Those are put right, so that whatever is saved can be used.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from boards.workbook.definition import BoardDefinition, Form, Scale, Stage, Text, Workbook
from boards.workbook.table import LONGEST_MINUTES, LONGEST_TEXT

__all__ = ["fit_for_file", "write_workbook"]


def write_workbook(workbook: Workbook) -> str:
    """Its TOML, in the order of docs/protocol.md, "Workbook files"."""
    workbook = fit_for_file(workbook)
    top = {
        "id": workbook.id,
        "version": workbook.version,
        "languages": list(workbook.languages),
        "title": workbook.title,
    }
    lines = [*table("", top)]
    for stage in workbook.stages:
        lines += ["", "[[stages]]", *table("stages", stage_values(stage))]
    for board in workbook.boards:
        lines += ["", "[[boards]]", *table("boards", board_values(board))]
    return "\n".join(lines) + "\n"


def table(name: str, values: Mapping[str, Any]) -> Iterator[str]:
    """The lines of a table: plain values, then texts by language, then the tables within."""
    for key, value in values.items():
        if not isinstance(value, Mapping) and not is_tables(value):
            yield f"{key} = {plain(value)}"
    for key, value in values.items():
        if isinstance(value, Mapping) and is_text(value):
            yield from (f"{key}.{code} = {plain(words)}" for code, words in value.items())
    for key, value in values.items():
        path = f"{name}.{key}" if name else key
        if isinstance(value, Mapping) and not is_text(value):
            yield from ("", f"[{path}]", *table(path, value))
        elif is_tables(value):
            for each in value:
                yield from ("", f"[[{path}]]", *table(path, each))


def is_text(value: Mapping[str, Any]) -> bool:
    return all(isinstance(words, str) for words in value.values())


def is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)


def plain(value: object) -> str:
    """A string of JSON is one of TOML, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def stage_values(stage: Stage) -> dict[str, Any]:
    return {
        "id": stage.id,
        "boards": list(stage.boards),
        "minutes": list(stage.minutes),
        **({"hidden": True} if stage.hidden else {}),
        "title": stage.title,
        "intro": stage.intro,
    }


def board_values(board: BoardDefinition) -> dict[str, Any]:
    """Only the parts that the board has."""
    parts: dict[str, Any] = {
        "hidden": board.hidden,
        "beside": list(board.beside),
        "title": board.title,
        "intro": board.intro,
        "principles": [dict(text) for text in board.principles],
        "zones": [values_of(zone, "id tint title prompt") for zone in board.zones],
        "columns": [values_of(column, "id tint title prompt") for column in board.columns],
        "rows": [values_of(row, "id page title questions") for row in board.rows],
        "questions": [values_of(question, "id text") for question in board.questions],
        "themes": [values_of(topic, "id title") for topic in board.themes],
        "scale": scale_values(board.scale) if board.scale else {},
        "forms": [form_values(form) for form in board.forms],
        "fields": [values_of(field, "id type later title prompt") for field in board.fields],
    }
    head = {"key": board.key, "kind": board.kind, "minutes": list(board.minutes)}
    return {**head, **{name: part for name, part in parts.items() if part}}


def values_of(item: object, names: str) -> dict[str, Any]:
    """Fields of an item, its lists of texts as tables; empty ones are left out."""
    found = {name: getattr(item, name) for name in names.split()}
    told = {n: [dict(t) for t in v] if isinstance(v, tuple) else v for n, v in found.items()}
    return {name: value for name, value in told.items() if value != []}


def form_values(form: Form) -> dict[str, Any]:
    statements = [values_of(each, "id theme text") for each in form.statements]
    return {**values_of(form, "id audience title intro"), "statements": statements}


def scale_values(scale: Scale) -> dict[str, Any]:
    return {
        "cant_say": scale.cant_say,
        "comment": scale.comment,
        "steps": [dict(step) for step in scale.steps],
    }


# -- put right -------------------------------------------------------------------------------------


def fit_for_file(workbook: Workbook) -> Workbook:
    """The same workbook with texts in every language, and times as a file tells them."""
    stages = (replace(stage, minutes=minutes(stage.minutes)) for stage in workbook.stages)
    return replace(workbook, stages=tuple(stages), boards=tuple(map(fit_board, workbook.boards)))


def fit_board(board: BoardDefinition) -> BoardDefinition:
    rows = (replace(row, questions=texts(row.questions)) for row in board.rows)
    return replace(
        board,
        minutes=minutes(board.minutes),
        principles=texts(board.principles),
        rows=tuple(rows),
    )


def minutes(told: Sequence[int]) -> tuple[int, int]:
    least, most = (min(max(1, part), LONGEST_MINUTES) for part in told)
    return (least, most)


def texts(told: Iterable[Text]) -> tuple[Text, ...]:
    """Each with some words in every language; without those that have none in any."""
    return tuple(filled(text) for text in told if any(words.strip() for words in text.values()))


def filled(text: Text) -> Text:
    words = next(words for words in text.values() if words.strip())
    return {code: (own if own.strip() else words)[:LONGEST_TEXT] for code, own in text.items()}
