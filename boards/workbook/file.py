"""A workbook's TOML file, checked wholly before it is used; messages name file and place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeVar

from boards.texts import LANGUAGES
from boards.workbook.definition import (
    BoardDefinition,
    Field,
    Form,
    Question,
    Row,
    Scale,
    Stage,
    Statement,
    Text,
    Topic,
    Workbook,
    Zone,
)
from boards.workbook.errors import WorkbookError
from boards.workbook.table import TableReader, listed, shown

T = TypeVar("T")

LONG_NUMBER = re.compile(r"[0-9_]{1000,}")
AT = re.compile(r"line (\d+), column (\d+)")  # in the words of tomllib

KINDS = ("notes", "grid", "answers", "survey", "plan")
FIELD_TYPES = ("text", "dates")
AUDIENCES = ("team", "self")
TINTS = 4  # quiet zone colours of the interface
SCALE_STEPS = 5

STAGE = frozenset({"id", "boards", "minutes", "title", "intro", "hidden"})
BOARD = frozenset({"key", "kind", "minutes", "title", "intro", "principles", "beside", "hidden"})
PARTS = {
    "notes": frozenset({"zones"}),
    "grid": frozenset({"columns", "rows"}),
    "answers": frozenset({"questions"}),
    "survey": frozenset({"zones", "questions", "themes", "scale", "forms"}),
    "plan": frozenset({"zones", "fields"}),
}
SHARED_PARTS = frozenset[str]().union(*PARTS.values())


def read_workbook(source: str, file: str) -> Workbook:
    """A workbook from TOML text; `file` is the name to use in messages. Raises WorkbookError."""
    table = _toml(source, file)
    top = TableReader(file, "", table, ("id", "version", "languages", "title", "stages", "boards"))
    languages = _languages(top)
    stages = _each(top, "stages", STAGE, lambda reader: _stage(reader, languages), True)
    stage_of = {key: stage.id for stage in stages for key in stage.boards}
    places = top.tables("boards", BOARD | SHARED_PARTS, some=True)
    boards = tuple(_board(reader, languages, stage_of) for reader in places)
    _check_stages(top, stages, [board.key for board in boards])
    _check_boards(places, boards)
    return Workbook(
        id=top.id("id"),
        version=top.whole("version", 1, 10_000),
        languages=languages,
        title=top.text("title", languages),
        stages=stages,
        boards=boards,
    )


def _toml(source: str, file: str) -> object:
    try:
        return tomllib.loads(source)
    except RecursionError as error:
        raise WorkbookError(file, "top level", "toml-depth") from error
    except tomllib.TOMLDecodeError as error:
        reason, _, at = str(error).partition(" (at ")
        found = AT.match(at)  # else it breaks off at the end
        line, column = (int(found[1]), int(found[2])) if found else (source.count("\n") + 1, 1)
        raise WorkbookError(
            file, f"{line}:{column}", "toml", line=line, column=column, error=reason
        ) from error
    except ValueError as error:  # of Python's own, which reads no number of thousands of digits
        found = LONG_NUMBER.search(source)
        line = source.count("\n", 0, found.start() if found else 0) + 1
        raise WorkbookError(file, f"{line}:1", "toml-number") from error


def _languages(top: TableReader) -> tuple[str, ...]:
    languages = top.ids("languages")
    if not languages or not set(languages) <= set(LANGUAGES):
        top.fail("languages", "languages", known=listed(LANGUAGES), got=str(list(languages)))
    return languages


def _stage(reader: TableReader, languages: tuple[str, ...]) -> Stage:
    return Stage(
        id=reader.id("id"),
        boards=reader.ids("boards"),
        minutes=reader.minutes("minutes"),
        title=reader.text("title", languages),
        intro=reader.text("intro", languages),
        hidden=reader.flag("hidden"),
    )


def _board(
    reader: TableReader, languages: tuple[str, ...], stages: Mapping[str, str]
) -> BoardDefinition:
    key, kind = reader.id("key"), reader.choice("kind", KINDS)
    for part in reader.table:
        if part not in BOARD | PARTS[kind]:
            reader.fail(part, "parts", kind=kind)
    if key not in stages:
        reader.fail("key", "staged", got=shown(key))
    board = BoardDefinition(
        key=key,
        kind=kind,
        stage=stages[key],
        title=reader.text("title", languages),
        intro=reader.text("intro", languages),
        minutes=reader.minutes("minutes"),
        principles=_texts(reader, "principles", languages),
        beside=reader.ids("beside"),
        zones=_zones(reader, "zones", languages, some=kind in ("notes", "plan")),
        columns=_zones(reader, "columns", languages, some=kind == "grid"),
        rows=_rows(reader, languages, some=kind == "grid"),
        questions=_questions(reader, languages, some=kind == "answers"),
        themes=_topics(reader, languages, some=kind == "survey"),
        scale=_scale(reader, languages) if kind == "survey" else None,
        forms=_forms(reader, languages, some=kind == "survey"),
        fields=_fields(reader, languages, some=kind == "plan"),
        hidden=reader.flag("hidden"),
    )
    _check_pages(reader, board)
    return board


def _zones(
    reader: TableReader, key: str, languages: tuple[str, ...], some: bool
) -> tuple[Zone, ...]:
    def zone(item: TableReader) -> Zone:
        return Zone(
            id=item.id("id"),
            title=item.text("title", languages),
            prompt=item.text("prompt", languages),
            tint=item.whole("tint", 0, TINTS - 1, default=0),
        )

    return _each(reader, key, ("id", "title", "prompt", "tint"), zone, some)


def _rows(reader: TableReader, languages: tuple[str, ...], some: bool) -> tuple[Row, ...]:
    def row(item: TableReader) -> Row:
        return Row(
            id=item.id("id"),
            page=item.whole("page", 1, 40),
            title=item.text("title", languages),
            questions=_texts(item, "questions", languages),
        )

    return _each(reader, "rows", ("id", "page", "title", "questions"), row, some)


def _questions(reader: TableReader, languages: tuple[str, ...], some: bool) -> tuple[Question, ...]:
    def question(item: TableReader) -> Question:
        return Question(id=item.id("id"), text=item.text("text", languages))

    return _each(reader, "questions", ("id", "text"), question, some)


def _topics(reader: TableReader, languages: tuple[str, ...], some: bool) -> tuple[Topic, ...]:
    def topic(item: TableReader) -> Topic:
        return Topic(id=item.id("id"), title=item.text("title", languages))

    return _each(reader, "themes", ("id", "title"), topic, some)


def _scale(reader: TableReader, languages: tuple[str, ...]) -> Scale:
    keys = ("steps", "cant_say", "comment")
    item = TableReader(reader.file, f"{reader.path}.scale", reader.table.get("scale"), keys)
    steps = _texts(item, "steps", languages)
    if len(steps) != SCALE_STEPS:
        item.fail("steps", "steps", steps=SCALE_STEPS, got=len(steps))
    return Scale(
        steps=steps,
        cant_say=item.text("cant_say", languages),
        comment=item.text("comment", languages),
    )


def _forms(reader: TableReader, languages: tuple[str, ...], some: bool) -> tuple[Form, ...]:
    topics = [item.id("id") for item in reader.tables("themes", ("id", "title"))]

    def statement(item: TableReader) -> Statement:
        return Statement(
            id=item.id("id"),
            theme=item.choice("theme", topics),
            text=item.text("text", languages),
        )

    def form(item: TableReader) -> Form:
        return Form(
            id=item.id("id"),
            audience=item.choice("audience", AUDIENCES),
            title=item.text("title", languages),
            intro=item.text("intro", languages),
            statements=_each(item, "statements", ("id", "theme", "text"), statement, True),
        )

    keys = ("id", "audience", "title", "intro", "statements")
    return _each(reader, "forms", keys, form, some)


def _fields(reader: TableReader, languages: tuple[str, ...], some: bool) -> tuple[Field, ...]:
    def field(item: TableReader) -> Field:
        return Field(
            id=item.id("id"),
            type=item.choice("type", FIELD_TYPES),
            later=item.flag("later"),
            title=item.text("title", languages),
            prompt=item.text("prompt", languages),
        )

    return _each(reader, "fields", ("id", "type", "later", "title", "prompt"), field, some)


def _texts(reader: TableReader, key: str, languages: tuple[str, ...]) -> tuple[Text, ...]:
    return tuple(item.as_text(languages) for item in reader.tables(key, languages))


def _each(
    reader: TableReader,
    key: str,
    keys: Collection[str],
    read: Callable[[TableReader], T],
    some: bool,
) -> tuple[T, ...]:
    seen: set[str] = set()
    found = []
    for item in reader.tables(key, keys, some=some):
        if item.id("id") in seen:
            item.fail("id", "own-id", got=shown(item.id("id")))
        seen.add(item.id("id"))
        found.append(read(item))
    return tuple(found)


def _check_stages(top: TableReader, stages: Sequence[Stage], keys: Sequence[str]) -> None:
    seen: dict[str, str] = {}
    for index, stage in enumerate(stages):
        for key in stage.boards:
            if key not in keys:
                top.fail(f"stages[{index}].boards", "board-keys", got=shown(key))
            if key in seen:
                values = {"got": shown(key), "other": shown(seen[key])}
                top.fail(f"stages[{index}].boards", "board-once", **values)
            seen[key] = stage.id


def _check_boards(places: Sequence[TableReader], boards: Sequence[BoardDefinition]) -> None:
    keys = [board.key for board in boards]
    for index, (reader, board) in enumerate(zip(places, boards, strict=True)):
        if board.key in keys[:index]:
            reader.fail("key", "own-key", got=shown(board.key))
        for other in board.beside:
            if other not in keys:
                reader.fail("beside", "board-keys", got=shown(other))


def _check_pages(reader: TableReader, board: BoardDefinition) -> None:
    for number, rows in enumerate(board.pages, 1):
        if not rows:
            reader.fail("rows", "pages", page=number)
