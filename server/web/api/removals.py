"""HTTP calls on deleted notes, for facilitators."""

from starlette.requests import Request
from starlette.responses import Response

from server.service import Service
from server.web.api.workshops import member_of
from server.web.requests import read_json
from server.web.responses import answer
from server.workshops.removals import read_wanted

__all__ = ["restore", "show"]


async def show(request: Request) -> Response:
    """GET /api/workshops/{workshop}/deletions: by person, board and time, the latest first."""
    service: Service = request.app.state.service
    member = await member_of(request, service, request.path_params["workshop"])
    found = await service.deleted_notes.listed(member)
    return answer([{**one.json(), "texts": list(one.texts)} for one in found])


async def restore(request: Request) -> Response:
    """POST /api/workshops/{workshop}/deletions/restore: what one person deleted within a time."""
    service: Service = request.app.state.service
    member = await member_of(request, service, request.path_params["workshop"])
    wanted = read_wanted(await read_json(request))
    return answer({"restored": await service.deleted_notes.restore(member, wanted)})
