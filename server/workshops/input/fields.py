"""Reading the fields of a command: each has one shape, and an error says which it should have been.

All raise InvalidField (or NameMissing, NameTooLong, TextTooLong) and never change anything.
"""

from collections.abc import Collection, Mapping
from typing import Any

from boards.texts import is_visible, plain_line, plain_lines
from server.errors import InvalidField, NameMissing, NameTooLong, TextTooLong

__all__ = [
    "NAME_CHARACTERS",
    "boolean",
    "choice",
    "items",
    "known_fields",
    "name",
    "objects",
    "text",
    "whole",
]

NAME_CHARACTERS = 60

Fields = Mapping[str, Any]


def known_fields(body: Fields, known: Collection[str]) -> None:
    """Refuse a field that the command does not know: a typo would pass unseen."""
    for field in body:
        if field not in known:
            raise InvalidField(field[:60], expected="one of " + ", ".join(known), got=body[field])


def name(value: object, field: str = "name") -> str:
    """A person's or a group's name, made plain: 1 to 60 characters, one line, visible."""
    if value is None:
        raise NameMissing(f"{field} is missing")
    if not isinstance(value, str):
        raise InvalidField(field, expected="a text", got=value)
    tidy = plain_line(value)
    if not is_visible(tidy):
        raise NameMissing(f"{field} is empty")
    if len(tidy) > NAME_CHARACTERS:
        raise NameTooLong(most=NAME_CHARACTERS, got=len(tidy))
    return tidy


def text(value: object, field: str, *, most: int, lines: bool = False) -> str:
    """A text of 1 to `most` characters, made plain and trimmed; of several lines if `lines`."""
    if not isinstance(value, str):
        raise InvalidField(field, expected="a text", got=value)
    tidy = plain_lines(value).strip() if lines else plain_line(value)
    if not is_visible(tidy):
        raise InvalidField(field, expected=f"1 to {most} characters", got="none")
    if len(tidy) > most:
        raise TextTooLong(field, most=most, got=len(tidy))
    return tidy


def whole(value: object, field: str, *, least: int, most: int) -> int:
    """A whole number from `least` to `most`."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise InvalidField(field, expected=f"a whole number from {least} to {most}", got=value)
    return value


def boolean(value: object, field: str) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise InvalidField(field, expected="true or false", got=value)
    return value


def choice(value: object, field: str, of: Collection[str]) -> str:
    """One of the words in `of`."""
    if not isinstance(value, str) or value not in of:
        raise InvalidField(field, expected="one of " + ", ".join(of), got=value)
    return value


def items(value: object, field: str, *, most: int) -> list[Any]:
    """A list of at most `most` items."""
    if not isinstance(value, list) or len(value) > most:
        raise InvalidField(field, expected=f"a list of at most {most}", got=kind_of(value))
    return value


def objects(value: object, field: str, *, most: int) -> list[dict[str, Any]]:
    """A list of at most `most` objects."""
    for index, item in enumerate(items(value, field, most=most)):
        if not isinstance(item, dict):
            raise InvalidField(f"{field}[{index}]", expected="an object", got=item)
    assert isinstance(value, list)
    return value


def kind_of(value: object) -> str:
    """How a wrong value is named in an error: a list by its length, the rest as it is."""
    return f"{len(value)} of them" if isinstance(value, list) else str(value)
