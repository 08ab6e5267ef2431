"""Boards as documents that leave the house: data, text, and a PDF for those who were not there.

    document = await export_board("pdf", ExportContext(...))

A format is one entry in `FORMATS`: a function from an ExportContext to bytes; PDF and PNG are set
by a child process and branches here. Written formats share the View of `view/`,
spreadsheets the tables that are made of it (`view/tables.py`).
"""

import asyncio
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from weakref import WeakKeyDictionary

from server.exports.context import ExportContext, Exported, GroupMark, Neighbour
from server.exports.elsewhere import Elsewhere
from server.exports.errors import ExportFailed, FormatUnknown, of_a_document
from server.exports.formats.pdf import write_large_pdf, write_pdf
from server.exports.formats.png import write_large_png, write_png
from server.exports.sources import SMALL_BYTES, Unread
from server.exports.typst.pool import Limits, Typesetting
from server.exports.view.wording import words

__all__ = [
    "FORMATS",
    "TYPESET",
    "ExportContext",
    "ExportFailed",
    "Exported",
    "Format",
    "GroupMark",
    "Limits",
    "Neighbour",
    "Typesetting",
    "export_board",
    "export_unread",
    "has_format",
]

OFFICE = "application/vnd.openxmlformats-officedocument"
PART_LENGTH = 40  # characters of each part of a file name: workshop, board, group
NO_NAME = re.compile(r"[^a-z0-9]+")
NO_FILE = re.compile(
    r'[\s\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\\/:*?"<>|]+'
)  # on some file system


@dataclass(frozen=True, slots=True)
class Format:
    """One way out. `written_by`: `module.function` of formats/; "" for what is in `TYPESET`.

    A module is imported when it is needed, so that a process that writes one format starts quickly.
    `aside`: whether it is always written in another process, as it or its library takes long.
    """

    media_type: str
    written_by: str = ""
    aside: bool = False

    @property
    def write(self) -> Callable[[ExportContext], bytes]:
        module, _, function = self.written_by.rpartition(".")
        found: Callable[[ExportContext], bytes] = getattr(
            import_module(f"server.exports.formats.{module}"), function
        )
        return found

    @property
    def is_text(self) -> bool:
        """Whether it gets smaller when it is packed."""
        return "charset" in self.media_type or self.media_type.endswith(("json", "+xml"))


FORMATS = {
    "json": Format("application/json", "json.write_json"),
    "md": Format("text/markdown; charset=utf-8", "markdown.write_markdown"),
    "csv": Format("text/csv; charset=utf-8", "csv.write_csv"),
    "xlsx": Format(f"{OFFICE}.spreadsheetml.sheet", "xlsx.write_xlsx", aside=True),
    "docx": Format(f"{OFFICE}.wordprocessingml.document", "docx.write_docx", aside=True),
    "pptx": Format(f"{OFFICE}.presentationml.presentation", "pptx.write_pptx", aside=True),
    "pdf": Format("application/pdf"),
    "svg": Format("image/svg+xml", "svg.write_svg"),
    "png": Format("image/png"),
    "ics": Format("text/calendar; charset=utf-8", "calendar.write_calendar", aside=True),
}

# Of boards that are read, and of those that are still bytes.
TYPESET = {"pdf": (write_pdf, write_large_pdf), "png": (write_png, write_large_png)}

_typesettings: WeakKeyDictionary[asyncio.AbstractEventLoop, Typesetting] = WeakKeyDictionary()


async def export_board(
    format: str, context: ExportContext, typesetting: Typesetting | None = None
) -> Exported:
    """The board as a document. Equal contexts give equal bytes.

    `typesetting` hands out the turns of the server (one per event loop unless given).
    Raises FormatUnknown, or ExportFailed when it cannot be made now.
    """
    chosen = known(format)
    if chosen.written_by:
        body = await asyncio.to_thread(chosen.write, context)
    else:
        write, _ = TYPESET[format]
        body = await write(context, typesetting or shared_typesetting())
    return exported(format, context, body)


async def export_unread(format: str, unread: Unread, elsewhere: Elsewhere) -> Exported:
    """The same of boards that are still bytes; what takes long is done in another process."""
    chosen, context = known(format), unread.context
    if unread.size <= SMALL_BYTES and not chosen.aside:
        return await export_board(format, unread.read())
    with of_a_document():
        if chosen.written_by:
            body = await elsewhere.run(context.workshop_id, written, format, unread)
        else:
            _, write = TYPESET[format]
            body = await write(unread, shared_typesetting(), elsewhere)
    return exported(format, context, body)


def written(format: str, unread: Unread) -> bytes:
    """The document of boards that nobody has read; for another process."""
    return known(format).write(unread.read())


def known(format: str) -> Format:
    """Raises FormatUnknown."""
    chosen = FORMATS.get(format)
    if chosen is None:
        raise FormatUnknown(format)
    return chosen


def exported(format: str, context: ExportContext, body: bytes) -> Exported:
    """A finished document and what it is called."""
    return named(body, known(format).media_type, name_parts(context), context, format)


def named(
    body: bytes, media_type: str, names: Sequence[str], context: ExportContext, ending: str
) -> Exported:
    """A finished document, called after `names` and the day."""
    day = f"{context.exported_at:%Y-%m-%d}"
    stem = "-".join(filter(None, map(ascii_name, names))) or "hahmo"
    title = " ".join(filter(None, map(file_name, names))).lstrip(".") or "hahmo"
    return Exported(body, media_type, f"{stem}-{day}.{ending}", f"{title} {day}.{ending}")


def has_format(kind: str, format: str) -> bool:
    """Whether a board of this kind can be written so: days are on plans only."""
    return format != "ics" or kind == "plan"


def shared_typesetting() -> Typesetting:
    """The one of the running event loop, so that its limits hold for the whole server."""
    return _typesettings.setdefault(asyncio.get_running_loop(), Typesetting())


def name_parts(context: ExportContext) -> tuple[str, ...]:
    """Workshop, board and, on a group's board, the group.

    Names of groups can be alike, so the letter is there, and the number of a repeated breakout.
    """
    board = words(context.definition.get("title"), context.language) or context.board.key
    mark = context.groups.get(context.group or "")
    if mark is None:
        return (context.workshop, board)
    again = str(context.breakout) if context.breakout > 1 else ""
    return (context.workshop, board, mark.name, f"{mark.letter}{again}")


def ascii_name(text: str) -> str:
    """As part of a name that is safe in a header and on every file system: `kevat`."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return NO_NAME.sub("-", folded).strip("-")[:PART_LENGTH].strip("-")


def file_name(text: str) -> str:
    """As part of a name in letters of its own: `Kevät`."""
    return NO_FILE.sub(" ", text).strip()[:PART_LENGTH].strip()
