"""The outermost layer: security headers, counted answers, and the one handler for every error."""

import logging

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.errors import ForeignOrigin, MethodUnknown, Missing, ServiceError
from server.exports.turns import asker
from server.service import Service
from server.web.pages import error_page
from server.web.requests import address, check_command, language
from server.web.responses import problem
from server.web.security import HEADERS, OVER_HTTPS, api_policy

__all__ = ["Guard", "http_error"]

log = logging.getLogger(__name__)

FILES = ("/static/", "/public/")  # the same for everybody
PAGES = ("/j/", "/w/", "/privacy/", "/accessibility/", "/security/")


class Guard:
    """Wraps every HTTP call."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answered = Answered(send, scope, self._service)
        connection = HTTPConnection(scope)
        here = address(connection)
        asks = asker.set(here)
        try:
            scope["app"].state.site.hosts.check(connection)
            check_command(connection, scope["method"], self._service.config.public_url)
            with scope["app"].state.site.bodies.of(here, receive) as counted:
                await self._app(scope, counted, answered)
        except ServiceError as error:
            await self._refuse(error, scope, receive, answered)
        except ClientDisconnect:
            return  # it left, or was let go of, in the middle of what it said
        except Exception:
            log.exception("unnamed error in %s %s", scope["method"], template(scope))
            await self._refuse(ServiceError(), scope, receive, answered)
        finally:
            asker.reset(asks)

    async def _refuse(
        self, error: ServiceError, scope: Scope, receive: Receive, answered: "Answered"
    ) -> None:
        self._service.metrics.refused(error.slug)
        if isinstance(error, ForeignOrigin):
            log.warning("refused %s %s: %s", scope["method"], template(scope), error)
        if answered.started:
            return  # the answer is half-way out; the server closes it, which the client notices
        response = refusal(Request(scope), error, self._service)
        await response(scope, receive, answered)


class Answered:
    """`send` that adds the headers every answer has, and counts it."""

    def __init__(self, send: Send, scope: Scope, service: Service) -> None:
        self._send = send
        self._scope = scope
        self._service = service
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            self._service.metrics.answered(known_method(self._scope), message["status"])
            headers = MutableHeaders(scope=message)
            secure = OVER_HTTPS if self._is_https() else {}
            for name, value in (HEADERS | secure).items():
                headers.setdefault(name, value)
            headers.setdefault("Content-Security-Policy", api_policy())
            if not self._scope["path"].startswith(FILES):
                headers.setdefault("Cache-Control", "no-store")  # it may depend on who asks
        await self._send(message)

    def _is_https(self) -> bool:
        public_url = self._service.config.public_url or ""
        return self._scope["scheme"] == "https" or public_url.startswith("https:")


def refusal(request: Request, error: ServiceError, service: Service) -> Response:
    """The error as a page for somebody who opened an address, else as problem+json."""
    accept = request.headers.get("accept", "")
    is_call = request.url.path.startswith("/api/") or "json" in accept
    is_page = "text/html" in accept or not is_call
    if request.method in ("GET", "HEAD") and is_page:
        return error_page(request, error, service)
    return problem(error, language(request))


async def http_error(request: Request, error: Exception) -> Response:
    """What the router itself refuses, in our words: no such address, no such method."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404 and has_slash_too_many(request):
        # By path alone: an address of ours would be made of the Host that the asker wrote.
        return RedirectResponse(request.url.path.rstrip("/"), 308)
    if error.status_code == 404:
        raise Missing("no route") from error
    if error.status_code == 405:
        raise MethodUnknown("no such method") from error
    raise ServiceError(f"unexpected HTTPException {error.status_code}") from error


def has_slash_too_many(request: Request) -> bool:
    """Whether this may be a page's address with a slash behind it, as mail programs add them."""
    path = request.url.path
    return request.method in ("GET", "HEAD") and path.endswith("/") and path.startswith(PAGES)


def template(scope: Scope) -> str:
    """The address without its ids, for logs: codes and ids stay out of them, and so does whatever
    is no address of ours, which may have line ends in it."""
    first = first_part(str(scope["path"]))
    return f"/{first}" if first in known_parts(scope["app"]) else "/…"


def known_parts(app: Starlette) -> frozenset[str]:
    """With what our addresses begin."""
    return frozenset(first_part(getattr(route, "path", "")) for route in app.routes)


def first_part(path: str) -> str:
    return path.strip("/").partition("/")[0]


def known_method(scope: Scope) -> str:
    """The method, or OTHER: what a stranger invents makes no new metric."""
    method = str(scope["method"])
    return method if method in ("GET", "HEAD", "POST", "PATCH", "DELETE", "PUT") else "OTHER"
