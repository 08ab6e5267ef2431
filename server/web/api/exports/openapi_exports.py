"""Calls for documents, as OpenAPI describes them."""

from server.exports.context import LEAVABLE
from server.exports.preview import PICTURED
from server.web.api.described import described
from server.web.api.openapi_shapes import (
    ID,
    LANGUAGE,
    TEXT,
    WHOLE,
    Json,
    answered,
    answers,
    call,
    many,
    maybe,
    parameter,
    ref,
    taken,
    takes,
)
from server.workshops.documents.documents import About
from server.workshops.documents.wanted import GROUPS, WIDTHS

__all__ = ["EXPORTS", "EXPORT_PARAMETERS", "EXPORT_SCHEMAS"]

NUMBER: Json = {"type": "number"}
DOCUMENT: Json = {"200": {"description": "The document", "content": {"*/*": {"schema": TEXT}}}}
PIXELS: Json = {**WHOLE, "minimum": WIDTHS[0], "maximum": WIDTHS[1]}

EXPORT_PARAMETERS: Json = {
    "export": parameter("export", ID, "An export's id"),
    "groups": parameter(
        "groups",
        {"enum": list(GROUPS)},
        "apart: the groups' own boards follow each shared one (not in json and the report)",
        "query",
    ),
    "stage": parameter("stage", TEXT, "Only the boards of this stage", "query"),
    "format": parameter(
        "format",
        TEXT,
        "json, md, csv, xlsx, docx, pptx, pdf, svg, png, or ics for the days of a plan; of a whole "
        "workbook or a stage pdf, docx, pptx, xlsx, zip, report.pdf or report.docx, and of a whole "
        "one json",
    ),
    "as": parameter("format", TEXT, "As in the address of a document", "query"),
    "of": parameter("board", ID, "Of this board; if left out, of the whole workbook", "query"),
    "experiment": parameter("experiment", ID, "Only this experiment of a plan", "query"),
    "without": parameter(
        "without", TEXT, f"What is left out, with commas: {', '.join(LEAVABLE)}", "query"
    ),
    "width": parameter("width", PIXELS, "Of a png, pixels", "query"),
}

EXPORTS: Json = {
    "/api/boards/{board}/export.{format}": {
        "get": call(
            "A board as a document",
            DOCUMENT,
            parameters="board format language experiment without width",
        ),
    },
    "/api/workshops/{workshop}/export.{format}": {
        "get": call(
            "The whole workbook, or a stage of it, as a document, for who leads the workshop",
            DOCUMENT,
            parameters="workshop format language without stage groups",
        ),
    },
    "/api/workshops/{workshop}/exports": {
        "post": call(
            "Have a document made in the background: of a board, for who sees it, or of a stage "
            "or the whole workbook, for who leads; it is kept for some minutes, in memory only",
            answers(202, "It waits for its turn, or is being made", ref("Export")),
            parameters="workshop",
            **takes(ref("NewExport")),
        ),
        "get": call(
            "The documents that one asked for and that are still there",
            answers(
                200, "The list, in the order in which they were asked for", many(ref("Export"))
            ),
            parameters="workshop",
        ),
    },
    "/api/workshops/{workshop}/exports/about": {
        "get": call(
            "What a document would hold if it were made now, and about how long that takes",
            answers(200, "Its contents in numbers", ref("AboutExport")),
            parameters="workshop as of stage language without groups",
        ),
    },
    "/api/workshops/{workshop}/exports/first-page.png": {
        "get": call(
            f"The first page of a document, small: {', '.join(PICTURED)}",
            answers(200, "The picture", TEXT, "image/png"),
            parameters="workshop as of stage language without groups",
        ),
    },
    "/api/exports/{export}": {
        "get": call(
            "How far a document is, for who asked for it",
            answers(200, "Its state", ref("Export")),
            parameters="export",
        ),
        "delete": call(
            "Make it no further, and keep it no longer",
            {"204": {"description": "It is gone"}},
            parameters="export",
        ),
    },
    "/api/exports/{export}/file": {
        "get": call(
            "The finished document; 409 while it is being made",
            DOCUMENT,
            parameters="export",
        ),
    },
}

EXPORT_SCHEMAS: Json = {
    "AboutExport": described(About),
    "NewExport": taken(
        "format",
        format={**TEXT, "description": "as in the address of a document that one waits for"},
        language={**LANGUAGE, "description": "the reader's own if left out"},
        board={**maybe(ID), "description": "null: of the whole workbook, or of a stage"},
        stage={**maybe(TEXT), "description": "only the boards of this stage"},
        experiment={**maybe(ID), "description": "only this experiment of a plan"},
        width={**maybe(PIXELS), "description": "of a png, pixels"},
        without={
            "type": "array",
            "items": {"enum": list(LEAVABLE)},
            "maxItems": len(LEAVABLE),
            "description": "what is left out",
        },
        groups={"enum": list(GROUPS), "description": "apart: with the groups' own boards"},
    ),
    "Export": answered(
        id=ID,
        workshop=ID,
        board=maybe(ID),
        stage=maybe(TEXT),
        format=TEXT,
        language=LANGUAGE,
        state={"enum": ["waiting", "working", "done", "failed"]},
        ahead={**WHOLE, "description": "documents that are made before it"},
        progress={**NUMBER, "description": "0 to 1, by how long such take"},
        seconds_left={**NUMBER, "description": "about; 0 when it is over"},
        name={**maybe(TEXT), "description": "of the file, once it is there"},
        bytes=maybe(WHOLE),
        kept_seconds={**maybe(WHOLE), "description": "how long it is still there once it is over"},
        problem=maybe(answered(code=TEXT, title=TEXT, detail=TEXT)),
    ),
}
