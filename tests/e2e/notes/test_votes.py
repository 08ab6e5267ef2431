"""Dots: as the facilitator sets them up, and as people give and take them back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, People, Person

pytestmark = [pytest.mark.xdist_group("e2e-votes"), pytest.mark.timeout(180)]

NOTE = "Jonot kasvavat"


def test_dots_are_set_given_hidden_taken_back_and_revealed(people: People) -> None:
    lead = people("Vetäjä", device=WIDE)
    guests = [people("Tiira", device=PHONE), people("Kurki", language="sv", device=PHONE)]
    workshop = lead.create("Kevät")
    lead.close_dialog()
    lead.put("challenges", NOTE)
    for guest in guests:
        guest.join(workshop)
        guest.sees(NOTE)
    voting = actions.panel_tab(lead, "pace").get_by_role("region", name=lead.t("votes.heading"))
    more = voting.get_by_role("button", name=lead.t("votes.more"), exact=True)
    for _ in range(3):
        more.click(no_wait_after=True)  # faster than the server answers
    expect(voting.get_by_role("status")).to_have_text("6")
    voting.get_by_role("checkbox").check()
    lead.button("votes.open").click()
    for guest in guests:
        expect(guest.board.get_by_text(guest.t("votes.left", n=6, dots=6))).to_be_visible()
        for left in (5, 4):
            give(guest)
            expect(guest.board.get_by_text(guest.t("votes.left", n=left, dots=6))).to_be_visible()
    [tiira, kurki] = guests
    tiira.page.get_by_role("button", name=tiira.t("votes.take-back")).first.click()
    expect(tiira.board.get_by_text(tiira.t("votes.left", n=5, dots=6))).to_be_visible()
    board = lead.board_id(workshop)
    assert kurki.get(f"/api/boards/{board}")[1]["notes"][0]["votes"] is None
    expect(kurki.page.get_by_text(kurki.t("votes.hidden"))).to_be_visible()
    tiira.shot("hidden")
    lead.button("votes.reveal").click()
    expect(kurki.page.get_by_text(kurki.t("votes.hidden"))).to_have_count(0)
    assert kurki.get(f"/api/boards/{board}")[1]["notes"][0]["votes"] == 3
    lead.button("votes.close").click()
    expect(kurki.page.get_by_role("button", name=kurki.t("votes.give"))).to_have_count(0)
    lead.shot("closed")
    kurki.shot("revealed")


def give(person: Person) -> None:
    person.page.get_by_role("button", name=person.t("votes.give")).first.click()
