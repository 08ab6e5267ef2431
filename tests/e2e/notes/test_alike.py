"""Texts and names that are alike, and names that run the other way: each stays its own."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.support import actions
from tests.support.browsers.browser import WIDE, People

pytestmark = [pytest.mark.xdist_group("e2e-alike"), pytest.mark.timeout(180)]

BEGINNING = "We register everything three times over, "  # 40 letters are what buttons say
OLD, NEWS = "Three registers", (f"{BEGINNING}by hand", f"{BEGINNING}by post")
ARABIC, HEBREW = "فاطمة (الليل)", "דוד 3"
ARABIC_NOTE = "نسجل كل شيء ثلاث مرات (1)!"


def test_a_list_lives_when_a_note_became_two_that_begin_alike(people: People) -> None:
    """What the note became is listed by the tie, not by its words."""
    person = people("Tiira", language="en")
    person.create("Spring")
    person.close_dialog()
    actions.go(person, "change")
    actions.as_list(person)
    actions.put(person, "change", "tools/from", OLD)
    for text in NEWS:
        actions.put(person, "change", "tools/to", text)
    for _ in NEWS:
        actions.menu_of(person, OLD)
        person.button("became.to").click()
        dialog = person.page.get_by_role("dialog").last
        dialog.get_by_role("button", name=BEGINNING.strip()).first.click()
        if person.page.get_by_role("dialog").count():
            person.close_dialog()
    told = person.note(OLD).locator("bdi", has_text=BEGINNING.strip())
    expect(told).to_have_count(2)
    person.shot("became-two")
    actions.put(person, "change", "tools/from", "The list lives")
    person.page.reload()
    actions.go(person, "change")
    person.sees(OLD, *NEWS, "The list lives")
    expect(told).to_have_count(2)


def test_two_of_one_name_and_names_that_run_the_other_way(people: People) -> None:
    """Told apart in the plan, among the people and in the list."""
    lead = people("Vetäjä", language="en", device=WIDE)
    workshop = lead.create("Spring")
    lead.close_dialog()
    guests = [people(name, language="en") for name in ("Maija", "Maija", ARABIC, HEBREW)]
    for guest in guests:
        guest.join(workshop)
    guests[2].put("challenges", ARABIC_NOTE)
    lead.sees(ARABIC_NOTE)
    actions.panel_tab(lead, "groups")
    lead.button("breakout.fewer").click()
    for name in ("Maija", "Maija (2)", ARABIC, HEBREW):
        expect(lead.button("breakout.move_person", name=name)).to_be_visible()
    lead.shot("plan")
    lead.button("breakout.start").click()
    expect(lead.button("breakout.recall")).to_be_visible()
    guests[3].sees_status("saved")
    lead.shot("groups")
    card = lead.page.get_by_role("article", name="Birch").locator(".hint").first
    for name in (ARABIC, HEBREW):  # two such names next to each other would change places
        expect(card).to_contain_text(f"\N{FIRST STRONG ISOLATE}{name}\N{POP DIRECTIONAL ISOLATE}")
    actions.panel_tab(lead, "people")
    lead.shot("people")
    lead.button("workshop.people_here", n=5).click()
    lead.shot("people-list")
    for name in (ARABIC, HEBREW):  # a name that runs the other way takes nothing along with it
        expect(lead.page.get_by_role("dialog").locator("bdi", has_text=name)).to_have_count(1)
    lead.close_dialog()
    actions.as_list(lead)
    expect(lead.note(ARABIC_NOTE).locator("p")).to_have_css("direction", "rtl")
    lead.shot("list")
