"""Folders with edits in the journal, as servers at work leave them."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from server.store import Append, Commit, NewBoard
from server.store.sqlite.store import SqliteStore

__all__ = ["edits", "flip", "found", "killed", "opened", "rows", "up_to", "update", "updates_of"]


def edits(number: int, board: str = "b", size: int = 20) -> Commit:
    """One update of a board, with this number."""
    return Commit("w", appends=[Append(board, number, (update(number, size),))])


def update(number: int, size: int = 20) -> bytes:
    return f"<{number}>".encode().ljust(size, b".")


async def opened(folder: Path) -> SqliteStore:
    store = SqliteStore(folder)
    await store.open()
    return store


async def killed(folder: Path, commits: int, boards: str = "b") -> Path:
    """A folder as a server leaves it that is killed after edits 2, 3, … of these boards."""
    store = await opened(folder / "alive")
    await store.commit(Commit("w", creates=[NewBoard(b, "line", update(1)) for b in boards]))
    for number in range(2, commits + 2):
        for board in boards:
            await store.commit(edits(number, board))
    shutil.copytree(folder / "alive", folder / "killed")
    await store.close()
    return folder / "killed"


@asynccontextmanager
async def found(folder: Path) -> AsyncIterator[SqliteStore]:
    store = await opened(folder)
    try:
        yield store
    finally:
        await store.close()


async def updates_of(store: SqliteStore, board: str = "b") -> tuple[bytes, ...]:
    stored = await store.load(board)
    assert stored is not None
    return stored.updates


def rows(folder: Path, sql: str = "SELECT seq, count FROM log ORDER BY board, seq") -> list[object]:
    with closing(sqlite3.connect(folder / "hahmo.sqlite3")) as db:
        return db.execute(sql).fetchall()


def up_to(number: int) -> tuple[bytes, ...]:
    return tuple(update(n) for n in range(1, number + 1))


def flip(path: Path, what: bytes) -> None:
    content = bytearray(path.read_bytes())
    content[content.index(what)] ^= 1
    path.write_bytes(content)
