"""The public HTTP interface, as a program outside the server calls it (docs/protocol.md)."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

__all__ = ["Api", "ApiError", "Unreachable"]

PATIENCE = 20.0  # seconds until an answer must be here


class ApiError(Exception):
    """The server said no: `status`, and `code` of its problem+json."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status = status
        self.code = code


class Unreachable(Exception):
    """No server answers at that address."""


@dataclass(frozen=True)
class Api:
    """Calls in the name of the holder of `token`; blocking ones run in a thread.

    `server`: an address such as http://127.0.0.1:8000.
    """

    server: str
    token: str | None = None

    async def get(self, path: str) -> Any:
        """Raises ApiError, Unreachable; as do the others."""
        return await self._call("GET", path)

    async def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return await self._call("POST", path, body or {})

    async def patch(self, path: str, body: dict[str, Any]) -> Any:
        return await self._call("PATCH", path, body)

    async def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        return await asyncio.to_thread(call, self, method, path, body)


def call(api: Api, method: str, path: str, body: dict[str, Any] | None) -> Any:
    """One request and its JSON answer (None if empty)."""
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    if api.token:
        headers["Authorization"] = f"Bearer {api.token}"
    request = Request(
        api.server.rstrip("/") + path,
        data=None if body is None else json.dumps(body).encode(),
        headers=headers,
        method=method,
    )
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=PATIENCE) as response:
            answer = response.read()
    except HTTPError as error:
        with error:
            raise problem(error.code, error.read()) from error
    except (URLError, OSError) as error:
        raise Unreachable(f"{api.server}: {error}") from error
    return json.loads(answer) if answer else None


def problem(status: int, body: bytes) -> ApiError:
    """The error that a problem+json body tells; a proxy in between may answer something else."""
    try:
        fields = json.loads(body)
        return ApiError(status, str(fields["code"]), str(fields.get("detail", "")))
    except (ValueError, KeyError, TypeError):
        return ApiError(status, "unknown", body[:200].decode(errors="replace"))
