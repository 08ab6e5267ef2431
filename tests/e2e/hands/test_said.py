"""What a screen reader says of what happens on the page: once, when it happens, and all of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.support import actions
from tests.support.browsers.browser import People, Person, Workshop

pytestmark = [pytest.mark.xdist_group("e2e-said"), pytest.mark.timeout(180)]

#: Keeps all that the page's status says, also what stands there for a moment only.
LISTEN = """() => {
  window.said = [];
  const region = document.querySelector('p.visually-hidden[role=status]');
  new MutationObserver(() => region.textContent && window.said.push(region.textContent))
    .observe(region, { childList: true, characterData: true, subtree: true });
}"""

Patch = Callable[..., None]


@pytest.fixture
def workshop(people: People) -> Workshop:
    return people("Vetäjä").create("Kevät")


@pytest.fixture
def lead(people: People, workshop: Workshop) -> Person:
    return people.latest


@pytest.fixture
def guest(people: People, lead: Person, workshop: Workshop) -> Person:
    """Somebody who hears the page."""
    guest = people("Tiira", permissions=["clipboard-read", "clipboard-write"])
    guest.join(workshop)
    guest.page.evaluate(LISTEN)
    return guest


@pytest.fixture
def patch(lead: Person, workshop: Workshop) -> Patch:
    """Change the desk as the facilitator's panel does."""

    def patch(**change: Any) -> None:
        assert lead.call("PATCH", f"/api/workshops/{workshop.id}", change)[0] == 200

    return patch


def said(person: Person) -> list[str]:
    return list(person.page.evaluate("window.said"))


def hears(person: Person, text: str) -> None:
    person.page.wait_for_function("text => window.said.some((s) => s.includes(text))", arg=text)


def test_what_the_facilitator_does_is_said_once(
    lead: Person, guest: Person, workshop: Workshop, patch: Patch
) -> None:
    board = lead.board_id(workshop)
    patch(announcement="Tauko kello 10.15")
    hears(guest, "Tauko kello 10.15")
    patch(locks={board: True})
    hears(guest, guest.t("board.read-only.locked-waits"))
    patch(locks={board: False})
    hears(guest, guest.t("board.unlocked"))
    patch(votes={board: {"open": True}})
    hears(guest, f"{guest.t('votes.opened')} {guest.t('votes.left', n=3, dots=3)}")
    patch(votes={board: {"open": False}})
    hears(guest, guest.t("votes.over"))
    patch(timer={"seconds": 300})
    hears(guest, guest.t("workshop.timer_runs", time="5 minuuttia"))
    patch(timer=None)
    hears(guest, guest.t("workshop.timer_stopped"))
    assert sum("Tauko" in text for text in said(guest)) == 1, said(guest)
    patch(announcement="Jatketaan")
    hears(guest, "Jatketaan")
    expect(guest.board.get_by_text("Jatketaan")).to_be_visible()


def test_keys_on_a_locked_board_say_why_they_do_nothing(
    lead: Person, guest: Person, workshop: Workshop, patch: Patch
) -> None:
    guest.put("challenges", "Jono")
    patch(locks={lead.board_id(workshop): True})
    locked = guest.t("board.read-only.locked-waits")
    hears(guest, locked)
    guest.note("Jono").click()
    for key in ("x", "Enter", "n", "Delete", "m", "t", "Control+d", "Control+z"):
        guest.page.evaluate("window.said = []")
        guest.page.keyboard.press(key)
        hears(guest, locked)
    guest.sees("Jono")
    expect(guest.notes).to_have_count(1)


@pytest.mark.parametrize("key", ["experiments", "synthesis"])
def test_a_lock_under_the_hands_is_told_and_the_text_can_be_copied(
    lead: Person, guest: Person, workshop: Workshop, patch: Patch, key: str
) -> None:
    actions.go(guest, key)
    if key == "experiments":
        guest.button("plan.add").click()
    field = guest.board.locator("textarea[data-together]").first
    field.fill("Puolikas lause")
    guest.sees_status("saved")
    patch(locks={lead.board_id(workshop, key): True})
    expect(guest.page.locator(".asides")).to_contain_text(guest.t("notice.taken-away"))
    expect(guest.board.get_by_text("Puolikas lause").or_(field).first).to_be_visible()
    expect(guest.page.locator("main")).not_to_be_focused()
    at = "document.querySelector('main').contains(document.activeElement)"
    assert guest.page.evaluate(at)
    guest.page.locator(".asides").get_by_role("button", name=guest.t("aside.copy")).click()
    expect(guest.page.locator(".toast", has_text=guest.t("app.copied"))).to_be_visible()
    assert guest.page.evaluate("navigator.clipboard.readText()") == "Puolikas lause"


def test_a_dialog_whose_note_is_deleted_says_so_and_leads_to_the_next(
    lead: Person, guest: Person
) -> None:
    lead.close_dialog()
    for text in ("Jono", "Naapuri"):
        lead.put("challenges", text)
    actions.as_list(guest)
    actions.menu_of(guest, "Jono")
    lead.note("Jono").click()
    lead.button("note.delete").click()
    expect(guest.page.get_by_text(guest.t("note.gone", n=1))).to_be_visible()
    expect(guest.page.get_by_role("dialog")).to_have_count(0)
    expect(actions.row_of(guest, "Naapuri")).to_be_focused()


def test_a_name_that_is_written_for_a_theme_is_not_lost_with_the_dialog(
    lead: Person, guest: Person
) -> None:
    lead.close_dialog()
    for text in ("Jono", "Naapuri"):
        lead.put("challenges", text)
    guest.note("Jono").focus()
    guest.page.keyboard.press("t")
    name = guest.textbox("theme.name")
    name.fill("Ruuhka")
    lead.note("Jono").click()
    lead.button("note.delete").click()
    expect(guest.page.locator(".toast", has_text=guest.t("note.gone", n=1))).to_be_visible()
    expect(guest.page.locator(".asides li", has_text="Ruuhka")).to_be_visible()
    expect(guest.note("Naapuri")).to_be_focused()
    guest.note("Naapuri").click()  # letters right after a field that is gone are nobody's
    guest.page.keyboard.press("Escape")  # by keys from here on
    guest.page.keyboard.press("t")
    expect(name).to_have_value("Ruuhka")
    guest.page.mouse.click(5, 5)  # beside the dialog
    expect(name).to_have_count(0)
    expect(guest.note("Naapuri")).to_be_focused()
    guest.page.keyboard.press("t")
    expect(name).to_have_value("Ruuhka")
    guest.button("theme.make").click()
    expect(guest.board.get_by_text("Ruuhka").first).to_be_visible()


def test_what_others_write_is_said_as_loud_as_one_chooses(lead: Person, guest: Person) -> None:
    """In one go, not letter by letter; chosen under one's name, and kept on the device."""
    guest.button("workshop.me", name="Tiira").click()
    guest.page.get_by_role("menuitem", name=guest.t("heard.setting")).click()
    dialog = guest.page.get_by_role("dialog")
    expect(dialog.get_by_role("radio", name=guest.t("heard.summary"))).to_be_checked()
    dialog.get_by_role("radio", name=guest.t("heard.all")).check()
    guest.shot("volume")
    guest.close_dialog()
    lead.close_dialog()
    lead.put("challenges", "Kiire aamuisin")
    words = {"note": "Kiire aamuisin", "zone": guest.zone_title("challenges")}
    hears(guest, guest.t("heard.one.new", **words))
    lead.note("Kiire aamuisin").click()
    lead.page.keyboard.press("Delete")
    hears(guest, guest.t("heard.one.deleted", **words))
    assert len(said(guest)) == 2, said(guest)
    guest.page.reload()
    guest.sees_status("saved")
    guest.button("workshop.me", name="Tiira").click()
    guest.page.get_by_role("menuitem", name=guest.t("heard.setting")).click()
    expect(dialog.get_by_role("radio", name=guest.t("heard.all"))).to_be_checked()
