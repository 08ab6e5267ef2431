"""What a facilitator has begun in the panel is there after a reload, until it is thrown away."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from boards.workbook.installed import load
from tests.e2e.support import actions
from tests.support.browsers.browser import WIDE, People, Person, Workshop

pytestmark = [pytest.mark.xdist_group("e2e-drafts"), pytest.mark.timeout(180)]

BOARD = load("valoa").board("phenomena")
PROMPT = "Mikä on"


@pytest.fixture
def lead(people: People) -> Person:
    return people("Vetäjä", device=WIDE)


@pytest.fixture
def workshop(lead: Person) -> Workshop:
    made = lead.create("Kevät")
    lead.close_dialog()
    return made


def prompts(lead: Person) -> Locator:
    """The fields for the board's prompts, with the part of the panel open that they are in."""
    actions.panel_tab(lead, "guidance")
    summary = lead.page.locator("summary", has_text=BOARD.title["fi"]).first
    body = lead.page.locator("details", has=summary).last
    if body.get_attribute("open") is None:
        summary.click()
    return body.locator("textarea")


def guided(lead: Person, workshop: Workshop) -> Any:
    return lead.get(f"/api/workshops/{workshop.id}")[1].get("guidance")


def test_a_prompt_that_is_half_typed_outlives_a_reload(lead: Person, workshop: Workshop) -> None:
    """The server has not heard of it yet: each of the calls fails on the way."""
    lead.forgive("Failed to load resource|net::ERR_FAILED")

    def lose(route: Route) -> None:
        route.abort() if route.request.method == "PATCH" else route.continue_()

    calls = f"**/api/workshops/{workshop.id}"
    lead.page.route(calls, lose)
    field = prompts(lead).last
    field.press("ControlOrMeta+a")
    lead.page.keyboard.type(PROMPT)  # and the hands stay in it
    lead.page.reload()
    expect(prompts(lead).last).to_have_value(PROMPT)
    assert PROMPT not in str(guided(lead, workshop))
    lead.page.unroute(calls)
    lead.page.reload()
    expect(prompts(lead).last).to_have_value(PROMPT)
    lead.sees_status("saved")
    expect(lead.board.get_by_text(PROMPT, exact=True).first).to_be_visible()


def test_the_plan_of_groups_outlives_tabs_and_a_reload(
    people: People, lead: Person, workshop: Workshop
) -> None:
    people("Tiira").join(workshop)
    sheet = actions.panel_tab(lead, "groups")
    sheet.get_by_role("button", name=lead.t("breakout.more"), exact=True).click()
    name = sheet.get_by_label(lead.t("breakout.group_name", letter="C"), exact=True)
    name.fill("")
    lead.page.keyboard.type("Majava")
    for _ in range(2):
        actions.panel_tab(lead, "pace")
        actions.panel_tab(lead, "groups")
        expect(name).to_have_value("Majava")
        lead.page.reload()
        actions.panel_tab(lead, "groups")
        expect(name).to_have_value("Majava")
    expect(sheet.locator("output").first).to_have_text("3")
    lead.button("breakout.start").click()
    expect(lead.page.get_by_role("article", name="Majava", exact=True)).to_be_visible()


def test_a_report_of_what_was_gathered_stays_until_it_is_closed(
    people: People, lead: Person, workshop: Workshop
) -> None:
    lead.put("challenges", "Yhteinen")
    member = people("Tiira")
    member.join(workshop)
    actions.panel_tab(lead, "groups")
    lead.button("breakout.start").click()
    expect(member.page.locator(".banner[data-group]")).to_be_visible()
    member.put("challenges", "Ryhmässä kirjoitettu")
    member.sees_status("saved")
    lead.button("merge.merge").click()
    report = lead.page.locator(".result")
    expect(report).to_have_count(1)
    words = report.inner_text()
    for _ in range(2):
        actions.panel_tab(lead, "pace")
        actions.panel_tab(lead, "groups")
        expect(report).to_have_text(words, use_inner_text=True)
        lead.page.reload()
        actions.panel_tab(lead, "groups")
        expect(report).to_have_text(words, use_inner_text=True)
    lead.button("merge.close_report").click()
    expect(report).to_have_count(0)
    lead.page.reload()
    actions.panel_tab(lead, "groups")
    expect(lead.button("merge.again").or_(lead.button("merge.merge")).first).to_be_visible()
    expect(report).to_have_count(0)
