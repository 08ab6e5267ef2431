"""The real application over its real store, without a socket: for tests of calls and pages."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette

from boards.document import Document
from boards.edits import add_note
from server.app import create_app
from server.config import Config
from server.service import Service
from tests.support.passed.apps import PASSED, before, redis_of

__all__ = ["App", "Json", "Person", "Team", "running_app"]

Json = dict[str, Any]
BASE = "http://hahmo.test"


class App:
    """A running application. `http` calls it without credentials, `by(token)` with them.

    HAHMO_TEST_PASSED=1: on Redis, and what is called is another one that is home of nothing.
    """

    def __init__(self, app: Starlette, front: Starlette) -> None:
        self.app = app
        self._front = front
        self.http = self.client()

    @property
    def service(self) -> Service:
        service: Service = self.app.state.service
        return service

    def client(self, host: str = "192.0.2.1", **options: Any) -> httpx.AsyncClient:
        """A client of its own, at its own address, with its own cookies."""
        transport = httpx.ASGITransport(app=self._front, client=(host, 1234))
        return httpx.AsyncClient(transport=transport, base_url=BASE, **options)

    def by(self, token: str) -> httpx.AsyncClient:
        """A program that carries a token."""
        return self.client(headers={"Authorization": f"Bearer {token}"})

    async def write(self, board: str, text: str, zone: str = "challenges") -> str:
        """A note by the server's own hand; its id."""
        async with self.service.rooms.hold(board) as room:
            note = room.edit(lambda document: write(document, board, text, zone))
            await self.service.rooms.committer.commit(room.workshop)
        return note

    async def team(self, people: int = 0, **body: Any) -> "Team":
        """A workshop with its facilitator and so many participants."""
        made = (await self.http.post("/api/workshops", json=body)).raise_for_status().json()
        self.http.cookies.clear()
        team = Team(self, made, Person(made["person"], made["token"], self.by(made["token"])))
        for number in range(people):
            await team.join(f"Osallistuja {number + 1}")
        return team


@dataclass(slots=True)
class Person:
    """Somebody in a workshop, with a client that speaks in their name."""

    id: str
    token: str
    http: httpx.AsyncClient


class Team:
    """A workshop and the people in it."""

    def __init__(self, app: App, made: Json, facilitator: Person) -> None:
        self.app = app
        self.made = made
        self.id: str = made["id"]
        self.facilitator = facilitator
        self.people: list[Person] = []

    async def join(self, name: str, role: str = "participant") -> Person:
        """One more person."""
        body = {"code": self.made["join_code"], "name": name, "role": role}
        joined = (await self.app.http.post("/api/join", json=body)).raise_for_status().json()
        self.app.http.cookies.clear()
        person = Person(joined["person"], joined["token"], self.app.by(joined["token"]))
        if role == "participant":
            self.people.append(person)
        return person

    async def at_work(self, *people: Person) -> None:
        """Each of them (all participants, if nobody is named) has written a note."""
        for person in people or self.people:
            document, board = Document(), self.board()
            write(document, board, "työn ääressä", "challenges")
            answer = await person.http.post(
                f"/api/boards/{board}/edits",
                content=document.get_update(),
                headers={"Content-Type": "application/octet-stream"},
            )
            answer.raise_for_status()

    def board(self, key: str = "phenomena") -> str:
        """Id of a shared board."""
        ids: dict[str, str] = {board["key"]: board["id"] for board in self.made["boards"]}
        return ids[key]

    async def desk(self) -> Json:
        """The desk as the facilitator sees it."""
        answer = await self.facilitator.http.get(f"/api/workshops/{self.id}")
        desk: Json = answer.raise_for_status().json()
        return desk

    async def texts(self, board: str) -> list[str]:
        """The texts on a board as the facilitator reads them, sorted."""
        answer = await self.facilitator.http.get(f"/api/boards/{board}")
        return sorted(note["text"] for note in answer.raise_for_status().json()["notes"])

    async def split(self, groups: Any, key: str = "phenomena", **more: Any) -> Json:
        """A breakout of a shared board."""
        body = {"board": self.board(key), "groups": groups, **more}
        answer = await self.facilitator.http.post(f"/api/workshops/{self.id}/breakouts", json=body)
        breakout: Json = answer.raise_for_status().json()
        return breakout

    async def merge(self, breakout: Json) -> Json:
        """The report of merging a breakout."""
        answer = await self.facilitator.http.post(f"/api/breakouts/{breakout['id']}/merge", json={})
        report: Json = answer.raise_for_status().json()
        return report


def write(document: Document, board: str, text: str, zone: str) -> str:
    """One note, as a browser would write it."""
    return add_note(document, board, zone=zone, text=text, at=1)


@contextlib.asynccontextmanager
async def running_app(
    data: Path, *, static: Path | None = None, **settings: Any
) -> AsyncIterator[App]:
    """The application with its lifespan; `settings` are fields of Config."""
    static = static or data / "no-client"
    if PASSED and "redis_url" not in settings:
        settings["redis_url"] = redis_of(data).url
    config = Config(data=data, **settings)
    app = create_app(config, static=static)
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(app.router.lifespan_context(app))
        front = await stack.enter_async_context(before(app, config, static)) if PASSED else app
        yield App(app, front)
