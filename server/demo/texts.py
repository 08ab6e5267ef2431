"""What the simulated people are called, write and say: texts.toml, per language."""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["ShuffledTexts", "Texts", "load_texts"]


@dataclass(frozen=True)
class Texts:
    """One language. `challenges` and `inspirations` are notes for the zones of those names.

    `themes`: what some of them may be put together under.
    """

    title: str
    nicknames: tuple[str, ...]
    challenges: tuple[str, ...]
    inspirations: tuple[str, ...]
    remarks: tuple[str, ...]
    themes: tuple[str, ...]
    split: str
    gathered: str
    choose: str

    def nickname(self, number: int) -> str:
        """A name for person `number` from 0; past the last one they are numbered."""
        name = self.nicknames[number % len(self.nicknames)]
        lap = number // len(self.nicknames)
        return f"{name} {lap + 1}" if lap else name

    def notes_for(self, zone: str) -> tuple[str, ...]:
        """Texts that belong into `zone`; any text where the zone is of another board."""
        by_zone = {"challenges": self.challenges, "inspirations": self.inspirations}
        return by_zone.get(zone, self.challenges + self.inspirations)


@cache
def load_texts(language: str) -> Texts:
    """The texts in `language` (fi, sv, en)."""
    table: dict[str, Any] = tomllib.loads(
        files(__package__).joinpath("texts.toml").read_text(encoding="utf-8")
    )[language]
    return Texts(**{field.name: frozen(table[field.name]) for field in fields(Texts)})


def frozen(value: Any) -> Any:
    """A string as it is, a list as a tuple."""
    return tuple(value) if isinstance(value, list) else value


class ShuffledTexts:
    """Texts in random order, each out only once at a time: no two people write the same."""

    def __init__(self, texts: tuple[str, ...], dice: random.Random) -> None:
        self._texts = texts
        self._left = list(texts)
        self._dice = dice
        dice.shuffle(self._left)

    def draw(self) -> str | None:
        """The next text; None while all are out."""
        return self._left.pop() if self._left else None

    def put_back(self, note: str) -> None:
        """A note was thrown away: the text that it began with may be written again."""
        for text in self._texts:
            if note.startswith(text) and text not in self._left:
                self._left.insert(self._dice.randint(0, len(self._left)), text)
