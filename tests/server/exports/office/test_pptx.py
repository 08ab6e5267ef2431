"""PowerPoint presentations, read by python-pptx: every text, real tables, nothing over an edge."""

import io
import zipfile
from typing import Any
from xml.etree import ElementTree

import pytest
from pptx import Presentation

from server.exports.formats.pptx import write_pptx, write_whole_pptx
from server.exports.plain import plain
from tests.server.exports.day import day
from tests.server.exports.hostile import CORPUS
from tests.server.exports.samples import AT, KINDS, TEXTS, phenomena

ACTIVE = {"hlinkClick", "hlinkHover", "oleObj", "control", "videoFile", "audioFile", "pic"}
TAGS = {"fi": "fi-FI", "sv": "sv-FI", "en": "en-GB"}


def read(body: bytes) -> Any:
    return Presentation(io.BytesIO(body))


def texts(body: bytes) -> str:
    """What stands under titles, column by column and without spaces: long texts go on overleaf."""
    columns: dict[int, list[str]] = {}
    for slide in read(body).slides:
        for shape in slide.shapes:
            if shape.has_table:
                for row in list(shape.table.rows)[1:]:  # its head is on each slide
                    for at, cell in enumerate(row.cells):
                        columns.setdefault(at, []).append(cell.text)
            elif shape.placeholder_format.idx == 1:
                columns.setdefault(-1, []).append(shape.text_frame.text)
    return "|".join("".join("".join(told).split()) for told in columns.values())


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_texts_come_through_harmless_and_whole(kind: type) -> None:
    context = kind("fi", CORPUS)
    body = write_pptx(context)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        for name in archive.namelist():
            tags = {
                e.tag.rpartition("}")[2] for e in ElementTree.fromstring(archive.read(name)).iter()
            }
            assert not tags & ACTIVE, name
            assert "TargetMode" not in archive.read(name).decode()
    told = texts(body)
    for note in context.board.notes:
        assert "".join(plain(note.text).split()) in told


@pytest.mark.parametrize("language", TEXTS)
def test_slides_have_titles_a_language_and_numbers(language: str) -> None:
    deck = read(write_whole_pptx(day(language)))
    assert deck.core_properties.language == TAGS[language]
    names = [slide.slide_layout.name for slide in deck.slides]
    assert names.count("Section") == len(day(language))
    for number, slide in enumerate(deck.slides, start=1):
        assert slide.shapes.title is not None
        assert slide.shapes.title.text_frame.text.strip()
        if slide.slide_layout.name != "Title":
            assert str(number) in [s.text_frame.text for s in slide.placeholders]
        for run in slide.shapes.title.text_frame.paragraphs[0].runs:
            assert run.font._element.get("lang") == TAGS[language]


def test_the_change_map_is_a_table_with_a_head() -> None:
    deck = read(write_whole_pptx(day("fi")))
    tables = [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]
    change = [table for table in tables if table.cell(0, 1).text == "Mistä?" and table.first_row]
    assert len(change) >= 4
    assert any("Väestö vähenee" in row.cells[1].text for t in change for row in t.rows)


def test_a_slide_holds_what_is_on_it() -> None:
    """No table begins or ends beside the slide, and no slide is overfull."""
    deck = read(write_whole_pptx(day("fi")))
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_table:
                assert (
                    shape.left + sum(column.width for column in shape.table.columns)
                    <= deck.slide_width
                )
            elif shape.has_text_frame and shape.placeholder_format.idx == 1:
                columns = int(shape.text_frame._txBody.bodyPr.get("numCol", "1"))
                assert len(shape.text_frame.paragraphs) <= 17 * columns


def test_the_same_board_gives_the_same_bytes() -> None:
    assert write_pptx(phenomena("sv")) == write_pptx(phenomena("sv"))
    later = phenomena("sv", exported_at=AT.replace(day=2))
    assert write_pptx(phenomena("sv")) != write_pptx(later)
