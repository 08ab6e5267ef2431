"""Several updates in one row: each with its length before it, as a var-uint (lib0 encoding)."""

from collections.abc import Sequence

__all__ = ["pack", "put_number", "take_number", "unpack"]


def pack(updates: Sequence[bytes]) -> bytes:
    out = bytearray()
    for update in updates:
        length = len(update)
        if length > 0x7F:  # else it is one byte, and a call would cost more than that
            put_number(out, length)
        else:
            out.append(length)
        out += update
    return bytes(out)


def unpack(payload: bytes) -> list[bytes]:
    """The inverse of `pack`. Raises ValueError where the payload is cut short."""
    updates: list[bytes] = []
    at, end = 0, len(payload)
    while at < end:
        try:
            length, at = take_number(payload, at)
        except IndexError:
            raise ValueError("packed updates end inside a length") from None
        if at + length > end:
            raise ValueError(f"expected {length} bytes of an update, got {end - at}")
        updates.append(payload[at : at + length])
        at += length
    return updates


def put_number(out: bytearray, number: int) -> None:
    while number > 0x7F:
        out.append(0x80 | number & 0x7F)
        number >>= 7
    out.append(number)


def take_number(data: bytes, at: int) -> tuple[int, int]:
    """The number that begins at `at`, and the offset behind it. Raises IndexError."""
    number = shift = 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return number, at
