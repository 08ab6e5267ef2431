"""A workshop whose server is killed again and again, and what must then be on its disk."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from boards import edits
from boards.document import Document
from boards.schema import read_board
from server.demo.peer import Peer
from server.store.sqlite import SqliteStore
from server.sync.compactor import replay

__all__ = ["Ledger", "Workshop", "Zygote", "on_disk", "write_until_dead", "zygote"]


class Zygote:
    """The process that forks servers; see tests/faults/zygote.py."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _ask(self, line: str) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def start(self, folder: Path, port: int, point: str = "-", count: int = 1) -> int:
        return self._ask(f"{folder} {port} {point} {count}")

    def wait(self) -> None:
        """Until the last server has ended."""
        self._ask("wait")

    def stop(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


@contextmanager
def zygote() -> Iterator[Zygote]:
    forks = Zygote()
    try:
        yield forks
    finally:
        forks.stop()


@dataclass
class Ledger:
    """What the writers were told is durable: note ids by board, and the deleted ones."""

    acked: dict[str, set[str]] = field(default_factory=dict)
    deleted: dict[str, set[str]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(map(len, self.acked.values()))


@dataclass
class Workshop:
    """A workshop made over HTTP, and tokens of people in it."""

    url: str
    id: str
    board: str
    facilitator: str
    tokens: list[str]

    @classmethod
    def open(cls, port: int, people: int) -> Workshop:
        url = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=url, trust_env=False) as http:
            made = http.post(
                "/api/workshops", json={"workbook": "valoa", "title": "T", "language": "fi"}
            ).json()
            tokens = []
            for number in range(people):
                body = {"code": made["join_code"], "name": f"Osallistuja {number}"}
                tokens.append(http.post("/api/join", json=body).json()["token"])
        return cls(url, made["id"], made["boards"][0]["id"], made["token"], tokens)

    def call(self, method: str, path: str, **body: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.facilitator}"}
        with httpx.Client(base_url=self.url, headers=headers, trust_env=False) as http:
            return http.request(method, path, json=body)


async def write_until_dead(
    workshop: Workshop, pid: int | None, dice: random.Random, ledger: Ledger, *, seconds: float
) -> None:
    """Everybody writes; after `seconds` the server is killed, if it has not ended by itself."""
    peers = [Peer(workshop.url, workshop.board, token=token).open() for token in workshop.tokens]
    made: dict[Peer, list[tuple[str, bool]]] = {peer: [] for peer in peers}
    writers = [asyncio.create_task(write(peer, made[peer], dice)) for peer in peers]
    await asyncio.wait(writers, timeout=seconds)
    if pid is not None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    for task in writers:
        task.cancel()
    for peer in peers:
        note_down(peer, made[peer], workshop.board, ledger)
        await peer.close()


async def write(peer: Peer, made: list[tuple[str, bool]], dice: random.Random) -> None:
    """Notes and deletions, as fast as the socket takes them, until the connection is lost."""
    await peer.until(lambda: peer.synced)
    while not peer.closes:
        if made and dice.random() < 0.2:
            victim = dice.choice(made)[0]
            peer.edit(partial(edits.delete_note, note=victim))
            made.append((victim, True))
        else:
            text = "x" * dice.randrange(1, 200)
            made.append((peer.edit(partial(add_note, board=peer.board, text=text)), False))
        if dice.random() < 0.3:
            await peer.changed()
        else:
            await asyncio.sleep(0)


def add_note(document: Document, board: str, text: str) -> str:
    return edits.add_note(document, board, zone="challenges", text=text, at=1)


def note_down(peer: Peer, made: list[tuple[str, bool]], board: str, ledger: Ledger) -> None:
    """The edits that this peer was told are saved."""
    saved = made[: len(made) - peer.unsaved]
    for id, was_deletion in saved:
        (ledger.deleted if was_deletion else ledger.acked).setdefault(board, set()).add(id)


async def on_disk(folder: Path) -> dict[str, tuple[set[str], set[str]]]:
    """Every board of the folder: ids of its notes, ids of those that stand (are not deleted).

    Raises StoreCorrupted, BoardError: a board that does not load.
    """
    store = SqliteStore(folder)
    await store.open()
    try:
        found = {}
        for board in await store.boards():
            stored = await store.load(board)
            assert stored is not None
            document = replay(stored)
            standing = {n.id for n in read_board(document, board, "notes", "phenomena").notes}
            found[board] = (set(document.root("notes").keys()), standing)
        return found
    finally:
        await store.close()
