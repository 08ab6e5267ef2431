"""The workbook adapted in the panel, as a facilitator does it and as a participant sees it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from boards.workbook import load
from tests.support.browser import PHONE, WIDE, People, Person

pytestmark = [pytest.mark.xdist_group("e2e-guidance"), pytest.mark.timeout(180)]

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
    tabs = lead.page.get_by_role("navigation").get_by_role("button")
    expect(tabs.first).to_have_text("Työn kartta")
    tabs.first.click()
    expect(lead.page.get_by_text("Totea Kysy")).to_be_visible()
    swedish = guest.page.get_by_role("navigation").get_by_role("button").first
    expect(swedish).to_have_text(CHANGE.title["sv"])  # what is not told in Swedish stays
    lead.button("guidance.reset").click()
    expect(tabs.first).not_to_have_text("Työn kartta")


def open_guidance(lead: Person) -> None:
    toggle = lead.button("panel.open")
    if toggle.get_attribute("aria-expanded") == "false":
        toggle.click()
    lead.page.get_by_role("tab", name=lead.t("panel.tab_guidance"), exact=True).click()


def change(lead: Person, key: str, text: str, **values: str) -> None:
    field = lead.textbox(key, **values)
    field.fill(text)
    field.blur()
