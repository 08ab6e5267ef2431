"""Boards to export: small, whole, and hostile ones."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from boards.schema import COLORS, Board, Experiment, Note, Theme
from boards.workbook.installed import load
from server.exports import ExportContext, GroupMark

AT = datetime(2026, 5, 1, 14, 30, tzinfo=timezone(timedelta(hours=3)))
GROUPS = {
    "gaaa": GroupMark(name="Koivut", letter="A", index=0),
    "gbbb": GroupMark(name="Kuuset", letter="B", index=1),
    "gccc": GroupMark(name="Männyt", letter="C", index=2),
}
PEOPLE = {f"p{n}": f"Osallistuja {n}" for n in range(1, 13)}
TITLES = {
    "fi": "Kevään kehittämispäivä",
    "sv": "Vårens utvecklingsdag",
    "en": "Spring development day",
}
TEXTS = {
    "fi": (
        "Asiakas odottaa vastausta kolme päivää",
        "Uusi järjestelmä kaatui tiistaina kahdesti → kirjasimme paperille",
        "Yhteiskuntapoliittisesti merkittävien kehittämishankkeiden yhteensovittamistarpeet",
        "Kollega näytti, miten palaute kootaan ✓",
    ),
    "sv": (
        "Kunden väntar tre dagar på svar",
        "Det nya systemet kraschade två gånger på tisdagen → vi skrev på papper",
        "Ansvarsfördelningen på distansdagar är oklar",
        "En kollega visade hur man samlar respons ✓",
    ),
    "en": (
        "Customers wait three days for an answer",
        "The new system went down twice on Tuesday → we wrote on paper",
        "Who answers the phone on remote days?",
        "A colleague showed how to collect feedback ✓",
    ),
}
HOSTILE = (  # what somebody may write, by mistake or on purpose
    '#read("/etc/passwd") #import "@preview/x:1.0.0" #panic("x") $x^2$ <label> @ref',
    "= Heading\n== Second\n- list\n+ list\n/ term: x\n```typ\n#sys\n```\n*bold* _it_ `raw` // gone",
    "# Heading\n- item\n1. one\n> quote\n| a | b |\n|---|---|\n![x](y) [a](javascript:x) ***",
    "<script>alert(1)</script><img src=x onerror=alert(1)>&lt;b&gt; &amp;",
    "=SUM(A1:A9)\n+1\n-1\n@x\n=cmd|' /C calc'!A0",
    "👩‍💻 👨‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇫🇮 👍🏽 1️⃣ ❤️‍🔥 😀̈ ☺︎",
    "שלום עולם, זה פתק",
    "مرحبا بالعالم، هذه ملاحظة",
    "mixed שלום 123 abc مرحبا ‮reversed‬ ‏rtl‎",
    "漢字 ไทย 한국어 ሰላም \U00013000 \U0010fffd \ue000 \ufffe \ufeff",
    "bell\x07 null\x00 esc\x1b[31m del\x7f nel\x85 tab\there\r\nline\u2028sep\u2029par\x0bvt\x0cff",
    "zalgo z̴̡̛̲̈a̵̧̛l̷̨̛g̸̢̛o̷̧̕ é é ệ",
    "\ud800 lone surrogate",
    "a" * 400,
    "https://example.invalid/" + "path/" * 40 + "?q=" + "x" * 90,
    "9" * 300,
    "",
    " \n \n ",
    "\n" * 250 + "x",
    "‌‍​­⁠ invisible",
    "\\ \\n \\u{41} %s {0} {page} {pages} ${x}",
)


def definition(key: str = "phenomena") -> dict[str, Any]:
    """A board of the built-in workbook, as the export gets it."""
    boards: list[dict[str, Any]] = load("valoa").json()["boards"]
    return next(board for board in boards if board["key"] == key)


def notes_of(texts: Sequence[str], zones: Sequence[str]) -> tuple[Note, ...]:
    """A note per text, spread over zones, colours, groups, votes and people."""
    groups = (None, *GROUPS)
    return tuple(
        Note(
            id=f"n{number:05}",
            zone=zones[number % len(zones)],
            text=text,
            color=COLORS[number % len(COLORS)],
            at=1_777_000_000_000 + number,
            author=f"p{number % 12 + 1}",
            group=groups[number % 4],
            theme="t1" if number % 4 == 0 and zones[0] == "challenges" else None,
            position=(number * 7, 40) if number % 2 else None,
            votes=(0, 0, 3, 0, 1)[number % 5],
        )
        for number, text in enumerate(texts)
    )


def phenomena(
    language: str = "fi", texts: Sequence[str] | None = None, **more: Any
) -> ExportContext:
    """The phenomena map with some notes."""
    notes = notes_of(
        TEXTS[language] * 4 if texts is None else texts, ("challenges", "inspirations")
    )
    theme = Theme(id="t1", name="Tiedonkulku", zone="challenges")
    board = Board(id="b1", kind="notes", key="phenomena", notes=notes, themes=(theme,))
    return context_of(board, language, **more)


def change(language: str = "fi", texts: Sequence[str] | None = None, **more: Any) -> ExportContext:
    """The change map: eight rows, two columns."""
    rows, columns = definition("change")["rows"], definition("change")["columns"]
    zones = [f"{row['id']}/{column['id']}" for row in rows for column in columns]
    notes = notes_of(TEXTS[language] * 10 if texts is None else texts, zones)
    theme = Theme(id="t2", name="", zone=zones[0])  # one that nobody has named
    under = {note.id for note in notes[:: 2 * len(zones)]}
    board = Board(
        id="b2",
        kind="grid",
        key="change",
        notes=tuple(replace(n, theme="t2") if n.id in under else n for n in notes),
        themes=(theme,),
    )
    return context_of(board, language, **more)


def summary(language: str = "fi", texts: Sequence[str] | None = None, **more: Any) -> ExportContext:
    """Answers: a shared one, groups' own, and none."""
    one, two, three, *rest = TEXTS[language] if texts is None else texts
    answers = {"matter": one, "learn/gbbb": two, "learn/gaaa": three}
    answers |= {f"old{n}": text for n, text in enumerate(rest)}
    board = Board(id="b3", kind="answers", key="phenomena_summary", answers=answers)
    return context_of(board, language, **more)


def plan(language: str = "fi", texts: Sequence[str] | None = None, **more: Any) -> ExportContext:
    """Two experiments and the ideas they were chosen from."""
    said = TEXTS[language] if texts is None else texts
    experiments = (
        Experiment(
            id="e1", at=1, group=None, fields={"what": said[0], "schedule": "2026-05-11/2026-06-18"}
        ),
        Experiment(id="e2", at=2, group=None, fields={"what": said[1], "unknown": said[2]}),
    )
    board = Board(
        id="b4",
        kind="plan",
        key="experiments",
        notes=notes_of(said, ("ideas",)),
        experiments=experiments,
    )
    return context_of(board, language, **more)


def assessment(
    language: str = "fi", texts: Sequence[str] | None = None, **more: Any
) -> ExportContext:
    """What was picked from the survey's results."""
    notes = notes_of(TEXTS[language] if texts is None else texts, ("works", "focus"))
    return context_of(
        Board(id="b5", kind="survey", key="assessment", notes=notes), language, **more
    )


KINDS = (phenomena, change, summary, plan, assessment)


def context_of(board: Board, language: str, **more: Any) -> ExportContext:
    values: Mapping[str, Any] = {
        "workshop_id": "w1",
        "workshop": TITLES[language],
        "language": language,
        "definition": definition(board.key),
        "board": board,
        "groups": GROUPS,
        "people": PEOPLE,
        "exported_at": AT,
    }
    return ExportContext(**{**values, **more})
