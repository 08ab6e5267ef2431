"""What people write, made plain; and how two of one name are told apart (pure).

A text from an office program brings along what no field can hold: tabs, its own line ends, control
characters, marks that turn the direction of what stands beside them. Nobody put those there on
purpose, so they are made plain and never refused. Twin: client `text/plain.ts` (texts.json).
Source: Unicode 15, UAX #9 (directional formatting), UAX #14 (BK, NL), UTR #36.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal, get_args

__all__ = [
    "LANGUAGES",
    "Language",
    "folded",
    "is_visible",
    "plain_line",
    "plain_lines",
    "told_apart",
]

Language = Literal["fi", "sv", "en"]  # of workbooks, documents and pages
LANGUAGES: tuple[Language, ...] = get_args(Language)

LINE_ENDS = re.compile("\r\n|[\r\v\f\x1d\x85\u2028\u2029]")
DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufff9-\ufffb]")
UNSEEN_IN_NAMES = re.compile("[\u00ad\u200b\u2060]")
SPACES = re.compile(r"\s+")
# Letters and marks to Unicode, blank to the eye: fillers, the empty Braille cell, a null note head.
BLANK = frozenset("\u115f\u1160\u2065\u2800\u3164\uffa0\U0001d159")
TAGS = range(0xE0000, 0xE1000)
# What formats and is not seen: all of it stands in the first two planes and among the tags.
FORMATS = {
    code: None for code in (*range(0x20000), *TAGS) if unicodedata.category(chr(code)) == "Cf"
}

# Fillers, and what chooses between shapes: letters and marks to Unicode, nothing to the eye.
UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)
# Marks that made no letter of any alphabet with the one before. Vowel signs are none of them.
MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)

# Small letters of Cyrillic and Greek that, small or large, look like Latin ones. Source: Unicode,
# UTS #39, confusables: those that names are made of.
CYRILLIC = (
    "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445"
    "\u0456\u0458\u0455\u0501\u04bb\u051b\u051d\u04cf\u04d3\u04e7\u0451"
)
GREEK = "\u03b1\u03b2\u03b5\u03b6\u03b7\u03b9\u03ba\u03bc\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7"
LOOK_ALIKES = str.maketrans(
    CYRILLIC + GREEK, "abekmhopctyxijsdhqwl\u00e4\u00f6\u00eb" + "abezhikmnoptyx"
)


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
    """A name as an eye compares it: without case, width, alphabet, stray marks and what cannot be
    seen."""
    if not text.isascii():
        text = UNSEEN.sub("", text.translate(FORMATS))
        text = MARKS.sub("", unicodedata.normalize("NFKC", text).lower()).translate(LOOK_ALIKES)
    return SPACES.sub(" ", text.lower()).strip()


def told_apart(names: Iterable[str]) -> list[str]:
    """The same names, oldest first; of those alike, all but the first with a number: "Anna (2)".

    Each is looked at once: five hundred of one name take no longer than of five hundred.
    """
    taken: set[str] = set()
    numbers: dict[str, int] = {}  # by name as folded: those up to here are taken
    shown: list[str] = []
    for name in names:
        own = alike = folded(name)
        number = numbers.get(alike, 1)
        while own in taken:
            number += 1
            own = f"{alike} ({number})".strip()
        taken.add(own)
        numbers[alike] = number
        shown.append(name if own == alike else f"{name} ({number})")
    return shown


def _leaves_ink(character: str) -> bool:
    kind = unicodedata.category(character)
    if kind[0] in "ZM" or kind in ("Cc", "Cf", "Cs"):
        return False
    return character not in BLANK and ord(character) not in TAGS
