"""Structural inspection of a Yjs v1 update, in pure Python, before pycrdt sees a byte of it.

pycrdt can crash the whole process on a crafted update, integrate one that no browser can open, or
apply half of one before it raises. So this reader walks the bytes first, without recursion and
without reserving memory for what it is told: it refuses what no client of ours and no stock Yjs
client sends on our documents, and reports what the update touches. It does not know the document;
`gaps` compares its report with one. Rules IN1-IN15 of docs/protocol.md.
Sources: yjs 13.6 encoding.js, DeleteSet.js, Item.js and structs/; lib0 decoding.js.

The functions here run for every keystroke of everybody. That is why they pass offsets instead of
reader objects, and why a section is read in one long loop.
"""

from bisect import bisect_right
from operator import itemgetter

from server.errors import TooLarge
from server.sync.inspection.dependencies import (
    NOWHERE,
    Anchor,
    CrossClient,
    Placed,
    References,
    collect_dependencies,
    measure_types,
)
from server.sync.inspection.keystroke import read_keystroke
from server.sync.inspection.report import (
    ANY,
    CLOCK_LIMIT,
    DELETED,
    GC,
    NO_LOW_SURROGATES,
    SKIP,
    STEP2_LIMITS,
    STRING,
    TYPE,
    UPDATE_LIMITS,
    Inspection,
    Limits,
    LowSurrogates,
    StructureRefused,
)
from server.sync.inspection.slices import SLICE, Slices, at_once
from server.sync.inspection.surrogates import ClockSet, count_units
from server.sync.inspection.values import read_key, read_values, refuse_text
from server.sync.wire.lib0 import read_var_uint

__all__ = [
    "UPDATE_LIMITS",
    "STEP2_LIMITS",
    "Inspection",
    "Limits",
    "StructureRefused",
    "in_slices",
    "inspect",
    "root_names",
]

HAS_LEFT, HAS_RIGHT, HAS_KEY = 0x80, 0x40, 0x20
HAS_NEIGHBOUR = HAS_LEFT | HAS_RIGHT  # whose parent is then not repeated
MAP, TEXT = 1, 2  # type references; our documents hold no arrays and no XML
MANY_VALUES = 2_000
NO_CLOCKS: frozenset[int] = frozenset()


def root_names(*names: str) -> frozenset[bytes]:
    """The root types an update may write to, as `inspect` wants them."""
    return frozenset(name.encode() for name in names)


def inspect(
    update: bytes,
    limits: Limits,
    roots: frozenset[bytes] | None,
    surrogates: LowSurrogates = NO_LOW_SURROGATES,
) -> Inspection:
    """Read all of `update`. Raises StructureRefused, or TooLarge where an honest client may be.

    `roots` are the names of the root maps that its author may write to, None: all. `surrogates` are
    those of the document that it is meant for (`gaps.note_surrogates`).
    """
    return read_keystroke(update, limits, surrogates) or read_update(
        update, limits, roots, surrogates
    )


def read_update(
    update: bytes,
    limits: Limits,
    roots: frozenset[bytes] | None,
    surrogates: LowSurrogates = NO_LOW_SURROGATES,
) -> Inspection:
    """What `inspect` says, read struct by struct."""
    return at_once(in_slices(update, limits, roots, surrogates))


def in_slices(
    update: bytes,
    limits: Limits,
    roots: frozenset[bytes] | None,
    surrogates: LowSurrogates = NO_LOW_SURROGATES,
) -> Slices[Inspection]:
    """The same, of an update that takes long; `surrogates` may grow meanwhile."""
    found = Inspection()
    references = References()
    try:
        clients, at = read_var_uint(update, 0)
        if clients > limits.clients:
            raise StructureRefused("clients", f"{clients} of at most {limits.clients}")
        for _ in range(clients):
            at = yield from _read_section(update, at, limits, roots, surrogates, found, references)
        at = yield from _read_deletions(update, at, limits, surrogates, found)
    except IndexError:
        raise StructureRefused("truncated") from None
    except OverflowError as error:
        raise StructureRefused("number", str(error)) from None
    except UnicodeDecodeError as error:
        raise StructureRefused("utf-8", error.reason) from None
    if at != len(update):
        raise StructureRefused("truncated" if at > len(update) else "tail", f"byte {at}")
    if references.cross_client:
        collect_dependencies(found, references.cross_client, surrogates)
    if references.nested_types:
        yield from measure_types(found, references, limits.type_depth)
    return found


def _read_section(
    data: bytes,
    at: int,
    limits: Limits,
    roots: frozenset[bytes] | None,
    surrogates: LowSurrogates,
    found: Inspection,
    references: References,
) -> Slices[int]:
    """Read the structs of one client: count, client, first clock, structs."""
    count, client_at = read_var_uint(data, at)
    client, at = read_var_uint(data, client_at)
    me = data[client_at:at]  # most references are to the same client: compare, don't decode
    first, at = read_var_uint(data, at)
    found.structs += count
    if not 0 < count <= len(data) - at:
        raise StructureRefused("count", f"{count} structs in {len(data) - at} bytes")
    if found.structs > limits.structs:
        raise TooLarge(f"{found.structs} structs", most=limits.structs)
    if client in found.ranges:
        raise StructureRefused("client-twice", str(client))
    clock = first
    kinds = 0
    items: list[Placed] = []
    types: dict[int, int] = {}
    references.items[client] = items
    known_surrogates = surrogates.get(client, NO_CLOCKS)
    new_surrogates = ClockSet()
    places: set[bytes] = set()
    scattered = 0
    for number in range(count):
        if number and not number % SLICE:
            yield
        start = at
        info = data[at]
        at += 1
        kind = info & 0x1F
        kinds |= 1 << kind
        anchor: Anchor = None
        right: tuple[int, int] | None = None
        if info in (GC, SKIP):
            length, at = read_var_uint(data, at)
            if not 0 < length <= limits.run:
                raise StructureRefused("run", f"{length} units")
            items.append((clock, clock + length, NOWHERE))
            clock += length
            if info == SKIP:
                found.skips[client] = clock
            continue
        if info & HAS_NEIGHBOUR:
            scattered += 1
            if info & HAS_LEFT:
                other, near, at = _read_id(data, at, me, client, clock, 1, references.cross_client)
                if other == client and (near + 1 in known_surrogates or near + 1 in new_surrogates):
                    raise StructureRefused("surrogate", f"{client}: after {near}")
                anchor = (other, near, False)
                if near + 1 == clock and other == client:
                    scattered -= 1
            if info & HAS_RIGHT:
                other, near, at = _read_id(data, at, me, client, clock, 0, references.cross_client)
                if other == client and (near in known_surrogates or near in new_surrogates):
                    raise StructureRefused("surrogate", f"{client}: before {near}")
                right = other, near
                if anchor is None:
                    anchor = (other, near, False)
                elif anchor[1] == near and anchor[0] == other:
                    raise StructureRefused("neighbours", f"{client}: {clock} on both sides of one")
        else:
            mark = data[at]
            at += 1
            if mark == 1:
                at = _read_root(data, at, roots)
                if not info & HAS_KEY:
                    raise StructureRefused("parent", "a root map holds no sequence")
            elif mark == 0:
                other, near, at = _read_id(data, at, me, client, clock, 0, references.cross_client)
                anchor = (other, near, True)
                if near >= first and other == client:
                    _check_parent(near, info & HAS_KEY, types, items)
            else:
                raise StructureRefused("parent", f"mark {mark}")
            if info & HAS_KEY:
                at = read_key(data, at)
            elif kind in (ANY, TYPE):
                raise StructureRefused("parent", "only text is a sequence")
        place = data[start:at]
        if place in places:
            raise StructureRefused("place", f"{client}: {clock} where another of its structs is")
        places.add(place)
        if kind == STRING:
            if info & HAS_KEY:
                raise StructureRefused("parent", "text under a key")
            length, at = read_var_uint(data, at)
            text = data[at : at + length]
            at += length
            if not 0 < length <= limits.text_bytes:
                refuse_text(length, limits)
            clock += length if text.isascii() else count_units(text, clock, new_surrogates)
            continue
        if kind == ANY:
            length, at = read_var_uint(data, at)
            before = found.values
            at = read_values(data, at, length, limits, found)
            if found.values - before > MANY_VALUES:
                yield
        elif kind == TYPE:
            if data[at] != MAP and data[at] != TEXT:
                raise StructureRefused("type", f"type {data[at]}")
            types[clock] = data[at]
            at += 1
            length = 1
            if anchor is not None:
                references.nested_types.append((client, clock))
        elif kind == DELETED:
            length, at = read_var_uint(data, at)
            if not 0 < length <= limits.run:
                raise StructureRefused("run", f"{length} units")
        else:
            raise StructureRefused("kind", f"content {kind}")
        items.append((clock, clock + length, anchor))
        clock += length
    if clock >= CLOCK_LIMIT:
        raise StructureRefused("clock", str(clock))
    if count == 1 and kinds != 1 << GC and kinds != 1 << SKIP:
        found.sole = info, anchor, right
    found.scattered += scattered
    if found.scattered > limits.scattered:
        raise TooLarge(f"{found.scattered} structs at new places", most=limits.scattered)
    found.ranges[client] = (first, clock)
    found.kinds |= kinds
    if new_surrogates:
        found.surrogates[client] = new_surrogates
    return at


def _read_id(
    data: bytes,
    at: int,
    me: bytes,
    client: int,
    clock: int,
    side: int,
    cross_client: list[CrossClient],
) -> tuple[int, int, int]:
    """Read the id (client, clock) of an item that item `clock` of `client` builds on.

    `side` is 1 where it cuts text behind that item, 0 before it.
    """
    if data.startswith(me, at):
        other = client
        at += len(me)
    else:
        other, at = read_var_uint(data, at)
    near, at = read_var_uint(data, at)
    if other != client:
        cross_client.append((client, clock, other, near, near + side))
    elif near >= clock:
        raise StructureRefused("order", f"{client}: {clock} builds on {near}")
    return other, near, at


def _read_root(data: bytes, at: int, roots: frozenset[bytes] | None) -> int:
    length, at = read_var_uint(data, at)
    name = data[at : at + length]
    if roots is not None and name not in roots:
        raise StructureRefused("root", ascii(name[:60]))
    return at + length


def _check_parent(near: int, has_key: int, types: dict[int, int], items: list[Placed]) -> None:
    """Refuse a parent of this section that is no type; it may have been collected, though."""
    parent = types.get(near)
    if parent is not None:
        if (parent == MAP) != (has_key != 0):
            raise StructureRefused("parent", "keys are for maps only")
        return
    before = items[: bisect_right(items, near, key=itemgetter(0))][-1:]
    if not before or before[0][2] is not NOWHERE or near >= before[0][1]:
        raise StructureRefused("parent", f"{near} holds nothing")


def _read_deletions(
    data: bytes, at: int, limits: Limits, surrogates: LowSurrogates, found: Inspection
) -> Slices[int]:
    """Read the delete set: per client the ranges (clock, length) of what is deleted."""
    clients, at = read_var_uint(data, at)
    if clients > limits.deleting_clients or clients * 2 > len(data) - at:
        raise StructureRefused("deletions", f"of {clients} clients")
    for number in range(clients):
        if number and not number % SLICE:
            yield
        client, at = read_var_uint(data, at)
        count, at = read_var_uint(data, at)
        if client in found.deleted:
            raise StructureRefused("client-twice", str(client))
        if not 0 < count * 2 <= len(data) - at:
            raise StructureRefused("count", f"{count} ranges in {len(data) - at} bytes")
        found.delete_ranges += count
        if found.delete_ranges > limits.delete_ranges:
            raise TooLarge(f"{found.delete_ranges} delete ranges", most=limits.delete_ranges)
        uncut = [each for each in (surrogates.get(client), found.surrogates.get(client)) if each]
        last = 0
        for ranges in range(count):
            if ranges and not ranges % (10 * SLICE):
                yield
            clock = data[at]
            at += 1
            if clock >= 0x80:
                high = data[at]
                at += 1
                if 0 < high < 0x80:
                    clock += (high << 7) - 0x80
                else:
                    clock, at = read_var_uint(data, at - 2)
            length = data[at]
            at += 1
            if length >= 0x80:
                length, at = read_var_uint(data, at - 1)
            elif not length:
                raise StructureRefused("deletions", "empty range")
            end = clock + length
            if end > last:
                last = end
            for clocks in uncut:
                if clock in clocks or end in clocks:
                    raise StructureRefused("surrogate", f"{client}: {clock} to {end} deleted")
        if last >= CLOCK_LIMIT:
            raise StructureRefused("clock", str(last))
        found.deleted[client] = last
    return at
