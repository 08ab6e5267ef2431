"""Spreadsheets that unpack to far more than they are, or say what they are not."""

import base64
import io
import struct
import zipfile
from collections.abc import Callable

import openpyxl
import pytest

from tests.support.app import App
from tests.support.pauses import watched

LONGEST = 0.25  # seconds for which others may wait
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SIZE_AT = 24  # in an entry of a zip's directory
NAME_AT = 46


def with_part(name: str, content: bytes, *, says: int | None = None) -> bytes:
    """A good file with one part another. `says`: the size that its directory tells."""
    good, made = io.BytesIO(), io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["Lappu"])
    book.save(good)
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part.filename, old.read(part.filename))
        new.writestr(name, content)
    raw = bytearray(made.getvalue())
    if says is not None:
        at = raw.rfind(name.encode()) - NAME_AT
        raw[at + SIZE_AT : at + SIZE_AT + 4] = struct.pack("<I", says)
    return bytes(raw)


def sheet(before: str, text: str) -> bytes:
    cells = f'<row><c t="inlineStr"><is><t>{text}</t></is></c></row>'
    return f"{before}<worksheet {MAIN}><sheetData>{cells}</sheetData></worksheet>".encode()


def laughs() -> bytes:
    """Nine generations, each of twelve of the one before."""
    entities = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 12}">' for n in range(9))
    return sheet(f'<!DOCTYPE l [<!ENTITY a "{"naurua" * 5}">{entities}]>', "&j;")


BOMBS: dict[str, Callable[[], bytes]] = {
    "a gigabyte": lambda: with_part(SHEET, b"\0" * (1 << 30)),
    "more than it says": lambda: with_part(SHEET, b" " * (200 << 20), says=1_000),
    "entities of entities": lambda: with_part(SHEET, laughs()),
    "a file of the server": lambda: with_part(
        SHEET, sheet('<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "&x;")
    ),
    "strings that nobody shows": lambda: with_part(
        STRINGS, f"<sst {MAIN}>{'<si/>' * 6_000_000}</sst>".encode()
    ),
    "parts inside each other": lambda: with_part(
        SHEET, f"<worksheet {MAIN}>{'<a>' * 3_000_000}{'</a>' * 3_000_000}</worksheet>".encode()
    ),
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
async def test_a_zip_bomb_unpacks_nowhere(app: App, bomb: Callable[[], bytes]) -> None:
    team = await app.team()
    body = {"file": base64.b64encode(bomb()).decode(), "preview": True, "zone": "challenges"}
    with watched() as pauses:
        answer = await team.facilitator.http.post(f"/api/boards/{team.board()}/import", json=body)
    told = answer.json()
    assert answer.status_code in (200, 400, 503), answer.text  # read as nothing, refused, or ended
    assert not told.get("notes")
    assert "root:" not in answer.text
    assert pauses.longest < LONGEST
