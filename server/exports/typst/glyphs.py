"""What a typeset page can show, and text made fit for it.

A code point without a glyph makes Typst refuse the whole document (PDF/UA-1), so every text is
cleaned first: control characters go, what no font has becomes U+FFFD and is counted, and long
runs without a place to break get some.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

GLYPHS = Path(__file__).with_name("glyphs.txt")  # made by scripts/glyphs.py
REPLACEMENT = "\ufffd"
BREAK = "\u200b"  # zero width space: a line may end here
LONGEST_RUN = 28  # characters of a run without hyphenation that the narrowest column holds

LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
EMPTY_LINES = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*){2,}")  # two or more: one is enough
UNWANTED = ("Cc", "Cs")
INVISIBLE = (
    re.compile(  # signs to programs, not to readers, that fonts, PDF/UA or Typst stumble over
        "[\u034f\u061c\u180b-\u180f\u202a-\u202e\u2066-\u206f\ufe00-\ufe0d\ufeff\ufff9-\ufffb]"
        "|[\U000e0000-\U000e001f\U000e0080-\U000e0fff]"
    )
)
STRAY_TAGS = re.compile(  # tags that no black flag (of England, say) stands before
    "(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0020-\U000e007f]+"
)
STYLED = re.compile("(.)[\ufe0e\ufe0f]+", re.DOTALL)  # a character, and how to draw it
EMOJI_FACE = "Noto Emoji"
WIDE_SPACE = "\u3000"
MARKS = ("Mn", "Mc", "Me")
JOINER = "\u200d"
FLAG = "\U0001f1e6\U0001f1ff"  # from, to: two of these are a flag
SKIN = "\U0001f3fb\U0001f3ff"
TAG = "\U000e0020\U000e007f"
PLAIN = re.compile("[\n -~\u00a1-\u00ac\u00ae-\u017e–—’”“…•€]*")  # shown for sure, no marks
LONG_RUN = re.compile(rf"\S{{{LONGEST_RUN + 1},}}")
LETTERS = re.compile(r"[^\W\d_]{1,60}\Z")  # one word, which the hyphenation takes care of
AFTER_SIGN = re.compile(r"(?<=[/?&=.,;:_\-+|])(?=\w)")


@cache
def faces() -> dict[str, tuple[tuple[int, ...], tuple[int, ...]]]:
    """For each face, in the order they are tried: first and last code points of its ranges."""
    found = {}
    for block in GLYPHS.read_text(encoding="utf-8").split("\n\n"):
        face, *lines = block.split("\n")
        pairs = [line.split("-") for line in lines if line]
        firsts = tuple(int(pair[0], 16) for pair in pairs)
        found[face] = (firsts, tuple(int(pair[-1], 16) for pair in pairs))
    return found


@lru_cache(maxsize=8192)
def has(face: str, char: str) -> bool:
    """Whether this face shows this character."""
    firsts, lasts = faces()[face]
    place = bisect_right(firsts, ord(char)) - 1
    return place >= 0 and ord(char) <= lasts[place]


def is_shown(cluster: str) -> bool:
    """Whether one face shows all of it: Typst sets what belongs together in one face, or not."""
    return any(all(has(face, char) for char in cluster) for face in faces())


def clusters(text: str) -> Iterator[str]:
    """What people see as one sign: a character with its marks, emoji that are joined, flags.

    Coarser than Unicode's grapheme clusters never, finer sometimes (Hangul, Indic syllables).
    """
    start = 0
    for place in range(1, len(text)):
        if not is_joined(text, place, start):
            yield text[start:place]
            start = place
    if text:
        yield text[start:]


def is_joined(text: str, place: int, start: int) -> bool:
    """Whether the character at `place` belongs to the cluster that begins at `start`."""
    char, before = text[place], text[place - 1]
    if before in "\n\t" or char in "\n\t":
        return False
    if before == JOINER or is_mark(char):
        return True
    if FLAG[0] <= char <= FLAG[1]:
        return place - start == 1 and FLAG[0] <= before <= FLAG[1]
    return SKIN[0] <= char <= SKIN[1]


def is_mark(char: str) -> bool:
    """Whether a character only adds to the one before it."""
    return unicodedata.category(char) in MARKS or char == JOINER or TAG[0] <= char <= TAG[1]


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
        return make_breakable(EMPTY_LINES.sub("\n\n", self.line(text)).strip())

    def line(self, text: str) -> str:
        """The same of a line that is broken already."""
        text = LINE_ENDS.sub("\n", text).replace("\t", " ").replace(WIDE_SPACE, "  ")
        text = "".join(filter(is_wanted, STRAY_TAGS.sub("", INVISIBLE.sub("", text))))
        text = STYLED.sub(lambda found: found[0] if has(EMOJI_FACE, found[1]) else found[1], text)
        text = unicodedata.normalize("NFC", text)
        for piece in self.refused:
            self.replaced += text.count(piece) * len(piece)
            text = text.replace(piece, REPLACEMENT)
        return text if PLAIN.fullmatch(text) else "".join(map(self.show, clusters(text)))

    def show(self, cluster: str) -> str:
        """The cluster itself, or as much of it as there are glyphs for; the rest is counted."""
        if cluster in ("\n", REPLACEMENT) or PLAIN.fullmatch(cluster):
            return cluster
        if not self.strict and is_shown(cluster) and not is_mark(cluster[0]):
            return cluster
        if len(cluster) > 1:  # a mark that the letter's face lacks: the letter can stand alone
            return self.show(cluster[0]) + self.lost(len(cluster) - 1)
        return self.lost(1)

    def lost(self, characters: int) -> str:
        self.replaced += characters
        return REPLACEMENT


def is_wanted(char: str) -> bool:
    """Neither a control character nor a lone surrogate: nothing that a person wrote."""
    return char == "\n" or unicodedata.category(char) not in UNWANTED


def make_breakable(text: str) -> str:
    """Let long runs that no hyphenation knows (addresses, numbers, aaaa…) end their line."""
    return LONG_RUN.sub(lambda run: break_run(run[0]), text)


def break_run(run: str) -> str:
    """The same run with places to break: after a sign, else after LONGEST_RUN characters."""
    return run if LETTERS.match(run) else BREAK.join(pieces(run))


def pieces(run: str) -> Iterator[str]:
    """Parts of a run, none much longer than LONGEST_RUN, none cutting a cluster in two."""
    for part in AFTER_SIGN.sub(BREAK, run).split(BREAK):
        piece = ""
        for cluster in clusters(part):
            if len(piece) >= LONGEST_RUN:
                yield piece
                piece = ""
            piece += cluster
        yield piece
