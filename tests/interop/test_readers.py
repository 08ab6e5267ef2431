"""One document, two readers: whatever it holds, server and client read the same of it.

Documents are made by random edits, in Python and in TypeScript, of what a board may hold and of
what a hostile or a future client may write in its place (as far as inspection lets it through).
"""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from boards.document import Document
from boards.schema import COLORS, LINK_KINDS
from tests.support.updates.client_reader import ClientReader
from tests.support.updates.documents import Edit, edited, reading
from tests.support.updates.values import DROP, at_times, either, numbers, texts
from tests.support.updates.yjs import from_base64, to_base64

BOARD = "board"

ids = st.sampled_from(["a", "b", "z\ufb01", "z\U0001f600"])
people = st.sampled_from(["p", "q", ""])
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
