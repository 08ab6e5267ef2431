"""Power cuts, simulated: the real store over a file system that remembers what was synced.

SQLite and the journal write through `Disk`, which keeps every write and every sync in order.
`Cut` then makes what a disk may hold after the power went at one moment: everything that was
synced, and of the rest any part, in any order, torn between sectors. Needs apsw, as Python's own
sqlite3 has no way to put a file system under it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import apsw

from server.store.sqlite.journal import JournalFile

__all__ = ["Cut", "Disk", "journal_over", "sqlite_over"]

SECTOR = 512  # bytes that are written whole or not at all


@dataclass(frozen=True, slots=True)
class Op:
    """`kind`: write (`data` at `offset`), truncate (to `offset`), sync, delete, or told."""

    kind: str
    file: str = ""
    offset: int = 0
    data: bytes = b""


class Disk(apsw.VFS):
    """A file system that writes through to a folder and remembers. `ops`: all that happened."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.ops: list[Op] = []
        super().__init__(name, "")

    def xOpen(self, name: Any, flags: list[int]) -> File:
        return File(self.ops, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        self.ops.append(Op("delete", Path(filename).name))
        super().xDelete(filename, syncdir)

    def told(self) -> None:
        """Somebody was told that all so far is durable."""
        self.ops.append(Op("told"))


class File(apsw.VFSFile):
    def __init__(self, ops: list[Op], name: Any, flags: list[int]) -> None:
        super().__init__("", name, flags)
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._name = Path(path).name if path else ""
        self._ops = ops

    def xWrite(self, data: bytes, offset: int) -> None:
        self._ops.append(Op("write", self._name, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:
        self._ops.append(Op("truncate", self._name, newsize))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:
        self._ops.append(Op("sync", self._name))  # and no real sync: nobody pulls our plug


def sqlite_over(disk: str, *, checkpoint_pages: int) -> Any:
    """A stand-in for the module sqlite3, as far as server/store/sqlite/database.py uses it.

    It checkpoints after `checkpoint_pages`, to have some in a short history.
    """

    class Connection(apsw.Connection):
        def executescript(self, sql: str) -> None:
            self.execute(sql)

        def execute(self, sql: str, *values: Any) -> Any:  # type: ignore[override]
            if sql.startswith("PRAGMA wal_autocheckpoint"):
                sql = f"PRAGMA wal_autocheckpoint = {checkpoint_pages}"
            return super().execute(sql, *values)

    def connect(path: Path, **_: Any) -> Connection:
        return Connection(str(path), vfs=disk)

    return SimpleNamespace(
        connect=connect,
        Connection=Connection,
        Error=apsw.Error,
        DatabaseError=apsw.Error,
        IntegrityError=apsw.ConstraintError,
        OperationalError=(apsw.FullError, apsw.IOError, apsw.ReadOnlyError, apsw.BusyError),
    )


def journal_over(disk: Disk) -> type[JournalFile]:
    """The journal's file on this disk. A durable write is a write and a sync."""

    class Recorded(JournalFile):
        def __init__(self, path: Path, *, durable: bool) -> None:
            self._name = path.name
            self._durable = durable
            super().__init__(path, durable=False)

        def write(self, data: bytes, offset: int) -> None:
            disk.ops.append(Op("write", self._name, offset, data))
            super().write(data, offset)
            if self._durable:
                disk.ops.append(Op("sync", self._name))

        def truncate(self, size: int) -> None:
            disk.ops.append(Op("truncate", self._name, size))
            super().truncate(size)

        def sync(self) -> None:
            disk.ops.append(Op("sync", self._name))

    return Recorded


@dataclass
class Cut:
    """Walks through the operations; `told` counts how often somebody was told so far."""

    ops: list[Op]
    told: int = 0
    _at: int = 0
    _synced: dict[str, bytearray] = field(default_factory=dict)
    _rest: dict[str, list[Op]] = field(default_factory=dict)
    _deleted: dict[str, bytearray] = field(default_factory=dict)

    def go_to(self, position: int) -> None:
        """The power goes after `position` operations; positions only grow."""
        for op in self.ops[self._at : position]:
            self._step(op)
        self._at = position

    def _step(self, op: Op) -> None:
        if op.kind == "told":
            self.told += 1
        elif op.kind == "sync":
            if op.file not in self._synced:
                self._deleted.clear()  # SQLite syncs the folder with a file that is new in it
            content = self._synced.setdefault(op.file, bytearray())
            for earlier in self._rest.pop(op.file, ()):
                apply(content, earlier)
        elif op.kind == "delete":
            self._rest.pop(op.file, None)
            self._deleted[op.file] = self._synced.pop(op.file, bytearray())
        else:
            self._rest.setdefault(op.file, []).append(op)

    def write(self, folder: Path, dice: random.Random) -> None:
        """Write what the disk may hold now."""
        image = {file: bytearray(content) for file, content in self._synced.items()}
        for file, content in self._deleted.items():
            if dice.random() < 0.5 and file not in image:
                image[file] = bytearray(content)  # the folder itself was not synced
        kept = dice.choice((0.0, 0.5, 0.9, 1.0))
        for file, ops in self._rest.items():
            content = image.setdefault(file, bytearray())
            for op in ops:
                if dice.random() < kept:
                    apply(content, op)
                elif op.kind == "write" and dice.random() < 0.5:
                    tear(content, op, dice)
        for file, content in image.items():
            (folder / file).write_bytes(content)


def apply(content: bytearray, op: Op) -> None:
    if op.kind == "truncate":
        del content[op.offset :]
        return
    put(content, op.offset, op.data)


def put(content: bytearray, offset: int, data: bytes) -> None:
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


def tear(content: bytearray, op: Op, dice: random.Random) -> None:
    """Some sectors of a write arrive, others keep what was there."""
    first, end = op.offset, op.offset + len(op.data)
    at = first
    while at < end:
        behind = min(end, (at // SECTOR + 1) * SECTOR)
        if dice.random() < 0.5:
            put(content, at, op.data[at - first : behind - first])
        at = behind
