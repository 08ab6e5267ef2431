"""A survey's results as a reader meets them: a table with a chart, round beside round."""

from collections.abc import Iterator, Mapping
from typing import Any

from server.exports.context import ExportContext
from server.exports.view.model import ResultLine, Results
from server.exports.view.wording import words
from server.i18n import t

__all__ = ["results_of"]

Reported = Mapping[str, Any]


def results_of(context: ExportContext) -> Iterator[Results]:
    """Results of every released round, the newest of a form first."""
    forms = {form["id"]: form for form in context.definition.get("forms", ())}
    rounds = [reported for reported in context.assessment if reported["form"] in forms]
    before = {(reported["form"], reported["round"]): reported for reported in rounds}
    for reported in sorted(rounds, key=lambda one: (list(forms).index(one["form"]), -one["round"])):
        earlier = [n for form, n in before if form == reported["form"] and n < reported["round"]]
        last = before[(reported["form"], max(earlier))] if earlier else None
        yield Reader(context, forms[reported["form"]]).results(reported, last)


class Reader:
    """Reads the rounds of one form."""

    def __init__(self, context: ExportContext, form: Reported) -> None:
        self.language = context.language
        self.definition = context.definition
        self.form = form

    def words(self, texts: object) -> str:
        return words(texts, self.language)

    def say(self, key: str, **values: str | int) -> str:
        return t(self.language, f"export.{key}", **values)

    def results(self, reported: Reported, before: Reported | None) -> Results:
        """`before`: the round to compare with."""
        statements = {item["id"]: self.words(item["text"]) for item in self.form["statements"]}
        themes = {item["id"]: self.words(item["title"]) for item in self.definition["themes"]}
        scale = self.definition["scale"]
        last = before or {"themes": [], "statements": []}
        return Results(
            title=self.say("round", form=self.words(self.form["title"]), n=reported["round"]),
            answered=self.say("answered", n=reported["answers"]),
            scale=tuple(self.words(step) for step in scale["steps"]),
            cant_say=self.words(scale["cant_say"]),
            before="" if before is None else self.say("mean_before", n=before["round"]),
            themes=tuple(self.lines(themes, reported["themes"], last["themes"])),
            statements=tuple(self.lines(statements, reported["statements"], last["statements"])),
            comments=tuple(reported["comments"]),
        )

    def lines(
        self, texts: Mapping[str, str], reported: list[Reported], before: list[Reported]
    ) -> Iterator[ResultLine]:
        """Statements or themes in the order they are reported: the widest spread first."""
        means = {item["id"]: self.mean(item["distribution"]) for item in before}
        for item in reported:
            found = item["distribution"]
            if item["id"] in texts:
                yield ResultLine(
                    text=texts[item["id"]],
                    counts=tuple(found["counts"]) if found else (),
                    cant_say=found["cant_say"] if found else 0,
                    mean=self.mean(found),
                    before=means.get(item["id"], ""),
                )

    def mean(self, distribution: Reported | None) -> str:
        """A mean with the sign that the language has between whole and parts; "" for none."""
        if distribution is None:
            return ""
        text = f"{distribution['mean']:.1f}"
        return text if self.language == "en" else text.replace(".", ",")
