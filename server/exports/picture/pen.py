"""Draws an SVG: boxes, lines, and text that stays text. Units are board units.

Two kinds of readers: the typesetter, which has our fonts, and anybody else's program.
"""

from __future__ import annotations

import base64
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from boards.layout.measure import FONT_SIZE
from server.exports.picture.fonts import FILES, advance, subset
from server.exports.picture.text import FACE, SCRIPTS, is_leftward, is_sequence, runs, shown_by
from server.exports.plain import plain

__all__ = ["Pen", "tone"]

LOOK = Path(__file__).parents[1] / "typst" / "template" / "look.typ"
TOKEN = re.compile(r'"([\w-]+)": "(#[0-9a-f]{6})"')
RIGHT_TO_LEFT = "\u200f"
SYSTEM = "sans-serif, 'Apple Color Emoji', 'Segoe UI Emoji', 'Noto Color Emoji'"
Span = tuple[float, float]
EVERYWHERE: Span = (float("-inf"), float("inf"))
NOWHERE: Span = (float("inf"), float("-inf"))  # until something is in it
SHARES = {"start": 0.0, "middle": 0.5, "end": 1.0}  # of a line's width before where it stands
EMOJI = "'Apple Color Emoji', 'Segoe UI Emoji', 'Noto Color Emoji', sans-serif"


@cache
def tokens() -> dict[str, str]:
    """The colours of every page, which look.typ has."""
    return dict(TOKEN.findall(LOOK.read_text(encoding="utf-8")))


def tone(name: str) -> str:
    return tokens()[name]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a line of text stands, and how it is set."""

    x: float
    y: float
    size: float
    bold: bool
    anchor: str

    def element(self, told: str) -> str:
        at = f' text-anchor="{self.anchor}"' if self.anchor != "start" else ""
        return f'<tspan x="{self.x:g}" y="{self.y:g}"{at}>{told}</tspan>'

    def width(self, face: str, text: str) -> float:
        weight = 700 if self.bold else 400
        return self.size * sum(advance(face, weight, char) for char in text)


class Pen:
    """Collects what is drawn. `clean`: makes a line fit for the one reader that has our fonts; for
    anybody's, where it is None, the letters that are used come with the picture.
    """

    def __init__(self, clean: Callable[[str], str] | None = None) -> None:
        self.alone = clean is None
        self.clean = clean or plain
        self.parts: list[str] = []
        self.spans: list[Span] = []  # from where to where each part reaches
        self.open: list[int] = []  # which parts began what is not at its end yet
        self.whole: list[tuple[int, int]] = []  # first and last part of what is never cut
        self.ground = ""
        self.used: dict[tuple[str, int], set[str]] = defaultdict(set)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str,
        *,
        radius: float = 0,
        stroke: str = "",
        thick: float = 1,
        more: str = "",
    ) -> None:
        """A filled box. `more`: further attributes."""
        line = f' stroke="{stroke}" stroke-width="{thick:g}"' if stroke else ""
        round = f' rx="{radius:g}"' if radius else ""
        self.put(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
            f'{round} fill="{fill}"{line}{more}/>',
            (y - thick, y + height + thick),
        )

    def path(
        self,
        d: str,
        *,
        fill: str = "none",
        stroke: str = "",
        thick: float = 2,
        span: Span = EVERYWHERE,
    ) -> None:
        """`span`: from where to where it reaches, for a picture that is cut into sheets."""
        line = f' stroke="{stroke}" stroke-width="{thick:g}"' if stroke else ""
        self.put(f'<path d="{d}" fill="{fill}"{line}/>', span)

    def dot(self, x: float, y: float, radius: float, fill: str) -> None:
        self.put(
            f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{fill}"/>',
            (y - radius, y + radius),
        )

    def lay_ground(self, width: float, height: float) -> None:
        """The paper under all that is drawn."""
        self.ground = f'<rect width="{width:g}" height="{height:g}" fill="{tone("paper")}"/>'

    def put(self, part: str, span: Span) -> None:
        """One more part, which also makes what it belongs to reach so far."""
        self.parts.append(part)
        self.spans.append(span)
        for at in self.open:
            top, low = self.spans[at]
            self.spans[at] = (min(top, span[0]), max(low, span[1]))

    def begin(self, name: str = "", *, title: str = "") -> None:
        """What follows belongs together until `end`. `title`: also shown under a pointer."""
        label = f" aria-label={quoteattr(plain(name))}" if name else ""
        role = ' role="group"' if name else ""
        told = f"<title>{escape(plain(title))}</title>" if title else ""
        self.put(f"<g{role}{label}>{told}", NOWHERE)
        self.open.append(len(self.parts) - 1)

    def end(self, *, whole: bool = False) -> None:
        """`whole`: it is on one sheet of paper, where a picture is cut."""
        first = self.open.pop()
        self.put("</g>", self.spans[first])
        if whole:
            self.whole.append((first, len(self.parts)))

    def text(
        self,
        x: float,
        y: float,
        lines: Iterable[str],
        *,
        size: float = FONT_SIZE,
        height: float = 0,
        bold: bool = False,
        fill: str = "ink",
        anchor: str = "start",
        right: float | None = None,
    ) -> None:
        """Lines under each other; `y`: the first one's base line, `height`: from line to line.

        `right`: where lines begin that run from right to left.
        """
        told: list[str] = []
        low = y
        for n, line in enumerate(map(self.clean, lines)):
            if line.strip():
                low = y + n * height + size / 2
                told += self.line(Spot(x, y + n * height, size, bold, anchor), line, right)
        if told:
            weight = ' font-weight="700"' if bold else ""
            colour = f' fill="{tone(fill) if not fill.startswith("#") else fill}"'
            size_ = f' font-size="{size:g}"' if size != FONT_SIZE else ""
            self.put(f"<text{size_}{weight}{colour}>{''.join(told)}</text>", (y - size, low))

    def line(self, spot: Spot, line: str, right: float | None) -> Iterator[str]:
        if right is not None and is_leftward(line):
            line = f"{RIGHT_TO_LEFT}{line}{RIGHT_TO_LEFT}"
            spot = replace(spot, x=right, anchor="end")
        found = list(runs(line))
        if self.alone or len(found) == 1:
            told = "".join(self.run(face, text, spot.bold) for face, text in found)
            yield spot.element(told)
            return
        # The typesetter takes one face for all of a piece of text: each run is a piece of its own.
        widths = [spot.width(face, text) for face, text in found]
        x = spot.x - SHARES[spot.anchor] * sum(widths)
        for (face, text), wide in zip(found, widths, strict=True):
            yield replace(spot, x=x, anchor="start").element(self.run(face, text, spot.bold))
            x += wide

    def run(self, face: str, text: str, bold: bool) -> str:
        weight = 700 if bold else 400
        if self.alone and is_sequence(face, text):
            return f'<tspan font-family="{EMOJI}">{escape(text)}</tspan>'
        letters = {face: text}
        if self.alone and face in SCRIPTS:  # a line that is one piece may hold letters of others
            letters |= shown_by(text)
        for each, some in letters.items():
            if self.alone and (each, weight) in FILES:
                self.used[each, weight].update(some)
        if face in (FACE, ""):
            return escape(text)
        return f'<tspan font-family="{", ".join(map(quoted, letters))}">{escape(text)}</tspan>'

    def document(
        self,
        width: float,
        height: float,
        *,
        title: str = "",
        description: str = "",
        language: str,
        top: float = 0,
        until: float = EVERYWHERE[1],
    ) -> str:
        """The file. `top`, `height`: what is seen. What is never cut is in it if it begins from
        `top` on and before `until`.
        """
        seen = "".join(self.seen(top, top + height, until))
        family = f"'{FACE}', {SYSTEM}" if self.alone else f"'{FACE}'"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
            f'viewBox="0 {top:g} {width:g} {height:g}" lang="{language}" xml:lang="{language}" '
            'aria-labelledby="title" aria-describedby="about">'
            f'<title id="title">{escape(plain(title))}</title>'
            f'<desc id="about">{escape(plain(description))}</desc>{self.style()}'
            f'<g font-family="{family}" font-size="{FONT_SIZE:g}" '
            f'xml:space="preserve">{self.ground}{seen}</g></svg>\n'
        )

    def seen(self, top: float, low: float, until: float) -> Iterator[str]:
        """Parts that reach in there, in the order in which they were drawn."""
        done = 0
        for first, end in self.whole:
            yield from self.reaching(done, first, top, low)
            if top <= self.spans[first][0] < until:
                yield from self.parts[first:end]
            done = end
        yield from self.reaching(done, len(self.parts), top, low)

    def reaching(self, first: int, end: int, top: float, low: float) -> Iterator[str]:
        for at in range(first, end):
            if self.spans[at][0] < low and self.spans[at][1] > top:
                yield self.parts[at]

    def style(self) -> str:
        """The letters that are used, where they have to come with the picture."""
        rules = "".join(
            f"@font-face{{font-family:'{face}';font-weight:{weight};"
            f"src:url(data:font/woff;base64,{encoded(face, weight, chars)}) format('woff')}}"
            for (face, weight), chars in sorted(self.used.items())
        )
        return f"<style>{rules}</style>" if rules else ""


def quoted(face: str) -> str:
    return f"'{face}'"


def encoded(face: str, weight: int, chars: Iterable[str]) -> str:
    return base64.b64encode(subset(face, weight, chars)).decode("ascii")
