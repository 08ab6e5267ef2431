"""Plain values in an update: lib0's any, nested at will, and the keys that they stand under.

Rules IN5 and IN6 of docs/protocol.md. Source: lib0 decoding.js, readAny.
"""

from typing import NoReturn

from server.errors import TooLarge
from server.sync.inspection.report import Inspection, Limits, StructureRefused
from server.sync.wire.lib0 import read_var_uint

__all__ = ["read_key", "read_values", "refuse_text"]

KEY_BYTES = 256  # our longest key is "note/person", 41 bytes


def read_values(data: bytes, at: int, left: int, limits: Limits, found: Inspection) -> int:
    """Read `left` plain values: lib0's any, nested at will, read without recursion."""
    if not left:
        raise StructureRefused("count", "no value")
    most = min(limits.values, found.values + limits.values_of_one)
    count_values(left, len(data) - at, most, found)
    outer: list[tuple[int, bool]] = []  # values left, and whether they have keys, around us
    has_keys = False
    while True:
        if not left:
            if not outer:
                break
            left, has_keys = outer.pop()
            continue
        left -= 1
        if has_keys:
            at = read_key(data, at)
        tag = data[at]
        at += 1
        if tag == 125:  # integer, seven bits a byte
            start = at
            while data[at] >= 0x80:
                at += 1
            at += 1
            if at - start > 8:
                raise OverflowError("integer is not below 2^53")
        elif tag == 119:
            length, at = read_var_uint(data, at)
            if length > limits.text_bytes:
                refuse_text(length, limits)
            data[at : at + length].decode()
            at += length
        elif tag == 117 or tag == 118:
            count, at = read_var_uint(data, at)
            count_values(count, len(data) - at, most, found)
            outer.append((left, has_keys))
            left, has_keys = count, tag == 118
            if len(outer) > limits.any_depth:
                raise StructureRefused("any-depth", f"more than {limits.any_depth}")
        elif tag == 124 or tag == 123:  # float of 4 or 8 bytes, not NaN and not infinite
            if data[at] & 0x7F == 0x7F and data[at + 1] >= (0x80 if tag == 124 else 0xF0):
                raise StructureRefused("value", "not a finite number")
            at += 4 if tag == 124 else 8
        elif tag < 120 or tag > 127 or tag == 122:
            raise StructureRefused("value", f"any {tag}")  # bytes, big integers, unknown
    return at


def count_values(count: int, left: int, most: int, found: Inspection) -> None:
    found.values += count
    if count > left:
        raise StructureRefused("count", f"{count} values in {left} bytes")
    if found.values > most:
        raise TooLarge(f"{found.values} values", most=most)


def read_key(data: bytes, at: int) -> int:
    length, at = read_var_uint(data, at)
    key = data[at : at + length]
    if length > KEY_BYTES or key == b"__proto__":
        raise StructureRefused("key", f"{length} bytes")
    key.decode()
    return at + length


def refuse_text(length: int, limits: Limits) -> NoReturn:
    if length:
        raise TooLarge(f"{length} bytes in one text", most=limits.text_bytes)
    raise StructureRefused("count", "empty text")
