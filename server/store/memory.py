"""The store's twin in memory, for tests: same contract, nothing lasts."""

import json
from typing import Any

from server.store import Commit, Record, StoredBoard, StoredCheckpoint, StoreUnavailable

__all__ = ["MemoryStore"]


class MemoryStore:
    def __init__(self) -> None:
        self._boards: dict[str, StoredBoard] = {}
        self._records: dict[tuple[str, str], tuple[str, str, bytes | None]] = {}
        self._open = False

    async def open(self) -> None:
        self._open = True

    async def close(self) -> None:
        self._open = False

    async def commit(self, commit: Commit) -> None:
        self._check()
        boards = dict(self._boards)
        for new in commit.creates:
            if new.board in boards:
                raise ValueError(f"board {new.board} exists")
            boards[new.board] = StoredBoard(new.lineage, None, (new.update,), new.at)
        for append in commit.appends:
            board = boards[append.board]
            if append.first_seq != board.seq + 1:
                raise ValueError(f"expected update {board.seq + 1}, got {append.first_seq}")
            updates = board.updates + append.updates
            boards[append.board] = StoredBoard(board.lineage, board.checkpoint, updates, append.at)
        for board_id in commit.drops:
            boards.pop(board_id, None)
        self._boards = boards
        for record in commit.puts:
            self._put(record)
        for key in commit.deletes:
            self._records.pop(key, None)
        for key in [key for key, (of, _, _) in self._records.items() if of in commit.forgets]:
            del self._records[key]

    def _put(self, record: Record) -> None:
        key = (record.kind, record.id)
        self._records[key] = (record.parent, json.dumps(record.value), record.blob)

    async def load(self, board: str) -> StoredBoard | None:
        self._check()
        return self._boards.get(board)

    async def boards(self) -> list[str]:
        self._check()
        return sorted(self._boards)

    async def compact(self, board: str, checkpoint: StoredCheckpoint) -> None:
        self._check()
        stored = self._boards.get(board)
        if stored is None:
            return
        rest = stored.updates[checkpoint.seq - stored.seq + len(stored.updates) :]
        self._boards[board] = StoredBoard(stored.lineage, checkpoint, rest, stored.at)

    async def scrub(self) -> None:
        self._check()

    async def get(self, kind: str, id: str) -> dict[str, Any] | None:
        self._check()
        found = self._records.get((kind, id))
        return None if found is None else json.loads(found[1])

    async def blob(self, kind: str, id: str) -> bytes | None:
        self._check()
        found = self._records.get((kind, id))
        return None if found is None else found[2]

    async def find(self, kind: str, parent: str) -> list[tuple[str, dict[str, Any]]]:
        self._check()
        return [
            (id, json.loads(text))
            for (of_kind, id), (of_parent, text, _) in self._records.items()
            if of_kind == kind and of_parent == parent
        ]

    def _check(self) -> None:
        if not self._open:
            raise StoreUnavailable("the store is closed")
