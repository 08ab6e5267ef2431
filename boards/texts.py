"""What people write, made plain; and how two of one name are told apart (pure).

A text from an office program brings along what no field can hold: tabs, its own line ends, control
characters, marks that turn the direction of what stands beside them. Nobody put those there on
purpose, so they are made plain and never refused. Twin: client `lib/plain.ts`; vectors: texts.json.
Source: Unicode 15, UAX #9 (directional formatting), UAX #14 (BK, NL), UTR #36.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

__all__ = ["folded", "is_visible", "plain_line", "plain_lines", "told_apart"]

LINE_ENDS = re.compile("\r\n|[\r\v\f\x1d\x85\u2028\u2029]")
DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufff9-\ufffb]")
UNSEEN_IN_NAMES = re.compile("[\u00ad\u200b\u2060]")
SPACES = re.compile(r"\s+")
# Letters and marks to Unicode, blank to the eye: fillers, the empty Braille cell, a null note head.
BLANK = frozenset("\u115f\u1160\u2065\u2800\u3164\uffa0\U0001d159")
TAGS = range(0xE0000, 0xE1000)


def plain_lines(text: str) -> str:
    """A text of several lines, each ended by \\n; spaces for tabs, and nothing that turns it."""
    ended = LINE_ENDS.sub("\n", text).replace("\t", " ")
    return unicodedata.normalize("NFC", CONTROLS.sub("", DIRECTIONS.sub("", ended)))


def plain_line(text: str) -> str:
    """A name or a title: one line, trimmed, one space between words."""
    return SPACES.sub(" ", plain_lines(UNSEEN_IN_NAMES.sub("", text))).strip()


def is_visible(text: str) -> bool:
    """Whether anything of it leaves ink: more than spaces, fillers, marks and formats."""
    return any(map(_leaves_ink, text))


def folded(text: str) -> str:
    """A name as an eye compares it: without case, width and what cannot be seen."""
    shown = (c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return SPACES.sub(" ", "".join(shown).lower()).strip()


def told_apart(names: Iterable[str]) -> list[str]:
    """The same names, oldest first; of those alike, all but the first with a number: "Anna (2)"."""
    taken: set[str] = set()
    shown: list[str] = []
    for name in names:
        own, number = name, 1
        while folded(own) in taken:
            number += 1
            own = f"{name} ({number})"
        taken.add(folded(own))
        shown.append(own)
    return shown


def _leaves_ink(character: str) -> bool:
    kind = unicodedata.category(character)
    if kind[0] in "ZM" or kind in ("Cc", "Cf", "Cs"):
        return False
    return character not in BLANK and ord(character) not in TAGS
