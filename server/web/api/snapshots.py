"""HTTP calls on snapshots: what boards looked like, and going back."""

import json
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import Response

from server.exports import export_unread
from server.i18n import LANGUAGES
from server.service import Service
from server.web.api.workshops import created, member_of
from server.web.encoding import packed_aside
from server.web.requests import address, credentials, language, read_json
from server.web.responses import answer, answer_body
from server.web.sign_in import identity_of
from server.workshops.input import fields

__all__ = [
    "copy_snapshot",
    "delete",
    "done",
    "moment",
    "moments",
    "picture",
    "put_back",
    "restore",
    "show",
    "show_all",
    "take",
]


async def show_all(request: Request) -> Response:
    """GET /api/boards/{board}/snapshots."""
    service: Service = request.app.state.service
    board = request.path_params["board"]
    found = await service.reading.snapshots(board, lambda id: credentials(request, id))
    return answer([asdict(snapshot) for snapshot in found])


async def take(request: Request) -> Response:
    """POST /api/boards/{board}/snapshots: the board as it stands, under a name."""
    service: Service = request.app.state.service
    board = request.path_params["board"]
    member = await member_of(request, service, await service.snapshots.workshop_of_board(board))
    snapshot = await service.snapshots.take(member, board, await read_json(request))
    return answer(asdict(snapshot), 201)


async def show(request: Request) -> Response:
    """GET /api/snapshots/{snapshot}: the board as it was."""
    service: Service = request.app.state.service
    snapshot, board = await service.reading.snapshot(
        request.path_params["snapshot"], lambda id: credentials(request, id)
    )
    facts = json.dumps(asdict(snapshot), ensure_ascii=False, separators=(",", ":")).encode()
    body = facts.removesuffix(b"}") + b',"content":' + board + b"}"
    return await packed_aside(request, answer_body(body))


async def picture(request: Request) -> Response:
    """GET /api/snapshots/{snapshot}/picture.svg: the board as it was, drawn."""
    service: Service = request.app.state.service
    chosen = fields.choice(
        request.query_params.get("language", language(request)), "language", LANGUAGES
    )
    unread = await service.reading.pictured(
        request.path_params["snapshot"], lambda id: credentials(request, id), chosen
    )
    drawn = await export_unread("svg", unread, service.reading.elsewhere)
    headers = {"Cache-Control": "no-store", "Content-Language": chosen}
    response = Response(drawn.body, media_type=drawn.media_type, headers=headers)
    return await packed_aside(request, response)


async def moments(request: Request) -> Response:
    """GET /api/boards/{board}/moments: how it came about."""
    service: Service = request.app.state.service
    board = request.path_params["board"]
    return answer(asdict(await service.reading.moments(board, lambda id: credentials(request, id))))


async def moment(request: Request) -> Response:
    """GET /api/boards/{board}/moments/{moment}: the board as it stood then."""
    service: Service = request.app.state.service
    found = await service.reading.moment(
        request.path_params["board"],
        number_in(request.path_params["moment"], "moment"),
        lambda id: credentials(request, id),
    )
    return await packed_aside(request, answer_body(found))


async def done(request: Request) -> Response:
    """GET /api/boards/{board}/changes/{person}: what somebody did to it."""
    service: Service = request.app.state.service
    board, person = request.path_params["board"], request.path_params["person"]
    member = await member_of(request, service, await service.snapshots.workshop_of_board(board))
    since = number_in(request.query_params.get("since", "0"), "since")
    found = await service.by_person.done(member, board, person, since)
    return await packed_aside(request, answer_body(found))


async def put_back(request: Request) -> Response:
    """POST /api/boards/{board}/restore: take back what somebody did to it."""
    service: Service = request.app.state.service
    board = request.path_params["board"]
    member = await member_of(request, service, await service.snapshots.workshop_of_board(board))
    back = await service.by_person.restore(member, board, await read_json(request))
    return answer(asdict(back))


def number_in(told: str, field: str) -> int:
    """Raises InvalidField."""
    number = int(told) if told.isdecimal() and len(told) < 16 else told
    return fields.whole(number, field, least=0, most=10**15)


async def restore(request: Request) -> Response:
    """POST /api/snapshots/{snapshot}/restore."""
    service: Service = request.app.state.service
    snapshot = request.path_params["snapshot"]
    member = await member_of(request, service, await service.snapshots.workshop_of(snapshot))
    restored = await service.snapshots.restore(member, snapshot, await read_json(request))
    return answer(asdict(restored))


async def delete(request: Request) -> Response:
    """DELETE /api/snapshots/{snapshot}."""
    service: Service = request.app.state.service
    snapshot = request.path_params["snapshot"]
    member = await member_of(request, service, await service.snapshots.workshop_of(snapshot))
    await service.snapshots.delete(member, snapshot)
    return Response(status_code=204)


async def copy_snapshot(request: Request) -> Response:
    """POST /api/snapshots/{snapshot}/copy: a new workshop with a board as it was."""
    service: Service = request.app.state.service
    snapshot = request.path_params["snapshot"]
    member = await member_of(request, service, await service.snapshots.workshop_of(snapshot))
    body = await read_json(request)
    who = await identity_of(request, service)
    service.quota.take(address(request))
    made = await service.next_round.copy(member, snapshot, body)
    return await created(request, service, made, who)
