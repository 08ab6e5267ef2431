"""How the server answers: JSON, and errors as problem+json (RFC 9457) in the reader's language."""

import json
from typing import Any

from starlette.requests import HTTPConnection
from starlette.responses import Response

from server.config import Config
from server.errors import Phrase, ServiceError, TooManyTries
from server.i18n import t
from server.web.requests import HOST_ONLY, is_secure, session_cookie, session_token

__all__ = [
    "answer",
    "answer_body",
    "error_words",
    "forget_both",
    "headers_of",
    "keep_cookie",
    "problem",
    "settle",
    "sign_in",
    "sign_out",
]

SESSION_SECONDS = 180 * 86_400  # how long a browser stays signed in to a workshop


def answer(value: Any, status: int = 200) -> Response:
    """`value` as JSON; never kept by a cache, since it depends on who asks."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return answer_body(body, status)


def answer_body(body: bytes, status: int = 200) -> Response:
    """The same of JSON that is written already."""
    return Response(
        body, status, media_type="application/json", headers={"Cache-Control": "no-store"}
    )


def error_words(error: ServiceError, language: str) -> dict[str, str]:
    """The stable code of an error, with title and detail in the reader's language."""
    key = f"error.{error.slug}"
    values = {**error.values, **{n: phrased(p, language) for n, p in error.phrases.items()}}
    return {
        "code": error.slug,
        "title": t(language, f"{key}.title", **values),
        "detail": t(language, f"{key}.detail", **values),
    }


def phrased(phrase: Phrase, language: str) -> str:
    """A phrase in the reader's language, and the phrases in it."""
    values = {
        name: phrased(value, language) if isinstance(value, Phrase) else value
        for name, value in phrase.values.items()
    }
    return t(language, phrase.key, **values)


def problem(error: ServiceError, language: str) -> Response:
    """An error as a program and a person can use it; `values` travel along as members."""
    words = error_words(error, language)
    value = {
        **error.values,
        "type": f"urn:hahmo:problem:{error.slug}",
        "title": words["title"],
        "status": error.status,
        "code": error.slug,
        "detail": words["detail"],
    }
    body = json.dumps(value, ensure_ascii=False).encode("utf-8")
    headers = headers_of(error) | {"Content-Language": language}
    return Response(body, error.status, headers, media_type="application/problem+json")


def headers_of(error: ServiceError) -> dict[str, str]:
    """What an error says beside its body."""
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, TooManyTries):
        headers["Retry-After"] = str(error.seconds)
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return headers


def sign_in(
    response: Response, connection: HTTPConnection, config: Config, workshop: str, token: str
) -> None:
    """Let this browser keep the token."""
    name = session_cookie(workshop)
    keep_cookie(response, connection, config, name, token, SESSION_SECONDS)


def sign_out(response: Response, connection: HTTPConnection, workshop: str) -> None:
    """Let this browser forget the token of a workshop."""
    forget_both(response, connection, session_cookie(workshop))


def keep_cookie(
    response: Response,
    connection: HTTPConnection,
    config: Config,
    name: str,
    value: str,
    seconds: int,
) -> None:
    """Let this browser keep something out of reach of scripts, under one of the two names."""
    secure = is_secure(connection, config)
    prefixed = f"{HOST_ONLY}{name}"
    response.set_cookie(
        prefixed if secure else name,
        value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="lax",
        secure=secure,
    )
    forget(response, connection, name if secure else prefixed)


def forget_both(response: Response, connection: HTTPConnection, name: str) -> None:
    """Let this browser forget a cookie, by whichever of its names it has it."""
    response.delete_cookie(name, path="/", httponly=True, samesite="lax")
    forget(response, connection, f"{HOST_ONLY}{name}")


def forget(response: Response, connection: HTTPConnection, name: str) -> None:
    """Let this browser forget a cookie that it has."""
    if name in connection.cookies:
        secure = name.startswith(HOST_ONLY)
        response.delete_cookie(name, path="/", httponly=True, samesite="lax", secure=secure)


def settle(response: Response, connection: HTTPConnection, config: Config, workshop: str) -> None:
    """Leave no two cookies that say different things: the token stays under the name of now.

    The plain one is forgotten over https, unread: no one can tell who has set it.
    """
    token = session_token(connection, config, workshop)
    secure = is_secure(connection, config)
    if token is not None and session_cookie(workshop, secure=not secure) in connection.cookies:
        sign_in(response, connection, config, workshop, token)
    elif secure:
        forget(response, connection, session_cookie(workshop))
