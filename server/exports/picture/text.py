"""Text in a picture: broken into lines by hand, and each line into what one font can show."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby

from boards.layout.measure import FONT_SIZE, IS_SPACE, PIECE, width_of
from server.exports.typst.glyphs import EMOJI_FACE, clusters, faces, has

__all__ = [
    "FACE",
    "SCRIPTS",
    "cut",
    "is_leftward",
    "is_sequence",
    "lines_of",
    "runs",
    "shown_by",
    "width",
]

FACE = "Atkinson Hyperlegible Next"
LATIN = re.compile("[ -~\u00a1-\u00ac\u00ae-\u00b4\u00b6-\u00ff–—’”“…•]*")  # which this face has
SCRIPTS = ("Noto Sans Arabic", "Noto Sans Hebrew")
LEFTWARD_LETTER = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
BOLD = 1.07  # how much wider than the letters that are measured
LEFTWARD = ("R", "AL")  # classes of letters, UAX #9


def width(text: str, size: float = FONT_SIZE, *, bold: bool = False) -> float:
    """About how wide a text is; rather too much."""
    return width_of(text) * size / FONT_SIZE * (BOLD if bold else 1)


def lines_of(text: str, room: float, size: float = FONT_SIZE, *, bold: bool = False) -> list[str]:
    """Lines of a text in `room` units of width, broken where boards.layout.measure does it."""
    inner = room * FONT_SIZE / size / (BOLD if bold else 1)
    return [line for one in text.split("\n") for line in _broken(one, inner)]


def _broken(line: str, room: float) -> Iterator[str]:
    kept, used = "", 0.0
    for piece in PIECE.findall(line):
        wide = width_of(piece)
        if used + wide <= room:
            kept, used = kept + piece, used + wide
        elif IS_SPACE.fullmatch(piece):
            used = room
        else:
            if kept:
                yield kept.rstrip()
            *full, kept = _parts(piece, room)
            yield from full
            used = width_of(kept)
    yield kept.rstrip()


def _parts(piece: str, room: float) -> Iterator[str]:
    """A word in pieces that fit, cut between what people see as letters."""
    part = ""
    for cluster in clusters(piece):
        if part and width_of(part + cluster) > room:
            yield part
            part = ""
        part += cluster
    yield part


def cut(lines: list[str], most: int) -> list[str]:
    """At most so many lines; a sign at the end of the last where there would be more."""
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], lines[most - 1].rstrip(" .,;:–-") + " …"]


def runs(text: str) -> Iterator[tuple[str, str]]:
    """A line in parts that one face shows: face, text. "" where none of ours has all of it."""
    if LATIN.fullmatch(text):
        yield FACE, text
        return
    if LEFTWARD_LETTER.search(text):  # one piece, or its words would change places
        yield next((face for face, _ in _parts_of(text) if face in SCRIPTS), FACE), text
        return
    yield from _parts_of(text)


def shown_by(text: str) -> dict[str, str]:
    """Letters of a text by the face of ours that has them, also of a line that is one piece."""
    found: dict[str, str] = {}
    for face, part in _parts_of(text):
        if face:
            found[face] = found.get(face, "") + part
    return found


def _parts_of(text: str) -> Iterator[tuple[str, str]]:
    found = ((_face_of(cluster), cluster) for cluster in clusters(text))
    for face, parts in groupby(found, key=lambda part: part[0]):
        yield face, "".join(cluster for _, cluster in parts)


def _face_of(cluster: str) -> str:
    """Emoji that are drawn as emoji come from one face, or from none: never in pieces."""
    return next((face for face in faces() if all(has(face, char) for char in cluster)), "")


def is_sequence(face: str, text: str) -> bool:
    """Whether emoji are joined in it: a font of single letters would show them in pieces."""
    return face == EMOJI_FACE and any(len(cluster) > 1 for cluster in clusters(text))


def is_leftward(text: str) -> bool:
    """Whether a text begins with a script that runs from right to left."""
    if text.isascii():
        return False
    strong = (unicodedata.bidirectional(char) for char in text)
    return next((kind in LEFTWARD for kind in strong if kind in ("L", *LEFTWARD)), False)
