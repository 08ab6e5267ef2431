"""The next round: a new workshop that begins where the last one arrived, the two side by side."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, Device, People, Person, Workshop

pytestmark = pytest.mark.xdist_group("e2e-next-round")

OLD_FROM = "Kolme erillistä rekisteriä"
KEPT, REWORDED, GONE = "Yksi yhteinen rekisteri", "Etänä kaksi päivää", "Paperit pöydällä"
TO = {"tools/to": KEPT, "practices/to": REWORDED, "rules/to": GONE}
NEW_WORDS, NEW = "Etänä kolme päivää", "Rekisteri kertoo itse"


def first_round(lead: Person) -> None:
    lead.create("Kevään kierros")
    lead.close_dialog()
    actions.go(lead, "change")
    actions.as_list(lead)
    actions.put(lead, "change", "tools/from", OLD_FROM)
    for zone, text in TO.items():
        actions.put(lead, "change", zone, text)
    lead.sees_status("saved")


def begin_next(lead: Person) -> Workshop:
    """By the drawer; the new workshop opens with its invitation."""
    sheet = actions.panel_tab(lead, "guidance")
    part = sheet.get_by_role("region", name=lead.t("rounds.next"))
    part.get_by_role("textbox", name=lead.t("start.title"), exact=True).fill("Syksyn kierros")
    before = lead.page.url
    lead.button("rounds.begin").click()
    lead.page.wait_for_url(lambda url: url != before)
    code = lead.page.get_by_role("dialog").locator(".code").inner_text()
    lead.close_dialog()
    workshop = lead.page.url.rsplit("/", 1)[1].split("#")[0]
    return Workshop(workshop, code, lead.url)


@pytest.mark.parametrize(
    ("language", "device"), [("fi", WIDE), ("sv", PHONE), ("en", WIDE)], ids=["fi", "sv", "en"]
)
def test_a_copy_for_another_team_is_prepared_and_open_to_nobody_yet(
    people: People, language: str, device: Device
) -> None:
    lead = people("Vetäjä", language=language, device=device)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    lead.put("challenges", "Jonot kasvavat")
    lead.sees_status("saved")
    if device is PHONE:
        lead.button("panel.open").click()
    sheet = actions.panel_tab(lead, "guidance")
    part = sheet.get_by_role("region", name=lead.t("rounds.copy"))
    part.get_by_role("textbox", name=lead.t("start.title"), exact=True).fill("Toinen tiimi")
    part.get_by_role("checkbox", name=lead.t("rounds.copy-contents")).press("Space")
    part.scroll_into_view_if_needed()
    lead.shot(f"copy-{language}")
    part.get_by_role("button", name=lead.t("rounds.copy-begin")).press("Enter")
    lead.page.wait_for_url(lambda url: "/w/" in url and workshop.id not in url)
    lead.sees("Jonot kasvavat")
    [id] = [part for part in lead.page.url.split("/") if len(part) == 20]
    desk = lead.get(f"/api/workshops/{id}")[1]
    assert (desk["title"], desk["joining"]) == ("Toinen tiimi", "closed")
    lead.shot(f"copied-{language}")


def test_what_was_reached_is_where_the_next_round_begins(people: People) -> None:
    lead = people("Vetäjä", device=WIDE)
    first_round(lead)
    earlier = lead.page.url
    workshop = begin_next(lead)
    expect(lead.page.get_by_role("heading", level=1)).to_have_text("Syksyn kierros")
    reader = people("Lokki", language="sv", device=WIDE)
    reader.join(workshop)
    for person in (lead, reader):
        actions.go(person, "change")
        expect(person.notes).to_have_count(len(TO))
    for zone, text in TO.items():
        row = zone.split("/")[0]
        cell = lead.board.get_by_role(
            "region", name=actions.zone_title("change", f"{row}/from", "fi"), exact=True
        )
        expect(cell.locator("[data-note-id]").filter(has_text=text)).to_contain_text(
            lead.t("note.carried")
        )
    lead.shot("begun")
    go_on(lead)
    differences(lead)
    differences(reader)
    phone = people("Kuovi", device=PHONE)
    phone.join(workshop)
    actions.go(phone, "change")
    differences(phone)
    lead.page.goto(earlier)  # the round before is as it was
    actions.go(lead, "change")
    lead.sees(OLD_FROM, *TO.values())


def go_on(lead: Person) -> None:
    """One starting point is put in other words, one taken away, and something new is coming."""
    lead.button("note.edit-named", note=REWORDED).click()
    expect(lead.editor).to_be_focused()
    lead.editor.fill(NEW_WORDS)
    lead.done()
    dialog = actions.menu_of(lead, GONE)
    dialog.get_by_role("button", name=lead.t("note.delete"), exact=True).click()
    actions.put(lead, "change", "tools/to", NEW)
    actions.link(lead, KEPT, "change", NEW)
    lead.sees_status("saved")


def differences(person: Person) -> None:
    """The last round's map beside this one, and in words what came of everything."""
    person.button("rounds.show").click()
    heading = person.page.get_by_role("heading", name=person.t("rounds.last"), exact=True)
    aside = person.page.get_by_role("complementary").filter(has=heading)
    expect(aside).to_contain_text(person.t("rounds.counts", became=1, gone=1, fresh=1))
    expect(fate(aside, KEPT)).to_contain_text(person.t("rounds.fate.became"))
    expect(fate(aside, KEPT)).to_contain_text(NEW)
    expect(fate(aside, REWORDED)).to_contain_text(person.t("rounds.fate.reworded"))
    expect(fate(aside, REWORDED)).to_contain_text(NEW_WORDS)
    expect(fate(aside, GONE)).to_contain_text(person.t("rounds.fate.gone"))
    person.shot(f"differences-{person.name}")
    person.button("rounds.hide").click()
    expect(heading).to_have_count(0)


def fate(aside: Locator, note: str) -> Locator:
    return aside.get_by_role("listitem").filter(has_text=note)
