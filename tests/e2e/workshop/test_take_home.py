"""Files that take long: made while one does something else, found again, and given up."""

from __future__ import annotations

import os
import signal

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, Device, People, Person
from tests.support.process import child
from tests.support.server import Server

pytestmark = [pytest.mark.xdist_group("e2e-take-home"), pytest.mark.timeout(300)]


def facilitator(people: People, language: str = "en", device: Device = WIDE) -> Person:
    lead = people("Vetäjä", language=language, device=device)
    lead.create("Spring")
    lead.close_dialog()
    return lead


def outputs(lead: Person) -> Locator:
    actions.open_panel(lead)
    return actions.panel_tab(lead, "outputs")


def report(lead: Person) -> str:
    return lead.t("take.named", name=lead.t("panel.export_report"), format="PDF")


def listed(lead: Person) -> Locator:
    """The list of one's files."""
    return outputs(lead).get_by_role("region", name=lead.t("take.list"))


@pytest.mark.parametrize("device", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_report_is_made_saved_and_found_again_after_a_reload(
    people: People, language: str, device: Device
) -> None:
    lead = facilitator(people, language, device)
    lead.put("challenges", "Jonot kasvavat")
    lead.sees_status("saved")
    sheet = outputs(lead)
    name = lead.t("panel.export_as", board=lead.t("panel.export_report"), format="PDF")
    with lead.page.expect_download() as taken:
        sheet.get_by_role("link", name=name, exact=True).press("Enter")
    assert taken.value.suggested_filename.endswith(".pdf")
    assert taken.value.path().read_bytes().startswith(b"%PDF-")
    again = listed(lead).get_by_role("button", name=lead.t("take.save_named", name=report(lead)))
    expect(again).to_be_visible()
    lead.shot(f"files-{device.width}")
    lead.page.reload()
    again = listed(lead).get_by_role("button", name=lead.t("take.save_named", name=report(lead)))
    with lead.page.expect_download() as taken:
        again.press("Enter")
    assert taken.value.suggested_filename.endswith(".pdf")
    remove = lead.t("take.remove_named", name=report(lead))
    listed(lead).get_by_role("button", name=remove).press("Enter")
    expect(listed(lead)).to_have_count(0)


def test_what_is_on_its_way_is_told_given_up_and_goes_on_beside_other_sheets(
    people: People, server: Server
) -> None:
    lead = facilitator(people)
    sheet = outputs(lead)
    whole = lead.t("panel.export_as", board=lead.t("panel.export_whole"), format="Everything (zip)")
    link = sheet.get_by_role("link", name=whole, exact=True)
    named = lead.t("take.named", name=lead.t("panel.export_whole"), format="Everything (zip)")
    cancel = listed(lead).get_by_role("button", name=lead.t("take.cancel_named", name=named))
    link.press("Enter")
    maker = child(server.pid, "server.exports.worker")
    os.kill(maker, signal.SIGSTOP)  # as slow as that of a large workshop
    expect(listed(lead).get_by_role("progressbar", name=named)).to_be_visible()
    for asked in (2, 3):
        expect(cancel).to_have_count(asked - 1)  # two presses at once ask for one document
        link.press("Enter")
    expect(cancel).to_have_count(3)
    expect(listed(lead)).to_contain_text(lead.t("take.ahead", n=2))
    lead.shot("on-its-way")
    cancel.last.press("Enter")
    expect(cancel).to_have_count(2)
    cancel.last.press("Enter")
    expect(cancel).to_have_count(1)
    with lead.page.expect_download():
        actions.panel_tab(lead, "people")
        os.kill(maker, signal.SIGCONT)
    done = lead.page.get_by_text(lead.t("take.done", name=named), exact=True)
    expect(done.first).to_be_visible()


@pytest.mark.parametrize("device", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_dialog_tells_what_will_be_in_a_file_and_shows_its_first_page(
    people: People, language: str, device: Device
) -> None:
    lead = facilitator(people, language, device)
    lead.put("challenges", "Jonot kasvavat")
    lead.sees_status("saved")
    outputs(lead).get_by_role("button", name=lead.t("take.open"), exact=True).press("Enter")
    dialog = lead.page.get_by_role("dialog", name=lead.t("take.title"))
    expect(dialog.get_by_role("status")).to_contain_text(lead.t("take.holds_notes", n=1))
    page = dialog.get_by_role("img", name=lead.t("take.first_page"))
    expect(page).to_be_visible()
    expect(page).to_have_js_property("complete", True)
    expect(dialog.get_by_role("status")).to_contain_text(lead.t("take.without_authors"))
    lead.shot(f"dialog-{device.width}", full=True)
    what = dialog.get_by_label(lead.t("take.what"), exact=True)
    what.select_option("stage/experiment")
    expect(dialog.get_by_role("status")).to_contain_text(lead.t("take.holds_nothing"))
    format = dialog.get_by_label(lead.t("panel.export_format"), exact=True)
    for each in ("xlsx", "pptx", "docx"):
        format.select_option(each)
        expect(format).to_have_accessible_description(lead.t(f"panel.export_about_{each}"))
    expect(dialog.get_by_text(lead.t("take.unseen"), exact=True)).to_be_visible()
    expect(page).to_have_count(0)
    lead.shot(f"dialog-unseen-{device.width}", full=True)
    dialog.get_by_label(lead.t("take.with_votes")).press("Space")
    with lead.page.expect_download() as taken:
        dialog.get_by_role("button", name=lead.t("take.make"), exact=True).press("Enter")
    assert taken.value.suggested_filename.endswith(".docx")
    expect(dialog).to_have_count(0)
