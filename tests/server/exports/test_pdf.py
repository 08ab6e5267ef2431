"""The PDF: accessible by its structure, readable in order, and never refused for what it holds."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

from server.exports import ExportContext, export_board
from server.exports.formats.pdf import TRIES
from server.exports.typst import glyphs
from server.exports.typst.child import TEMPLATES
from server.exports.typst.glyphs import REPLACEMENT
from tests.server.exports.samples import (
    HOSTILE,
    KINDS,
    TEXTS,
    TITLES,
    change,
    context_of,
    phenomena,
    plan,
    summary,
)

CSS = Path(__file__).parents[3] / "client" / "src" / "app.css"
FORBIDDEN = ("/JavaScript", "/JS", "/Launch", "/URI", "/GoToR", "/EmbeddedFile", "/SubmitForm")


async def pdf_of(context: ExportContext) -> PdfReader:
    return PdfReader(BytesIO((await export_board("pdf", context)).body))


def text_of(pdf: PdfReader) -> str:
    """All text in the order it stands in, line ends and hyphens taken out."""
    text = "\n".join(page.extract_text() for page in pdf.pages)
    return re.sub(r"\s+", " ", re.sub("[-\u00ad\u2010]\n", "", text))


def root_of(pdf: PdfReader) -> Any:
    return pdf.trailer["/Root"]


def tags(pdf: PdfReader) -> list[str]:
    """The structure elements in reading order, by their standard names."""
    root = root_of(pdf)["/StructTreeRoot"]
    roles = root.get("/RoleMap", {})

    def walk(kid: Any) -> Iterator[str]:
        kid = kid.get_object() if isinstance(kid, IndirectObject) else kid
        if isinstance(kid, ArrayObject):
            for part in kid:
                yield from walk(part)
        elif isinstance(kid, DictionaryObject) and "/S" in kid:
            name = kid["/S"]
            yield str(roles.get(name, name)).lstrip("/")
            yield from walk(kid.get("/K", ArrayObject()))

    return list(walk(root["/K"]))


def names(pdf: PdfReader) -> set[str]:
    """Every key and name in the file's objects: what it could ask a viewer to do."""
    found: set[str] = set()
    seen: set[int] = set()
    waiting: list[Any] = [pdf.trailer]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, IndirectObject):
            if thing.idnum not in seen:
                seen.add(thing.idnum)
                waiting.append(thing.get_object())
        elif isinstance(thing, DictionaryObject):
            found |= set(map(str, thing))
            waiting += dict.values(thing)
        elif isinstance(thing, ArrayObject):
            waiting += list.__iter__(thing)
        elif isinstance(thing, NameObject):
            found.add(str(thing))
    return found


def heights_of(page: PageObject) -> list[float]:
    """How high above the lower edge each piece of text stands, in points."""
    found: list[float] = []

    def visit(text: str, cm: list[float], tm: list[float], font: object, size: float) -> None:
        if text.strip():
            found.append(tm[5] * cm[3] + cm[5])

    page.extract_text(visitor_text=visit)
    return found


def in_order(text: str, parts: Sequence[str]) -> bool:
    place = 0
    for part in parts:
        place = text.find(part, place)
        if place < 0:
            return False
        place += len(part)
    return True


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("kind", KINDS)
async def test_it_says_what_it_is_and_for_whom(kind: type, language: str) -> None:
    pdf = await pdf_of(kind(language))
    root = root_of(pdf)
    assert pdf.metadata is not None
    assert str(pdf.metadata.title).startswith(f"{TITLES[language]} – ")
    assert root["/Lang"].lower().startswith(language)
    assert bool(root["/MarkInfo"]["/Marked"])
    assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"])
    claims = root["/Metadata"].get_object().get_data().decode()
    assert re.search(r"<pdfuaid:part>1<", claims)
    assert re.search(r"<pdfaid:part>2<", claims)
    assert re.search(r"<pdfaid:conformance>A<", claims)


@pytest.mark.parametrize("language", TEXTS)
async def test_a_zone_is_read_in_order(language: str) -> None:
    texts = [f"lappu numero {number}" for number in range(24)]
    pdf = await pdf_of(phenomena(language, texts))
    text = text_of(pdf)
    zones = [texts[0::4] + texts[2::4], texts[1::2]]  # themed ones first
    assert in_order(text, [TITLES[language], "24", *zones[0], *zones[1]])
    assert "A Koivut" in text


async def test_its_structure_is_that_of_a_document() -> None:
    pdf = await pdf_of(phenomena("fi", ["lyhyt", "pitkä " * 120] * 15))
    found = Counter(tags(pdf))
    assert found["H1"] == 5  # the picture, overview, most votes, two zones
    assert found["H2"] == 2  # a theme, and the others
    assert found["LI"] == 30 + 5  # every note once, and the five with most votes
    assert found["L"] == 4  # two in the themed zone, one in the other, one of most votes
    assert found["Table"] == 1
    assert found["TH"] == 4
    assert found["Figure"] >= 1


async def test_a_grid_is_a_table_over_pages() -> None:
    pdf = await pdf_of(change("fi"))
    found = Counter(tags(pdf))
    assert found["Table"] == 4 + 1  # a page each, and the overview
    assert found["TR"] == 8 + 4 + 10  # rows, their heads, the overview
    text = text_of(pdf)
    rows = ("Asiakkaat", "Toimintatavat", "Työvälineet", "Oppiminen")
    assert in_order(text, ["Osa 1", rows[0], "Osa 2", rows[1], "Osa 3", rows[2], "Osa 4", rows[3]])


async def test_a_row_of_a_grid_is_not_torn_by_the_end_of_a_page() -> None:
    """Each cell has four notes of a few lines: a page has no room for three rows."""
    words = "Vastaamme asiakkaille samana päivänä, myös silloin kun vastaus on vielä kesken. "
    texts = [f"rivi{number % 16 // 2} {words * 2}" for number in range(4 * 16)]
    pdf = await pdf_of(change("fi", texts))
    for row in range(8):
        counts = [page.extract_text().count(f"rivi{row}") for page in pdf.pages]
        assert max(counts) == 8, counts  # the overview names some of them once more


async def test_answers_and_experiments_are_told() -> None:
    answers = text_of(await pdf_of(summary("sv")))
    assert in_order(answers, ["Kunden väntar tre dagar på svar", "A Koivut", "B Kuuset"])
    assert "Den här frågan har inget svar ännu." in answers
    plans = text_of(await pdf_of(plan("en")))
    assert in_order(plans, ["Experiment 1", "11 May 2026 – 18 June 2026", "Experiment 2"])


async def test_an_empty_zone_gets_a_kind_word() -> None:
    text = text_of(await pdf_of(phenomena("en", ["only a challenge"])))
    assert "No notes here yet. There is time to come back to this." in text


async def test_every_page_has_its_number() -> None:
    pdf = await pdf_of(phenomena("fi", TEXTS["fi"] * 20))
    assert len(pdf.pages) > 3
    for number, page in enumerate(pdf.pages, start=1):
        assert f"Sivu {number} / {len(pdf.pages)}" in page.extract_text()


@pytest.mark.parametrize("show", [True, False])
async def test_authors_stand_in_it_only_where_they_are_shown(show: bool) -> None:
    text = text_of(await pdf_of(phenomena("fi", show_authors=show)))
    assert ("Osallistuja 3" in text) is show


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("kind", KINDS)
async def test_hostile_texts_stay_text(kind: type, language: str) -> None:
    pdf = await pdf_of(kind(language, HOSTILE))
    assert names(pdf).isdisjoint(FORBIDDEN)
    assert "/StructTreeRoot" in names(pdf)
    text = text_of(pdf)
    assert "root:" not in text
    assert '#read("/etc/passwd")' in text
    assert REPLACEMENT in text
    assert re.search(r"\d+ (merkille|tecken|characters)", text)


async def test_hostile_names_stay_text() -> None:
    name = '#panic("x") = *b* 漢 \x07'
    context = phenomena("fi", ["x"], workshop=name, people={"p1": name}, show_authors=True)
    assert '#panic("x") = *b*' in text_of(await pdf_of(context))


async def test_long_and_many() -> None:
    long = await pdf_of(phenomena("fi", ["alku " + "sana kirjoitettu tähän " * 870 + "loppu"]))
    assert in_order(text_of(long), ["alku", "loppu"])
    many = await pdf_of(phenomena("fi", [f"lappu {number} ." for number in range(500)]))
    text = text_of(many)
    assert not [number for number in range(500) if f"lappu {number} ." not in text]


async def test_a_note_of_line_ends_does_not_run_off_its_page() -> None:
    pdf = await pdf_of(phenomena("fi", ["\n".join(f"rivi {n} ." for n in range(300))] * 2))
    assert text_of(pdf).count("rivi 299 .") == 2
    for page in pdf.pages:
        heights = heights_of(page)
        assert min(heights) > 0
        assert max(heights) < page.mediabox.height


async def test_a_hole_in_our_list_of_glyphs_costs_a_character_not_the_document(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(glyphs, "is_shown", lambda cluster: True)
    text = text_of(await pdf_of(phenomena("fi", ["päivä 漢 ok", "ก 👍"])))
    assert "päivä" in text
    assert "👍" in text
    assert len(caplog.records) == 2  # named one by one
    many = "".join(chr(0x4E00 + number) + " ääni " for number in range(3 * TRIES))
    caplog.clear()
    assert "ääni" in text_of(await pdf_of(phenomena("fi", [many])))
    assert len(caplog.records) == TRIES  # and then all at once
    assert "\u4e00" not in caplog.text  # what people wrote stays out of the log


def test_colours_are_those_of_the_screen() -> None:
    css = dict(re.findall(r"--([\w-]+): light-dark\((#\w{6})", CSS.read_text(encoding="utf-8")))
    look = dict(re.findall(r'"([\w-]+)": "(#\w{6})"', (TEMPLATES / "look.typ").read_text()))
    assert len(look) > 30
    assert look == {name: css[name] for name in look}


async def test_a_workbook_in_one_language_is_shown_in_that_one() -> None:
    board = phenomena().board
    context = context_of(board, "sv", definition={"title": {"fi": "Vain suomeksi"}})
    assert "Vain suomeksi" in text_of(await pdf_of(context))
