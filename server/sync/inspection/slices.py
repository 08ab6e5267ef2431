"""Long work in slices: a generator that yields wherever others may have their turn."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

__all__ = ["SLICE", "Slices", "at_once"]

T = TypeVar("T")
Slices = Generator[None, None, T]

SLICE = 500  # structs, or ten times as many ranges of what is deleted: some milliseconds


def at_once(slices: Slices[T]) -> T:
    """All of it, with nobody's turn in between."""
    try:
        while True:
            next(slices)
    except StopIteration as end:
        result: T = end.value
        return result
