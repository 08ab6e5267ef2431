"""HTTP calls on workshops and people: parse, find out who asks, call the service, answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

from boards.desk import Desk
from boards.workbook.written import write_workbook
from server.access import codes
from server.access.errors import CreateKeyNeeded, SignedInAlready, SignInNeeded
from server.errors import ForeignOrigin, InvalidField
from server.exports import ascii_name
from server.service import Service
from server.web.encoding import packed_aside
from server.web.hosts import qr_of
from server.web.pages import signed_in
from server.web.requests import (
    address,
    bearer,
    credentials,
    hear_out,
    language,
    read_json,
    same_secret,
)
from server.web.responses import answer, answer_body, sign_in, sign_out
from server.web.sign_in import identity_of
from server.web.site import hosts_of
from server.workshops.doors.doors import Newcomer, Session
from server.workshops.errors import CodeUnknown
from server.workshops.input import fields
from server.workshops.input.desk_patch import read_new_workshop
from server.workshops.members import Member
from server.workshops.next_round import NextRound
from server.workshops.workbooks import workbook_of
from server.workshops.workshops import Created

if TYPE_CHECKING:
    from server.access.oidc.provider import Identity

__all__ = [
    "addresses",
    "change_code",
    "check_may_create",
    "come_back",
    "create",
    "created",
    "delete",
    "join",
    "leave",
    "member_of",
    "next_round",
    "patch",
    "person_data",
    "previous_change",
    "qr",
    "remove_person",
    "repeat",
    "session",
    "show",
    "sign_out_everywhere",
    "workbook",
    "workbook_file",
]

WORKBOOK_BYTES = 262_144  # of a command that brings a workbook
MAX_SECRET = 200  # characters of a token


async def create(request: Request) -> Response:
    """POST /api/workshops."""
    service: Service = request.app.state.service
    who = await identity_of(request, service)
    if who is None:
        await check_may_create(request, service)
    new = read_new_workshop(await read_json(request, most=WORKBOOK_BYTES))
    service.quota.take(address(request))
    return await created(request, service, await service.workshops.create(new), who)


async def next_round(request: Request) -> Response:
    """POST /api/workshops/{workshop}/next: a new workshop that begins where this one arrived."""
    return await opened_from(request, NextRound.begin)


async def repeat(request: Request) -> Response:
    """POST /api/workshops/{workshop}/copy: a new workshop that is prepared as this one is."""
    return await opened_from(request, NextRound.repeat)


async def opened_from(
    request: Request, how: Callable[[NextRound, Member, dict[str, Any]], Awaitable[Created]]
) -> Response:
    service: Service = request.app.state.service
    member = await member_of(request, service, request.path_params["workshop"])
    body = await read_json(request)
    who = await identity_of(request, service)
    service.quota.take(address(request))
    return await created(request, service, await how(service.next_round, member, body), who)


async def previous_change(request: Request) -> Response:
    """GET /api/workshops/{workshop}/previous/change: the last round's change map."""
    service: Service = request.app.state.service
    member = await member_of(request, service, request.path_params["workshop"])
    return await packed_aside(request, answer(await service.next_round.previous(member)))


async def created(
    request: Request, service: Service, made: Created, who: Identity | None, **more: Any
) -> Response:
    """A new workshop with its facilitator's ways in, who is signed in at once.

    `who`: whose it is on any device, if they have signed in with the provider. `more`: what else
    is answered.
    """
    if who is not None and service.sign_in is not None:
        await service.sign_in.facilitators.lead(who, made.id, made.person)
    value = {
        "id": made.id,
        "person": made.person,
        "token": made.token,
        "join_code": made.join_code,
        "join_url": join_url(hosts_of(request).offer(request).origins[0], made.join_code),
        "facilitator_url": facilitator_url(request, made.id, made.token),
        "return_code": made.return_code,
        "boards": [{"id": b.id, "key": b.key, "kind": b.kind} for b in made.boards],
        **more,
    }
    response = answer(value, 201)
    sign_in(response, request, service.config, made.id, made.token)
    return response


def facilitator_url(request: Request, workshop: str, token: str) -> str:
    """The link that signs a facilitator in on any device."""
    return f"{hosts_of(request).origin(request)}/w/{workshop}#t={token}"


async def check_may_create(request: Request, service: Service) -> None:
    """Whether somebody opens workshops here who has not signed in: anybody, unless a key or a
    provider is set up, and whoever knows the key. Guessing it is slowed."""
    key = service.config.create_key
    if service.sign_in is not None and (key is None or bearer(request) is None):
        raise SignInNeeded("not signed in")
    if key is None:
        return

    async def right() -> bool | None:
        return same_secret(bearer(request), key) or None

    if await service.guesses.attempt(address(request), right) is None:
        raise CreateKeyNeeded("wrong or missing create key")


async def join(request: Request) -> Response:
    """POST /api/join."""
    service: Service = request.app.state.service
    body = await read_json(request)
    fields.known_fields(body, ("code", "name", "role", "passphrase"))
    role = fields.choice(body.get("role", "participant"), "role", ("participant", "observer"))
    code, name = read_code(body), fields.name(body.get("name"))
    workshop = await service.guesses.attempt(
        address(request), lambda: service.doors.find_code(code)
    )
    if workshop is None:
        raise CodeUnknown("no such join code")
    await service.passphrases.check(workshop, body.get("passphrase"), address(request))
    service.joins.take(address(request))
    newcomer: Newcomer = "observer" if role == "observer" else "participant"
    if (await service.workshops.desk(workshop)).joining == "ask":
        knocked = await service.waiting.knock(workshop, name, newcomer, address(request))
        return answer({"waiting": knocked.token, "return_code": knocked.return_code}, 202)
    joined = await service.doors.join(workshop, name, newcomer)
    return welcome(
        request, service, joined.workshop, joined.person, joined.token, joined.return_code
    )


async def come_back(request: Request) -> Response:
    """POST /api/return: the same person again, on whatever device."""
    service: Service = request.app.state.service
    body = await read_json(request)
    fields.known_fields(body, ("code",))
    code = read_code(body)
    found = await service.guesses.attempt(
        address(request), lambda: service.doors.find_return_code(code)
    )
    if found is None:
        raise CodeUnknown("no such return code")
    workshop, person = found
    token = await service.doors.come_back(workshop, person)
    return welcome(request, service, workshop, person, token, codes.show(codes.normalise(code)))


def welcome(
    request: Request, service: Service, workshop: str, person: str, token: str, return_code: str
) -> Response:
    """Somebody is in: their token as JSON for programs, as a cookie for browsers."""
    value = {
        "workshop": workshop,
        "person": person,
        "token": token,
        "return_code": return_code,
    }
    response = answer(value, 201)
    sign_in(response, request, service.config, workshop, token)
    return response


async def session(request: Request) -> Response:
    """POST /api/session: a token from a link's fragment becomes this browser's cookie."""
    service: Service = request.app.state.service
    body = await read_json(request)
    fields.known_fields(body, ("token", "replace"))
    token = fields.text(body.get("token"), "token", most=MAX_SECRET)
    replaces = fields.boolean(body.get("replace", False), "replace")
    found = await service.doors.session(token)
    if not replaces and await is_somebody_else(request, service, found):
        raise SignedInAlready("another person of this workshop")
    value = {
        "workshop": found.workshop,
        "person": found.person,
        "role": found.role,
        "name": found.name,
    }
    response = answer(value)
    sign_in(response, request, service.config, found.workshop, token)
    return response


async def is_somebody_else(request: Request, service: Service, found: Session) -> bool:
    """Whether this browser is signed in as another person of that workshop."""
    try:
        me = await signed_in(request, service, found.workshop)
    except (
        ForeignOrigin
    ):  # a program that keeps cookies; what a foreign page asks does not get here
        return False
    return me is not None and me.person != found.person


async def show(request: Request) -> Response:
    """GET /api/workshops/{workshop}: the desk."""
    service: Service = request.app.state.service
    member = await member_of(request, service, request.path_params["workshop"])
    return answer(desk_json(member.workshop, await service.workshops.desk(member.workshop)))


async def patch(request: Request) -> Response:
    """PATCH /api/workshops/{workshop}: what a facilitator sets on the desk."""
    service: Service = request.app.state.service
    member = await member_of(request, service, request.path_params["workshop"])
    desk = await service.workshops.patch(member, await read_json(request))
    return answer(desk_json(member.workshop, desk))


async def leave(request: Request) -> Response:
    """POST /api/workshops/{workshop}/leave: this device is nobody's any more. Also when it was."""
    service: Service = request.app.state.service
    workshop = request.path_params["workshop"]
    fields.known_fields(await read_json(request), ())
    token = credentials(request, workshop)
    me = await signed_in(request, service, workshop)
    # A facilitator's cookie holds the token of their link, which is kept elsewhere and stays good.
    if token is not None and me is not None and me.role != "facilitator":
        await service.doors.leave(token)
    elif me is not None:
        service.doors.ask_back(workshop, me.person)  # other tabs have lost their cookie as well
    response = Response(status_code=204)
    sign_out(response, request, workshop)
    return response


async def sign_out_everywhere(request: Request) -> Response:
    """POST /api/workshops/{workshop}/sign-out: of all devices but the one that asks."""
    service: Service = request.app.state.service
    fields.known_fields(await read_json(request), ())
    member = await member_of(request, service, request.path_params["workshop"])
    keys = await service.doors.sign_out_everywhere(member)
    value = {"token": keys.token, "return_code": keys.return_code}
    if member.role == "facilitator":
        value["facilitator_url"] = facilitator_url(request, member.workshop, keys.token)
    response = answer(value)
    sign_in(response, request, service.config, member.workshop, keys.token)
    return response


async def remove_person(request: Request) -> Response:
    """DELETE /api/workshops/{workshop}/people/{person}: by a facilitator or themselves."""
    service: Service = request.app.state.service
    member = await member_of(request, service, request.path_params["workshop"])
    await service.doors.remove(member, request.path_params["person"])
    return Response(status_code=204)


async def person_data(request: Request) -> Response:
    """GET /api/workshops/{workshop}/people/{person}/data: what is held about them, as a file."""
    service: Service = request.app.state.service
    member = await member_of(request, service, request.path_params["workshop"])
    person = request.path_params["person"]
    response = answer_body(await service.held.of(member, person, language(request)))
    response.headers["Content-Disposition"] = 'attachment; filename="hahmo-data.json"'
    return await packed_aside(request, response)


async def change_code(request: Request) -> Response:
    """POST /api/workshops/{workshop}/join-code: a new one; the old one leads nowhere."""
    service: Service = request.app.state.service
    fields.known_fields(await read_json(request), ())
    member = await member_of(request, service, request.path_params["workshop"])
    code = await service.doors.change_code(member)
    origin = hosts_of(request).offer(request).origins[0]
    return answer({"join_code": code, "join_url": join_url(origin, code)})


async def delete(request: Request) -> Response:
    """DELETE /api/workshops/{workshop}: everything of it, for good."""
    service: Service = request.app.state.service
    member = await member_of(request, service, request.path_params["workshop"])
    await service.deletion.delete(member)
    return Response(status_code=204)


async def workbook(request: Request) -> Response:
    """GET /api/workshops/{workshop}/workbook: in all languages."""
    service: Service = request.app.state.service
    member = await member_of(request, service, request.path_params["workshop"])
    desk = await service.workshops.desk(member.workshop)
    return await packed_aside(request, answer(workbook_of(desk).json()))


async def workbook_file(request: Request) -> Response:
    """GET /api/workshops/{workshop}/workbook.toml: as a file, with this workshop's changes."""
    service: Service = request.app.state.service
    member = await member_of(request, service, request.path_params["workshop"])
    desk = await service.workshops.desk(member.workshop)
    name = ascii_name(desk.title) or "hahmo"
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{name}.toml"',
    }
    body = write_workbook(workbook_of(desk))
    response = Response(body, media_type="application/toml", headers=headers)
    return await packed_aside(request, response)


async def qr(request: Request) -> Response:
    """GET /api/workshops/{workshop}/qr.svg: the address to join at, for a camera."""
    service: Service = request.app.state.service
    member = await member_of(request, service, request.path_params["workshop"])
    desk = await service.workshops.desk(member.workshop)
    offered = hosts_of(request).offer(request).origins
    chosen = fields.choice(request.query_params.get("origin", offered[0]), "origin", offered)
    url = join_url(chosen, desk.join_code)
    headers = {"Cache-Control": "no-store"}
    return Response(qr_of(url), media_type="image/svg+xml", headers=headers)


async def addresses(request: Request) -> Response:
    """GET /api/workshops/{workshop}/addresses: where others can join."""
    service: Service = request.app.state.service
    await member_of(request, service, request.path_params["workshop"])
    return answer(asdict(hosts_of(request).offer(request)))


async def member_of(request: Request, service: Service, workshop: str) -> Member:
    """Who asks, as a member of this workshop; when all of what they ask for is there."""
    await hear_out(request)
    return await service.workshops.member(workshop, lambda id: credentials(request, id))


def desk_json(workshop: str, desk: Desk) -> dict[str, Any]:
    """The desk as calls answer it."""
    return {"id": workshop, **desk.json()}


def read_code(body: dict[str, Any]) -> str:
    """The code that somebody typed; what is no text at all is an error of the program."""
    code = body.get("code")
    if not isinstance(code, str):
        raise InvalidField("code", expected="a text", got=code)
    return code[: codes.MAX_TYPED]


def join_url(origin: str, code: str) -> str:
    """The link that lets somebody join."""
    return f"{origin}/j/{code}"
