"""Reading a nested JSON value with errors that say where (RFC 6901), and what was expected."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NoReturn

from server.errors import shorten

__all__ = ["EXPECTED", "Misplaced", "Place"]

MISSING = object()
NOTHING = "nothing"  # what a message shows of a value that is missing

MOST_KNOWN = 300  # characters of what could stand there

# What is expected, in English, for programs and logs; people have it as import.expected.<rule>.
EXPECTED: Mapping[str, str] = {
    "choice": "one of {known}, got {got}",
    "day": "a day as YYYY-MM-DD, got {got}",
    "fits": "no more than {most} bytes for one board, got {got}",
    "flag": "true or false, got {got}",
    "id": "an id, got {got}",
    "installed": "a workbook that this server knows ({known}), got {got}",
    "json": "JSON in UTF-8, got {got}",
    "list": "a list of at most {most}, got {got}",
    "object": "an object, got {got}",
    "once": "something of its own, got {got} a second time",
    "position": "null, or two whole numbers within ±{most}, got {got}",
    "schema": "the export of a whole workshop, got {got}",
    "shared": "null, as on a board of the whole workshop, got {got}",
    "taken": "{expected}, got {got}",
    "text": "a text, got {got}",
    "text-long": "a text of at most {most} characters, got {got}",
    "theme": "null, or the id of a theme of this board, got {got}",
    "whole": "a whole number from {least} to {most}, got {got}",
}


class Misplaced(Exception):
    """What stands at `pointer` breaks `rule`, a key of EXPECTED, whose words need `values`."""

    def __init__(self, pointer: str, rule: str, values: Mapping[str, str | int]) -> None:
        super().__init__(f"{pointer}: {rule}")
        self.pointer, self.rule, self.values = pointer, rule, dict(values)


class Place:
    """A value and the way to it. What it should have been and is not raises Misplaced."""

    __slots__ = ("pointer", "value")

    def __init__(self, value: object, pointer: str = "") -> None:
        self.value, self.pointer = value, pointer

    def fail(self, rule: str, **values: str | int) -> NoReturn:
        raise Misplaced(self.pointer, rule, {"got": shown(self.value), **values})

    def at(self, key: str) -> Place:
        """What stands under a key; of nothing, if nothing does. Raises if this is no object."""
        value = self.object().get(key, MISSING)
        return Place(value, f"{self.pointer}/{escaped(key)}")

    def object(self) -> Mapping[str, Any]:
        if not isinstance(self.value, dict):
            self.fail("object")
        return self.value

    def entries(self, most: int) -> list[tuple[str, Place]]:
        """The keys of an object with what stands under them."""
        if len(self.object()) > most:
            self.fail("list", most=most, got=len(self.object()))
        return [(key, self.at(key)) for key in self.object()]

    def list(self, most: int) -> list[Place]:
        if not isinstance(self.value, list):
            self.fail("list", most=most)
        if len(self.value) > most:
            self.fail("list", most=most, got=len(self.value))
        return [Place(value, f"{self.pointer}/{n}") for n, value in enumerate(self.value)]

    def text(self, most: int) -> str:
        if not isinstance(self.value, str):
            self.fail("text")
        if len(self.value) > most:
            self.fail("text-long", most=most, got=len(self.value))
        return self.value

    def id(self, most: int = 100) -> str:
        """Something by which others call it; never empty."""
        if not isinstance(self.value, str) or not 0 < len(self.value) <= most:
            self.fail("id")
        return self.value

    def id_or_none(self) -> str | None:
        return None if self.value is None else self.id()

    def whole(self, least: int, most: int) -> int:
        value = self.value
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.fail("whole", least=least, most=most)
        return value

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            self.fail("flag")
        return self.value

    def choice(self, known: Collection[str]) -> str:
        if not isinstance(self.value, str) or self.value not in known:
            self.fail("choice", known=", ".join(known)[:MOST_KNOWN])
        return self.value


def escaped(key: str) -> str:
    """A key as a step of a pointer; a very long one is cut."""
    return key[:60].replace("~", "~0").replace("/", "~1")


def shown(value: object) -> str:
    """A value in a message, cut short; of lists and objects how many they hold."""
    if value is MISSING:
        return NOTHING
    if isinstance(value, list | dict):
        return f"{len(value)} of them"
    return shorten(value)
