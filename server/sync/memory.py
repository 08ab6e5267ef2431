"""Memory that documents leave behind goes back to the system."""

from __future__ import annotations

import ctypes
from collections.abc import Callable

__all__ = ["Freed", "trim"]

DOCUMENT_FACTOR = 24  # a document in memory is about so many times its bytes
ENOUGH = 8 << 20  # bytes; less is not worth a walk through the heap


def trim() -> None:
    """Let the C library give its free pages back; glibc keeps them for itself otherwise.

    Takes milliseconds per ten megabytes that it frees. Elsewhere than on glibc: nothing happens.
    """
    if malloc_trim is not None:
        malloc_trim(0)


def find_malloc_trim() -> Callable[[int], int] | None:
    try:
        found: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError):
        return None
    return found


malloc_trim = find_malloc_trim()


class Freed:
    """Counts what documents that were let go of held, and trims when it is worth it."""

    def __init__(self) -> None:
        self._bytes = 0

    def add(self, encoded_bytes: int) -> None:
        """A document of so many bytes of updates is no more."""
        self._bytes += encoded_bytes * DOCUMENT_FACTOR
        if self._bytes >= ENOUGH:
            self._bytes = 0
            trim()
