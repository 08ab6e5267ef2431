"""Read the clocks of updates that are on a board already: the log, a checkpoint, our own edits.

Each was inspected when it came, or written by the server. It is never refused for its content:
what two updates hold can stand together in one checkpoint in ways that no update may have alone,
and a board must open all the same. Rule IN14 of docs/protocol.md.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from operator import itemgetter

from server.sync.inspection.slices import SLICE, Slices, at_once
from server.sync.inspection.surrogates import ClockSet, count_units
from server.sync.wire.lib0 import read_var_uint

# UTF-8 of what JavaScript counts as two; one pattern for each first byte, which is found fast.
FOUR_BYTES = [re.compile(b"%c[\x80-\xbf]{3}" % first) for first in range(0xF0, 0xF5)]
TEXT = 4  # kind of content
VALUE_BYTES = {127: 0, 126: 0, 124: 4, 123: 8, 122: 8, 121: 0, 120: 0}


@dataclass(slots=True)
class Survey:
    """What a survey finds. `ends`: client to the clock behind its last struct.

    `surrogates`: see report.LowSurrogates. `texts`: client, first clock, clock behind, and the text
    of each run of letters, if wanted.
    """

    ends: dict[int, int] = field(default_factory=dict)
    surrogates: dict[int, ClockSet] = field(default_factory=dict)
    texts: list[tuple[int, int, int, str]] | None = None


def may_have_surrogates(update: bytes) -> bool:
    """Whether a survey could find any: fast, and seldom wrong when it says yes."""
    return any(pattern.search(update) for pattern in FOUR_BYTES)


def survey(update: bytes) -> Survey:
    """Read an accepted update. Raises ValueError when the bytes are no Yjs v1 update at all."""
    return at_once(_survey(update, Survey()))[0]


def _survey(update: bytes, found: Survey) -> Slices[tuple[Survey, int]]:
    """Also where its deletions begin."""
    try:
        clients, at = read_var_uint(update, 0)
        for _ in range(clients):
            at = yield from _read_section(update, at, found)
    except (IndexError, OverflowError) as error:
        raise ValueError(f"no Yjs update: {error}") from error
    return found, at


Deletions = dict[int, list[tuple[int, int]]]  # client: ranges (first clock, clock behind), in order


def deletions(update: bytes) -> Deletions:
    """What an inspected update deletes; ranges that touch are one."""
    return at_once(deletions_in_slices(update))


def deletions_in_slices(update: bytes) -> Slices[Deletions]:
    """The same, of what may be many."""
    found: Deletions = {}
    _, at = yield from _survey(update, Survey())
    clients, at = read_var_uint(update, at)
    for number in range(clients):
        if not number % SLICE:
            yield
        client, at = read_var_uint(update, at)
        count, at = read_var_uint(update, at)
        ranges: dict[tuple[int, int], None] = {}  # in the order they came, which is mostly theirs
        for number_of_client in range(count):
            if number_of_client and not number_of_client % (5 * SLICE):
                yield
            clock, at = read_var_uint(update, at)
            length, at = read_var_uint(update, at)
            ranges[clock, clock + length] = None
        found[client] = yield from joined_in_slices(sorted(ranges))
    return found


def joined(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted ranges, those that touch as one."""
    return at_once(joined_in_slices(ranges))


def joined_in_slices(ranges: list[tuple[int, int]]) -> Slices[list[tuple[int, int]]]:
    joined: list[tuple[int, int]] = []
    for number, (start, end) in enumerate(ranges):
        if number and not number % (5 * SLICE):
            yield
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def covers(known: Deletions, asked: Deletions) -> Slices[bool]:
    """Whether all that `asked` deletes is among `known`."""
    compared = 0
    for client, ranges in asked.items():
        for start, end in ranges:
            compared += 1
            if not compared % (5 * SLICE):
                yield
            if not _within(known.get(client, []), start, end):
                return False
    return True


def lost_texts(update: bytes, made: bytes) -> list[str]:
    """Runs of letters that an update brings and that were gone at once when it was applied.

    `made`: what applying it changed, as an update. What is written into something that was taken
    out of the document has no place any more; no observer hears of it.
    """
    own, gone = deletions(update), deletions(made)
    texts = at_once(_survey(update, Survey(texts=[])))[0].texts or []
    return [
        text
        for client, start, end, text in texts
        if _within(gone.get(client, []), start, end)
        and not _within(own.get(client, []), start, end)
    ]


def _within(ranges: list[tuple[int, int]], start: int, end: int) -> bool:
    at = bisect_right(ranges, start, key=itemgetter(0)) - 1
    return at >= 0 and end <= ranges[at][1]


def _read_section(data: bytes, at: int, found: Survey) -> Slices[int]:
    count, at = read_var_uint(data, at)
    client, at = read_var_uint(data, at)
    clock, at = read_var_uint(data, at)
    surrogates = ClockSet()
    for number in range(count):
        if number and not number % SLICE:
            yield
        info = data[at]
        kind = info & 0x1F
        at = _skip_parent(data, at + 1, info) if kind not in (0, 10) else at + 1
        begin = at
        length, at = skip_content(data, at, kind, clock, surrogates)
        if kind == TEXT and found.texts is not None:
            text = data[read_var_uint(data, begin)[1] : at].decode()
            found.texts.append((client, clock, clock + length, text))
        clock += length
    found.ends[client] = max(clock, found.ends.get(client, 0))
    if surrogates:
        found.surrogates.setdefault(client, ClockSet()).update(surrogates)
    return at


def _skip_parent(data: bytes, at: int, info: int) -> int:
    if info & 0xC0:
        numbers = 2 * (info >> 7) + 2 * (info >> 6 & 1)
    else:
        numbers = 0 if data[at] == 1 else 2
        at = _skip_text(data, at + 1) if data[at] == 1 else at + 1
    for _ in range(numbers):
        while data[at] >= 0x80:
            at += 1
        at += 1
    return _skip_text(data, at) if info & 0xE0 == 0x20 else at


def _skip_text(data: bytes, at: int) -> int:
    length, at = read_var_uint(data, at)
    return at + length


def skip_content(
    data: bytes, at: int, kind: int, clock: int, surrogates: ClockSet | None = None
) -> tuple[int, int]:
    """The clocks that content of a kind takes, and the offset behind it."""
    if kind in (0, 1, 10):
        return read_var_uint(data, at)
    if kind == TEXT:
        length, at = read_var_uint(data, at)
        text = data[at : at + length]
        return length if text.isascii() else count_units(text, clock, surrogates), at + length
    if kind == 7:
        named = data[at] in (3, 5)  # XML elements and hooks carry a name
        return 1, _skip_text(data, at + 1) if named else at + 1
    if kind == 8:
        length, at = read_var_uint(data, at)
        return length, _skip_values(data, at, length)
    if kind == 2:
        length, at = read_var_uint(data, at)
        for _ in range(length):
            at = _skip_text(data, at)
        return length, at
    if kind in (3, 5):
        return 1, _skip_text(data, at)
    if kind == 6:
        return 1, _skip_text(data, _skip_text(data, at))
    if kind == 9:
        return 1, _skip_values(data, _skip_text(data, at), 1)
    raise ValueError(f"no Yjs update: content {kind}")


def _skip_values(data: bytes, at: int, left: int) -> int:
    """lib0's any, nested at will; see values.read_values."""
    outer: list[tuple[int, bool]] = []
    has_keys = False
    while left or outer:
        if not left:
            left, has_keys = outer.pop()
            continue
        left -= 1
        if has_keys:
            at = _skip_text(data, at)
        tag = data[at]
        at += 1
        if tag in VALUE_BYTES:
            at += VALUE_BYTES[tag]
        elif tag == 125:
            while data[at] >= 0x80:
                at += 1
            at += 1
        elif tag in (116, 119):
            at = _skip_text(data, at)
        elif tag in (117, 118):
            outer.append((left, has_keys))
            left, at = read_var_uint(data, at)
            has_keys = tag == 118
        else:
            raise ValueError(f"no Yjs update: value {tag}")
    return at
