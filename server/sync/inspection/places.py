"""Where the items of a board hang: in an entry of a map, in which text, or nowhere any more.

The engine integrates an item wherever its neighbours say. If one is in a map and the item is text,
or the two are in different texts, Yjs and pycrdt read the result differently, and what was taken
live is another board when it is loaded; a parent that is a letter makes one that is never loaded
again. The inspector sees one update; this remembers of all before it what it takes to see such
things (rule IN18; of places within a text, IN19, see `sides`). Runs of items at one place are one
number and a clock, so that it stays small.
"""

from __future__ import annotations

import asyncio
import contextlib
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence

from server.sync.inspection.clocks import skip_content
from server.sync.inspection.report import (
    ANY,
    DELETED,
    GC,
    SKIP,
    STRING,
    TYPE,
    Sole,
    StructureRefused,
)
from server.sync.inspection.sides import Sides
from server.sync.inspection.slices import BESIDE
from server.sync.inspection.structs import (
    HAS_KEY,
    HAS_LEFT,
    HAS_RIGHT,
    Id,
    Struct,
    must_wait,
    read_id,
    sections,
)
from server.sync.wire.lib0 import read_var_uint

__all__ = ["Places"]

NOWHERE, ENTRY, GONE, UNKNOWN, TEXTS = 0, 1, 2, 3, 4  # GONE: a deleted entry; texts: from 4 on
MAP, TEXT = 1, 2
LARGE = 16 << 10  # bytes of a board that may take too long to read in one go


class Places:
    """Where the items of one board hang, as far as it was noted.

    What was not noted is unknown, and nothing is refused for it.
    """

    def __init__(self) -> None:
        self.filled = False  # or it is being filled
        self._queue: list[bytes] | None = None  # what came while it is
        self._starts: dict[int, array[int]] = {}  # by client: where runs begin
        self._codes: dict[int, array[int]] = {}  # and the place of each
        self._types: dict[Id, int] = {}
        self._texts: dict[Id, int] = {}  # codes by text
        self._sides = Sides()
        self._before: dict[int, int] = {}  # runs by client when `begin` was called
        self._made: list[Id] = []  # types since then
        self._known = 0  # texts when `begin` was called

    def begin(self) -> None:
        """What is admitted from now on can be taken back."""
        if self._before or self._made:
            self._before, self._made = {}, []
        self._known = len(self._texts)
        self._sides.begin()

    def take_back(self, clocks: Mapping[int, int]) -> None:
        """Forget what was admitted since `begin`; `clocks`: where its authors were then."""
        self._forget_places()
        self._sides.take_back(clocks)
        self._forget_texts(self._known)
        self.begin()

    def _forget_texts(self, known: int) -> None:
        """Nothing is left of those behind so many: what was written into them is taken back."""
        while len(self._texts) > known:
            self._sides.forget(self._texts.popitem()[1])

    def _forget_places(self) -> None:
        for client, runs in self._before.items():
            self._cut(client, runs)
        for made in self._made:
            self._types.pop(made, None)

    def _cut(self, client: int, runs: int) -> None:
        """Leave so many; and nothing of who has none, or each refused edit would stay a little."""
        if runs:
            del self._starts[client][runs:], self._codes[client][runs:]
        elif client in self._codes:
            del self._starts[client], self._codes[client]

    @property
    def filling(self) -> bool:
        """Whether edits have to wait for that."""
        return self._queue is not None

    def follows(self, client: int) -> bool:
        """Whether this client's last item was put at the end of a text: who types on there needs
        no more."""
        return self._sides.is_at_end(client)

    def fill(self, updates: Sequence[bytes], filled: Callable[[], None]) -> None:
        """Take in all that the board holds; of a large one beside other work. `filled` is called
        when edits that waited for it can be admitted, if any had to."""
        self.filled = True
        if sum(map(len, updates)) <= LARGE:
            self.note(updates)
            self.begin()
        else:
            self._queue = []
            loop = asyncio.get_running_loop()
            loop.run_in_executor(BESIDE, self._fill_slowly, updates, loop, filled)

    def _fill_slowly(
        self,
        updates: Sequence[bytes],
        loop: asyncio.AbstractEventLoop,
        filled: Callable[[], None],
    ) -> None:
        places = Places()
        try:
            places.note(updates)
        finally:
            with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(self._take_over, places, filled)

    def _take_over(self, places: Places, filled: Callable[[], None]) -> None:
        queue, self._queue = self._queue, None
        self._starts, self._codes = places._starts, places._codes
        self._types, self._texts, self._sides = places._types, places._texts, places._sides
        self.note(queue or ())
        self.begin()
        filled()

    def note(self, updates: Iterable[bytes]) -> None:
        """Take in what is on the board already, or was written by the server."""
        if self._queue is not None:
            self._queue += updates
            return
        for update in updates:
            try:
                self._play(update, {}, check=False)
            except (ValueError, IndexError, OverflowError):
                continue  # it stays unknown

    def admit(self, update: bytes, clocks: Mapping[int, int]) -> None:
        """Take in an inspected update to a board with these clocks. Raises StructureRefused,
        and then nothing of it is taken in."""
        if update[0] == 1:
            self._admit_one(update, clocks)
            return
        before, made, mark = self._before, self._made, self._sides.mark
        texts = len(self._texts)
        self._before, self._made = {}, []
        try:
            self._play(update, clocks, check=True)
        except StructureRefused:
            firsts = {each[0].client: each[0].clock for each in sections(update) if each}
            self._sides.take_back(firsts, mark)
            self._forget_texts(texts)
            self._forget_places()
            self._before, self._made = before, made
            raise
        self._before = {**self._before, **before}
        self._made = made + self._made

    def admit_sole(self, client: int, clock: int, sole: Sole, kind: int) -> None:
        """The same of one struct that the inspector has read, and that is no type."""
        info, anchor, right = sole
        if anchor is None:
            code = ENTRY
        elif anchor[2]:
            code = self._within(anchor[:2], info & HAS_KEY != 0, check=True)
        else:
            code = self._at(anchor[0], anchor[1])
            beside = UNKNOWN if right is None else self._at(right[0], right[1])
            code = shared(kind, code, beside, info, client, clock)
        if code >= TEXTS:
            left = anchor[:2] if anchor is not None and info & HAS_LEFT else None
            self._sides.take(code, client, clock, left, right, check=True)
        self._append(client, clock, GONE if code == ENTRY and kind == DELETED else code)

    def _admit_one(self, data: bytes, clocks: Mapping[int, int]) -> None:
        """The same of one client's structs, which wait for nobody: what most edits are."""
        count, at = read_var_uint(data, 1)
        client, at = read_var_uint(data, at)
        first, at = read_var_uint(data, at)
        clock = first
        known, runs, made = clocks.get(client, 0), len(self._codes.get(client, ())), len(self._made)
        mark, texts = self._sides.mark, len(self._texts)
        try:
            while True:
                count -= 1
                kind = data[at] & 0x1F
                code, at = self._read_place(data, at, client, clock, is_new=clock >= known)
                if clock >= known:
                    self._append(client, clock, code)
                    if kind == TYPE and code != NOWHERE:
                        self._note_type((client, clock), data[at])
                if not count:
                    return
                length, at = skip_content(data, at, kind, clock)
                clock += length
        except StructureRefused:
            self._cut(client, runs)
            for each in self._made[made:]:
                del self._types[each]
            del self._made[made:]
            self._sides.take_back({client: first}, mark)
            self._forget_texts(texts)
            raise

    def _read_place(
        self, data: bytes, at: int, client: int, clock: int, *, is_new: bool
    ) -> tuple[int, int]:
        """Where a struct hangs, and where its content begins."""
        info = data[at]
        kind = info & 0x1F
        at += 1
        if info in (GC, SKIP):
            return NOWHERE, at
        left = right = None
        if info & (HAS_LEFT | HAS_RIGHT):
            if info & HAS_LEFT:
                left, at = read_id(data, at)
            if info & HAS_RIGHT:
                right, at = read_id(data, at)
            code = shared(kind, self._of(left), self._of(right), info, client, clock)
        else:
            if data[at] == 1:
                length, at = read_var_uint(data, at + 1)
                at += length
                code = ENTRY
            else:
                other, at = read_var_uint(data, at + 1)
                near, at = read_var_uint(data, at)
                code = self._within((other, near), info & HAS_KEY != 0, check=True)
            if info & HAS_KEY:
                length, at = read_var_uint(data, at)
                at += length
        if code >= TEXTS and is_new:
            self._sides.take(code, client, clock, left, right, check=True)
        return (GONE if code == ENTRY and kind == DELETED else code), at

    def _play(self, update: bytes, clocks: Mapping[int, int], *, check: bool) -> None:
        """Each client's structs in their order, waiting for those of others they build on."""
        waiting = {each[0].client: each for each in sections(update) if each}
        ends = {client: structs[0].clock for client, structs in waiting.items()}
        last = {client: structs[-1].end for client, structs in waiting.items()}
        at = dict.fromkeys(waiting, 0)
        while waiting:
            moved = False
            for client in list(waiting):
                structs, number = waiting[client], at[client]
                while number < len(structs):
                    struct = structs[number]
                    if must_wait(struct, ends, last):
                        break
                    if struct.clock >= clocks.get(client, 0):
                        code = self._place(struct, check)
                        if code >= TEXTS:
                            left, right = struct.left, struct.right
                            self._sides.take(code, client, struct.clock, left, right, check=check)
                        self._append(client, struct.clock, code)
                        if struct.kind == TYPE and code != NOWHERE:
                            self._note_type((client, struct.clock), struct.type)
                    ends[client] = struct.end
                    number += 1
                    moved = True
                at[client] = number
                if number == len(structs):
                    del waiting[client]
            if not moved:
                return  # what waits for each other was refused before

    def _append(self, client: int, clock: int, code: int) -> None:
        codes = self._codes.get(client)
        if codes is None:
            self._starts[client], codes = array("L"), array("L")
            self._codes[client] = codes
        if not codes or codes[-1] != code and clock > self._starts[client][-1]:
            if code < TEXTS:
                self._sides.leave(client, clock)
            self._before.setdefault(client, len(codes))
            self._starts[client].append(clock)
            codes.append(code)

    def _note_type(self, of: Id, kind: int) -> None:
        self._types[of] = kind
        self._made.append(of)

    def _of(self, item: Id | None) -> int:
        return UNKNOWN if item is None else self._at(*item)

    def _at(self, client: int, clock: int) -> int:
        starts = self._starts.get(client)
        if starts is None:
            return UNKNOWN
        run = bisect_right(starts, clock) - 1
        return self._codes[client][run] if run >= 0 else UNKNOWN

    def _place(self, struct: Struct, check: bool) -> int:
        client, clock, _, kind, left, right, parent, has_key, _ = struct
        if kind in (GC, SKIP):
            return NOWHERE
        if left is not None or right is not None:
            info = HAS_RIGHT if right is not None else 0
            places = self._of(left), self._of(right)
            code = shared(kind, *places, info, client, clock, check=check)
        elif parent is not None:
            code = self._within(parent, has_key, check)
        else:
            code = ENTRY
        return GONE if code == ENTRY and kind == DELETED else code

    def _within(self, parent: Id, has_key: bool, check: bool) -> int:
        kind = self._types.get(parent)
        if kind is not None:
            if check and (kind == MAP) != has_key:
                raise StructureRefused("parent", "keys are for maps only")
            if kind == MAP:
                return ENTRY
            return self._texts.setdefault(parent, TEXTS + len(self._texts))
        code = self._at(*parent)
        if check and (code == ENTRY or code >= TEXTS):
            raise StructureRefused("parent", f"{parent} holds nothing")
        return UNKNOWN if code == UNKNOWN else NOWHERE


def shared(
    kind: int, left: int, right: int, info: int, client: int, clock: int, *, check: bool = True
) -> int:
    """The place that an item shares with its neighbours; UNKNOWN for one that it has not."""
    if left == GONE:
        left = ENTRY
    if right == GONE:
        right = ENTRY
    code = right if left == UNKNOWN else left
    if code == UNKNOWN:
        return UNKNOWN
    if check:
        if code != right and right != UNKNOWN:
            raise StructureRefused("neighbours", f"{client}: {clock} in two places")
        if code == ENTRY and (kind == STRING or info & HAS_RIGHT):
            raise StructureRefused("neighbours", f"{client}: {clock} in a map")
        if code >= TEXTS and kind in (ANY, TYPE):
            raise StructureRefused("neighbours", f"{client}: {clock} in a text")
    return NOWHERE if right == NOWHERE else code
