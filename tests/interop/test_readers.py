"""One document, two readers: whatever it holds, server and client read the same of it.

Documents are made by random edits, in Python and in TypeScript, of what a board may hold and of
what a hostile or a future client may write in its place (as far as inspection lets it through).
"""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boards.document import Document
from boards.schema import COLORS, LINK_KINDS
from tests.support.updates.client_reader import ClientReader
from tests.support.updates.documents import Edit, edited, reading
from tests.support.updates.yjs import from_base64, to_base64

BOARD = "board"

ids = st.sampled_from(["a", "b", "z\ufb01", "z\U0001f600"])
people = st.sampled_from(["p", "q", ""])
words = st.text(st.sampled_from("ab Ä\n#/"), max_size=4)
numbers = st.one_of(
    st.integers(-3, 3),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.sampled_from([0.5, 1.5, -0.5, 99, 99.5, 100, 1e22, 119.5, 120]),
)
odd = st.recursive(
    st.none() | st.booleans() | numbers | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=2),
    max_leaves=4,
)
texts = words.map(lambda text: {"$text": text})
days = st.sampled_from(
    ["2024-02-29", "2023-02-29", "2026-05-01", "1999-12-31", "2199-12-31", "2200-01-01", "2024-2-1"]
)
ends = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "", f"{BOARD}#", "other#", "#"]),
        st.sampled_from(["", "", "row/", "answer/", "experiment/"]),
        st.sampled_from(["a", "b", "", "a#b", "row/a"]),
    ),
)


def either(*of: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """One of them, each as often, however many kinds of values it has itself."""

    @st.composite
    def one(draw: st.DrawFn) -> Any:
        return draw(of[draw(st.integers(0, len(of) - 1))])

    return one()


def at_times(value: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Mostly this; a text or a map in its place, something else, or nothing."""
    wrong = st.one_of(odd, texts, st.just({"$map": {"text": {"$text": "x"}}}), st.just(DROP))
    return either(*[value] * 9, wrong)


DROP = {"$drop": True}
FIELDS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "notes": {
        "text": texts,
        "zone": st.sampled_from(["x", "y"]),
        "color": st.sampled_from(COLORS),
        "at": numbers,
        "author": people,
        "group": people,
        "theme": ids,
        "carried": st.booleans(),
        "del": st.booleans(),
    },
    "themes": {"name": texts, "zone": st.sampled_from(["x", "y"]), "del": st.booleans()},
    "experiments": {
        "what": texts,
        "at": numbers,
        "start": days,
        "end": days,
        "check/2026-05-01": st.booleans(),
        "check/1999-05-01": st.just(True),
        "check/": st.just(True),
        "group": people,
        "del": st.booleans(),
    },
}
links = st.fixed_dictionaries(
    {"from": ends, "to": ends, "kind": st.sampled_from([*LINK_KINDS, "inspires"])}
)
places = either(numbers, st.sampled_from([-1, 0, 0.5, 119, 119.5, 120, 240, 100_001]))
ENTRIES: dict[str, tuple[st.SearchStrategy[str], st.SearchStrategy[Any]]] = {
    f"layout/{BOARD}": (ids, st.lists(places, min_size=2, max_size=2)),
    "links": (ids, either(links, links, links.map(lambda fields: {"$map": fields}))),
    "votes": (st.builds("{}/{}".format, ids, people) | ids, numbers),
    "answers": (st.sampled_from(["q", "q/g", ""]), texts),
}


def whole(root: str) -> st.SearchStrategy[Any]:
    """An item with what it cannot do without, mostly, and with any of the rest."""
    fields = {name: at_times(value) for name, value in FIELDS[root].items()}
    needed = {name: fields.pop(name) for name in ("text", "name", "zone") if name in fields}
    told = st.fixed_dictionaries(needed, optional=fields)
    return told.map(lambda told: {"$map": {k: v for k, v in told.items() if v != DROP}})


def edits_of(root: str) -> st.SearchStrategy[Edit]:
    """Items that come, go and change, one field at a time."""
    put = st.tuples(st.just(root), ids, at_times(whole(root)))
    change = st.sampled_from(sorted(FIELDS[root])).flatmap(
        lambda name: st.tuples(st.just(root), ids, st.just(name), at_times(FIELDS[root][name]))
    )
    return either(put, put, change)


EDITS = either(
    *(edits_of(root) for root in ("notes", "notes", "notes", "themes", "experiments")),
    *(st.tuples(st.just(root), key, at_times(value)) for root, (key, value) in ENTRIES.items()),
)


@pytest.fixture(scope="module")
def client() -> Iterator[ClientReader]:
    reader = ClientReader()
    yield reader
    reader.close()


@given(edits=st.lists(EDITS, min_size=12, max_size=40))
def test_server_and_client_read_the_same_of_any_board(
    client: ClientReader, edits: list[Edit]
) -> None:
    here = edited(edits)
    told = client.ask("board", board=BOARD, edits=edits, update=to_base64(here.get_update()))
    there = reading(Document(from_base64(told["update"])), BOARD)
    assert told["edited"] == there
    assert told["arrived"] == reading(here, BOARD)
    assert there == reading(here, BOARD)
