"""A board of an export, read into values: checked, under the ids that it has there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from boards.interchange import ballots
from boards.order import Position
from boards.schema import (
    CHECK,
    COLORS,
    DATE_FIELDS,
    LINK_KINDS,
    PLAIN_FIELDS,
    POSITION_LIMIT,
    VOTE_LIMIT,
    Board,
    Experiment,
    Link,
    Note,
    Theme,
    is_date,
)
from boards.workbook.definition import BoardDefinition
from server.workshops.imports.ids import Ids
from server.workshops.imports.place import Place

__all__ = ["LATEST", "Bounds", "read_board", "read_content", "read_time"]

LATEST = 1 << 53  # ms since the epoch: no clock goes so far, and every reader can count to it
LONG = 4_000  # characters of what others call something by
MOST_VOTES = 9_900  # on one note
MOST_CHECKS = 1_000  # of one experiment
MOST_FIELDS = 200  # of one experiment


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a board can hold, as of SyncLimits; `notes` holds for all that is on it."""

    note_characters: int
    name_characters: int
    answer_characters: int
    notes: int
    board_bytes: int


def read_board(place: Place, definition: BoardDefinition, bounds: Bounds, ids: Ids) -> Board:
    """One of the shared boards, with what its workbook has on it at the least."""
    place.at("kind").choice((definition.kind,))
    if place.at("group").value is not None:
        place.at("group").fail("shared")
    found = read_content(place, definition.kind, definition.key, bounds, ids)
    answers = {**dict.fromkeys(definition.question_ids, ""), **found.answers}
    texts = dict.fromkeys(definition.text_fields, "")
    experiments = tuple(
        replace(each, fields={**texts, **each.fields}) for each in found.experiments
    )
    return replace(found, answers=answers, experiments=experiments)


def read_content(place: Place, kind: str, key: str, bounds: Bounds, ids: Ids) -> Board:
    """What is on a board, in the shape of `GET /api/boards/{id}`."""
    board = place.at("id").id(LONG)
    ids.meet(board)
    themes = tuple(
        read_theme(each, bounds, ids) for each in each_once(place.at("themes"), bounds.notes)
    )
    return Board(
        id=board,
        kind=kind,
        key=key,
        notes=read_notes(place.at("notes"), bounds, ids, {theme.id for theme in themes}),
        themes=themes,
        links=tuple(read_link(each, ids) for each in each_once(place.at("links"), bounds.notes)),
        answers=read_answers(place.at("answers"), bounds, ids),
        experiments=tuple(
            read_experiment(each, bounds, ids)
            for each in each_once(place.at("experiments"), bounds.notes)
        ),
    )


def each_once(place: Place, most: int) -> list[Place]:
    """The items of a list, no two of which have one id."""
    seen: set[str] = set()
    found = place.list(most)
    for each in found:
        id = each.at("id")
        if id.id(LONG) in seen:
            id.fail("once")
        seen.add(id.id(LONG))
    return found


def read_notes(place: Place, bounds: Bounds, ids: Ids, themes: set[str]) -> tuple[Note, ...]:
    """Dots are written by voter, so that many of them count as much as notes."""
    found, left = [], 2 * bounds.notes
    for each in each_once(place, bounds.notes):
        note = read_note(each, bounds, ids, themes)
        left -= len(ballots(note.votes))
        if left < 0:
            each.at("votes").fail("whole", least=0, most=VOTE_LIMIT)
        found.append(note)
    return tuple(found)


def read_note(place: Place, bounds: Bounds, ids: Ids, themes: set[str]) -> Note:
    votes, theme = place.at("votes"), place.at("theme")
    if theme.value is not None and theme.id(LONG) not in themes:
        theme.fail("theme")
    note = Note(
        id=place.at("id").id(LONG),
        zone=place.at("zone").text(LONG),
        text=place.at("text").text(bounds.note_characters),
        color=place.at("color").choice(COLORS),
        at=read_time(place.at("at")),
        group=id_or_none(place.at("group")),
        theme=id_or_none(theme),
        position=read_place(place.at("position")),
        votes=0 if votes.value is None else votes.whole(0, MOST_VOTES),
        carried=place.at("carried").flag(),
    )
    ids.meet(note.id, note.group, note.theme)
    return note


def read_theme(place: Place, bounds: Bounds, ids: Ids) -> Theme:
    theme = Theme(
        id=place.at("id").id(LONG),
        name=place.at("name").text(bounds.name_characters),
        zone=place.at("zone").text(LONG),
        position=read_place(place.at("position")),
    )
    ids.meet(theme.id)
    return theme


def read_link(place: Place, ids: Ids) -> Link:
    link = Link(
        id=place.at("id").id(LONG),
        source=place.at("from").id(LONG),
        target=place.at("to").id(LONG),
        kind=place.at("kind").choice(LINK_KINDS),
    )
    ids.meet(link.id)
    ids.meet_end(link.source)
    ids.meet_end(link.target)
    return link


def read_answers(place: Place, bounds: Bounds, ids: Ids) -> dict[str, str]:
    answers = {}
    for key, text in place.entries(bounds.notes):
        answers[key] = text.text(bounds.answer_characters)
        ids.meet_answer(key)
    return answers


def read_experiment(place: Place, bounds: Bounds, ids: Ids) -> Experiment:
    fields = {
        name: read_field(name, each, bounds)
        for name, each in place.at("fields").entries(MOST_FIELDS)
    }
    experiment = Experiment(
        id=place.at("id").id(LONG),
        at=read_time(place.at("at")),
        group=id_or_none(place.at("group")),
        fields=fields,
        checks=tuple(read_day(each) for each in place.at("checks").list(MOST_CHECKS)),
    )
    ids.meet(experiment.id, experiment.group)
    return experiment


def read_field(name: str, place: Place, bounds: Bounds) -> str:
    if name in DATE_FIELDS:
        return read_day(place)
    if name in PLAIN_FIELDS or name.startswith(CHECK):
        place.fail("taken", expected="another name of a field")
    return place.text(bounds.answer_characters)


def read_day(place: Place) -> str:
    if not isinstance(place.value, str) or not is_date(place.value):
        place.fail("day")
    return place.value


def read_time(place: Place) -> int:
    """ms since the epoch; what lies beyond all clocks is the latest that there is."""
    value = place.value
    if isinstance(value, int) and not isinstance(value, bool) and value > LATEST:
        return LATEST
    return place.whole(0, LATEST)


def read_place(place: Place) -> Position | None:
    """Whole board units."""
    value: Any = place.value
    if value is None:
        return None
    is_pair = isinstance(value, list) and len(value) == 2
    if not is_pair or not all(type(part) is int and abs(part) <= POSITION_LIMIT for part in value):
        place.fail("position", most=POSITION_LIMIT)
    return (value[0], value[1])


def id_or_none(place: Place) -> str | None:
    return None if place.value is None else place.id(LONG)
