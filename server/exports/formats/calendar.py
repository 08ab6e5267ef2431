"""A plan's days as a calendar file: start, assessments on the way, and end of each experiment.

Source: RFC 5545. Days without a time, so that no time zone can move them; ids that stay the same,
so that importing again replaces what was there.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event

from boards.schema import Experiment
from server.exports.context import ExportContext
from server.exports.errors import DaysCrossed, FormatUnknown, NothingDated
from server.exports.plain import plain
from server.exports.view.wording import words
from server.i18n import t

PRODUCT = "-//Hahmo//Hahmo//EN"
REVISIONS_FROM = datetime(2020, 1, 1, tzinfo=UTC)
NAME_CHARACTERS = 80  # of an experiment, in the title of an event


@dataclass(frozen=True, slots=True)
class Day:
    """One day of an experiment. `name`: what it is, stable, part of the event's id."""

    experiment: Experiment
    name: str
    on: date
    kind: str  # start, check or end


def write_calendar(context: ExportContext) -> bytes:
    """An iCalendar file; what ends before it starts is left out, and the file says so.

    Raises FormatUnknown off a plan, NothingDated when no day is agreed, DaysCrossed when none of
    those agreed can stand.
    """
    if context.board.kind != "plan":
        raise FormatUnknown("ics")
    experiments = context.board.experiments
    days = [day for experiment in experiments for day in days_of(experiment)]
    crossed = [experiment for experiment in experiments if experiment.crossed]
    if not days:
        raise DaysCrossed("no end after its start") if crossed else NothingDated("no day")
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", " ".join(plain(context.workshop).split()))
    if crossed:
        names = [name_of(context, experiment) for experiment in crossed]
        lines = [t(context.language, "export.timeline_crossed", experiment=name) for name in names]
        calendar.add("description", plain("\n".join(lines)))  # RFC 7986, 5.2
    for day in days:
        calendar.add_component(event(context, day))
    written: bytes = calendar.to_ical()
    return written


def days_of(experiment: Experiment) -> Iterator[Day]:
    """Its days in order, as they were agreed: what the plan does not say is in no calendar.

    None of an experiment that ends before it starts: its days have to be agreed upon again.
    """
    start, end = (day_of(experiment.fields.get(key)) for key in ("start", "end"))
    if experiment.crossed:
        return
    if start:
        yield Day(experiment, "start", start, "start")
    for check in experiment.checks:
        yield Day(experiment, f"check-{check}", date.fromisoformat(check), "check")
    if end:
        yield Day(experiment, "end", end, "end")


def day_of(text: str | None) -> date | None:
    """An ISO day, or None."""
    return date.fromisoformat(text) if text else None


def event(context: ExportContext, day: Day) -> Event:
    """One all-day event that takes up nobody's time."""
    found = Event()
    found.add("uid", f"{day.experiment.id}-{day.name}@{context.workshop_id}.hahmo")
    found.add("dtstamp", context.exported_at.astimezone(UTC).replace(microsecond=0))
    found.add("dtstart", day.on)
    found.add("dtend", day.on + timedelta(days=1))  # the first day that is no part of it
    found.add("sequence", sequence(context))
    found.add("transp", "TRANSPARENT")
    name = name_of(context, day.experiment)
    found.add("summary", plain(t(context.language, f"calendar.{day.kind}", experiment=name)))
    found.add("description", plain(description(context, day.experiment)))
    return found


def sequence(context: ExportContext) -> int:
    """The revision (RFC 5545, 3.8.7.4): seconds from 2020 to the export.

    Programs take a day again only under a higher number. A later file may always say something
    else, and nothing but its time is known of the files before; 31 bits last until 2088.
    """
    return max(0, int((context.exported_at - REVISIONS_FROM).total_seconds()))


def name_of(context: ExportContext, experiment: Experiment) -> str:
    """The first line of what is tried; its number while nothing is written there."""
    fields = list(text_fields(context))
    said = experiment.fields.get(fields[0]["id"], "") if fields else ""
    first = plain(said).strip().partition("\n")[0]
    if not first:
        number = context.board.experiments.index(experiment) + 1
        return t(context.language, "export.experiment", n=number)
    return first if len(first) <= NAME_CHARACTERS else first[: NAME_CHARACTERS - 1].rstrip() + "…"


def description(context: ExportContext, experiment: Experiment) -> str:
    """What was written about it, question by question."""
    answers = (
        (words(field["title"], context.language), experiment.fields.get(field["id"], "").strip())
        for field in text_fields(context)
    )
    return "\n\n".join(f"{title}\n{text}" for title, text in answers if text)


def text_fields(context: ExportContext) -> Iterable[Mapping[str, Any]]:
    """The fields of an experiment that people write into."""
    return (field for field in context.definition.get("fields", ()) if field["type"] == "text")
