"""HTTP calls that bring something in from files."""

from __future__ import annotations

import functools

from starlette.requests import Request
from starlette.responses import Response

from server.service import Service
from server.web.api.workshops import check_may_create, created
from server.web.once import Handler
from server.web.requests import address, credentials, read_body, read_json
from server.web.responses import answer
from server.web.sign_in import identity_of
from server.workshops.imports.bringing import NOTES_BYTES
from server.workshops.imports.imports import IMPORT_BYTES
from server.workshops.input import fields

__all__ = ["import_notes", "import_workshop", "in_turn"]


async def import_workshop(request: Request) -> Response:
    """POST /api/workshops/import: the JSON export of a workshop becomes a new one."""
    service: Service = request.app.state.service
    who = await identity_of(request, service)
    if who is None:
        await check_may_create(request, service)
    told = request.query_params.get("name")
    name = None if told is None else fields.name(told)
    body = await read_body(request, most=IMPORT_BYTES)
    service.quota.take(address(request))
    made = await service.imports.create(body, name, address(request))
    return await created(request, service, made.created, who, left_out=list(made.left_out))


async def import_notes(request: Request) -> Response:
    """POST /api/boards/{board}/import: notes of a list or a file, shown or written."""
    service: Service = request.app.state.service
    board = request.path_params["board"]
    await service.workshops.access(board, lambda id: credentials(request, id))  # before it is read
    body = await read_json(request, most=NOTES_BYTES)
    found = await service.note_imports.bring(board, lambda id: credentials(request, id), body)
    return answer(found)


def in_turn(handler: Handler) -> Handler:
    """The same call, a few at a time: a turn is taken before the first byte of a large body."""

    @functools.wraps(handler)
    async def call(request: Request) -> Response:
        service: Service = request.app.state.service
        async with service.imports.turn(address(request)):
            return await handler(request)

    return call
