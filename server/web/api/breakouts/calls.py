"""HTTP calls on group work while it goes on."""

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import Response

from server.service import Service
from server.web.api.workshops import member_of
from server.web.requests import read_json
from server.web.responses import answer

__all__ = ["gathered", "recall"]


async def gathered(request: Request) -> Response:
    """GET /api/breakouts/{breakout}/gathered."""
    service: Service = request.app.state.service
    breakout = request.path_params["breakout"]
    member = await member_of(request, service, await service.breakouts.workshop_of(breakout))
    merged = service.breakouts.gathered(member, breakout)
    return answer({"gathered": None if merged is None else asdict(merged)})


async def recall(request: Request) -> Response:
    """POST /api/breakouts/{breakout}/recall."""
    service: Service = request.app.state.service
    breakout = request.path_params["breakout"]
    member = await member_of(request, service, await service.breakouts.workshop_of(breakout))
    changed = await service.breakouts.recall(member, breakout, await read_json(request))
    return answer(asdict(changed))
