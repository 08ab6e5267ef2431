"""The dialogs that a facilitator, or anybody, opens now and then, for pictures and for eyes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from playwright.sync_api import Locator, expect

from tests.e2e.support import actions
from tests.e2e.support.full_workshop import FullWorkshop
from tests.support.browsers.browser import Person

__all__ = ["everybodys_dialogs", "leads_dialogs"]

Seen = Iterator[tuple[str, Person]]

NOTES = "Lappu;Alue;Väri\nPitkät jonot;;vihreä\nHyvä tiimi;muualla;\nOma aika;;musta"
KEPT = "Ennen taukoa"


def everybodys_dialogs(person: Person) -> Seen:
    """On an open board."""
    if person.button("search.title").is_visible():
        person.button("search.title").click()
    else:
        from_menu(person, "search.title")
    person.page.get_by_role("searchbox").fill("tie")
    expect(person.page.get_by_role("dialog").get_by_role("button")).not_to_have_count(1)
    yield "search", person
    person.close_dialog()
    for name, key in (("hear-others", "heard.setting"), ("leave-device", "leave.button")):
        from_menu(person, key)
        yield name, person
        person.close_dialog()
    from_menu(person, "sign_out.button")
    yield "sign-out", person
    person.close_dialog()


def leads_dialogs(lead: Person, workshop: FullWorkshop) -> Seen:
    """In the facilitator's panel, which is open."""
    board = lead.board_id(workshop.workshop)
    path = f"/api/boards/{board}/snapshots"
    workshop.call(path, {"name": KEPT})
    actions.go(lead, "phenomena")
    files = actions.panel_tab(lead, "outputs")
    picture = files.get_by_role("img").first
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    yield "snapshots", lead
    files.get_by_role("button", name=lead.t("snapshots.replay")).click()
    dialog = lead.page.get_by_role("dialog")
    expect(dialog.get_by_role("slider")).to_be_visible()
    yield "replay", lead
    lead.close_dialog()
    files.get_by_role("button").filter(has_text=lead.t("snapshots.open")).last.click()
    expect(dialog).to_be_visible()
    yield "snapshot", lead
    dialog.get_by_role("button", name=lead.t("snapshots.copy")).click()
    question = dialog.get_by_role("group", name=lead.t("snapshots.copy_lead"))
    question.scroll_into_view_if_needed()
    yield "snapshot-copy", lead
    close_all(lead, dialog)
    files.get_by_role("button").filter(has_text=lead.t("snapshots.open")).last.click()
    dialog.get_by_role("button", name=lead.t("snapshots.compare")).click()
    compared = lead.page.get_by_role("region", name=lead.t("compare.board"))
    expect(compared).to_be_visible()
    yield "compare", lead
    close_all(lead, dialog)
    lead.button("bring.open").click()
    dialog.get_by_label(lead.t("bring.text")).fill(NOTES)
    dialog.get_by_role("button", name=lead.t("bring.look")).click()
    expect(dialog).to_contain_text(lead.t("notes.complaint.zone-unknown"))
    yield "bring-notes", lead
    close_all(lead, dialog)
    people = actions.panel_tab(lead, "people")
    people.get_by_role("button", name=lead.t("takeback.open")).click()
    expect(dialog).to_be_visible()
    yield "take-back", lead
    close_all(lead, dialog)


def from_menu(person: Person, key: str) -> None:
    """Out of the menu under one's own name."""
    me = person.t("workshop.me", name="").strip()
    person.page.get_by_role("button", name=re.compile(rf"{re.escape(me)}$")).click()
    person.page.get_by_role("menuitem", name=person.t(key)).click()
    expect(person.page.get_by_role("dialog")).to_be_visible()


def close_all(person: Person, dialog: Locator) -> None:
    while dialog.count():
        person.page.keyboard.press("Escape")
