"""What others make of our PDFs: poppler finds all of it, a checker of PDF/UA and PDF/A no fault."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import page
import pytest

from server.exports import Limits, Typesetting
from server.exports.context import ExportContext
from server.exports.formats.pdf import whole_pdf_job
from server.exports.formats.report import report_job
from tests.server.exports.day import day

# Poppler's own: it is a boolean, and a colour for each side is allowed. Source: ISO 32000-1, tables
# 321 and 344.
MISTAKES = (
    "Suspects object is wrong type (boolean)",
    "Attribute BorderColor value is of wrong type (array)",
)


@dataclass(frozen=True)
class Day:
    language: str

    def read(self) -> list[ExportContext]:
        return day(self.language)


def told(*command: str | Path) -> str:
    """What it says; a complaint is an error."""
    done = subprocess.run(command, check=True, capture_output=True, timeout=60)
    said = {line for line in done.stderr.decode().splitlines() if not line.endswith(MISTAKES)}
    assert said == set()
    return done.stdout.decode("utf-8", "replace")  # it prints titles of the structure raw


def squeezed(text: str) -> str:
    """Without spaces, soft hyphens and page numbers' breaks, as lines end anywhere."""
    return "".join(text.replace("\N{SOFT HYPHEN}", "").split())


@pytest.mark.timeout(120)
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("write", [whole_pdf_job, report_job])
async def test_every_note_of_the_day_is_found_and_nothing_is_wrong(
    language: str, write: Callable[..., bytes], tmp_path: Path
) -> None:
    job = write(Day(language), [], strict=False, limits=Limits())
    file = tmp_path / "day.pdf"
    file.write_bytes(await Typesetting().run_job("w", job))
    text = squeezed(told("pdftotext", file, "-"))
    notes = {note.text for context in day(language) for note in context.board.notes}
    assert [note for note in notes if squeezed(note) not in text] == []
    info = told("pdfinfo", file)
    assert "Tagged:          yes" in info
    assert day(language)[0].workshop in info
    structure = told("pdfinfo", "-struct", file)
    assert "Document" in structure
    assert structure.count("\n") > len(notes)
    fonts = told("pdffonts", file).splitlines()[2:]
    assert fonts
    assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in fonts)  # emb, sub, uni


@pytest.mark.timeout(120)
@pytest.mark.parametrize("profile", ["PDF_UA_1", "PDF_A_2A"])
@pytest.mark.parametrize("write", [whole_pdf_job, report_job])
async def test_no_rule_of_accessible_and_lasting_documents_is_broken(
    profile: str, write: Callable[..., bytes]
) -> None:
    job = write(Day("fi"), [], strict=False, limits=Limits())
    body = await Typesetting().run_job("w", job)
    report = page.validate_pdf_bytes(body, profile=page.ValidationProfile[profile])
    assert [(found.rule_id, found.message) for found in report.failures] == []
    assert report.is_compliant
    assert report.rules.passed > 50
    broken = body.replace(b"/MarkInfo", b"/MarkInfx").replace(b"pdfaid:part", b"pdfaid:parx")
    assert not page.validate_pdf_bytes(broken, profile=page.ValidationProfile[profile]).is_compliant
