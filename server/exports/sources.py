"""Boards as bytes, on their way to whoever reads them: here, or in another process."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from boards.document import Document
from boards.interchange import board_json
from boards.schema import Board, read_board
from server.exports.context import ExportContext, Neighbour, trimmed

__all__ = ["SMALL_BYTES", "Source", "Unread", "board_body", "without_votes"]

SMALL_BYTES = 128 * 1024  # so much is read in some milliseconds, sooner than a process is started


@dataclass(frozen=True, slots=True)
class Source:
    """A board that nobody has read yet. `zones`: the workbook's, in the order they are read."""

    update: bytes
    id: str
    kind: str
    key: str
    zones: tuple[str, ...] = ()

    def read(self) -> Board:
        return read_board(Document(self.update), self.id, self.kind, self.key, zones=self.zones)


@dataclass(frozen=True, slots=True)
class Unread:
    """An export's context without what is on its boards. `experiment`: the only one wanted."""

    context: ExportContext
    own: Source
    around: Sequence[tuple[Source, Mapping[str, Any]]] = ()
    experiment: str | None = None

    @property
    def size(self) -> int:
        """Bytes that have to be read."""
        return len(self.own.update) + sum(len(source.update) for source, _ in self.around)

    def read(self) -> ExportContext:
        board = self.own.read()
        if self.experiment is not None:
            wanted = tuple(item for item in board.experiments if item.id == self.experiment)
            board = replace(board, experiments=wanted)
        around = [
            Neighbour(source.id, source.read(), definition) for source, definition in self.around
        ]
        return trimmed(replace(self.context, board=board, around=around))


def board_body(source: Source, *, hides_votes: bool, hides_authors: bool = False) -> bytes:
    """A board as `GET /api/boards/{id}` answers it."""
    content = board_json(source.read())
    shown = without_votes(content) if hides_votes else content
    shown = without_authors(shown) if hides_authors else shown
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def without_authors(content: dict[str, Any]) -> dict[str, Any]:
    """A board as JSON with null for who wrote a note."""
    return {**content, "notes": [{**note, "author": None} for note in content["notes"]]}


def without_votes(content: dict[str, Any]) -> dict[str, Any]:
    """A board as JSON with null for every number of dots."""
    return {**content, "notes": [{**note, "votes": None} for note in content["notes"]]}
