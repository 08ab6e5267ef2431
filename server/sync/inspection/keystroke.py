"""What one keystroke looks like on the wire, read in one go: most updates are one.

A person who types on sends a single string right of an item of their own, and deletes nothing. The
inspector would read the same from it in three times as long; test_keystroke.py holds the two
together. What looks different in any way is left to the inspector, faults included.
"""

import re
from functools import lru_cache

from server.sync.inspection.report import STRING, Inspection, Limits, LowSurrogates
from server.sync.wire.lib0 import read_var_uint

__all__ = ["read_keystroke"]

# Numbers as lib0 writes them, never longer than needed: a client below 2^53, a clock below 2^28.
CLIENT = rb"([\x00-\x7f]|[\x80-\xff]{1,6}[\x01-\x7f]|[\x80-\xff]{7}[\x01-\x0f])"
CLOCK = rb"([\x00-\x7f]|[\x80-\xff]{1,3}[\x01-\x7f])"
# One client with one struct: whose and from which clock; a string with a left neighbour of the
# same client; its length in bytes and itself; an empty delete set.
KEYSTROKE = re.compile(
    rb"\x01\x01" + CLIENT + CLOCK + rb"\x84\1" + CLOCK + rb"([\x01-\x7f])(.+)\x00", re.DOTALL
)
FOUR_BYTES = 0xF0  # from this byte on, UTF-8 begins what UTF-16 writes as two surrogates


def read_keystroke(update: bytes, limits: Limits, surrogates: LowSurrogates) -> Inspection | None:
    """The same as `inspector.inspect` reports; None where `update` is anything else or faulty."""
    found = KEYSTROKE.fullmatch(update)
    if found is None:
        return None
    whose, begin, before, length, text = found.groups()
    client = number(whose)
    clock, _ = read_var_uint(begin, 0)
    near, _ = read_var_uint(before, 0)
    if length[0] != len(text) or len(text) > limits.text_bytes or near >= clock:
        return None
    if near + 1 in surrogates.get(client, ()) or not (near + 1 == clock or limits.scattered):
        return None
    units = len(text) if text.isascii() else letters(text)
    if not units:
        return None
    inspection = Inspection()  # filled in afterwards: half the cost
    inspection.ranges[client] = clock, clock + units
    inspection.kinds = 1 << STRING
    inspection.structs = 1
    inspection.scattered = 0 if near + 1 == clock else 1
    inspection.follows = near + 1 == clock
    return inspection


@lru_cache(4096)
def number(written: bytes) -> int:
    """A client id; those who write on do so under the same one."""
    return read_var_uint(written, 0)[0]


def letters(text: bytes) -> int:
    """How many units of UTF-16 UTF-8 is; 0 if it is faulty or has characters of two."""
    if max(text) >= FOUR_BYTES:
        return 0
    try:
        return len(text.decode())
    except UnicodeDecodeError:
        return 0
