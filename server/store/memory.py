"""The store's twin in memory, for tests: same contract, nothing lasts."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from server.store import (
    SERVER,
    Commit,
    Misfit,
    Moment,
    Overtaken,
    Record,
    Stamp,
    StoredBoard,
    StoredCheckpoint,
    StoredHistory,
    StoreUnavailable,
    Versioned,
)
from server.store.ends import End, Ends
from server.store.rows import moments_of
from server.store.whole import WholeBoard

__all__ = ["MemoryStore"]


@dataclass(slots=True)
class Kept:
    """A record, as this store keeps it."""

    workshop: str
    parent: str
    text: str
    blob: bytes | None
    version: int


class MemoryStore:
    """A store that lasts as long as its process: for tests, held to the same contract."""

    homes = None

    def __init__(self) -> None:
        self._boards: dict[str, StoredBoard] = {}
        self._moments: dict[str, list[tuple[int, Moment]]] = {}  # with their levels, the log's too
        self._bases: dict[str, StoredCheckpoint] = {}
        self._moved: dict[str, int] = {}  # how far the log became history
        self._records: dict[tuple[str, str], Kept] = {}
        self._ends = Ends(self._end)
        self._open = False

    async def open(self) -> None:
        self._open = True

    async def close(self) -> None:
        self._open = False

    async def commit(self, commit: Commit) -> None:
        for misfit in await self.commit_all([commit]):
            if misfit is not None:
                raise misfit

    async def commit_all(self, commits: Sequence[Commit]) -> list[Misfit | None]:
        self._check()
        return [self._try(commit) for commit in commits]

    def _try(self, commit: Commit) -> Misfit | None:
        try:
            self._check_records(commit)
            self._ends.after(commit)
        except Misfit as misfit:
            return misfit
        self._write(commit)
        return None

    def _check_records(self, commit: Commit) -> None:
        """Raises Misfit."""
        for kind, id, version in commit.expects:
            found = self._records.get((kind, id))
            if (found.version if found else 0) != version:
                raise Overtaken(f"{kind} {id} is no longer of version {version}")
        for put in commit.puts:
            found = self._records.get((put.kind, put.id))
            if found is not None and found.workshop != commit.workshop:
                raise Misfit(f"{put.kind} {put.id} is of another workshop")

    def _end(self, board: str) -> End | None:
        stored = self._boards.get(board)
        return None if stored is None else (stored.workshop, stored.seq)

    def _write(self, commit: Commit) -> None:
        for new in commit.creates:
            first = StoredBoard(new.lineage, None, (new.update,), new.at, commit.workshop)
            self._boards[new.board] = first
        for append in commit.appends:
            before = self._boards[append.board]
            updates = before.updates + append.updates
            self._boards[append.board] = replace(before, updates=updates, at=append.at)
        for board in commit.drops:
            self._boards.pop(board, None)
        self._remember(commit)
        for record in commit.puts:
            self._put(commit.workshop, record)
        for key, kept in list(self._records.items()):
            gone = key in commit.deletes or kept.parent in commit.forgets
            if gone and kept.workshop == commit.workshop:
                del self._records[key]

    def _remember(self, commit: Commit) -> None:
        for new in commit.creates:
            self._moments[new.board] = [(0, Moment(1, Stamp(new.at), new.update))]
        for append in commit.appends:
            for number, update in enumerate(append.updates):
                who = append.who[number] if append.who else ""
                stamp = Stamp(append.at, (who,) if who else ())
                moment = Moment(append.first_seq + number, stamp, update)
                self._moments[append.board].append((0, moment))
        for board in commit.drops:
            for kept in (self._moments, self._bases, self._moved):
                kept.pop(board, None)

    def _put(self, workshop: str, record: Record) -> None:
        key = (record.kind, record.id)
        before = self._records.get(key)
        version = 1 + (before.version if before else 0)
        text = json.dumps(record.value)
        self._records[key] = Kept(workshop, record.parent, text, record.blob, version)

    async def load(self, board: str) -> StoredBoard | None:
        self._check()
        return self._boards.get(board)

    async def look(self, board: str) -> StoredBoard | None:
        return await self.load(board)

    async def boards(self) -> list[str]:
        self._check()
        return sorted(self._boards)

    async def compact(self, board: str, checkpoint: StoredCheckpoint) -> None:
        self._check()
        stored = self._boards.get(board)
        if stored is None:
            return
        if stored.checkpoint is not None:
            if checkpoint.seq < stored.checkpoint.seq:
                return  # the board was erased while it was made
            self._moved[board] = stored.checkpoint.seq
        rest = stored.updates[checkpoint.seq - stored.seq + len(stored.updates) :]
        self._boards[board] = replace(stored, checkpoint=checkpoint, updates=rest)

    async def erase(self, board: str, checkpoint: StoredCheckpoint) -> None:
        await self.compact(board, checkpoint)
        if board in self._boards:
            self._moved[board] = checkpoint.seq
            self._begin_with(board, checkpoint)

    def _begin_with(self, board: str, base: StoredCheckpoint) -> None:
        self._bases[board] = base
        self._moments[board] = [it for it in self._moments[board] if it[1].seq > base.seq]

    async def history(self, board: str) -> StoredHistory | None:
        self._check()
        if board not in self._boards:
            return None
        moments = tuple(moment for _, moment in self._moments[board])
        return StoredHistory(self._bases.get(board), moments)

    def _history(self, board: str) -> list[tuple[int, Moment]]:
        """The log apart."""
        self._check()
        moved = self._moved.get(board, 0)
        return [it for it in self._moments.get(board, []) if it[1].seq <= moved]

    async def aged(self, before: Sequence[int]) -> list[str]:
        self._check()
        return sorted(
            board
            for board in self._boards
            if any(moment.stamp.at < before[level] for level, moment in self._history(board))
        )

    async def passed(self, board: str, level: int, before: int, most: int) -> list[Moment]:
        found: list[Moment] = []
        for of, moment in self._history(board):
            if sum(len(one.update) for one in found) >= most:
                break
            if of == level and moment.stamp.at < before:
                found.append(moment)
        return found

    async def thin(self, board: str, level: int, moments: Sequence[Moment]) -> None:
        first, last = moments[0].seq - moments[0].stamp.updates, moments[-1].seq
        stood = [it for it in self._history(board) if first < it[1].seq <= last]
        if sum(it[1].stamp.updates for it in stood if it[0] == level - 1) != last - first:
            return
        rest = [it for it in self._moments[board] if not first < it[1].seq <= last]
        rest += ((level, moment) for moment in moments)
        self._moments[board] = sorted(rest, key=lambda it: it[1].seq)

    async def lengths(self, board: str) -> list[tuple[int, int, int]]:
        return [(it.seq, it.stamp.at, len(it.update)) for _, it in self._history(board)]

    async def rebase(self, board: str, base: StoredCheckpoint) -> None:
        if any(moment.seq == base.seq for _, moment in self._history(board)):
            self._begin_with(board, base)

    async def workshops(self) -> list[str]:
        self._check()
        found = {stored.workshop for stored in self._boards.values()}
        found |= {kept.workshop for kept in self._records.values()}
        return [SERVER, *sorted(found - {SERVER})]

    async def records(self, workshop: str) -> list[Record]:
        self._check()
        return [
            Record(kind, id, kept.parent, json.loads(kept.text), kept.blob)
            for (kind, id), kept in self._records.items()
            if kept.workshop == workshop
        ]

    async def restore(self, board: str, stored: StoredBoard, history: StoredHistory) -> None:
        self._check()
        whole = WholeBoard(stored, history)
        self._boards[board] = stored
        self._moments[board] = [
            (level, moment) for level, moments in whole.past() for moment in moments
        ]
        self._moments[board] += ((0, moment) for run in whole.log() for moment in moments_of(run))
        self._moved[board] = whole.behind
        self._bases.pop(board, None)
        if whole.history.base is not None:
            self._bases[board] = whole.history.base

    async def verify(self) -> list[tuple[str, str]]:
        self._check()
        return []

    async def scrub(self) -> None:
        self._check()

    async def get(self, kind: str, id: str) -> dict[str, Any] | None:
        return (await self.read(kind, id)).value

    async def read(self, kind: str, id: str) -> Versioned:
        self._check()
        found = self._records.get((kind, id))
        return Versioned(json.loads(found.text), found.version) if found else Versioned(None, 0)

    async def blob(self, kind: str, id: str) -> bytes | None:
        self._check()
        found = self._records.get((kind, id))
        return None if found is None else found.blob

    async def find(self, kind: str, parent: str) -> list[tuple[str, dict[str, Any]]]:
        self._check()
        return [
            (id, json.loads(kept.text))
            for (of_kind, id), kept in self._records.items()
            if of_kind == kind and kept.parent == parent
        ]

    def _check(self) -> None:
        if not self._open:
            raise StoreUnavailable("the store is closed")
