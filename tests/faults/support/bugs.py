"""Faults of the product, planted on purpose: a test that does not notice them proves nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from server.store import Commit
from server.store.sqlite.store import SqliteStore

__all__ = ["BUGS"]


def ack_early() -> None:
    """Acks and broadcasts leave before the commit, as in servers that save later."""
    commit = SqliteStore.commit
    kept = set()

    async def early(self: SqliteStore, *args: Any) -> None:
        task = asyncio.get_running_loop().create_task(commit(self, *args))
        kept.add(task)

    setattr(SqliteStore, "commit", early)  # noqa: B010


def piecemeal() -> None:
    """What belongs in one transaction is written in many."""
    commit = SqliteStore.commit

    async def in_pieces(self: SqliteStore, whole: Commit) -> None:
        for part in ("creates", "appends", "puts", "deletes", "drops"):
            for piece in getattr(whole, part):
                await commit(self, Commit(**{part: [piece]}))

    setattr(SqliteStore, "commit", in_pieces)  # noqa: B010


BUGS: dict[str, Callable[[], None]] = {"ack-early": ack_early, "piecemeal": piecemeal}
