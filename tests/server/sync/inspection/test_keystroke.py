"""The short way of the inspector for one keystroke: what it reads, the long way reads the same."""

import random
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Text

from boards.document import Document
from boards.edits import add_note
from server.sync.inspection import inspector
from server.sync.inspection.inspector import StructureRefused, read_update
from server.sync.inspection.keystroke import read_keystroke
from server.sync.inspection.report import (
    NO_LOW_SURROGATES,
    UPDATE_LIMITS,
    Inspection,
    LowSurrogates,
)
from server.sync.wire.lib0 import VAR_UINT_LIMIT
from tests.support.seed import rounds, seed
from tests.support.updates import yjs_bytes as yjs
from tests.support.updates.yjs_bytes import deletions, item, section, string, update

CLIENTS = st.one_of(st.integers(0, 300), st.integers(0, VAR_UINT_LIMIT - 1))
CLOCKS = st.one_of(st.integers(0, 300), st.integers(0, 1 << 32))
TEXTS = st.one_of(
    st.text(max_size=40), st.sampled_from(["ä", "ß€", "🌲", "e\N{COMBINING ACUTE ACCENT}"])
)


def typed(client: int, clock: int, text: str | bytes, *, after: int | None = None) -> bytes:
    left = (client, clock - 1 if after is None else after)
    return update(section(client, clock, [item(yjs.STRING, string(text), left=left)]))


def agree(data: bytes, surrogates: LowSurrogates = NO_LOW_SURROGATES) -> Inspection | None:
    """What the short way reads, if it reads anything; then the long way must read the same."""
    found = read_keystroke(data, UPDATE_LIMITS, surrogates)
    if found is not None:
        assert found == read_update(data, UPDATE_LIMITS, None, surrogates)
    return found


@given(client=CLIENTS, clock=CLOCKS, after=CLOCKS, text=TEXTS, cut=st.sets(st.integers(0, 300)))
def test_both_read_the_same_of_what_is_typed(
    client: int, clock: int, after: int, text: str, cut: set[int]
) -> None:
    agree(typed(client, clock, text, after=after))
    agree(typed(client, clock, text, after=after), {client: cut})


def test_both_read_the_same_of_what_is_almost_a_keystroke() -> None:
    dice = random.Random(seed())
    read = 0
    for _ in range(rounds(20_000)):
        client, clock = dice.choice([5, 200, 1 << 31]), dice.choice([1, 127, 128, 70_000])
        data = bytearray(typed(client, clock, dice.choice(["a", "hei", "sää", "🌲"])))
        for _ in range(dice.randrange(3)):
            data[dice.randrange(len(data))] = dice.choice(
                [0, 1, 4, 0x84, 0xC4, dice.randrange(256)]
            )
        read += agree(bytes(data)) is not None
    assert read > 1000


@pytest.mark.parametrize("text", ["a", "hei", "sää", "日本", "x" * 127])
@pytest.mark.parametrize("client", [1, 127, 128, 1 << 49, VAR_UINT_LIMIT - 1])
@pytest.mark.parametrize("clock", [1, 128, 1 << 27])
def test_a_keystroke_is_recognised(client: int, clock: int, text: str) -> None:
    found = agree(typed(client, clock, text))
    assert (found is not None) == (len(text.encode()) < 128)
    assert found is None or found.ranges == {client: (clock, clock + len(text))}


def test_all_keys_are_that_somebody_types_after_the_first() -> None:
    document = Document()
    note = document.record(lambda: add_note(document, "b", zone="challenges", text="", at=1))[0]
    text: Text = document.root("notes")[note]["text"]
    sent = [
        document.record(partial(text.insert, len(text), letter))[1] for letter in "Hyvää päivää!"
    ]
    assert [agree(each) is not None for each in sent] == [False] + [True] * (len(sent) - 1)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0\0",
        typed(5, 10, "🌲"),
        typed(5, 10, "x" * 128),
        update(section(5, 10, [item(yjs.STRING, string("a"), left=(6, 9))])),
        update(section(5, 10, [item(yjs.STRING, string("a"), left=(5, 9), right=(5, 8))])),
        update(section(5, 10, [item(yjs.STRING, string("a"), parent=(5, 9))])),
        update(section(5, 10, [item(yjs.ANY, b"\1\x7e", left=(5, 9))])),
        update(
            section(5, 10, [item(yjs.STRING, string("a"), left=(5, 9))]),
            deleted=[deletions(5, [(0, 1)])],
        ),
    ],
)
def test_everything_else_is_left_to_the_long_way(data: bytes) -> None:
    assert read_keystroke(data, UPDATE_LIMITS, NO_LOW_SURROGATES) is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (typed(5, 10, "a", after=10), "order"),
        (typed(5, 10, ""), "count"),
        (typed(5, 10, b"\xff"), "utf-8"),
        (typed(5, 10, b"\xed\xa0\x80"), "utf-8"),
        (typed(5, 10, "ab").replace(b"\2ab", b"\1ab"), "deletions"),
        (typed(VAR_UINT_LIMIT, 10, "a"), "number"),
        (b"\x01\x01\x85\x00\x0a\x84\x85\x00\x09\x01a\x00", "number"),
        (b"\x01\x01\x05\x8a\x00\x84\x05\x09\x01a\x00", "number"),
    ],
)
def test_faults_are_refused_by_the_long_way(data: bytes, reason: str) -> None:
    assert read_keystroke(data, UPDATE_LIMITS, NO_LOW_SURROGATES) is None
    with pytest.raises(StructureRefused) as refused:
        inspector.inspect(data, UPDATE_LIMITS, None)
    assert refused.value.reason == reason


def test_a_character_of_two_halves_is_not_cut() -> None:
    assert agree(typed(5, 10, "a", after=7), {5: {9}}) is not None
    assert read_keystroke(typed(5, 10, "a", after=8), UPDATE_LIMITS, {5: {9}}) is None
    with pytest.raises(StructureRefused, match="surrogate"):
        inspector.inspect(typed(5, 10, "a", after=8), UPDATE_LIMITS, None, {5: {9}})


def test_limits_are_left_to_the_long_way() -> None:
    assert (
        read_keystroke(typed(5, 10, "hei"), replace(UPDATE_LIMITS, text_bytes=2), NO_LOW_SURROGATES)
        is None
    )
    jump = typed(5, 10, "a", after=3)
    assert agree(jump) is not None
    assert read_keystroke(jump, replace(UPDATE_LIMITS, scattered=0), NO_LOW_SURROGATES) is None
    assert (
        read_keystroke(typed(5, 10, "a"), replace(UPDATE_LIMITS, scattered=0), NO_LOW_SURROGATES)
        is not None
    )
