"""A workshop whose server dies again and again, and what must then be on its disk."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from boards import edits
from boards.document import Document
from boards.schema import read_board
from server.config import Config
from server.demo.peer import Peer
from server.maintenance import Finding, check_store
from server.store.sqlite.store import SqliteStore
from server.sync.commit.compactor import replay
from tests.faults.support.forkserver import Order

__all__ = [
    "Ledger",
    "Acked",
    "Workshop",
    "Writer",
    "ForkServer",
    "add_note",
    "findings",
    "loaded",
    "on_disk",
    "opened_copy",
    "write_until_dead",
    "forkserver",
]


MOST_UNSAVED = 30  # edits a writer is ahead of the server, at most
SPRINT = 50  # edits as fast as they go; then a pause after each, to leave the server a processor
PACE = 0.03  # seconds
HEARD_SECONDS = 2.0  # for the last words of a server that has died


class ForkServer:
    """The process that forks servers; see tests/faults/support/forkserver.py."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.support.forkserver"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._pid = 0  # of the last server, until it was waited for
        self._logs = tempfile.TemporaryDirectory()
        self.log = Path(self._logs.name) / "servers.log"

    def _ask(self, line: str) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def start(self, folder: Path, port: int, **options: Any) -> int:
        """A server on this folder; its pid. `options`: fields of Order."""
        order = Order(folder=str(folder), port=port, log=str(self.log), **options)
        self._pid = self._ask(order.line())
        assert self._pid, f"the server did not start: {self.log.read_text()[-2000:]}"
        return self._pid

    def kill(self) -> None:
        """The last server, if it still runs."""
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)

    def wait(self) -> int:
        """Until the last server has ended; its exit status."""
        self._pid = 0
        return self._ask("wait")

    def stop(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()
        self._logs.cleanup()


@contextmanager
def forkserver() -> Iterator[ForkServer]:
    forks = ForkServer()
    try:
        yield forks
    finally:
        forks.stop()


@dataclass(slots=True)
class Acked:
    """What a writer was last told is durable of a note: which text, and whether it is deleted."""

    version: int
    is_deleted: bool = False


@dataclass
class Ledger:
    """What the writers were told is durable, by board and note; `acked` counts edits."""

    notes: dict[str, dict[str, Acked]] = field(default_factory=dict)
    acked: int = 0

    def note(self, board: str, edit: Edit) -> None:
        self.acked += 1
        told = self.notes.setdefault(board, {}).setdefault(edit.note, Acked(0))
        told.version = max(told.version, edit.version)
        told.is_deleted |= edit.is_deletion

    def lost(self, stored: dict[str, dict[str, Acked]]) -> list[str]:
        """The notes of which the store has less than what was acked."""
        missing = []
        for board, notes in self.notes.items():
            for note, told in notes.items():
                found = stored.get(board, {}).get(note, Acked(-1))
                if found.version < told.version or found.is_deleted < told.is_deleted:
                    missing.append(note)
        return missing


@dataclass
class Workshop:
    """A workshop made over HTTP, three of its boards, and tokens of people in it."""

    url: str
    id: str
    boards: list[str]
    facilitator: str
    join_code: str
    tokens: list[str]

    @classmethod
    def open(cls, port: int, people: int) -> Workshop:
        url = f"http://127.0.0.1:{port}"
        body = {"workbook": "valoa", "title": "T", "language": "fi"}
        with httpx.Client(base_url=url, trust_env=False) as http:
            made = http.post("/api/workshops", json=body).raise_for_status().json()
        boards = [board["id"] for board in made["boards"]][:3]
        workshop = cls(url, made["id"], boards, made["token"], made["join_code"], [])
        for number in range(people):
            workshop.join(f"Osallistuja {number}")
        return workshop

    def join(self, name: str) -> None:
        body = {"code": self.join_code, "name": name}
        with httpx.Client(base_url=self.url, trust_env=False) as http:
            answer = http.post("/api/join", json=body).raise_for_status()
        self.tokens.append(answer.json()["token"])

    def call(self, method: str, path: str, **body: Any) -> Any:
        """A command of the facilitator's; its answer. Raises httpx.HTTPError."""
        headers = {"Authorization": f"Bearer {self.facilitator}"}
        with httpx.Client(base_url=self.url, headers=headers, trust_env=False) as http:
            answer = http.request(method, path, json=body).raise_for_status()
        return answer.json() if answer.content else None

    def peer(self, number: int, board: str | None = None) -> Peer:
        token = self.tokens[number % len(self.tokens)]
        return Peer(self.url, board or self.boards[0], token=token)


@dataclass(frozen=True, slots=True)
class Edit:
    note: str
    version: int
    is_deletion: bool = False


class Writer:
    """Somebody who writes, rewrites and deletes notes as fast as the socket takes it.

    Every note's text begins with its version, and nobody else changes it.
    """

    def __init__(self, peer: Peer, dice: random.Random) -> None:
        self.peer = peer
        self._dice = dice
        self._made: list[Edit] = []

    async def write(self) -> None:
        """Until the connection is lost."""
        await self.peer.until(lambda: self.peer.synced or self.peer.closes, deadline=60)
        while not self.peer.closes:
            self.edit()
            if self.peer.unsaved > MOST_UNSAVED or self._dice.random() < 0.3:
                await self.peer.changed()
            else:
                await asyncio.sleep(0 if len(self._made) < SPRINT else PACE)

    def edit(self) -> None:
        """One edit, on its way if there is a connection."""
        self._made.append(self._edit())

    def _edit(self) -> Edit:
        dice, peer = self._dice, self.peer
        if not self._made or dice.random() < 0.5:
            text = "1 " + "x" * dice.randrange(200)
            return Edit(peer.edit(partial(add_note, board=peer.board, text=text)), 1)
        earlier = dice.choice(self._made)
        if dice.random() < 0.3:
            peer.edit(partial(edits.delete_note, note=earlier.note))
            return Edit(earlier.note, earlier.version, is_deletion=True)
        text = f"{len(self._made) + 1} again"
        peer.edit(partial(edits.retext, note=earlier.note, text=text))
        return Edit(earlier.note, len(self._made) + 1)

    def note_down(self, ledger: Ledger) -> None:
        """The edits that this writer was told are saved."""
        for edit in self._made[: len(self._made) - self.peer.unsaved]:
            ledger.note(self.peer.board, edit)


def add_note(document: Document, board: str, text: str) -> str:
    return edits.add_note(document, board, zone="challenges", text=text, at=1)


async def either(one: asyncio.Future[Any], other: asyncio.Future[Any], *, seconds: float) -> None:
    """Until one of them is done, or so long."""
    await asyncio.wait([one, other], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)


@asynccontextmanager
async def ended(pid: int) -> AsyncIterator[asyncio.Future[bool]]:
    """A future that is done when the process has ended, waited for or not."""
    loop = asyncio.get_running_loop()
    end: asyncio.Future[bool] = loop.create_future()
    descriptor = os.pidfd_open(pid)

    def note() -> None:
        if not end.done():
            end.set_result(True)

    loop.add_reader(descriptor, note)
    try:
        yield end
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)


async def write_until_dead(
    workshop: Workshop, dice: random.Random, ledger: Ledger, *, kill: int, seconds: float
) -> None:
    """Everybody writes; after `seconds` process `kill` is killed, unless it died by itself."""
    peers = [
        workshop.peer(number, board=dice.choice(workshop.boards)).open()
        for number in range(len(workshop.tokens))
    ]
    writers = [Writer(peer, dice) for peer in peers]
    tasks = [asyncio.create_task(writer.write()) for writer in writers]
    async with ended(kill) as end:  # it may die before somebody was let in
        first = asyncio.create_task(peers[0].until(lambda: peers[0].synced or peers[0].closes))
        all_lost = asyncio.create_task(asyncio.wait(tasks))
        await either(first, end, seconds=60)
        await either(all_lost, end, seconds=seconds)
        if end.done():  # what it had said is heard
            await asyncio.wait([all_lost], timeout=HEARD_SECONDS)
    os.kill(kill, signal.SIGKILL)  # nothing happens to one that has died and was not waited for
    for task in (first, all_lost, *tasks):
        task.cancel()
    for task in (first, all_lost, *tasks):
        with suppress(asyncio.CancelledError):
            await task
    for writer in writers:
        assert writer.peer.refused is None
        writer.note_down(ledger)
        await writer.peer.close()


@asynccontextmanager
async def opened_copy(folder: Path) -> AsyncIterator[SqliteStore]:
    """The store as the next server would find it; the folder itself is left to that server."""
    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(folder, copy, dirs_exist_ok=True)
        store = SqliteStore(Path(copy))
        await store.open()
        try:
            yield store
        finally:
            await store.close()


async def on_disk(folder: Path) -> dict[str, dict[str, Acked]]:
    """Every board of the folder, and its notes. Raises where one does not load."""
    async with opened_copy(folder) as store:
        return {board: notes_of(await loaded(store, board)) for board in await store.boards()}


async def loaded(store: SqliteStore, board: str) -> Document:
    stored = await store.load(board)
    assert stored is not None
    return replay(stored)


def notes_of(document: Document) -> dict[str, Acked]:
    board = read_board(document, "", "notes", "phenomena")
    standing = {note.id: Acked(version_of(note.text)) for note in board.notes}
    deleted = {note.id: Acked(version_of(note.text), is_deleted=True) for note in board.deleted}
    return {**standing, **deleted}


def version_of(text: str) -> int:
    first = text.partition(" ")[0]
    return int(first) if first.isdecimal() else 0


async def findings(folder: Path) -> list[Finding]:
    """What `hahmo check` says of the folder; nothing, if all is well."""
    found: list[Finding] = []
    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(folder, copy, dirs_exist_ok=True)
        await check_store(Config(data=Path(copy)), found.append)
    return found
