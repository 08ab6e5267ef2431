"""What can go wrong with a workbook's file."""

from __future__ import annotations

from boards.errors import BoardError
from boards.workbook.rules import expectation


class WorkbookError(BoardError):
    """A workbook file breaks a rule: which `file`, at which `place`, and what was `expected`.

    `rule`, `values`: the same as a key of boards.workbook.rules and what belongs into it.
    """

    def __init__(self, file: str, place: str, rule: str, **values: str | int) -> None:
        self.file = file
        self.place = place
        self.rule = rule
        self.values = values
        self.expected = expectation(rule, values)
        super().__init__(f"{file}: {place}: {self.expected}")


class UnknownWorkbook(WorkbookError):
    """No workbook of this id is installed."""
