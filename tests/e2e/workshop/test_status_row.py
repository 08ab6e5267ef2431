"""One row above the board tells the most urgent; who leads sees there where everybody is."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from server.i18n import LANGUAGES
from tests.e2e.screens.reflow import assert_fits
from tests.e2e.screens.test_axe import LEVELS, violations
from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, Device, People, Person, Workshop

pytestmark = [pytest.mark.xdist_group("e2e-status-row"), pytest.mark.timeout(300)]

LOW = Device(640, 360, touch=True)
MESSAGE = "Tauko, jatkamme klo 10.15"


@pytest.fixture
def room(people: People) -> tuple[Person, Workshop]:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    return lead, workshop


def patch(lead: Person, workshop: Workshop, change: dict[str, object]) -> None:
    assert lead.call("PATCH", f"/api/workshops/{workshop.id}", change)[0] == 200


def row(person: Person) -> Locator:
    return person.page.locator(".status")


def test_the_most_urgent_is_told_and_the_others_are_a_press_away(
    people: People, room: tuple[Person, Workshop]
) -> None:
    """A message until it is closed, then the lock, and the voting behind it."""
    lead, workshop = room
    board = lead.board_id(workshop)
    guest = people("Olli")
    guest.join(workshop)
    expect(row(guest)).to_be_hidden()
    voting = {"votes": {board: {"dots": 3, "hidden": False, "open": True}}}
    patch(lead, workshop, {"locks": {board: True}, "announcement": MESSAGE, **voting})
    message, lock = row(guest).get_by_text(MESSAGE), guest.t("board.read-only.locked")
    expect(message).to_be_visible()
    expect(row(guest).get_by_text(lock)).to_be_hidden()
    height = row(guest).evaluate("row => row.offsetHeight")
    assert height <= 56
    guest.shot("one")
    more = row(guest).locator("> button")
    more.focus()
    guest.page.keyboard.press("Enter")
    expect(more).to_be_focused()
    expect(more).to_have_attribute("aria-expanded", "true")
    expect(row(guest).get_by_text(lock)).to_be_visible()
    assert violations(guest, {"runOnly": LEVELS}) == []
    guest.shot("all")
    guest.page.keyboard.press("Enter")
    expect(row(guest).get_by_text(lock)).to_be_hidden()
    guest.button("app.close").click()
    expect(message).to_have_count(0)
    expect(row(guest).get_by_text(lock)).to_be_visible()
    patch(lead, workshop, {"locks": {board: False}})
    expect(row(guest).get_by_text(lock)).to_have_count(0)


def test_on_a_low_screen_nothing_stays_but_the_bar(
    people: People, room: tuple[Person, Workshop]
) -> None:
    lead, workshop = room
    for number in range(6):
        lead.put("challenges", f"Asiakas soitti kolmesti ({number})")
    patch(lead, workshop, {"announcement": MESSAGE})
    guest = people("Olli", device=LOW)
    guest.join(workshop)
    message = row(guest).get_by_text(MESSAGE)
    expect(message).to_be_in_viewport()
    last = guest.page.locator("[data-note-id]").last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    guest.page.evaluate("scrollTo(0, 400)")
    expect(message).not_to_be_in_viewport()
    expect(guest.page.locator("header.bar")).to_be_in_viewport(ratio=1)
    stuck = guest.page.evaluate(
        """() => [...document.querySelectorAll('main *')].filter(element => {
            const { position } = getComputedStyle(element);
            const { top, bottom, height } = element.getBoundingClientRect();
            return position === 'sticky' && height > 0 && bottom > 0 && top < innerHeight;
        }).length"""
    )
    assert stuck == 0
    guest.shot("low")
    assert_fits(guest, "low")


@pytest.mark.parametrize("device", [WIDE, PHONE], ids=["wide", "phone"])
def test_everyone_is_brought_from_wherever_the_facilitator_stands(
    people: People, room: tuple[Person, Workshop], device: Device
) -> None:
    lead, workshop = room
    guests = [people(name) for name in ("Tiira", "Kuovi")]
    for guest in guests:
        guest.join(workshop)
    lead.page.set_viewport_size({"width": device.width, "height": device.height})
    if device is PHONE:
        lead.button("panel.close").click()
    bring = lead.button("whereabouts.bring")
    expect(bring).to_have_count(0)
    actions.go(lead, "change")
    on = lead.t("whereabouts.on", n=2, board=lead.board_title)
    expect(row(lead).get_by_text(on)).to_be_visible()
    actions.go(guests[1], "synthesis")
    several = lead.t("whereabouts.on-several", n=2, boards="")
    expect(row(lead)).to_contain_text(several)
    expect(row(lead)).to_contain_text(f"{actions.title('synthesis', 'fi')} 1")
    expect(row(guests[0])).to_be_hidden()  # this is for who leads
    assert violations(lead, {"runOnly": LEVELS}) == []
    assert_fits(lead, "whereabouts")
    lead.shot("whereabouts")
    # Who writes is not interrupted, and stays in the row until they come.
    actions.go(guests[1], "phenomena")
    guests[1].add("challenges", "Kesken")
    bring.focus()
    lead.page.keyboard.press("Enter")
    actions.stands_on(guests[0], "change")
    one = lead.t("whereabouts.on", n=1, board=lead.board_title)
    expect(row(lead).get_by_text(one)).to_be_visible()
    guests[1].done()
    actions.stands_on(guests[1], "change")
    expect(bring).to_have_count(0)
    expect(lead.board).to_be_focused()


@pytest.mark.parametrize("language", LANGUAGES)
def test_people_in_groups_are_not_called_away(people: People, language: str) -> None:
    lead = people("Vetäjä", device=WIDE, language=language)
    workshop = lead.create("Ryhmissä")
    lead.close_dialog()
    guest = people("Tiira")
    guest.join(workshop)
    actions.panel_tab(lead, "groups")
    lead.button("breakout.start").click()
    expect(guest.page.locator("header.bar .only")).to_be_visible()
    actions.go(lead, "change")
    actions.open_boards(lead, "phenomena")
    there = actions.row_of_board(lead, "phenomena")
    expect(there).to_have_accessible_description(
        re.compile(re.escape(lead.t("contents.people", n=1)))
    )
    lead.page.keyboard.press("Escape")
    expect(lead.button("whereabouts.bring")).to_have_count(0)
