"""People choose their groups themselves, on a phone and by keyboard, and change them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.hands.test_said import LISTEN, hears
from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, People, Person

pytestmark = [pytest.mark.xdist_group("e2e-choosing"), pytest.mark.timeout(240)]


def test_everybody_goes_to_a_group_of_their_choice_and_to_another(people: People) -> None:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    phone, keys = people("Tiira", device=PHONE), people("Kuovi")
    for person in (phone, keys):
        person.join(workshop)
    actions.panel_tab(lead, "groups")
    expect(lead.button("breakout.move_person", name="Kuovi")).to_be_visible()
    lead.button("breakout.way_own").press("Enter")
    lead.shot("plan")
    lead.button("breakout.start").press("Enter")

    def choice(person: Person, letter: str) -> Locator:
        group = person.page.get_by_role("group", name=person.t("choice.lead"))
        return group.get_by_role("button", name=re.compile(rf"^{letter}\b"))

    expect(choice(phone, "A")).to_be_visible()
    phone.shot("phone")
    assert phone.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    choice(phone, "A").tap()
    alone = phone.page.get_by_text(phone.t("workshop.alone_in_group"))
    expect(alone).to_be_visible()
    phone.shot("phone-in-a-group")
    keys.page.evaluate(LISTEN)
    choice(keys, "B").press("Enter")
    [breakout] = lead.get(f"/api/workshops/{workshop.id}")[1]["breakouts"]
    first, second = (group["name"] for group in breakout["groups"])
    hears(keys, keys.t("choice.chosen", name=second))
    keys.button("choice.change").press("Enter")
    choice(keys, "A").press("Enter")
    hears(keys, keys.t("choice.chosen", name=first))
    with_other = phone.page.get_by_text(phone.t("workshop.with", names="Kuovi"))
    expect(with_other).to_be_visible()
