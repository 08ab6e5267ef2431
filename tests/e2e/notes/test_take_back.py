"""What one person did to a board is taken back with one press, and the others' work stays."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.screens.test_axe import LEVELS, violations
from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, Device, People, Person

pytestmark = [pytest.mark.xdist_group("e2e-take-back"), pytest.mark.timeout(300)]

TEXTS = tuple(f"Lappu {number}" for number in range(6))
TABLET = Device(768, 1024, touch=True)


def dialog_of(lead: Person) -> Locator:
    actions.open_panel(lead)
    sheet = actions.panel_tab(lead, "people")
    button = sheet.get_by_role("button", name=lead.t("takeback.open"))
    button.focus()
    lead.page.keyboard.press("Enter")
    dialog = lead.page.get_by_role("dialog", name=lead.t("takeback.title"))
    expect(dialog).to_be_visible()
    return dialog


@pytest.mark.parametrize(
    ("language", "device"),
    [("fi", WIDE), ("sv", PHONE), ("en", TABLET)],
    ids=["fi-wide", "sv-phone", "en-tablet"],
)
def test_what_one_person_deleted_comes_back_and_what_others_wrote_stays(
    people: People, language: str, device: Device
) -> None:
    lead = people("Vetäjä", language=language, device=device)
    writer, vandal = people("Tiira"), people("Lokki")
    workshop = lead.create("Tiimin kehittämispäivä")
    lead.close_dialog()
    for person in (writer, vandal):
        person.join(workshop)
    for text in TEXTS:
        writer.put("challenges", text)
    vandal.sees(*TEXTS)
    vandal.note(TEXTS[0]).click()
    vandal.page.keyboard.press("Control+a")
    vandal.page.keyboard.press("Delete")
    vandal.button("note.delete").last.click()
    expect(vandal.notes).to_have_count(0)
    expect(writer.notes).to_have_count(0)
    writer.put("challenges", "Muiden työ")
    writer.sees_status("saved")
    dialog = dialog_of(lead)
    dialog.get_by_role("combobox", name=lead.t("takeback.person")).select_option(label="Lokki")
    what = dialog.get_by_role("checkbox", name=lead.t("takeback.deleted", n=6), exact=True)
    expect(what).to_be_checked()
    expect(dialog.locator("q")).to_have_count(5)  # of six
    what.scroll_into_view_if_needed()
    lead.shot(f"take-back-{language}")
    assert violations(lead, {"runOnly": LEVELS}) == []
    dialog.get_by_role("radio", name=lead.t("takeback.time")).check()
    expect(dialog.get_by_role("checkbox")).to_have_count(0)
    dialog.get_by_role("radio", name=lead.t("takeback.minutes", n=5)).check()
    expect(what).to_be_checked()
    go = dialog.get_by_role("button", name=lead.t("takeback.do"), exact=True)
    go.focus()
    lead.page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    name = lead.t("workshop.facilitator")
    for person in (writer, vandal):
        person.sees(*TEXTS, "Muiden työ")
        news = person.page.locator(".toast", has_text=person.t("board.went-back", name=name))
        expect(news).to_be_visible()
    writer.shot("take-back-told")
    expect(lead.page.get_by_role("status").get_by_text(lead.t("takeback.done"))).to_have_count(1)
    again = dialog_of(lead)
    again.get_by_role("combobox", name=lead.t("takeback.person")).select_option(label="Lokki")
    expect(again.get_by_text(lead.t("takeback.nothing"))).to_be_visible()
