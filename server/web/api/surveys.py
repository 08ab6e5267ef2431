"""HTTP calls on surveys."""

from starlette.requests import Request
from starlette.responses import Response

from server.service import Service
from server.web.api.workshops import member_of
from server.web.requests import read_json
from server.web.responses import answer

__all__ = ["answer_form", "ask_more", "close_round", "open_round", "show_asked", "show_results"]


async def answer_form(request: Request) -> Response:
    """POST /api/workshops/{workshop}/answers: the answer of one person, told to nobody."""
    service: Service = request.app.state.service
    member = await member_of(request, service, request.path_params["workshop"])
    await service.assessment.answer(member, await read_json(request))
    return Response(status_code=204)


async def show_results(request: Request) -> Response:
    """GET /api/workshops/{workshop}/results?form=&round=: rounds, oldest first."""
    service: Service = request.app.state.service
    member = await member_of(request, service, request.path_params["workshop"])
    query = request.query_params
    return answer(await service.assessment.results(member, query.get("form"), query.get("round")))


async def open_round(request: Request) -> Response:
    """POST /api/workshops/{workshop}/rounds."""
    service: Service = request.app.state.service
    member = await member_of(request, service, request.path_params["workshop"])
    return answer(await service.assessment.open(member, await read_json(request)), 201)


async def close_round(request: Request) -> Response:
    """POST /api/workshops/{workshop}/rounds/close."""
    service: Service = request.app.state.service
    member = await member_of(request, service, request.path_params["workshop"])
    return answer(await service.assessment.close(member, await read_json(request)))


async def show_asked(request: Request) -> Response:
    """GET /api/workshops/{workshop}/rounds/asked: whom a round that is opened now would ask."""
    service: Service = request.app.state.service
    member = await member_of(request, service, request.path_params["workshop"])
    return answer(await service.assessment.whom(member))


async def ask_more(request: Request) -> Response:
    """POST /api/workshops/{workshop}/rounds/asked: people whom the open round asks as well."""
    service: Service = request.app.state.service
    member = await member_of(request, service, request.path_params["workshop"])
    return answer(await service.assessment.ask(member, await read_json(request)))
