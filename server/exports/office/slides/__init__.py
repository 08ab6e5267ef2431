"""A PowerPoint presentation of titles, paragraphs and tables. Source: ECMA-376, part 1, 19, 21.

`master.xml`, `layout-*.xml` and `theme.xml` have what slides look like; a slide says only what
stands on it, so that whoever gets the file changes the look of all of them in one place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
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
from server.exports.picture.text import is_leftward

__all__ = ["BODY", "Line", "Slide", "Table", "presentation"]

HERE = Path(__file__).parent
KIND = "application/vnd.openxmlformats-officedocument.presentationml"
THEME = "application/vnd.openxmlformats-officedocument.theme+xml"
CORE = "application/vnd.openxmlformats-package.core-properties+xml"
CORE_LINK = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
SPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
LAYOUTS = ("title", "section", "text", "table")  # in the order of the master's list
POINT = 12_700  # EMU
BODY = (864.0, 367.0)  # points: width and height of what stands under a title
LEFT, TOP = 609_600, 1_463_040  # EMU
DETAILS = 12  # points
HEAD_FILL, LINE_FILL = "accent1", "D8CFC0"


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph. `level`: 0 a bullet, 1 a heading, 2 plain. `details`: in smaller letters."""

    text: str
    details: str = ""
    level: int = 0
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """`widths`: points. Cells are paragraphs; from column `numbers` on they stand to the right."""

    widths: Sequence[float]
    head: Sequence[str]
    rows: Sequence[Sequence[Sequence[Line]]]
    size: float = 14  # points
    numbers: int = 99
    sums: bool = False  # whether the last row is of totals


@dataclass(frozen=True, slots=True)
class Slide:
    """`layout`: of LAYOUTS. `columns`: of its text; `size`: points, else as the layout has it."""

    layout: str
    title: str
    lines: Sequence[Line] = ()
    table: Table | None = None
    columns: int = 1
    size: float | None = None


@dataclass
class Writer:
    """Writes slides of one language."""

    language: str
    footer: str
    tag: str = field(init=False)

    def __post_init__(self) -> None:
        self.tag = TAGS[self.language]

    def slide(self, slide: Slide, number: int) -> str:
        kind = "ctrTitle" if slide.layout == "title" else "title"
        shapes = [self.place(2, "Title", f'type="{kind}"', self.paragraph(Line(slide.title)))]
        if slide.table is not None:
            shapes.append(self.frame(slide.title, slide.table))
        else:
            held = {"title": 'type="subTitle" idx="1"', "section": 'type="body" idx="1"'}
            body = "".join(self.paragraph(line, slide.size) for line in slide.lines)
            columns = f' numCol="{slide.columns}" spcCol="381000"' if slide.columns > 1 else ""
            told = held.get(slide.layout, 'idx="1"')
            shapes.append(self.place(3, "Content", told, body or self.paragraph(Line("")), columns))
        if slide.layout != "title":
            shapes += self.feet(number)
        tree = (
            '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>'
            f"<p:grpSpPr/>{''.join(shapes)}"
        )
        return (
            f"{DECLARATION}<p:sld {SPACES}><p:cSld><p:spTree>{tree}</p:spTree></p:cSld>"
            "<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sld>"
        )

    def place(self, id: int, name: str, held: str, body: str, columns: str = "") -> str:
        """A placeholder of the layout, filled."""
        return (
            f'<p:sp><p:nvSpPr><p:cNvPr id="{id}" name="{name}"/><p:cNvSpPr>'
            f'<a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph {held}/></p:nvPr></p:nvSpPr><p:spPr/>'
            f"<p:txBody><a:bodyPr{columns}/><a:lstStyle/>{body}</p:txBody></p:sp>"
        )

    def feet(self, at: int) -> list[str]:
        number = (
            '<a:fld id="{00000000-1234-1234-1234-123412341234}" type="slidenum">'
            f'<a:rPr lang="{self.tag}"/><a:t>{at}</a:t></a:fld>'
        )
        return [
            self.place(
                8, "Footer", 'type="ftr" sz="quarter" idx="3"', self.paragraph(Line(self.footer))
            ),
            self.place(9, "Number", 'type="sldNum" sz="quarter" idx="4"', f"<a:p>{number}</a:p>"),
        ]

    def paragraph(self, line: Line, size: float | None = None, more: str = "") -> str:
        """`more`: further properties of the paragraph."""
        level = f' lvl="{line.level}"' if line.level else ""
        leftward = ' algn="r" rtl="1"' if is_leftward(line.text) else ""
        told = self.run(line.text, size, strong=line.strong)
        if line.details:
            told += self.run(("  " if line.text else "") + line.details, DETAILS, quiet=True)
        return f"<a:p><a:pPr{level}{more or leftward}/>{told}</a:p>"

    def run(
        self, text: str, size: float | None, *, strong: bool = False, quiet: bool = False
    ) -> str:
        looks = f' sz="{int(size * 100)}"' if size else ""
        looks += ' b="1"' if strong else ""
        tint = '<a:solidFill><a:schemeClr val="tx2"/></a:solidFill>' if quiet else ""
        properties = f'<a:rPr lang="{self.tag}"{looks}>{tint}</a:rPr>'
        lines = (f"<a:r>{properties}<a:t>{text_of(one)}</a:t></a:r>" for one in text.split("\n"))
        return f"<a:br>{properties}</a:br>".join(lines)

    def frame(self, title: str, table: Table) -> str:
        """A table where the text of a slide stands."""
        wide = int(sum(table.widths) * POINT)
        grid = "".join(f'<a:gridCol w="{int(width * POINT)}"/>' for width in table.widths)
        head = [[Line(text, strong=True)] for text in table.head]
        last = len(table.rows) - 1 if table.sums else -1
        rows = self.row(head, table, head=True) + "".join(
            self.row(row, table, sums=n == last) for n, row in enumerate(table.rows)
        )
        return (
            f'<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="4" name="Table" '
            f'descr="{text_of(title)}"/><p:cNvGraphicFramePr><a:graphicFrameLocks noGrp="1"/>'
            "</p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr>"
            f'<p:xfrm><a:off x="{LEFT}" y="{TOP}"/><a:ext cx="{wide}" cy="370840"/></p:xfrm>'
            '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/table">'
            f'<a:tbl><a:tblPr firstRow="1"/><a:tblGrid>{grid}</a:tblGrid>{rows}</a:tbl>'
            "</a:graphicData></a:graphic></p:graphicFrame>"
        )

    def row(
        self,
        cells: Sequence[Sequence[Line]],
        table: Table,
        *,
        head: bool = False,
        sums: bool = False,
    ) -> str:
        inner = "".join(
            self.cell(lines, table, column >= table.numbers, head=head, sums=sums)
            for column, lines in enumerate(cells)
        )
        return f'<a:tr h="{int(table.size * 2 * POINT)}">{inner}</a:tr>'

    def cell(
        self, lines: Sequence[Line], table: Table, number: bool, *, head: bool, sums: bool
    ) -> str:
        side = ' algn="r"' if number else ""
        told = "".join(
            self.cell_line(line, table.size, side, white=head, strong=head or sums)
            for line in lines or [Line("")]
        )
        fill = (
            f'<a:solidFill><a:schemeClr val="{HEAD_FILL}"/></a:solidFill>'
            if head
            else "<a:noFill/>"
        )
        none = "".join(f"<a:{edge}><a:noFill/></a:{edge}>" for edge in ("lnL", "lnR", "lnT"))
        low = f'<a:lnB w="9525"><a:solidFill><a:srgbClr val="{LINE_FILL}"/></a:solidFill></a:lnB>'
        return (
            f"<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{told}</a:txBody>"
            '<a:tcPr marL="76200" marR="76200" marT="50800" marB="50800">'
            f"{none}{low}{fill}</a:tcPr>"
            "</a:tc>"
        )

    def cell_line(self, line: Line, size: float, side: str, *, white: bool, strong: bool) -> str:
        """A paragraph of a table: a bullet is set by hand, as tables have no levels."""
        bullet, hangs = "", ""
        if line.level == 0 and not (white or side):
            bullet = '<a:buFont typeface="Arial"/><a:buChar char="•"/>'
            hangs = ' marL="139700" indent="-139700"'
        colour = "bg1" if white else "tx1"
        tint = f'<a:solidFill><a:schemeClr val="{colour}"/></a:solidFill>'
        bold = ' b="1"' if strong or line.strong else ""
        look = f'<a:rPr lang="{self.tag}" sz="{int(size * 100)}"{bold}>{tint}</a:rPr>'
        told = f"<a:br>{look}</a:br>".join(
            f"<a:r>{look}<a:t>{text_of(one)}</a:t></a:r>" for one in line.text.split("\n")
        )
        if line.details:
            told += self.run(f"  {line.details}", max(9.0, size - 3), quiet=True)
        leftward = ' algn="r" rtl="1"' if is_leftward(line.text) else side
        return f"<a:p><a:pPr{hangs}{leftward}>{bullet}</a:pPr>{told}</a:p>"


def presentation(
    slides: Iterable[Slide], *, title: str, footer: str, language: str, at: datetime
) -> bytes:
    """The file. `footer`: beside each slide's number, but for those with the title's layout."""
    writer = Writer(language, footer)
    told = list(slides)
    parts = {
        "ppt/theme/theme1.xml": (shipped("theme", language), THEME),
        "ppt/slideMasters/slideMaster1.xml": (
            shipped("master", language),
            f"{KIND}.slideMaster+xml",
        ),
    }
    links = {
        "ppt/slideMasters/_rels/slideMaster1.xml.rels": relations(
            {f"../slideLayouts/slideLayout{n}.xml": "slideLayout" for n in numbers(LAYOUTS)}
            | {"../theme/theme1.xml": "theme"}
        )
    }
    for n, layout in enumerate(LAYOUTS, start=1):
        name = f"slideLayout{n}.xml"
        body = shipped(f"layout-{layout}", language)
        parts[f"ppt/slideLayouts/{name}"] = (body, f"{KIND}.slideLayout+xml")
        links[f"ppt/slideLayouts/_rels/{name}.rels"] = relations(
            {"../slideMasters/slideMaster1.xml": "slideMaster"}
        )
    for n, slide in enumerate(told, start=1):
        of = LAYOUTS.index(slide.layout) + 1
        parts[f"ppt/slides/slide{n}.xml"] = (writer.slide(slide, n), f"{KIND}.slide+xml")
        links[f"ppt/slides/_rels/slide{n}.xml.rels"] = relations(
            {f"../slideLayouts/slideLayout{of}.xml": "slideLayout"}
        )
    main = "ppt/presentation.xml"
    kinds = {main: f"{KIND}.presentation.main+xml", "docProps/core.xml": CORE}
    return packed(
        {
            "[Content_Types].xml": content_types(
                kinds | {name: kind for name, (_, kind) in parts.items()}
            ),
            "_rels/.rels": relations({main: "officeDocument", "docProps/core.xml": CORE_LINK}),
            "docProps/core.xml": core(title, language, at),
            main: index(len(told)),
            "ppt/_rels/presentation.xml.rels": relations(
                {f"slides/slide{n}.xml": "slide" for n in numbers(told)}
                | {"slideMasters/slideMaster1.xml": "slideMaster", "theme/theme1.xml": "theme"}
            ),
            **{name: body for name, (body, _) in parts.items()},
            **links,
        }
    )


def index(slides: int) -> str:
    """What is in the file, in order; a slide is 16 to 9."""
    listed = "".join(f'<p:sldId id="{255 + n}" r:id="r{n}"/>' for n in range(1, slides + 1))
    return (
        f"{DECLARATION}<p:presentation {SPACES}>"
        '<p:sldMasterIdLst><p:sldMasterId id="2147483648" '
        f'r:id="r{slides + 1}"/></p:sldMasterIdLst>'
        f'<p:sldIdLst>{listed}</p:sldIdLst><p:sldSz cx="12192000" cy="6858000"/>'
        '<p:notesSz cx="6858000" cy="9144000"/></p:presentation>'
    )


def numbers(of: Sequence[object]) -> range:
    return range(1, len(of) + 1)


def shipped(part: str, language: str) -> str:
    """A part that is the same in every file but for its language."""
    text = (HERE / f"{part}.xml").read_text(encoding="utf-8")
    return text.replace("LANGUAGE", TAGS[language])
