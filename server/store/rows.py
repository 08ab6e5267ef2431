"""Rows of a log or a history, whichever store keeps them: checksums, and what is in them.

Every row has a checksum, and a board whose rows do not fit each other is refused.
"""

import hashlib
import zlib
from collections.abc import Iterator, Sequence

from server.store import Moment, Stamp, StoreCorrupted, StoredCheckpoint
from server.store.packing import unpack
from server.store.runs import ROW_BYTES, Run
from server.store.stamps import last_time, unpack_several, unpack_stamps

__all__ = [
    "check_hole",
    "checked_row",
    "checksum",
    "digest",
    "moments_of",
    "row_moments",
    "thinned_rows",
    "time_of",
]


def checksum(board: str, seq: int, count: int, payload: bytes, stamps: bytes) -> int:
    """Of a log row: a damaged index may lead to a row that is whole, but another board's."""
    return zlib.crc32(stamps, zlib.crc32(payload, zlib.crc32(f"{board}/{seq}/{count}".encode())))


def check_hole(board: str, at: int, first: int) -> None:
    if first > at + 1:
        raise StoreCorrupted(f"board {board}: updates {at + 1} to {first - 1} are missing")


def checked_row(
    board: str, at: int, last: int, count: int, crc: int, payload: bytes, stamps: bytes
) -> list[bytes]:
    """The updates of a row that may overlap the checkpoint's end; raises StoreCorrupted."""
    check_hole(board, at, last - count + 1)
    if checksum(board, last, count, payload, stamps) != crc:
        raise StoreCorrupted(f"board {board}: checksum of update {last} does not fit")
    try:
        updates = unpack(payload)
    except ValueError as error:
        raise StoreCorrupted(f"board {board}: update {last}: {error}") from error
    if len(updates) != count:
        raise StoreCorrupted(f"board {board}: expected {count} updates, got {len(updates)}")
    return updates[at - (last - count) :]


def time_of(board: str, stamps: bytes, count: int) -> int:
    """Of the last update of a row; 0 if that is not known."""
    try:
        return last_time(stamps, count) if stamps else 0
    except ValueError as error:
        raise StoreCorrupted(f"board {board}: {error}") from error


def digest(board: str, checkpoint: StoredCheckpoint) -> bytes:
    """The time comes last, and not at all where it is not known: so earlier versions reckoned."""
    place = f"{board}/{checkpoint.seq}/{len(checkpoint.state_vector)}/".encode()
    at = f"/{checkpoint.at}".encode() if checkpoint.at else b""
    return hashlib.sha256(place + checkpoint.state_vector + checkpoint.update + at).digest()


def row_moments(
    board: str, seq: int, count: int, crc: int, payload: bytes, packed: bytes, level: int = 0
) -> list[Moment]:
    """Raises StoreCorrupted."""
    if checksum(board, seq, count, payload, packed) != crc:
        raise StoreCorrupted(f"board {board}: checksum of update {seq} does not fit")
    try:
        updates = unpack(payload)
        stamps = unpack_several(packed, count) if level else unpack_stamps(packed, count)
        return numbered(seq - count, updates, stamps)
    except ValueError as error:
        raise StoreCorrupted(f"board {board}: update {seq}: {error}") from error


def numbered(before: int, updates: Sequence[bytes], stamps: Sequence[Stamp]) -> list[Moment]:
    moments = []
    for update, stamp in zip(updates, stamps, strict=True):
        before += stamp.updates
        moments.append(Moment(before, stamp, update))
    return moments


def moments_of(run: Run) -> list[Moment]:
    times = [at for at, count in run.times for _ in range(count)]
    stamps = [Stamp(at, (w,) if w else ()) for at, w in zip(times, run.who, strict=True)]
    return numbered(run.first - 1, run.updates, stamps)


def thinned_rows(moments: Sequence[Moment]) -> Iterator[list[Moment]]:
    """Of about ROW_BYTES each."""
    row: list[Moment] = []
    size = 0
    for moment in moments:
        if row and size + len(moment.update) > ROW_BYTES:
            yield row
            row, size = [], 0
        row.append(moment)
        size += len(moment.update)
    yield row
