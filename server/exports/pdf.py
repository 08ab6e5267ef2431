"""A board as PDF: PDF/UA-1 and PDF/A-2a, typeset by Typst in a child process."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import UTC
from typing import Any

from server.exports.context import ExportContext
from server.exports.glyphs import Cleaner
from server.exports.reader import view_of
from server.exports.typesetting import Refused, Typesetting
from server.exports.view import Card, Grid, Section, View, Zone
from server.i18n import t

TEMPLATE = "board.typ"
TRIES = 6  # times that Typst may name something it cannot show; then only what every font has
LABELS = (
    "overview",
    "most_votes",
    "row",
    "page",
    "empty_zone",
    "empty_cell",
    "empty_note",
    "empty_answer",
    "empty_field",
    "empty_board",
)


async def write_pdf(context: ExportContext, typesetting: Typesetting) -> bytes:
    """Raises ExportFailed when it cannot be made now; never because of what somebody wrote."""
    view = view_of(context)
    refused: list[str] = []
    for turn in range(TRIES):
        cleaner = Cleaner(refused, strict=turn == TRIES - 1)
        try:
            return await typesetting.run(
                context.workshop_id, TEMPLATE, "pdf", inputs(context, view, cleaner), at(context)
            )
        except Refused as error:
            refused.append(error.text)
    raise AssertionError("unreachable: the last turn ")


def at(context: ExportContext) -> int:
    return int(context.exported_at.timestamp())


def inputs(context: ExportContext, view: View, cleaner: Cleaner) -> dict[str, Any]:
    """What board.typ reads."""
    moment = context.exported_at.astimezone(UTC)
    cleaned = clean(asdict(view), cleaner.clean)
    return {
        "view": cleaned,
        "labels": labels(view),
        "at": [moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second],
        "note": note(view.language, cleaner.replaced),
    }


def clean(value: Any, change: Callable[[str], str]) -> Any:
    """The same value with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: clean(item, change) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item, change) for item in value]
    return value


def note(language: str, replaced: int) -> str:
    """What stands at the end when characters could not be shown."""
    return t(language, "export.unshown", n=replaced) if replaced else ""


def labels(view: View) -> dict[str, Any]:
    """The words of the template, and every counted thing in the number it is needed in."""

    def say(key: str, n: int) -> str:
        return t(view.language, f"export.{key}", n=n)

    return {
        **{key: t(view.language, f"export.{key}") for key in LABELS},
        "counts": {str(n): say("count", n) for n in counts(view.sections)},
        "votes": {str(card.votes): say("votes", card.votes) for card in cards(view)},
    }


def counts(sections: Iterable[Section]) -> set[int]:
    return {section.count for section in sections if isinstance(section, Zone)}


def cards(view: View) -> Iterable[Card]:
    """Every card of the document."""
    yield from view.top
    for section in view.sections:
        if isinstance(section, Zone):
            for block in section.blocks:
                yield from block.cards
        elif isinstance(section, Grid):
            for row in section.rows:
                for cell in row.cells:
                    yield from cell
