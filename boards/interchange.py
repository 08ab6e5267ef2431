"""A board as JSON, as calls answer it and documents hold it (docs/protocol.md)."""

from __future__ import annotations

from typing import Any

from boards.schema import Board, Note, Theme

__all__ = ["board_json", "note_json", "theme_json"]


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
