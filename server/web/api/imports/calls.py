"""HTTP calls that bring something in from files."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from boards.desk import JOINING
from server.errors import MalformedJson
from server.service import Service
from server.web.api.workshops import check_may_create, created
from server.web.requests import BODY_BYTES, address, credentials, parse_object, read_body
from server.web.responses import answer
from server.web.sign_in import identity_of
from server.workshops.imports.bringing import NOTES_BYTES
from server.workshops.imports.imports import IMPORT_BYTES
from server.workshops.input import fields

__all__ = ["import_notes", "import_workshop", "parse_flat"]

MOST_FIELDS = 20  # of a command, and more


async def import_workshop(request: Request) -> Response:
    """POST /api/workshops/import: the JSON export of a workshop becomes a new one."""
    service: Service = request.app.state.service
    who = await identity_of(request, service)
    if who is None:
        await check_may_create(request, service)
    told = request.query_params.get("name")
    name = None if told is None else fields.name(told)
    joining = fields.choice(request.query_params.get("joining", "open"), "joining", JOINING)
    body = await read_body(request, most=IMPORT_BYTES)
    service.quota.take(address(request))
    made = await service.imports.create(body, name, address(request), joining)
    return await created(request, service, made.created, who, left_out=list(made.left_out))


async def import_notes(request: Request) -> Response:
    """POST /api/boards/{board}/import: notes of a list or a file, shown or written."""
    service: Service = request.app.state.service
    board = request.path_params["board"]
    access = await service.note_imports.leads(board, lambda id: credentials(request, id))
    body = await read_body(request, most=NOTES_BYTES)
    if len(body) <= BODY_BYTES:
        told = parse_object(body) if body.strip() else {}
    else:
        told = await service.note_imports.elsewhere.run(access.workshop, parse_flat, body)
    found = await service.note_imports.bring(board, lambda id: credentials(request, id), told)
    return answer(found)


def parse_flat(body: bytes) -> dict[str, Any]:
    """A large command of single values, for another process: a million lists take half a second to
    read, and as long to be handed over. Raises MalformedJson."""
    told = parse_object(body)
    if len(told) > MOST_FIELDS or any(isinstance(value, dict | list) for value in told.values()):
        raise MalformedJson("expected single values")
    return told
