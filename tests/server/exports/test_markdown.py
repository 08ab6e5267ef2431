"""Markdown: what people wrote stays text, and what we tell is in order."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server.exports.formats.markdown import escape, escape_lines, one_line, write_markdown
from tests.server.exports.samples import HOSTILE, KINDS, TEXTS, change, phenomena, plan, summary

MARKUP = "`*_[]<>#|~&-+=:.)(1 9\n\t\\!\"'$^{}@/\r\x0c\x1c\u2028\xa0a"
texts = st.text(st.sampled_from(MARKUP) | st.characters(), max_size=60)
UNESCAPED = re.compile(r"(?<!\\)(?:\\\\)*[`*_\[\]<>#|~&]")
BLOCK = re.compile(r"[-+=:]|\d{1,9}[.)]")  # at the start of a line


@given(texts)
@example("\\")
@example("\\*")
@example("1. one")
def test_no_character_of_markup_stays_bare(text: str) -> None:
    for line in escape_lines(text).split("\n"):
        line = line.removesuffix("\\")
        assert not UNESCAPED.search(line)
        assert not BLOCK.match(line)
        assert line == line.strip()


@given(texts)
def test_only_backslashes_are_added_and_what_isolates_another_direction(text: str) -> None:
    line = text.split("\n", maxsplit=1)[0]
    bare = re.sub(r"\\(.)", r"\1", escape(line))
    if bare.startswith("\u2068") and bare.endswith("\u2069") and bare != line.strip():
        bare = bare[1:-1]
    controls = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
    assert bare == controls.sub("", line).strip()


@given(texts)
def test_a_heading_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1


def test_lines_and_paragraphs_stay() -> None:
    assert escape_lines("one\ntwo\n\n\nthree\r\nfour", "  ") == (
        "one\\\n  two\n\n  three\\\n  four"
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", TEXTS)
def test_hostile_texts_make_no_structure(kind: type, language: str) -> None:
    def skeleton(body: bytes) -> list[str]:
        lines = body.decode().splitlines()
        marks = (re.match(r"(#+ |- |\| |\|)", line) for line in lines)
        return [mark[1] for mark in marks if mark]

    harmless = ["text"] * len(HOSTILE)
    hostile = [text if text.strip() else "x" for text in HOSTILE]
    assert skeleton(write_markdown(kind(language, hostile))) == skeleton(
        write_markdown(kind(language, harmless))
    )


def test_a_zone_tells_its_title_count_and_notes() -> None:
    body = write_markdown(phenomena("fi", ["Yksi", "Kaksi", "Kolme"])).decode()
    assert body.startswith("# Kevään kehittämispäivä\n\n**Ilmiöhahmotus**\n\n1\\. toukokuuta 2026")
    assert "## Mikä työssämme haastaa juuri nyt? (2)" in body
    assert "### Tiedonkulku (1)\n\n- Yksi\n" in body
    assert "- Kolme\\\n  *B · Kuuset · 3 ääntä*" in body
    assert body.index("Yksi") < body.index("Kolme") < body.index("Kaksi")


def test_a_theme_is_told_as_one() -> None:
    body = write_markdown(phenomena("fi", [f"lappu {n}" for n in range(9)])).decode()
    theme, others = body.index("### Tiedonkulku (3) · 1 ääni"), body.index("### Muut laput (2)")
    assert all(theme < body.index(f"- lappu {n}") < others for n in (0, 4, 8))
    assert all(body.index(f"- lappu {n}") > others for n in (2, 6))


def test_a_cell_tells_its_themes_and_one_without_a_name_has_a_word() -> None:
    grid = write_markdown(change("sv")).decode()
    assert "### Varifrån? (3)\n\n#### Tema utan namn (2)" in grid
    assert "#### Övriga lappar (1)" in grid


def test_every_kind_of_board_is_told() -> None:
    grid = write_markdown(change("sv")).decode()
    assert "## Megatrender och omvärld\n\n### Varifrån? (3)" in grid
    answers = write_markdown(summary("fi")).decode()
    assert answers.index("### A · Koivut") < answers.index("### B · Kuuset")
    assert "Tähän ei ole vielä vastattu." in answers
    plans = write_markdown(plan("fi")).decode()
    assert "## Kokeilu 1" in plans
    assert "11\\. toukokuuta 2026 – 18. kesäkuuta 2026" in plans
    assert "Ei vielä kirjattu" in plans


def test_the_overview_adds_up() -> None:
    body = write_markdown(phenomena("en", ["x"] * 8)).decode()
    rows = [line.split("|")[1:-1] for line in body.splitlines() if line.startswith("| ")]
    numbers = [[int(cell) for cell in row[1:]] for row in rows[2:]]
    assert all(sum(row[:-1]) == row[-1] for row in numbers)
    assert [sum(column) for column in zip(*numbers[:-1], strict=True)] == numbers[-1]
    assert numbers[-1][-1] == 8
