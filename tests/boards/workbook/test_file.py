"""Workbooks: the built-in one is whole, and a broken one is told where and what was expected."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from boards.errors import UnknownItem
from boards.workbook.definition import Workbook
from boards.workbook.errors import UnknownWorkbook, WorkbookError
from boards.workbook.installed import available, load, read_workbook

LANGUAGES = ("fi", "sv", "en")


@pytest.fixture(scope="module")
def valoa() -> Workbook:
    return load("valoa")


def titles(workbook: Workbook, key: str) -> tuple[str, ...]:
    return tuple(workbook.board(key).title[language] for language in LANGUAGES)


def texts(value: Any) -> Iterator[dict[str, str]]:
    """Every text in a JSON value, as {language: words}."""
    if isinstance(value, dict):
        if set(value) == set(LANGUAGES):
            yield value
        else:
            for inner in value.values():
                yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def test_the_built_in_workbook_is_installed() -> None:
    assert available() == ("valoa",)
    assert load("valoa") is load("valoa")


@pytest.mark.parametrize("name", ["", "unknown", "../valoa", "valoa.toml"])
def test_an_unknown_workbook_is_named(name: str) -> None:
    with pytest.raises(UnknownWorkbook, match="expected one of valoa"):
        load(name)


def test_stages_and_boards_are_those_of_the_workbook(valoa: Workbook) -> None:
    assert [(stage.id, *stage.title.values()) for stage in valoa.stages] == [
        ("pause", "Viivähdä", "Stanna upp", "Pause"),
        ("assess", "Arvioi", "Utvärdera", "Assess"),
        ("experiment", "Kokeile", "Pröva", "Experiment"),
    ]
    assert [(board.key, board.kind, board.stage) for board in valoa.boards] == [
        ("phenomena", "notes", "pause"),
        ("phenomena_summary", "answers", "pause"),
        ("change", "grid", "pause"),
        ("change_summary", "answers", "pause"),
        ("assessment", "survey", "assess"),
        ("synthesis", "answers", "experiment"),
        ("experiments", "plan", "experiment"),
    ]


def test_titles_that_are_terms_stand_as_they_are(valoa: Workbook) -> None:
    assert titles(valoa, "phenomena") == ("Ilmiöhahmotus", "Fenomenkarta", "Phenomena map")
    assert titles(valoa, "change") == ("Muutoshahmotus", "Förändringskarta", "Change map")
    assert titles(valoa, "assessment") == ("Arviointi", "Utvärdering", "Assessment")
    assert titles(valoa, "synthesis") == ("Yhteenveto", "Syntes", "Synthesis")
    assert titles(valoa, "experiments") == (
        "Kokeilusuunnitelma",
        "Plan för försök",
        "Experiment plan",
    )
    challenges, inspirations = valoa.board("phenomena").zones
    assert (challenges.id, challenges.title["fi"]) == (
        "challenges",
        "Mikä työssämme haastaa juuri nyt?",
    )
    assert (inspirations.id, inspirations.title["fi"]) == (
        "inspirations",
        "Mikä työssämme innostaa juuri nyt?",
    )


def test_the_change_map_has_eight_rows_on_four_pages(valoa: Workbook) -> None:
    change = valoa.board("change")
    assert change.pages == (
        ("megatrends", "customers"),
        ("services", "practices"),
        ("cooperation", "tools"),
        ("rules", "learning"),
    )
    assert [dict(column.title) for column in change.columns] == [
        {"fi": "Mistä?", "sv": "Varifrån?", "en": "From"},
        {"fi": "Minne?", "sv": "Vart?", "en": "To"},
    ]
    assert [row.title["fi"] for row in change.rows] == [
        "Megatrendit ja toimintaympäristö",
        "Asiakkaat",
        "Palvelut asiakkaille",
        "Toimintatavat",
        "Työnjako, työnkuvat ja yhteistyö",
        "Työvälineet",
        "Lait, säännöt, ohjeet",
        "Oppiminen",
    ]
    assert change.zone_ids[:3] == ("megatrends/from", "megatrends/to", "customers/from")
    assert len(change.zone_ids) == 16


def test_every_board_has_the_parts_its_description_asks_for(valoa: Workbook) -> None:
    counts = {
        board.key: (len(board.zones), len(board.questions), len(board.fields))
        for board in valoa.boards
    }
    assert counts == {
        "phenomena": (2, 0, 0),
        "phenomena_summary": (0, 4, 0),
        "change": (0, 0, 0),
        "change_summary": (0, 4, 0),
        "assessment": (3, 1, 0),
        "synthesis": (0, 5, 0),
        "experiments": (1, 0, 6),
    }
    assert valoa.board("experiments").text_fields == ("what", "why", "who", "assess", "learned")
    assert valoa.board("change_summary").question_ids == ("picture", "central", "master", "connect")


def test_every_form_asks_equally_much_of_every_theme(valoa: Workbook) -> None:
    assessment = valoa.board("assessment")
    themes = [theme.id for theme in assessment.themes]
    assert themes == ["solving", "learning", "dialogue", "appreciation", "responsibility"]
    for form, audience, each in zip(
        assessment.forms, ("team", "self", "self"), (4, 3, 3), strict=True
    ):
        found = [statement.theme for statement in form.statements]
        assert (form.audience, found) == (audience, [t for t in themes for _ in range(each)])
    assert assessment.scale is not None
    assert len(assessment.scale.steps) == 5


def test_no_text_is_written_twice_or_left_untranslated(valoa: Workbook) -> None:
    found = list(texts(valoa.json()))
    assert len(found) > 150
    for text in found:
        assert len(set(text.values())) == 3, text
        for words in text.values():
            assert words == words.strip()
            assert "  " not in words
            assert not set(words) & set("\"'`–—\t\n") - {"'"}, words
    statements = [
        statement.text["fi"]
        for form in valoa.board("assessment").forms
        for statement in form.statements
    ]
    assert len(set(statements)) == len(statements)


def test_questions_end_with_a_question_mark_in_every_language(valoa: Workbook) -> None:
    rows = [question for row in valoa.board("change").rows for question in row.questions]
    spoken = [question.text for board in valoa.boards for question in board.questions]
    for text in [*rows, *spoken]:
        for words in text.values():
            assert "?" in words, words


def test_the_json_is_what_the_client_gets(valoa: Workbook) -> None:
    answer = valoa.json()
    assert json.loads(json.dumps(answer)) == answer
    boards = {board["key"]: board for board in answer["boards"]}
    common = {"key", "kind", "stage", "title", "intro", "minutes", "principles"}
    assert set(answer) == {"id", "version", "languages", "title", "stages", "boards"}
    assert set(boards["phenomena"]) == common | {"zones"}
    assert set(boards["change"]) == common | {"columns", "rows", "pages"}
    assert set(boards["phenomena_summary"]) == common | {"questions", "beside"}
    assert set(boards["experiments"]) == common | {"zones", "fields", "beside"}
    assert set(boards["assessment"]) == common | {"zones", "questions", "themes", "scale", "forms"}
    assert boards["change"]["pages"][3] == {"page": 4, "rows": ["rules", "learning"]}
    assert set(boards["phenomena"]["zones"][0]) == {"id", "title", "prompt", "tint"}


def test_a_board_is_found_by_its_key(valoa: Workbook) -> None:
    assert valoa.board("change").key == "change"
    with pytest.raises(UnknownItem, match="no board 'dreams'"):
        valoa.board("dreams")


SMALL = """
id = "own"
version = 3
languages = ["fi", "sv"]
title = {fi = "Oma", sv = "Egen"}

[[stages]]
id = "only"
boards = ["notes", "grid", "answers", "survey", "plan"]
minutes = [10, 20]
title = {fi = "Vaihe", sv = "Skede"}
intro = {fi = "Alku", sv = "Början"}

[[boards]]
key = "notes"
kind = "notes"
minutes = [5, 5]
title = {fi = "a", sv = "b"}
intro = {fi = "a", sv = "b"}
principles = [{fi = "a", sv = "b"}]
zones = [{id = "z", tint = 3, title = {fi = "a", sv = "b"}, prompt = {fi = "a", sv = "b"}}]

[[boards]]
key = "grid"
kind = "grid"
minutes = [5, 6]
title = {fi = "a", sv = "b"}
intro = {fi = "a", sv = "b"}
columns = [{id = "c", title = {fi = "a", sv = "b"}, prompt = {fi = "a", sv = "b"}}]
rows = [{id = "r", page = 1, title = {fi = "a", sv = "b"}, questions = [{fi = "a?", sv = "b?"}]}]

[[boards]]
key = "answers"
kind = "answers"
minutes = [5, 6]
beside = ["notes"]
title = {fi = "a", sv = "b"}
intro = {fi = "a", sv = "b"}
questions = [{id = "q", text = {fi = "a", sv = "b"}}]

[[boards]]
key = "survey"
kind = "survey"
minutes = [5, 6]
title = {fi = "a", sv = "b"}
intro = {fi = "a", sv = "b"}
themes = [{id = "t", title = {fi = "a", sv = "b"}}]
[boards.scale]
cant_say = {fi = "a", sv = "b"}
comment = {fi = "a", sv = "b"}
steps = [{fi="1",sv="1"},{fi="2",sv="2"},{fi="3",sv="3"},{fi="4",sv="4"},{fi="5",sv="5"}]
[[boards.forms]]
id = "f"
audience = "team"
title = {fi = "a", sv = "b"}
intro = {fi = "a", sv = "b"}
statements = [{id = "s", theme = "t", text = {fi = "a", sv = "b"}}]

[[boards]]
key = "plan"
kind = "plan"
minutes = [5, 6]
title = {fi = "a", sv = "b"}
intro = {fi = "a", sv = "b"}
zones = [{id = "z", title = {fi = "a", sv = "b"}, prompt = {fi = "a", sv = "b"}}]
fields = [{id = "f", type = "text", later = true,title = {fi="a",sv="b"},prompt = {fi="a",sv="b"}}]
"""


def test_an_organisations_own_workbook_is_read() -> None:
    own = read_workbook(SMALL, "own.toml")
    assert (own.id, own.version, own.languages) == ("own", 3, ("fi", "sv"))
    assert own.board("plan").zones[0].tint == 0
    assert own.board("plan").fields[0].later is True


FIRST_ZONE = 'zones = [{id = "z", tint = 3,'
BROKEN: list[tuple[str, str, str, str]] = [
    ('id = "own"', "id = = 1", "2:6", "TOML; line 2, column 6 cannot be read (Invalid value)"),
    ('id = "own"', "", "id", "an id of a-z, 0-9, _ and -, at most 40 long, got nothing"),
    ('id = "own"', 'id = "Own!"', "id", "an id of a-z, 0-9, _ and -, at most 40 long, got 'Own!'"),
    ('id = "own"', 'id = "own"\nidea = 1', "idea", "no other keys than boards, id,"),
    ("version = 3", "version = 0", "version", "a whole number from 1 to 10000, got 0"),
    ("version = 3", "version = true", "version", "a whole number from 1 to 10000, got True"),
    ('["fi", "sv"]', "[]", "languages", "one or more of fi, sv, en, got []"),
    ('["fi", "sv"]', '["fi", "de"]', "languages", "one or more of fi, sv, en, got"),
    ('["fi", "sv"]', '["fi", "fi"]', "languages", "each id once, got fi, fi"),
    ('["fi", "sv"]', '"fi"', "languages", "a list of ids, got 'fi'"),
    ('title = {fi = "Oma", sv = "Egen"}', "", "title", "a text in fi, sv, got nothing"),
    ('sv = "Egen"', 'en = "Own"', "title.en", "no other keys than fi, sv"),
    ('{fi = "Oma", sv = "Egen"}', '"Oma"', "title", "a table, got 'Oma'"),
    (', sv = "Egen"', "", "title.sv", "a text in this language, got nothing"),
    ('sv = "Egen"', 'sv = " "', "title.sv", "a text in this language, got ' '"),
    ('"Egen"', f'"{"x" * 2001}"', "title.sv", "at most 2000 characters, got 2001"),
    ("[10, 20]", "[20, 10]", "stages[0].minutes", "minutes from 1 to 1440, the smaller first"),
    ("[10, 20]", "[10]", "stages[0].minutes", "two whole numbers of minutes, such as [20, 30]"),
    ("[10, 20]", '"ten"', "stages[0].minutes", "two whole numbers of minutes, such as [20, 30]"),
    ("[10, 20]", "[1.5, 2]", "stages[0].minutes", "two whole numbers of minutes, such as [20, 30]"),
    ('boards = ["notes", ', 'boards = ["dreams", "notes", ', "stages[0].boards", "got 'dreams'"),
    ('boards = ["notes", ', "boards = [", "boards[0].key", "a board that a stage lists in its"),
    ('kind = "notes"', 'kind = "wall"', "boards[0].kind", "one of notes, grid, answers, survey,"),
    ('key = "grid"', 'key = "notes"', "stages[0].boards", "keys of [[boards]], got 'grid'"),
    ('beside = ["notes"]', 'beside = ["x"]', "boards[2].beside", "keys of [[boards]], got 'x'"),
    ('beside = ["notes"]', "zones = []", "boards[2].zones", "no such part on a board of kind ans"),
    (FIRST_ZONE, 'zones = [{id = "z", tint = 4,', "boards[0].zones[0].tint", "from 0 to 3, got 4"),
    (FIRST_ZONE, "zones = [{tint = 3,", "boards[0].zones[0].id", "an id of a-z"),
    (
        FIRST_ZONE,
        'zones = [{id = "z", hue = 3,',
        "boards[0].zones[0].hue",
        "no other keys than id, prompt",
    ),
    ('principles = [{fi = "a", sv = "b"}]', "principles = 1", "boards[0].principles", "a list of"),
    ('principles = [{fi = "a", sv = "b"}]', 'principles = ["a"]', "boards[0].principles[0]", "a t"),
    ("page = 1", "page = 2", "boards[1].rows", "pages without a gap, but page 1 has no row"),
    ('questions = [{id = "q", text = {fi = "a", sv = "b"}}]', "", "boards[2].questions", "at leas"),
    ('theme = "t"', 'theme = "u"', "boards[3].forms[0].statements[0].theme", "one of t, got 'u'"),
    ('{fi="5",sv="5"}', "", "boards[3].scale.steps", "5 tables, from disagreeing to agreeing, g"),
    ('audience = "team"', 'audience = "all"', "boards[3].forms[0].audience", "one of team, self"),
    ("later = true", 'later = "yes"', "boards[4].fields[0].later", "true or false, got 'yes'"),
    (
        'type = "text"',
        'type = "date"',
        "boards[4].fields[0].type",
        "one of text, dates, got",
    ),
]


@pytest.mark.parametrize(("old", "new", "place", "expected"), BROKEN)
def test_a_broken_workbook_is_told_where_and_what_was_expected(
    old: str, new: str, place: str, expected: str
) -> None:
    assert old in SMALL
    with pytest.raises(WorkbookError) as caught:
        read_workbook(SMALL.replace(old, new, 1), "own.toml")
    error = caught.value
    assert (error.file, error.place) == ("own.toml", place)
    assert expected in error.expected
    assert str(error) == f"own.toml: {place}: {error.expected}"


def test_two_of_one_id_are_refused() -> None:
    zone = '{id = "z", title = {fi = "a", sv = "b"}, prompt = {fi = "a", sv = "b"}}'
    twice = SMALL.replace("zones = [{", f"zones = [{zone}, {{", 1)
    with pytest.raises(WorkbookError, match=r"zones\[1\].id: expected an id of its own, got 'z'"):
        read_workbook(twice, "own.toml")


def test_two_boards_of_one_key_are_refused() -> None:
    start = SMALL.index("[[boards]]")
    board = SMALL[start : SMALL.index("[[boards]]", start + 1)]
    with pytest.raises(WorkbookError, match=r"boards\[5\].key: expected a key of its own"):
        read_workbook(f"{SMALL}\n{board}", "own.toml")


def test_a_board_belongs_to_one_stage() -> None:
    second = SMALL[SMALL.index("[[stages]]") : SMALL.index("[[boards]]")]
    source = SMALL.replace("[[boards]]", second.replace('"only"', '"again"') + "[[boards]]", 1)
    with pytest.raises(WorkbookError, match=r"stages\[1\].boards: .*'notes' is in 'only' too"):
        read_workbook(source, "own.toml")


def test_two_stages_of_one_id_are_refused() -> None:
    second = SMALL[SMALL.index("[[stages]]") : SMALL.index("[[boards]]")]
    source = SMALL.replace("[[boards]]", second.replace('["notes"', '["x"') + "[[boards]]", 1)
    with pytest.raises(WorkbookError, match=r"stages\[1\].id: expected an id of its own"):
        read_workbook(source, "own.toml")


HEAD = SMALL[: SMALL.index("[[stages]]")]
STAGES = SMALL[SMALL.index("[[stages]]") : SMALL.index("[[boards]]")]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (HEAD, "stages: expected at least one table, got none"),
        (f"{HEAD}stages = 1", "stages: expected a list of tables, got 1"),
        (HEAD + STAGES, "boards: expected at least one table, got none"),
        (f"{HEAD}boards = {{}}\n{STAGES}", "boards: expected a list of tables, got {}"),
        ("", "languages: expected one or more of fi, sv, en, got"),
    ],
)
def test_something_must_be_there(source: str, message: str) -> None:
    with pytest.raises(WorkbookError) as caught:
        read_workbook(source, "own.toml")
    assert message in str(caught.value)


def test_long_values_are_cut_short_in_messages() -> None:
    with pytest.raises(WorkbookError, match=r"got \[0, 0.*\.\.\.$"):
        read_workbook(SMALL.replace('["fi", "sv"]', str([0] * 100), 1), "own.toml")


def test_deeply_nested_toml_is_refused_not_fatal() -> None:
    with pytest.raises(WorkbookError, match="not nested so deeply"):
        read_workbook("a = " + "[" * 5000, "own.toml")
