"""Cuts a large update into some that can be taken one after the other, with turns between.

As our own client cuts what somebody did offline (client/src/net/wire/pieces.ts): first all structs,
in an order in which each finds what it builds on, then what is deleted. Bytes are copied as they
are. A note is not parted from its text, as long as somebody wrote it who writes notes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from server.sync.inspection.report import ANY, Inspection
from server.sync.inspection.slices import SLICE
from server.sync.inspection.structs import Struct, must_wait, read_struct
from server.sync.wire.lib0 import read_var_uint, write_var_uint

__all__ = ["is_one", "portions"]

STRUCTS, RANGES, VALUES = 700, 5_000, 10_000  # of an update that is taken as it is
FULL = 300  # structs of a portion, if what comes next builds on nothing in it
FULLER = 400  # the same, if what comes next is no field of something in it
FULLEST = 700
DELETED = 5_000  # ranges of a portion
HEAVY = 32  # bytes of plain values that count as a struct


def is_one(inspection: Inspection) -> bool:
    """Whether it is small enough to be taken in one go."""
    few = inspection.structs <= STRUCTS and inspection.delete_ranges <= RANGES
    return few and inspection.values <= VALUES


def portions(update: bytes) -> Iterator[bytes | None]:
    """The portions of an update that was inspected; None where others may have their turn."""
    runs: dict[int, Run] = {}
    clients, at = read_var_uint(update, 0)
    for _ in range(clients):
        count, at = read_var_uint(update, at)
        client, at = read_var_uint(update, at)
        clock, at = read_var_uint(update, at)
        run = runs[client] = Run()
        for _struct in range(count):
            run.begins.append(at)
            struct, at = read_struct(update, at, client, clock)
            run.structs.append(struct)
            clock = struct.end
            if not len(run.structs) % SLICE:
                yield None
        run.begins.append(at)
        yield None
    yield from dealt(update, runs)
    yield from deleted(update, at)


@dataclass(slots=True)
class Run:
    """The structs of one client, where each begins and the last one ends; how many are dealt."""

    structs: list[Struct] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)
    at: int = 0


class Portion:
    """Structs that are taken together.

    `taken`: by client, the first of them and the one behind the last.
    """

    def __init__(self) -> None:
        self.taken: dict[int, tuple[int, int]] = {}
        self._size = 0

    def is_full(self, struct: Struct, run: Run) -> bool:
        """Whether it should be closed in front of this one."""
        size = self._size
        if size < FULL or size >= FULLEST:
            return size >= FULLEST
        if struct.client not in self.taken:
            return True
        begin = run.structs[self.taken[struct.client][0]].clock
        near = struct.left, struct.right, struct.parent
        if not any(each and each[0] == struct.client and each[1] >= begin for each in near):
            return True
        return size >= FULLER and struct.parent is None

    def take(self, client: int, run: Run) -> None:
        """The next one of this run."""
        first, _ = self.taken.get(client, (run.at, run.at))
        values = run.structs[run.at].kind == ANY
        self._size += 1 + values * (run.begins[run.at + 1] - run.begins[run.at]) // HEAVY
        run.at += 1
        self.taken[client] = first, run.at

    def encoded(self, update: bytes, runs: dict[int, Run]) -> bytes:
        """As an update that deletes nothing."""
        parts = [write_var_uint(len(self.taken))]
        for client, (first, behind) in self.taken.items():
            run = runs[client]
            head = behind - first, client, run.structs[first].clock
            parts += map(write_var_uint, head)
            parts.append(update[run.begins[first] : run.begins[behind]])
        return b"".join([*parts, b"\0"])


def dealt(update: bytes, runs: dict[int, Run]) -> Iterator[bytes | None]:
    ends = {client: run.structs[0].clock for client, run in runs.items()}
    last = {client: run.structs[-1].end for client, run in runs.items()}
    waiting = dict(runs)
    portion, looked = Portion(), 0
    while waiting:
        moved = False
        for client, run in list(waiting.items()):
            while run.at < len(run.structs):
                looked += 1
                if not looked % (4 * SLICE):
                    yield None
                struct = run.structs[run.at]
                if must_wait(struct, ends, last):
                    break
                if portion.is_full(struct, run):
                    yield portion.encoded(update, runs)
                    portion = Portion()
                portion.take(client, run)
                ends[client] = struct.end
                moved = True
            if run.at == len(run.structs):
                del waiting[client]
        if not moved:
            return  # what waits for each other was refused before
    if portion.taken:
        yield portion.encoded(update, runs)


def deleted(update: bytes, at: int) -> Iterator[bytes | None]:
    """What it deletes, from this offset on, so many ranges at a time."""
    clients, at = read_var_uint(update, at)
    sections: list[bytes] = []
    ranges = 0
    for _ in range(clients):
        client, at = read_var_uint(update, at)
        left, at = read_var_uint(update, at)
        while left:
            count, begin = min(left, DELETED - ranges), at
            for _ in range(2 * count):
                at = read_var_uint(update, at)[1]
            head = write_var_uint(client) + write_var_uint(count)
            sections.append(head + update[begin:at])
            left -= count
            ranges += count
            if ranges == DELETED:
                yield b"\0" + write_var_uint(len(sections)) + b"".join(sections)
                sections, ranges = [], 0
    if sections:
        yield b"\0" + write_var_uint(len(sections)) + b"".join(sections)
