"""What an operator asks: alive, ready, how much; and the description of all calls."""

import asyncio

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from server.clock import milliseconds
from server.exports.formats.json import PUBLISHED
from server.metrics import CONTENT_TYPE
from server.service import Service
from server.store import StoreUnavailable
from server.web.api.openapi import description
from server.web.encoding import packed
from server.web.responses import answer, answer_body

__all__ = ["export_schema", "healthz", "metrics", "now", "openapi", "readyz"]

READY_SECONDS = 1.0  # the longest a ready store takes to answer


async def healthz(request: Request) -> Response:
    """The loop turns."""
    return PlainTextResponse("alive\n")


async def now(request: Request) -> Response:
    """What time it is here: timers end by this clock, and pages measure how far theirs is off."""
    return answer({"now": milliseconds()})


async def readyz(request: Request) -> Response:
    """The store answers, and takes writes; else 503. With what Redis promises, if it is one."""
    service: Service = request.app.state.service
    try:
        async with asyncio.timeout(READY_SECONDS):
            await service.store.get("workshop", "")
    except TimeoutError as error:
        raise StoreUnavailable("the store does not answer in time") from error
    if service.rooms.committer.failing:
        raise StoreUnavailable("the last commit failed")
    config = service.config
    promise = f"durability: {config.durability}\n" if config.redis_url is not None else ""
    return PlainTextResponse(f"ready\n{promise}")


async def metrics(request: Request) -> Response:
    """Numbers for Prometheus; none of them is about a person or a workshop."""
    service: Service = request.app.state.service
    return Response(service.metrics.text(), headers={"Content-Type": CONTENT_TYPE})


async def export_schema(request: Request) -> Response:
    """The shape of exports as JSON, as JSON Schema."""
    return packed(request, answer_body(PUBLISHED.read_bytes()))


async def openapi(request: Request) -> Response:
    """The description of all calls, OpenAPI 3.1."""
    return packed(request, answer(description()))
