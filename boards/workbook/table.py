"""Reading a nested table of plain values with errors that say where, and what was expected."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any, NoReturn

from boards.workbook.definition import Text
from boards.workbook.errors import WorkbookError

ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
NOTHING = "nothing"  # what a message shows of a value that is missing
LONGEST_TEXT = 2_000  # characters
LONGEST_MINUTES = 1_440  # a day


class TableReader:
    """Reads one table of a file, and knows the way to it, such as `boards[2].rows[0]`."""

    def __init__(self, file: str, path: str, value: object, keys: Collection[str]) -> None:
        """`keys`: every key this table may have. Raises WorkbookError for any other one."""
        self.file, self.path = file, path
        if not isinstance(value, dict):
            self.fail("", "table", got=shown(value))
        self.table: dict[str, Any] = value
        for key in value:
            if key not in keys:
                self.fail(key, "keys", known=listed(sorted(keys)))

    def fail(self, key: str, rule: str, **values: str | int) -> NoReturn:
        """Raise the error for `key` ("" = this table itself); `rule`: a key of rules.py."""
        place = ".".join(part for part in (self.path, key) if part)
        raise WorkbookError(self.file, place or "top level", rule, **values)

    def id(self, key: str) -> str:
        """A short machine name: it ends up in documents and addresses, and never changes."""
        value = self.table.get(key)
        if not isinstance(value, str) or not ID.fullmatch(value):
            self.fail(key, "id", got=shown(value))
        return value

    def ids(self, key: str) -> tuple[str, ...]:
        """A list of ids, each once; empty when the key is absent."""
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fail(key, "ids", got=shown(value))
        if len(set(value)) != len(value):
            self.fail(key, "ids-once", got=listed(value))
        return tuple(value)

    def choice(self, key: str, known: Iterable[str]) -> str:
        """One of `known`."""
        known = tuple(known)
        value = self.table.get(key)
        if value not in known:
            self.fail(key, "choice", known=listed(known), got=shown(value))
        return str(value)

    def whole(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number from `low` to `high`."""
        value = self.table.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.fail(key, "whole", low=low, high=high, got=shown(value))
        return value

    def flag(self, key: str) -> bool:
        """true or false; false when absent."""
        value = self.table.get(key, False)
        if not isinstance(value, bool):
            self.fail(key, "flag", got=shown(value))
        return value

    def minutes(self, key: str) -> tuple[int, int]:
        """From how many minutes to how many this takes."""
        value = self.table.get(key)
        is_range = isinstance(value, list) and len(value) == 2
        if not is_range or not all(type(part) is int for part in value or ()):
            self.fail(key, "minutes", got=shown(value))
        low, high = value or (0, 0)
        if not 1 <= low <= high <= LONGEST_MINUTES:
            self.fail(key, "minutes-order", most=LONGEST_MINUTES, got=shown(value))
        return low, high

    def text(self, key: str, languages: tuple[str, ...]) -> Text:
        """What people read, in every language of the workbook."""
        value = self.table.get(key)
        path = f"{self.path}.{key}" if self.path else key
        if value is None:
            self.fail(key, "texts", known=listed(languages))
        return TableReader(self.file, path, value, languages).as_text(languages)

    def as_text(self, languages: tuple[str, ...]) -> Text:
        """This table itself as a text in every language."""
        for language in languages:
            value = self.table.get(language)
            if not isinstance(value, str) or not value.strip():
                self.fail(language, "text", got=shown(value))
            if len(value) > LONGEST_TEXT:
                self.fail(language, "long", most=LONGEST_TEXT, got=len(value))
        return {language: self.table[language] for language in languages}

    def tables(self, key: str, keys: Collection[str], *, some: bool = False) -> list[TableReader]:
        """The tables of a list; `some`: one of them or more."""
        value = self.table.get(key, [])
        if not isinstance(value, list):
            self.fail(key, "list", got=shown(value))
        if some and not value:
            self.fail(key, "some")
        path = f"{self.path}.{key}" if self.path else key
        return [TableReader(self.file, f"{path}[{i}]", item, keys) for i, item in enumerate(value)]


def listed(names: Iterable[str]) -> str:
    """`a, b, c` for a message."""
    return ", ".join(names)


def shown(value: object) -> str:
    """A value in a message, cut short."""
    if value is None:
        return NOTHING
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
