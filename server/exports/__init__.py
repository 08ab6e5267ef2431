"""Boards as documents that leave the house: data, text, and a PDF for those who were not there.

    document = await export_board("pdf", ExportContext(...))

A format is one entry in `FORMATS`. Written formats share server.exports.view; a further one (or a
document of a whole workshop) is a function from an ExportContext to bytes.
"""

import asyncio
import re
import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from server.errors import FormatUnknown
from server.exports.calendar import write_calendar
from server.exports.context import ExportContext, Exported, GroupMark, Neighbour
from server.exports.errors import ExportFailed
from server.exports.json_format import write_json
from server.exports.markdown import write_markdown
from server.exports.pdf import write_pdf
from server.exports.typesetting import Limits, Typesetting
from server.exports.wording import words

__all__ = [
    "FORMATS",
    "ExportContext",
    "ExportFailed",
    "Exported",
    "Format",
    "GroupMark",
    "Limits",
    "Neighbour",
    "Typesetting",
    "export_board",
]

NAME_LENGTH = 80  # characters of a file name before its date
NO_NAME = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Format:
    """One way out. `write` never blocks the event loop."""

    media_type: str
    write: Callable[[ExportContext, Typesetting], Awaitable[bytes]]


def aside(
    write: Callable[[ExportContext], bytes],
) -> Callable[[ExportContext, Typesetting], Awaitable[bytes]]:
    """A plain function as a Format's `write`: it runs in a thread."""

    async def run(context: ExportContext, _: Typesetting) -> bytes:
        return await asyncio.to_thread(write, context)

    return run


FORMATS = {
    "json": Format("application/json", aside(write_json)),
    "md": Format("text/markdown; charset=utf-8", aside(write_markdown)),
    "pdf": Format("application/pdf", write_pdf),
    "ics": Format("text/calendar; charset=utf-8", aside(write_calendar)),
}

_typesettings: WeakKeyDictionary[asyncio.AbstractEventLoop, Typesetting] = WeakKeyDictionary()


async def export_board(
    format: str, context: ExportContext, typesetting: Typesetting | None = None
) -> Exported:
    """The board as a document. Equal contexts give equal bytes.

    `typesetting` hands out the turns of the server (one per event loop unless given).
    Raises FormatUnknown, or ExportFailed when it cannot be made now.
    """
    chosen = FORMATS.get(format)
    if chosen is None:
        raise FormatUnknown(format)
    body = await chosen.write(context, typesetting or shared_typesetting())
    return Exported(body, chosen.media_type, f"{file_stem(context)}.{format}")


def shared_typesetting() -> Typesetting:
    """The one of the running event loop, so that its limits hold for the whole server."""
    return _typesettings.setdefault(asyncio.get_running_loop(), Typesetting())


def file_stem(context: ExportContext) -> str:
    """Workshop, board and date as a file name: `kevat-ilmiohahmotus-2026-05-01`."""
    board = words(context.definition.get("title"), context.language) or context.board.key
    folded = unicodedata.normalize("NFKD", f"{context.workshop} {board}").encode("ascii", "ignore")
    name = NO_NAME.sub("-", folded.decode().lower()).strip("-")[:NAME_LENGTH].strip("-")
    return f"{name or 'hahmo'}-{context.exported_at:%Y-%m-%d}"
