"""How long a document takes, learnt from those that this server has made."""

from __future__ import annotations

__all__ = ["Pace"]

# Seconds for what has USUAL_BYTES of boards, on a machine like the one of tests/bench.
FIRST = {
    "json": 0.3,
    "xlsx": 0.5,
    "docx": 0.5,
    "pptx": 0.5,
    "pdf": 0.6,
    "png": 0.8,
    "report.docx": 0.8,
    "report.pdf": 2.0,
    "zip": 6.0,
}
OTHERS = 0.5  # seconds for any other format
USUAL_BYTES = 150_000  # of a workshop with 300 notes
FIXED = 0.3  # share of the time that is there for the smallest board, too
LEARNS = 0.3  # how much the last document counts among all before it
WITHIN = (0.1, 20.0)  # what one machine can be slower or faster


class Pace:
    """Seconds for each format and size; the size counts evenly, above what is always there."""

    def __init__(self) -> None:
        self._slower: dict[str, float] = {}  # than FIRST, by format

    def about(self, format: str, size: int | None = None) -> float:
        """Seconds. `size`: bytes of the boards; None: not known yet."""
        return self._slower.get(format, 1.0) * first(format, size)

    def took(self, format: str, size: int, seconds: float) -> None:
        """One was made."""
        least, most = WITHIN
        found = min(max(seconds / first(format, size), least), most)
        before = self._slower.get(format)
        self._slower[format] = found if before is None else before + LEARNS * (found - before)


def first(format: str, size: int | None) -> float:
    share = 1.0 if size is None else size / USUAL_BYTES
    return FIRST.get(format, OTHERS) * (FIXED + (1 - FIXED) * share)
