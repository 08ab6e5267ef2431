"""When what is tried: the days of a plan's experiments as a table, and where they lie in time."""

from collections.abc import Iterator
from datetime import date, timedelta

from boards.schema import Experiment
from server.exports.context import ExportContext
from server.exports.view.model import Bar, Month, Timeline
from server.exports.view.wording import firsts
from server.i18n import t

__all__ = ["timeline_of"]

MARGIN = timedelta(days=3)
LEAST = 28  # days that the picture shows, so that a short experiment does not fill it
MOST_MONTHS = 12  # that are named; of a longer time only every second, third, …
IN_PICTURE, IN_TABLE = 60, 120  # characters of an experiment's name


def timeline_of(context: ExportContext) -> Iterator[Timeline]:
    """One section, or none while no experiment has a day."""
    if not any(days_of(experiment) for experiment in context.board.experiments):
        return
    reader = Reader(context)
    yield Timeline(
        title=reader.say("timeline"),
        columns=tuple(reader.say(f"timeline_{key}") for key in ("what", "start", "checks", "end")),
        lines=tuple(map(reader.line, numbered(context))),
        remarks=tuple(
            reader.say("timeline_crossed", experiment=reader.name(one))
            for one in numbered(context)
            if one[1].crossed
        ),
        bars=reader.bars(),
        months=reader.months(),
    )


Numbered = tuple[int, Experiment]


def numbered(context: ExportContext) -> list[Numbered]:
    return list(enumerate(context.board.experiments, start=1))


def days_of(experiment: Experiment) -> list[date]:
    """Its days in order; one whose days are crossed has none to draw."""
    ends = [experiment.fields[key] for key in ("start", "end") if experiment.fields.get(key)]
    return sorted(map(date.fromisoformat, (*ends, *experiment.checks)))


class Reader:
    """Looks things up in one context."""

    def __init__(self, context: ExportContext) -> None:
        self.context = context
        self.language = context.language
        drawn = [day for one in context.board.experiments for day in days_of(one)]
        self.first = min(drawn) - MARGIN
        self.length = max(LEAST, (max(drawn) + MARGIN - self.first).days + 1)

    def say(self, key: str, **values: str | int) -> str:
        return t(self.language, f"export.{key}", **values)

    def name(self, one: Numbered, most: int = IN_PICTURE) -> str:
        """The first line of what is tried; its number while nothing is written there."""
        number, experiment = one
        fields = self.context.definition.get("fields", ())
        first = next((field["id"] for field in fields if field["type"] == "text"), "")
        line = experiment.fields.get(first, "").strip().partition("\n")[0]
        title = self.say("experiment", n=number)
        return f"{number}. {firsts(line, most)}" if line else title

    def line(self, one: Numbered) -> tuple[str, ...]:
        """Name, start, assessments, end; a dash where nothing is agreed."""
        _, experiment = one
        start, end = (experiment.fields.get(key, "") for key in ("start", "end"))
        checks = ", ".join(map(self.day, experiment.checks))
        return (self.name(one, most=IN_TABLE), self.day(start), checks or "–", self.day(end))

    def day(self, day: str) -> str:
        """A day in figures, as tables have it."""
        if not day:
            return "–"
        found = date.fromisoformat(day)
        if self.language == "en":
            return f"{found.day} {self.say(f'month_short.{found.month}')} {found.year}"
        return f"{found.day}.{found.month}.{found.year}"

    def share(self, day: date) -> float:
        return (day - self.first).days / self.length

    def bars(self) -> tuple[Bar, ...]:
        """Where each experiment lies; one that ends before it starts is not drawn."""
        found = []
        for one in numbered(self.context):
            days = days_of(one[1])
            if days and not one[1].crossed:
                checks = (self.share(date.fromisoformat(day)) for day in one[1].checks)
                until = self.share(days[-1] + timedelta(days=1))
                middles = tuple(at + 0.5 / self.length for at in checks)
                found.append(Bar(self.name(one), self.share(days[0]), until, middles))
        return tuple(found)

    def months(self) -> tuple[Month, ...]:
        """First days of months, and of the one in which the picture begins."""
        last = self.first + timedelta(days=self.length)
        year, month = self.first.year, self.first.month
        count = (last.year - year) * 12 + last.month - month + 1
        step = -(-count // MOST_MONTHS)
        found = []
        for n in range(0, count, step):
            of_year = (month - 1 + n) % 12 + 1
            start = date(year + (month - 1 + n) // 12, of_year, 1)
            name = self.say(f"month_short.{of_year}")
            label = f"{name} {start.year}" if of_year == 1 or n == 0 else name
            found.append(Month(label, max(0.0, self.share(start))))
        return tuple(month for month in found if month.at < 1)
