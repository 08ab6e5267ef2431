"""Frames, state vectors and awareness as bytes (docs/protocol.md, rules WR1-WR8)."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from server.sync.errors import MalformedMessage
from server.sync.wire import messages
from server.sync.wire.lib0 import write_var_uint
from server.sync.wire.messages import (
    Awareness,
    AwarenessEntry,
    Ignored,
    QueryAwareness,
    SyncStep1,
    SyncStep2,
    Update,
)
from tests.support.updates.yjs import from_base64
from tests.support.updates.yjs_bytes import awareness_update

VECTORS = Path(__file__).parents[3] / "vectors" / "wire.json"

numbers = st.integers(0, 2**53 - 1)
payloads = st.binary(max_size=300)
entries = st.lists(st.builds(AwarenessEntry, numbers, numbers, st.text(max_size=40)), max_size=5)


@pytest.fixture(scope="module")
def written() -> Any:
    """What y-protocols wrote (tests/support/updates/yjs_peer.mjs, vectors)."""
    return json.loads(VECTORS.read_text())


def test_wr1_decodes_what_y_protocols_writes(written: Any) -> None:
    frame = {name: from_base64(text) for name, text in written.items() if isinstance(text, str)}
    assert messages.decode(frame["step1"]) == SyncStep1(frame["stateVector"])
    assert messages.decode(frame["step2"]) == SyncStep2(frame["whole"])
    assert messages.decode(frame["update"]) == Update(frame["edit"])
    assert isinstance(messages.decode(frame["awareness"]), Awareness)
    assert messages.decode(frame["query"]) == QueryAwareness()


def test_wr1_writes_what_y_protocols_writes(written: Any) -> None:
    frame = {name: from_base64(text) for name, text in written.items() if isinstance(text, str)}
    assert messages.sync_step1(frame["stateVector"]) == frame["step1"]
    assert messages.sync_step2(frame["whole"]) == frame["step2"]
    assert messages.update(frame["edit"]) == frame["update"]


def test_wr6_acks_gates_and_notices_are_spelt_as_browsers_read_them() -> None:
    """client/src/net/wire/tests/frames.test.ts reads the same file."""
    frames = json.loads((VECTORS.parent / "frames.json").read_text())
    for ack in frames["acks"]:
        assert messages.ack(ack["count"]).hex() == ack["frame"]
    for told in frames["standings"]:
        said = messages.Standing(told["takes"], told["number"], told["reason"])
        assert messages.standing(said.takes, said.number, said.reason).hex() == told["frame"]
        assert messages.read_standing(bytes.fromhex(told["frame"])) == said
    for notice in frames["notices"]:
        assert messages.notice(notice["message"], notice["told"]).hex() == notice["frame"]
        read = messages.read_notice(bytes.fromhex(notice["frame"]))
        assert read == (notice["message"], notice["told"])


@given(payloads)
def test_wr1_frames_come_back_as_they_went(payload: bytes) -> None:
    assert messages.decode(messages.sync_step1(payload)) == SyncStep1(payload)
    assert messages.decode(messages.sync_step2(payload)) == SyncStep2(payload)
    assert messages.decode(messages.update(payload)) == Update(payload)


@given(
    st.sampled_from([messages.sync_step1, messages.sync_step2, messages.update]),
    payloads,
    st.data(),
)
def test_wr1_a_cut_or_lengthened_frame_is_malformed(
    encode: Any, payload: bytes, data: st.DataObject
) -> None:
    frame = encode(payload)
    cut = data.draw(st.integers(0, len(frame) - 1))
    for wrong in frame[:cut], frame + b"\0":
        with pytest.raises(MalformedMessage):
            messages.decode(wrong)


@given(st.binary(max_size=60))
@example(b"")
@example(b"\0\0\xff\xff\xff\xff\xff\xff\xff\x7f")
@example(b"\1\xff\xff\xff\xff\xff\xff\xff\x0f")
def test_wr1_any_bytes_are_a_message_or_malformed(frame: bytes) -> None:
    problem = None
    try:
        assert isinstance(messages.decode(frame), messages.Message)
    except MalformedMessage as error:
        problem = error
    assert problem is None or 0 <= problem.offset <= len(frame)


@pytest.mark.parametrize(
    ("frame", "offset"),
    [(b"", 0), (b"\0", 1), (b"\0\3\0", 1), (b"\0\x80", 1), (b"\0\2", 2), (b"\0\2\5a", 3)],
)
def test_wr1_malformed_frames_say_where(frame: bytes, offset: int) -> None:
    with pytest.raises(MalformedMessage) as caught:
        messages.decode(frame)
    assert caught.value.offset == offset


@given(numbers)
def test_wr2_numbers_come_back(number: int) -> None:
    encoded = write_var_uint(number)
    assert messages.read_var_uint(b"x" + encoded + b"\xff", 1) == (number, 1 + len(encoded))


def test_wr2_numbers_are_written_as_lib0_writes_them(written: Any) -> None:
    for number, encoded in written["numbers"]:
        assert write_var_uint(number) == from_base64(encoded)


@pytest.mark.parametrize(
    "encoded",
    [b"", b"\x80", b"\xff" * 7, write_var_uint(2**53), b"\xff" * 200_000, b"\x80\x00"],
    ids=["none", "one byte of more", "seven of more", "2^53", "endless", "overlong"],
)
def test_wr2_other_numbers_are_malformed(encoded: bytes) -> None:
    with pytest.raises(MalformedMessage):
        messages.read_var_uint(encoded, 0)


def test_wr3_auth_is_skipped(written: Any) -> None:
    assert messages.decode(from_base64(written["denied"])) == Ignored(2)


@pytest.mark.parametrize(
    "frame", [b"\0\3\1a", messages.ack(7), b"\xc8\x01whatever", b"hello", b"\xff"]
)
def test_wr3_a_message_of_no_known_kind_is_malformed(frame: bytes) -> None:
    with pytest.raises(MalformedMessage):
        messages.decode(frame)


def test_wr4_reads_the_state_vector_of_yjs(written: Any) -> None:
    clocks = {int(client): clock for client, clock in written["clocks"].items()}
    assert len(clocks) > 3
    assert messages.read_state_vector(from_base64(written["stateVector"])) == clocks


@given(st.dictionaries(numbers, st.integers(0, messages.CLOCK_LIMIT - 1), max_size=20))
def test_wr4_state_vectors_come_back(clocks: dict[int, int]) -> None:
    assert messages.read_state_vector(messages.write_state_vector(clocks)) == clocks


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\1",
        b"\1\5",
        b"\1\5\5\5",
        b"\2\5\1\5\2",
        b"\xff\xff\xff\xff\xff\xff\xff\x0f\1\1",
        b"\1\5" + write_var_uint(messages.CLOCK_LIMIT),
    ],
    ids=["empty", "no client", "no clock", "tail", "twice", "huge count", "huge clock"],
)
def test_wr4_other_state_vectors_are_malformed(data: bytes) -> None:
    with pytest.raises(MalformedMessage):
        messages.read_state_vector(data)


def test_wr5_reads_the_awareness_of_y_protocols(written: Any) -> None:
    message = messages.decode(from_base64(written["awareness"]))
    assert isinstance(message, Awareness)
    [entry] = messages.read_awareness(message.update)
    assert entry.client == written["client"]
    assert json.loads(entry.state) == {"user": {"name": "Koivu 🌲"}, "cursor": [1, 2]}
    message = messages.decode(from_base64(written["left"]))
    assert isinstance(message, Awareness)
    [left] = messages.read_awareness(message.update)
    assert left == (written["client"], entry.clock + 1, "null")


@given(entries)
def test_wr5_awareness_comes_back(present: list[AwarenessEntry]) -> None:
    message = messages.decode(messages.awareness(present))
    assert isinstance(message, Awareness)
    assert messages.read_awareness(message.update) == present


@given(entries.filter(bool), st.data())
def test_wr5_cut_awareness_is_malformed(present: list[AwarenessEntry], data: st.DataObject) -> None:
    encoded = awareness_update(present)
    with pytest.raises(MalformedMessage):
        messages.read_awareness(encoded[: data.draw(st.integers(0, len(encoded) - 1))])
    with pytest.raises(MalformedMessage):
        messages.read_awareness(encoded + b"\0")


def test_wr5_awareness_is_bounded_at_the_limit() -> None:
    two = awareness_update([AwarenessEntry(1, 1, "12345"), AwarenessEntry(2, 1, "null")])
    assert len(messages.read_awareness(two, entries=2, state_bytes=5)) == 2
    with pytest.raises(MalformedMessage, match="do not fit"):
        messages.read_awareness(two, entries=1, state_bytes=5)
    with pytest.raises(MalformedMessage, match="too large"):
        messages.read_awareness(two, entries=2, state_bytes=4)
    with pytest.raises(MalformedMessage, match="do not fit"):
        messages.read_awareness(write_var_uint(2**50) + two[1:])
    with pytest.raises(MalformedMessage, match="UTF-8"):
        messages.read_awareness(b"\1\1\1\2\xc3\x28")


def test_wr6_an_ack_is_type_121_and_a_count() -> None:
    assert messages.ack(0) == b"\x79\0"
    assert messages.ack(300) == b"\x79\xac\x02"


def test_wr7_the_keepalive_is_awareness_of_nobody() -> None:
    message = messages.decode(messages.KEEPALIVE)
    assert isinstance(message, Awareness)
    assert messages.read_awareness(message.update) == []


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 65_535, 65_536, 70_000])
def test_wr8_server_frames_are_those_of_rfc_6455(length: int) -> None:
    payload = b"\x7f" * length
    assert messages.server_frame(payload) == Frame(Opcode.BINARY, payload).serialize(mask=False)
