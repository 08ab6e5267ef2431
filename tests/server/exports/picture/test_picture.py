"""A board as a picture: everything stands where the layout says, as text, with its letters."""

import base64
import io
import re
import struct
import zlib
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from fontTools.ttLib import TTFont

from boards.layout.field import layout_zone
from boards.schema import COLORS, Note
from server.exports import ExportContext, export_board
from server.exports.formats.png import MOST_PIXELS
from server.exports.formats.svg import write_svg
from server.exports.picture import picture_of
from server.exports.picture.fonts import FILES, subset
from server.exports.typst.glyphs import Cleaner, has
from server.i18n import t
from tests.server.exports.day import day
from tests.server.exports.hostile import CORPUS
from tests.server.exports.samples import KINDS, TEXTS, change, phenomena

SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {"svg", "title", "desc", "style", "g", "rect", "path", "circle", "text", "tspan"}
FACE = re.compile(r"font-family:'([^']+)';font-weight:(\d+);src:url\(data:font/woff;base64,([^)]+)")


def parsed(context: ExportContext) -> ElementTree.Element:
    return ElementTree.fromstring(write_svg(context))


def words(root: ElementTree.Element) -> str:
    """Everything that is written on it, without spaces: lines end where there is no room."""
    return "".join("".join("".join(text.itertext()) for text in root.iter(f"{SVG}text")).split())


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("kind", KINDS)
def test_everything_on_a_board_is_in_its_picture_as_text(kind: type, language: str) -> None:
    context: ExportContext = kind(language)
    root = parsed(context)
    told = words(root)
    for text in (
        context.workshop,
        context.definition["title"][language],
        *(note.text for note in context.board.notes),
        *context.board.answers.values(),
        *(item.fields["what"] for item in context.board.experiments),
        *(zone["title"][language] for zone in context.definition.get("zones", ())),
        *(row["title"][language] for row in context.definition.get("rows", ())),
    ):
        assert "".join(text.split()) in told
    assert root.get("lang") == language
    assert root.find(f"{SVG}title") is not None
    assert (root.findtext(f"{SVG}title") or "").startswith(context.workshop)
    assert root.findtext(f"{SVG}desc")


def test_notes_stand_where_they_stand_on_a_screen() -> None:
    context = phenomena("fi")
    zone = [note for note in context.board.notes if note.zone == "challenges"]
    layout = layout_zone(zone, context.board.themes, columns=3)
    drawn = {
        (float(rect.get("x", 0)), float(rect.get("y", 0)), float(rect.get("height", 0)))
        for rect in parsed(context).iter(f"{SVG}rect")
        if rect.get("width") == "200"
    }
    first = next(iter(layout.places.values()))
    corners = {(x - first.x, y - first.y) for x, y, height in drawn if height == first.height}
    assert any(
        {(left + p.x, top + p.y, p.height) for p in layout.places.values()} <= drawn
        for left, top in corners
    )


def test_a_long_note_is_cut_in_sight_and_whole_in_its_title() -> None:
    long = "Kehittämistä tehdään oman työn ohessa, jos ehditään. " * 20
    root = parsed(phenomena("fi", [long]))
    assert long in [title.text for title in root.iter(f"{SVG}title")]
    assert words(root).count("Kehittämistä") < 20
    assert "…" in words(root)


@pytest.mark.parametrize("alone", [True, False])
def test_hostile_texts_stay_texts(alone: bool) -> None:
    notes = tuple(
        Note(id=f"n{n}", zone="challenges", text=text, color=COLORS[0])
        for n, text in enumerate(CORPUS)
    )
    context = phenomena("fi", [])
    context = replace(context, board=replace(context.board, notes=notes))
    svg = picture_of(context, None if alone else Cleaner().line).svg
    root = ElementTree.fromstring(svg)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= ALLOWED
    for element in root.iter():
        assert not [name for name in element.attrib if name.startswith("on") or "href" in name]
    styles = "".join(style.text or "" for style in root.iter(f"{SVG}style"))
    assert "x.invalid" not in styles
    assert words(root).count("<script>alert(1)</script>") >= 1


@pytest.mark.parametrize("format", ["svg", "png"])
async def test_a_picture_of_hostile_texts_is_made(format: str) -> None:
    assert (await export_board(format, phenomena("fi", CORPUS))).body


def test_letters_that_are_used_come_with_it() -> None:
    """Each is in a font that the file brings, in the weight it is written in."""
    text = "Äänekoski ŋ → שלום مرحبا 😀"
    root = write_svg(phenomena("fi", [text])).decode()
    fonts = {
        (face, int(weight)): TTFont(io.BytesIO(base64.b64decode(body)))
        for face, weight, body in FACE.findall(root)
    }
    shown = {face: font.getBestCmap() for (face, weight), font in fonts.items() if weight == 400}
    for char in text.replace(" ", "").replace("→", ""):
        assert any(ord(char) in cmap for cmap in shown.values()), char
    assert ("Atkinson Hyperlegible Next", 700) in fonts
    assert len(root) < 350_000


@pytest.mark.parametrize(("face", "weight"), FILES)
def test_a_subset_is_a_font_with_the_same_letters(face: str, weight: int) -> None:
    chars = [char for char in "AÅÄzž9ŋשلا😀!" if has(face, char)]
    font = TTFont(io.BytesIO(subset(face, weight, chars)))
    whole = TTFont(io.BytesIO(subset(face, weight, map(chr, range(32, 0x250)))))
    cmap, glyphs = font.getBestCmap(), font["glyf"]
    assert {ord(char) for char in chars} <= set(cmap)
    assert chars
    for char in chars:
        name = cmap[ord(char)]
        assert glyphs[name].numberOfContours != 0
        assert font["hmtx"][name][0] > 0
        if ord(char) in whole.getBestCmap():
            twin = whole.getBestCmap()[ord(char)]
            assert whole["hmtx"][twin] == font["hmtx"][name]
            outlines = (glyphs[name], whole["glyf"][twin])
            assert (
                len(
                    {
                        len(each.getCoordinates(f["glyf"])[0])
                        for each, f in zip(outlines, (font, whole), strict=True)
                    }
                )
                == 1
            )


def test_hidden_votes_are_not_drawn() -> None:
    five = tuple(replace(note, votes=7) for note in phenomena("fi").board.notes[:1])
    board = replace(phenomena("fi").board, notes=five)
    shown, hidden = (
        words(parsed(replace(phenomena("fi"), board=board, hides_votes=hides)))
        for hides in (False, True)
    )
    assert shown.count("7") == hidden.count("7") + 2  # on the note, and on its theme


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_a_note_of_a_zone_that_is_gone_is_drawn_under_a_title_of_its_own() -> None:
    told = words(parsed(phenomena("fi", ["jäi talteen"], definition={"title": {}, "zones": []})))
    assert "jäitalteen" in told
    assert "".join(t("fi", "export.other_notes").split()) in told


async def test_pixels_are_as_many_as_asked_for() -> None:
    svg = picture_of(change("sv"))
    for wanted in (400, 3000):
        png = (await export_board("png", change("sv", width=wanted))).body
        width, height = size(png)
        assert abs(width - wanted) <= 1
        assert abs(height - wanted * svg.height / svg.width) <= 2
    assert zlib.decompress(b"".join(chunks(png, b"IDAT")))


def chunks(png: bytes, kind: bytes) -> list[bytes]:
    found, at = [], 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == kind:
            found.append(png[at + 8 : at + 8 + length])
        at += 12 + length
    return found


async def test_no_picture_is_too_large_to_be_made() -> None:
    context = phenomena("fi", [f"Lappu numero {n}" for n in range(600)], width=8000)
    width, height = size((await export_board("png", context)).body)
    assert width * height <= MOST_PIXELS * 1.01


def test_a_real_day_is_drawn_with_all_that_belongs_to_it() -> None:
    drawn = {context.board.key: words(parsed(context)) for context in day("fi")}
    assert "Koivut" in drawn["phenomena"]
    assert "Tiedonkulkujatyönjako" in drawn["phenomena"]
    assert "Keskiarvo" in drawn["assessment"]
    assert "touko2026" in drawn["experiments"]
