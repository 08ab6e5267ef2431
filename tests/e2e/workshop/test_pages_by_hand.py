"""A breakout by pages, chosen page by page: by keyboard, and as the groups then see it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from boards.workbook.installed import load
from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, People, Person

pytestmark = [pytest.mark.xdist_group("e2e-pages-by-hand"), pytest.mark.timeout(180)]

CHANGE = load("valoa").board("change")


def test_the_facilitator_chooses_each_groups_pages(people: People) -> None:
    lead = people("Vetäjä", device=WIDE)
    guests = [people("Tiira", device=PHONE), people("Kurki", language="en")]
    workshop = lead.create("Kevät")
    lead.close_dialog()
    actions.panel_tab(lead, "groups")
    for guest in guests:
        guest.join(workshop)
        expect(lead.button("breakout.move_person", name=guest.name)).to_be_visible()
    lead.page.get_by_label(lead.t("breakout.board")).select_option(
        lead.board_id(workshop, "change")
    )
    choose = lead.page.get_by_role("group", name=lead.t("breakout.pages_who"), exact=True)
    choose.get_by_role("button", name=lead.t("breakout.pages_hand"), exact=True).press("Enter")
    for box in (page(lead, "A", 3), page(lead, "B", 1)):  # dealt were 1 and 3, 2 and 4
        box.press("Space")
    told = choose.get_by_role("status")
    expect(told).to_contain_text(lead.t("breakout.pages_none", pages="sivu 3"))
    expect(told).to_contain_text(lead.t("breakout.pages_several", pages="sivu 1"))
    lead.shot("chosen")
    lead.button("breakout.start").click()
    expect(lead.button("breakout.recall")).to_be_visible()
    groups = lead.get(f"/api/workshops/{workshop.id}")[1]["breakouts"][0]["groups"]
    assert [group["pages"] for group in groups] == [[1], [1, 2, 4]]
    for guest in guests:
        [own] = [g["pages"] for g in groups if person_id(lead, workshop.id, guest) in g["people"]]
        for row in CHANGE.rows:
            begins = re.compile(rf"^\s*{re.escape(row.title[guest.language])}")
            shown = guest.board.get_by_role("heading").filter(has_text=begins)
            if row.page in own:
                expect(shown.first).to_be_visible()
            else:
                expect(shown).to_have_count(0)
        guest.shot("group")


def page(lead: Person, letter: str, number: int) -> Locator:
    pages = lead.page.get_by_role("group", name=lead.t("breakout.pages_of", letter=letter))
    return pages.get_by_role("checkbox").nth(number - 1)


def person_id(lead: Person, workshop: str, guest: Person) -> str:
    people = lead.get(f"/api/workshops/{workshop}")[1]["people"]
    return str(next(person["id"] for person in people if person["name"] == guest.name))
