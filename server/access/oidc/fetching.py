"""JSON from the sign-in provider, in a thread: neither the loop nor anybody else waits for it."""

import asyncio
import json
import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from ipaddress import ip_address
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from server.access.errors import SignInDown, SignInFailed

__all__ = ["fetch", "is_safe"]

log = logging.getLogger(__name__)

SILENCE_SECONDS = 5.0  # of the provider
ANSWER_SECONDS = 10.0  # for a whole answer, with waiting for a thread
ANSWER_BYTES = 1 << 20
THREADS = ThreadPoolExecutor(4, "sign-in")


class NoRedirect(HTTPRedirectHandler):
    """A handler that follows no redirect: what we ask for is where the provider says."""

    def redirect_request(self, *_: Any) -> None:
        return None


OPENER = build_opener(NoRedirect)


def is_safe(url: str) -> bool:
    """Whether nobody on the way can read or change it: https, or this very machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme == "https" and bool(host) or parts.scheme == "http" and is_local(host)


def is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def fetch(
    url: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The JSON object at an address; with a form it is sent there.

    Raises SignInDown when there is no answer that can be used, SignInFailed when the provider
    refuses a form.
    """
    asking = asyncio.get_running_loop().run_in_executor(THREADS, ask, url, form, headers or {})
    try:
        return await asyncio.wait_for(asking, ANSWER_SECONDS)
    except TimeoutError as error:
        raise SignInDown("no answer in time") from error


def ask(url: str, form: Mapping[str, str] | None, headers: Mapping[str, str]) -> dict[str, Any]:
    if not is_safe(url):
        raise SignInDown("an address without https")
    body = None if form is None else urlencode(form).encode()
    request = Request(url, body, {"Accept": "application/json", **headers})
    try:
        with OPENER.open(request, timeout=SILENCE_SECONDS) as answer:
            return read(answer.read(ANSWER_BYTES + 1))
    except HTTPError as error:
        error.close()
        log.warning("the sign-in provider answered %s", error.code)
        if form is not None and error.code in (400, 401, 403):
            raise SignInFailed(f"refused with {error.code}") from None
        raise SignInDown(f"answered {error.code}") from None
    except (OSError, HTTPException, ValueError, RecursionError) as error:
        log.warning("the sign-in provider cannot be asked: %s", type(error).__name__)
        raise SignInDown(type(error).__name__) from error


def read(body: bytes) -> dict[str, Any]:
    """Raises ValueError."""
    value = json.loads(body) if len(body) <= ANSWER_BYTES else None
    if not isinstance(value, dict):
        raise ValueError("no JSON object, or too large a one")
    return value
