"""Who goes into which group: from a list of names, by size, and as in the round before."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.support import actions
from tests.support.browsers.browser import WIDE, People, Person

pytestmark = [pytest.mark.xdist_group("e2e-planning"), pytest.mark.timeout(240)]

LIST = "Havu: Kuovi, Lokki\nLehti: Tiira, Alli"
SIZES = {"1440": (1440, 900), "768": (768, 1024), "360": (360, 740)}


def members_of(lead: Person, workshop: str) -> dict[str, list[str]]:
    """By group of the newest round, names of its people."""
    desk = lead.get(f"/api/workshops/{workshop}")[1]
    names = {person["id"]: person["name"] for person in desk["people"]}
    newest = max(desk["breakouts"], key=lambda each: each["created"])
    return {
        group["name"]: sorted(names[person] for person in group["people"])
        for group in newest["groups"]
    }


def test_groups_of_a_list_are_prepared_before_and_taken_again_after(people: People) -> None:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    actions.panel_tab(lead, "groups")
    lead.button("breakout.way_list").press("Enter")
    field = lead.textbox("breakout.list_label")
    field.fill(LIST)
    lead.button("breakout.list_make", n=2).press("Enter")
    missing = lead.page.get_by_role("status").filter(has_text="Kuovi, Lokki, Tiira ja Alli")
    expect(missing).to_be_visible()
    expect(lead.button("breakout.start")).to_have_count(0)
    for size, (width, height) in SIZES.items():
        lead.page.set_viewport_size({"width": width, "height": height})
        missing.scroll_into_view_if_needed()
        lead.shot(f"list-{size}")
        assert lead.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    lead.page.set_viewport_size({"width": 1440, "height": 900})

    for name in ("Tiira", "Kuovi", "Lokki", "Haahka"):
        people(name).join(workshop)
    lead.page.reload()  # what was planned is still there
    actions.panel_tab(lead, "groups")
    expect(lead.button("breakout.move_person", name="Haahka")).to_be_visible()
    expect(lead.textbox("breakout.list_label")).to_have_value(LIST)
    lead.button("breakout.start").press("Enter")
    expect(lead.button("breakout.recall")).to_be_visible()
    assert members_of(lead, workshop.id) == {"Havu": ["Kuovi", "Lokki"], "Lehti": ["Tiira"]}
    lead.button("breakout.recall").press("Enter")
    expect(lead.button("breakout.recall")).to_have_count(0)

    # By size, and as they were.
    lead.button("breakout.smaller").press("Enter")
    lead.button("breakout.smaller").press("Enter")
    expect(lead.page.get_by_role("group", name=lead.t("breakout.how_many"))).to_contain_text("4")
    lead.button("breakout.way_again").press("Enter")
    lead.shot("again")
    lead.button("breakout.start").press("Enter")
    expect(lead.button("breakout.recall")).to_be_visible()
    again = members_of(lead, workshop.id)
    assert again == {"Havu": ["Kuovi", "Lokki"], "Lehti": ["Haahka", "Tiira"]}
