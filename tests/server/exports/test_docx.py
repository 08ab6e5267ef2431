"""Word documents, read by python-docx: headings, lists and tables, whole, and nothing active."""

import io
import re
import zipfile
from typing import Any
from xml.etree import ElementTree

import docx
import pytest

from server.exports import export_board
from server.exports.formats.docx import write_docx
from server.exports.office.word import is_leftward
from server.exports.plain import plain
from tests.server.exports.hostile import CORPUS
from tests.server.exports.samples import (
    AT,
    KINDS,
    TEXTS,
    assessment,
    change,
    definition,
    phenomena,
    plan,
    summary,
)

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HARMLESS_FIELDS = {" PAGE ", " NUMPAGES "}
ACTIVE = ("hyperlink", "object", "altChunk", "instrText", "attachedTemplate", "hlinkClick")


def read(body: bytes) -> Any:
    return docx.Document(io.BytesIO(body))


def parts(body: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {n: archive.read(n).decode() for n in archive.namelist() if not n.endswith(".png")}


def everything(body: bytes) -> str:
    """All text of the document, also in tables, a line per paragraph."""
    root = ElementTree.fromstring(parts(body)["word/document.xml"])
    lines = []
    for paragraph in root.iter(f"{W}p"):
        signs = {f"{W}br": "\n", f"{W}tab": "\t"}
        lines.append("".join(signs.get(e.tag) or e.text or "" for e in paragraph.iter()))
    return "\n".join(lines)


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_texts_come_through_harmless_and_whole(kind: type) -> None:
    body = write_docx(kind("fi", CORPUS))
    told = parts(body)
    for name, xml in told.items():
        root = ElementTree.fromstring(xml)
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert not tags & set(ACTIVE), name
        linked = [key for element in root.iter() for key in element.attrib if key.endswith("link")]
        assert not linked, name  # a picture may be one on some server
        assert "External" not in {element.get("TargetMode") for element in root.iter()}
    footer = ElementTree.fromstring(told["word/footer.xml"])
    fields = {field.get(f"{W}instr") for field in footer.iter(f"{W}fldSimple")}
    assert fields == HARMLESS_FIELDS
    assert "fldSimple" not in told["word/document.xml"]
    text = everything(body)
    lines = (line for wanted in CORPUS for line in plain(wanted).split("\n"))
    assert not [line for line in lines if line.strip() and line.strip() not in text]


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_texts_make_no_structure(kind: type) -> None:
    def skeleton(texts: list[str]) -> list[str]:
        found = read(write_docx(kind("sv", texts)))
        return [p.style.name for p in found.paragraphs if p.text.strip()]

    hostile = [text if plain(text).strip() else "x" for text in CORPUS]
    one_part = [re.sub(r"\n\s*\n", "\n", plain(text)).strip() for text in hostile]
    assert skeleton(one_part) == skeleton(["text"] * len(CORPUS))


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("kind", KINDS)
def test_headings_go_down_a_step_at_a_time(kind: type, language: str) -> None:
    found = read(write_docx(kind(language)))
    assert [p.style.name for p in found.paragraphs[:3]] == ["Kicker", "Title", "Subtitle"]
    names = [p.style.name for p in found.paragraphs]
    levels = [int(name[-1]) for name in names if name.startswith("Heading")]
    assert levels[0] == 1
    assert set(levels) <= {1, 2, 3}
    assert (found.core_properties.title or "").startswith(kind(language).workshop)
    assert found.core_properties.created == AT.astimezone(found.core_properties.created.tzinfo)


def test_a_document_says_its_language() -> None:
    for language, tag in (("fi", "fi-FI"), ("sv", "sv-FI"), ("en", "en-GB")):
        told = parts(write_docx(phenomena(language)))
        assert f'<w:lang w:val="{tag}"' in told["word/styles.xml"]
        assert f'<w:themeFontLang w:val="{tag}"' in told["word/settings.xml"]
        assert read(write_docx(phenomena(language))).core_properties.language == tag


def test_notes_are_a_list_under_their_theme() -> None:
    found = read(write_docx(phenomena("fi", [f"lappu {n}" for n in range(9)])))
    told = [(p.style.name, p.text) for p in found.paragraphs]
    theme = told.index(("Heading 2", "Tiedonkulku  1 ääni"))
    others = told.index(("Heading 2", "Muut laput"))
    assert told[theme + 1] == ("List Bullet", "lappu 0")
    assert [style for style, _ in told[theme + 1 : others]] == ["List Bullet"] * 3
    assert ("List Bullet", "lappu 3\nC · Männyt · 1 ääni") not in told[:others]


def test_a_grid_is_a_table_with_a_head_on_every_page() -> None:
    found = read(write_docx(change("en")))
    overview, first, *_ = found.tables
    assert [cell.text for cell in first.rows[0].cells] == ["Area", "From", "To"]
    for table in found.tables:
        heads = [row._tr.find(f"{W}trPr/{W}tblHeader") is not None for row in table.rows]
        assert heads == [True] + [False] * (len(table.rows) - 1)
        assert table.style.name == "Hahmo Table"
    total = [cell.text for cell in overview.rows[-1].cells]
    assert total == ["Total", "20", "20", "40"]
    cell = first.rows[1].cells[1]
    assert {p.style.name for p in cell.paragraphs} == {"Table Text", "Table Bullet"}


def test_answers_plans_and_days() -> None:
    answers = everything(write_docx(summary("fi")))
    assert answers.index("A · Koivut") < answers.index("B · Kuuset")
    assert "Tähän ei ole vielä vastattu." in answers
    plans = everything(write_docx(plan("fi")))
    assert "11. toukokuuta 2026 – 18. kesäkuuta 2026" in plans
    assert "Ei vielä kirjattu" in plans


def test_results_are_tables_and_what_few_rated_is_withheld() -> None:
    form = definition("assessment")["forms"][0]
    shown = {"counts": [0, 1, 2, 2, 1], "cant_say": 1, "mean": 3.5}
    told = {
        "form": form["id"],
        "round": 1,
        "answers": 7,
        "statements": [{"id": form["statements"][0]["id"], "distribution": shown}],
        "themes": [{"id": form["statements"][0]["theme"], "distribution": None}],
        "comments": ["omin sanoin"],
    }
    body = write_docx(assessment("fi", assessment=(told,)))
    _, themes, statements, *_ = read(body).tables
    assert "Alle viisi arviota" in themes.rows[1].cells[0].text
    assert [c.text for c in statements.rows[1].cells][1:] == ["0", "1", "2", "2", "1", "1", "3,5"]
    assert "omin sanoin" in everything(body)


def test_what_runs_from_right_to_left_does_so() -> None:
    assert is_leftward("שלום")
    assert is_leftward("123 مرحبا")
    assert not is_leftward("abc שלום")
    assert not is_leftward("😀 123")
    xml = parts(write_docx(phenomena("fi", ["שלום עולם"])))["word/document.xml"]
    assert "<w:bidi/>" in xml
    assert "<w:rtl/>" in xml


async def test_a_document_is_the_same_whatever_the_hour() -> None:
    first = (await export_board("docx", plan("en"))).body
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert first == (await export_board("docx", plan("en"))).body
