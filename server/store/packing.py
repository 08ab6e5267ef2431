"""Several updates in one row: each with its length before it, as a var-uint (lib0 encoding)."""

from collections.abc import Sequence

__all__ = ["pack", "unpack"]


def pack(updates: Sequence[bytes]) -> bytes:
    out = bytearray()
    for update in updates:
        length = len(update)
        while length > 0x7F:
            out.append(0x80 | length & 0x7F)
            length >>= 7
        out.append(length)
        out += update
    return bytes(out)


def unpack(payload: bytes) -> list[bytes]:
    """The inverse of `pack`. Raises ValueError where the payload is cut short."""
    updates: list[bytes] = []
    at, end = 0, len(payload)
    while at < end:
        length = shift = 0
        while True:
            if at >= end:
                raise ValueError("packed updates end inside a length")
            byte = payload[at]
            at += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        if at + length > end:
            raise ValueError(f"expected {length} bytes of an update, got {end - at}")
        updates.append(payload[at : at + length])
        at += length
    return updates
