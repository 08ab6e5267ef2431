"""A board as data: complete, versioned, and the same bytes whenever it is the same board.

The shape is that of `GET /api/boards/{id}` with the workshop, the board's title and the groups
around it. A name that means something is spelt out once (groups, people); the rest refers by id.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from boards.interchange import board_json
from server.exports.context import ExportContext

PUBLISHED = Path(__file__).with_name("export.schema.json")  # the shape, as JSON Schema
SCHEMA = "hahmo/board"
WORKSHOP_SCHEMA = "hahmo/workshop"
VERSION = 1  # raised when a reader of older exports would go wrong
WORKSHOP_VERSION = 2  # since 2 with its workbook and its desk, so that another can be made from it


def write_json(context: ExportContext) -> bytes:
    """UTF-8, two spaces, keys in a fixed order, texts as they were written."""
    text = json.dumps(document(context), ensure_ascii=False, indent=2, allow_nan=False)
    return (text + "\n").encode("utf-8", "replace")  # lone surrogates are nobody's text


def write_whole_json(contexts: Sequence[ExportContext]) -> bytes:
    """All boards of a workshop, each as it is written alone."""
    boards = [document(context) for context in contexts]
    whole = {
        "schema": WORKSHOP_SCHEMA,
        "version": WORKSHOP_VERSION,
        "exported_at": boards[0]["exported_at"],
        "workshop": boards[0]["workshop"],
        **facts(contexts[0]),
        "boards": boards,
    }
    text = json.dumps(whole, ensure_ascii=False, indent=2, allow_nan=False)
    return (text + "\n").encode("utf-8", "replace")


def facts(context: ExportContext) -> dict[str, Any]:
    """What a workshop is beside its boards; no groups where they are left out."""
    told = context.facts
    return {
        "workbook": {
            "id": told.workbook,
            "version": told.workbook_version,
            "toml": told.workbook_toml,
        },
        "stage": told.stage,
        "board": told.board,
        "locks": list(told.locks),
        "votes": dict(told.votes),
        "guidance": dict(told.guidance),
        "breakouts": [] if "groups" in context.without else list(told.breakouts),
        "previous": told.previous,
    }


def document(context: ExportContext) -> dict[str, Any]:
    """The export as plain values. Authors are in it only where the workshop shows them."""
    board = board_json(context.board)
    if context.hides_votes:
        for note in board["notes"]:
            note["votes"] = None
    if not context.show_authors:
        for note in board["notes"]:
            note["author"] = None
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "exported_at": context.exported_at.isoformat(),
        "workshop": {
            "id": context.workshop_id,
            "title": context.workshop,
            "language": context.language,
        },
        "title": dict(context.definition.get("title", {})),
        "group": context.group,
        "groups": [
            {"id": group, "letter": mark.letter, "name": mark.name, "index": mark.index}
            for group, mark in sorted(
                context.groups.items(), key=lambda item: (item[1].index, item[0])
            )
        ],
        "participants": len(context.people),
        "people": people(context),
        **board,
        **({"assessment": list(context.assessment)} if context.assessment else {}),
    }


def people(context: ExportContext) -> list[dict[str, str]]:
    """Who took part, by name; nobody where authors are not shown."""
    if not context.show_authors:
        return []
    return [{"id": person, "name": name} for person, name in sorted(context.people.items())]
