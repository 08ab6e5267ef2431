"""Boards as pictures in a Word document, each on as many pages as it needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate

from server.exports.context import ExportContext
from server.exports.office.word import picture
from server.exports.picture.paper import Sheet, picture_down
from server.exports.picture.pixels import Pixels
from server.exports.picture.text import lines_of
from server.exports.view.model import View

__all__ = ["PAGE", "Pictures", "intro_height"]

PAGE, TEXT = 715.0, 482.0  # points of a page between its margins: height, width


class Pictures:
    """What boards look like.

    `above`: points that are taken of the page on which each begins, told the points that the last
    sheet of the picture before it has.
    """

    def __init__(
        self,
        contexts: Sequence[ExportContext],
        views: Sequence[View],
        above: Callable[[View, float], float],
    ) -> None:
        self._boards = list(zip(contexts, views, strict=True))
        self._above = above
        self._pixels = Pixels(self._drawn, int(contexts[0].exported_at.timestamp()))
        counts = (len(sheets) for sheets in self._pixels.boards)
        self._before = list(accumulate(counts, initial=0))
        self.taken = self._pixels.taken

    def of(self, board: int) -> list[str]:
        """A paragraph for each page of a board's picture; none where nothing is to be seen."""
        return [
            picture(number, sheet.width, sheet.height, sheet.alt)
            for number, sheet in enumerate(
                self._pixels.boards[board], start=self._before[board] + 1
            )
        ]

    def _drawn(self, clean: Callable[[str], str]) -> list[Sequence[Sheet]]:
        found: list[Sequence[Sheet]] = []
        before = 0.0
        for context, view in self._boards:
            first = PAGE - self._above(view, before)
            each = picture_down(context, view.board, clean, first, PAGE)
            found.append(each.sheets if each else ())
            before = found[-1][-1].height if found[-1] else before
        return found


def intro_height(view: View) -> float:
    """What a board's introduction takes, in points."""
    return 15.0 * len(lines_of(view.intro, TEXT, 11)) + 6 if view.intro else 0.0
