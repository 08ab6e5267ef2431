"""The gap gate over state vectors (docs/protocol.md, rules IN10-IN13)."""

import pytest

from server.sync.inspection.gaps import Gap, advance, authors, gap, is_fresh, is_known
from server.sync.inspection.inspector import UPDATE_LIMITS, Inspection, inspect, root_names
from server.sync.wire.lib0 import write_var_uint
from tests.support.updates import yjs_bytes as yjs
from tests.support.updates.yjs_bytes import any_value, deletions, item, run, section, string, update

VALUE = write_var_uint(1) + any_value(1)
THREE_LETTERS = string("abc")


def letters(client: int, clock: int, left: tuple[int, int]) -> bytes:
    return section(client, clock, [item(yjs.STRING, THREE_LETTERS, left=left)])


def inspected(data: bytes) -> Inspection:
    return inspect(data, UPDATE_LIMITS, root_names("notes"))


OWN = update(letters(1, 5, (1, 4)))  # 1/5 to 1/8
OF_OTHERS = update(letters(1, 0, (2, 7)))
DELETING = update(deleted=[deletions(2, [(1, 1), (4, 3)])])
BOTH = update(letters(1, 0, (2, 5)), letters(2, 3, (2, 2)))


@pytest.mark.parametrize(
    ("data", "state_vector", "missing"),
    [
        (OWN, {1: 5}, None),
        (OWN, {1: 6}, None),
        (OWN, {1: 9}, None),
        (OWN, {1: 4}, Gap(1, 4)),
        (OWN, {}, Gap(1, 0)),
        (OF_OTHERS, {2: 8}, None),
        (OF_OTHERS, {2: 7}, Gap(2, 7)),
        (OF_OTHERS, {}, Gap(2, 0)),
        (DELETING, {2: 7}, None),
        (DELETING, {2: 6}, Gap(2, 6)),
        (DELETING, {1: 9}, Gap(2, 0)),
        (BOTH, {2: 3}, None),
        (BOTH, {2: 2}, Gap(2, 2)),
        (update(), {}, None),
    ],
)
def test_in10_the_first_missing_struct_is_named(
    data: bytes, state_vector: dict[int, int], missing: Gap | None
) -> None:
    assert gap(inspected(data), state_vector) == missing


def test_in10_what_the_update_brings_itself_is_not_missing() -> None:
    beyond = update(letters(1, 0, (2, 6)), letters(2, 3, (2, 2)))
    assert gap(inspected(beyond), {2: 3}) == Gap(2, 6)
    own_deletions = update(letters(1, 0, (2, 0)), deleted=[deletions(1, [(0, 3)])])
    assert gap(inspected(own_deletions), {2: 1}) is None


def test_in11_a_skip_covers_only_what_is_known() -> None:
    value = item(yjs.ANY, VALUE, root="notes", key="k")
    other = item(yjs.ANY, VALUE, root="notes", key="l")
    skipping = inspected(update(section(1, 2, [value, run(yjs.SKIP, 4), other])))
    assert (skipping.ranges, skipping.skips) == ({1: (2, 8)}, {1: 7})
    assert gap(skipping, {1: 6}) == Gap(1, 6)
    assert gap(skipping, {1: 7}) is None


def test_in12_known_is_what_brings_no_struct() -> None:
    assert is_known(inspected(OWN), {1: 8})
    assert not is_known(inspected(OWN), {1: 7})
    assert is_known(inspected(DELETING), {2: 7})
    assert not is_known(inspected(DELETING), {2: 6})
    assert is_known(inspected(update()), {})


def test_in12_fresh_is_what_brings_only_new_structs() -> None:
    assert is_fresh(inspected(OWN), {1: 5})
    assert not is_fresh(inspected(OWN), {1: 6})
    assert not is_fresh(inspected(DELETING), {2: 7})
    assert list(authors(inspected(BOTH), {1: 3, 2: 4})) == [2]


def test_in12_advancing_never_goes_back() -> None:
    state_vector = {1: 6, 2: 3}
    advance(state_vector, inspected(OWN))
    advance(state_vector, inspected(BOTH))
    assert state_vector == {1: 8, 2: 6}
    assert gap(inspected(OWN), state_vector) is None


def test_in13_a_document_does_not_end_within_a_character() -> None:
    tree = update(section(1, 4, [item(yjs.STRING, string("a🌲"), left=(1, 3))]))
    assert gap(inspected(tree), {1: 4}) is None
    assert gap(inspected(tree), {1: 5}) is None
    assert gap(inspected(tree), {1: 6}) == Gap(1, 5)
    assert gap(inspected(tree), {1: 7}) is None
