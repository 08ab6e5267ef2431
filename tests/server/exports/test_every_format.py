"""What holds for every format: names, types, privacy, and the same bytes for the same board."""

from dataclasses import replace
from datetime import datetime

import pytest

from boards.schema import Board
from server.exports import FORMATS, TYPESET, ExportContext, Format, GroupMark, export_board
from server.exports.errors import FormatUnknown
from server.exports.formats.markdown import write_markdown
from server.exports.view.build import view_of
from tests.server.exports.samples import (
    AT,
    KINDS,
    PEOPLE,
    assessment,
    change,
    definition,
    phenomena,
    plan,
    summary,
)

# A calendar is made of a plan with days only: test_calendar.py.
BOARD_FORMATS = tuple(format for format in FORMATS if format != "ics")


@pytest.mark.parametrize(
    ("format", "media_type"),
    [
        ("json", "application/json"),
        ("md", "text/markdown; charset=utf-8"),
        ("csv", "text/csv; charset=utf-8"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
        ("pdf", "application/pdf"),
        ("svg", "image/svg+xml"),
        ("png", "image/png"),
    ],
)
async def test_a_document_has_a_type_and_a_name(format: str, media_type: str) -> None:
    document = await export_board(format, phenomena("fi"))
    assert document.media_type == media_type
    assert document.filename == f"kevaan-kehittamispaiva-ilmiohahmotus-2026-05-01.{format}"
    assert document.body


def test_a_format_is_written_or_typeset() -> None:
    assert {name for name, format in FORMATS.items() if not format.written_by} == set(TYPESET)


async def test_a_format_that_nobody_writes_is_no_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FORMATS, "epub", Format("application/epub+zip"))
    with pytest.raises(KeyError):
        await export_board("epub", phenomena("fi"))


@pytest.mark.parametrize(
    ("workshop", "filename"),
    [
        ('../../etc/passwd"; x="\r\n', "etc-passwd-x-ilmiohahmotus-2026-05-01.json"),
        ("", "ilmiohahmotus-2026-05-01.json"),
        ("漢字", "ilmiohahmotus-2026-05-01.json"),
        ("a" * 300, f"{'a' * 40}-ilmiohahmotus-2026-05-01.json"),
    ],
)
async def test_a_file_name_is_safe_everywhere(workshop: str, filename: str) -> None:
    document = await export_board("json", phenomena("fi", workshop=workshop))
    assert document.filename == filename
    assert not set(document.title) & set('\\/:*?"<>|\r\n')


async def test_boards_of_groups_have_names_of_their_own() -> None:
    """Also where the workshop's title is long, and where groups are called the same."""
    marks = {
        id: GroupMark(name=name, letter=letter, index=index)
        for index, (id, name, letter) in enumerate(
            [("g1", "Mänty", "A"), ("g2", "Mänty", "B"), ("g3", "山", "C"), ("g4", "川", "D")]
        )
    }
    documents = [
        await export_board(
            "json", phenomena(workshop="Työ " * 30, groups=marks, group=group, breakout=number)
        )
        for group in (None, *marks)
        for number in (1, 2)
    ]
    assert len({document.filename for document in documents}) == 9  # the shared one twice
    assert len({document.title for document in documents}) == 9
    assert documents[2].filename.endswith("-ilmiohahmotus-manty-a-2026-05-01.json")
    assert documents[2].title.endswith(" Ilmiöhahmotus Mänty A 2026-05-01.json")
    assert documents[3].filename.endswith("-manty-a2-2026-05-01.json")


@pytest.mark.parametrize("format", ["", "PDF", "exe", "pdf/../json", "doc"])
async def test_an_unknown_format_is_told_apart(format: str) -> None:
    with pytest.raises(FormatUnknown):
        await export_board(format, phenomena())


def test_the_time_must_know_its_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        phenomena(exported_at=datetime(2026, 5, 1))


# What is no text when it leaves; readers of it are in its own test.
PACKED = ("pdf", "xlsx", "docx", "pptx", "png")
# Tables have no date in them.
UNDATED = ("csv",)


@pytest.mark.parametrize("format", BOARD_FORMATS)
@pytest.mark.parametrize("kind", KINDS)
async def test_equal_boards_give_equal_bytes(format: str, kind: type) -> None:
    first = await export_board(format, kind("sv"))
    again = await export_board(format, kind("sv"))
    assert first == again
    later = await export_board(format, kind("sv", exported_at=AT.replace(day=2)))
    assert (later.body != first.body) is (format not in UNDATED)


@pytest.mark.parametrize("format", ["json", "md", "csv"])
@pytest.mark.parametrize("kind", [phenomena, change])
async def test_authors_leave_only_where_they_are_shown(format: str, kind: type) -> None:
    hidden = (await export_board(format, kind("fi"))).body.decode()
    assert not [name for name in PEOPLE.values() if name in hidden]
    assert '"p1"' not in hidden
    shown = (await export_board(format, kind("fi", show_authors=True))).body.decode()
    assert "Osallistuja 3" in shown


@pytest.mark.parametrize("format", BOARD_FORMATS)
async def test_a_board_that_its_workbook_does_not_know_is_still_shown(format: str) -> None:
    context = phenomena("fi", ["jäi talteen"], definition={"key": "x", "title": {}, "zones": []})
    assert (await export_board(format, context)).body
    if format not in PACKED:
        assert "jäi talteen" in (await export_board(format, context)).body.decode()


def test_nothing_is_lost_between_a_board_and_its_document() -> None:
    """Notes, answers and fields that the workbook does not know stand in the written formats."""
    stray = phenomena("en", ["in a zone of an older workbook"])
    stray = replace(stray, definition={**stray.definition, "zones": []})
    assert "in a zone of an older workbook" in write_markdown(stray).decode()
    answered = write_markdown(summary("en")).decode()
    assert "A colleague showed how to collect feedback" in answered  # of a question that is gone
    planned = write_markdown(plan("en")).decode()
    assert "unknown" in planned
    assert "Who answers the phone on remote days?" in planned


def test_results_of_a_survey_are_told_and_are_no_experiments() -> None:
    form = definition("assessment")["forms"][0]
    shown = {"counts": [0, 1, 2, 2, 1], "cant_say": 1, "mean": 3.5}
    told = {
        "form": form["id"],
        "round": 1,
        "answers": 7,
        "statements": [{"id": form["statements"][0]["id"], "distribution": shown}],
        "themes": [{"id": form["statements"][0]["theme"], "distribution": shown}],
        "comments": [],
    }
    context = assessment("en", assessment=(told,))
    assert [word for _, word in view_of(context).facts] == ["participants", "notes", "groups"]
    assert form["statements"][0]["text"]["en"] in write_markdown(context).decode()


def test_an_empty_board_is_a_document_too() -> None:
    empty = phenomena("fi", [])
    assert "Tässä ei ole vielä lappuja." in write_markdown(empty).decode()
    bare: ExportContext = replace(empty, definition={}, board=Board(id="b", kind="notes", key="k"))
    assert "Tällä taululla ei ole vielä mitään." in write_markdown(bare).decode()
