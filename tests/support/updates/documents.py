"""Documents made of plain edits, and the reading of a board or a desk as JSON: for both languages
the same.

An edit is `[root, key, value]` or `[root, key, field, value]`. A value is plain JSON, or
`{"$text": …}`, `{"$map": {…}}`, or `{"$drop": true}`, which takes away what is there.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from pycrdt import Map, Text

from boards.desk import read_desk
from boards.document import Document
from boards.schema import Board, Note, child, read_board
from server.exports.view.links import read_end

__all__ = ["Edit", "desk_reading", "edited", "reading"]

Edit = Sequence[Any]


def edited(edits: Iterable[Edit]) -> Document:
    """The document that these edits make."""
    document = Document()
    for edit in edits:
        root = document.root(edit[0])
        held = root if len(edit) == 3 else child(root, edit[1])
        if isinstance(held, Map):
            put(held, edit[-2], edit[-1])
    return document


def put(held: Map[Any], key: str, value: Any) -> None:
    if value != {"$drop": True}:
        held[key] = shared(value)
    elif key in held:
        del held[key]


def shared(value: Any) -> Any:
    """A value as the engine takes it; its numbers are floats, as a browser's are."""
    if isinstance(value, dict) and "$text" in value:
        return Text(value["$text"])
    if isinstance(value, dict) and "$map" in value:
        return Map({key: shared(part) for key, part in value["$map"].items()})
    return plain(value)


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def reading(document: Document, board: str) -> Any:
    """What the server reads, told as document/tests/reader.ts tells what the client reads."""
    found = read_board(document, board, "notes", "map")
    return {
        "notes": notes_by_zone(found),
        "themes": {
            theme.id: {"name": theme.name, "zone": theme.zone, "position": place(theme.position)}
            for theme in found.themes
        },
        "links": [
            [link.id, link.kind, *(list(read_end(end, board) or ()) for end in ends)]
            for link in found.links
            for ends in [(link.source, link.target)]
        ],
        "answers": dict(found.answers),
        "experiments": [
            {
                "id": one.id,
                "at": one.at,
                "fields": dict(one.fields),
                "checks": list(one.checks),
                "crossed": one.crossed,
            }
            for one in found.experiments
        ],
    }


def desk_reading(document: Document) -> Any:
    """The desk as the server reads it, told as workshop/tests/desk-reader.ts tells the client's."""
    return json.loads(json.dumps(read_desk(document).json(), sort_keys=True), parse_int=float)


def notes_by_zone(board: Board) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for note in board.notes:
        found.setdefault(note.zone, []).append(note_json(note))
    return found


def note_json(note: Note) -> dict[str, Any]:
    told = asdict(note)
    del told["deleted"]
    return {**told, "position": place(note.position)}


def place(position: tuple[int, int] | None) -> list[int] | None:
    return None if position is None else list(position)
