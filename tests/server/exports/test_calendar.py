"""The calendar file of a plan, read back by a parser: its days, its ids, its words."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import vobject
from icalendar import Calendar

from boards.schema import Experiment
from server.exports import ExportContext, export_board
from server.exports.errors import FormatUnknown, NothingDated
from server.exports.formats.markdown import write_markdown
from tests.server.exports.samples import AT, phenomena, plan


def planned(*experiments: Experiment, language: str = "fi") -> ExportContext:
    context = plan(language)
    return replace(context, board=replace(context.board, experiments=experiments))


def trial(id: str = "e1", *, checks: tuple[str, ...] = (), **fields: str) -> Experiment:
    return Experiment(id=id, at=1, group=None, fields=fields, checks=checks)


async def events(context: ExportContext) -> list[Any]:
    exported = await export_board("ics", context)
    assert exported.media_type == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(exported.body).walk("VEVENT"))


async def days(context: ExportContext) -> list[tuple[str, date, date]]:
    return [
        (str(e["uid"]).partition("@")[0], e["dtstart"].dt, e["dtend"].dt)
        for e in await events(context)
    ]


async def test_start_and_end_are_days_without_a_time_and_nothing_is_made_up() -> None:
    assert await days(planned(trial(start="2026-05-01", end="2026-05-31"))) == [
        ("e1-start", date(2026, 5, 1), date(2026, 5, 2)),
        ("e1-end", date(2026, 5, 31), date(2026, 6, 1)),
    ]


async def test_agreed_assessments_are_days_of_their_own() -> None:
    agreed = trial(start="2026-05-01", end="2026-05-31", checks=("2026-05-08", "2026-05-22"))
    assert [name for name, _, _ in await days(planned(agreed))] == [
        "e1-start",
        "e1-check-2026-05-08",
        "e1-check-2026-05-22",
        "e1-end",
    ]


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"start": "2026-05-01"}, ["e1-start"]),
        ({"end": "2026-05-01"}, ["e1-end"]),
        ({"start": "2026-05-01", "end": "2026-05-01"}, ["e1-start", "e1-end"]),
        ({"start": "2026-05-01", "end": "2026-05-02"}, ["e1-start", "e1-end"]),
    ],
)
async def test_what_is_not_agreed_is_no_day(fields: dict[str, Any], names: list[str]) -> None:
    assert [name for name, _, _ in await days(planned(trial(**fields)))] == names


async def test_ids_stay_when_dates_and_words_change() -> None:
    before = await events(planned(trial(what="Kävelykokous", start="2026-05-01")))
    later = await events(planned(trial(what="Kävely", start="2026-06-01")))
    assert [e["uid"] for e in before] == [e["uid"] for e in later]


@pytest.mark.parametrize(
    ("language", "summary"),
    [
        ("fi", "Kokeilu alkaa: Kävelykokous; 20 min, pihalla"),
        ("sv", "Försöket börjar: Kävelykokous; 20 min, pihalla"),
        ("en", "Experiment starts: Kävelykokous; 20 min, pihalla"),
    ],
)
async def test_texts_are_whole_in_every_language(language: str, summary: str) -> None:
    text = "Kävelykokous; 20 min, pihalla\nToinen rivi: ääkköset\\n"
    [event] = await events(planned(trial(what=text, start="2026-05-01"), language=language))
    assert str(event["summary"]) == summary
    assert text in str(event["description"])
    assert event["dtstamp"].dt == AT.replace(microsecond=0)


async def test_an_experiment_without_words_is_called_by_its_number() -> None:
    [event] = await events(planned(trial("e0"), trial("e1", start="2026-05-01")))
    assert str(event["summary"]) == "Kokeilu alkaa: Kokeilu 2"


async def test_lines_are_folded_and_nothing_breaks_out_of_a_text() -> None:
    nasty = "a" * 300 + "\r\nEND:VEVENT\r\nBEGIN:VEVENT"
    context = planned(trial(what=nasty, start="2026-05-01"))
    body = (await export_board("ics", context)).body
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert len(await events(context)) == 1


async def test_no_control_character_gets_into_the_file() -> None:
    controls = "".join(map(chr, [*range(9), *range(0xB, 0x20), *range(0x7F, 0xA0)]))
    context = planned(trial(what=f"A{controls}B\nC{controls}D", start="2026-05-01"))
    context = replace(context, workshop=f"Kevät{controls}päivä")
    text = (await export_board("ics", context)).body.decode()
    assert not set(text.replace("\r\n", "")) & set(controls)
    [event] = await events(context)
    assert "Kokeilu alkaa: A" in str(event["summary"])
    assert str(event["description"]).replace("\n", "").endswith("ABCD")


async def test_a_later_file_has_a_higher_sequence() -> None:
    context = planned(trial(what="Kävelykokous", start="2026-05-01"))
    later = replace(context, exported_at=AT + timedelta(seconds=1))
    [before], [after] = await events(context), await events(later)
    assert after["uid"] == before["uid"]
    assert 0 < before["sequence"] < after["sequence"] < 2**31


async def test_what_has_no_days_makes_no_calendar() -> None:
    with pytest.raises(NothingDated):
        await export_board("ics", planned(trial(what="Ilman päiviä")))
    with pytest.raises(FormatUnknown):
        await export_board("ics", phenomena())


def test_documents_tell_assessments_and_what_is_over() -> None:
    told = trial(start="2026-03-01", end="2026-04-01", checks=("2026-03-15",))
    text = write_markdown(planned(told)).decode()
    assert "15. maaliskuuta 2026" in text
    assert "päättynyt, opit kirjaamatta" in text
    learned = replace(told, fields={**told.fields, "learned": "Toimii"})
    assert "päättynyt" not in write_markdown(planned(learned)).decode()


async def test_another_parser_finds_the_same_days_and_words() -> None:
    hostile = "Kokeilu; kuka, milloin\nBEGIN:VEVENT \\n 🙂 ääkköset " + "pitkä " * 40
    context = planned(
        trial("e1", what=hostile, start="2026-05-01", end="2026-05-31"),
        trial("e2", what="Toinen", start="2026-06-01", end="2026-06-02", checks=("2026-06-15",)),
    )
    body = (await export_board("ics", context)).body
    other = vobject.readOne(body.decode("utf-8"))
    ours: Any = Calendar.from_ical(body)

    def told(uid: Any, summary: Any, start: Any, end: Any) -> tuple[str, str, Any, Any]:
        return str(uid), str(summary), start, end

    found = [
        told(e.uid.value, e.summary.value, e.dtstart.value, e.dtend.value)
        for e in other.vevent_list
    ]
    assert found == [
        told(e["uid"], e["summary"], e["dtstart"].dt, e["dtend"].dt) for e in ours.walk("VEVENT")
    ]
    assert len(found) == 5
    texts = [str(e["description"]) for e in ours.walk("VEVENT") if "description" in e]
    assert [e.description.value for e in other.vevent_list if hasattr(e, "description")] == texts
