"""Whatever is taken away under somebody's keyboard, the focus goes on from there: it never falls to
the page, where a screen reader would begin all over."""

import pytest
from playwright.sync_api import expect

from tests.e2e.support import actions
from tests.support.browsers.browser import People, Person

pytestmark = pytest.mark.xdist_group("e2e-focus")


def test_the_first_invitation_leaves_the_keyboard_at_the_board(people: People) -> None:
    lead = people("Vetäjä")
    lead.create("Tiimin kehittämispäivä")
    lead.page.keyboard.press("Escape")
    expect(lead.page.get_by_role("dialog")).to_have_count(0)
    expect(lead.board).to_be_focused()


@pytest.mark.parametrize("room", [True, False])
def test_over_to_the_list_and_back_by_the_same_keys(room: bool, people: People) -> None:
    """With room for both buttons the pressed one keeps the focus, else the one that leads back."""
    lead = people("Vetäjä")
    lead.create("Tiimin kehittämispäivä")
    lead.close_dialog()
    lead.page.set_viewport_size({"width": 1280 if room else 800, "height": 800})
    for view, other in (("list", "canvas"), ("canvas", "list")):
        lead.button(f"board.view.{view}").focus()
        lead.page.keyboard.press("Enter")
        expect(lead.board.locator(f".dock.{view}")).to_be_visible()
        expect(lead.button(f"board.view.{view if room else other}")).to_be_focused()
        expect(lead.button(f"board.view.{view}")).to_have_count(1 if room else 0)


def test_into_groups_and_back_together(people: People) -> None:
    lead, guest = people("Vetäjä"), people("Tiira")
    workshop = lead.create("Tiimin kehittämispäivä")
    lead.close_dialog()
    guest.join(workshop)
    guest.put("challenges", "Kesken")
    expect(guest.note("Kesken")).to_be_focused()
    sheet = actions.panel_tab(lead, "groups")
    press(lead, "breakout.start")
    expect(lead.button("breakout.recall")).to_be_visible()
    expect(sheet).to_be_focused()
    expect(guest.board.get_by_text(guest.t("workshop.alone_in_group"))).to_be_visible()
    expect(guest.board).to_be_focused()  # its note is on another board now
    guest.add("challenges", "Kirjoitus jää kes")
    press(lead, "breakout.recall")
    expect(lead.button("breakout.start")).to_be_visible()
    expect(sheet).to_be_focused()
    expect(guest.page.get_by_text(guest.t("workshop.recalled"))).to_be_visible()
    expect(guest.board).to_be_focused()


def test_a_message_that_is_closed_leaves_the_keyboard_at_the_board(people: People) -> None:
    lead = people("Vetäjä")
    lead.create("Tiimin kehittämispäivä")
    lead.close_dialog()
    lead.put("challenges", "Turha")
    lead.page.keyboard.press("Delete")
    close = lead.page.locator(".toast").get_by_role("button", name=lead.t("app.close"))
    close.focus()
    lead.page.keyboard.press("Enter")
    expect(close).to_have_count(0)
    expect(lead.board).to_be_focused()


def press(person: Person, button: str) -> None:
    person.button(button).focus()
    person.page.keyboard.press("Enter")
