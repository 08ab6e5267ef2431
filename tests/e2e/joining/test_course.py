"""The course of the day: the first sheet of the panel, and its next step in one press."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.support import actions
from tests.support.browsers.browser import WIDE, People

pytestmark = [pytest.mark.xdist_group("e2e-course"), pytest.mark.timeout(180)]

FIRST, SECOND = "phenomena", "phenomena_summary"
LAST = "experiments"
MINUTES = actions.definition(SECOND)["minutes"][1]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_next_step_takes_everyone_along_and_can_be_taken_back(
    people: People, language: str
) -> None:
    lead = people("Vetäjä", device=WIDE, language=language)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    guest = people("Tiira", language=language)
    guest.join(workshop)
    lead.call("PATCH", f"/api/workshops/{workshop.id}", {"announcement": "Lukekaa muiden laput"})
    banner = guest.page.locator(".banners").get_by_text("Lukekaa muiden laput")
    expect(banner).to_be_visible()
    course = lead.page.get_by_role("region", name=lead.t("course.heading"))
    expect(course).to_contain_text(workshop.code)
    expect(course).to_contain_text(actions.title(FIRST, language))
    expect(course.get_by_role("checkbox")).to_have_count(2)
    lead.shot(f"course-{language}")
    course.get_by_role(
        "button", name=lead.t("course.go", board=actions.title(SECOND, language)), exact=True
    ).click()
    for person in (lead, guest):
        actions.stands_on(person, SECOND)
    expect(banner).to_have_count(0)
    expect(guest.page.get_by_role("timer")).to_contain_text(f"{MINUTES - 1}:")
    told = lead.page.locator(".toast", has_text=actions.title(SECOND, language))
    told.get_by_role("button", name=lead.t("board.undo")).click()
    for person in (lead, guest):
        actions.stands_on(person, FIRST)


def test_what_is_not_ticked_stays_and_the_last_board_has_no_next(people: People) -> None:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    lead.call("PATCH", f"/api/workshops/{workshop.id}", {"announcement": "Tauko"})
    course = lead.page.get_by_role("region", name=lead.t("course.heading"))
    for tick in (lead.t("course.clear"), lead.t("course.time", n=MINUTES)):
        course.get_by_role("checkbox", name=tick).uncheck()
    course.get_by_role(
        "button", name=lead.t("course.go", board=actions.title(SECOND, "fi")), exact=True
    ).press("Enter")
    actions.stands_on(lead, SECOND)
    expect(lead.page.locator(".banners").get_by_text("Tauko")).to_be_visible()
    expect(lead.page.get_by_role("timer")).to_have_count(0)
    actions.go(lead, LAST)
    expect(course.get_by_text(lead.t("contents.next-none"))).to_be_visible()
    expect(course.get_by_role("button")).to_have_count(0)
