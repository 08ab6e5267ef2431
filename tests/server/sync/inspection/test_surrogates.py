"""Characters that JavaScript counts as two: how many units they take, where their halves are."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.sync.inspection.clocks import survey
from server.sync.inspection.surrogates import ClockSet, count_units
from tests.support.updates import yjs_bytes as yjs
from tests.support.updates.yjs_bytes import item, section, string, update

texts = st.text(st.sampled_from("a ä€🌲😀\U0010ffff"), max_size=40)
clocks = st.integers(0, 3 << 11) | st.integers(0, (1 << 31) - 100)
TREES = "🌲" * 16_000  # nearly what one text may hold
RUNS = 60


def low_surrogates(text: str, clock: int) -> set[int]:
    """One unit at a time."""
    units = text.encode("utf-16-le")
    return {clock + n for n in range(len(units) // 2) if 0xDC <= units[2 * n + 1] < 0xE0}


@given(st.lists(st.tuples(texts, clocks), max_size=8))
def test_in13_units_and_second_halves_are_those_of_utf16(given_: list[tuple[str, int]]) -> None:
    found, expected = ClockSet(), set[int]()
    for text, clock in given_:
        halves = low_surrogates(text, clock)
        assert count_units(text.encode(), clock, found) == len(text.encode("utf-16-le")) // 2
        expected |= halves
        assert all(
            half in found and (half + 1 in found) == (half + 1 in expected) for half in halves
        )
    together = ClockSet()
    together.update(found)
    assert list(together) == sorted(expected)
    assert len(together) == len(expected)
    assert bool(together) == bool(expected)


def test_what_is_no_utf8_is_told() -> None:
    with pytest.raises(UnicodeDecodeError):
        count_units(b"\xff", 0)


def test_a_board_of_them_takes_less_memory_than_its_bytes() -> None:
    text = (7, 1)
    note = [item(yjs.TYPE, bytes([yjs.MAP]), root="notes", key="n")]
    structs = [item(yjs.STRING, string(TREES), parent=text) for _ in range(RUNS)]
    parent = item(yjs.TYPE, bytes([yjs.TEXT]), parent=(7, 0), key="text")
    data = update(section(7, 0, [*note, parent, *structs]))
    tracemalloc.start()
    try:
        found = survey(data)
        held, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(found.surrogates[7]) == RUNS * len(TREES)
    assert held < len(data) / 10
    assert most < len(data)
