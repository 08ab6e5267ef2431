"""One desk, two readers: whatever it holds, server and client read the same of it."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from boards.desk import FIELDS, JOINING, ROLES, Timer
from boards.desk_edits import put_field
from boards.desk_parts.board_rights import SCOPES
from boards.document import Document
from boards.texts import LANGUAGES
from tests.support.updates.client_reader import ClientReader
from tests.support.updates.documents import Edit, desk_reading, edited
from tests.support.updates.values import at_times, either, numbers, odd, words
from tests.support.updates.yjs import from_base64, to_base64

ids = st.sampled_from(["a", "b", "z\ufb01", "z\U0001f600", "constructor", "__proto__", ""])
keys = st.sampled_from(["a", "b", "z\ufb01", "toString", ""])  # in a plain value
names = st.sampled_from(["Anna", "anna", "ANNA (2)", " Anna", "\ufb01", "fi", "\u200b", ""])
states = st.sampled_from(["open", "closed"])
MISSING = object()


def shape(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An object with these fields, mostly; one or the other is something else, or missing."""
    loose = {name: either(*[value] * 8, odd, st.just(MISSING)) for name, value in fields.items()}
    return st.fixed_dictionaries(loose).map(
        lambda told: {name: value for name, value in told.items() if value is not MISSING}
    )


def by_key(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.dictionaries(keys, either(values, values, values, odd), max_size=3)


groups = shape(
    id=ids,
    name=words,
    board=ids,
    people=st.lists(ids | odd, max_size=3),
    pages=st.lists(numbers | odd, max_size=3),
    left=by_key(numbers),
    late=numbers | st.none(),
)
FIELD: dict[str, st.SearchStrategy[Any]] = {
    "title": words,
    "language": st.sampled_from([*LANGUAGES, "de"]),
    "workbook": words,
    "stage": words,
    "board": ids,
    "reached": shape(board=ids, at=numbers),
    "invitation": shape(board=ids, ends=numbers),
    "starts": by_key(numbers),
    "timer": shape(ends=numbers, seconds=numbers, paused=numbers | st.none()),
    "announcement": shape(id=words, text=words, at=numbers),
    "restored": shape(id=words, board=words, person=words, at=numbers),
    "locks": by_key(st.booleans()),
    "votes": by_key(shape(dots=numbers, hidden=st.booleans(), open=st.booleans())),
    "rights": by_key(
        shape(
            add=st.booleans(),
            edit=st.sampled_from([*SCOPES, "some"]),
            move=st.sampled_from([*SCOPES, "some"]),
            delete=st.sampled_from([*SCOPES, "some"]),
            most=numbers | st.none(),
            anonymous=st.booleans() | words,
        )
    ),
    "locked_parts": by_key(
        shape(
            zones=st.lists(ids | odd, max_size=3),
            notes=st.lists(ids | odd, max_size=3),
        )
    ),
    "assessment": by_key(shape(round=numbers, state=states)),
    "guidance": by_key(odd),
    "previous": shape(workshop=words, title=words),
    "join_code": words,
    "joining": st.sampled_from([*JOINING, "never"]),
    "passphrase": st.booleans(),
    "schema": numbers,
}
ENTRY: dict[str, st.SearchStrategy[Any]] = {
    "people": shape(name=names, role=st.sampled_from(ROLES), color=numbers, joined=numbers),
    "boards": shape(key=words, kind=words, lineage=words, breakout=ids, group=ids),
    "breakouts": shape(
        board=ids,
        state=states,
        created=numbers,
        merged=numbers | st.none(),
        closed=numbers | st.none(),
        groups=st.lists(groups | odd, max_size=3),
    ),
}
EDITS = either(
    *(st.tuples(st.just("desk"), st.just(name), at_times(told)) for name, told in FIELD.items()),
    *(
        st.tuples(st.just(root), ids, at_times(told))
        for root, told in ENTRY.items()
        for _ in "1234"
    ),
)


def test_every_field_of_the_desk_is_tried() -> None:
    assert set(FIELD) == FIELDS


@given(edits=st.lists(EDITS, min_size=8, max_size=40))
def test_server_and_client_read_the_same_of_any_desk(
    client: ClientReader, edits: list[Edit]
) -> None:
    here = edited(edits)
    told = client.ask("desk", edits=edits, update=to_base64(here.get_update()))
    there = desk_reading(Document(from_base64(told["update"])))
    assert told["edited"] == there
    assert told["arrived"] == desk_reading(here)
    assert there == desk_reading(here)


def test_a_whole_number_of_any_size_arrives(client: ClientReader) -> None:
    """The engine writes those beyond 2^53 in a way that a browser reads as another type."""
    document = Document()
    put_field(document, "timer", Timer(ends=2**53 + 2, seconds=2**60, paused=2**40))
    told = client.ask("desk", edits=[], update=to_base64(document.get_update()))
    timer = told["arrived"]["timer"]
    assert timer == {"ends": 2**53 + 2, "seconds": 2**60, "paused": 2**40, "locks": None}
