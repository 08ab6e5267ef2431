"""HTTP calls on the notes of those who lead."""

from starlette.requests import Request
from starlette.responses import Response

from server.service import Service
from server.web.api.workshops import member_of
from server.web.requests import read_json
from server.web.responses import answer

__all__ = ["show", "write"]


async def show(request: Request) -> Response:
    """GET /api/workshops/{workshop}/scripts."""
    service: Service = request.app.state.service
    member = await member_of(request, service, request.path_params["workshop"])
    return answer({"texts": await service.scripts.all(member)})


async def write(request: Request) -> Response:
    """PATCH /api/workshops/{workshop}/scripts."""
    service: Service = request.app.state.service
    member = await member_of(request, service, request.path_params["workshop"])
    return answer({"text": await service.scripts.write(member, await read_json(request))})
