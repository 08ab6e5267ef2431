"""A board printed from the browser: all of it, and nothing that is there to be pressed."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from boards.document import Document
from boards.edits import add_note
from tests.e2e.support import actions
from tests.e2e.support import full_workshop as full
from tests.support.browsers.browser import WIDE, People, Person, Workshop

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
    actions.go(lead, "phenomena")
    actions.as_list(lead)
    expect(lead.page.get_by_text("Havainto59").first).to_be_visible()
    said = printed(lead, tmp_path / "list.pdf")
    assert [n for n in range(NOTES) if said.count(f"Havainto{n:02}") != 1] == []
    assert [key for key in BUTTONS if lead.t(key) in said] == []
    assert 2 <= said.count("\f") <= 6  # pages
    actions.go(lead, "experiments")
    lead.button("plan.add").click()
    what = lead.page.locator(".plan textarea").first
    what.fill("Kokeilemme kävelykokousta. " * 30 + "Loppu.")
    said = printed(lead, tmp_path / "plan.pdf")
    assert "Loppu." in said
    assert [key for key in (*BUTTONS, "plan.add") if lead.t(key) in said] == []


def test_a_canvas_is_printed_whole_under_its_names_and_stays_as_it_was(
    people: People, tmp_path: Path
) -> None:
    """Both for who leads, with the tools open, and for who takes part, in the middle of a note."""
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevään suunta")
    lead.close_dialog()
    board = lead.board_id(workshop, "phenomena")
    document = Document()
    for at, zone in enumerate(("challenges", "inspirations") * (NOTES // 2)):
        text = f"Havainto{at:02} odottaa vastausta"
        add_note(document, board, zone=zone, text=text, at=at + 1, position=(20, 40 * at))
    assert lead.page.evaluate(SEND, [board, list(document.get_update())]) == 200
    guest = people("Aino", device=WIDE)
    guest.join(workshop)
    for person in (lead, guest):
        actions.go(person, "phenomena")
        expect(person.notes).not_to_have_count(0)
    guest.put("inspirations", "Kesken")
    guest.edit("Kesken")
    lead.sees("Kesken")
    for person in (lead, guest):
        shown, focus = person.notes.count(), focused(person)
        said = printed(person, tmp_path / f"{person.name}.pdf")
        assert [n for n in range(NOTES) if said.count(f"Havainto{n:02}") != 1] == []
        assert said.index("Kevään suunta") < said.index(person.board_title)
        assert said.count("Kesken") == 1
        assert all(person.zone_title(zone) in said for zone in ("challenges", "inspirations"))
        assert [key for key in BUTTONS if person.t(key) in said] == []
        assert (person.notes.count(), focused(person)) == (shown, focus)
        expect(person.page.locator(".board > .paper")).to_have_count(0)
    guest.done()


def focused(person: Person) -> str:
    return str(person.page.evaluate("document.activeElement.outerHTML.slice(0, 80)"))


def test_the_change_map_and_results_are_printed_whole(people: People, tmp_path: Path) -> None:
    """As canvas or as list, the map is read on paper as its list; results are all on it."""
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    rows = actions.definition("change")["rows"]
    board = lead.board_id(workshop, "change")
    document = Document()
    for at, row in enumerate(rows):
        for column in ("from", "to"):
            text = f"{column}{at:02} muuttuu"
            add_note(document, board, zone=f"{row['id']}/{column}", text=text, at=at + 1)
    assert lead.page.evaluate(SEND, [board, list(document.get_update())]) == 200
    actions.go(lead, "change")
    actions.as_list(lead)
    lead.sees("from00 muuttuu")
    said = printed(lead, tmp_path / "change.pdf")
    for column in ("from", "to"):
        counts = [said.count(f"{column}{at:02} muuttuu") for at in range(len(rows))]
        assert counts == [1] * len(rows)
    assert [key for key in (*BUTTONS, "grid.row") if lead.t(key) in said] == []
    pages = [page.rstrip() for page in said.split("\f") if page.strip()]
    assert [page for page in pages if not page.endswith("muuttuu")] == []  # no heading alone
    form = actions.definition("assessment")["forms"][0]
    hold_a_round(lead, workshop, form)
    rounds = f"/api/workshops/{workshop.id}/rounds"  # and one that nobody answers
    assert lead.call("POST", rounds, {"form": form["id"], "few": True})[0] < 300
    assert lead.call("POST", f"{rounds}/close", {"form": form["id"]})[0] < 300
    actions.go(lead, "assessment")
    expect(lead.page.get_by_role("heading", name=lead.t("survey.results", round=1))).to_be_visible()
    said = " ".join(printed(lead, tmp_path / "results.pdf").split())
    assert full.COMMENT in said
    assert lead.t("survey.results", round=1) in said
    assert lead.t("survey.newer", round=2) in said
    texts = [str(each["text"]["fi"]) for each in form["statements"]]
    assert [text for text in texts if text.split()[0] not in said] == []
    buttons = (*BUTTONS, "survey.open", "survey.pick-named", "survey.send")
    assert [key for key in buttons if lead.t(key) in said] == []


def hold_a_round(lead: Person, workshop: Workshop, form: Any) -> None:
    """Opened, answered by five past the interface, and closed."""
    rounds = f"/api/workshops/{workshop.id}/rounds"
    assert lead.call("POST", rounds, {"form": form["id"], "few": True})[0] < 300
    full.answer_round(lead, workshop, form, 0)
    assert lead.call("POST", f"{rounds}/close", {"form": form["id"]})[0] < 300


def printed(person: Person, path: Path) -> str:
    """The words of the page on A4."""
    person.page.pdf(path=path, format="A4")
    done = subprocess.run(
        ["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True
    )
    return done.stdout
