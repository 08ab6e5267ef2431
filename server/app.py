"""The only wiring: settings in, a running application out. The lifespan opens and closes it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from server.access.key import check_key, server_key
from server.access.throttle import Guesses, Quota
from server.config import Config
from server.exports.jobs import Jobs
from server.metrics import Metrics, uptime
from server.passing.calls import PassingOn
from server.passing.passer import Passer
from server.passing.work import Lending, WorkCalls, is_work
from server.service import Service
from server.store import Store
from server.store.opened import open_store
from server.store.reading import reading
from server.sync.limits import SyncLimits
from server.sync.rooms import Rooms
from server.web.assets import Assets
from server.web.guard import Guard, http_error
from server.web.hosts import Hosts
from server.web.kept import KeptAnswers
from server.web.once import Once
from server.web.routes import STATIC, routes
from server.web.site import Site
from server.workshops.breakouts.at_work import AtWork
from server.workshops.breakouts.breakouts import Breakouts
from server.workshops.breakouts.recalls import due_recalls
from server.workshops.documents.documents import Documents
from server.workshops.doors.doors import Doors
from server.workshops.doors.passphrases import Passphrases
from server.workshops.doors.people import People
from server.workshops.doors.signals import Signals
from server.workshops.doors.waiting import WaitingRoom
from server.workshops.erasure.deletion import Deletion
from server.workshops.erasure.retention import Retention
from server.workshops.held import Held
from server.workshops.imports.bringing import NoteImports
from server.workshops.imports.imports import Imports
from server.workshops.members import Desks
from server.workshops.next_round import NextRound
from server.workshops.pace.deadlines import Deadline, Deadlines
from server.workshops.pace.moves import Moves, due_moves
from server.workshops.pace.timer_locks import TimerLocks, due_locks
from server.workshops.reading import Reading
from server.workshops.removals import DeletedNotes
from server.workshops.scripts.scripts import Scripts
from server.workshops.scrubbing import Scrubbing
from server.workshops.snapshots.automatic import Automatic
from server.workshops.snapshots.by_person import ByPerson
from server.workshops.snapshots.snapshots import Snapshots
from server.workshops.surveys.surveys import Assessment
from server.workshops.workshops import Workshops

if TYPE_CHECKING:
    from server.access.oidc.facilitators import SignIn

__all__ = ["create_app", "opened"]

JOINS, JOINS_SECONDS = 1000, 600.0  # of one address: a congress at once
DELIVERIES_PER_MINUTE = 240  # edits that one person brings by calls; a browser sends large pieces


def create_app(config: Config, *, static: Path = STATIC, works: bool = False) -> Starlette:
    """The application; `app.state.service` and `.site` are there while its lifespan runs.

    `static`: folder of the built client. `works`: see `opened`.
    """

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with opened(config, works=works) as service:
            app.state.service = service
            kept = KeptAnswers(service.store, service.rooms)
            app.state.site = Site(Assets(static), Hosts(config), Once(kept))
            yield

    app = Starlette(
        routes=routes(static),
        lifespan=lifespan,
        middleware=[Middleware(guarded)],
        exception_handlers={HTTPException: http_error},
    )
    app.router.redirect_slashes = False  # it would lead wherever the Host says; see http_error
    return app


def guarded(app: ASGIApp) -> ASGIApp:
    """Guard around the application; its service exists only once the lifespan has begun."""

    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await app(scope, receive, send)
            return
        service: Service = scope["app"].state.service
        with service.rooms.scheduler.awake():
            if scope["type"] == "http" and is_work(scope) and service.work is not None:
                await service.work(scope, receive, send)
            elif scope["type"] == "http":
                inner = app if service.passer is None else PassingOn(app, service.passer)
                await Guard(inner, service)(scope, receive, send)
            else:
                await app(scope, receive, send)  # sockets close with codes of their own

    return call


@contextlib.asynccontextmanager
async def opened(
    config: Config, *, works: bool = False, reads: bool = False
) -> AsyncIterator[Service]:
    """All parts, connected and running; on the way out what is pending is committed first.

    `works`: where several share a store, this one looks after it in the place of the others.
    `reads`: it is home of nothing and writes nothing, whoever serves what it looks at.

    Raises StoreLocked when another process uses the data folder, StoreUnavailable, KeyUnusable.
    """
    async with open_store(config) as found:
        store = reading(found) if reads else found
        key = server_key(config)
        await check_key(store, key)
        metrics = Metrics()
        rooms = Rooms(store, SyncLimits(), metrics.timings)
        service = assembled(config, store, rooms, key, metrics)
        if store.homes is not None:
            store.homes.on_taken = service.waiting.begin
            store.homes.on_lost = rooms.lose
            store.homes.busy = rooms.workshops
            store.homes.is_worker = works
        if service.lending is not None:
            lend(service, service.lending)
        rooms.start()
        try:
            async with (
                looking_after(service.retention),
                service.breakouts.late.watching(),
                service.snapshots.automatic.watching(),
                service.deadlines.watching(),
                watching(service.passer),
            ):
                yield service
        finally:
            await service.documents.jobs.stop()
            await rooms.stop()


def lend(service: Service, lending: Lending) -> None:
    """What takes long and nobody's next step waits for is done by the worker, if there is one."""
    service.rooms.compactor.run_in(lending.run)
    for elsewhere in (service.reading.elsewhere, service.documents.elsewhere):
        elsewhere.child = lending.run


def watching(passer: Passer | None) -> contextlib.AbstractAsyncContextManager[None]:
    """Where there are other processes, who of them lives."""
    return contextlib.nullcontext() if passer is None else passer.watching()


def zero() -> int:
    return 0


@contextlib.asynccontextmanager
async def looking_after(retention: Retention) -> AsyncIterator[None]:
    """Meanwhile, unused workshops are deleted, and what was deleted is wiped from the files."""
    looking = asyncio.create_task(retention.keep_looking(), name="retention")
    try:
        yield
    finally:
        looking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await looking
        await retention.stop()


def assembled(config: Config, store: Store, rooms: Rooms, key: bytes, metrics: Metrics) -> Service:
    """The parts, each given what it needs."""
    desks = Desks(store, rooms, late_seconds=3600.0 * config.late_hours)
    scrubbing = Scrubbing(store, rooms.committer, rooms.compactor)
    deleted_notes = DeletedNotes(desks)
    doors = Doors(desks, scrubbing, deleted_notes, key=key, people=config.people)
    assessment = Assessment(desks, scrubbing, key=key)
    waiting = WaitingRoom(desks, doors, scrubbing, key=key)
    automatic = Automatic(desks)
    workshops = Workshops(desks, automatic, key=key)
    reading = Reading(desks, assessment)
    deletion = Deletion(desks, scrubbing)
    breakouts = Breakouts(desks, automatic, reading.for_leaders)
    documents = Documents(desks, reading, Jobs(told=metrics.timings.exported))
    signing = sign_in(config, store, rooms, scrubbing)
    sweeps = [documents.jobs.sweep]
    if signing is not None:
        sweeps.append(signing.facilitators.sweep)
    passer = None if store.homes is None else Passer(store.homes, key)
    service = Service(
        config=config,
        store=store,
        rooms=rooms,
        workshops=workshops,
        doors=doors,
        people=People(desks),
        signals=Signals(desks),
        waiting=waiting,
        passphrases=Passphrases(desks),
        breakouts=breakouts,
        at_work=AtWork(desks, breakouts.late),
        scripts=Scripts(desks),
        deadlines=Deadlines(
            desks,
            Deadline("recall", due_recalls, breakouts.end_due),
            Deadline("lock", due_locks, TimerLocks(desks).lock),
            Deadline("move", due_moves, Moves(desks, automatic).move),
        ),
        snapshots=Snapshots(desks, automatic, reading.for_leaders),
        by_person=ByPerson(desks, reading.for_leaders),
        reading=reading,
        documents=documents,
        held=Held(desks, reading.elsewhere, deleted_notes),
        next_round=NextRound(desks, workshops, reading.for_leaders),
        imports=Imports(desks, workshops),
        note_imports=NoteImports(desks, reading.for_leaders),
        deletion=deletion,
        deleted_notes=deleted_notes,
        retention=Retention(desks, deletion, scrubbing, waiting, config.retention_days, sweeps),
        assessment=assessment,
        metrics=metrics,
        guesses=Guesses(),
        quota=Quota(config.workshops_per_hour),
        joins=Quota(JOINS, seconds=JOINS_SECONDS),
        deliveries=Quota(DELIVERIES_PER_MINUTE, seconds=60.0),
        passer=passer,
        lending=None if passer is None else Lending(passer),
        work=None if passer is None else WorkCalls(key),
        sign_in=signing,
    )
    measure(service)
    return service


def sign_in(config: Config, store: Store, rooms: Rooms, scrubbing: Scrubbing) -> SignIn | None:
    """Its libraries take a third of a second and 20 MiB: only where a provider is set up."""
    if config.oidc_issuer is None:
        return None
    from server.access.oidc.facilitators import SignIn

    return SignIn(config, store, rooms.committer, scrubbing.later)


def measure(service: Service) -> None:
    """What an operator sees at /metrics of the parts wired here."""
    metrics, rooms, committer = service.metrics, service.rooms, service.rooms.committer
    metrics.gauge("hahmo_uptime_seconds", "Seconds since the start.", uptime())
    metrics.gauge("hahmo_rooms", "Boards in memory.", lambda: len(rooms))
    metrics.counter("hahmo_board_loads_total", "Boards read to memory.", lambda: rooms.loads)
    metrics.gauge("hahmo_connections", "Open WebSocket connections.", lambda: rooms.connections)
    metrics.gauge("hahmo_people", "People who are connected.", lambda: len(rooms.seats))
    metrics.gauge("hahmo_boards_waiting", "Boards to commit.", lambda: committer.waiting)
    checkpoints = rooms.compactor
    metrics.gauge("hahmo_checkpoints_waiting", "Of boards.", lambda: checkpoints.waiting)
    metrics.gauge(
        "hahmo_exports_waiting",
        "Documents in the making, or waiting for it.",
        lambda: service.documents.jobs.pending,
    )
    metrics.gauge("hahmo_store_failing", "1 while commits fail.", lambda: int(committer.failing))
    homes, passer = service.store.homes, service.passer
    latency = zero if homes is None else lambda: homes.latency
    metrics.gauge("hahmo_redis_seconds", "Until Redis answered, the last time.", latency)
    metrics.gauge("hahmo_homes", "Workshops that it is home of.", lambda: len(homes or ()))
    passing, passed = (lambda: passer.passing, lambda: passer.passed) if passer else (zero, zero)
    metrics.gauge("hahmo_passing", "Passed on to other servers now.", passing)
    metrics.counter("hahmo_passed_total", "Passed on.", passed)
    lending = service.lending
    lent = zero if lending is None else lambda: lending.lent
    metrics.counter("hahmo_lent_total", "Work that the worker did for this server.", lent)
    metrics.counter("hahmo_commits_total", "Commits to the store.", lambda: committer.commits)
    metrics.counter("hahmo_updates_total", "Board updates stored.", lambda: committer.updates)
    metrics.counter(
        "hahmo_failed_codes_total",
        "Wrong codes, keys and passphrases.",
        lambda: service.guesses.failures + service.passphrases.guesses.failures,
    )
