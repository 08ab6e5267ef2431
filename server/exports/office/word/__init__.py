"""A Word document from paragraphs and tables. Source: ECMA-376, part 1, 17 (WordprocessingML).

Elements stand in the order that the schema asks for; `styles.xml` has what they look like.
"""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from server.exports.office.package import (
    DECLARATION,
    TAGS,
    content_types,
    core,
    packed,
    relations,
    text_of,
)
from server.exports.plain import plain

__all__ = ["TEXT_WIDTH", "cell", "document", "paragraph", "picture", "run", "table"]

HERE = Path(__file__).parent
SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
CORE = "application/vnd.openxmlformats-package.core-properties+xml"
CORE_LINK = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
TEXT_WIDTH = 9638  # twentieths of a point: A4 between its margins of 2 cm
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
POINT = 12_700  # EMU
LINE = '</w:t><w:br/><w:t xml:space="preserve">'
TAB = '</w:t><w:tab/><w:t xml:space="preserve">'
SECTION = (
    '<w:sectPr><w:footerReference w:type="default" r:id="r1"/>'
    '<w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" '
    'w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
)
ALONGSIDE = ("footer", "styles", "numbering", "settings")
LEFTWARD = ("R", "AL")  # classes of letters, UAX #9


def document(
    body: Iterable[str],
    *,
    title: str,
    footer: str,
    language: str,
    at: datetime,
    pictures: Callable[[], Sequence[bytes]] = tuple,
) -> bytes:
    """The file. `body`: paragraphs and tables; `footer`: beside the page's number. `pictures`: PNGs
    that are shown by their number, asked for when all else is written.
    """
    space = f'xmlns:w="{SPACE}" xmlns:r="{LINKS}"'
    end = paragraph("") + SECTION  # no document may end with a table
    content = f"<w:body>{''.join(body)}{end}</w:body>"
    shown = {f"media/{n}.png": png for n, png in enumerate(pictures(), start=1)}
    main = f"{DECLARATION}<w:document {space}>{content}</w:document>"
    kinds = {
        "word/document.xml": "document.main",
        "word/styles.xml": "styles",
        "word/numbering.xml": "numbering",
        "word/settings.xml": "settings",
        "word/footer.xml": "footer",
    }
    return packed(
        {
            "[Content_Types].xml": content_types(
                {part: f"{KIND}.{kind}+xml" for part, kind in kinds.items()}
                | {"docProps/core.xml": CORE}
            ),
            "_rels/.rels": relations(
                {"word/document.xml": "officeDocument", "docProps/core.xml": CORE_LINK}
            ),
            "docProps/core.xml": core(title, language, at),
            "word/_rels/document.xml.rels": relations(
                {f"{kind}.xml": kind for kind in ALONGSIDE} | dict.fromkeys(shown, "image")
            ),
            "word/document.xml": main,
            "word/styles.xml": shipped("styles", language),
            "word/numbering.xml": shipped("numbering", language),
            "word/settings.xml": shipped("settings", language),
            "word/footer.xml": f"{DECLARATION}<w:ftr {space}>{footer_of(footer)}</w:ftr>",
            **{f"word/{name}": png for name, png in shown.items()},
        }
    )


def shipped(part: str, language: str) -> str:
    """A part that is the same in every document but for its language."""
    return (HERE / f"{part}.xml").read_text(encoding="utf-8").replace("LANGUAGE", TAGS[language])


def footer_of(text: str) -> str:
    number, pages = (
        f'<w:fldSimple w:instr=" {field} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        for field in ("PAGE", "NUMPAGES")
    )
    slash = '<w:r><w:t xml:space="preserve"> / </w:t></w:r>'
    words = f"{run(text)}<w:r><w:tab/></w:r>"
    return f'<w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>{words}{number}{slash}{pages}</w:p>'


def run(text: str, style: str = "") -> str:
    """Text in one style of characters; its line ends stay, and it runs as its letters do."""
    kept = text_of(text).replace("\n", LINE).replace("\t", TAB)
    properties = f'<w:rStyle w:val="{style}"/>' if style else ""
    if is_leftward(text):
        properties += "<w:rtl/>"
    markup = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{markup}<w:t xml:space="preserve">{kept}</w:t></w:r>'


def paragraph(
    style: str, *runs: str, of: str = "", keep: bool = False, on_new_page: bool = False
) -> str:
    """`style`: of styles.xml, "" for the plain one. `of`: the text whose direction it has.

    `keep`: whether it stays whole on one page.
    """
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if keep:
        properties += "<w:keepLines/>"
    if on_new_page:
        properties += "<w:pageBreakBefore/>"
    if is_leftward(of):
        properties += "<w:bidi/>"
    markup = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{markup}{''.join(runs)}</w:p>"


def picture(number: int, width: float, height: float, alt: str) -> str:
    """A picture of `document` in a paragraph of its own. `number`: from 1; size in points.

    `alt`: what screen readers say of it.
    """
    size = f'cx="{round(width * POINT)}" cy="{round(height * POINT)}"'
    relation = f"r{len(ALONGSIDE) + number}"
    return (
        '<w:p><w:pPr><w:pStyle w:val="Picture"/></w:pPr><w:r><w:drawing>'
        f'<wp:inline xmlns:wp="{DRAWING}/wordprocessingDrawing" distT="0" distB="0" distL="0" '
        f'distR="0"><wp:extent {size}/><wp:docPr id="{number}" name="{number}" '
        f'descr="{text_of(alt)}"/><a:graphic xmlns:a="{DRAWING}/main"><a:graphicData '
        f'uri="{DRAWING}/picture"><pic:pic xmlns:pic="{DRAWING}/picture"><pic:nvPicPr>'
        f'<pic:cNvPr id="{number}" name="{number}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch>'
        f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>'
        "</a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def cell(content: str, width: int) -> str:
    """A cell of a table; `content`: its paragraphs, at least one."""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{content}</w:tc>'


def table(
    widths: Sequence[int],
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    title: str,
    torn: Iterable[int] = (),
) -> str:
    """A table whose head is repeated on each page. Cells are paragraphs, `widths` as TEXT_WIDTH.

    `title`: told to screen readers. `torn`: numbers of rows that a page may cut. Between two tables
    there must be a paragraph.
    """
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    cut = set(torn)
    lines = [row_of(head, widths, "<w:cantSplit/><w:tblHeader/>")]
    lines += [
        row_of(row, widths, "" if number in cut else "<w:cantSplit/>")
        for number, row in enumerate(rows)
    ]
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="HahmoTable"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0620" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
        'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f'<w:tblCaption w:val="{text_of(title)}"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{''.join(lines)}</w:tbl>"
    )


def row_of(cells: Sequence[str], widths: Sequence[int], properties: str) -> str:
    markup = f"<w:trPr>{properties}</w:trPr>" if properties else ""
    inner = "".join(cell(one, width) for one, width in zip(cells, widths, strict=True))
    return f"<w:tr>{markup}{inner}</w:tr>"


def is_leftward(text: str) -> bool:
    """Whether a text begins with a script that runs from right to left."""
    if text.isascii():
        return False
    strong = (unicodedata.bidirectional(char) for char in plain(text))
    return next((kind in LEFTWARD for kind in strong if kind in ("L", *LEFTWARD)), False)
