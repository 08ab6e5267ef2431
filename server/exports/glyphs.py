"""What a typeset page can show, and text made fit for it.

A code point without a glyph makes Typst refuse the whole document (PDF/UA-1), so every text is
cleaned first: control characters go, what no font has becomes U+FFFD and is counted, and long
runs without a place to break get some.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

GLYPHS = Path(__file__).with_name("glyphs.txt")  # made by scripts/glyphs.py
REPLACEMENT = "\ufffd"
BREAK = "\u200b"  # zero width space: a line may end here
LONGEST_RUN = 28  # characters of a run without hyphenation that the narrowest column holds

LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
UNWANTED = ("Cc", "Cs")  # controls and lone surrogates: nothing that a person wrote
INVISIBLE = "\ufeff"  # a byte order mark; forbidden inside PDF/UA text
SAFE = frozenset(map(chr, range(0x20, 0x7F))) | frozenset("\näöåÄÖÅ–—’”·…")
LONG_RUN = re.compile(rf"\S{{{LONGEST_RUN + 1},}}")
LETTERS = re.compile(r"[^\W\d_]{1,60}\Z")  # one word, which the hyphenation takes care of
AFTER_SIGN = re.compile(r"(?<=[/?&=.,;:_\-+|])(?=\w)")


@cache
def ranges() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """First and last code points of the ranges in GLYPHS, each in rising order."""
    pairs = [line.split("-") for line in GLYPHS.read_text(encoding="ascii").split()]
    return (
        tuple(int(pair[0], 16) for pair in pairs),
        tuple(int(pair[-1], 16) for pair in pairs),
    )


def is_shown(char: str) -> bool:
    """Whether a font that exports carry has a glyph for this character."""
    firsts, lasts = ranges()
    place = bisect_right(firsts, ord(char)) - 1
    return place >= 0 and ord(char) <= lasts[place]


def ranges_text(points: Sequence[int]) -> str:
    """Rising code points as lines `first` or `first-last`, hexadecimal: the format of GLYPHS."""
    lines: list[list[int]] = []
    for point in points:
        if lines and lines[-1][-1] == point - 1:
            lines[-1] = [lines[-1][0], point]
        else:
            lines.append([point])
    return "".join("-".join(f"{point:x}" for point in line) + "\n" for line in lines)


@dataclass
class Cleaner:
    """Cleans the texts of one document and counts what could not be shown.

    `refused`: pieces of text that Typst refused although each character has a glyph (a mark on a
    letter of another font). `strict`: keep only what every font has; the last resort.
    """

    refused: Iterable[str] = ()
    strict: bool = False
    replaced: int = field(default=0, init=False)

    def clean(self, text: str) -> str:
        """Text that Typst can set: no control characters, no missing glyphs, breakable."""
        text = LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text))
        for piece in self.refused:
            self.replaced += text.count(piece)
            text = text.replace(piece, REPLACEMENT)
        return make_breakable("".join(map(self.show, text)))

    def show(self, char: str) -> str:
        """The character itself, nothing, or the replacement character (counted)."""
        if char in "\n\t":
            return " " if char == "\t" else char
        if unicodedata.category(char) in UNWANTED or char in INVISIBLE:
            return ""
        if char == REPLACEMENT or (char in SAFE if self.strict else is_shown(char)):
            return char
        self.replaced += 1
        return REPLACEMENT


def make_breakable(text: str) -> str:
    """Let long runs that no hyphenation knows (addresses, numbers, aaaa…) end their line."""
    return LONG_RUN.sub(lambda run: break_run(run[0]), text)


def break_run(run: str) -> str:
    if LETTERS.match(run):
        return run
    parts = AFTER_SIGN.sub(BREAK, run).split(BREAK)
    return BREAK.join(
        part[start : start + LONGEST_RUN]
        for part in parts
        for start in range(0, len(part), LONGEST_RUN)
    )
