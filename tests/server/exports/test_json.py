"""JSON: complete, in a fixed shape, and read back without loss."""

import json
from dataclasses import replace
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boards.document import Document
from boards.edits import add_note, add_theme, move_theme, set_theme, vote
from boards.interchange import board_json
from boards.schema import Board, Experiment, Link, Note, Theme, read_board
from server.exports import ExportContext
from server.exports.context import LEAVABLE, trimmed
from server.exports.formats.json import PUBLISHED, write_json, write_whole_json
from tests.server.exports.day import day
from tests.server.exports.samples import HOSTILE, KINDS, context_of, phenomena

KEYS = (
    *("schema", "version", "exported_at", "workshop", "title", "group", "groups"),
    *("participants", "people"),
    *("id", "kind", "key", "notes", "themes", "links", "answers", "experiments"),
)


def board_of(data: dict[str, Any]) -> Board:
    """The board that an export describes."""
    return Board(
        id=data["id"],
        kind=data["kind"],
        key=data["key"],
        notes=tuple(Note(**placed(note)) for note in data["notes"]),
        themes=tuple(Theme(**placed(theme)) for theme in data["themes"]),
        links=tuple(
            Link(id=link["id"], source=link["from"], target=link["to"], kind=link["kind"])
            for link in data["links"]
        ),
        answers=data["answers"],
        experiments=tuple(
            Experiment(
                **{k: v for k, v in experiment.items() if k not in ("checks", "crossed")},
                checks=tuple(experiment["checks"]),
            )
            for experiment in data["experiments"]
        ),
    )


def placed(item: dict[str, Any]) -> dict[str, Any]:
    return {**item, "position": item["position"] and tuple(item["position"])}


def written(context: ExportContext) -> Any:
    return json.loads(write_json(context))


@pytest.mark.parametrize("kind", KINDS)
def test_the_shape_is_fixed(kind: type) -> None:
    data = written(kind("en"))
    assert tuple(data) == KEYS
    assert (data["schema"], data["version"]) == ("hahmo/board", 1)


@pytest.mark.parametrize("kind", KINDS)
def test_it_holds_what_the_api_answers(kind: type) -> None:
    context = kind("en", [text for text in HOSTILE if "\ud800" not in text], show_authors=True)
    data = written(context)
    expected = json.loads(json.dumps(board_json(context.board)))
    assert {key: data[key] for key in expected} == expected


def test_half_a_surrogate_pair_does_no_harm() -> None:
    assert written(phenomena("fi", ["a\ud800b"]))["notes"][0]["text"] == "a?b"


@pytest.mark.parametrize("kind", KINDS)
def test_a_round_trip_gives_equal_bytes(kind: type) -> None:
    context = kind("fi", show_authors=True)
    first = write_json(context)
    again = context_of(board_of(json.loads(first)), "fi", show_authors=True)
    assert write_json(again) == first


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), max_size=5))
def test_any_text_survives(texts: list[str]) -> None:
    data = written(phenomena("fi", texts))
    assert [note["text"] for note in data["notes"]] == texts


def test_a_board_from_a_document_is_all_there() -> None:
    document = Document()
    note = add_note(document, "b", zone="challenges", text="Hyvää → päivää", at=5, position=(3, 4))
    theme = add_theme(document, name="Tiedonkulku", zone="challenges")
    set_theme(document, note, theme)
    move_theme(document, "b", theme, zone="challenges", position=(5, 6))
    vote(document, note, "p1", 2)
    board = read_board(document, "b", "notes", "phenomena", zones=("challenges",))
    body = write_json(context_of(board, "fi"))
    assert "Hyvää → päivää" in body.decode()  # as it was written, no escapes
    (exported,) = json.loads(body)["notes"]
    assert (exported["theme"], exported["votes"], exported["position"]) == (theme, 2, None)
    assert json.loads(body)["themes"] == [
        {"id": theme, "name": "Tiedonkulku", "zone": "challenges", "position": [5, 6]}
    ]


def is_published(data: Any) -> bool:
    schema = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    return jsonschema_rs.validator_for(schema).is_valid(data)


@pytest.mark.parametrize("kind", KINDS)
def test_a_board_has_the_shape_that_is_published(kind: type) -> None:
    context = kind("fi", HOSTILE, show_authors=True)
    assert is_published(written(context))
    assert is_published(written(replace(context, hides_votes=True)))


def test_a_workshop_has_the_shape_that_is_published_and_another_has_not() -> None:
    data = json.loads(write_whole_json(day("sv")))
    assert is_published(data)
    assert not is_published({**data, "version": 1})
    for key in ("workbook", "guidance", "breakouts", "previous"):
        assert not is_published({k: v for k, v in data.items() if k != key}), key
    for key in data["boards"][0]:
        first = {k: v for k, v in data["boards"][0].items() if k != key}
        assert not is_published({**data, "boards": [first]}), key


def test_what_is_to_be_left_out_is() -> None:
    context = replace(day("fi")[0], without=frozenset(LEAVABLE))
    whole, left = written(day("fi")[0]), written(trimmed(context))
    assert whole["links"]
    assert whole["groups"]
    assert any(note["votes"] for note in whole["notes"])
    assert (left["links"], left["groups"]) == ([], [])
    assert {(note["votes"], note["group"]) for note in left["notes"]} == {(None, None)}
    assert len(left["notes"]) == len(whole["notes"])
    survey = day("fi")[4]
    assert "assessment" in written(survey)
    assert "assessment" not in written(trimmed(replace(survey, without=frozenset({"results"}))))
