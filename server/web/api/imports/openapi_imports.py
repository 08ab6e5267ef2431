"""Calls that bring something in from files, as OpenAPI describes them."""

from boards.desk import JOINING
from boards.schema import COLORS
from server.web.api.openapi_shapes import (
    ID,
    NAME,
    TEXT,
    TRUTH,
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
from server.workshops.imports.notes import COMPLAINTS

__all__ = ["IMPORTS", "IMPORT_PARAMETERS", "IMPORT_SCHEMAS"]

IMPORT_PARAMETERS: Json = {
    "name": parameter("name", NAME, "Of the facilitator", "query"),
    "joining": parameter(
        "joining",
        {"enum": list(JOINING), "default": "open"},
        "closed: nobody else gets in until who leads opens it",
        "query",
    ),
}

IMPORTS: Json = {
    "/api/workshops/import": {
        "post": call(
            "Open a workshop equal to the one that an export tells of, for who may open one; "
            "all of it or nothing: what does not fit is told with its place, a JSON pointer",
            answers(
                201, "The workshop, the facilitator's ways in, and what stayed", ref("Imported")
            ),
            parameters="name joining",
            public=True,
            **takes(
                {
                    "type": "object",
                    "description": "The answer of /api/workshops/{id}/export.json, as it is; its "
                    "shape is at /api/export.schema.json",
                }
            ),
        ),
    },
    "/api/boards/{board}/import": {
        "post": call(
            "Notes of a pasted list, of CSV or of an Excel workbook to a board (facilitator); "
            "with preview what would come where, and nothing is written",
            answers(200, "The notes, and what is wrong with other rows", ref("BroughtNotes")),
            parameters="board",
            **takes(ref("BringNotes")),
        ),
    },
}

IMPORT_SCHEMAS: Json = {
    "BringNotes": taken(
        text={**TEXT, "description": "a list, a note a line, or a table with a head"},
        file={**TEXT, "description": "in place of it: a file, base64"},
        zone={**TEXT, "description": "id, for rows that tell none"},
        color={"enum": list(COLORS), "default": COLORS[0]},
        preview={**TRUTH, "default": False},
        skip={**TRUTH, "default": False, "description": "leave out rows with a complaint"},
    ),
    "BroughtNotes": answered(
        notes=many(
            answered(
                id={**maybe(ID), "description": "null in a preview"},
                row={**WHOLE, "description": "of the file, from 1"},
                zone=TEXT,
                text=TEXT,
                color={"enum": list(COLORS)},
            )
        ),
        complaints=many(
            answered(
                row=WHOLE,
                column={**WHOLE, "description": "from 1; 0: none of its own"},
                code={"enum": list(COMPLAINTS)},
                got=TEXT,
            )
        ),
    ),
    "Imported": answered(
        id=ID,
        person=ID,
        token=TEXT,
        join_code=TEXT,
        join_url=TEXT,
        facilitator_url=TEXT,
        return_code=TEXT,
        boards=many(answered(id=ID, key=TEXT, kind=TEXT)),
        left_out={
            **many({"enum": ["people", "authors", "answers", "history", "settings", "groups"]}),
            "description": "what does not come along: people with their ways in; who wrote, voted "
            "and answered; answers of open surveys; history, snapshots and what was deleted; "
            "timer, announcement, join code, passphrase; people and boards of groups",
        },
    ),
}
