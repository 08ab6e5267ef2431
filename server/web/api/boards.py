"""HTTP calls on breakouts and boards."""

from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from boards.desk import Breakout
from server.service import Service
from server.sync.access import Access
from server.sync.transport.delivery import deliver
from server.web.api.workshops import member_of
from server.web.encoding import packed_aside
from server.web.requests import credentials, read_body, read_json
from server.web.responses import answer, answer_body
from server.workshops.breakouts.merging import Merged
from server.workshops.input import fields

__all__ = [
    "bring_edits",
    "close_breakout",
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
    body = await read_json(request)
    return answer(asdict(await service.breakouts.merge(member, breakout, body)))


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

    async def may() -> Access:
        return await service.workshops.delivery(board, lambda id: credentials(request, id))

    access = await may()
    service.deliveries.take(access.person)
    lineage = request.query_params.get("lineage") or None
    update = await read_body(request, most=service.rooms.limits.first_frame_bytes)
    notices = await deliver(service.rooms, access, update, lineage=lineage, renew=may)
    return answer({"notices": notices})


def as_json(merged: Merged | None) -> dict[str, Any] | None:
    """What came home, as the call that merges answers it."""
    return None if merged is None else asdict(merged)


def breakout_json(breakout: Breakout) -> dict[str, Any]:
    """A breakout as calls answer it, and as it stands on the desk."""
    return asdict(breakout)
