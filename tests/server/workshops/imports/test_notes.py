"""Notes of lists, CSV and Excel: what would come where, and what is wrong in which row."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from boards.schema import Note
from boards.workbook.installed import load
from server.exports.formats.csv import write_csv
from server.exports.formats.xlsx import write_xlsx
from server.workshops.imports.notes import (
    MOST_NOTES,
    NOTE_CHARACTERS,
    Brought,
    Target,
    read_notes,
)
from server.workshops.imports.tables import MOST_ROWS, UNPACKED_BYTES, Unreadable
from tests.server.exports.hostile import FORMULAS
from tests.server.exports.samples import change, phenomena

PHENOMENA = load("valoa").board("phenomena")
CHANGE = load("valoa").board("change")
FIRST, SECOND = PHENOMENA.zone_ids[:2]
INTO = Target.of(PHENOMENA, FIRST, "blue")


def texts(found: Brought) -> list[str]:
    return [note.text for note in found.notes]


def codes(found: Brought) -> list[tuple[int, int, str]]:
    return [(each.row, each.column, each.code) for each in found.complaints]


def test_a_pasted_list_is_a_note_a_line() -> None:
    found = read_notes("- Jonot kasvavat, taas\n\n• Hyvä; tiimi\r\n  * kolmas\n", INTO)
    assert texts(found) == ["Jonot kasvavat, taas", "Hyvä; tiimi", "kolmas"]
    assert {(note.zone, note.color) for note in found.notes} == {(FIRST, "blue")}
    assert codes(found) == [(2, 1, "empty")]


HEADS = ["Lappu;Alue;Väri", "note,zone,color", "Lapp\tOmråde\tFärg"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("head", HEADS)
def test_a_table_is_read_whatever_wrote_it(head: str, encoding: str) -> None:
    separator = next(s for s in "\t;," if s in head)
    rows = [head, separator.join(["Työ muuttuu", SECOND, "green"]), f"Kiire{separator}{separator}"]
    found = read_notes("\r\n".join(rows).encode(encoding), INTO)
    assert [(n.row, n.text, n.zone, n.color) for n in found.notes] == [
        (2, "Työ muuttuu", SECOND, "green"),
        (3, "Kiire", FIRST, "blue"),
    ]


def test_zones_and_colours_go_by_what_people_call_them() -> None:
    title = PHENOMENA.zones[1].title["sv"]
    found = read_notes(f"Lappu;Alue;Väri\nA;{title.upper()};vihreä\nB;{SECOND};rosa", INTO)
    assert [(note.zone, note.color) for note in found.notes] == [
        (SECOND, "green"),
        (SECOND, "pink"),
    ]


def test_what_is_wrong_is_told_by_row_and_column() -> None:
    long = "x" * (NOTE_CHARACTERS + 1)
    rows = ["text;zone;color", f"{long};;", "A;muualla;", "B;;musta", ";;", "C;;"]
    found = read_notes("\n".join(rows), INTO)
    assert codes(found) == [
        (2, 1, "too-long"),
        (3, 2, "zone-unknown"),
        (4, 3, "color-unknown"),
        (5, 1, "empty"),
    ]
    assert [each.got for each in found.complaints] == ["2001", "muualla", "musta", ""]
    assert texts(found) == ["C"]
    nowhere = read_notes("A\nB", Target.of(PHENOMENA, None, "yellow"))
    assert codes(nowhere) == [(1, 0, "zone-missing"), (2, 0, "zone-missing")]


def test_more_than_fit_are_told() -> None:
    found = read_notes("\n".join(f"lappu {n}" for n in range(MOST_NOTES + 5)), INTO)
    assert len(found.notes) == MOST_NOTES
    assert codes(found) == [(MOST_NOTES + 1, 0, "too-many")]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_our_own_exports_come_in_as_they_were(write: Any, language: str) -> None:
    written = ["Jonot kasvavat", "rivi\nrivi", '"; lainattu', *FORMULAS]
    context = phenomena(language, written)
    found = read_notes(write(context), Target.of(PHENOMENA, None, "yellow"))
    by_text = {note.text: note.zone for note in context.board.notes}
    assert {note.text: note.zone for note in found.notes} == by_text
    assert codes(found) == []


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_the_cells_of_a_grid_come_in_where_they_were(write: Any, language: str) -> None:
    context = change(language)
    found = read_notes(write(context), Target.of(CHANGE, None, "yellow"))
    assert sorted((n.text, n.zone) for n in found.notes) == sorted(map(placed, context.board.notes))


def placed(note: Note) -> tuple[str, str]:
    return note.text, note.zone


def spreadsheet(rows: list[list[Any]], name: str = "Sheet1") -> bytes:
    body = io.BytesIO()
    book = xlsxwriter.Workbook(body, {"in_memory": True})
    sheet = book.add_worksheet(name)
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    book.close()
    return body.getvalue()


def test_a_spreadsheet_without_a_head_is_a_list() -> None:
    found = read_notes(spreadsheet([["Jonot"], [12], [None], ["=1+1"]]), INTO)
    assert texts(found)[:2] == ["Jonot", "12"]
    assert codes(found)[0] == (3, 1, "empty")


def test_a_formula_is_what_was_seen_of_it() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "=SUM(1,2)"
    book.active["A2"] = "teksti"
    body = io.BytesIO()
    book.save(body)
    assert texts(read_notes(body.getvalue(), INTO)) == ["teksti"]  # it was never computed


def zipped(parts: dict[str, bytes]) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return body.getvalue()


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "%s">]><x>&a;</x>' % (b"a" * 99)
BAD = {
    "no zip": (b"PK\x03\x04kissa", "spreadsheet"),
    "no spreadsheet": (zipped({"a.txt": b"kissa"}), "spreadsheet"),
    "a bomb": (zipped({"xl/a.xml": b"0" * (UNPACKED_BYTES + 1)}), "too-large"),
    "many parts": (zipped({f"{n}": b"" for n in range(501)}), "too-large"),
    "entities": (zipped({"[Content_Types].xml": ENTITIES}), "spreadsheet"),
    "many rows": (b"a\n" * (MOST_ROWS + 1), "too-large"),
    "many columns": (b"note" + b";" * 200, "too-large"),
    "an endless cell": (b'note;b\n"' + b"x" * 200_000, "csv"),
}


@pytest.mark.parametrize(("file", "why"), BAD.values(), ids=BAD.keys())
def test_what_cannot_be_read_is_told(file: bytes, why: str) -> None:
    with pytest.raises(Unreadable) as raised:
        read_notes(file, INTO)
    assert raised.value.why == why
