"""A board printed from the browser: all of it, and nothing that is there to be pressed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

from boards.document import Document
from boards.edits import add_note
from tests.e2e import ways
from tests.support.browser import WIDE, People, Person

pytestmark = [pytest.mark.xdist_group("e2e-print"), pytest.mark.timeout(180)]

NOTES = 60
SEND = """([board, bytes]) => fetch(`/api/boards/${board}/edits`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream' },
    body: new Uint8Array(bytes),
}).then((answer) => answer.status)"""
BUTTONS = (
    "board.add",
    "board.alone",
    "board.guide",
    "board.view.canvas",
    "panel.title",
    "workshop.sync.saved",
)


def test_a_list_is_printed_whole_and_without_buttons(people: People, tmp_path: Path) -> None:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    board = lead.board_id(workshop, "phenomena")
    document = Document()
    for number in range(NOTES):
        text = f"Havainto{number:02} odottaa vastausta jo kolmatta päivää"
        add_note(document, board, zone="challenges", text=text, at=number + 1)
    sent = lead.page.evaluate(SEND, [board, list(document.get_update())])
    assert sent == 200
    ways.go(lead, "phenomena")
    ways.as_list(lead)
    expect(lead.page.get_by_text("Havainto59").first).to_be_visible()
    said = printed(lead, tmp_path / "list.pdf")
    assert [n for n in range(NOTES) if said.count(f"Havainto{n:02}") != 1] == []
    assert [key for key in BUTTONS if lead.t(key) in said] == []
    assert 2 <= said.count("\f") <= 6  # pages
    ways.go(lead, "experiments")
    lead.button("plan.add").click()
    what = lead.page.locator(".plan textarea").first
    what.fill("Kokeilemme kävelykokousta. " * 30 + "Loppu.")
    said = printed(lead, tmp_path / "plan.pdf")
    assert "Loppu." in said
    assert [key for key in (*BUTTONS, "plan.add") if lead.t(key) in said] == []


def printed(person: Person, path: Path) -> str:
    """The words of the page on A4."""
    person.page.pdf(path=path, format="A4")
    done = subprocess.run(
        ["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True
    )
    return done.stdout
