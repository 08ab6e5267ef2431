"""A board as PDF: PDF/UA-1 and PDF/A-2a, typeset by Typst in a child process."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC
from typing import Any, Protocol

from server.exports.context import ExportContext
from server.exports.elsewhere import Elsewhere
from server.exports.errors import ExportFailed
from server.exports.picture.paper import picture_down
from server.exports.picture.text import lines_of
from server.exports.sources import Unread
from server.exports.typst.glyphs import Cleaner
from server.exports.typst.pool import UNNAMED, Limits, Refused, Typesetting, job_of
from server.exports.view.build import view_of
from server.exports.view.model import Block, Grid, Section, View, Zone
from server.i18n import t

log = logging.getLogger(__name__)

TEMPLATE = "board.typ"
TRIES = 5  # times that Typst may name something it cannot show; then only the plainest signs
OURS = ("kind", "color", "language")  # keys of a View whose texts choose, and are not shown
PAGE, TEXT = 726.0, 482.0  # points of a page between its margins: height, width
LABELS = (
    "contents",
    "overview",
    "most_votes",
    "row",
    "page",
    "empty_zone",
    "empty_cell",
    "empty_note",
    "empty_answer",
    "empty_field",
    "empty_board",
    "theme",
    "statement",
    "mean",
    "withheld",
    "comments",
)


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a board's picture, in points. `bare`: without lines of title and intro.

    It is only so exact as to tell how much of the picture has room under it (template/head.typ).
    """

    bare: float
    title: Callable[[View], str]
    beside: float  # the title

    def height(self, view: View) -> float:
        title = lines_of(self.title(view), TEXT - self.beside, 25, bold=True)
        intro = lines_of(view.intro, 0.88 * TEXT, 12) if view.intro else []
        return self.bare + 33.5 * len(title) + 16.5 * len(intro)


HEAD = Head(155, lambda view: view.workshop, 74)
CHAPTER = Head(105, lambda view: view.board, 0)


async def write_pdf(context: ExportContext, typesetting: Typesetting) -> bytes:
    """Raises ExportFailed when it cannot be made now; never because of what somebody wrote."""
    view = await asyncio.to_thread(view_of, context)

    async def job(refused: Sequence[str], *, strict: bool) -> bytes:
        return await asyncio.to_thread(
            pdf_job, context, view, refused, strict=strict, limits=typesetting.limits
        )

    return await tried(job, context.workshop_id, typesetting)


async def write_large_pdf(unread: Unread, typesetting: Typesetting, elsewhere: Elsewhere) -> bytes:
    """The same of boards that are read in another process, anew for each try."""
    workshop = unread.context.workshop_id

    async def job(refused: Sequence[str], *, strict: bool) -> bytes:
        return await elsewhere.run(
            workshop, large_pdf_job, unread, refused, strict=strict, limits=typesetting.limits
        )

    return await tried(job, workshop, typesetting)


async def write_whole_pdf(
    whole: "Readable", workshop: str, typesetting: Typesetting, elsewhere: Elsewhere
) -> bytes:
    """All boards of a workshop in one document, which are read in another process."""

    async def job(refused: Sequence[str], *, strict: bool) -> bytes:
        return await elsewhere.run(
            workshop, whole_pdf_job, whole, refused, strict=strict, limits=typesetting.limits
        )

    return await tried(job, workshop, typesetting)


class Readable(Protocol):
    """Boards that nobody has read yet."""

    def read(self) -> Sequence[ExportContext]: ...


class Job(Protocol):
    """Makes what the typesetter reads, without texts that it refused."""

    async def __call__(self, refused: Sequence[str], *, strict: bool) -> bytes: ...


async def tried(job: Job, workshop: str, typesetting: Typesetting) -> bytes:
    """The document, as soon as nothing is in it that Typst refuses; all tries in one deadline."""
    try:
        async with asyncio.timeout(typesetting.limits.seconds):
            return await until_taken(job, workshop, typesetting)
    except TimeoutError:
        raise ExportFailed(f"not finished within {typesetting.limits.seconds} s") from None


async def until_taken(job: Job, workshop: str, typesetting: Typesetting) -> bytes:
    refused: list[str] = []
    while True:
        strict = len(refused) == TRIES or UNNAMED in refused
        made = await job([text for text in refused if text], strict=strict)
        try:
            return await typesetting.run_job(workshop, made)
        except Refused as error:
            if strict:
                raise ExportFailed(f"refused in the simplest form: {error.reason}") from None
            log.warning("a board needs another try: %s", error.reason)
            refused.append(error.text)


def pdf_job(
    context: ExportContext, view: View, refused: Sequence[str], *, strict: bool, limits: Limits
) -> bytes:
    """What the typesetter reads."""
    cleaner = Cleaner(refused, strict)
    given = inputs(context, [view], cleaner, whole=False)
    given["views"][0]["picture"] = picture(context, view, cleaner, HEAD)
    return job_of(TEMPLATE, "pdf", given, at(context), limits)


def large_pdf_job(unread: Unread, refused: Sequence[str], *, strict: bool, limits: Limits) -> bytes:
    """The same from boards that nobody has read."""
    context = unread.read()
    return pdf_job(context, view_of(context), refused, strict=strict, limits=limits)


def whole_pdf_job(
    whole: Readable, refused: Sequence[str], *, strict: bool, limits: Limits
) -> bytes:
    """The same for all boards of a workshop."""
    contexts = whole.read()
    views = [view_of(context) for context in contexts]
    cleaner = Cleaner(refused, strict)
    given = inputs(contexts[0], views, cleaner, whole=True)
    for told, context, view in zip(given["views"], contexts, views, strict=True):
        told["picture"] = picture(context, view, cleaner, CHAPTER)
        told["short"] = view.is_short
    return job_of(TEMPLATE, "pdf", given, at(contexts[0]), limits)


def picture(
    context: ExportContext, view: View, cleaner: Cleaner, head: Head
) -> dict[str, Any] | None:
    """The board as it looks, from the first page on; None where nothing is to be seen."""
    first = PAGE - head.height(view)
    found = picture_down(context, cleaner.clean(view.board), cleaner.line, first, PAGE)
    return asdict(found) if found else None


def at(context: ExportContext) -> int:
    return int(context.exported_at.timestamp())


def inputs(
    context: ExportContext, views: Sequence[View], cleaner: Cleaner, *, whole: bool
) -> dict[str, Any]:
    """What board.typ reads. `whole`: whether it is a workshop's document, and not one board's."""
    moment = context.exported_at.astimezone(UTC)
    cleaned = [clean(asdict(view), cleaner.clean) for view in views]
    return {
        "whole": whole,
        "views": cleaned,
        "labels": labels(context.language, views),
        "at": [moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second],
        "note": note(context.language, cleaner.replaced),
    }


def clean(value: Any, change: Callable[[str], str]) -> Any:
    """The same value with every text in it changed, but for the words of the program itself."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {k: item if k in OURS else clean(item, change) for k, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item, change) for item in value]
    return value


def note(language: str, replaced: int) -> str:
    """What stands at the end when characters could not be shown."""
    return t(language, "export.unshown", n=replaced) if replaced else ""


def labels(language: str, views: Sequence[View]) -> dict[str, Any]:
    """The words of the template, and every counted thing in the number it is needed in."""

    def say(key: str, n: int) -> str:
        return t(language, f"export.{key}", n=n)

    return {
        **{key: t(language, f"export.{key}") for key in LABELS},
        "evidence": t(language, "answers.evidence"),
        "counts": {str(n): say("count", n) for view in views for n in counts(view.sections)},
        "votes": {str(n): say("votes", n) for view in views for n in votes(view)},
    }


def counts(sections: Iterable[Section]) -> set[int]:
    return {section.count for section in sections if isinstance(section, Zone)}


def votes(view: View) -> set[int]:
    """Every number of votes that is shown: of single notes, and of themes."""
    found = list(blocks(view))
    shown = [*view.top, *(card for block in found for card in block.cards)]
    return {card.votes for card in shown} | {block.votes for block in found}


def blocks(view: View) -> Iterable[Block]:
    """Every block of notes of the document."""
    for section in view.sections:
        if isinstance(section, Zone):
            yield from section.blocks
        elif isinstance(section, Grid):
            for row in section.rows:
                for cell in row.cells:
                    yield from cell
