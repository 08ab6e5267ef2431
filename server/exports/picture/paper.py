"""A picture on paper: whole where its letters can be read so, else cut between its notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from server.exports.context import ExportContext
from server.exports.picture import Picture, picture_of
from server.i18n import t

__all__ = [
    "READABLE",
    "UPRIGHT",
    "Sheets",
    "across",
    "down",
    "evenly",
    "picture_across",
    "picture_down",
    "slices",
]

MAPS = ("notes", "grid")  # kinds of boards that have pictures; others are texts, as of themselves
UPRIGHT, ACROSS = (516.0, 664.0), (762.0, 420.0)  # points of a sheet that a picture has
READABLE = 5.5  # points: letters of a note on paper
LETTERS = 16  # units
ABOVE = 14.0  # units over a note that is the first of a slice: its group's letter
BELOW = 14.0  # and under the last one: its dots
ROOMS = (1_000, 1_400)  # as screens whose picture is read on an upright sheet

Slice = tuple[float, float]  # from where, how tall; units


@dataclass(frozen=True, slots=True)
class Sheet:
    """What of a picture stands on one page. `height` and `width`: points; `alt`: it in words."""

    svg: str
    width: float
    height: float
    alt: str


@dataclass(frozen=True, slots=True)
class Sheets:
    """A board's picture on as many pages as it needs. `flipped`: these lie across."""

    title: str
    sheets: tuple[Sheet, ...]
    flipped: bool = False


def picture_down(
    context: ExportContext, board: str, clean: Callable[[str], str], first: float, page: float
) -> Sheets | None:
    """The picture of a board with text before and after it; None where there is nothing to see.

    `board`: its name; `first`, `page`: as of `down`.
    """
    if not is_map(context):
        return None
    picture = picture_of(context, clean, headed=False, rooms=ROOMS)
    scale, cut = down(picture, first, page)
    title = t(context.language, "export.picture")
    return Sheets(title, tuple(sheets_of(context, board, picture, scale, cut)))


def picture_across(
    context: ExportContext, board: str, clean: Callable[[str], str]
) -> Sheets | None:
    """The same on pages of its own."""
    if not is_map(context):
        return None
    picture = picture_of(context, clean, headed=False, rooms=ROOMS)
    flipped, scale, cut = across(picture)
    return Sheets(board, tuple(sheets_of(context, board, picture, scale, cut)), flipped)


def is_map(context: ExportContext) -> bool:
    return context.board.kind in MAPS and bool(context.board.notes)


def down(picture: Picture, first: float, page: float) -> tuple[float, list[Slice]]:
    """Its scale and its slices where text follows it. `first`: points left on the page it begins
    on, `page`: on others.
    """
    wide, _ = UPRIGHT
    whole = min(wide / picture.width, first / picture.height)
    if LETTERS * whole >= READABLE:
        return whole, [(0.0, picture.height)]
    scale = wide / picture.width
    return scale, slices(picture, page / scale, first / scale)


def across(picture: Picture) -> tuple[bool, float, list[Slice]]:
    """Whether its pages lie across, its scale and its slices, on pages of their own."""
    for (wide, tall), flipped in ((UPRIGHT, False), (ACROSS, True)):
        whole = min(wide / picture.width, tall / picture.height)
        if LETTERS * whole >= READABLE:
            return flipped, whole, [(0.0, picture.height)]
    flipped = LETTERS * UPRIGHT[0] / picture.width < READABLE
    wide, tall = ACROSS if flipped else UPRIGHT
    scale = wide / picture.width
    return flipped, scale, evenly(picture, tall / scale)


def sheets_of(
    context: ExportContext, board: str, picture: Picture, scale: float, cut: Sequence[Slice]
) -> Iterator[Sheet]:
    """Each slice with what it shows in words; of several, each says which it is."""
    notes = t(context.language, "export.count", n=len(context.board.notes))
    tops = [top for top, _ in cut]
    for number, (top, tall) in enumerate(cut, start=1):
        named = f"{board} ({number}/{len(cut)})" if len(cut) > 1 else board
        until = tops[number] if number < len(cut) else picture.height
        yield Sheet(
            picture.part(top, tall, until),
            picture.width * scale,
            tall * scale,
            t(context.language, "export.picture_alt", board=named, notes=notes),
        )


def evenly(picture: Picture, most: float) -> list[Slice]:
    """The fewest slices, and of those the most even ones."""
    found = slices(picture, most)
    for share in range(20):
        tall = picture.height / len(found) + share / 20 * (most - picture.height / len(found))
        even = slices(picture, tall)
        if len(even) == len(found):
            return even
    return found


def slices(picture: Picture, most: float, first: float | None = None) -> list[Slice]:
    """Top and height of parts of a picture, so that every note is whole on one of them: on the one
    in which it begins. `first`: the most of the first one, where it is another.
    """
    found: list[Slice] = []
    top, room = 0.0, most if first is None else first
    while picture.height - top > room:
        after = cut_after(picture, top, room)
        found.append((top, lowest(picture, top, after, room) - top))
        top, room = after, most
    return [*found, (top, picture.height - top)]


def cut_after(picture: Picture, top: float, room: float) -> float:
    """Where the next slice begins."""
    low = top + room
    torn = [start for start, end in picture.notes if top < start - ABOVE < low < end + BELOW]
    after = min([top + room, *(start - ABOVE for start in torn)])
    return after if after > top else top + room  # one note is taller than a sheet


def lowest(picture: Picture, top: float, after: float, room: float) -> float:
    """How far down a slice reaches, for what begins on it to be whole."""
    ends = [end + BELOW for start, end in picture.notes if top <= start < after + ABOVE]
    return min(top + room, max([after, *ends]))
