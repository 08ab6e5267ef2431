"""The pages people open: shells in their language, into which the client mounts.

Each carries one inert script, the boot data, and the client's entry; both under the nonce of this
answer. Without the client built, and for errors, the page says in plain sentences what is up.
"""

import base64
import json
import secrets
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from boards.workbook.definition import in_language
from server.access.codes import normalise, show
from server.errors import NotSignedIn, ServiceError, WorkshopGone
from server.i18n import LANGUAGES, NAMES, t
from server.service import Service
from server.web.encoding import packed
from server.web.requests import (
    LANGUAGE_COOKIE,
    address,
    credentials,
    facilitator_token,
    is_secure,
    language,
)
from server.web.responses import error_words, headers_of, settle
from server.web.security import page_policy
from server.workshops.errors import CodeUnknown
from server.workshops.members import Member
from server.workshops.workbooks import workbook_of

__all__ = [
    "error_page",
    "finished",
    "join",
    "reader_language",
    "start",
    "templates",
    "wall",
    "workshop",
]

LANGUAGE_SECONDS = 365 * 86_400
DESK_BYTES = 16_384  # a longer desk comes by the socket: the page should not wait for it
UNSAFE_IN_SCRIPT = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}
WATCH = (
    Markup(  # where the client itself does not come, say so in what has come; mark missing sheets
        "addEventListener('error',({target})=>{"
        "if(target.rel==='stylesheet')target.dataset.missing='';"
        "if(target.localName!=='script')return;"
        "const tell=()=>{const told=document.getElementById('missing');if(told)told.hidden=false};"
        "tell();addEventListener('DOMContentLoaded',tell)"
        "},true)"
    )
)

Boot = dict[str, Any]


@cache
def templates() -> Environment:
    """Jinja2, escaping everything, and raising for a name that the page was not given."""
    return Environment(
        loader=ChoiceLoader([PackageLoader("server.web"), PackageLoader("server.i18n", "notices")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def product_version() -> str:
    """The version of this installation."""
    try:
        return version("hahmo")
    except PackageNotFoundError:  # run from a folder that was never installed
        return "0"


async def start(request: Request) -> Response:
    """`/`: open a workshop, or join one by its code."""
    service: Service = request.app.state.service
    boot: Boot = {"needs_key": service.config.create_key is not None}
    if service.sign_in is not None:
        who = await service.sign_in.facilitators.who(facilitator_token(request, service.config))
        boot["sign_in"] = {"name": None if who is None else who.name}
    return page(request, service, "start", boot)


async def join(request: Request) -> Response:
    """`/j/{code}`: your name, and you are in."""
    service: Service = request.app.state.service
    code = request.path_params["code"]
    found = await service.guesses.attempt(address(request), lambda: service.doors.find_code(code))
    if found is None:
        raise CodeUnknown("no such join code")
    desk = await service.workshops.desk(found)
    me = await signed_in(request, service, found)
    boot = {
        "code": show(normalise(code)),
        "workshop": {"id": found, "title": desk.title},
        "passphrase": desk.passphrase,
        "me": me_json(me),
    }
    return page(request, service, "join", boot)


async def workshop(request: Request) -> Response:
    """`/w/{id}`: the workshop itself, for members; others are asked for a code.

    Whoever comes by a facilitator's link has the token in the fragment, which the server never
    sees: the client exchanges it for a cookie. So nothing is told here before that.
    """
    service: Service = request.app.state.service
    workshop = request.path_params["workshop"]
    desk = await service.workshops.desk(workshop)
    me = await signed_in(request, service, workshop)
    title = desk.title if me else ""
    boot: Boot = {
        "workshop": {"id": workshop, "title": title},
        "me": me_json(me),
        "retention_days": service.config.retention_days,
    }
    if me is not None:
        boot |= await ahead(service, workshop, reader_language(request))
    response = page(request, service, "workshop", boot)
    settle(response, request, service.config, workshop)
    return response


async def wall(request: Request) -> Response:
    """`/w/{id}/wall`: the board that all are at, for a projector; others go to `/w/{id}`.

    A facilitator's link works here too, as browsers keep the fragment when they are sent on.
    """
    service: Service = request.app.state.service
    workshop = request.path_params["workshop"]
    desk = await service.workshops.desk(workshop)
    me = await signed_in(request, service, workshop)
    if me is None or me.role != "facilitator":
        return RedirectResponse(f"/w/{workshop}", 303, {"Cache-Control": "no-store"})
    boot: Boot = {"workshop": {"id": workshop, "title": desk.title}, "me": me_json(me)}
    boot |= await ahead(service, workshop, reader_language(request))
    response = page(request, service, "wall", boot)
    settle(response, request, service.config, workshop)
    return response


async def ahead(service: Service, workshop: str, language: str) -> Boot:
    """What the client would ask for next: within the page it costs no round trips. Of the workbook
    one language: all of them would be two thirds of the page, and few people choose another.

    The workbook is read last: a newer one than the desk's is put right as the desk moves on, and an
    older one would stay, as the client sees no change to ask for it again.
    """
    update = await service.workshops.desk_update(workshop)
    desk = await service.workshops.desk(workshop)
    workbook = workbook_of(desk)
    boot: Boot = {"workbook": in_language(workbook.json(), language, workbook.languages)}
    if len(update) <= DESK_BYTES:
        boot["desk"] = base64.b64encode(update).decode("ascii")
    return boot


def error_page(request: Request, error: ServiceError, service: Service) -> Response:
    """An error as a page, with its words and a way on."""
    words = error_words(error, reader_language(request))
    response = page(request, service, "error", {"error": words}, error.status)
    response.headers.update(headers_of(error))
    return response


async def signed_in(request: Request, service: Service, workshop: str) -> Member | None:
    """Who this browser is in a workshop, if it is anybody."""
    try:
        return await service.workshops.member(workshop, lambda id: credentials(request, id))
    except (NotSignedIn, WorkshopGone):
        return None


def me_json(me: Member | None) -> dict[str, str] | None:
    """A member as the client knows them."""
    return None if me is None else {"id": me.person, "name": me.name, "role": me.role}


def reader_language(request: Request) -> str:
    """As `language`, with a choice made right now by `?lang=`."""
    chosen = request.query_params.get("lang")
    return chosen if chosen in LANGUAGES else language(request)


def page(
    request: Request, service: Service, name: str, boot: Boot, status: int = 200
) -> HTMLResponse:
    """Render a page with its boot data; keep the language if it was chosen just now."""
    chosen = reader_language(request)
    nonce = secrets.token_urlsafe(16)
    html = (
        templates()
        .get_template("page.html")
        .render(
            page=name,
            boot=script_json({**frame(name, chosen), **boot}),
            entry=request.app.state.site.assets.entry(name, chosen),
            nonce=nonce,
            watch=WATCH,
            heading=heading(name, chosen, boot),
            detail=detail(name, chosen, boot),
            language=chosen,
            languages=NAMES,
            path=request.url.path,
            t=lambda key, **values: t(chosen, key, **values),
            in_all=lambda key: {language: t(language, key) for language in LANGUAGES},
        )
    )
    response = finished(html, request, service, chosen, nonce=nonce, status=status)
    packed(request, response)
    return response


def finished(
    html: str,
    request: Request,
    service: Service,
    chosen: str,
    *,
    nonce: str | None = None,
    status: int = 200,
) -> HTMLResponse:
    """A rendered page as an answer; a language that was chosen just now is kept.

    `nonce`: of the scripts in it; without one, nothing there is run.
    """
    headers = {
        "Content-Security-Policy": page_policy(nonce or secrets.token_urlsafe(16)),
        "Cache-Control": "no-store",
        "Content-Language": chosen,
        "Vary": "Accept-Language, Cookie",
    }
    response = HTMLResponse(html, status, headers)
    if request.query_params.get("lang") == chosen:
        keep_language(response, request, service, chosen)
    return response


def frame(name: str, language: str) -> Boot:
    """What every page tells the client."""
    return {
        "page": name,
        "language": language,
        "languages": list(LANGUAGES),
        "version": product_version(),
    }


def heading(name: str, language: str, boot: Boot) -> str:
    """What the page is about, in a line: the title of the tab, and what stands there at first."""
    if name == "error":
        return str(boot["error"]["title"])
    workshop = boot.get("workshop") or {}
    return str(workshop.get("title") or t(language, f"page.{name}.title"))


def detail(name: str, language: str, boot: Boot) -> str:
    """The sentence below it."""
    return str(boot["error"]["detail"]) if name == "error" else t(language, f"page.{name}.detail")


def keep_language(response: Response, request: Request, service: Service, language: str) -> None:
    """Remember a choice of language; the client reads and writes the same cookie."""
    response.set_cookie(
        LANGUAGE_COOKIE,
        language,
        max_age=LANGUAGE_SECONDS,
        path="/",
        samesite="lax",
        secure=is_secure(request, service.config),
    )


def script_json(value: Boot) -> Markup:
    """JSON that cannot end the script element it stands in."""
    return Markup(json.dumps(value, ensure_ascii=False).translate(UNSAFE_IN_SCRIPT))
