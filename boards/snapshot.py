"""A board as plain values: what a snapshot shows, and what changed between two of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

from boards.interchange import board_json, note_json
from boards.schema import SCHEMA_VERSION, Board, Note

COMPARED = ("zone", "text", "color", "group", "theme", "position", "votes")


def plain_values(board: Board) -> dict[str, Any]:
    """Everything a board holds as JSON values, deleted notes too; equal boards give equal ones."""
    return {
        "schema": SCHEMA_VERSION,
        **board_json(board),
        "deleted": [note_json(note) for note in board.deleted],
    }


def digest(values: Mapping[str, Any]) -> str:
    """SHA-256 of plain values, in hex; the same for equal boards whatever their history."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What it takes from one board to another. Ids in the reading order of the board they are on.

    `changed`: note id → names of what differs; `answers`, `themes`, `links` and `experiments`:
    ids of those that were added, removed or changed.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    answers: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    experiments: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any(asdict(self).values())

    def json(self) -> dict[str, Any]:
        """The difference as JSON values."""
        values: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return values


def diff(before: Board, after: Board) -> Difference:
    """How `after` differs from `before`; two copies of one board have none."""
    old = {note.id: note for note in before.notes}
    new = {note.id: note for note in after.notes}
    kept = ((note, _changed(old[note], new[note])) for note in new if note in old)
    return Difference(
        added=tuple(note for note in new if note not in old),
        removed=tuple(note for note in old if note not in new),
        changed={note: names for note, names in kept if names},
        answers=_differing(before.answers, after.answers),
        themes=_differing({t.id: t for t in before.themes}, {t.id: t for t in after.themes}),
        links=_differing({k.id: k for k in before.links}, {k.id: k for k in after.links}),
        experiments=_differing(
            {e.id: e for e in before.experiments}, {e.id: e for e in after.experiments}
        ),
    )


def _changed(before: Note, after: Note) -> tuple[str, ...]:
    return tuple(name for name in COMPARED if getattr(before, name) != getattr(after, name))


def _differing(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(key for key in {**before, **after} if before.get(key) != after.get(key))
