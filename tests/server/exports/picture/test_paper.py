"""A picture on paper: in parts that can be read, each note whole on one of them and on no other."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections import Counter
from dataclasses import replace

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from server.exports import ExportContext, Limits, Typesetting, export_board
from server.exports.errors import ExportFailed
from server.exports.formats.docx import write_docx, write_whole_docx
from server.exports.formats.pdf import whole_pdf_job
from server.exports.picture import Picture, picture_of
from server.exports.picture.paper import (
    READABLE,
    UPRIGHT,
    across,
    down,
    evenly,
    picture_across,
    picture_down,
    slices,
)
from server.exports.typst import child
from server.exports.typst.glyphs import Cleaner
from server.i18n import t
from tests.server.exports.day import day
from tests.server.exports.hostile import CORPUS
from tests.server.exports.report.test_report import Read, alternatives, shown_on
from tests.server.exports.samples import TEXTS, change, phenomena, summary

HEIGHT, FOOT = 842, 780  # points of a page, and where its last line begins
PNG = b"\x89PNG"
MAPS = ("phenomena", "change")


def undrawn(width: float, height: float, *notes: tuple[float, float]) -> Picture:
    return Picture(lambda top, tall, until: "", width, height, notes)


def maps(language: str = "fi") -> list[ExportContext]:
    return [context for context in day(language) if context.board.key in MAPS]


def numbered(context: ExportContext) -> ExportContext:
    """The same with a text of its own on each note."""
    notes = tuple(replace(note, text=f"lappu{n:03}") for n, note in enumerate(context.board.notes))
    return replace(context, board=replace(context.board, notes=notes))


def test_a_picture_that_can_be_read_whole_stays_whole() -> None:
    small = undrawn(UPRIGHT[0] * 2, UPRIGHT[1], (10, 50))
    assert across(small)[2] == [(0.0, small.height)]
    assert down(small, 400, 700)[1] == [(0.0, small.height)]
    large = picture_of(maps()[0], headed=False)
    _, scale, cut = across(large)
    assert len(cut) > 1
    assert 16 * scale >= READABLE


@pytest.mark.parametrize("way", ["down", "across"])
@pytest.mark.parametrize("context", maps(), ids=MAPS)
def test_each_note_is_on_one_sheet_and_on_no_other(context: ExportContext, way: str) -> None:
    clean = Cleaner().line
    if way == "down":
        found = picture_down(numbered(context), "Taulu", clean, 400, 700)
    else:
        found = picture_across(numbered(context), "Taulu", clean)
    assert found is not None
    assert len(found.sheets) > 1
    drawn = Counter(re.findall(r"lappu\d+", "".join(sheet.svg for sheet in found.sheets)))
    assert set(drawn.values()) == {1}
    assert len(drawn) == len(context.board.notes)
    alts = [sheet.alt for sheet in found.sheets]
    assert len(set(alts)) == len(alts)


@given(
    notes=st.lists(st.tuples(st.integers(0, 6000), st.integers(92, 300)), min_size=1, max_size=80),
    most=st.integers(500, 2000),
    first=st.integers(400, 2000),
)
def test_every_note_is_whole_on_the_slice_in_which_it_begins(
    notes: list[tuple[int, int]], most: int, first: int
) -> None:
    spans = [(float(top + 20), float(top + 20 + tall)) for top, tall in notes]
    picture = undrawn(1000.0, max(end for _, end in spans) + 40, *spans)
    for found in (slices(picture, most), slices(picture, most, first), evenly(picture, most)):
        assert all(tall <= max(most, first) for _, tall in found)
        assert found[0][0] == 0
        assert sum(found[-1]) == picture.height
        for (top, tall), (after, _) in zip(found, found[1:], strict=False):
            assert top < after <= top + tall
        for start, end in spans:
            top, tall = [one for one in found if one[0] <= start][-1]
            assert top <= start
            assert end <= top + tall


@pytest.mark.parametrize("language", TEXTS)
async def test_a_boards_pdf_shows_it_first_and_then_tells_it(language: str) -> None:
    for context in maps(language):
        reader = PdfReader(io.BytesIO((await export_board("pdf", context)).body))
        pictured = shown_on(reader)
        count = pictured.count(True)
        assert pictured == [True] * count + [False] * (len(pictured) - count)
        told = [alt for alt in alternatives(reader) if context.definition["title"][language] in alt]
        assert len(told) == count > 1
        assert t(language, "export.picture") in str(reader.outline)


def ends(body: bytes) -> list[float]:
    """How far down each page of a PDF something is written, as a share of its height; as poppler
    reads it, without the line at its foot."""
    told = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=body, check=True, capture_output=True
    ).stdout.decode()
    found = []
    for page in told.split("<page ")[1:]:
        lows = map(float, re.findall(r'yMax="([\d.]+)"', page))
        found.append(max(low for low in lows if low < FOOT) / HEIGHT)
    return found


@pytest.mark.parametrize("notes", [1, 3, 7, 12, 20, 30, 60, 100, 300])
async def test_no_page_is_left_half_empty_for_a_picture(notes: int) -> None:
    """It begins under the introduction, and what follows stands under its end."""
    context = phenomena("fi", [f"Huomio {n}: asiakas odottaa vastausta" for n in range(notes)])
    body = (await export_board("pdf", context)).body
    assert shown_on(PdfReader(io.BytesIO(body)))[0]
    assert min(ends(body)[:-1], default=1) > 0.6


@pytest.mark.parametrize("key", [context.board.key for context in day("fi")])
async def test_no_page_of_the_day_is_left_half_empty(key: str) -> None:
    context = next(context for context in day("fi") if context.board.key == key)
    assert min(ends((await export_board("pdf", context)).body)[:-1], default=1) > 0.6


async def test_a_workshops_pdf_shows_every_map() -> None:
    job = whole_pdf_job(Read(day("sv")), [], strict=False, limits=Limits())
    reader = PdfReader(io.BytesIO(await Typesetting().run_job("w1", job)))
    alts = "\n".join(alternatives(reader))
    for context in maps("sv"):
        assert f"{context.definition['title']['sv']} (1/" in alts


async def test_a_board_of_texts_has_no_picture() -> None:
    context = summary("fi")
    assert not alternatives(PdfReader(io.BytesIO((await export_board("pdf", context)).body)))
    assert not len(docx.Document(io.BytesIO(write_docx(context))).inline_shapes)


@pytest.mark.parametrize("language", TEXTS)
def test_word_documents_have_pictures_with_words_for_them(language: str) -> None:
    contexts = maps(language)
    for body, of in (
        (write_docx(contexts[0]), contexts[:1]),
        (write_whole_docx(contexts), contexts),
    ):
        shapes = docx.Document(io.BytesIO(body)).inline_shapes
        alts = [shape._inline.docPr.get("descr") for shape in shapes]
        for context in of:
            assert sum(context.definition["title"][language] in alt for alt in alts) > 1
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            media = [name for name in package.namelist() if name.startswith("word/media/")]
            assert len(media) == len(alts) == len(set(alts))
            assert all(package.read(name).startswith(PNG) for name in media)
        for shape in shapes:
            assert shape.width.pt <= UPRIGHT[0] + 1
            assert shape.height.pt <= 728  # of a page between its margins


def test_what_typst_refuses_is_shown_in_the_plainest_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[bool] = []
    pages = child.pages

    def refusing(job: dict[str, object]) -> list[bytes]:
        tried.append("😀" in str(job["inputs"]))
        if len(tried) == 1:
            raise ValueError("refused")
        return pages(job)

    monkeypatch.setattr(child, "pages", refusing)
    assert write_docx(phenomena("fi", ["hyvä 😀"]))
    assert tried == [True, False]

    def always(job: dict[str, object]) -> list[bytes]:
        raise ValueError("refused")

    monkeypatch.setattr(child, "pages", always)
    with pytest.raises(ExportFailed, match="ValueError"):
        write_docx(change("fi"))


@pytest.mark.parametrize("kind", [phenomena, change])
def test_hostile_texts_are_pictured_in_word(kind: type) -> None:
    context: ExportContext = kind("fi", CORPUS)
    assert len(docx.Document(io.BytesIO(write_docx(context))).inline_shapes)
