"""Pictures in pixels for a document, made beside its text in the process that writes it.

pixels = Pixels(drawn, at)
...                         # write paragraphs; `pixels.boards` tells how large pictures are
document(..., pictures=pixels.taken)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

from server.exports.errors import ExportFailed
from server.exports.picture.paper import Sheet
from server.exports.typst import child
from server.exports.typst.glyphs import Cleaner

__all__ = ["Pixels"]

TEMPLATE = "sheets.typ"
PPI = 150.0  # as sharp as an office printer needs it

Boards = Sequence[Sequence[Sheet]]
Drawn = Callable[[Callable[[str], str]], Boards]  # by what makes a line fit to be set


class Pixels:
    """Sheets, which are set by Typst in a thread while their text is written."""

    def __init__(self, drawn: Drawn, at: int) -> None:
        self.boards = drawn(Cleaner().line)
        self._drawn, self._at = drawn, at
        with_thread = ThreadPoolExecutor(1)
        self._made = with_thread.submit(self._set)
        with_thread.shutdown(wait=False)

    def taken(self) -> list[bytes]:
        """A PNG for each of the sheets. Raises ExportFailed."""
        return self._made.result()

    def _set(self) -> list[bytes]:
        if not any(self.boards):
            return []
        try:
            return self._pages(self.boards)
        except BaseException:  # a panic of Typst's is no Exception
            plain = self._drawn(Cleaner((), strict=True).line)
        try:
            return self._pages(plain)
        except BaseException as error:
            # Its words may quote what somebody wrote, which is no business of the log.
            raise ExportFailed(f"a picture is refused: {type(error).__name__}") from None

    def _pages(self, boards: Boards) -> list[bytes]:
        job = {
            "template": TEMPLATE,
            "format": "png",
            "ppi": PPI,
            "timestamp": self._at,
            "inputs": [asdict(sheet) for sheets in boards for sheet in sheets],
        }
        return child.pages(job)
