"""HTTP calls for documents: one that waits for it, and those of a document in the making."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from server.exports import FORMATS
from server.exports.context import LEAVABLE, Exported
from server.exports.jobs import Job
from server.i18n import LANGUAGES
from server.service import Service
from server.web.api.workshops import member_of
from server.web.encoding import packed_aside
from server.web.requests import address, credentials, language, read_json
from server.web.responses import answer, error_words
from server.workshops.documents.wanted import Wanted, document, is_apart, read_wanted, width
from server.workshops.input import fields

__all__ = [
    "ask",
    "drop",
    "export",
    "export_whole",
    "fetch",
    "first_page",
    "look",
    "show",
    "show_all",
]


async def export(request: Request) -> Response:
    """GET /api/boards/{board}/export.{format}: in the reader's language, or in `?language=`.

    `?experiment=` leaves out all others; `?width=` is of a picture, in pixels; `?without=` names
    what is left out.
    """
    return await at_once(request)


async def export_whole(request: Request) -> Response:
    """GET /api/workshops/{workshop}/export.{format}: the whole workbook, for who leads it.

    In the reader's language, or in `?language=`; `?without=` names what is left out, `?stage=` is
    the only one wanted, `?groups=apart` has groups' own boards too.
    """
    return await at_once(request)


async def at_once(request: Request) -> Response:
    """The document that the address tells of, when it is there."""
    service: Service = request.app.state.service
    wanted = wanted_by_address(request, request.path_params["format"])
    workshop = request.path_params.get("workshop", "")
    read = await service.documents.read(workshop, wanted, lambda id: credentials(request, id))
    began = time.monotonic()
    exported = await document(wanted, read, service.reading.elsewhere)
    service.metrics.timings.exported(wanted.format, time.monotonic() - began)
    response = as_file(exported, wanted.language)
    is_text = wanted.format in FORMATS and FORMATS[wanted.format].is_text
    return await packed_aside(request, response) if is_text else response


def wanted_by_address(request: Request, format: str) -> Wanted:
    told = request.query_params
    board = request.path_params.get("board") or told.get("board")
    chosen = told.get("language", language(request))
    left = [part.strip() for part in told.get("without", "").split(",") if part.strip()]
    return Wanted(
        format=format,
        language=fields.choice(chosen, "language", LANGUAGES),
        board=board,
        stage=None if board else told.get("stage"),
        experiment=told.get("experiment"),
        width=pixels(told["width"]) if board and "width" in told else None,
        without=frozenset(fields.choice(part, "without", LEAVABLE) for part in left),
        apart=is_apart(told.get("groups", "together")),
    )


def pixels(told: str) -> int:
    return width(int(told) if told.isdecimal() and len(told) < 6 else told)


async def ask(request: Request) -> Response:
    """POST /api/workshops/{workshop}/exports: a document is made, and fetched when it is there."""
    service: Service = request.app.state.service
    workshop = request.path_params["workshop"]
    member = await member_of(request, service, workshop)
    wanted = read_wanted(await read_json(request), language(request))
    job = await service.documents.ask(
        member, wanted, lambda id: credentials(request, id), address(request)
    )
    return answer(job_json(request, job), 202)


async def look(request: Request) -> Response:
    """GET /api/workshops/{workshop}/exports/about: what a document would hold, and what not."""
    service: Service = request.app.state.service
    workshop = request.path_params["workshop"]
    wanted = wanted_by_address(request, request.query_params.get("format", ""))
    about = await service.documents.look(workshop, wanted, lambda id: credentials(request, id))
    return answer(asdict(about))


async def first_page(request: Request) -> Response:
    """GET /api/workshops/{workshop}/exports/first-page.png: small, of what is in PICTURED."""
    service: Service = request.app.state.service
    workshop = request.path_params["workshop"]
    wanted = wanted_by_address(request, request.query_params.get("format", ""))
    made = await service.documents.page(workshop, wanted, lambda id: credentials(request, id))
    return Response(made, media_type="image/png", headers={"Cache-Control": "no-store"})


async def show_all(request: Request) -> Response:
    """GET /api/workshops/{workshop}/exports: what somebody asked for and still has."""
    service: Service = request.app.state.service
    workshop = request.path_params["workshop"]
    jobs = await service.documents.of(workshop, lambda id: credentials(request, id))
    return answer([job_json(request, job) for job in jobs])


async def show(request: Request) -> Response:
    """GET /api/exports/{export}."""
    service: Service = request.app.state.service
    id = request.path_params["export"]
    job = await service.documents.find(id, lambda id: credentials(request, id))
    return answer(job_json(request, job))


async def fetch(request: Request) -> Response:
    """GET /api/exports/{export}/file."""
    service: Service = request.app.state.service
    id = request.path_params["export"]
    job, made = await service.documents.fetch(id, lambda id: credentials(request, id))
    return as_file(made, job.asked.language)


async def drop(request: Request) -> Response:
    """DELETE /api/exports/{export}: it is not wanted any more, made or not."""
    service: Service = request.app.state.service
    await service.documents.drop(request.path_params["export"], lambda id: credentials(request, id))
    return Response(status_code=204)


def job_json(request: Request, job: Job) -> dict[str, Any]:
    """A document in the making, as calls answer it."""
    service: Service = request.app.state.service
    jobs, asked, made = service.documents.jobs, job.asked, job.made
    return {
        "id": job.id,
        "workshop": asked.workshop,
        "board": asked.board,
        "stage": asked.stage,
        "format": asked.format,
        "language": asked.language,
        "state": job.state,
        "ahead": jobs.ahead(job),
        "progress": round(jobs.progress(job), 2),
        "seconds_left": round(jobs.seconds_left(job), 1),
        "name": made and made.title,
        "bytes": made and len(made.body),
        "kept_seconds": jobs.kept_seconds(job),
        "problem": job.error and error_words(job.error, language(request)),
    }


def as_file(exported: Exported, chosen: str) -> Response:
    """A finished document, to be kept by the browser. `chosen`: its language."""
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{exported.filename}"; '
        f"filename*=UTF-8''{quote(exported.title, safe='')}",
        "Content-Language": chosen,
    }
    return Response(exported.body, media_type=exported.media_type, headers=headers)
