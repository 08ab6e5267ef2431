"""Writing on the canvas: a button in reach, the note where one looks, the caret as it was."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.support.crowd import crowd
from tests.support.browsers.browser import PHONE, WIDE, Device, People, Person, Workshop

pytestmark = [pytest.mark.xdist_group("e2e-writing-canvas"), pytest.mark.timeout(300)]

MANY = 90

# In sight within the board, under no bar, panel or button.
CLEAR = """element => {
    const view = document.querySelector('.viewport').getBoundingClientRect();
    const { left, right, top, bottom } = element.getBoundingClientRect();
    if (top < view.top || bottom > view.bottom || left < view.left || right > view.right + 1)
        return false;
    return [[left, top], [right, top], [left, bottom], [right, bottom]].every(([x, y]) => {
        const [inX, inY] = [x + Math.sign((left + right) / 2 - x) * 8,
                            y + Math.sign((top + bottom) / 2 - y) * 8];
        return element.contains(document.elementFromPoint(inX, inY));
    });
}"""


@pytest.fixture
def workshop(people: People) -> Workshop:
    lead = people("Vetäjä")
    workshop = lead.create("Tiimin kehittämispäivä")
    lead.close_dialog()
    return workshop


def come(people: People, workshop: Workshop, device: Device, language: str = "fi") -> Person:
    person = people("Kuovi", device=device, language=language)
    person.join(workshop)
    if device.touch:
        person.button("board.view.canvas").tap()
    expect(person.board.locator(".viewport")).to_be_visible()
    return person


def new(person: Person) -> Locator:
    return person.button("board.new")


def is_clear(person: Person, part: Locator) -> None:
    person.page.wait_for_function(
        f"element => ({CLEAR})(element)", arg=part.element_handle(), timeout=5_000
    )


def scroll_to(person: Person, y: float) -> float:
    return float(
        person.board.locator(".viewport").evaluate(
            "(view, y) => { view.scrollTop = y * view.scrollHeight; return view.scrollTop; }", y
        )
    )


@pytest.mark.parametrize("device", [WIDE, Device(390, 844, touch=True)], ids=["1440", "390"])
def test_a_new_note_comes_where_one_looks(
    people: People, workshop: Workshop, device: Device
) -> None:
    """Far down on a full board with a free spot there: not at the zone's far end."""
    person = come(people, workshop, device)
    zone = "challenges"
    spots = {"Kaukana alhaalla": (20, 6000)}
    crowd(person, person.board_id(workshop), {zone: MANY}, spots=spots)
    expect(person.notes).to_have_count(MANY + 1)
    before = scroll_to(person, 0.3)
    expect(new(person)).to_be_in_viewport(ratio=0.99)
    new(person).click()
    person.write("Tässä")
    is_clear(person, person.board.locator(".editor"))
    person.shot("writing")
    person.done()
    note = person.note("Tässä")
    expect(note).to_have_class(re.compile(r"\bwritten\b"))
    is_clear(person, note)
    said = person.t("note.saved", zone=person.zone_title(zone))
    expect(person.page.get_by_role("status").filter(has_text=said)).not_to_have_count(0)
    person.shot("finished")
    after = person.board.locator(".viewport").evaluate("view => view.scrollTop")
    assert abs(after - before) < device.height
    expect(note).not_to_have_class(re.compile(r"\bwritten\b"))


def test_a_zone_that_is_out_of_sight_is_not_chosen(people: People, workshop: Workshop) -> None:
    """The keyboard was in the first zone; one has scrolled on to the second."""
    person = come(people, workshop, PHONE)
    board = person.board_id(workshop)
    crowd(person, board, {"challenges": 12, "inspirations": 12}, named="Lappu ")
    expect(person.notes).to_have_count(24)
    person.notes.first.tap()
    person.zone("inspirations").locator("[data-note]").last.scroll_into_view_if_needed()
    person.page.keyboard.press("Escape")
    new(person).tap()
    person.write("Toiselle alueelle")
    is_clear(person, person.board.locator(".editor"))
    person.done()
    expect(person.zone("inspirations").locator("[data-note]")).to_have_count(13)
    is_clear(person, person.note("Toiselle alueelle"))


def test_the_button_stays_in_reach_with_notes_chosen(people: People, workshop: Workshop) -> None:
    person = come(people, workshop, PHONE)
    crowd(person, person.board_id(workshop), {"challenges": 8})
    person.notes.first.tap()
    toolbar = person.page.get_by_role("toolbar", name=person.t("note.actions"))
    expect(toolbar).to_be_visible()
    person.shot("chosen")
    mine, bar = new(person).bounding_box(), toolbar.bounding_box()
    assert mine
    assert bar
    assert mine["y"] + mine["height"] <= bar["y"]
    person.page.wait_for_function(
        """button => {
            const { left, right, top, bottom } = button.getBoundingClientRect();
            const met = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
            return button.contains(met);
        }""",
        arg=new(person).element_handle(),
    )


@pytest.mark.parametrize("device", [WIDE, PHONE], ids=["1440", "360"])
def test_what_is_changed_beside_the_text_keeps_its_caret(
    people: People, workshop: Workshop, device: Device
) -> None:
    person = come(people, workshop, device)
    person.add("challenges", "Alku loppu")
    person.page.evaluate("""() => {
        const field = document.activeElement;
        field.setSelectionRange(2, 6);
        field.left = 0;
        field.addEventListener('blur', () => (field.left += 1));
    }""")
    toolbar = person.page.get_by_role("toolbar", name=person.t("note.actions"))
    toolbar.get_by_role("radio", name=person.t("note.color.pink")).click()
    toolbar.get_by_role("button", name=person.t("note.move"), exact=True).click()
    menu = person.page.get_by_role("menu")
    person.page.keyboard.press("Escape")  # closes the menu, and not the note
    expect(menu).to_have_count(0)
    expect(person.editor).to_be_focused()
    toolbar.get_by_role("button", name=person.t("note.move"), exact=True).press("Enter")
    expect(menu.get_by_role("menuitem").first).to_be_focused()  # by keys the menu has them
    person.page.keyboard.press("Escape")
    person.editor.focus()
    person.page.evaluate("document.activeElement.left = 0")
    toolbar.get_by_role("button", name=person.t("note.move"), exact=True).click()
    menu.get_by_role("menuitem", name=person.zone_title("inspirations")).click()
    if not device.touch:
        person.button("board.zoom-in").click()
    caret = person.page.evaluate("""() => {
        const { selectionStart, selectionEnd, left } = document.activeElement;
        return [selectionStart, selectionEnd, left];
    }""")
    assert caret == [2, 6, 0]
    is_clear(person, person.board.locator(".editor"))
    person.page.keyboard.type("x")
    expect(person.editor).to_have_value("Alxoppu")
    person.done()
    expect(person.zone("inspirations").locator("[data-note]")).to_have_count(1)
    expect(person.note("Alxoppu")).to_have_attribute("data-color", "pink")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_zone_is_a_press_away_on_a_phone(
    people: People, workshop: Workshop, language: str
) -> None:
    """The list of what can be looked at has zones with their notes; by keys as well."""
    person = come(people, workshop, PHONE, language)
    counts = {"challenges": 30, "inspirations": 3}
    crowd(person, person.board_id(workshop), counts)
    expect(person.notes).to_have_count(33)
    look = person.board.locator(".zoom").get_by_role("button", name=re.compile("%"))
    look.tap()
    notes = person.t("board.notes", n=3)
    place = person.t("board.look-at", place=person.zone_title("inspirations"), notes=notes)
    row = person.page.get_by_role("menuitem", name=place, exact=True)
    expect(person.page.locator(".zoom .popup")).to_be_in_viewport(ratio=0.99)
    person.shot(f"places-{language}")
    row.press("Enter")
    first = person.zone("inspirations").locator("[data-note]").first
    expect(first).to_be_focused()
    is_clear(person, first)
    dock = person.board.locator(".dock")
    assert dock.evaluate("dock => dock.scrollWidth <= dock.clientWidth")
