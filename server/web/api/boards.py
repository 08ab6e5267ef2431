"""HTTP calls on breakouts and boards."""

import time
from dataclasses import asdict, replace
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from boards.desk import Breakout
from server.exports import FORMATS, Exported, export_unread
from server.exports.context import LEAVABLE
from server.exports.whole import Whole, export_workshop
from server.i18n import LANGUAGES
from server.service import Service
from server.sync.transport.delivery import deliver
from server.web.api.workshops import member_of
from server.web.encoding import packed_aside
from server.web.requests import credentials, language, read_body, read_json
from server.web.responses import answer, answer_body
from server.workshops.breakouts.merging import Merged
from server.workshops.input import fields

__all__ = [
    "bring_edits",
    "close_breakout",
    "export",
    "export_whole",
    "merge_breakout",
    "move_people",
    "open_breakout",
    "show_board",
]


async def open_breakout(request: Request) -> Response:
    """POST /api/workshops/{workshop}/breakouts."""
    service: Service = request.app.state.service
    member = await member_of(request, service, request.path_params["workshop"])
    breakout = await service.breakouts.open(member, await read_json(request))
    return answer(breakout_json(breakout), 201)


async def move_people(request: Request) -> Response:
    """PATCH /api/breakouts/{breakout}."""
    service: Service = request.app.state.service
    breakout = request.path_params["breakout"]
    member = await member_of(request, service, await service.breakouts.workshop_of(breakout))
    moved = await service.breakouts.move(member, breakout, await read_json(request))
    return answer(breakout_json(moved))


async def merge_breakout(request: Request) -> Response:
    """POST /api/breakouts/{breakout}/merge."""
    service: Service = request.app.state.service
    breakout = request.path_params["breakout"]
    member = await member_of(request, service, await service.breakouts.workshop_of(breakout))
    fields.known_fields(await read_json(request), ())
    return answer(asdict(await service.breakouts.merge(member, breakout)))


async def close_breakout(request: Request) -> Response:
    """POST /api/breakouts/{breakout}/close."""
    service: Service = request.app.state.service
    breakout = request.path_params["breakout"]
    member = await member_of(request, service, await service.breakouts.workshop_of(breakout))
    body = await read_json(request)
    fields.known_fields(body, ("gather",))
    gather = fields.boolean(body.get("gather", False), "gather")
    closed = await service.breakouts.close(member, breakout, gather=gather)
    body = breakout_json(closed.breakout)
    return answer({**body, "gathered": as_json(closed.gathered)} if gather else body)


async def show_board(request: Request) -> Response:
    """GET /api/boards/{board}."""
    service: Service = request.app.state.service
    board = request.path_params["board"]
    found = await service.reading.board(board, lambda id: credentials(request, id))
    return await packed_aside(request, answer_body(found))


async def bring_edits(request: Request) -> Response:
    """POST /api/boards/{board}/edits: one update, without a connection; durable when answered."""
    service: Service = request.app.state.service
    board = request.path_params["board"]
    access = await service.workshops.delivery(board, lambda id: credentials(request, id))
    service.deliveries.take(access.person)
    lineage = request.query_params.get("lineage") or None
    update = await read_body(request, most=service.rooms.limits.first_frame_bytes)
    notices = await deliver(service.rooms, access, update, lineage=lineage)
    return answer({"notices": notices})


async def export(request: Request) -> Response:
    """GET /api/boards/{board}/export.{format}: in the reader's language, or in `?language=`.

    `?experiment=` leaves out all others; `?width=` is of a picture, in pixels; `?without=` names
    what is left out.
    """
    service: Service = request.app.state.service
    chosen = request.query_params.get("language", language(request))
    unread = await service.reading.unread(
        request.path_params["board"],
        lambda id: credentials(request, id),
        fields.choice(chosen, "language", LANGUAGES),
    )
    unread = replace(unread, experiment=request.query_params.get("experiment"))
    unread = replace(unread, context=replace(unread.context, without=without(request)))
    if "width" in request.query_params:
        unread = replace(unread, context=replace(unread.context, width=width_of(request)))
    format, began = request.path_params["format"], time.monotonic()
    exported = await export_unread(format, unread, service.reading.elsewhere)
    service.metrics.timings.export.labels(format).observe(time.monotonic() - began)
    response = as_file(exported, chosen)
    return await packed_aside(request, response) if FORMATS[format].is_text else response


async def export_whole(request: Request) -> Response:
    """GET /api/workshops/{workshop}/export.{format}: the whole workbook, for who leads it.

    In the reader's language, or in `?language=`; `?without=` names what is left out.
    """
    service: Service = request.app.state.service
    chosen = fields.choice(
        request.query_params.get("language", language(request)), "language", LANGUAGES
    )
    whole = await service.reading.workbook(
        request.path_params["workshop"], lambda id: credentials(request, id), chosen
    )
    left = without(request)
    whole = Whole([replace(o, context=replace(o.context, without=left)) for o in whole.boards])
    format, began = request.path_params["format"], time.monotonic()
    exported = await export_workshop(format, whole, service.reading.elsewhere)
    service.metrics.timings.export.labels(format).observe(time.monotonic() - began)
    response = as_file(exported, chosen)
    return await packed_aside(request, response) if format == "json" else response


def without(request: Request) -> frozenset[str]:
    """What a document is made without: `?without=votes,links`."""
    told = request.query_params.get("without", "")
    named = [part.strip() for part in told.split(",") if part.strip()]
    return frozenset(fields.choice(part, "without", LEAVABLE) for part in named)


def width_of(request: Request) -> int:
    """How wide a picture is to be, pixels."""
    told = request.query_params["width"]
    number = int(told) if told.isdecimal() and len(told) < 6 else told
    return fields.whole(number, "width", least=200, most=8000)


def as_file(exported: Exported, chosen: str) -> Response:
    """A finished document, to be kept by the browser. `chosen`: its language."""
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{exported.filename}"; '
        f"filename*=UTF-8''{quote(exported.title, safe='')}",
        "Content-Language": chosen,
    }
    return Response(exported.body, media_type=exported.media_type, headers=headers)


def as_json(merged: Merged | None) -> dict[str, Any] | None:
    """What came home, as the call that merges answers it."""
    return None if merged is None else asdict(merged)


def breakout_json(breakout: Breakout) -> dict[str, Any]:
    """A breakout as calls answer it, and as it stands on the desk."""
    return asdict(breakout)
