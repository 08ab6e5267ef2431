"""The workbook adapted in the panel, as a facilitator does it and as a participant sees it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

import boards
from boards.workbook.installed import load
from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, People, Person

pytestmark = [pytest.mark.xdist_group("e2e-guidance"), pytest.mark.timeout(180)]

VALOA = (Path(boards.__file__).parent / "workbook" / "data" / "valoa.toml").read_text("utf-8")
CHANGE = load("valoa").board("change")


def test_a_board_is_renamed_moved_and_given_principles(people: People) -> None:
    lead = people("Vetäjä", device=WIDE)
    guest = people("Tiira", language="sv", device=PHONE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    guest.join(workshop)
    open_guidance(lead)
    title = CHANGE.title["fi"]
    lead.page.locator("summary", has_text=title).first.click()
    change(lead, "guidance.board-name", "Työn kartta", name=title)
    expect(lead.page.locator("summary", has_text="Työn kartta")).to_be_visible()
    body = lead.page.locator("details", has=lead.page.locator("summary", has_text="Työn kartta"))
    principles = body.get_by_label(lead.t("guidance.principles"))
    principles.fill("Totea\nKysy")
    principles.blur()
    earlier = lead.button("guidance.earlier", name="Työn kartta")
    for place in (1, 0):
        earlier.press("Enter")
        expect(lead.page.get_by_role("tabpanel").locator("summary").nth(place)).to_have_text(
            "Työn kartta"
        )
        expect(earlier).to_be_focused()
    lead.shot("guided")
    rows = actions.open_boards(lead, "change")
    expect(rows.first).to_have_accessible_name("Työn kartta")
    rows.first.click()
    expect(lead.page.get_by_text("Totea Kysy")).to_be_visible()
    swedish = actions.open_boards(guest, "change").first
    expect(swedish).to_have_accessible_name(CHANGE.title["sv"])  # untold in Swedish, it stays
    guest.close_dialog()
    lead.button("guidance.reset").click()
    expect(actions.open_boards(lead, "change").first).not_to_have_accessible_name("Työn kartta")


def open_guidance(lead: Person) -> None:
    toggle = lead.button("panel.open")
    if toggle.get_attribute("aria-expanded") == "false":
        toggle.click()
    lead.page.get_by_role("tab", name=lead.t("panel.tab_guidance"), exact=True).click()


def change(lead: Person, key: str, text: str, **values: str) -> None:
    field = lead.textbox(key, **values)
    field.fill(text)
    field.blur()


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_workbook_file_with_an_error_is_told_where_and_what(
    people: People, language: str, tmp_path: Path
) -> None:
    person = people("Vetäjä", language=language)
    person.forgive("status of 400")
    own = tmp_path / "työkirja.toml"
    person.go("/")
    person.page.get_by_text(person.t("start.own"), exact=True).click()
    own.write_text(VALOA.replace('kind = "plan"', 'kind = "dream"'), encoding="utf-8")
    choose(person, own)
    person.button("start.create").click()
    problem = person.page.get_by_role("alert").filter(has_text="boards[6].kind")
    expect(problem).to_contain_text("työkirja.toml")
    known = "notes, grid, answers, survey, plan"
    said = person.t("workbook.expected.choice", known=known, got="'dream'")
    expect(problem).to_contain_text(said)
    person.shot("refused")
    own.write_text(VALOA.replace("Ilmiöhahmotus", "Havaintokartta"), encoding="utf-8")
    choose(person, own)
    person.button("start.create").click()
    person.page.wait_for_url("**/w/*")
    person.close_dialog()
    title = (
        "Havaintokartta" if language == "fi" else load("valoa").board("phenomena").title[language]
    )
    expect(actions.contents(person).locator(".here")).to_have_text(title)


def choose(person: Person, file: Path) -> None:
    with person.page.expect_file_chooser() as opened:
        person.page.get_by_label(person.t("start.own_file")).click()
    opened.value.set_files(file)
