"""A board as PNG: the same picture, set in pixels by Typst in a child process."""

import asyncio
from collections.abc import Sequence
from math import sqrt

from server.exports.context import ExportContext
from server.exports.elsewhere import Elsewhere
from server.exports.formats.pdf import tried
from server.exports.picture import Picture, picture_of
from server.exports.sources import Unread
from server.exports.typst.glyphs import Cleaner
from server.exports.typst.pool import Limits, Typesetting, job_of

__all__ = ["write_large_png", "write_png"]

TEMPLATE = "picture.typ"
SHARP = 2.0  # pixels for each unit, unless the picture is large
QUICK_PIXELS = 12_000_000  # of one that nobody has asked to be larger
MOST_PIXELS = 36_000_000
POINTS = 72  # an inch; the page is as many points as the picture has units


async def write_png(context: ExportContext, typesetting: Typesetting) -> bytes:
    """Raises ExportFailed when it cannot be made now; never because of what somebody wrote."""

    async def job(refused: Sequence[str], *, strict: bool) -> bytes:
        return await asyncio.to_thread(
            png_job, context, refused, strict=strict, limits=typesetting.limits
        )

    return await tried(job, context.workshop_id, typesetting)


async def write_large_png(unread: Unread, typesetting: Typesetting, elsewhere: Elsewhere) -> bytes:
    """The same of boards that are read in another process."""
    workshop = unread.context.workshop_id

    async def job(refused: Sequence[str], *, strict: bool) -> bytes:
        return await elsewhere.run(
            workshop, large_png_job, unread, refused, strict=strict, limits=typesetting.limits
        )

    return await tried(job, workshop, typesetting)


def png_job(
    context: ExportContext, refused: Sequence[str], *, strict: bool, limits: Limits
) -> bytes:
    """What the typesetter reads."""
    picture = picture_of(context, Cleaner(refused, strict).line)
    given = {"svg": picture.svg, "width": picture.width, "height": picture.height}
    at = int(context.exported_at.timestamp())
    return job_of(TEMPLATE, "png", given, at, limits, ppi=POINTS * pixels(picture, context.width))


def large_png_job(unread: Unread, refused: Sequence[str], *, strict: bool, limits: Limits) -> bytes:
    """The same from boards that nobody has read."""
    return png_job(unread.read(), refused, strict=strict, limits=limits)


def pixels(picture: Picture, width: int | None) -> float:
    """Pixels for each unit, so that the picture is `width` wide, and no larger than can be."""
    wanted, most = (SHARP, QUICK_PIXELS) if width is None else (width / picture.width, MOST_PIXELS)
    return min(wanted, sqrt(most / picture.width / picture.height))
