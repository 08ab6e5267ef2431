"""What people finished writing, who deleted what, and whether it is all there in the end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

__all__ = ["MARK", "Promises"]

MARK = re.compile(r"\bw\d+\b")  # every piece of writing is one word that stands nowhere else


@dataclass
class Promises:
    """Marks by the words they were written as; `gone`: those that stood in a deleted note."""

    written: dict[str, str] = field(default_factory=dict)  # mark → who wrote it and how
    gone: set[str] = field(default_factory=set)
    made: int = 0
    _together: dict[str, set[str]] = field(default_factory=dict)  # first mark of a note → its marks

    def mark(self) -> str:
        """A new word."""
        self.made += 1
        return f"w{self.made}"

    def wrote(self, mark: str, text: str, told: str) -> None:
        """`text`: the whole note in which it was seen to stand when it was finished."""
        self.written[mark] = told
        first = MARK.findall(text)[0]
        self._together.setdefault(first, {first}).add(mark)

    def deleted(self, text: str) -> None:
        """Somebody deleted a note that read so; what others add to it goes with it."""
        self.gone |= set(MARK.findall(text)[:1])

    def lost(self, texts: Iterable[str]) -> list[str]:
        """What is on no note though nobody deleted it."""
        there = {mark for text in texts for mark in MARK.findall(text)}
        deleted = {mark for first in self.gone for mark in self._together.get(first, {first})}
        return [
            f"{mark} ({told})"
            for mark, told in self.written.items()
            if mark not in there and mark not in deleted
        ]

    @staticmethod
    def doubled(texts: Iterable[str]) -> list[str]:
        """What stands twice."""
        count = Counter(mark for text in texts for mark in MARK.findall(text))
        return [mark for mark, times in count.items() if times > 1]
