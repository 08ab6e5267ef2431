"""Plain values made of whatever stands on a desk, and the types that its parts share."""

from typing import Annotated, Any, Literal, TypeVar

from boards.schema import is_number, whole

# What is annotated stands in the description of the calls as well (server/web/api/described.py).
Id = Annotated[str, ("pattern", "^[a-z2-7]{20}$")]
Time = Annotated[int, ("description", "ms since 1970")]
State = Literal["open", "closed"]

Choice = TypeVar("Choice")

# Readers of values: each makes something of anything, and the default of nothing.


def dict_of(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def list_of(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def text_of(value: object) -> str:
    return value if isinstance(value, str) else ""


def is_true(value: object) -> bool:
    return value is True


def one_of(choices: tuple[Choice, ...], value: object) -> Choice:
    """One of the choices, else the first of them."""
    return next((choice for choice in choices if choice == value), choices[0])


def whole_or_none(value: object) -> int | None:
    return whole(value) if is_number(value) else None


def state_of(value: object) -> State:
    return "open" if value == "open" else "closed"
