"""What can go wrong with a board. One tree, so that a caller may catch `BoardError`."""

from __future__ import annotations


class BoardError(Exception):
    """Base of every error that `boards` raises on purpose."""


class InvalidUpdate(BoardError):
    """Bytes that are no Yjs update. The document is as it was; sending them again cannot help."""


class PoisonedDocument(BoardError):
    """The document may hold half of a change. Discard it and load it again from the log."""


class UnknownItem(BoardError):
    """An edit names something that is not on this board: `kind` (note, theme, …) and `item`."""

    def __init__(self, kind: str, item: str) -> None:
        super().__init__(f"no {kind} {item!r} on this board")
        self.kind = kind
        self.item = item


class InvalidEdit(BoardError):
    """An edit carries a value the schema does not know; nothing was written."""

    def __init__(self, field: str, got: object, expected: str) -> None:
        super().__init__(f"{field}: got {got!r}, expected {expected}")
        self.field = field
