"""Text made fit for Typst: nothing is lost that can be shown, and what is lost is counted."""

import json
import re
import tempfile
import unicodedata
from pathlib import Path

import pytest
import typst
from hypothesis import example, given, settings
from hypothesis import strategies as st

from server.exports.typst.child import FACES, FONTS, STANDARDS, TEMPLATES, fonts
from server.exports.typst.glyphs import (
    BREAK,
    LONGEST_RUN,
    PLAIN,
    REPLACEMENT,
    Cleaner,
    clusters,
    faces,
    is_shown,
    ranges_text,
)
from tests.server.exports.samples import HOSTILE

MARKS = "\u0308\u0301\u20e3\u05a2\u0e31\u094d\u1ac7\ufe0f\u200d\u200c\U0001f3fd\U000e0067\U000e007f"
BASES = "aäŋ1→✓😀👩\U0001f1eb\U0001f1ee\U0001f3f4שע漢\u3000\u2003\n\t "
odd_texts = st.text(st.sampled_from(MARKS + BASES) | st.characters(), max_size=30)
SOURCE = """
#set document(title: "x", date: datetime(year: 2026, month: 1, day: 1))
#set text(lang: "fi", font: json(bytes(sys.inputs.faces)), fallback: false, hyphenate: true)
#for text in json(bytes(sys.inputs.lines)) {
  text.split("\\n").map(line => [#line]).join(linebreak())
  parbreak()
}
"""


def typeset(lines: list[str], use: list[str] = FACES) -> None:
    """Raises TypstError when a character has no glyph."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "x.typ")
        source.write_text(SOURCE)
        typst.compile(
            source,
            root=folder,
            font_paths=fonts(),
            format="pdf",
            pdf_standards=STANDARDS,
            timestamp=0,
            sys_inputs={"faces": json.dumps(use), "lines": json.dumps(lines)},
        )


def covered(face: str) -> str:
    firsts, lasts = faces()[face]
    ends = zip(firsts, lasts, strict=True)
    return "".join(chr(point) for first, last in ends for point in range(first, last + 1))


def test_the_fonts_are_there() -> None:
    assert len(list(FONTS.glob("*.ttf"))) >= 11, "run: node scripts/fonts.mjs"
    assert list(faces()) == FACES


@pytest.mark.parametrize("face", FACES)
def test_every_character_of_the_list_has_a_glyph(face: str) -> None:
    """When this fails after new fonts or a new Typst: run scripts/glyphs.py."""
    typeset([f"0{char}" for char in covered(face)], [face])


@pytest.mark.parametrize("char", ["漢", "ก", "\ue000", "\U00013000"])
def test_a_character_that_is_not_on_the_list_has_none(char: str) -> None:
    assert not is_shown(char)
    with pytest.raises(typst.TypstError):
        typeset([char])


def test_what_people_write_here_is_shown() -> None:
    wanted = "åäöÅÄÖšžŠŽáčđŋŧżéüßøæ€–—’”…→←↔✓✔☐☑★☆•≤≥½²😀👍❤שלוםمرحباПриветΩ"
    assert [char for char in wanted if not is_shown(char)] == []
    plain = [char for point in range(0x250) if PLAIN.fullmatch(char := chr(point))]
    assert [char for char in plain if char != "\n" and not is_shown(char)] == []


@pytest.mark.parametrize(("text", "face"), [("مرحبا", "Arabic"), ("שלום", "Hebrew")])
def test_words_from_right_to_left_have_a_face_for_reading(text: str, face: str) -> None:
    """Not the typewriter's, which comes with Typst and has them too."""
    for char in text:
        first = next(name for name in FACES if char in covered(name))
        assert first == f"Noto Sans {face}"


def test_the_template_takes_the_same_faces() -> None:
    look = (TEMPLATES / "look.typ").read_text(encoding="utf-8")
    taken = look.split("#let faces = (", 1)[1].split(")", 1)[0]
    assert re.findall('"(.+?)"', taken) == FACES


@settings(max_examples=60)
@given(st.lists(odd_texts, max_size=30))
@example(["\u22c3\u1ac8\u1fdd\ufb93", "\U0001f1ee\U0001f170\u05b7"])  # marks of another face
@example(["\xe4\u06a4\n\u05b2", "\u02d1\u2029\u05bb"])  # a mark that begins a line
@example(["\u200d\n\u2dff\u061c"])  # made Typst 0.15.0 fall over
@example(["\u22ac\ufe0f", "\u22ac\U000e013a", "c\u3000\ufe00"])  # how to draw what is no emoji
@example(["\u0e84\U000e007f\U0001f1eb", "\U0001f3f4\U000e0067\U000e007f"])  # stray tags
@example(["😀\u0308", "a\u05a2", "\U0001f1eb\u0308", "\u200d"])
def test_typst_sets_any_cleaned_text(texts: list[str]) -> None:
    cleaner = Cleaner()
    typeset([cleaner.clean(text) for text in texts])


@given(odd_texts)
def test_what_is_not_shown_is_counted(text: str) -> None:
    cleaner = Cleaner()
    cleaned = cleaner.clean(text)
    assert (cleaner.replaced > 0) == (
        REPLACEMENT in cleaned.replace(REPLACEMENT, "", text.count(REPLACEMENT))
    )
    assert not [
        char
        for char in cleaned
        if unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn") and char != "\n"
    ]


@given(odd_texts)
def test_clusters_make_up_the_text(text: str) -> None:
    assert "".join(clusters(text)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("👩‍💻👍🏽🇫🇮🇸🇪", ["👩‍💻", "👍🏽", "🇫🇮", "🇸🇪"]),
        ("e\u0301\u0308x", ["e\u0301\u0308", "x"]),
        ("a\n\u0301", ["a", "\n", "\u0301"]),
    ],
)
def test_a_cluster_is_what_one_sees(text: str, expected: list[str]) -> None:
    assert list(clusters(text)) == expected


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=200))
def test_a_long_run_gets_places_to_break(text: str) -> None:
    cleaned = Cleaner().clean(text)
    for run in re.split(rf"[{BREAK}\s]", cleaned):
        assert len(run) <= LONGEST_RUN + 8 or run.isalpha()


def test_line_ends_are_one_kind_and_empty_lines_are_few() -> None:
    assert Cleaner().clean("\n a\r\nb\u2028c\x0bd\n\n \n\n\ne \n\n") == "a\nb\nc\nd\n\ne"


def test_a_piece_that_typst_refused_is_replaced() -> None:
    cleaner = Cleaner(["xy"])
    assert cleaner.clean("axyb") == f"a{REPLACEMENT}b"
    assert cleaner.replaced == 2


def test_the_last_resort_keeps_what_every_face_has() -> None:
    cleaner = Cleaner(strict=True)
    assert cleaner.clean("Hyvää 😀 päivää") == f"Hyvää {REPLACEMENT} päivää"


@pytest.mark.parametrize("text", HOSTILE)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = Cleaner().clean(text)
    assert Cleaner().clean(once) == once


def test_ranges_are_written_short() -> None:
    assert ranges_text([1, 2, 3, 9, 0x1F600]) == "1-3\n9\n1f600\n"
