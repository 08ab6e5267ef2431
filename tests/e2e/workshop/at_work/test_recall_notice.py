"""An end of group work with notice, as it is seen and heard in a group."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.hands.test_said import LISTEN, hears, said
from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, People

pytestmark = [pytest.mark.xdist_group("e2e-recall-notice"), pytest.mark.timeout(180)]


def test_a_group_sees_and_hears_how_long_there_is_and_is_led_back(people: People) -> None:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    member = people("Tiira", device=PHONE)
    member.join(workshop)
    actions.panel_tab(lead, "groups")
    lead.button("breakout.start").click()
    row = member.page.locator(".recall")
    expect(member.page.get_by_text(member.t("workshop.alone_in_group"))).to_be_visible()
    member.page.evaluate(LISTEN)

    in_two = lead.button("recall.in_minutes.other", n=2)
    in_two.focus()
    lead.page.keyboard.press("Enter")
    expect(row.get_by_role("timer")).to_contain_text("1:5")
    hears(member, member.t("recall.said", time="2 minuuttia"))
    lead.page.locator(".recall").get_by_role("button", name=lead.t("recall.call_off")).click()
    expect(row).to_have_count(0)
    expect(member.page.get_by_text(member.t("recall.off"))).to_be_visible()

    in_two.click()
    [breakout] = lead.get(f"/api/workshops/{workshop.id}")[1]["breakouts"]
    address = f"/api/breakouts/{breakout['id']}/recall"
    assert lead.call("POST", address, {"add_seconds": -110})[0] == 200
    hears(member, member.t("recall.said_changed", time="").split(",")[0])
    assert lead.call("POST", address, {"add_seconds": -3600})[0] == 200
    expect(row).to_have_count(0)
    expect(member.page.get_by_text(member.t("workshop.recalled"))).to_be_visible()
    expect(lead.page.get_by_text(lead.t("recall.ended"))).to_be_visible()
    begun = [each for each in said(member) if "Ryhmätyö päättyy, aikaa 2 minuuttia" in each]
    assert len(begun) == 2  # once each time
