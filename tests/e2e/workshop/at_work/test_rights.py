"""What participants may do with notes, set by who leads: shown, said and held to on both views."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.hands.test_said import LISTEN, hears
from tests.e2e.screens.reflow import assert_fits
from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, People

pytestmark = [pytest.mark.xdist_group("e2e-rights"), pytest.mark.timeout(240)]

KEY, ZONE = "phenomena", "challenges"


def test_rights_are_set_shown_and_held_to(people: People) -> None:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    guest, phone = people("Kuovi", device=WIDE), people("Lokki", device=PHONE)
    for person in (guest, phone):
        person.join(workshop)
    lead.put(ZONE, "Vetäjän lappu")
    guest.put(ZONE, "Kuovin lappu")
    phone.sees("Vetäjän lappu", "Kuovin lappu")
    guest.page.evaluate(LISTEN)

    rights = lead.page.get_by_role("region", name=lead.t("bounds.heading"))
    rights.scroll_into_view_if_needed()
    for verb in ("edit", "move", "delete"):
        choice = rights.get_by_label(lead.t(f"bounds.verb-{verb}"))
        choice.select_option("own" if verb != "delete" else "none")
        expect(choice).to_have_value("own" if verb != "delete" else "none")
    rights.get_by_label(lead.t("bounds.limit")).check()
    for left in (4, 3, 2):
        rights.get_by_role("button", name=lead.t("bounds.most-fewer")).click()
        expect(rights.get_by_role("status")).to_have_text(str(left))
    lead.shot("rights-panel")

    # Shown, and said, before anybody tries.
    what = f"{guest.t('bounds.edit')} ja {guest.t('bounds.move')}"
    own = guest.t("bounds.own", what=what)
    hears(guest, own)
    for person in (guest, phone):
        expect(person.page.locator(".reason")).to_contain_text(own)
    expect(guest.page.locator(".reason")).to_contain_text(guest.t("bounds.count", own=1, most=2))

    # Another's note is chosen and read, and has no tools but those that are left.
    guest.note("Vetäjän lappu").click()
    bar = guest.page.locator(".note-bar")
    expect(bar.locator(".bound")).to_contain_text(own)
    expect(bar.get_by_role("button", name=guest.t("note.edit"), exact=True)).to_have_count(0)
    guest.shot("rights-of-another")
    guest.page.keyboard.press("Enter")
    refused = guest.t("bounds.own", what=guest.t("bounds.edit"))
    expect(guest.page.get_by_text(refused)).to_be_visible()
    expect(guest.editor).to_have_count(0)
    before = guest.note("Vetäjän lappu").bounding_box()
    assert before
    guest.page.mouse.move(before["x"] + 30, before["y"] + 30)
    guest.page.mouse.down()
    guest.page.mouse.move(before["x"] + 200, before["y"] + 130, steps=4)
    guest.page.mouse.up()
    expect(
        guest.page.get_by_text(guest.t("bounds.own", what=guest.t("bounds.move")))
    ).to_be_visible()
    assert guest.note("Vetäjän lappu").bounding_box() == before

    # One's own is written on, and a second one is the last.
    guest.edit("Kuovin lappu")
    guest.page.keyboard.insert_text(" jatkuu")
    guest.done()
    lead.sees("Vetäjän lappu", "Kuovin lappu jatkuu")
    guest.put(ZONE, "Kuovin toinen")
    expect(guest.page.locator(".reason")).to_contain_text(guest.t("bounds.count", own=2, most=2))
    expect(guest.button("board.new")).to_have_attribute("aria-disabled", "true")
    guest.button("board.new").click(force=True)
    expect(guest.page.get_by_text(guest.t("bounds.most-reached.other", n=2))).to_be_visible()
    guest.shot("rights-most")

    # On a phone the list says the same.
    edit = actions.row_of(phone, "Vetäjän lappu").locator("[data-edit]")
    expect(edit).to_have_attribute("aria-disabled", "true")
    menu = actions.menu_of(phone, "Vetäjän lappu")
    expect(menu.locator(".bound")).to_contain_text(own)
    expect(menu.get_by_role("button", name=phone.t("note.delete"))).to_have_count(0)
    assert_fits(phone, "rights-menu")
    phone.shot("rights-menu")
    phone.page.keyboard.press("Escape")
    phone.shot("rights-phone")

    # Under the hands: who writes on another's note stops, and keeps the words.
    board = lead.board_id(workshop)
    address = f"/api/workshops/{workshop.id}"
    assert lead.call("PATCH", address, {"rights": {board: None}})[0] == 200
    hears(guest, guest.t("bounds.lifted"))
    guest.edit("Vetäjän lappu")
    guest.page.keyboard.insert_text(" Kuovin sanoin")
    lead.sees("Vetäjän lappu Kuovin sanoin", "Kuovin lappu jatkuu", "Kuovin toinen")
    assert lead.call("PATCH", address, {"rights": {"*": {"add": False, "edit": "none"}}})[0] == 200
    expect(guest.editor).to_have_count(0)
    expect(guest.page.get_by_text(guest.t("notice.taken-away")).first).to_be_visible()
    expect(guest.page.locator(".reason")).to_contain_text(guest.t("bounds.no-adding"))
    expect(phone.page.locator("[data-write], [data-add]").first).to_have_attribute(
        "aria-disabled", "true"
    )
    lead.put(ZONE, "Vetäjä lisää aina")
    guest.sees(
        "Vetäjän lappu Kuovin sanoin", "Kuovin lappu jatkuu", "Kuovin toinen", "Vetäjä lisää aina"
    )


def test_a_note_and_a_zone_are_locked(people: People) -> None:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    guest, phone = people("Kuovi", device=WIDE), people("Lokki", device=PHONE)
    for person in (guest, phone):
        person.join(workshop)
    guest.put(ZONE, "Kuovin lappu")
    guest.put(ZONE, "Kuovin toinen")
    lead.sees("Kuovin lappu", "Kuovin toinen")
    guest.page.evaluate(LISTEN)

    lead.note("Kuovin lappu").click(button="right")
    lead.page.get_by_role("menuitem", name=lead.t("bounds.lock-note")).click()
    expect(lead.page.get_by_text(lead.t("bounds.notes-locked.one"))).to_be_visible()
    locked = guest.t("bounds.is-locked")
    expect(guest.board.get_by_role("option", name=locked)).to_have_count(1)
    expect(actions.row_of(phone, "Kuovin lappu")).to_contain_text(phone.t("bounds.is-locked"))
    guest.note("Kuovin lappu").click()
    expect(guest.page.locator(".note-bar .bound")).to_have_text(guest.t("bounds.locked-note"))
    guest.page.keyboard.press("Delete")
    expect(guest.page.get_by_text(guest.t("bounds.locked-note")).last).to_be_visible()
    guest.edit("Kuovin toinen")
    guest.page.keyboard.insert_text(" jatkuu")
    lead.sees("Kuovin lappu", "Kuovin toinen jatkuu")
    lead.shot("locked-note")

    # The zone in which somebody writes: the writing ends, and the words are kept.
    rights = lead.page.get_by_role("region", name=lead.t("bounds.heading"))
    rights.get_by_role("checkbox", name=lead.zone_title(ZONE)).check()
    expect(guest.editor).to_have_count(0)
    hears(guest, guest.t("bounds.zones", zones=guest.zone_title(ZONE)))
    expect(guest.page.locator(".reason")).to_contain_text(guest.zone_title(ZONE))
    add = guest.button("board.add-to", zone=guest.zone_title(ZONE))
    expect(add).to_have_attribute("aria-disabled", "true")
    add.click(force=True)
    expect(guest.page.get_by_text(guest.t("bounds.locked-zone")).last).to_be_visible()
    guest.shot("locked-zone")
    lead.shot("locked-zone-panel")
    assert_fits(phone, "locked-zone")
    phone.shot("locked-zone")
    guest.put("inspirations", "Muualle saa")
    lead.sees("Kuovin lappu", "Kuovin toinen jatkuu", "Muualle saa")

    rights.get_by_role("checkbox", name=lead.zone_title(ZONE)).uncheck()
    rights.get_by_role("button", name=lead.t("bounds.unlock-notes")).click()
    expect(guest.page.locator(".reason")).to_have_count(0)
    guest.edit("Kuovin lappu")
    guest.page.keyboard.insert_text(" on auki")
    lead.sees("Kuovin lappu on auki", "Kuovin toinen jatkuu", "Muualle saa")


def test_an_anonymous_board_names_nobody_at_work(people: People) -> None:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    guest = people("Kuovi", device=WIDE)
    guest.join(workshop)
    rights = lead.page.get_by_role("region", name=lead.t("bounds.heading"))
    rights.get_by_label(lead.t("bounds.hide"), exact=True).check()
    expect(guest.page.locator(".reason")).to_contain_text(guest.t("bounds.anonymous"))
    guest.add(ZONE)
    guest.write("Kenen lie")
    somebody = lead.t("note.written-by", name=lead.t("note.somebody"))
    expect(lead.page.locator(".holder")).to_have_text(somebody)
    lead.shot("anonymous")
    guest.done()
    lead.sees("Kenen lie")
    board = lead.get(f"/api/boards/{lead.board_id(workshop)}")[1]
    assert [note["author"] for note in board["notes"]] == [None]
    own = rights.get_by_label(lead.t("bounds.verb-edit")).locator("option[value=own]")
    expect(own).to_be_disabled()
    rights.get_by_label(lead.t("bounds.hide"), exact=True).uncheck()
    expect(guest.page.locator(".reason")).to_have_count(0)
    guest.add(ZONE)
    named = lead.t("note.written-by", name="Kuovi")
    expect(lead.page.locator(".holder")).to_have_text(named)
