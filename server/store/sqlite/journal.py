"""The journal: edits made durable by one write each, until the database takes many at a time.

A commit of nothing but edits is one record, appended to a file whose writes return when they are
on the disk. Later one transaction of the database takes all records over and notes in its *mark*
how far it came; after it the journal begins anew at the front of the file, with the next
generation, over what is no longer needed. So the records that are not in the database are known
by their generation and number, whatever else lies in the file, and a write that was cut short
by a crash (nobody was told of it) is one that is not whole.

    record: magic, crc32 of all that follows, generation, number, length; payload; zeros to 8 bytes
    payload: for each append, packed: board, number of its first update, how many, when they came,
             whose they are, the updates

A generation begins as a random number: nobody can put into an update what would look like a
record, and a journal beside another database is not taken for its own.
"""

import errno
import os
import secrets
import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from server.store import Append
from server.store.packing import pack, unpack
from server.store.sqlite.private import FILE_MODE

__all__ = ["JOURNAL", "Journal", "JournalFile", "Mark", "Replay", "replay"]

JOURNAL = "hahmo.journal"  # in the data folder
MAGIC, MAGIC_1 = b"HmJ2", b"HmJ1"  # records with stamps, and those that had none
MAGICS = (MAGIC, MAGIC_1)
PREFIX = struct.Struct("<4sI")  # magic, crc of the rest
HEAD = struct.Struct("<QII")  # generation, number in it, bytes of payload
ALIGNMENT = 8  # bytes; records begin at multiples
PADDING = tuple(bytes(-size % ALIGNMENT) for size in range(ALIGNMENT))


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the database has taken the journal over.

    The database has all generations before `generation`, and of it the records below `done`.
    """

    generation: int
    done: int

    @classmethod
    def fresh(cls) -> "Mark":
        """Of a database that no journal belongs to yet."""
        return cls(secrets.randbits(48), 0)

    def misses(self, generation: int, number: int) -> bool:
        """Whether this record belongs to the database and is not in it."""
        if generation == self.generation:
            return number >= self.done
        return generation == self.generation + 1


@dataclass(frozen=True, slots=True)
class Found:
    """A whole record in the file, up to the offset `end`."""

    generation: int
    number: int
    payload: bytes
    end: int
    stamped: bool


@dataclass(frozen=True, slots=True)
class Replay:
    """What a file holds for a database; the journal goes on with `number` at `position`.

    `appends`: what the database misses, oldest first. `lost`: records are missing among them.
    `foreign`: the file begins with a record of neither this generation nor the one before.
    """

    appends: tuple[Append, ...]
    generation: int
    number: int
    position: int
    lost: bool
    foreign: bool


class JournalFile:
    """The file that records are written to.

    `durable`: a write returns when it is on the disk. All raise OSError.
    """

    def __init__(self, path: Path, *, durable: bool) -> None:
        is_new = not path.exists()
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | (os.O_DSYNC if durable else 0)
        self._handle = os.open(path, flags, FILE_MODE)
        if is_new and durable:
            sync(path.parent)

    def write(self, data: bytes, offset: int) -> None:
        if os.pwrite(self._handle, data, offset) != len(data):
            raise OSError(errno.ENOSPC, "no room for all of a record")

    def truncate(self, size: int) -> None:
        os.ftruncate(self._handle, size)

    def sync(self) -> None:
        os.fsync(self._handle)

    def close(self) -> None:
        os.close(self._handle)


class Journal:
    """The records that the database has not taken over. `position`: their bytes."""

    def __init__(self, file: JournalFile, generation: int, number: int, position: int) -> None:
        self._file = file
        self.generation = generation
        self.number = number
        self.position = position

    @property
    def mark(self) -> Mark:
        """Of a database that has taken all of it over."""
        return Mark(self.generation, self.number)

    def append(self, appends: Sequence[Append]) -> None:
        """One record, on the disk when this returns. Raises OSError: nothing of it happened."""
        record = encoded(self.generation, self.number, appends)
        try:
            self._file.write(record, self.position)
        except OSError:
            with suppress(OSError):  # else the next record overwrites it: it has the same place
                self._file.truncate(self.position)
            raise
        self.position += len(record)
        self.number += 1

    def restart(self) -> None:
        """The database has all of it."""
        self.generation += 1
        self.number = self.position = 0

    def wipe(self) -> None:
        """Leave no byte of what was taken over. Raises OSError."""
        self._file.truncate(self.position)
        self._file.sync()

    def close(self) -> None:
        self._file.close()


def encoded(generation: int, number: int, appends: Sequence[Append]) -> bytes:
    items: list[bytes] = []
    for append in appends:
        items.append(append.board.encode())
        items.append(b"%d" % append.first_seq)
        items.append(b"%d" % len(append.updates))
        items.append(b"%d" % append.at)
        items.append(packed_people(append.who).encode())
        items += append.updates
    payload = pack(items)
    rest = HEAD.pack(generation, number, len(payload)) + payload
    prefix = PREFIX.pack(MAGIC, zlib.crc32(rest))
    return prefix + rest + PADDING[len(rest) % ALIGNMENT]


def decoded(payload: bytes, *, stamped: bool) -> list[Append]:
    items = iter(unpack(payload))
    appends = []
    for board in items:
        first, count = int(next(items)), int(next(items))
        at, who = (int(next(items)), next(items).decode()) if stamped else (0, "")
        updates = tuple(next(items) for _ in range(count))
        appends.append(Append(board.decode(), first, updates, at, unpacked_people(who, count)))
    return appends


def packed_people(who: tuple[str, ...]) -> str:
    """One for all of them, if it is the same; ids have no line breaks."""
    return who[0] if len(set(who)) == 1 else "\n".join(who)


def unpacked_people(packed: str, updates: int) -> tuple[str, ...]:
    people = tuple(packed.split("\n")) if packed else ()
    return people * updates if len(people) == 1 else people


def replay(content: bytes, mark: Mark) -> Replay:
    """What the file holds that the database with this mark misses.

    A record that a crash cut short is the last one: only one is ever being written. So where
    others follow one that is not whole, they were acked, and so was it: that is damage. Of those
    the first bytes suffice. What begins at `position` itself is the one cut short, whatever number
    it seems to have: its head may lie across two sectors of which the disk has only the first.
    """
    appends: list[Append] = []
    generation, number, position = mark.generation + 1, 0, 0
    lost, is_first = False, True
    for found in records(content):
        if not mark.misses(found.generation, found.number):
            continue
        if is_first and found.generation == mark.generation:
            generation, number = mark.generation, mark.done
        is_first = False
        lost |= (found.generation, found.number) != (generation, number)
        appends += decoded(found.payload, stamped=found.stamped)
        generation, number, position = found.generation, found.number + 1, found.end
    next_one = (generation, number)
    lost |= any(mark.misses(*head) and head > next_one for head in heads(content, position + 1))
    first = record_at(content, 0)
    theirs = (mark.generation, mark.generation + 1)
    foreign = first is not None and first.generation not in theirs
    return Replay(tuple(appends), generation, number, position, lost, foreign)


def records(content: bytes) -> Iterator[Found]:
    """All whole records, in their order in the file, whatever lies between them."""
    at = find_magic(content, 0)
    while at >= 0:
        found = record_at(content, at)
        if found is not None:
            yield found
        at = find_magic(content, found.end if found else at + 1)


def heads(content: bytes, at: int) -> Iterator[tuple[int, int]]:
    """Generation and number of whatever begins like a record, from offset `at` on."""
    at = find_magic(content, at)
    while 0 <= at <= len(content) - PREFIX.size - HEAD.size:
        generation, number, _ = HEAD.unpack_from(content, at + PREFIX.size)
        yield generation, number
        at = find_magic(content, at + 1)


def find_magic(content: bytes, at: int) -> int:
    """The next offset at which a record may begin; -1 if there is none."""
    found = (find_aligned(content, magic, at) for magic in MAGICS)
    return min((place for place in found if place >= 0), default=-1)


def find_aligned(content: bytes, magic: bytes, at: int) -> int:
    at = content.find(magic, at)
    while at > 0 and at % ALIGNMENT:
        at = content.find(magic, at + 1)
    return at


def record_at(content: bytes, at: int) -> Found | None:
    begin = at + PREFIX.size
    if begin + HEAD.size > len(content):
        return None
    magic, crc = PREFIX.unpack_from(content, at)
    generation, number, length = HEAD.unpack_from(content, begin)
    end = begin + HEAD.size + length
    if magic not in MAGICS or end > len(content) or zlib.crc32(content[begin:end]) != crc:
        return None
    payload = content[begin + HEAD.size : end]
    return Found(generation, number, payload, end + -end % ALIGNMENT, magic == MAGIC)


def sync(path: Path) -> None:
    """What lies at `path`, a file or a folder's list of files, survives a power cut from now."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
