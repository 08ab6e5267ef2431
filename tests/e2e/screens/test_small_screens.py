"""On a small screen the board keeps most of the room, however much there is to tell."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.support import actions
from tests.support.browsers.browser import Device, People, Person, Workshop

pytestmark = [pytest.mark.xdist_group("e2e-small-screens"), pytest.mark.timeout(300)]

SMALL = Device(360, 640, touch=True)
LONG = "\n".join(f"{number}. Kirjoita yksi asia yhdelle lapulle." for number in range(1, 13))


@pytest.fixture
def room(people: People) -> tuple[Person, Workshop]:
    lead = people("Vetäjä")
    workshop = lead.create("Kevät")
    lead.close_dialog()
    return lead, workshop


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_bars_take_a_third_of_a_small_screen_at_most(
    people: People, room: tuple[Person, Workshop], language: str
) -> None:
    """A long message, words that were cut short, and a lock: one row, and the others behind it."""
    lead, workshop = room
    board = lead.board_id(workshop)
    guest = people("Olli", language=language, device=SMALL)
    guest.join(workshop)
    actions.add(guest, "phenomena", "challenges")
    guest.write("Puolikas ajatus")
    lead.sees("Puolikas ajatus")
    change = {"announcement": LONG, "locks": {board: True}}
    assert lead.call("PATCH", f"/api/workshops/{workshop.id}", change)[0] == 200
    locked = guest.board.get_by_text(guest.t("board.read-only.locked"))
    expect(locked).to_be_attached()
    expect(guest.page.locator(".asides")).to_be_attached()
    expect(guest.board.get_by_text("1. Kirjoita")).to_be_visible()
    expect(locked).to_be_hidden()
    guest.shot(f"bars-{language}")
    others = guest.button("status.more", n=2)
    others.tap()  # letters for the note that was taken away press nothing
    expect(locked).to_be_visible()
    less = guest.button("status.less")
    expect(less).to_be_focused()
    guest.shot(f"all-bars-{language}")
    less.press("Enter")
    expect(locked).to_be_hidden()
    taken = guest.page.locator(".banners").evaluate("banners => banners.offsetHeight")
    assert taken <= 72
    whole = guest.button("workshop.message-whole")
    whole.tap()
    guest.shot(f"whole-{language}")
    words = guest.board.locator("p.whole")
    assert words.evaluate("words => words.scrollHeight <= words.clientHeight + 1")
    # By keys: a second tap at the same place so soon belongs to the first.
    guest.button("workshop.message-less").press("Enter")
    expect(whole).to_be_visible()


def test_a_short_message_has_nothing_to_unfold(
    people: People, room: tuple[Person, Workshop]
) -> None:
    lead, workshop = room
    guest = people("Olli", device=SMALL)
    guest.join(workshop)
    change = {"announcement": "Tauko kello 10.15"}
    assert lead.call("PATCH", f"/api/workshops/{workshop.id}", change)[0] == 200
    expect(guest.page.get_by_text("Tauko kello 10.15", exact=True)).to_be_visible()
    expect(guest.button("workshop.message-whole")).to_have_count(0)
