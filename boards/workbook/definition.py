"""What a workbook describes, as frozen values. Every text stands in every language."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from boards.errors import UnknownItem

Text = Mapping[str, str]  # language code → what a person reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage: `boards` in the order a team usually meets them; `minutes` from, to."""

    id: str
    boards: tuple[str, ...]
    minutes: tuple[int, int]
    title: Text
    intro: Text
    hidden: bool = False  # left out, unless the workshop says else (boards.workbook.adapted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A place of meaning for notes. `tint`: one of the interface's quiet colours, 0–3."""

    id: str
    title: Text
    prompt: Text
    tint: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a grid; `page`: which page, from 1, it is filled in on."""

    id: str
    page: int
    title: Text
    questions: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with one shared answer (and one per group where groups answer)."""

    id: str
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A theme that a survey's statements belong to."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Something to agree or disagree with; `theme`: a topic's id."""

    id: str
    theme: str
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A survey's form. `audience`: team = results as distributions; self = for oneself alone."""

    id: str
    audience: str
    title: Text
    intro: Text
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What the steps 1 to 5 are called, and the words beside them."""

    steps: tuple[Text, ...]
    cant_say: Text
    comment: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of an experiment. `type`: text, or dates (start and end); `later`: at the end."""

    id: str
    type: str
    later: bool
    title: Text
    prompt: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardDefinition:
    """A board as the workbook describes it; which parts it has follows from `kind`."""

    key: str
    kind: str
    stage: str
    title: Text
    intro: Text
    minutes: tuple[int, int]
    principles: tuple[Text, ...] = ()
    beside: tuple[str, ...] = ()  # boards to keep in sight while working on this one
    zones: tuple[Zone, ...] = ()
    columns: tuple[Zone, ...] = ()
    rows: tuple[Row, ...] = ()
    questions: tuple[Question, ...] = ()
    themes: tuple[Topic, ...] = ()
    scale: Scale | None = None
    forms: tuple[Form, ...] = ()
    fields: tuple[Field, ...] = ()
    hidden: bool = False  # left out, unless the workshop says else (boards.workbook.adapted)

    @property
    def pages(self) -> tuple[tuple[str, ...], ...]:
        """Row ids by page, the first page first."""
        last = max((row.page for row in self.rows), default=0)
        numbers = range(1, last + 1)
        return tuple(tuple(row.id for row in self.rows if row.page == n) for n in numbers)

    @property
    def zone_ids(self) -> tuple[str, ...]:
        """Every zone that notes of this board can be in, in the order they are read."""
        cells = tuple(f"{row.id}/{column.id}" for row in self.rows for column in self.columns)
        return tuple(zone.id for zone in self.zones) + cells

    def zones_on(self, pages: Collection[int]) -> tuple[str, ...]:
        """The cells of these pages."""
        rows = (row.id for row in self.rows if row.page in pages)
        return tuple(f"{row}/{column.id}" for row in rows for column in self.columns)

    @property
    def question_ids(self) -> tuple[str, ...]:
        """Questions whose shared answers the server seeds."""
        return tuple(question.id for question in self.questions)

    @property
    def text_fields(self) -> tuple[str, ...]:
        """Fields of an experiment that are shared texts."""
        return tuple(field.id for field in self.fields if field.type == "text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbook:
    """A whole workbook. Every board belongs to exactly one stage."""

    id: str
    version: int
    languages: tuple[str, ...]
    title: Text
    stages: tuple[Stage, ...]
    boards: tuple[BoardDefinition, ...]

    def board(self, key: str) -> BoardDefinition:
        """The board `key`. Raises UnknownItem."""
        found = next((board for board in self.boards if board.key == key), None)
        if found is None:
            raise UnknownItem("board", key)
        return found

    def json(self) -> dict[str, Any]:
        """As `GET /api/workshops/{id}/workbook` answers it, in all languages."""
        return {
            "id": self.id,
            "version": self.version,
            "languages": list(self.languages),
            "title": dict(self.title),
            "stages": [_stage_json(stage) for stage in self.stages],
            "boards": [_board_json(board) for board in self.boards],
        }


def in_language(told: Any, language: str, languages: Collection[str]) -> Any:
    """A part of a workbook as JSON with each text in one of its `languages` alone: in this one, or
    where it is without words in the one that its reader is shown instead (`inMyLanguage` in the
    client).
    """
    if isinstance(told, list):
        return [in_language(part, language, languages) for part in told]
    if not isinstance(told, dict):
        return told
    if told and told.keys() <= set(languages):
        shown = next((code for code in (language, "fi", *told) if told.get(code)), None)
        return told if shown is None else {shown: told[shown]}
    return {name: in_language(part, language, languages) for name, part in told.items()}


def _board_json(board: BoardDefinition) -> dict[str, Any]:
    """Only the parts that the board has."""
    parts = {
        "zones": [_zone_json(zone) for zone in board.zones],
        "columns": [_zone_json(column) for column in board.columns],
        "rows": [_row_json(row) for row in board.rows],
        "pages": [{"page": n, "rows": list(rows)} for n, rows in enumerate(board.pages, 1)],
        "questions": [{"id": item.id, "text": dict(item.text)} for item in board.questions],
        "themes": [{"id": item.id, "title": dict(item.title)} for item in board.themes],
        "scale": _scale_json(board.scale) if board.scale else {},
        "forms": [_form_json(form) for form in board.forms],
        "fields": [_field_json(field) for field in board.fields],
        "beside": list(board.beside),
        "hidden": board.hidden,
    }
    return {
        "key": board.key,
        "kind": board.kind,
        "stage": board.stage,
        "title": dict(board.title),
        "intro": dict(board.intro),
        "minutes": list(board.minutes),
        "principles": [dict(text) for text in board.principles],
        **{name: part for name, part in parts.items() if part},
    }


def _stage_json(stage: Stage) -> dict[str, Any]:
    return {
        "id": stage.id,
        "title": dict(stage.title),
        "intro": dict(stage.intro),
        "minutes": list(stage.minutes),
        "boards": list(stage.boards),
        **({"hidden": True} if stage.hidden else {}),
    }


def _zone_json(zone: Zone) -> dict[str, Any]:
    return {
        "id": zone.id,
        "title": dict(zone.title),
        "prompt": dict(zone.prompt),
        "tint": zone.tint,
    }


def _row_json(row: Row) -> dict[str, Any]:
    return {
        "id": row.id,
        "page": row.page,
        "title": dict(row.title),
        "questions": [dict(text) for text in row.questions],
    }


def _scale_json(scale: Scale) -> dict[str, Any]:
    return {
        "steps": [dict(text) for text in scale.steps],
        "cant_say": dict(scale.cant_say),
        "comment": dict(scale.comment),
    }


def _form_json(form: Form) -> dict[str, Any]:
    return {
        "id": form.id,
        "audience": form.audience,
        "title": dict(form.title),
        "intro": dict(form.intro),
        "statements": [
            {"id": item.id, "theme": item.theme, "text": dict(item.text)}
            for item in form.statements
        ],
    }


def _field_json(field: Field) -> dict[str, Any]:
    return {
        "id": field.id,
        "type": field.type,
        "later": field.later,
        "title": dict(field.title),
        "prompt": dict(field.prompt),
    }
