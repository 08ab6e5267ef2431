"""What a document will hold, before it is made: its contents in numbers, and its first page."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from server.exports import shared_typesetting
from server.exports.context import ExportContext
from server.exports.elsewhere import Elsewhere
from server.exports.errors import FormatUnknown
from server.exports.formats.pdf import large_pdf_job, tried, whole_pdf_job
from server.exports.formats.png import write_large_png
from server.exports.formats.report import report_job
from server.exports.sources import Unread
from server.exports.typst.pool import Limits
from server.exports.whole import Whole

__all__ = ["PICTURED", "Holds", "first_page", "look"]

PAGE_PPI = 60.0  # of a page of paper: 500 pixels wide
PICTURE_WIDTH = 500  # pixels of a board's picture
PICTURED = ("pdf", "report.pdf", "zip", "png", "svg")  # whose first page can be shown


@dataclass(frozen=True, slots=True)
class Holds:
    """How much of each kind a document will have. `results`: rounds of a survey."""

    boards: int
    notes: int
    votes: int
    links: int
    answers: int
    experiments: int
    groups: int
    results: int
    unreleased: int  # surveys without a round whose results are told
    hidden_votes: bool  # nobody is told yet


async def look(read: Unread | Whole, elsewhere: Elsewhere) -> Holds:
    """Boards are read in another process. Raises ExportFailed."""
    return await elsewhere.run(workshop_of(read), holds, read)


def holds(read: Unread | Whole) -> Holds:
    found = read.read()
    contexts = found if isinstance(found, list) else [found]
    boards = [context.board for context in contexts]
    shown = [context for context in contexts if not context.hides_votes]
    surveys = [context for context in contexts if context.board.kind == "survey"]
    return Holds(
        boards=len(boards),
        notes=sum(len(board.notes) for board in boards),
        votes=sum(note.votes for context in shown for note in context.board.notes),
        links=sum(len(board.links) for board in boards),
        answers=sum(1 for board in boards for text in board.answers.values() if text),
        experiments=sum(len(board.experiments) for board in boards),
        groups=len({group for context in contexts for group in context.groups}),
        results=sum(len(context.assessment) for context in surveys),
        unreleased=sum(not c.assessment and "results" not in c.without for c in surveys),
        hidden_votes=any(c.hides_votes and "votes" not in c.without for c in contexts),
    )


async def first_page(format: str, read: Unread | Whole, elsewhere: Elsewhere) -> bytes:
    """A small PNG. Raises FormatUnknown for one that is no picture, or ExportFailed."""
    typesetting, workshop = shared_typesetting(), workshop_of(read)
    if isinstance(read, Unread) and format in ("png", "svg"):
        small = replace(read, context=replace(read.context, width=PICTURE_WIDTH))
        return await write_large_png(small, typesetting, elsewhere)
    if format not in PICTURED:
        raise FormatUnknown(format)

    async def job(refused: Sequence[str], *, strict: bool) -> bytes:
        return await elsewhere.run(
            workshop, page_job, format, read, refused, strict=strict, limits=typesetting.limits
        )

    return await tried(job, workshop, typesetting)


def page_job(
    format: str, read: Any, refused: Sequence[str], *, strict: bool, limits: Limits
) -> bytes:
    """What the typesetter reads for a document, to be set in pixels; of many pages, it takes the
    first."""
    write: Callable[..., bytes] = whole_pdf_job
    if format == "report.pdf":
        write = report_job
    elif isinstance(read, Unread):
        write = large_pdf_job
    job = json.loads(write(read, refused, strict=strict, limits=limits))
    return json.dumps({**job, "format": "png", "ppi": PAGE_PPI}).encode("ascii")


def workshop_of(read: Unread | Whole) -> str:
    context: ExportContext = read.boards[0].context if isinstance(read, Whole) else read.context
    return context.workshop_id
