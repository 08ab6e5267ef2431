"""Links in words: on the notes, under the answers, and back to where an experiment began."""

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from boards.schema import Board, Experiment, Link, Note
from server.exports import ExportContext, Neighbour, export_board
from server.exports.formats.markdown import write_markdown
from server.exports.view.links import Links
from tests.server.exports.samples import GROUPS, change, definition, phenomena, plan, summary

BOARDS = {
    "ph": ("phenomena", "notes"),
    "su": ("phenomena_summary", "answers"),
    "ch": ("change", "grid"),
    "ex": ("experiments", "plan"),
}
NOTES = {
    "ph": (Note(id="p", zone="challenges", text="Jonot kasvavat", group="gaaa"),),
    "ch": (
        Note(id="f", zone="tools/from", text="Mapit"),
        Note(id="t", zone="tools/to", text="Pilvi", group="gbbb"),
    ),
    "ex": (Note(id="i", zone="ideas", text="Viikko\nilman mappeja"),),
}
LINKS = {
    "ph": (Link(id="1", source="p", target="ch#row/tools", kind="relates"),),
    "ch": (
        Link(id="2", source="f", target="t", kind="became"),
        Link(id="3", source="t", target="ph#p", kind="relates"),
        Link(id="9", source="t", target="ph#gone", kind="relates"),
    ),
    "su": (Link(id="4", source="ph#p", target="answer/matter", kind="evidence"),),
    "ex": (
        Link(id="5", source="i", target="experiment/e", kind="relates"),
        Link(id="6", source="i", target="ch#t", kind="relates"),
        Link(id="7", source="ch#t", target="experiment/other", kind="relates"),
    ),
}
TRIALS = tuple(Experiment(id=id, at=1, group=None, fields={"what": id}) for id in ("e", "other"))


def board(id: str) -> Board:
    key, kind = BOARDS[id]
    trials = TRIALS if id == "ex" else ()
    answers = {"matter": ""} if id == "su" else {}
    return Board(
        id=id,
        kind=kind,
        key=key,
        notes=NOTES.get(id, ()),
        links=LINKS[id],
        answers=answers,
        experiments=trials,
    )


AROUND = tuple(Neighbour(id, board(id), definition(key)) for id, (key, _) in BOARDS.items())
MAKERS = {"ph": phenomena, "su": summary, "ch": change, "ex": plan}


def context(id: str, language: str = "fi") -> ExportContext:
    made: ExportContext = MAKERS[id](language, around=AROUND, marks=GROUPS)
    return replace(made, board=board(id))


def told(id: str, language: str = "fi") -> str:
    return write_markdown(context(id, language)).decode()


async def printed(id: str) -> str:
    body = (await export_board("pdf", context(id))).body
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages)
    return " ".join(text.split()).replace("\xad ", "")  # words that a line's end divides


CHALLENGES = "Mikä työssämme haastaa juuri nyt?"


def test_a_note_says_what_it_is_linked_with_from_both_ends() -> None:
    notes = told("ch")
    assert "Tästä on tullut: ”Pilvi” (Työvälineet – Minne?, B · Kuuset)" in notes
    assert "Tämä oli ennen: ”Mapit” (Työvälineet – Mistä?)" in notes
    assert f"Liittyy: ”Jonot kasvavat” (Ilmiöhahmotus, {CHALLENGES}, A · Koivut)" in notes
    assert "Liittyy: ”Pilvi” (Muutoshahmotus, Työvälineet – Minne?, B · Kuuset)" in told("ph")
    assert "gone" not in notes


def test_a_row_says_what_it_is_linked_with() -> None:
    row = told("ch").split("## Työvälineet")[1]
    assert row.strip().startswith(f"- Liittyy: ”Jonot kasvavat” (Ilmiöhahmotus, {CHALLENGES}")


def test_an_answer_tells_its_evidence_even_before_it_is_written() -> None:
    body = told("su")
    assert "Vastaus pohjautuu näihin" in body
    assert f"- ”Jonot kasvavat” (Ilmiöhahmotus, {CHALLENGES}, A · Koivut)" in body


def test_an_experiment_is_traced_back_to_its_phenomenon() -> None:
    places = [
        f"”Jonot kasvavat” (Ilmiöhahmotus, {CHALLENGES}, A · Koivut)",
        "→ ”Pilvi” (Muutoshahmotus, Työvälineet – Minne?, B · Kuuset)",
        "→ ”Viikko ilman mappeja” (Mitä voisimme kokeilla?)",
    ]
    trail = Links(context("ex")).trail("e")
    found = [trail.index(place) for place in places]
    assert found == sorted(found)
    assert not any("other" in line for line in trail)  # what else came of it is no part
    assert "### Mistä kokeilu sai alkunsa" in told("ex")


@pytest.mark.parametrize(
    ("language", "says"), [("sv", "”Pilvi” (Förändringskarta"), ("en", "“Pilvi” (Change map")]
)
def test_it_is_told_in_the_readers_language(language: str, says: str) -> None:
    assert says in told("ph", language)


def test_a_groups_copy_is_called_as_its_shared_board() -> None:
    copy = replace(board("ch"), id="fork", links=())
    body = write_markdown(replace(context("ch"), board=copy, shared="ch")).decode()
    assert f"Liittyy: ”Jonot kasvavat” (Ilmiöhahmotus, {CHALLENGES}, A · Koivut)" in body


async def test_the_pdf_tells_the_same() -> None:
    assert "Tästä on tullut: ”Pilvi” (Työvälineet – Minne?, B · Kuuset)" in await printed("ch")
    assert "Vastaus pohjautuu näihin" in await printed("su")
    assert "Mistä kokeilu sai alkunsa" in await printed("ex")


def test_an_odd_link_does_no_harm() -> None:
    odd = [
        Link(id=str(n), source=end, target="p", kind="relates")
        for n, end in enumerate(("#", "row/", "x#row/y", "answer/", "experiment/no", "a#b#c", "\n"))
    ]
    strange = replace(board("ph"), links=tuple(odd))
    assert "Jonot" in write_markdown(replace(context("ph"), board=strange)).decode()
