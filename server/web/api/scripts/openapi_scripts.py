"""The description of the calls on the notes of those who lead; part of openapi.py."""

from server.web.api.openapi_shapes import ID, TEXT, Json, answered, answers, call, ref, taken, takes
from server.workshops.scripts.scripts import MOST_CHARACTERS

__all__ = ["SCRIPTS", "SCRIPT_SCHEMAS"]

WORDS: Json = {"type": "string", "maxLength": MOST_CHARACTERS}

SCRIPT_SCHEMAS: Json = {
    "Scripts": answered(
        texts={"type": "object", "description": "by shared board", "additionalProperties": TEXT}
    ),
    "Script": answered(text={**TEXT, "description": "as it stands now"}),
    "WriteScript": taken(
        "board text",
        board=ID,
        text={**WORDS, "description": "an empty one takes the notes away"},
        before={
            **WORDS,
            "description": "as its writer found it: what others wrote meanwhile is kept",
        },
    ),
}

SCRIPTS: Json = {
    "/api/workshops/{workshop}/scripts": {
        "get": call(
            "The notes of those who lead, board by board (facilitator)",
            answers(200, "All there are", ref("Scripts")),
            parameters="workshop",
        ),
        "patch": call(
            "Write the notes for one board (facilitator)",
            answers(200, "The notes", ref("Script")),
            parameters="workshop",
            **takes(ref("WriteScript")),
        ),
    },
}
