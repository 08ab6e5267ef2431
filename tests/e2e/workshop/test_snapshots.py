"""Snapshots in the facilitator's hands: keeping a board, comparing, going back, undoing a merge."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, Device, People, Person

pytestmark = [pytest.mark.xdist_group("e2e-snapshots"), pytest.mark.timeout(300)]

BEFORE = "Before the break"


def facilitator(people: People, device: Device = WIDE) -> Person:
    lead = people("Vetäjä", language="en", device=device)
    lead.create("Spring")
    lead.close_dialog()
    return lead


def outputs(lead: Person) -> Locator:
    """The sheet on what goes out of the workshop, in the drawer."""
    actions.open_panel(lead)
    return actions.panel_tab(lead, "outputs")


@pytest.mark.parametrize("device", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_board_is_kept_compared_and_gone_back_to(people: People, device: Device) -> None:
    lead = facilitator(people, device)
    lead.put("challenges", "It was there")
    sheet = outputs(lead)
    sheet.get_by_label(lead.t("snapshots.name")).fill(BEFORE)
    sheet.get_by_role("button", name=lead.t("snapshots.take"), exact=True).click()
    expect(sheet.get_by_text(BEFORE, exact=True)).to_be_visible()
    lead.button("panel.close").click()
    lead.put("challenges", "It came later")
    sheet = outputs(lead)
    sheet.get_by_role("button", name=BEFORE).click()
    dialog = lead.page.get_by_role("dialog", name=BEFORE)
    dialog.get_by_text(lead.t("snapshots.added", n=1)).click()
    expect(dialog.get_by_text("It came later")).to_be_visible()
    lead.shot(f"snapshot-{device.width}")
    dialog.get_by_role("button", name=lead.t("snapshots.restore"), exact=True).click()
    dialog.get_by_role("button", name=lead.t("snapshots.restore_do"), exact=True).click()
    expect(dialog).to_have_count(0)
    expect(sheet.get_by_text(lead.t("snapshots.cause.restore"))).to_be_visible()
    lead.button("panel.close").click()
    lead.sees("It was there")
    expect(lead.note("It came later")).to_have_count(0)


def test_a_merge_is_undone_and_brought_again(people: People) -> None:
    lead = people("Vetäjä", language="en", device=WIDE)
    workshop = lead.create("Spring")
    lead.close_dialog()
    member = people("Tiira", language="en")
    member.join(workshop)
    actions.panel_tab(lead, "groups")
    expect(lead.button("breakout.move_person", name="Tiira")).to_be_visible()
    lead.button("breakout.start").click()
    expect(member.board.get_by_text(member.t("workshop.alone_in_group"))).to_be_visible()
    member.put("challenges", "From the group")
    member.sees_status("saved")
    lead.button("merge.merge").click()
    lead.sees("From the group")
    lead.button("merge.undo").click()
    ask = lead.page.get_by_role("dialog", name=lead.t("merge.undo"))
    ask.get_by_role("button", name=lead.t("snapshots.undo_do"), exact=True).click()
    expect(ask).to_have_count(0)
    expect(lead.note("From the group")).to_have_count(0)
    member.sees("From the group")
    lead.button("merge.merge").click()
    lead.sees("From the group")
