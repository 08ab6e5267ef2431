"""The whole workbook in one file: every board is in it, in order, and each reader opens it."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast
from xml.etree import ElementTree

import docx
import openpyxl
import pytest
from pypdf import PdfReader

from boards.document import Document
from boards.edits import add_note
from server.exports import ExportContext, Limits, Typesetting
from server.exports.elsewhere import Elsewhere
from server.exports.errors import FormatUnknown
from server.exports.formats.docx import write_whole_docx
from server.exports.formats.json import write_whole_json
from server.exports.formats.pdf import whole_pdf_job
from server.exports.formats.pptx import write_whole_pptx
from server.exports.formats.xlsx import write_whole_xlsx
from server.exports.sources import Source, Unread
from server.exports.whole import (
    OF_BOARDS,
    WHOLE_FORMATS,
    WRITTEN_BY,
    Whole,
    export_workshop,
    zipped,
)
from tests.server.exports.hostile import CORPUS
from tests.server.exports.samples import KINDS, TEXTS, change, phenomena, plan, summary


def workshop(language: str = "fi") -> list[ExportContext]:
    return [kind(language) for kind in KINDS]


def titles(language: str) -> list[str]:
    return [context.definition["title"][language] for context in workshop(language)]


@dataclass(frozen=True)
class Read:
    """Boards that are read already."""

    contexts: Sequence[ExportContext]
    stage: str = ""

    def read(self) -> Sequence[ExportContext]:
        return self.contexts


def unread(*texts: str) -> Whole:
    """Two boards that nobody has read, a note on each for every text, each around the other."""
    boards = []
    for number in range(2):
        document = Document()
        for text in texts:
            add_note(
                document,
                f"b{number}",
                zone="challenges",
                text=f"{text} {number}",
                author="p1",
                at=1,
            )
        boards.append(Source(document.get_update(), f"b{number}", "notes", "phenomena"))
    context = phenomena("fi", [])
    around = [(source, context.definition) for source in boards]
    return Whole([Unread(context, source, around) for source in boards])


@pytest.mark.parametrize("language", TEXTS)
def test_a_word_document_has_a_heading_for_each_board(language: str) -> None:
    found: Any = docx.Document(io.BytesIO(write_whole_docx(workshop(language))))
    levels = [(p.style.name, p.text) for p in found.paragraphs if p.style.name.startswith("Head")]
    tops = [text for name, text in levels if name == "Heading 1"]
    assert tops[1:] == titles(language)
    numbers = [int(name[-1]) for name, _ in levels]
    assert set(numbers) == {1, 2, 3, 4}
    bullets = [p.text for p in found.paragraphs if p.style.name == "List Bullet"]
    assert [line.split("  ")[0] for line in bullets[: len(KINDS)]] == titles(language)


@pytest.mark.parametrize("language", TEXTS)
def test_an_excel_workbook_has_sheets_named_after_boards(language: str) -> None:
    names = openpyxl.load_workbook(io.BytesIO(write_whole_xlsx(workshop(language)))).sheetnames
    for title in titles(language):
        assert title[:31].strip() in names
    assert len(names) == 8  # what it is about, five boards, and notes beside what two of them hold


async def test_a_pdf_has_bookmarks_of_boards_and_of_their_parts() -> None:
    job = whole_pdf_job(Read(workshop()), [], strict=False, limits=Limits())
    body = await Typesetting().run_job("w1", job)
    reader = PdfReader(io.BytesIO(body))
    tops = [item for item in reader.outline if not isinstance(item, list)]
    assert [str(item["/Title"]) for item in tops] == titles("fi")
    assert all(isinstance(after, list) for after in reader.outline[1::2])
    assert reader.metadata is not None
    assert reader.metadata.title == workshop()[0].workshop


async def test_texts_stay_texts_in_the_pdf() -> None:
    exported = await export_workshop("pdf", unread('#panic("x")', "= Otsikko"), Elsewhere())
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(exported.body)).pages)
    assert '#panic("x") 0' in text
    assert "= Otsikko 1" in text


def test_data_holds_each_board_as_it_is_written_alone() -> None:
    told = json.loads(write_whole_json(workshop("en")))
    assert (told["schema"], told["version"]) == ("hahmo/workshop", 2)
    assert [board["schema"] for board in told["boards"]] == ["hahmo/board"] * len(KINDS)
    assert [board["title"]["en"] for board in told["boards"]] == titles("en")


async def test_everything_is_packed_and_each_board_is_read_once() -> None:
    exported = await export_workshop("zip", unread("ensin", "sitten"), Elsewhere())
    assert exported.filename == "kevaan-kehittamispaiva-2026-05-01.zip"
    assert exported.media_type == "application/zip"
    with zipfile.ZipFile(io.BytesIO(exported.body)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        endings = sorted(name.rpartition(".")[2] for name in names)
        known = "csv csv docx docx json md md pdf pdf pptx svg svg xlsx"
        assert " ".join(endings) == known
        texts = [archive.read(name).decode() for name in names if name.endswith(".md")]
    assert "ensin 0" in texts[0]
    assert "sitten 1" in texts[1]


@pytest.mark.parametrize("format", ["md", "csv", "ics", "exe", ""])
async def test_what_only_boards_have_is_refused(format: str) -> None:
    assert format not in WHOLE_FORMATS
    with pytest.raises(FormatUnknown):
        await export_workshop(format, unread("x"), Elsewhere())


NAMES = (
    "../../../etc/passwd",
    "/absolute",
    "C:\\windows\\system32",
    "..\\..\\up",
    "nul",
    "a\0b\nc",
    "\u202egpj.exe",
    ".",
    "x" * 400,
    "同じ名前",
)


def entitled(context: ExportContext, title: str) -> ExportContext:
    """The same board, and its workshop, under another title."""
    definition = {**context.definition, "title": {"fi": title}}
    return replace(context, workshop=title, definition=definition)


@pytest.mark.parametrize("title", NAMES, ids=ascii)
def test_whatever_boards_are_called_files_are_unpacked_where_one_wants_them(title: str) -> None:
    boards = [entitled(phenomena("fi"), title) for _ in range(3)]
    with zipfile.ZipFile(io.BytesIO(zipped(cast(Whole, Read(boards)), {}))) as archive:
        names = archive.namelist()
    assert len(set(map(str.lower, names))) == len(names) == len(OF_BOARDS) * 3 + len(WRITTEN_BY)
    for name in names:
        assert re.fullmatch(r"([a-z]+/\d\d-)?[a-z0-9][a-z0-9-]*\.[a-z]+", name), name
        assert len(name) < 200
        assert name.partition(".")[0] not in {"nul", "con", "aux", "prn"}


@pytest.mark.parametrize("write", [write_whole_docx, write_whole_pptx, write_whole_xlsx])
def test_hostile_texts_open_nothing_from_elsewhere(
    write: Callable[[Sequence[ExportContext]], bytes],
) -> None:
    """No part declares entities, and what a document refers to is in it, or an address of the web
    that somebody wrote."""
    boards = [kind("fi", CORPUS) for kind in (phenomena, change, summary, plan)]
    with zipfile.ZipFile(io.BytesIO(write(boards))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert sum(map(len, parts.values())) < 20 << 20
    for name, part in parts.items():
        assert b"<!DOCTYPE" not in part, name
        assert b"<!ENTITY" not in part, name
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(part)
        if name.endswith(".rels"):
            for target in re.findall(rb'<[^>]*TargetMode="External"[^>]*>', part):
                assert re.search(rb'Target="https?://|Target="mailto:', target), target
    assert not [name for name in parts if "vba" in name.lower() or "externalLink" in name]
