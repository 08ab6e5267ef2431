"""A board that has not come yet: bar and zones stand at once, and nothing claims to be empty."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.support import actions
from tests.support.browsers.browser import LAPTOP, PHONE, Device, People
from tests.support.network.proxy import Way

pytestmark = [pytest.mark.xdist_group("e2e-opening"), pytest.mark.timeout(180)]


@pytest.mark.parametrize("device", [LAPTOP, PHONE], ids=["canvas", "phone"])
def test_bar_and_zones_come_before_the_notes(people: People, line: Way, device: Device) -> None:
    lead = people("Vetäjä")
    workshop = lead.create("Kevät")
    lead.close_dialog()
    lead.put("challenges", "Kiire")
    member = people("Tiira", device=device)
    member.url = line.url
    member.forgive(r"WebSocket connection to .* failed|net::ERR_")
    member.join(workshop)
    member.sees("Kiire")
    line.websockets("swallow")
    line.cut()
    member.page.reload()
    expect(actions.contents(member)).to_be_visible()
    for zone in ("challenges", "inspirations"):
        heading = member.page.get_by_role("heading", name=member.zone_title(zone), exact=True)
        expect(heading).to_be_visible()
    expect(member.notes).to_have_count(0)
    expect(member.board.locator(".example")).to_have_count(0)
    member.shot("opening")
    line.restore()
    member.sees("Kiire")
    member.sees_status("saved")
