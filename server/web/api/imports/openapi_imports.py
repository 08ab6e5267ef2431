"""Calls that bring something in from files, as OpenAPI describes them."""

from server.web.api.openapi_shapes import (
    ID,
    NAME,
    TEXT,
    Json,
    answered,
    answers,
    call,
    many,
    parameter,
    ref,
    takes,
)

__all__ = ["IMPORTS", "IMPORT_PARAMETERS", "IMPORT_SCHEMAS"]

IMPORT_PARAMETERS: Json = {
    "name": parameter("name", NAME, "Of the facilitator", "query"),
}

IMPORTS: Json = {
    "/api/workshops/import": {
        "post": call(
            "Open a workshop equal to the one that an export tells of, for who may open one; "
            "all of it or nothing: what does not fit is told with its place, a JSON pointer",
            answers(
                201, "The workshop, the facilitator's ways in, and what stayed", ref("Imported")
            ),
            parameters="name",
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
}

IMPORT_SCHEMAS: Json = {
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
