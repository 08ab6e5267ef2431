"""When updates came and whose they are, as bytes beside them.

Of a row of the log, in which many follow each other closely and every microsecond counts:

    how many people, each with its length before it; for each update its person's place among
    them, in one byte, or in two if there are more than 256 people; then for each run of updates
    that came together how many ms after the one before it, and how many they are (var-uints)
"""

import struct
from collections.abc import Iterable, Iterator, Sequence

from server.store import Stamp
from server.store.packing import put_number, take_number

__all__ = ["Times", "last_time", "pack_several", "pack_stamps", "unpack_several", "unpack_stamps"]

ONE_BYTE = 256  # people
Times = Sequence[tuple[int, int]]  # of updates that came together: when (ms), and how many they are


def pack_stamps(times: Times, who: Sequence[str]) -> bytes:
    """`who`: of each update, "" where that is nobody. b"" if it is not known when they came."""
    if not times or not times[-1][0]:
        return b""
    people = {person: place for place, person in enumerate(dict.fromkeys(who))}
    out = bytearray()
    put_number(out, len(people))
    for person in people:
        put_text(out, person)
    places = map(people.__getitem__, who)
    out += bytes(places) if len(people) <= ONE_BYTE else struct.pack(f"<{len(who)}H", *places)
    before = 0
    for at, count in times:
        put_number(out, max(at - before, 0))
        put_number(out, count)
        before = max(at, before)
    return bytes(out)


def unpack_stamps(packed: bytes, updates: int) -> list[Stamp]:
    """One for each of so many updates. Raises ValueError where it is cut short or does not fit."""
    if not packed:
        return [Stamp(0)] * updates
    try:
        people, at = take_texts(packed, 0)
        width = 1 if len(people) <= ONE_BYTE else 2
        end = at + width * updates
        who = [people[place] for place in places(packed[at:end], width)]
        times = list(spread(take_times(packed, end, updates)))
    except (IndexError, UnicodeDecodeError, struct.error) as error:
        raise ValueError(f"stamps are damaged: {error}") from error
    if not len(who) == len(times) == updates:
        raise ValueError(f"expected the stamps of {updates} updates")
    return [Stamp(at, (person,) if person else ()) for at, person in zip(times, who, strict=True)]


def pack_several(stamps: Sequence[Stamp]) -> bytes:
    """Of a row of history: people as above; then for each stamp how many ms after the one before,

    how many updates, how many people, and the place of each of those.
    """
    people = {
        person: place
        for place, person in enumerate(dict.fromkeys(who for s in stamps for who in s.who))
    }
    out = bytearray()
    put_number(out, len(people))
    for person in people:
        put_text(out, person)
    before = 0
    for at, who, updates in stamps:
        put_number(out, max(at - before, 0))
        before = max(at, before)
        for number in (updates, len(who), *(people[person] for person in who)):
            put_number(out, number)
    return bytes(out)


def unpack_several(packed: bytes, updates: int) -> list[Stamp]:
    """The inverse, for so many updates in all. Raises ValueError."""
    stamps: list[Stamp] = []
    at = 0
    try:
        people, place = take_texts(packed, 0)
        while place < len(packed):
            (passed, count, several), place = take_numbers(packed, place, 3)
            who, place = take_numbers(packed, place, several)
            at += passed
            stamps.append(Stamp(at, tuple(people[person] for person in who), count))
    except (IndexError, UnicodeDecodeError) as error:
        raise ValueError(f"stamps are damaged: {error}") from error
    if sum(stamp.updates for stamp in stamps) != updates:
        raise ValueError(f"expected the stamps of {updates} updates")
    return stamps


def take_numbers(data: bytes, at: int, count: int) -> tuple[list[int], int]:
    numbers = []
    for _ in range(count):
        number, at = take_number(data, at)
        numbers.append(number)
    return numbers, at


def last_time(packed: bytes, updates: int) -> int:
    """Of the last of so many updates. Raises ValueError."""
    try:
        people, place = take_texts(packed, 0)
        width = 1 if len(people) <= ONE_BYTE else 2
        return sum(passed for passed, _ in take_times(packed, place + width * updates, updates))
    except (IndexError, UnicodeDecodeError) as error:
        raise ValueError(f"stamps are damaged: {error}") from error


def places(data: bytes, width: int) -> Iterable[int]:
    return data if width == 1 else struct.unpack(f"<{len(data) // 2}H", data)


def spread(times: Iterable[tuple[int, int]]) -> Iterator[int]:
    """When each of the updates came."""
    at = 0
    for passed, count in times:
        at += passed
        for _ in range(count):
            yield at


def take_times(packed: bytes, place: int, left: int) -> Iterator[tuple[int, int]]:
    """(ms after the one before, how many updates)."""
    while place < len(packed):
        passed, place = take_number(packed, place)
        count, place = take_number(packed, place)
        left -= count
        if left < 0:
            raise ValueError("stamps are damaged: they are of more updates than there are")
        yield passed, count


def put_text(out: bytearray, text: str) -> None:
    encoded = text.encode()
    put_number(out, len(encoded))
    out += encoded


def take_texts(data: bytes, at: int) -> tuple[list[str], int]:
    count, at = take_number(data, at)
    texts = []
    for _ in range(count):
        length, at = take_number(data, at)
        texts.append(data[at : at + length].decode())
        at += length
    return texts, at
