"""Signing in with the provider, where one is set up: there and back, and one's own workshops.

What `server.access.oidc` needs is loaded only there, so nothing of it is imported here.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.access.errors import SignedInAlready, SignInFailed, SignInNeeded
from server.config import Config
from server.errors import Missing, WorkshopGone
from server.service import Service
from server.web.pages import signed_in
from server.web.requests import (
    FACILITATOR_COOKIE,
    SIGNING_IN_COOKIE,
    address,
    facilitator_token,
    host_cookie,
    read_json,
    same_secret,
)
from server.web.responses import answer, forget_both, keep_cookie, sign_in
from server.workshops.input import fields

if TYPE_CHECKING:
    from server.access.oidc.facilitators import SignIn
    from server.access.oidc.provider import Identity

__all__ = ["back", "go", "identity_of", "mine", "open_mine", "own_workshops", "sign_out"]

SHOWN = 20  # of one's workshops
FLOW_SECONDS = 600  # from going to the provider until coming back
CODE_CHARACTERS = 4096


def of(service: Service) -> SignIn:
    """Raises Missing where no provider is set up."""
    if service.sign_in is None:
        raise Missing("sign-in is not set up")
    return service.sign_in


async def go(request: Request) -> Response:
    """GET /sign-in: to the provider. What comes back has to fit what this browser keeps."""
    service: Service = request.app.state.service
    signing = of(service)
    signing.tries.take(address(request))
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    response = gone_to(await signing.provider.way(state, nonce, verifier))
    kept = ".".join((state, nonce, verifier))
    keep_cookie(response, request, service.config, SIGNING_IN_COOKIE, kept, FLOW_SECONDS)
    return response


async def back(request: Request) -> Response:
    """GET /sign-in/back: from the provider, with a code. Always goes on to the first page."""
    service: Service = request.app.state.service
    signing = of(service)
    signing.tries.take(address(request))
    nonce, verifier = fitting(request, service.config, signing)
    code = request.query_params.get("code", "")
    if not code or len(code) > CODE_CHARACTERS:
        raise SignInFailed("no code")
    who = await signing.provider.identify(code, nonce, verifier)
    token = await signing.facilitators.begin(who)
    response = gone_to("/")
    forget_both(response, request, SIGNING_IN_COOKIE)
    keep_cookie(response, request, service.config, FACILITATOR_COOKIE, token, signing.seconds)
    return response


def gone_to(where: str) -> Response:
    """Only ever the provider, or our first page: never what a request asks for."""
    return RedirectResponse(where, 303, headers={"Cache-Control": "no-store"})


def fitting(request: Request, config: Config, signing: SignIn) -> tuple[str, str]:
    """Nonce and verifier of the try that this browser began. Raises SignInFailed for another's."""
    kept = (host_cookie(request, config, SIGNING_IN_COOKIE) or "").split(".")
    state = request.query_params.get("state", "")
    if len(kept) != 3 or not state or not same_secret(state, kept[0]):
        raise SignInFailed("not begun in this browser, or too long ago")
    if request.query_params.get("iss", signing.provider.issuer) != signing.provider.issuer:
        raise SignInFailed("the answer of another provider")
    return kept[1], kept[2]


async def identity_of(request: Request, service: Service) -> Identity | None:
    """Who is signed in at this browser. Raises ForeignOrigin as `credentials` does."""
    if service.sign_in is None:
        return None
    return await service.sign_in.facilitators.who(facilitator_token(request, service.config))


async def mine(request: Request) -> Response:
    """GET /api/facilitator: who is signed in, and their workshops."""
    service: Service = request.app.state.service
    signing = of(service)
    who = await identity_of(request, service)
    if who is None:
        raise SignInNeeded("not signed in")
    return answer({"name": who.name, "workshops": await own_workshops(service, signing, who)})


async def own_workshops(service: Service, signing: SignIn, who: Identity) -> list[dict[str, str]]:
    """The latest, by id and title."""
    found = []
    for led in (await signing.facilitators.led(who))[:SHOWN]:
        try:
            desk = await service.workshops.seen(led.workshop)
        except WorkshopGone:
            continue  # in this very moment
        found.append({"id": led.workshop, "title": desk.title})
    return found


async def open_mine(request: Request) -> Response:
    """POST /api/facilitator/workshops/{workshop}: this browser leads it again.

    Raises SignedInAlready where it is somebody else there, unless the body says to replace them.
    """
    service: Service = request.app.state.service
    signing = of(service)
    body = await read_json(request)
    fields.known_fields(body, ("replace",))
    replaces = fields.boolean(body.get("replace", False), "replace")
    who = await identity_of(request, service)
    if who is None:
        raise SignInNeeded("not signed in")
    found = {each.workshop: each for each in await signing.facilitators.led(who)}
    led = found.get(request.path_params["workshop"])
    if led is None:
        raise WorkshopGone("none of theirs")
    me = await signed_in(request, service, led.workshop)
    if me is not None and me.person != led.person and not replaces:
        raise SignedInAlready("another person of this workshop")
    response = answer({"workshop": led.workshop, "person": led.person})
    if me is None or me.person != led.person:
        token = await service.doors.come_back(led.workshop, led.person)
        sign_in(response, request, service.config, led.workshop, token)
    return response


async def sign_out(request: Request) -> Response:
    """POST /api/facilitator/sign-out: also where nobody is signed in any more."""
    service: Service = request.app.state.service
    signing = of(service)
    fields.known_fields(await read_json(request), ())
    token = facilitator_token(request, service.config)
    if token is not None:
        await signing.facilitators.end(token)
    response = Response(status_code=204)
    forget_both(response, request, FACILITATOR_COOKIE)
    return response
