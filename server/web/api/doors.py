"""HTTP calls at the door: of those who wait to be let in, and of the facilitator who lets them."""

from starlette.requests import Request
from starlette.responses import Response

from server.service import Service
from server.web.api.workshops import MAX_SECRET, member_of
from server.web.requests import address, read_json
from server.web.responses import answer, sign_in
from server.workshops.input import fields

__all__ = [
    "answer_waiting",
    "change_person",
    "clear_signals",
    "look",
    "remove_people",
    "set_passphrase",
    "show_people",
    "show_signals",
    "show_waiting",
    "stop_waiting",
]


async def look(request: Request) -> Response:
    """POST /api/waiting: whether one is let in; then this browser is signed in."""
    service: Service = request.app.state.service
    token = await read_waiting(request)
    looked = await service.waiting.look(token, address(request))
    session = looked.session
    if session is None:
        return answer({"state": looked.state, "workshop": None, "person": None})
    found = {"state": "in", "workshop": session.workshop, "person": session.person}
    response = answer(found)
    sign_in(response, request, service.config, session.workshop, token)
    return response


async def stop_waiting(request: Request) -> Response:
    """POST /api/waiting/leave: one waits no longer."""
    service: Service = request.app.state.service
    await service.waiting.leave(await read_waiting(request))
    return Response(status_code=204)


async def show_waiting(request: Request) -> Response:
    """GET /api/workshops/{workshop}/waiting: who waits."""
    service: Service = request.app.state.service
    member = await member_of(request, service, request.path_params["workshop"])
    return answer(await service.waiting.show(member))


async def answer_waiting(request: Request) -> Response:
    """POST /api/workshops/{workshop}/waiting: let some in, turn others away."""
    service: Service = request.app.state.service
    member = await member_of(request, service, request.path_params["workshop"])
    return answer(await service.waiting.answer(member, await read_json(request)))


async def show_people(request: Request) -> Response:
    """GET /api/workshops/{workshop}/people: who came when, and did what."""
    service: Service = request.app.state.service
    member = await member_of(request, service, request.path_params["workshop"])
    return answer(await service.doors.show_people(member))


async def change_person(request: Request) -> Response:
    """PATCH /api/workshops/{workshop}/people/{person}: their name, or what they may."""
    service: Service = request.app.state.service
    member = await member_of(request, service, request.path_params["workshop"])
    body = await read_json(request)
    found = await service.people.change(member, request.path_params["person"], body)
    return answer({"id": found.id, "name": found.name, "role": found.role})


async def show_signals(request: Request) -> Response:
    """PATCH /api/workshops/{workshop}/people/{person}/signals: a hand, and being ready."""
    service: Service = request.app.state.service
    member = await member_of(request, service, request.path_params["workshop"])
    body = await read_json(request)
    found = await service.signals.show(member, request.path_params["person"], body)
    return answer({"id": found.id, "hand": found.hand, "ready": found.ready})


async def clear_signals(request: Request) -> Response:
    """POST /api/workshops/{workshop}/signals/clear: nobody shows it any more."""
    service: Service = request.app.state.service
    member = await member_of(request, service, request.path_params["workshop"])
    return answer({"cleared": await service.signals.clear(member, await read_json(request))})


async def remove_people(request: Request) -> Response:
    """POST /api/workshops/{workshop}/people/remove: many in one go."""
    service: Service = request.app.state.service
    member = await member_of(request, service, request.path_params["workshop"])
    return answer({"removed": await service.doors.remove_many(member, await read_json(request))})


async def set_passphrase(request: Request) -> Response:
    """POST /api/workshops/{workshop}/passphrase: one that newcomers have to know, or none."""
    service: Service = request.app.state.service
    member = await member_of(request, service, request.path_params["workshop"])
    body = await read_json(request)
    fields.known_fields(body, ("passphrase",))
    return answer({"passphrase": await service.passphrases.set(member, body.get("passphrase"))})


async def read_waiting(request: Request) -> str:
    """The token that somebody waits with."""
    body = await read_json(request)
    fields.known_fields(body, ("waiting",))
    return fields.text(body.get("waiting"), "waiting", most=MAX_SECRET)
