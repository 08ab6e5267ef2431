"""The whole workbook of a workshop: its shared boards in one document, or all documents packed.

    document = await export_workshop("docx", Whole(...), elsewhere)

Always read and written in another process: together boards may be as large as they like.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module

from boards.schema import Board
from server.exports import FORMATS, exported, named, shared_typesetting
from server.exports.context import ExportContext, Exported, Neighbour, trimmed
from server.exports.elsewhere import Elsewhere
from server.exports.errors import FormatUnknown, of_a_document
from server.exports.formats.pdf import write_whole_pdf
from server.exports.formats.report import write_report_pdf
from server.exports.sources import Unread
from server.i18n import t

__all__ = ["STAGE_FORMATS", "WHOLE_FORMATS", "Whole", "export_workshop"]

WRITTEN_BY = {
    "docx": "docx.write_whole_docx",
    "pptx": "pptx.write_whole_pptx",
    "xlsx": "xlsx.write_whole_xlsx",
    "json": "json.write_whole_json",
    "report.docx": "report.write_report_docx",
}
TYPESET = {"pdf": write_whole_pdf, "report.pdf": write_report_pdf}
REPORTS = ("report.pdf", "report.docx")
COUNTS_NOTES = ("json", *REPORTS)  # each once, so it is of the shared boards
MEDIA_TYPES = {
    **{format: FORMATS[format].media_type for format in ("pdf", *WRITTEN_BY) if format in FORMATS},
    "zip": "application/zip",
    **{format: FORMATS[format.partition(".")[2]].media_type for format in REPORTS},
}
WHOLE_FORMATS = tuple(MEDIA_TYPES)
# Data is of a whole workshop: another is made of it.
STAGE_FORMATS = tuple(format for format in WHOLE_FORMATS if format != "json")
OF_BOARDS = ("md", "csv", "svg")  # what a board has and a workbook has not: a file for each board
NEVER = (1980, 1, 1, 0, 0, 0)  # the earliest day of a zip file


@dataclass(frozen=True, slots=True)
class Whole:
    """The shared boards of a workshop, in the workbook's order, that nobody has read yet.

    What is around each of them are the same boards: each is read once. `stage`: the title of the
    one whose boards these are; "" when they are all. Groups' own boards may follow each.
    """

    boards: Sequence[Unread]
    stage: str = ""

    @property
    def size(self) -> int:
        """Bytes that have to be read."""
        return sum(len(unread.own.update) for unread in self.boards)

    @property
    def shared(self) -> Whole:
        """Without groups' boards, on which the same notes stand once more."""
        boards = [unread for unread in self.boards if unread.context.group is None]
        return replace(self, boards=boards)

    def read(self) -> list[ExportContext]:
        read: dict[str, Board] = {}
        for one in self.boards:
            for source in (one.own, *(source for source, _ in one.around)):
                if source.id not in read:
                    read[source.id] = source.read()

        def around(one: Unread) -> list[Neighbour]:
            return [
                Neighbour(source.id, read[source.id], definition)
                for source, definition in one.around
            ]

        title = " · ".join(filter(None, (self.boards[0].context.workshop, self.stage)))
        return [
            trimmed(
                replace(one.context, board=read[one.own.id], around=around(one), workshop=title)
            )
            for one in self.boards
        ]


async def export_workshop(format: str, whole: Whole, elsewhere: Elsewhere) -> Exported:
    """Raises FormatUnknown, or ExportFailed when it cannot be made now."""
    context = whole.boards[0].context
    workshop = context.workshop_id
    if format in COUNTS_NOTES:
        whole = whole.shared
    with of_a_document():
        if format in WRITTEN_BY:
            body = await elsewhere.run(workshop, written, format, whole)
        elif format in TYPESET:
            body = await typeset(format, whole, elsewhere)
        elif format == "zip":
            made = {each: await typeset(each, whole, elsewhere) for each in TYPESET}
            body = await elsewhere.run(workshop, zipped, whole, made)
        else:
            raise FormatUnknown(format)
    return called(format, context, body, whole.stage)


async def typeset(format: str, whole: Whole, elsewhere: Elsewhere) -> bytes:
    workshop = whole.boards[0].context.workshop_id
    read = whole.shared if format in COUNTS_NOTES else whole
    return await TYPESET[format](read, workshop, shared_typesetting(), elsewhere)


def called(format: str, context: ExportContext, body: bytes, stage: str = "") -> Exported:
    """A finished document under the workshop's name, and its stage's; a report is called so."""
    names = [context.workshop, stage]
    if format in REPORTS:
        names.append(t(context.language, "export.report"))
    return named(body, MEDIA_TYPES[format], names, context, format.rpartition(".")[2])


def written(format: str, whole: Whole) -> bytes:
    """The document of boards that nobody has read; for another process."""
    return writer_of(format)(whole.read())


def zipped(whole: Whole, made: Mapping[str, bytes]) -> bytes:
    """Everything in one file. `made`: documents by format that are there already."""
    contexts = whole.read()
    shared = [context for context in contexts if context.group is None]
    formats = [format for format in WRITTEN_BY if not whole.stage or format in STAGE_FORMATS]
    written = {
        format: writer_of(format)(shared if format in COUNTS_NOTES else contexts)
        for format in formats
    }
    bodies = {**made, **written}
    files = {called(format, contexts[0], body).filename: body for format, body in bodies.items()}
    for format in OF_BOARDS:
        for number, context in enumerate(contexts, start=1):
            file = exported(format, context, FORMATS[format].write(context))
            files[f"{format}/{number:02}-{file.filename}"] = file.body
    return zip_of(files)


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """The same bytes for the same files."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, NEVER)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return body.getvalue()


def writer_of(format: str) -> Callable[[Sequence[ExportContext]], bytes]:
    """A function of all boards, from a module of formats/."""
    module, _, function = WRITTEN_BY[format].rpartition(".")
    found: Callable[[Sequence[ExportContext]], bytes] = getattr(
        import_module(f"server.exports.formats.{module}"), function
    )
    return found
