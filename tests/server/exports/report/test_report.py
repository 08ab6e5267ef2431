"""The report: counted and chosen from what was written, whole in PDF and in Word."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import docx
import pytest
from pypdf import PdfReader

from boards.schema import Board
from server.exports import ExportContext, Limits, Typesetting
from server.exports.formats.report import report_job, write_report_docx
from server.exports.view.build import view_of
from server.exports.view.report import Report, report_of
from server.exports.whole import called
from server.i18n import t
from tests.server.exports.day import day
from tests.server.exports.hostile import CORPUS
from tests.server.exports.samples import KINDS, TEXTS


@dataclass(frozen=True)
class Read:
    """Boards that are read already."""

    contexts: Sequence[ExportContext]

    def read(self) -> Sequence[ExportContext]:
        return self.contexts


def told(contexts: Sequence[ExportContext]) -> Report:
    return report_of(contexts, [view_of(context) for context in contexts])


async def pdf(contexts: Sequence[ExportContext], *, strict: bool = False) -> PdfReader:
    job = report_job(Read(contexts), [], strict=strict, limits=Limits())
    return PdfReader(io.BytesIO(await Typesetting().run_job("w1", job)))


def read_docx(contexts: Sequence[ExportContext]) -> Any:
    return docx.Document(io.BytesIO(write_report_docx(contexts)))


def test_it_tells_what_stood_out_and_how_it_hangs_together() -> None:
    report = told(day("fi"))
    assert report.lines[0].startswith("32 osallistujaa työskenteli 6 ryhmässä.")
    assert "Ilmiöhahmotus: 159 lappua, 3 teemaa." in report.lines
    assert report.lines[-1].startswith("Sovittiin 3 kokeilua: 1. Varttitunnin aamupalaveri")
    assert len(report.lines) == 5
    votes = [int(one.why.split()[0]) for one in report.dotted]
    assert votes == sorted(votes, reverse=True)
    assert votes[0] == 5
    assert {theme.name for theme in report.themes} == {
        "Tiedonkulku ja työnjako",
        "Aika ja kuormitus",
        "Osaaminen ja hiljainen tieto",
    }
    assert report.change_heads == ("Aihe", "Mistä?", "Minne?")
    assert ("Oppiminen", "Kursseja oman työn ulkopuolella") in [line[:2] for line in report.changes]
    assert [board for board, _ in report.asked][-1] == "Yhteenveto"
    assert len(report.plans) == 4  # a timeline, and three experiments


def test_dots_that_nobody_is_told_yet_are_not_in_it() -> None:
    hidden = [replace(context, hides_votes=True) for context in day("fi")]
    assert not told(hidden).dotted
    assert not any(theme.votes for theme in told(hidden).themes)


def test_a_row_without_links_tells_both_sides() -> None:
    contexts = [replace(c, board=replace(c.board, links=())) for c in day("fi")]
    contexts = [replace(c, around=()) for c in contexts]
    first = told(contexts).changes[0]
    assert "Väestö vähenee ja vanhenee" in first[1]
    assert "Kumppanuudet naapurikuntien kanssa" in first[2]


@pytest.mark.parametrize("language", TEXTS)
async def test_the_pdf_has_every_part_and_every_note(language: str) -> None:
    contexts = day(language)
    reader = await pdf(contexts)
    tops = [str(item["/Title"]) for item in reader.outline if not isinstance(item, list)]
    parts = ("day", "maps", "stood_out", "themes", "changes", "results", "answers", "plans")
    assert tops == [t(language, f"export.report_{key}") for key in (*parts, "appendix")]


async def test_every_note_is_in_the_pdf_and_pictures_are_told_in_words() -> None:
    contexts = day("fi")
    reader = await pdf(contexts)
    written = [
        page.extract_text()
        for page, shows in zip(reader.pages, shown_on(reader), strict=True)
        if not shows
    ]
    text = "".join("".join(written).split())
    for note in contexts[0].board.notes:
        assert "".join(note.text.split())[:20] in text
    assert all(len(page) > 200 for page in written[1:])  # no page with a lonely line
    figures = [alt for alt in alternatives(reader) if "Ilmiöhahmotus" in alt]
    assert len(figures) == len(set(figures)) == 3  # the map does not fit on one page, nor on two


def shown_on(reader: PdfReader) -> list[bool]:
    """Whether there is a picture on a page: only in pictures notes cast shadows."""
    resources: list[Any] = [page["/Resources"] for page in reader.pages]
    return ["/ExtGState" in used for used in resources]


def alternatives(reader: PdfReader) -> list[str]:
    """What figures are in words."""
    found: list[str] = []
    waiting: list[Any] = [reader.root_object["/StructTreeRoot"]]
    while waiting:
        item = waiting.pop().get_object()
        if isinstance(item, list):
            waiting += item
        elif isinstance(item, dict):
            if "/Alt" in item:
                found.append(str(item["/Alt"]))
            if "/K" in item:
                waiting.append(item["/K"])
    return found


@pytest.mark.parametrize("language", TEXTS)
def test_the_word_document_has_the_same_parts(language: str) -> None:
    found = read_docx(day(language))
    tops = [p.text for p in found.paragraphs if p.style.name == "Heading 1"]
    parts = (
        "day",
        "maps",
        "stood_out",
        "themes",
        "changes",
        "results",
        "answers",
        "plans",
        "appendix",
    )
    assert tops == [t(language, f"export.report_{key}") for key in parts]
    assert len(found.inline_shapes) >= 4  # two maps, neither of which fits on one page
    assert any(table.cell(0, 1).text == "Esimerkkejä" for table in found.tables) is (
        language == "fi"
    )
    assert "Sähköpostiton perjantai-iltapäivä" in "\n".join(p.text for p in found.paragraphs)


async def test_hostile_texts_are_told_and_do_no_harm() -> None:
    contexts = [kind("sv", CORPUS) for kind in KINDS[1:3]]
    reader = await pdf(contexts, strict=True)
    assert "panic" in "".join(page.extract_text() for page in reader.pages)
    assert read_docx(contexts).paragraphs


async def test_a_workshop_in_which_nothing_was_written_has_a_report_too() -> None:
    contexts = [
        replace(c, board=Board(id=c.board.id, kind=c.board.kind, key=c.board.key), around=())
        for c in day("en")
    ]
    contexts = [replace(c, assessment=()) for c in contexts]
    assert len((await pdf(contexts)).pages) <= 4
    assert told(contexts).changes == ()


@pytest.mark.parametrize("format", ["report.pdf", "report.docx"])
def test_a_report_is_called_so(format: str) -> None:
    made = called(format, day("fi")[0], b"x")
    ending = format.rpartition(".")[2]
    assert made.filename == f"asiakaspalvelun-kehittamispaiva-raportti-2026-05-01.{ending}"
