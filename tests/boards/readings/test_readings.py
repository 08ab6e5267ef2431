"""What is read of a document is what the vectors say, which the client reads as well."""

import json
from typing import Any

import pytest

from boards.desk import FIELDS
from tests.boards.readings.schema_vectors import CASES, FILES, VECTORS, written


@pytest.mark.parametrize("name", FILES)
def test_the_vectors_that_the_client_reads_are_ours(name: str) -> None:
    now = written(FILES[name]())
    assert (VECTORS / name).read_text("utf-8") == now, (
        "run python -m tests.boards.readings.schema_vectors"
    )


def test_every_field_of_the_desk_is_in_a_vector() -> None:
    """With a value that no reader makes up: one that does not know the field fails its vector."""
    found = {one["name"]: one["reading"] for one in vectors("desk.json")}
    full, empty = found["a desk with all it can have"], found["nothing"]
    assert {name for name in full if full[name] == empty[name]} == set()
    assert set(full) == FIELDS | {"people", "boards", "breakouts"}


SHORT: dict[str, Any] = {
    "a note needs a text that can be written on": "",
    "a note needs a zone": "",
    "a deleted note is not there, one deleted by anything but true is": "b",
    "votes are of somebody on something, from 1 to 99": "a",
    "a link that cannot be understood is left out": "l",
    "a link may be a map": "l",
    "answers are texts": "q",
    "experiments stand oldest first, and not when deleted": "cab",
    "a theme without a living note, taken apart or without a name does not stand": "bc",
}


def test_named_vectors_are_what_a_person_expects() -> None:
    """What stands, by id: notes, themes, links, answers, experiments."""
    found = {one["name"]: one["reading"] for one in vectors("schema.json")}
    assert found.keys() == CASES.keys()
    assert {name: standing(found[name]) for name in SHORT} == SHORT


def vectors(name: str) -> Any:
    return json.loads((VECTORS / name).read_text("utf-8"))


def standing(reading: Any) -> str:
    notes = [note["id"] for zone in reading["notes"].values() for note in zone]
    links = [link[0] for link in reading["links"]]
    return "".join(
        [
            *notes,
            *reading["themes"],
            *links,
            *reading["answers"],
            *(one["id"] for one in reading["experiments"]),
        ]
    )
