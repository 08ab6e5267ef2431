"""A workshop begins with inviting, and is found again on the start page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from server.i18n import LANGUAGES
from tests.e2e.screens.reflow import assert_fits
from tests.e2e.screens.test_axe import LEVELS, violations
from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, People, Person
from tests.support.server import Server, running_server

pytestmark = [pytest.mark.xdist_group("e2e-beginning"), pytest.mark.timeout(300)]


@pytest.fixture
def open_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One that other machines reach, by the address of this one."""
    data = tmp_path_factory.mktemp("open") / "data"
    with running_server(data, {"HAHMO_HOST": "0.0.0.0"}) as server:
        yield server


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_screen_begins_with_inviting(people: People, language: str) -> None:
    lead = people("Vetäjä", device=WIDE, language=language)
    workshop = lead.create("Kevät")
    dialog = lead.page.get_by_role("dialog")
    # Where the address leads nowhere there is no QR code to point a phone at.
    expect(dialog.get_by_text(lead.t("panel.only_here"))).to_be_visible()
    expect(dialog.get_by_role("img")).to_have_count(0)
    lead.shot("invite")
    lead.close_dialog()
    beginning = lead.page.get_by_role("region", name=lead.t("beginning.heading"))
    expect(beginning).to_contain_text(workshop.code)
    # The course of the day comes first, and group work waits for somebody to come.
    sheet = lead.page.get_by_role("tabpanel")
    expect(sheet).to_have_accessible_name(lead.t("panel.tab_pace"))
    actions.panel_tab(lead, "groups")
    expect(sheet.get_by_text(lead.t("breakout.nobody"))).to_be_visible()
    expect(lead.button("breakout.start")).to_have_count(0)
    assert violations(lead, {"runOnly": LEVELS}) == []
    lead.shot("alone")
    beginning.get_by_role("button", name=lead.t("panel.invite")).press("Enter")
    expect(dialog.locator(".code")).to_have_text(workshop.code)
    lead.close_dialog()
    expect(beginning.get_by_role("button", name=lead.t("panel.invite"))).to_be_focused()
    people("Tiira").join(workshop)
    expect(beginning).to_have_count(0)
    expect(lead.button("breakout.start")).to_be_visible()


def test_on_a_phone_the_large_code_is_large(people: People, open_server: Server) -> None:
    lead = people("Vetäjä", device=PHONE)
    lead.url = open_server.url
    lead.create("Kevät")
    dialog = lead.page.get_by_role("dialog")
    expect(dialog.get_by_role("img")).to_be_visible()
    expect(dialog.get_by_text(lead.t("panel.only_here"))).to_have_count(0)
    lead.button("panel.project").click()
    large = lead.page.get_by_role("dialog").last
    qr = large.get_by_role("img")
    expect(qr).to_be_in_viewport(ratio=1)
    box, code = qr.bounding_box(), large.locator(".code").bounding_box()
    assert box
    assert code
    assert box["width"] >= PHONE.width * 0.8
    assert box["y"] + box["height"] <= code["y"]
    expect(large.locator(".code")).to_be_in_viewport(ratio=1)
    lead.shot("large")
    assert_fits(lead, "large")
    lead.page.close()  # before its server, whose end it would tell


def mine(person: Person) -> Locator:
    return person.page.get_by_role("region", name=person.t("start.mine"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_my_workshops_are_found_again_in_this_browser(people: People, language: str) -> None:
    lead = people("Vetäjä", device=WIDE)
    first = lead.create("Kevään kehittämispäivä")
    lead.close_dialog()
    person = people("Tiira", device=PHONE, language=language)
    person.go("/")
    expect(person.button("start.create")).to_be_visible()
    expect(mine(person)).to_have_count(0)
    person.join(first)
    own = person.create("Oma työpaja")
    person.close_dialog()
    # The dialog's step back has been taken, or the browser gives up what it is sent to next.
    person.page.wait_for_function("() => history.state?.hahmo !== 'open'")
    person.go("/")
    links = mine(person).get_by_role("link")
    expect(links).to_have_text(["Oma työpaja", "Kevään kehittämispäivä"])
    rows = mine(person).get_by_role("listitem")
    expect(rows.first).to_contain_text(person.t("workshop.role_facilitator"))
    expect(rows.last).to_contain_text(person.t("workshop.role_participant"))
    assert violations(person, {"runOnly": LEVELS}) == []
    assert_fits(person, "mine")
    person.shot("mine")
    links.last.press("Enter")
    person.page.wait_for_url(f"**/w/{first.id}")
    person.sees_status("saved")
    # Whoever leaves the device is not listed on it.
    person.button("workshop.me", name="Tiira").click()
    person.page.get_by_role("menuitem", name=person.t("leave.button")).click()
    person.button("leave.leave").click()
    person.page.wait_for_url("**/")
    expect(links).to_have_text(["Oma työpaja"])
    person.button("start.unlist", title="Oma työpaja").press("Enter")
    expect(mine(person)).to_have_count(0)
    person.go(f"/w/{own.id}")
    person.sees_status("saved")
    actions.stands_on(person, "phenomena")
