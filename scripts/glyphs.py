"""Write server/exports/typst/glyphs.txt: the code points that a PDF export can show, face by face.

PDF/UA forbids a character without a glyph, and Typst then refuses the whole document, so exports
must know beforehand. This asks Typst itself, with the fonts that are shipped and the ones it
brings along; run it again when either changes (a test says so). Takes some minutes.
"""

import json
import re
import sys
import tempfile
import unicodedata
from pathlib import Path

import typst

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from server.exports.typst.child import FACES, STANDARDS, fonts  # noqa: E402
from server.exports.typst.glyphs import GLYPHS, ranges_text  # noqa: E402

SOURCE = """
#set document(title: "glyphs", date: datetime(year: 2026, month: 1, day: 1))
#set text(lang: "en", font: sys.inputs.face, fallback: false)
#for line in json(bytes(sys.inputs.lines)) [#line #parbreak()]
"""
BASE = "0"  # stands before each character; every face has it, even that of emoji
BATCH = 64  # code points in one try
UNSHOWABLE = ("Cc", "Cs", "Co", "Cn")  # controls, surrogates, private use, unassigned
NO_FONT_OF_OURS = re.compile(  # scripts with thousands of signs, skipped to save minutes
    "CJK |HANGUL |TANGUT|NUSHU|KHITAN|EGYPTIAN|ANATOLIAN|CUNEIFORM|BAMUM|SIGNWRITING|MENDE"
)
NAMED = re.compile(r'`"(?:\\u\{([0-9a-f]+)\}|(.+?))"`', re.DOTALL)


def candidates() -> list[int]:
    return [
        point
        for point in range(sys.maxunicode + 1)
        if unicodedata.category(chr(point)) not in UNSHOWABLE
        and not NO_FONT_OF_OURS.match(unicodedata.name(chr(point), ""))
    ]


def is_shown(compiler: typst.Compiler, face: str, points: list[int]) -> bool:
    lines = json.dumps([BASE + chr(point) for point in points])
    try:
        compiler.compile(
            format="pdf",
            pdf_standards=STANDARDS,
            timestamp=0,
            sys_inputs={"face": face, "lines": lines},
        )
    except typst.TypstError as error:
        if NAMED.search(error.message):
            return False
        raise
    return True


def shown(compiler: typst.Compiler, face: str, points: list[int]) -> list[int]:
    """Those of `points` that Typst shows in `face`, by halving what it refuses."""
    if is_shown(compiler, face, points):
        return points
    if len(points) == 1:
        return []
    middle = len(points) // 2
    halves = points[:middle], points[middle:]
    return [point for half in halves for point in shown(compiler, face, half)]


def main() -> None:
    points = candidates()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "glyphs.typ")
        source.write_text(SOURCE)
        compiler = typst.Compiler(source, root=folder, font_paths=fonts())
        blocks = []
        for face in FACES:
            found: list[int] = []
            for start in range(0, len(points), BATCH):
                found += shown(compiler, face, points[start : start + BATCH])
            blocks.append(f"{face}\n{ranges_text(found)}")
            print(face, len(found), flush=True)
    GLYPHS.write_text("\n".join(blocks))


if __name__ == "__main__":
    main()
