"""HTTP calls on group work while it goes on."""

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import Response

from server.service import Service
from server.web.api.workshops import member_of
from server.web.requests import read_json
from server.web.responses import answer
from server.workshops.input import fields
from server.workshops.members import Member

__all__ = ["ask_for_help", "choose_group", "gathered", "preview", "recall", "reopen", "tell_groups"]


async def gathered(request: Request) -> Response:
    """GET /api/breakouts/{breakout}/gathered."""
    service: Service = request.app.state.service
    member, breakout = await asked_about(request)
    merged = service.breakouts.gathered(member, breakout)
    return answer({"gathered": None if merged is None else asdict(merged)})


async def preview(request: Request) -> Response:
    """GET /api/breakouts/{breakout}/preview."""
    service: Service = request.app.state.service
    member, breakout = await asked_about(request)
    return answer(asdict(await service.breakouts.previews.of(member, breakout)))


async def recall(request: Request) -> Response:
    """POST /api/breakouts/{breakout}/recall."""
    service: Service = request.app.state.service
    member, breakout = await asked_about(request)
    return answer(
        asdict(await service.breakouts.recall(member, breakout, await read_json(request)))
    )


async def reopen(request: Request) -> Response:
    """POST /api/breakouts/{breakout}/reopen."""
    service: Service = request.app.state.service
    member, breakout = await asked_about(request)
    fields.known_fields(await read_json(request), ())
    return answer(asdict(await service.at_work.reopen(member, breakout)))


async def tell_groups(request: Request) -> Response:
    """POST /api/breakouts/{breakout}/message."""
    service: Service = request.app.state.service
    member, breakout = await asked_about(request)
    return answer(asdict(await service.at_work.message(member, breakout, await read_json(request))))


async def choose_group(request: Request) -> Response:
    """POST /api/breakouts/{breakout}/choose."""
    service: Service = request.app.state.service
    member, breakout = await asked_about(request)
    return answer(asdict(await service.at_work.choose(member, breakout, await read_json(request))))


async def ask_for_help(request: Request) -> Response:
    """POST /api/breakouts/{breakout}/help."""
    service: Service = request.app.state.service
    member, breakout = await asked_about(request)
    return answer(asdict(await service.at_work.help(member, breakout, await read_json(request))))


async def asked_about(request: Request) -> tuple[Member, str]:
    """Who asks, and about which breakout."""
    service: Service = request.app.state.service
    breakout = str(request.path_params["breakout"])
    workshop = await service.breakouts.workshop_of(breakout)
    return await member_of(request, service, workshop), breakout
