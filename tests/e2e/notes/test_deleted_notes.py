"""What is deleted on a group's board is told to who leads, and comes back, wherever they are."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, People, Person

pytestmark = pytest.mark.xdist_group("e2e-deleted-notes")

TEXTS = tuple(f"Lappu {number}" for number in range(6))


def in_groups(people: People) -> tuple[Person, Person, str]:
    """Who leads, on the shared board; one of a group, on a board of others' notes; its name."""
    lead, writer, other = people("Vetäjä", device=WIDE), people("Tiira"), people("Lokki")
    workshop = lead.create("Tiimin kehittämispäivä")
    lead.close_dialog()
    for person in (writer, other):
        person.join(workshop)
    for text in TEXTS:
        writer.put("challenges", text)
    for person in (lead, other):
        person.sees(*TEXTS)
    actions.panel_tab(lead, "groups")
    lead.button("breakout.start").click()
    expect(lead.button("breakout.recall")).to_be_visible()
    desk = lead.get(f"/api/workshops/{workshop.id}")[1]
    me = next(person["id"] for person in desk["people"] if person["name"] == "Lokki")
    groups = desk["breakouts"][0]["groups"]
    name = next(str(group["name"]) for group in groups if me in group["people"])
    expect(other.board.get_by_text(other.t("workshop.my_group", name=name))).to_be_visible()
    other.sees(*TEXTS)
    return lead, other, name


def delete_all(person: Person) -> None:
    person.note(TEXTS[0]).click()
    person.page.keyboard.press("Control+a")
    person.page.keyboard.press("Delete")
    person.button("note.delete").last.click()
    expect(person.notes).to_have_count(0)


def told(lead: Person, board: str) -> Locator:
    text = lead.t("deleted.told", name="Lokki", n=len(TEXTS), board=board)
    return lead.page.locator(".toast", has_text=text)


def test_who_leads_is_told_of_a_groups_board_and_brings_back_from_the_map(people: People) -> None:
    lead, other, group = in_groups(people)
    delete_all(other)
    expect(told(lead, group)).to_be_visible()
    lead.sees(*TEXTS)  # the shared board, where nothing is missing
    lead.shot("told")
    other.page.keyboard.press("Control+z")
    other.sees(*TEXTS)
    expect(told(lead, group)).to_have_count(0)  # it is so no more
    delete_all(other)
    told(lead, group).get_by_role("button", name=lead.t("deleted.bring")).click()
    other.sees(*TEXTS)
    expect(told(lead, group)).to_have_count(0)


def test_it_is_told_again_after_a_reload_and_listed_in_the_panel(people: People) -> None:
    lead, other, group = in_groups(people)
    delete_all(other)
    expect(told(lead, group)).to_be_visible()
    lead.page.reload()
    expect(told(lead, group)).to_be_visible()
    told(lead, group).get_by_role("button", name=lead.t("app.close")).click()
    sheet = actions.panel_tab(lead, "people")
    count = lead.t("deleted.count", n=len(TEXTS))
    entry = sheet.get_by_role("article").filter(has_text=group)
    expect(entry).to_contain_text("Lokki")
    expect(entry).to_contain_text(count)
    expect(entry.locator("q")).to_have_count(3)
    entry.scroll_into_view_if_needed()
    lead.shot("listed")
    button = entry.get_by_role(
        "button", name=lead.t("deleted.bring_whose", name="Lokki", count=count)
    )
    button.focus()
    lead.page.keyboard.press("Enter")
    other.sees(*TEXTS)
    expect(entry).to_have_count(0)
    expect(sheet.get_by_text(lead.t("deleted.none"))).to_be_visible()
    # The keyboard is still in the panel.
    assert lead.page.evaluate("document.querySelector('#panel').contains(document.activeElement)")


def test_on_a_phone_as_well(people: People) -> None:
    """How the news and the list look there."""
    lead, other, group = in_groups(people)
    delete_all(other)
    expect(told(lead, group)).to_be_visible()
    told(lead, group).get_by_role("button", name=lead.t("app.close")).click()
    lead.page.set_viewport_size({"width": PHONE.width, "height": PHONE.height})
    sheet = actions.panel_tab(lead, "people")
    entry = sheet.get_by_role("article").filter(has_text=group)
    entry.scroll_into_view_if_needed()
    lead.shot("listed")
    entry.get_by_role("button").click()
    other.sees(*TEXTS)
