"""Long work: in slices, by a generator that yields wherever others may have their turn, or in a
thread beside the loop."""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

__all__ = ["BESIDE", "LONG", "SLICE", "Slices", "at_once"]

T = TypeVar("T")
Slices = Generator[None, None, T]

SLICE = 500  # structs, or ten times as many ranges of what is deleted: some milliseconds
LONG = 64 << 10  # bytes of a board that takes too long to read, or to build, in one go
BESIDE = ThreadPoolExecutor(1, "beside")  # one: each would take the interpreter from the loop


def at_once(slices: Slices[T]) -> T:
    """All of it, with nobody's turn in between."""
    try:
        while True:
            next(slices)
    except StopIteration as end:
        result: T = end.value
        return result
