"""Reading order, the same as the client's (tests/vectors/order.json)."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from boards.order import in_reading_order
from boards.schema import Note
from tests.boards.order_vectors import FILE, NAMED, as_note, written

BY_HAND = {
    "one band reads from left to right": "ab",
    "the next band begins at 120": "ab",
    "above the zone's top is a band of its own": "ab",
    "same band and x: by y": "ab",
    "same place: by id": "Aab",
    "unplaced come last": "ba",
    "unplaced by group, the whole team's first": "abc",
    "then by creation, as a number": "ba",
    "then by id": "ab",
    "ids compare by UTF-16 unit": "ä\U0001f600\ufb01",
    "groups compare by UTF-16 unit": "cba",
    "times beyond 20 digits still are numbers": "ba",
    "no notes": "",
    "a theme is read where it stands, whatever its notes say": "abecd",
    "a theme without a place is read where the first of its notes would be": "acefbd",
    "two themes are not mixed": "cadb",
}


def test_the_vectors_that_the_client_reads_are_ours() -> None:
    assert FILE.read_text(encoding="utf-8") == written(), "run python -m tests.boards.order_vectors"


def test_named_vectors_are_what_a_person_expects() -> None:
    vectors = {vector["name"]: vector["order"] for vector in json.loads(FILE.read_text("utf-8"))}
    assert {name: "".join(vectors[name]) for name in NAMED} == BY_HAND


notes = st.builds(
    Note,
    id=st.text(alphabet="abc", min_size=1, max_size=3),
    zone=st.sampled_from("xyz"),
    text=st.just(""),
    group=st.none() | st.sampled_from(["g1", "g2"]),
    at=st.integers(0, 3),
    position=st.none() | st.tuples(st.integers(-200, 400), st.integers(-200, 400)),
)


@given(st.lists(notes, unique_by=lambda note: note.id), st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_the_order_given(given: list[Note], dice: object) -> None:
    shuffled = list(given)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert in_reading_order(shuffled, "yx") == in_reading_order(given, "yx")
    zones = [note.zone for note in in_reading_order(given, "yx")]
    assert zones == sorted(zones, key="yxz".index)


def test_as_note_reads_a_plain_vector() -> None:
    assert as_note(NAMED["unplaced come last"][0]).position is None
