"""The public interface as OpenAPI 3.1. Written by hand; a test compares it with the running server.

The client's types are made from it: `python scripts/api_types.py` after every change.

Who may call: `security` is empty for calls that need no token. Errors are one shape everywhere.
"""

import copy
from functools import cache
from typing import Any

from server.web.api.breakouts.openapi_breakouts import BREAKOUT_SCHEMAS, BREAKOUTS
from server.web.api.exports.openapi_exports import EXPORT_PARAMETERS, EXPORT_SCHEMAS, EXPORTS
from server.web.api.imports.openapi_imports import IMPORT_PARAMETERS, IMPORT_SCHEMAS, IMPORTS
from server.web.api.openapi_doors import DOOR_SCHEMAS, DOORS
from server.web.api.openapi_shapes import EMPTY, TEXT, answers, call, content, ref, takes
from server.web.api.openapi_snapshots import SNAPSHOT_SCHEMAS, SNAPSHOTS
from server.web.api.openapi_surveys import SURVEYS
from server.web.api.openapi_workbook import WORKBOOK_SCHEMAS
from server.web.api.schemas import PARAMETERS, SCHEMAS
from server.web.api.scripts.openapi_scripts import SCRIPT_SCHEMAS, SCRIPTS
from server.web.pages import product_version

__all__ = ["description"]

Json = dict[str, Any]

ONCE = {"$ref": "#/components/parameters/once"}
REPEATABLE = (
    "/api/session",
    "/api/waiting",
    "/api/waiting/leave",
    "/api/boards/{board}/edits",
)  # without harm, and without a key


def with_keys(paths: Json) -> Json:
    """The same, and each command can be told by a key."""
    for path, operations in paths.items():
        for method, operation in operations.items():
            if method in ("post", "patch") and path not in REPEATABLE:
                operation.setdefault("parameters", []).append(ONCE)
    return paths


PATHS: Json = {
    "/": {
        "get": call("Start page", answers(200, "A page", TEXT, "text/html"), public=True),
    },
    "/j/{code}": {
        "get": call(
            "Page to join with a code",
            answers(200, "A page", TEXT, "text/html"),
            parameters="code",
            public=True,
        ),
    },
    **{
        f"/{name}": {
            "get": call(text, answers(200, "A page", TEXT, "text/html"), public=True),
        }
        for name, text in (
            ("privacy", "Privacy notice and record of processing"),
            ("accessibility", "Accessibility statement"),
            ("security", "What protects people here, and what does not"),
        )
    },
    "/.well-known/security.txt": {
        "get": call(
            "Whom to tell of a weakness (RFC 9116); 404 where no contact is set",
            answers(200, "The file", TEXT, "text/plain"),
            public=True,
        ),
    },
    "/w/{workshop}": {
        "get": call(
            "The workshop's page",
            answers(200, "A page", TEXT, "text/html"),
            parameters="workshop",
            public=True,
        ),
    },
    "/w/{workshop}/wall": {
        "get": call(
            "The board that everybody is at, for a projector (facilitator; others go to its page)",
            answers(200, "A page", TEXT, "text/html")
            | {"303": {"description": "Not as a facilitator: the workshop's page"}},
            parameters="workshop",
            public=True,
        ),
    },
    "/api/workshops": {
        "post": call(
            "Open a workshop; with HAHMO_CREATE_KEY set, only for who sends it as bearer token",
            answers(201, "The workshop, and the facilitator's ways in", ref("Created")),
            public=True,
            **takes(ref("NewWorkshop")),
        ),
    },
    **IMPORTS,
    "/api/workshops/{workshop}": {
        "get": call("The desk", answers(200, "The desk", ref("Desk")), parameters="workshop"),
        "patch": call(
            "Set what a facilitator sets on the desk",
            answers(200, "The desk", ref("Desk")),
            parameters="workshop",
            **takes(ref("DeskPatch")),
        ),
        "delete": call(
            "Delete the workshop with everything in it, for good (facilitator)",
            {"204": {"description": "It is gone"}},
            parameters="workshop",
        ),
    },
    "/api/workshops/{workshop}/workbook": {
        "get": call(
            "The workbook in all languages",
            answers(200, "The workbook", ref("Workbook")),
            parameters="workshop",
        ),
    },
    "/api/workshops/{workshop}/workbook.toml": {
        "get": call(
            "The workbook as a file, with what this workshop has changed of it; another workshop "
            "opens with it (workbook_toml)",
            answers(200, "A file", TEXT, "application/toml"),
            parameters="workshop",
        ),
    },
    "/api/workshops/{workshop}/people/{person}": {
        "delete": call(
            "Remove a participant or observer (a facilitator, or they themselves); notes stay",
            {"204": {"description": "They are gone, and their name with them"}},
            parameters="workshop person",
        ),
        "patch": call(
            "Change the name somebody goes by (they themselves, or a facilitator), or make them "
            "facilitator, participant or observer (a facilitator)",
            answers(200, "As everybody sees them now", ref("PersonChanged")),
            parameters="workshop person",
            **takes(ref("ChangePerson")),
        ),
    },
    "/api/workshops/{workshop}/people/{person}/data": {
        "get": call(
            "What is held about somebody, as a file (they themselves, or a facilitator)",
            answers(200, "All of it", ref("PersonData")),
            parameters="workshop person",
        ),
    },
    "/api/workshops/{workshop}/next": {
        "post": call(
            "Open the next round: a new workshop whose change map begins where this one's arrived",
            answers(201, "The workshop, and the facilitator's ways in", ref("Created")),
            parameters="workshop",
            **takes(ref("NextRound"), required=False),
        ),
    },
    "/api/workshops/{workshop}/copy": {
        "post": call(
            "Open a workshop that is prepared as this one is, for another team: texts, times, "
            "rights and notes of those who lead (facilitator)",
            answers(201, "The workshop, and the facilitator's ways in", ref("Created")),
            parameters="workshop",
            **takes(ref("CopiedWorkshop"), required=False),
        ),
    },
    "/api/workshops/{workshop}/deletions": {
        "get": call(
            "Notes that are deleted, on all boards: who deleted how many, where and when; "
            "for facilitators",
            answers(200, "The latest first", ref("Deletions")),
            parameters="workshop",
        ),
    },
    "/api/workshops/{workshop}/deletions/restore": {
        "post": call(
            "Bring back what one person deleted within a time, on one board or on all; "
            "for facilitators",
            answers(200, "How many notes came back", ref("Restored")),
            parameters="workshop",
            **takes(ref("Restoration")),
        ),
    },
    "/api/workshops/{workshop}/previous/change": {
        "get": call(
            "The last round's change map, as it was when this workshop began",
            answers(200, "The map", ref("Previous")),
            parameters="workshop",
        ),
    },
    "/api/workshops/{workshop}/addresses": {
        "get": call(
            "Where others can join: not at localhost, where you may be",
            answers(200, "Origins, the likeliest first", ref("Addresses")),
            parameters="workshop",
        ),
    },
    "/api/workshops/{workshop}/qr.svg": {
        "get": call(
            "The address to join at, as a QR code",
            answers(200, "A picture", TEXT, "image/svg+xml"),
            parameters="workshop origin",
        ),
    },
    "/api/workshops/{workshop}/breakouts": {
        "post": call(
            "Split people into groups, each with a board of its own",
            answers(201, "The breakout", ref("Breakout")),
            parameters="workshop",
            **takes(ref("NewBreakout")),
        ),
    },
    "/api/breakouts/{breakout}": {
        "patch": call(
            "Let people change groups, or rename groups",
            answers(200, "The breakout", ref("Breakout")),
            parameters="breakout",
            **takes(ref("Moves")),
        ),
    },
    "/api/breakouts/{breakout}/merge": {
        "post": call(
            "Bring the groups' work to the shared board; again brings only what is new",
            answers(200, "What it brought", ref("Merged")),
            parameters="breakout",
            **takes(ref("Merging"), required=False),
        ),
    },
    "/api/breakouts/{breakout}/close": {
        "post": call(
            "End the group work: groups become read-only, people are called back",
            answers(200, "The breakout", ref("Closed")),
            parameters="breakout",
            **takes(ref("Closing"), required=False),
        ),
    },
    "/api/boards/{board}": {
        "get": call(
            "A board as it stands",
            answers(200, "The board", ref("Board")),
            parameters="board",
        ),
    },
    "/api/boards/{board}/edits": {
        "post": call(
            "Bring an edit without a connection: one Yjs update, durable when answered",
            answers(200, "What was put right of it", ref("Brought")),
            parameters="board lineage",
            requestBody={
                "required": True,
                **content("application/octet-stream", {"type": "string", "format": "binary"}),
            },
        ),
    },
    **EXPORTS,
    "/sign-in": {
        "get": call(
            "To the sign-in provider, where one is set up",
            answers(303, "To the provider", TEXT, "text/plain"),
            public=True,
        ),
    },
    "/sign-in/back": {
        "get": call(
            "Back from the provider, with a code; sets the facilitator's cookie",
            answers(303, "To the first page", TEXT, "text/plain"),
            public=True,
        ),
    },
    "/api/facilitator": {
        "get": call(
            "Who signed in with the provider, and their workshops",
            answers(200, "Name and workshops", ref("Facilitator")),
            public=True,
        ),
    },
    "/api/facilitator/sign-out": {
        "post": call(
            "Sign out of what the provider said; of no workshop",
            {"204": {"description": "Nobody is signed in on this device"}},
            public=True,
            **takes(EMPTY, required=False),
        ),
    },
    "/api/facilitator/workshops/{workshop}": {
        "post": call(
            "Lead one's own workshop on this device, by cookie",
            answers(200, "Who one is there", ref("Led")),
            parameters="workshop",
            public=True,
            **takes(ref("OpenMine"), required=False),
        ),
    },
    "/api/export.schema.json": {
        "get": call(
            "The shape of JSON exports",
            answers(200, "JSON Schema", {"type": "object"}),
            public=True,
        ),
    },
    "/api/openapi.json": {
        "get": call(
            "This description",
            answers(200, "OpenAPI 3.1", {"type": "object"}),
            public=True,
        ),
    },
    "/api/now": {
        "get": call("The server's clock, ms", answers(200, "Now", ref("Now")), public=True),
    },
    "/healthz": {
        "get": call("Alive", answers(200, "alive", TEXT, "text/plain"), public=True),
    },
    "/readyz": {
        "get": call("Ready to serve", answers(200, "ready", TEXT, "text/plain"), public=True),
    },
    "/metrics": {
        "get": call("Numbers", answers(200, "Prometheus text", TEXT, "text/plain"), public=True),
    },
}


@cache
def description() -> Json:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Hahmo",
            "version": product_version(),
            "license": {"name": "MIT", "identifier": "MIT"},
            "description": "Live boards for guided workshops. Boards and desks are edited over "
            "WebSocket at /sync/{board} (docs/protocol.md); everything else is here.",
        },
        "security": [{"bearer": []}, {"cookie": []}],
        "paths": with_keys(
            copy.deepcopy({**PATHS, **BREAKOUTS, **DOORS, **SCRIPTS, **SNAPSHOTS, **SURVEYS})
        ),
        "components": {
            "schemas": {
                **SCHEMAS,
                **BREAKOUT_SCHEMAS,
                **DOOR_SCHEMAS,
                **EXPORT_SCHEMAS,
                **IMPORT_SCHEMAS,
                **SCRIPT_SCHEMAS,
                **SNAPSHOT_SCHEMAS,
                **WORKBOOK_SCHEMAS,
            },
            "parameters": {**PARAMETERS, **EXPORT_PARAMETERS, **IMPORT_PARAMETERS},
            "responses": {
                "Problem": {
                    "description": "What went wrong (RFC 9457); `code` is stable",
                    **content("application/problem+json", ref("Problem")),
                }
            },
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "cookie": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "hahmo_{workshop}",
                    "description": "One per workshop, set by joining; __Host-… over https",
                },
            },
        },
    }
