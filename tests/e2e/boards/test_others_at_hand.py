"""What others point at and carry glides, and covers no text for long; what one carries is level."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.support.crowd import crowd
from tests.support.browsers.browser import WIDE, People, Person

pytestmark = [pytest.mark.xdist_group("e2e-others-at-hand"), pytest.mark.timeout(180)]

CHALLENGES = "challenges"
#: Longer than a name stands beside an arrow that rests.
FADED_MS = 10_000
Opened = tuple[Person, Person, str]

# Tells, once it begins, how long the note is on its way to where it was heard of last.
GLIDES = """note => {
    window.glides = new Promise(resolve => note.addEventListener('transitionrun', event => {
        if (event.target !== note || event.propertyName !== 'transform') return;
        const { duration, easing } = event.target.getAnimations()[0].effect.getTiming();
        resolve([duration, easing]);
    }));
}"""


@pytest.fixture
def opened(people: People) -> Opened:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    lead.button("panel.close").click()
    guest = people("Olli", device=WIDE)
    guest.join(workshop)
    spots = {"Ensimmäinen": (20, 20), "Toinen": (300, 260)}
    board = lead.board_id(workshop)
    crowd(lead, board, {CHALLENGES: 0}, spots=spots)
    for person in (lead, guest):
        expect(person.notes).to_have_count(2)
    return lead, guest, board


def middle(what: Locator) -> tuple[float, float]:
    box = what.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_name_goes_while_the_arrow_rests_and_comes_with_the_next_move(
    opened: Opened,
) -> None:
    lead, guest, _ = opened
    x, y = middle(guest.note("Ensimmäinen"))
    guest.page.mouse.move(x, y, steps=3)
    arrow = lead.page.locator(".cursor")
    name = arrow.get_by_text("Olli")
    expect(name).to_have_css("opacity", "1")
    lead.shot("pointing")
    expect(name).to_have_css("opacity", "0", timeout=FADED_MS)
    expect(arrow.locator("svg")).to_have_css("opacity", "1")
    lead.shot("resting")
    guest.page.mouse.move(x + 60, y + 40, steps=3)
    expect(name).to_have_css("opacity", "1")


def test_what_another_carries_glides_on_a_large_board_too(opened: Opened) -> None:
    lead, guest, board = opened
    lead.page.emulate_media(reduced_motion="no-preference")
    crowd(lead, board, {"inspirations": 320})
    for person in (lead, guest):
        expect(person.notes).to_have_count(322)
    x, y = middle(guest.note("Ensimmäinen"))
    carried = lead.note("Ensimmäinen")
    guest.page.mouse.move(x, y)
    guest.page.mouse.down()
    guest.page.mouse.move(x + 10, y, steps=2)
    expect(carried).to_contain_class("carried")
    carried.evaluate(GLIDES)
    guest.page.mouse.move(x + 310, y + 4)
    assert lead.page.evaluate("glides") == [120, "linear"]
    guest.page.mouse.up()
    expect(carried).not_to_contain_class("carried")


def test_what_one_carries_stands_level_with_its_neighbours(opened: Opened) -> None:
    lead, _, _ = opened
    first, second = lead.note("Ensimmäinen"), lead.note("Toinen")
    mouse, keyboard = lead.page.mouse, lead.page.keyboard
    lines = lead.page.locator("[data-guide]")

    def left(note: Locator) -> float:
        box = note.bounding_box()
        assert box
        return round(box["x"], 1)

    def carry_below(off: float) -> None:
        """To `off` CSS pixels beside the line of the first note."""
        x, y = middle(second)
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + left(first) - left(second) + off, y + 30, steps=6)

    carry_below(5)
    expect(lines).to_have_count(1)
    expect(lines).to_have_attribute("data-guide", "x")
    line = lines.bounding_box()
    assert line
    assert line["x"] == pytest.approx(left(first), abs=1)
    lead.shot("level")
    mouse.up()
    expect(lines).to_have_count(0)
    lead.sees_status("saved")
    assert left(second) == left(first)
    # With Ctrl it goes where the pointer goes.
    keyboard.down("Control")
    carry_below(5)
    expect(lines).to_have_count(0)
    mouse.up()
    keyboard.up("Control")
    assert left(second) == pytest.approx(left(first) + 5, abs=1.5)
    # Escape leaves no line behind.
    carry_below(0)
    expect(lines).to_have_count(1)
    keyboard.press("Escape")
    expect(lines).to_have_count(0)
    mouse.up()
