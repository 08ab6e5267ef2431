"""A workshop's report, PDF and Word: what a manager reads, and every note after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from server.exports.context import ExportContext
from server.exports.elsewhere import Elsewhere
from server.exports.formats.docx import Writer
from server.exports.formats.pdf import Readable, at, clean, inputs, tried
from server.exports.office.word import TEXT_WIDTH, document, paragraph, run, table
from server.exports.office.word.pictures import Pictures
from server.exports.picture.paper import picture_across
from server.exports.picture.text import lines_of
from server.exports.typst.glyphs import Cleaner
from server.exports.typst.pool import Limits, Typesetting, job_of
from server.exports.view.build import view_of
from server.exports.view.model import Grid, View, Zone
from server.exports.view.report import Chosen, Report, report_of
from server.i18n import t

__all__ = ["write_report_docx", "write_report_pdf"]

TEMPLATE = "report.typ"
WORDS = (
    *("title", "day", "about", "stood_out", "most_dots", "most_links", "themes", "changes"),
    *("maps", "results", "answers", "plans", "appendix", "appendix_about"),
)
MAP_HEAD, DAY_HEAD = 75.0, 190.0  # points above a picture in Word: its headings, the day's
LITTLE_ROOM = 500.0  # from so many on it begins on the next page
THEME_HEADS = ("theme", "examples", "count", "group_count", "dots")


async def write_report_pdf(
    whole: Readable, workshop: str, typesetting: Typesetting, elsewhere: Elsewhere
) -> bytes:
    """All boards are read in another process, anew for each try."""

    async def job(refused: Sequence[str], *, strict: bool) -> bytes:
        return await elsewhere.run(
            workshop, report_job, whole, refused, strict=strict, limits=typesetting.limits
        )

    return await tried(job, workshop, typesetting)


def report_job(whole: Readable, refused: Sequence[str], *, strict: bool, limits: Limits) -> bytes:
    """What the typesetter reads."""
    contexts = whole.read()
    views = [view_of(context) for context in contexts]
    cleaner = Cleaner(refused, strict)
    told = {
        **clean(asdict(report_of(contexts, views)), cleaner.clean),
        "facts": facts(contexts),
        "maps": list(maps(contexts, views, cleaner)),
        "words": words_of(contexts[0].language),
    }
    data = {**inputs(contexts[0], views, cleaner, whole=True), "report": told}
    for view, context in zip(data["views"], contexts, strict=True):
        view["noted"] = bool(context.board.notes)
    return job_of(TEMPLATE, "pdf", data, at(contexts[0]), limits)


def words_of(language: str) -> dict[str, Any]:
    said = {key: t(language, f"export.report_{key}") for key in WORDS}
    return {**said, "theme_heads": theme_heads(language)}


def theme_heads(language: str) -> list[str]:
    return [t(language, f"export.report_head_{key}") for key in THEME_HEADS]


def facts(contexts: Sequence[ExportContext]) -> list[tuple[int, str]]:
    """People, groups, notes, experiments of the whole workshop."""
    first = contexts[0]
    counts = [
        ("people", len(first.people)),
        ("groups", len(first.marks)),
        ("notes", sum(len(context.board.notes) for context in contexts)),
        ("experiments", sum(len(context.board.experiments) for context in contexts)),
    ]
    return [(n, t(first.language, f"export.{key}", n=n)) for key, n in counts if n]


def maps(
    contexts: Sequence[ExportContext], views: Sequence[View], cleaner: Cleaner
) -> Iterator[dict[str, Any]]:
    """A picture of each map on which something stands, with what it shows in words."""
    for context, view in zip(contexts, views, strict=True):
        if found := picture_across(context, cleaner.clean(view.board), cleaner.line):
            yield asdict(found)


def write_report_docx(contexts: Sequence[ExportContext]) -> bytes:
    """The same to go on with in one's own words."""
    views = [view_of(context) for context in contexts]
    first = views[0]
    report = report_of(contexts, views)
    said = words_of(first.language)
    day = DAY_HEAD + sum(15.0 * len(lines_of(line, 460, 11)) + 4 for line in report.lines)
    pictures = Pictures(contexts, views, partial(above_map, day))
    blocks = [
        paragraph("Kicker", run(said["title"])),
        paragraph("Title", run(" ".join(first.workshop.split())), of=first.workshop),
        paragraph(
            "Subtitle", run(" · ".join((first.date, *(f"{n} {w}" for n, w in facts(contexts)))))
        ),
        paragraph("Heading1", run(said["day"])),
        *(paragraph("ListBullet", run(line), of=line) for line in report.lines),
        paragraph("Prompt", run(said["about"])),
        *pictured(views, pictures, said),
        *stood_out(report, said),
        *themes(report, said),
        *changes(report, said),
        *parts(report, said, first),
        *appendix(views, said),
    ]
    title = f"{said['title']}: {first.workshop}"
    return document(
        blocks,
        title=title,
        footer=" ".join(f"{said['title']} · {first.workshop} · {first.date}".split()),
        language=first.language,
        at=contexts[0].exported_at,
        pictures=pictures.taken,
    )


def heading(level: int, text: str, *, new: bool = False) -> str:
    told = " ".join(text.split())
    return paragraph(f"Heading{level}", run(told), of=told, on_new_page=new)


def pictured(views: Sequence[View], pictures: Pictures, said: dict[str, Any]) -> list[str]:
    """Each map, one under the other."""
    found: list[str] = []
    for number, view in enumerate(views):
        if shown := pictures.of(number):
            if not found:
                found.append(heading(1, said["maps"]))
            found += [heading(2, view.board), *shown]
    return found


def above_map(day: float, view: View, before: float) -> float:
    """Points taken of a page by what stands above a map: the `day`, or the map before it."""
    used = MAP_HEAD + (before or day)
    return used if used < LITTLE_ROOM else MAP_HEAD


def stood_out(report: Report, said: dict[str, Any]) -> list[str]:
    def listed(items: Sequence[Chosen], key: str) -> list[str]:
        if not items:
            return []
        lines = (
            paragraph(
                "ListBullet",
                run(one.text),
                run(f"\n{one.why} · {one.where}", "Details"),
                of=one.text,
            )
            for one in items
        )
        return [heading(2, said[key]), *lines]

    found = [*listed(report.dotted, "most_dots"), *listed(report.linked, "most_links")]
    return [heading(1, said["stood_out"]), *found] if found else []


def cell(*lines: str, strong: bool = False, style: str = "TableText") -> str:
    return "".join(
        paragraph(style, run(line, "Strong" if strong else ""), of=line) for line in lines
    )


def themes(report: Report, said: dict[str, Any]) -> list[str]:
    if not report.themes:
        return []
    widths = [TEXT_WIDTH * share // 100 for share in (27, 43, 10, 10, 10)]
    rows = [
        [
            cell(one.name, strong=True) + paragraph("TableText", run(one.where, "Details")),
            cell(*one.examples, style="TableBullet") or cell("–"),
            *(cell(str(n), style="TableNumber") for n in (one.notes, one.groups, one.votes)),
        ]
        for one in report.themes
    ]
    heads = [cell(head, strong=True) for head in said["theme_heads"]]
    return [heading(1, said["themes"]), table(widths, heads, rows, title=said["themes"])]


def changes(report: Report, said: dict[str, Any]) -> list[str]:
    if not report.changes:
        return []
    widths = [TEXT_WIDTH * share // 100 for share in (24, 38, 38)]
    rows = [
        [cell(row, strong=True), cell(*before.split("\n")), cell(*f"→ {after}".split("\n"))]
        for row, before, after in report.changes
    ]
    heads = [cell(head, strong=True) for head in report.change_heads]
    return [heading(1, said["changes"]), table(widths, heads, rows, title=said["changes"])]


def parts(report: Report, said: dict[str, Any], view: View) -> list[str]:
    """Results, answers and experiments, each under a heading of the report."""
    found: list[str] = []
    under, further = Writer(view, 1), Writer(view, 2)
    if report.results:
        found.append(heading(1, said["results"], new=True))
        found += [block for part in report.results for block in under.section(part)]
    if report.asked:
        found.append(heading(1, said["answers"], new=True))
        for board, questions in report.asked:
            found.append(heading(2, board))
            found += [block for part in questions for block in further.section(part)]
    if report.plans:
        found.append(heading(1, said["plans"], new=True))
        found += [block for part in report.plans for block in under.section(part)]
    return found


def appendix(views: Sequence[View], said: dict[str, Any]) -> list[str]:
    found = [
        heading(1, said["appendix"], new=True),
        paragraph("Prompt", run(said["appendix_about"])),
    ]
    for view in views:
        sections = [part for part in view.sections if isinstance(part, Zone | Grid)]
        if any(part.count if isinstance(part, Zone) else part.rows for part in sections):
            found.append(heading(2, view.board))
            writer = Writer(view, 2)
            found += [block for part in sections for block in writer.section(part)]
    return found
