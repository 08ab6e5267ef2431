"""A plan's days and a survey's results as tables, in Markdown and as PDF."""

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from icalendar import Calendar
from pypdf import PdfReader

from boards.interchange import board_json
from boards.schema import Experiment
from server.exports import ExportContext, export_board
from server.exports.errors import DaysCrossed
from server.exports.formats.markdown import write_markdown
from server.exports.view.build import view_of
from server.exports.view.model import Results, Timeline
from tests.server.exports.samples import assessment, definition, plan

FORM = definition("assessment")["forms"][0]


def trial(id: str, start: str = "", end: str = "", checks: tuple[str, ...] = ()) -> Experiment:
    days = {key: day for key, day in (("start", start), ("end", end)) if day}
    return Experiment(id=id, at=1, group=None, fields={"what": id, **days}, checks=checks)


def planned(*experiments: Experiment, language: str = "fi") -> ExportContext:
    context = plan(language)
    return replace(context, board=replace(context.board, experiments=experiments))


WELL = trial("Hyvä", "2026-05-11", "2026-06-18", ("2026-06-01",))
CROSSED = trial("Risti", "2026-06-18", "2026-05-11")


def test_the_days_stand_in_a_table_and_in_a_picture() -> None:
    context = planned(WELL, CROSSED, trial("Avoin"))
    [line] = [part for part in view_of(context).sections if isinstance(part, Timeline)]
    assert [bar.name for bar in line.bars] == ["1. Hyvä"]
    [bar] = line.bars
    assert 0 < bar.start < bar.checks[0] < bar.end < 1
    assert line.months[0].label == "touko 2026"
    body = write_markdown(context).decode()
    assert "| 1\\. Hyvä | 11\\.5.2026 | 1\\.6.2026 | 18\\.6.2026 |" in body
    assert "| 3\\. Avoin | – | – | – |" in body


def test_a_plan_without_days_has_no_timeline() -> None:
    assert "Aikataulu" not in write_markdown(planned(trial("Avoin"))).decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", "loppu on ennen alkua"),
        ("sv", "slutet är före början"),
        ("en", "the end is before the start"),
    ],
)
async def test_days_that_cross_are_told_and_left_out_of_the_calendar(
    language: str, words: str
) -> None:
    context = planned(WELL, CROSSED, language=language)
    assert words in write_markdown(context).decode()
    pdf = PdfReader(BytesIO((await export_board("pdf", context)).body))
    assert words in " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    [calendar] = Calendar.from_ical((await export_board("ics", context)).body).walk("VCALENDAR")
    assert words in str(calendar["description"])
    assert {str(e["uid"])[:4] for e in calendar.walk("VEVENT")} == {"Hyvä"}


async def test_jd10_a_calendar_of_nothing_but_crossed_days_is_refused() -> None:
    with pytest.raises(DaysCrossed):
        await export_board("ics", planned(CROSSED))


def test_jd10_the_api_marks_what_is_crossed() -> None:
    board = planned(WELL, CROSSED, trial("Avoin", end="2026-05-01")).board
    assert [one["crossed"] for one in board_json(board)["experiments"]] == [False, True, False]


def round_of(number: int, mean: float) -> dict[str, Any]:
    shown = {"counts": [1, 0, 2, 3, 1], "cant_say": 2, "mean": mean}
    first, last = FORM["statements"][0], FORM["statements"][-1]
    return {
        "form": FORM["id"],
        "round": number,
        "answers": 9,
        "released": True,
        "statements": [
            {"id": first["id"], "theme": first["theme"], "distribution": shown},
            {"id": last["id"], "theme": last["theme"], "distribution": None},
        ],
        "themes": [{"id": first["theme"], "distribution": shown}],
        "comments": ["Yksi", "Kaksi"],
    }


async def test_results_are_tables_and_rounds_stand_side_by_side() -> None:
    context = assessment("fi", assessment=(round_of(1, 3.25), round_of(2, 4.0)))
    newest, oldest = [part for part in view_of(context).sections if isinstance(part, Results)]
    assert [line.before for line in newest.statements] == ["3,2", ""]
    assert (newest.before, oldest.before) == ("Kierros 1", "")
    body = write_markdown(context).decode()
    text = FORM["statements"][0]["text"]["fi"]
    assert f"| {text} | 1 | 0 | 2 | 3 | 1 | 2 | 4,0 | 3,2 |" in body.replace("\\", "")
    withheld = FORM["statements"][-1]["text"]["fi"]
    assert f"{withheld} (Alle viisi arviota, joten tulosta ei näytetä.) | – | –" in body.replace(
        "\\", ""
    )
    pdf = PdfReader(BytesIO((await export_board("pdf", context)).body))
    pages = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    assert "Alle viisi arviota" in pages
    assert "Kierros 1" in pages
