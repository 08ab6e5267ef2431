"""What comes in from files, as who leads sees it: a workshop at the start, notes on a board."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.support import actions
from tests.e2e.workshop.test_guidance import choose
from tests.support.browsers.browser import People, Person

LIST = "- Jonot kasvavat\n- Kiire; taas\n\n- =SUM(A1:A9)"
TABLE = "Lappu;Alue;Väri\nPitkät jonot;;vihreä\nHyvä tiimi;muualla;\nOma aika;;musta\nUusi työ;;"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_workshop_is_begun_from_another_ones_file(
    people: People, language: str, tmp_path: Path
) -> None:
    person = people("Vetäjä", language=language)
    person.forgive("status of 400")
    workshop = person.create("Kevätpäivä")
    status, export = person.call("GET", f"/api/workshops/{workshop.id}/export.json")
    assert status == 200
    file = tmp_path / "kevat.json"
    file.write_text(json.dumps({**export, "stage": "lepo"}), encoding="utf-8")
    person.go("/")
    person.page.get_by_text(person.t("start.own"), exact=True).click()
    choose(person, file)
    expect(person.page.get_by_text(person.t("start.own_export"))).to_be_visible()
    person.button("start.create").click()
    problem = person.page.get_by_role("alert").filter(has_text="/stage")
    expect(problem).to_contain_text(person.t("error.import-invalid.title"))
    person.shot("refused")
    file.write_text(json.dumps(export), encoding="utf-8")
    choose(person, file)
    person.button("start.create").click()
    person.page.wait_for_url("**/w/*")
    assert workshop.id not in person.page.url
    person.close_dialog()
    expect(person.page.get_by_text("Kevätpäivä").first).to_be_visible()


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_one_looks_at_groups_boards_where_they_are_and_reads_where_they_stayed(
    people: People, language: str, tmp_path: Path
) -> None:
    lead = people("Vetäjä", language=language)
    workshop = lead.create("Kevätpäivä")
    board = lead.board_id(workshop)
    named = [{"name": "Kuuset", "people": []}, {"name": "Koivut", "people": []}]
    calls = f"/api/workshops/{workshop.id}/breakouts"
    status, opened = lead.call("POST", calls, {"board": board, "groups": named})
    assert status == 201
    assert lead.call("POST", f"/api/breakouts/{opened['id']}/close")[0] == 200
    lead.close_dialog()
    sheet = earlier_round(lead)
    visit = lead.t("breakout.look")
    sheet.get_by_role("button", name=f"{visit} Kuuset").press("Enter")
    there = lead.page.get_by_role("main").get_by_text(lead.t("workshop.visiting", name="Kuuset"))
    expect(there).to_be_visible()
    back = sheet.get_by_role("button", name=f"{lead.t('workshop.back_to_shared')} Kuuset")
    expect(back).to_have_attribute("aria-pressed", "true")
    back.press("Enter")
    expect(there).to_have_count(0)
    status, export = lead.call("GET", f"/api/workshops/{workshop.id}/export.json")
    assert status == 200
    file = tmp_path / "kevat.json"
    file.write_text(json.dumps(export), encoding="utf-8")
    lead.go("/")
    lead.page.get_by_text(lead.t("start.own"), exact=True).click()
    choose(lead, file)
    lead.button("start.create").click()
    lead.page.wait_for_url("**/w/*")
    lead.close_dialog()
    sheet = earlier_round(lead)
    expect(sheet.get_by_text(lead.t("breakout.stayed"), exact=True)).to_have_count(2)
    expect(sheet.get_by_role("article")).to_have_count(2)
    for key in ("breakout.look", "merge.merge", "merge.again", "breakout.reopen"):
        expect(sheet.get_by_role("button", name=lead.t(key))).to_have_count(0)
    lead.shot("stayed-behind", full=True)


def earlier_round(lead: Person) -> Locator:
    """The sheet of groups, with the round that is over."""
    sheet = actions.panel_tab(lead, "groups")
    expect(sheet.get_by_role("article").first).to_be_visible()
    return sheet


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_notes_are_shown_first_and_then_stand_on_everybodys_board(
    people: People, language: str
) -> None:
    lead = people("Vetäjä", language=language)
    other = people("Osallistuja", language=language)
    other.join(lead.create("Kevätpäivä"))
    lead.close_dialog()
    actions.panel_tab(lead, "outputs")
    lead.button("bring.open").click()
    dialog = lead.page.get_by_role("dialog", name=lead.t("bring.title"))
    field = dialog.get_by_label(lead.t("bring.text"))
    field.fill(TABLE)
    dialog.get_by_role("button", name=lead.t("bring.look")).click()
    expect(dialog).to_contain_text(lead.t("bring.shown.other", n=2))
    expect(dialog.get_by_role("listitem")).to_have_count(2)
    expect(dialog).to_contain_text(lead.t("notes.complaint.zone-unknown"))
    lead.shot("preview")
    assert other.texts() == []
    field.fill(LIST)
    expect(dialog.get_by_role("table")).to_have_count(0)
    dialog.get_by_role("button", name=lead.t("bring.look")).click()
    dialog.get_by_role("button", name=lead.t("bring.add.other", n=3)).click()
    expect(dialog).to_be_hidden()
    other.sees("Jonot kasvavat", "Kiire; taas", "=SUM(A1:A9)")
    lead.sees("Jonot kasvavat", "Kiire; taas", "=SUM(A1:A9)")
