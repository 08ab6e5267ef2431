"""Faults of the product, planted on purpose: a test that does not notice them proves nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from server.store import Commit, Misfit
from server.store.sqlite.store import SqliteStore

__all__ = ["BUGS"]


def ack_early() -> None:
    """Acks and broadcasts leave before the commit, as in servers that save later."""
    commit_all = SqliteStore.commit_all
    kept = set()

    async def early(self: SqliteStore, commits: Sequence[Commit]) -> list[Misfit | None]:
        task = asyncio.get_running_loop().create_task(commit_all(self, commits))
        kept.add(task)
        return [None] * len(commits)

    setattr(SqliteStore, "commit_all", early)  # noqa: B010


def piecemeal() -> None:
    """What belongs in one transaction is written in many."""
    commit_all = SqliteStore.commit_all

    async def in_pieces(self: SqliteStore, commits: Sequence[Commit]) -> list[Misfit | None]:
        for whole in commits:
            for part in ("creates", "appends", "puts", "deletes", "drops"):
                for piece in getattr(whole, part):
                    await commit_all(self, [Commit(whole.workshop, **{part: [piece]})])
        return [None] * len(commits)

    setattr(SqliteStore, "commit_all", in_pieces)  # noqa: B010


BUGS: dict[str, Callable[[], None]] = {"ack-early": ack_early, "piecemeal": piecemeal}
