"""What a request says: its JSON, its reader's language, who sent it, and from where."""

import hmac
import json
import re
from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection, Request

from server.addresses import is_reached_directly
from server.config import Config, same_origin_form
from server.errors import ForeignOrigin, MalformedJson, TooLarge, WrongContentType, shorten
from server.i18n import choose
from server.web.hosts import asked

__all__ = [
    "BODY_BYTES",
    "FACILITATOR_COOKIE",
    "SIGNING_IN_COOKIE",
    "facilitator_token",
    "host_cookie",
    "HOST_ONLY",
    "LANGUAGE_COOKIE",
    "address",
    "bearer",
    "check_command",
    "credentials",
    "foreign_origin",
    "hear_out",
    "is_own_origin",
    "is_secure",
    "language",
    "parse_object",
    "read_body",
    "read_json",
    "same_secret",
    "session_cookie",
    "session_token",
]

BODY_BYTES = 65_536  # of one command; nothing a person writes in a form comes near
LANGUAGE_COOKIE = "hahmo_lang"
FACILITATOR_COOKIE = "hahmo_facilitator"
SIGNING_IN_COOKIE = "hahmo_signing_in"  # on the way to the provider and back
HOST_ONLY = "__Host-"
UPDATE_TYPE = "application/octet-stream"
EDITS = re.compile(r"/api/boards/[^/]+/edits")  # what carries an update
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
WHOLE_BODY = "hahmo.body"  # in a scope: the body, once it was read


def language(connection: HTTPConnection) -> str:
    """The reader's language: their choice (cookie), else their browser's, else Finnish."""
    return choose(
        connection.cookies.get(LANGUAGE_COOKIE), connection.headers.get("accept-language")
    )


def session_cookie(workshop: str, *, secure: bool = False) -> str:
    """Name of the cookie that signs a browser in to one workshop: many can be open at once.

    Over https with the prefix that no other host and no plain http can set. Source: RFC 6265bis,
    4.1.3.2.
    """
    return f"{HOST_ONLY if secure else ''}hahmo_{workshop}"


def session_token(connection: HTTPConnection, config: Config, workshop: str) -> str | None:
    """The token in this browser's cookie, as `host_cookie` reads it.

    Over plain http the name with the prefix counts as well, and first: only https can have set it.
    """
    name = session_cookie(workshop)
    return connection.cookies.get(f"{HOST_ONLY}{name}") or host_cookie(connection, config, name)


def host_cookie(connection: HTTPConnection, config: Config, name: str) -> str | None:
    """A cookie that over https counts by its name with the prefix alone: the plain one can be set
    by any sibling of our host, to sign somebody in as somebody else."""
    return connection.cookies.get(f"{HOST_ONLY if is_secure(connection, config) else ''}{name}")


def is_secure(connection: HTTPConnection, config: Config) -> bool:
    """Whether people reach us by https, directly or through a proxy."""
    return connection.url.scheme in ("https", "wss") or (config.public_url or "").startswith(
        "https:"
    )


def facilitator_token(request: Request, config: Config) -> str | None:
    """What signs a facilitator in, beside any workshop. Raises ForeignOrigin as `credentials`."""
    cookie = host_cookie(request, config, FACILITATOR_COOKIE)
    check_origin_said(request, cookie)
    return cookie


def bearer(connection: HTTPConnection) -> str | None:
    """The token of `Authorization: Bearer …`; None when there is none."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def credentials(request: Request, workshop: str) -> str | None:
    """The token for this workshop: a program's header first, else the browser's cookie.

    Raises ForeignOrigin for a command that leans on a cookie and does not say where it is from:
    every browser of today says it.
    """
    token = bearer(request)
    if token is not None:
        return token
    cookie = session_token(request, request.app.state.service.config, workshop)
    check_origin_said(request, cookie)
    return cookie


def check_origin_said(request: Request, cookie: str | None) -> None:
    """Raises ForeignOrigin for a command that leans on a cookie and is silent on its origin."""
    if cookie and request.method not in SAFE_METHODS and not says_its_origin(request.headers):
        raise foreign_origin(request.headers, request.app.state.service.config.public_url)


def address(connection: HTTPConnection) -> str:
    """Where a request comes from, for limits: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        found = ip_address(connection.client.host if connection.client else "")
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        return str(found.ipv4_mapped)  # one that reached us by a socket for both
    if isinstance(found, IPv6Address):
        return found.exploded[:19]
    return str(found)


def same_secret(given: str | None, expected: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest((given or "").encode(), expected.encode())


def check_command(request: HTTPConnection, method: str, public_url: str | None) -> None:
    """Refuse what a page of another site could have sent in somebody's name.

    A command carries JSON or an update (a form cannot) and comes from our own origin or from no
    page at all; see also `credentials`. A bearer's token is in no other site's reach. Source:
    OWASP CSRF Prevention cheat sheet, Fetch metadata.
    """
    if method in SAFE_METHODS:
        return
    headers = request.headers
    has_body = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    by_token = bearer(request) is not None
    by_cookie = "cookie" in headers and not by_token
    expected = UPDATE_TYPE if EDITS.fullmatch(request.url.path) else "application/json"
    if kind != expected and (has_body or kind or by_cookie):
        raise WrongContentType(f"expected {expected}, got {kind[:40] or 'none'}")
    if not by_token and not is_same_site(request, public_url):
        raise foreign_origin(headers, public_url)


def says_its_origin(headers: Mapping[str, str]) -> bool:
    """Whether a browser told which page sent this; a program does not."""
    return "sec-fetch-site" in headers or "origin" in headers


def is_same_site(connection: HTTPConnection, public_url: str | None) -> bool:
    """Whether our own page, or no page at all, sent this."""
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    return "origin" not in connection.headers or is_own_origin(connection, public_url)


def is_own_origin(connection: HTTPConnection, public_url: str | None) -> bool:
    """Whether Origin is the public address, or the very host that was asked.

    A proxy may not tell that people reach it by https; then, and only then, either will do.
    """
    origin, here = connection.headers.get("origin", ""), asked(connection)
    try:
        if public_url is not None and public_url in (origin, at_scheme_of(public_url, here.host)):
            return origin == public_url
        schemes = {here.scheme} if is_reached_directly(here) else {here.scheme, "https"}
        own = {same_origin_form(f"{scheme}://{here.host}") for scheme in schemes}
        return bool(here.host) and origin in own
    except ValueError:
        return False


def at_scheme_of(url: str, host: str) -> str:
    """The origin of a host at the scheme of another address."""
    return same_origin_form(f"{urlsplit(url).scheme}://{host}")


def foreign_origin(headers: Mapping[str, str], public_url: str | None) -> ForeignOrigin:
    """The refusal, with what was expected and what came: the log tells a wrong setting by it."""
    expected = " or ".join(filter(None, (public_url, headers.get("host"))))
    got = shorten(headers.get("origin") or "none")
    site = shorten(headers.get("sec-fetch-site") or "none")
    return ForeignOrigin(f"expected {shorten(expected)}, got origin {got}, Sec-Fetch-Site {site}")


async def read_json(request: Request, *, most: int = BODY_BYTES) -> dict[str, Any]:
    """The body as one JSON object; an empty body is an empty object.

    Raises TooLarge beyond `most` bytes, and MalformedJson.
    """
    body = await read_body(request, most=most)
    return parse_object(body) if body.strip() else {}


async def read_body(request: Request, *, most: int) -> bytes:
    """The body as it came, however often it is asked for. Raises TooLarge beyond `most` bytes."""
    held: bytes | None = request.scope.get(WHOLE_BODY)
    if held is None:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > most:
                break
        else:
            held = request.scope[WHOLE_BODY] = bytes(body)
    if held is None or len(held) > most:
        raise TooLarge(f"body of more than {most} bytes", most=most)
    return held


async def hear_out(request: Request) -> None:
    """Wait for all of a command: who asks is found out when it is there, not when it begins.

    Else who begins a command and ends it two minutes later has for so long what was taken from
    them meanwhile: a role, a place, a token. Raises TooLarge beyond `BODY_BYTES`.
    """
    if request.method not in SAFE_METHODS:
        await read_body(request, most=BODY_BYTES)


def parse_object(body: bytes) -> dict[str, Any]:
    """One JSON object in UTF-8. NaN, halves of surrogate pairs and endless nesting are refused."""
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=refuse_constant)
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # fails on half a surrogate pair
    except (ValueError, RecursionError) as error:
        raise MalformedJson(f"expected JSON in UTF-8, got {type(error).__name__}") from error
    if not isinstance(value, dict):
        raise MalformedJson(f"expected an object, got {type(value).__name__}")
    return value


def refuse_constant(name: str) -> None:
    """NaN and Infinity are no JSON, though Python's parser takes them."""
    raise ValueError(name)
