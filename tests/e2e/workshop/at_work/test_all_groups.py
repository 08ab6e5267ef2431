"""All groups at work at once: what they wrote, how they are getting on, and one at full size."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.support import actions
from tests.support.browsers.browser import WIDE, People

pytestmark = [pytest.mark.xdist_group("e2e-all-groups"), pytest.mark.timeout(240)]

MEMBERS = ("Tiira", "Kuovi", "Lokki")
SIZES = {"1440": (1440, 900), "768": (768, 1024), "360": (360, 740)}


def test_all_groups_are_seen_at_once_with_their_signs(people: People) -> None:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    members = {name: people(name) for name in MEMBERS}
    for member in members.values():
        member.join(workshop)
    at = f"/api/workshops/{workshop.id}"
    desk = lead.get(at)[1]
    ids = {person["name"]: person["id"] for person in desk["people"]}
    names = (*MEMBERS, "Haahka", "Alli")
    groups = [{"name": name, "people": [ids[name]] if name in ids else []} for name in names]
    body = {"board": lead.board_id(workshop), "groups": groups}
    status, breakout = lead.call("POST", f"{at}/breakouts", body)
    assert status == 201
    tiira, kuovi, lokki = members.values()
    for member in members.values():
        alone = member.page.get_by_text(member.t("workshop.alone_in_group"))
        expect(alone).to_be_visible()
    for text in ("Kiire", "Hiljaisuus"):
        tiira.put("challenges", text)
    tiira.sees_status("saved")
    kuovi.call("POST", f"/api/breakouts/{breakout['id']}/help", {"help": True})
    for person, signal in ((kuovi, "hand"), (lokki, "ready")):
        status, _ = person.call("PATCH", f"{at}/people/{ids[person.name]}/signals", {signal: True})
        assert status == 200

    actions.panel_tab(lead, "groups")
    lead.button("all_groups.show").press("Enter")
    shown = lead.page.get_by_role("dialog")

    def tile(name: str) -> Locator:
        return shown.get_by_role("article", name=name, exact=True)

    expect(shown.get_by_role("article")).to_have_count(5)
    for name in names:
        expect(tile(name)).to_be_in_viewport(ratio=0.99)  # five of them on one screen
    expect(tile("Tiira")).to_contain_text(lead.t("board.notes", n=2))
    expect(tile("Tiira")).to_contain_text(re.compile(r"Viimeksi muutettu"))
    expect(tile("Alli")).not_to_contain_text(re.compile(r"Viimeksi muutettu"))
    expect(tile("Kuovi")).to_contain_text(lead.t("help.asks"))
    expect(tile("Kuovi")).to_contain_text(lead.t("signal.hand"))
    expect(tile("Lokki")).to_contain_text(lead.t("signal.count", n=1, all=1))
    tiira.put("challenges", "Kolmas")
    expect(tile("Tiira")).to_contain_text(lead.t("board.notes", n=3))
    for size, (width, height) in SIZES.items():
        lead.page.set_viewport_size({"width": width, "height": height})
        lead.shot(f"all-groups-{size}")
        assert lead.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    lead.page.set_viewport_size({"width": 1440, "height": 900})
    lead.page.emulate_media(color_scheme="dark")
    lead.shot("all-groups-dark")
    lead.page.emulate_media(color_scheme="light")

    # One at full size, and back to all of them.
    lead.button("all_groups.open", name="Tiira").press("Enter")
    expect(shown).to_have_count(0)
    lead.sees("Kiire", "Hiljaisuus", "Kolmas")
    lead.button("all_groups.show").press("Enter")
    expect(tile("Tiira")).to_contain_text(lead.t("board.notes", n=3))
    lead.page.keyboard.press("Escape")
    expect(shown).to_have_count(0)
    expect(lead.button("all_groups.show")).to_be_focused()
    lead.shot("cards")
