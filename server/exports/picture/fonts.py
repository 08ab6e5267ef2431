"""Fonts for a picture that travels alone: only the letters that are in it, packed as WOFF.

Pure Python over the tables of a TrueType font: glyphs keep their numbers, those that nobody needs
are emptied, and what compression then leaves of them is nearly nothing. Sources: OpenType 1.9
(glyf, loca, cmap formats 4 and 12), WOFF 1.0.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from server.exports.typst.child import FONTS

__all__ = ["FILES", "advance", "subset"]

FILES = {  # by face and weight; what is not here is the reader's machine's to show
    ("Atkinson Hyperlegible Next", 400): "AtkinsonHyperlegibleNext_400Regular.ttf",
    ("Atkinson Hyperlegible Next", 700): "AtkinsonHyperlegibleNext_700Bold.ttf",
    ("Noto Sans", 400): "NotoSans_400Regular.ttf",
    ("Noto Sans", 700): "NotoSans_700Bold.ttf",
    ("Noto Sans Arabic", 400): "NotoSansArabic_400Regular.ttf",
    ("Noto Sans Arabic", 700): "NotoSansArabic_700Bold.ttf",
    ("Noto Sans Hebrew", 400): "NotoSansHebrew_400Regular.ttf",
    ("Noto Sans Hebrew", 700): "NotoSansHebrew_700Bold.ttf",
    ("Noto Emoji", 400): "NotoEmoji_400Regular.ttf",
    ("Noto Emoji", 700): "NotoEmoji_700Bold.ttf",
}
SHAPED = ("Noto Sans Arabic", "Noto Sans Hebrew")  # their letters join by rules: kept whole
KEPT = ("OS/2", "head", "hhea", "maxp", "name", "cvt ", "fpgm", "prep")
MORE, WORDS, SCALE, TWO_SCALES, MATRIX = 0x20, 0x01, 0x08, 0x40, 0x80  # of a composite glyph
UNKNOWN = 0.61  # ems: a letter of DejaVu Sans Mono, which has our arrows and ticks
NO_NAMES = b"\0\3\0\0" + bytes(28)  # a `post` table of version 3

Tables = Mapping[str, bytes]


def subset(face: str, weight: int, chars: Iterable[str]) -> bytes:
    """A font (WOFF) that shows `chars`, as far as this face has them."""
    tables = tables_of(FONTS / FILES[face, weight])
    if face in SHAPED:
        return packed(tables)
    points = glyphs_of(tables["cmap"], sorted(map(ord, chars)))
    starts = starts_of(tables)
    kept = closed({0, *points.values()}, tables["glyf"], starts)
    count = max(kept) + 1
    outlines = [
        tables["glyf"][starts[n] : starts[n + 1]] if n in kept else b"" for n in range(count)
    ]
    return packed(
        {tag: body for tag, body in tables.items() if tag in KEPT}
        | {
            "head": tables["head"][:50] + b"\0\1" + tables["head"][52:],  # long offsets
            "maxp": tables["maxp"][:4] + struct.pack(">H", count) + tables["maxp"][6:],
            "glyf": b"".join(outlines),
            "loca": struct.pack(f">{count + 1}I", *ends(outlines)),
            "cmap": cmap_of(points),
            "post": NO_NAMES,
        }
        | widths_of(tables, count)
    )


@lru_cache(maxsize=len(FILES))
def tables_of(path: Path) -> Tables:
    """A font file cut into its tables."""
    body = path.read_bytes()
    (count,) = struct.unpack_from(">H", body, 4)
    found = {}
    for n in range(count):
        tag, _, start, length = struct.unpack_from(">4sIII", body, 12 + 16 * n)
        found[tag.decode("ascii")] = body[start : start + length]
    return found


@lru_cache(maxsize=8192)
def advance(face: str, weight: int, char: str) -> float:
    """How far a letter moves the next one, in ems; a guess for faces that are not ours."""
    if (face, weight) not in FILES:
        return UNKNOWN
    tables = tables_of(FONTS / FILES[face, weight])
    (wide,) = struct.unpack_from(">H", tables["hhea"], 34)
    glyph = glyphs_of(tables["cmap"], [ord(char)]).get(ord(char), 0)
    (units,) = struct.unpack_from(">H", tables["head"], 18)
    (moved,) = struct.unpack_from(">H", tables["hmtx"], 4 * min(glyph, wide - 1))
    return float(moved) / float(units)


def starts_of(tables: Tables) -> tuple[int, ...]:
    """Where each glyph begins in `glyf`, and where the last one ends."""
    loca = tables["loca"]
    if tables["head"][51]:
        return struct.unpack(f">{len(loca) // 4}I", loca)
    return tuple(2 * start for start in struct.unpack(f">{len(loca) // 2}H", loca))


def glyphs_of(cmap: bytes, points: Iterable[int]) -> dict[int, int]:
    """Numbers of glyphs by code point, without those that the font has not."""
    (count,) = struct.unpack_from(">H", cmap, 2)
    starts = [struct.unpack_from(">HHI", cmap, 4 + 8 * n)[2] for n in range(count)]
    formats = {struct.unpack_from(">H", cmap, start)[0]: start for start in starts}
    look = in_groups if 12 in formats else in_segments
    table = cmap[formats[12 if 12 in formats else 4] :]
    found = {point: look(table, point) for point in points}
    return {point: glyph for point, glyph in found.items() if glyph}


def in_groups(table: bytes, point: int) -> int:
    """The glyph of a code point by a table of format 12; 0 for none."""
    (count,) = struct.unpack_from(">I", table, 12)
    for first, last, glyph in struct.iter_unpack(">III", table[16 : 16 + 12 * count]):
        if first <= point <= last:
            return int(glyph) + point - int(first)
    return 0


def in_segments(table: bytes, point: int) -> int:
    """The same by a table of format 4, of the first plane only."""
    size = struct.unpack_from(">H", table, 6)[0] // 2
    if point > 0xFFFF:
        return 0
    ends = struct.unpack_from(f">{size}H", table, 14)
    at = next(n for n, end in enumerate(ends) if point <= end)
    first, delta, offset = (
        struct.unpack_from(">H", table, 16 + 2 * (part * size + at))[0] for part in (1, 2, 3)
    )
    if point < first:
        return 0
    if not offset:
        return int(point + delta) & 0xFFFF
    place = 16 + 2 * (3 * size + at) + offset + 2 * (point - first)
    glyph = struct.unpack_from(">H", table, place)[0]
    return int(glyph + delta) & 0xFFFF if glyph else 0


def closed(glyphs: set[int], glyf: bytes, starts: tuple[int, ...]) -> set[int]:
    """The same with all that they are put together from."""
    kept, waiting = set(glyphs), list(glyphs)
    while waiting:
        glyph = waiting.pop()
        parts = set(parts_of(glyf[starts[glyph] : starts[glyph + 1]])) - kept
        kept |= parts
        waiting += parts
    return kept


def parts_of(outline: bytes) -> Iterator[int]:
    """Glyphs that a composite glyph is put together from."""
    if len(outline) < 10 or outline[0] < 0x80:  # a count of contours that is not negative
        return
    at, more = 10, True
    while more:
        flags, part = struct.unpack_from(">HH", outline, at)
        yield part
        at += 8 if flags & WORDS else 6
        at += 2 if flags & SCALE else 4 if flags & TWO_SCALES else 8 if flags & MATRIX else 0
        more = bool(flags & MORE)


def ends(outlines: Iterable[bytes]) -> Iterator[int]:
    """Where each outline begins, one after the other, and where the last one ends."""
    at = 0
    yield at
    for outline in outlines:
        at += len(outline)
        yield at


def widths_of(tables: Tables, count: int) -> dict[str, bytes]:
    """`hmtx` of the first `count` glyphs, and the `hhea` that says how long it is."""
    (wide,) = struct.unpack_from(">H", tables["hhea"], 34)
    kept = min(wide, count)
    size = 4 * kept + 2 * (count - kept)
    hhea = tables["hhea"][:34] + struct.pack(">H", kept)
    return {"hmtx": tables["hmtx"][:size], "hhea": hhea}


def cmap_of(points: Mapping[int, int]) -> bytes:
    """Which glyph a code point is: a table of format 12, a group for each."""
    groups = b"".join(struct.pack(">III", at, at, glyph) for at, glyph in sorted(points.items()))
    table = struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, len(points)) + groups
    return struct.pack(">HHHHI", 0, 1, 3, 10, 12) + table


def packed(tables: Tables) -> bytes:
    """The tables as one WOFF file; the same bytes for the same tables."""
    entries, bodies, at, whole = [], [], 44 + 20 * len(tables), 12 + 16 * len(tables)
    for tag, body in sorted(tables.items()):
        small = zlib.compress(body, 9)
        stored = small if len(small) < len(body) else body
        entries.append(
            struct.pack(">4sIIII", tag.encode("ascii"), at, len(stored), len(body), checksum(body))
        )
        bodies.append(stored + bytes(-len(stored) % 4))
        at += len(bodies[-1])
        whole += len(body) + -len(body) % 4
    head = struct.pack(
        ">4s4sIHHIHHIIIII", b"wOFF", b"\0\1\0\0", at, len(tables), 0, whole, 1, 0, 0, 0, 0, 0, 0
    )
    return head + b"".join(entries) + b"".join(bodies)


def checksum(body: bytes) -> int:
    padded = body + bytes(-len(body) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF
