"""The wire format of one board's connection, as functions from bytes to values and back.

Frames are those of y-websocket: one y-protocols message per binary WebSocket frame, plus three of
our own for clients that ask for them: what is durable (121), whether edits are taken (122), and
what was put right (123). Nothing here owns a socket or a document. Rules WR1-WR10 of
docs/protocol.md; sources: y-protocols PROTOCOL.md, sync.js, awareness.js, lib0 encoding.js,
RFC 6455 section 5.2.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from server.sync.errors import MalformedMessage
from server.sync.wire import lib0
from server.sync.wire.lib0 import write_var_uint

SYNC, AWARENESS, AUTH, QUERY_AWARENESS = 0, 1, 2, 3
ACK, STANDING, NOTICE = 121, 122, 123
STEP_1, STEP_2, UPDATE = 0, 1, 2

CLOCK_LIMIT = 1 << 31  # yrs keeps clocks in 32 bits; half of that leaves its sums room
AWARENESS_ENTRIES = 2_000  # a stock provider also echoes the entries of everybody it sees
AWARENESS_STATE_BYTES = 16_384


@dataclass(slots=True)
class SyncStep1:
    """Asks for what the sender lacks; `state_vector` says what it has, still encoded."""

    state_vector: bytes


@dataclass(slots=True)
class SyncStep2:
    """Answers a SyncStep1: everything the asker lacked, and the whole delete set."""

    update: bytes


@dataclass(slots=True)
class Update:
    """One live edit."""

    update: bytes


@dataclass(slots=True)
class Awareness:
    """Presence of one or more clients, still encoded: see `read_awareness`."""

    update: bytes


@dataclass(frozen=True, slots=True)
class QueryAwareness:
    """Asks for everybody's presence."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """A message that y-protocols knows and a server has no use for, auth (2): skipped."""

    kind: int


Message = SyncStep1 | SyncStep2 | Update | Awareness | QueryAwareness | Ignored


class Standing(NamedTuple):
    """Whether what the client sends is taken, from now on; `reason` says why not.

    `number`: the sync message of this connection that was not taken, 0 if this tells of none.
    """

    takes: bool
    number: int
    reason: str


class AwarenessEntry(NamedTuple):
    """Presence of one client: `state` is its JSON as sent, "null" once it has left."""

    client: int
    clock: int
    state: str


_SYNC_KINDS = (SyncStep1, SyncStep2, Update)
_QUERY_AWARENESS = QueryAwareness()


def decode(frame: bytes) -> Message:
    """Decode one binary frame.

    Raises MalformedMessage for a frame that is empty, cut short, has a tail, or is of a kind that
    y-protocols does not know: whoever sends it is told, and not left to wait for an answer.
    """
    if not frame:
        raise MalformedMessage("empty frame", offset=0)
    kind = frame[0]
    if kind == SYNC:
        if len(frame) < 2 or frame[1] > UPDATE:
            raise MalformedMessage("sync message of no known kind", offset=1)
        return _SYNC_KINDS[frame[1]](_last_byte_string(frame, 2))
    if kind == AWARENESS:
        return Awareness(_last_byte_string(frame, 1))
    if kind == QUERY_AWARENESS:
        if len(frame) > 1:
            raise MalformedMessage("query with a tail", offset=1)
        return _QUERY_AWARENESS
    if kind == AUTH:
        return Ignored(kind)
    raise MalformedMessage("message of no known kind", offset=0)


def _last_byte_string(frame: bytes, start: int) -> bytes:
    """The length-prefixed bytes that begin at `start` and must end the frame."""
    if start < len(frame) < start + 0x80 and frame[start] == len(frame) - start - 1:
        return frame[start + 1 :]  # most are short
    length, start = read_var_uint(frame, start)
    if start + length != len(frame):
        raise MalformedMessage(f"{length}-byte payload does not end the frame", offset=start)
    return frame[start:]


def read_var_uint(data: bytes, start: int) -> tuple[int, int]:
    """The number below 2^53 that begins at `start`, and the offset behind it."""
    try:
        return lib0.read_var_uint(data, start)
    except IndexError:
        raise MalformedMessage("number is cut short", offset=start) from None
    except OverflowError as error:
        raise MalformedMessage(str(error), offset=start) from None


_STEP_1, _STEP_2 = _JOINING = b"\x00\x00", b"\x00\x01"  # how they begin
EMPTY_STEP1, EMPTY_STEP2 = 4, 5  # bytes


def sync_step1(state_vector: bytes) -> bytes:
    """Frame that asks the other side for what `state_vector` lacks."""
    return _STEP_1 + write_var_uint(len(state_vector)) + state_vector


def sync_step2(update: bytes) -> bytes:
    """Frame that answers a SyncStep1."""
    return _STEP_2 + write_var_uint(len(update)) + update


def update(update: bytes) -> bytes:
    """Frame that carries a live edit."""
    return b"\x00\x02" + write_var_uint(len(update)) + update


def is_sync_step1(frame: bytes) -> bool:
    """Whether it is one; it may be cut short."""
    return frame[:2] == _STEP_1


def is_joining(frame: bytes) -> bool:
    """Whether it is a SyncStep1 or a SyncStep2."""
    return frame[:2] in _JOINING


def brings_edit(frame: bytes) -> bool:
    """Whether it is an update, or a SyncStep2 that is not empty."""
    return frame[:1] == b"\x00" and frame[1:2] in (b"\x01", b"\x02") and len(frame) > EMPTY_STEP2


def asks_for_rest(frame: bytes) -> bool:
    """Whether it is the SyncStep1 of somebody who has something already."""
    return is_sync_step1(frame) and len(frame) > EMPTY_STEP1


def ack(messages: int) -> bytes:
    """Frame that says: the first `messages` sync messages of this connection are durable."""
    return b"\x79" + write_var_uint(messages)


def standing(takes: bool, number: int, reason: str) -> bytes:
    """Frame that says what `Standing` does."""
    return bytes((STANDING, takes)) + write_var_uint(number) + _var_string(reason)


def read_standing(frame: bytes) -> Standing:
    """What a client reads in the frame. Raises MalformedMessage."""
    number, at = read_var_uint(frame, 2)
    return Standing(bool(frame[1]), number, _last_byte_string(frame, at).decode())


def notice(number: int, told: Mapping[str, Any]) -> bytes:
    """Frame that says: message `number` (0: one of an earlier connection) was put right."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return bytes((NOTICE,)) + write_var_uint(number) + _var_string(text)


def read_notice(frame: bytes) -> tuple[int, dict[str, Any]]:
    """The number and what is told. Raises MalformedMessage."""
    number, at = read_var_uint(frame, 1)
    told: dict[str, Any] = json.loads(_last_byte_string(frame, at))
    return number, told


def _var_string(text: str) -> bytes:
    encoded = text.encode()
    return write_var_uint(len(encoded)) + encoded


KEEPALIVE = (
    b"\x01\x01\x00"  # awareness of nobody; y-websocket hangs up after 30 s without a message
)


def awareness(entries: Iterable[AwarenessEntry]) -> bytes:
    """Frame with the presence of the given clients."""
    encoded = [awareness_entry(entry) for entry in entries]
    return awareness_of(len(encoded), b"".join(encoded))


def awareness_of(count: int, entries: bytes) -> bytes:
    """Frame with so many entries, each as `awareness_entry` encodes it, one behind the other."""
    update = write_var_uint(count) + entries
    return b"\x01" + write_var_uint(len(update)) + update


def awareness_entry(entry: AwarenessEntry) -> bytes:
    """One entry of an awareness update."""
    client, clock, state = entry
    return write_var_uint(client) + write_var_uint(clock) + _var_string(state)


def read_awareness(
    update: bytes,
    *,
    entries: int = AWARENESS_ENTRIES,
    state_bytes: int = AWARENESS_STATE_BYTES,
) -> list[AwarenessEntry]:
    """The entries of an awareness update, at most `entries` with states of at most `state_bytes`.

    The states are checked to be UTF-8 and no more; whoever uses one parses its JSON. A stock
    provider sends back the entries it received, so expect entries of other people.
    """
    count, at = read_var_uint(update, 0)
    if count > entries or count * 3 > len(update) - at:
        raise MalformedMessage(f"{count} awareness entries do not fit", offset=0)
    found = []
    for _ in range(count):
        client, at = read_var_uint(update, at)
        clock, at = read_var_uint(update, at)
        length, at = read_var_uint(update, at)
        if length > state_bytes:
            raise MalformedMessage(f"{length}-byte awareness state is too large", offset=at)
        found.append(AwarenessEntry(client, clock, _text(update, at, at + length)))
        at += length
    if at != len(update):
        raise MalformedMessage("tail after the last awareness entry", offset=at)
    return found


_ONE_ENTRY = re.compile(rb"\x01[\x80-\xff]{0,7}[\x00-\x7f]")  # one entry, and whose


def replaces(update: bytes, before: bytes) -> bool:
    """Whether an awareness update speaks for one client only, and is later than `before` there."""
    whose = _ONE_ENTRY.match(update)
    return whose is not None and before.startswith(whose[0])


def _text(data: bytes, start: int, end: int) -> str:
    if end > len(data):
        raise MalformedMessage("text is cut short", offset=start)
    try:
        return data[start:end].decode()
    except UnicodeDecodeError as error:
        raise MalformedMessage("text is not UTF-8", offset=start + error.start) from error


def read_state_vector(data: bytes, *, most: int | None = None) -> dict[int, int]:
    """Client id to clock: how many units of each client's history the sender has.

    Checked before any of it reaches pycrdt, which reserves memory for the count it is told. `most`:
    clients of a sender that is not ourselves. Raises MalformedMessage.
    """
    count, at = read_var_uint(data, 0)
    if (most is not None and count > most) or count * 2 > len(data) - at:
        raise MalformedMessage(f"{count} clients do not fit", offset=0)
    state_vector: dict[int, int] = {}
    for _ in range(count):
        client, at = read_var_uint(data, at)
        start = at
        clock, at = read_var_uint(data, at)
        if clock >= CLOCK_LIMIT:
            raise MalformedMessage(f"clock {clock} is not below 2^31", offset=start)
        state_vector[client] = clock
    if len(state_vector) != count:
        raise MalformedMessage("a client is listed twice", offset=0)
    if at != len(data):
        raise MalformedMessage("tail after the last client", offset=at)
    return state_vector


def write_state_vector(state_vector: Mapping[int, int]) -> bytes:
    """The bytes of a state vector, as pycrdt and Yjs read them."""
    parts = [write_var_uint(len(state_vector))]
    for client, clock in state_vector.items():
        parts += write_var_uint(client), write_var_uint(clock)
    return b"".join(parts)


def server_frame(payload: bytes) -> bytes:
    """One whole binary WebSocket frame, unmasked as a server sends it (RFC 6455 section 5.2).

    Built once and written to every socket of a room, beside the ASGI send path.
    """
    length = len(payload)
    if length < 126:
        return bytes((0x82, length)) + payload
    if length < 1 << 16:
        return b"\x82\x7e" + length.to_bytes(2, "big") + payload
    return b"\x82\x7f" + length.to_bytes(8, "big") + payload
