"""Links to a note: copied from its menu, opened elsewhere, on canvas and on a phone."""

import pytest
from playwright.sync_api import expect

from boards.workbook.installed import load
from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, Device, People, Person, Workshop

pytestmark = pytest.mark.xdist_group("e2e-note-links")

TEXT = "Asiakas soittaa kolmesti samasta asiasta"
BOARDS = {board.key: board for board in load("valoa").boards}


def copied(person: Person) -> str:
    expect(person.page.locator(".toast")).to_contain_text(person.t("app.copied"))
    return str(person.page.evaluate("navigator.clipboard.readText()"))


@pytest.fixture
def lead(people: People) -> Person:
    return people("Vetäjä", device=WIDE, permissions=["clipboard-read", "clipboard-write"])


@pytest.fixture
def workshop(lead: Person) -> Workshop:
    """With one note, and the board behind it out of sight."""
    workshop = lead.create("Tiimin kehittämispäivä")
    lead.close_dialog()
    lead.put("inspirations", TEXT)
    lead.sees_status("saved")
    return workshop


def link_to_note(lead: Person) -> str:
    """From the menu of the canvas."""
    lead.note(TEXT).click()
    lead.button("note.more").click()
    lead.page.get_by_role("menuitem", name=lead.t("note.copy-link")).click()
    return copied(lead)


def test_a_link_leads_across_boards_on_the_canvas(
    people: People, lead: Person, workshop: Workshop
) -> None:
    link = link_to_note(lead)
    guest = people("Kurki", device=WIDE)
    guest.join(workshop)
    actions.go(guest, "change")
    guest.page.evaluate("hash => { location.hash = hash }", link.split("#")[1])
    expect(guest.note(TEXT)).to_be_focused()
    expect(guest.note(TEXT)).to_be_in_viewport(ratio=0.99)
    assert guest.page.url == f"{guest.url}/w/{workshop.id}"  # and not again at the next reload
    # Opened anew, and without the board in the address.
    guest.page.goto("about:blank")
    guest.go(f"/w/{workshop.id}#{link.split('&')[1]}")
    expect(guest.note(TEXT)).to_be_focused()
    guest.shot("canvas")


@pytest.mark.parametrize("device", [WIDE, PHONE], ids=["canvas", "phone"])
def test_a_link_still_leads_to_its_note_when_one_has_to_join_first(
    people: People, lead: Person, workshop: Workshop, device: Device
) -> None:
    link = link_to_note(lead)
    guest = people("Sorsa", device=device)
    guest.page.goto(link)
    guest.textbox("join.code").fill(workshop.code)
    guest.textbox("join.name").fill(guest.name)
    guest.shot("asked-for-the-code")
    guest.button("join.join").click()
    expect(guest.note(TEXT)).to_be_focused()
    expect(guest.note(TEXT)).to_be_in_viewport(ratio=0.99)
    # Only once: the next visit begins at the board.
    guest.page.reload()
    guest.sees(TEXT)
    guest.sees_status("saved")
    expect(guest.note(TEXT)).not_to_be_focused()


def test_on_a_phone_the_focus_is_on_the_note(
    people: People, lead: Person, workshop: Workshop
) -> None:
    link = link_to_note(lead)
    for number in range(12):
        lead.put("challenges", f"Haaste {number}")
    lead.sees_status("saved")
    guest = people("Kuovi", device=PHONE)
    guest.join(workshop)
    actions.go(guest, "change")
    guest.page.goto("about:blank")
    guest.page.goto(link)
    expect(guest.note(TEXT)).to_be_focused()
    expect(guest.note(TEXT)).to_be_in_viewport(ratio=0.99)
    assert guest.page.evaluate("document.scrollingElement.scrollTop") == 0
    guest.shot("phone")
    # And by "go there" from the other end of a link.
    actions.go(guest, "change")
    # By keys: a second tap at the same place so soon belongs to the first.
    guest.page.locator('[data-add="tools/from"]').press("Enter")
    guest.write("Kolme rekisteriä")
    guest.done()
    guest.button("note.more-named", note="Kolme rekisteriä").tap()
    guest.button("links.new").tap()
    dialog = guest.page.get_by_role("dialog").last
    dialog.get_by_role("button", name=TEXT).tap()
    way = guest.page.get_by_role("dialog").get_by_role("button", name=guest.t("links.go"))
    way.tap()
    expect(guest.note(TEXT)).to_be_focused()
    expect(guest.note(TEXT)).to_be_in_viewport(ratio=0.99)


def test_a_note_that_is_gone_is_told_of(people: People, lead: Person, workshop: Workshop) -> None:
    link = link_to_note(lead)
    lead.note(TEXT).press("Delete")
    expect(lead.note(TEXT)).to_have_count(0)
    guest = people("Kurki", device=WIDE)
    guest.join(workshop)
    guest.page.goto("about:blank")
    guest.page.goto(link)
    toast = guest.page.locator(".toast")
    expect(toast).to_contain_text(guest.t("note.link-deleted"))
    guest.shot("deleted")
    toast.get_by_role("button", name=guest.t("note.bring-back")).click()
    expect(guest.note(TEXT)).to_be_focused()
    lead.sees(TEXT)
    guest.page.goto("about:blank")
    guest.go(f"/w/{workshop.id}#note=nothing")
    expect(toast).to_contain_text(guest.t("note.link-missing"))


def test_in_a_group_the_link_keeps_to_its_board(
    people: People, lead: Person, workshop: Workshop
) -> None:
    link = link_to_note(lead)
    guest = people("Kurki", device=WIDE)
    guest.join(workshop)
    actions.panel_tab(lead, "groups")
    lead.button("breakout.start").click()
    expect(guest.board.get_by_text(guest.t("workshop.alone_in_group"))).to_be_visible()
    guest.page.goto("about:blank")
    guest.page.goto(link)
    expect(guest.note(TEXT)).to_be_focused()  # the group's own copy
    change = lead.board_id(workshop, "change")
    guest.page.evaluate("hash => { location.hash = hash }", f"board={change}&note=x")
    expect(guest.page.get_by_text(guest.t("note.link-elsewhere"))).to_be_visible()
