"""Writing on a phone: one bar in reach, above the keys, and the finished note in sight."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, ViewportSize, expect

from tests.e2e.support import actions
from tests.e2e.support.crowd import crowd
from tests.support.browsers.browser import Device, People, Person, Workshop

pytestmark = [pytest.mark.xdist_group("e2e-writing-bar"), pytest.mark.timeout(300)]

SMALL = Device(360, 640, touch=True)
TALL = Device(390, 844, touch=True)
KEYS_PX = 260  # of a phone's keys
MANY = 60

# Keys that lie over the page and leave its size as it is, as on an iPhone.
LYING_KEYS = """keys => {
    const height = innerHeight - keys;
    Object.defineProperty(visualViewport, 'height', { configurable: true, get: () => height });
    visualViewport.dispatchEvent(new Event('resize'));
}"""
# In sight, above `keys` pixels at the lower edge, and under nothing else.
CLEAR = """(element, keys) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const met = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return top >= 0 && bottom <= innerHeight - keys + 1 && element.contains(met);
}"""


@pytest.fixture
def workshop(people: People) -> Workshop:
    lead = people("Vetäjä")
    workshop = lead.create("Tiimin kehittämispäivä")
    lead.close_dialog()
    return workshop


def come(
    people: People, workshop: Workshop, device: Device = SMALL, language: str = "fi"
) -> Person:
    person = people("Kuovi", device=device, language=language)
    person.join(workshop)
    expect(bar(person)).to_be_visible()
    return person


def bar(person: Person) -> Locator:
    return person.board.locator(".writing-bar")


def new(person: Person) -> Locator:
    """The bar's button."""
    return bar(person).locator("[data-write]")


def switch(person: Person, zone: str) -> None:
    """To another zone, by the bar."""
    bar(person).get_by_role("button", name=re.compile(rf"^{person.t('list.zone', zone='')}")).tap()
    menu = person.page.get_by_role("menu")
    menu.get_by_role("menuitemradio", name=person.zone_title(zone), exact=True).tap()
    expect(menu).to_have_count(0)


def says(person: Person, words: str) -> None:
    expect(person.page.get_by_role("status").filter(has_text=words)).not_to_have_count(0)


def written(person: Person, text: str) -> None:
    """The note is in sight, whole, and stands out."""
    note = person.note(text)
    expect(note).to_have_class(re.compile(r"\bwritten\b"))
    person.page.wait_for_function(f"note => ({CLEAR})(note, 0)", arg=note.element_handle())


@pytest.mark.parametrize("device", [SMALL, TALL], ids=["360", "390"])
def test_the_finished_note_is_in_sight_and_the_bar_keeps_the_focus(
    people: People, workshop: Workshop, device: Device
) -> None:
    person = come(people, workshop, device)
    crowd(person, person.board_id(workshop), {"challenges": MANY, "inspirations": 5})
    expect(person.notes).to_have_count(MANY + 5)
    expect(new(person)).to_be_in_viewport(ratio=0.99)
    new(person).tap()
    person.write("Viimeinen kaikista")
    person.button("note.done").tap()
    written(person, "Viimeinen kaikista")
    says(person, person.t("note.saved", zone=person.zone_title("challenges")))
    expect(new(person)).to_be_focused()
    expect(new(person)).to_be_in_viewport(ratio=0.99)
    person.shot("finished")
    person.page.keyboard.press("Enter")
    person.write("Ja vielä yksi")
    person.button("list.next").tap()
    written(person, "Ja vielä yksi")
    expect(person.editor).to_be_focused()
    expect(person.editor).to_have_value("")
    person.button("list.next").tap()  # there is no next to one that is empty
    expect(person.editor).to_have_count(1)
    person.page.keyboard.press("Escape")
    expect(person.notes).to_have_count(MANY + 7)
    expect(new(person)).to_be_focused()
    expect(person.note("Ja vielä yksi")).not_to_have_class(re.compile(r"\bwritten\b"))


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("keys", ["make the page smaller", "lie over it"])
def test_field_zone_and_done_are_in_sight_above_the_keys(
    people: People, workshop: Workshop, language: str, keys: str
) -> None:
    """On the smallest phone, with a message and a clock above the board."""
    person = come(people, workshop, language=language)
    lead = people("Toinen")
    lead.join(workshop)
    crowd(person, person.board_id(workshop), {"challenges": 6, "inspirations": 2})
    new(person).tap()
    person.write("Lause joka jatkuu ")
    lies = keys == "lie over it"
    if lies:
        person.page.evaluate(LYING_KEYS, KEYS_PX)
    else:
        size = ViewportSize(width=SMALL.width, height=SMALL.height - KEYS_PX)
        person.page.set_viewport_size(size)
    below = KEYS_PX if lies else 0
    for _ in range(3):  # it grows, and all of it stays in sight
        person.page.keyboard.type("ja jatkuu vielä toisenkin rivin verran ")
        zone = bar(person).get_by_role("button", name=re.compile(person.t("list.zone", zone="")))
        for part in (person.editor, person.button("note.done"), person.button("list.next"), zone):
            part.wait_for()
            person.page.wait_for_function(
                f"([element, keys]) => ({CLEAR})(element, keys)",
                arg=[part.element_handle(), below],
            )
    expect(person.board.locator(".dock")).to_be_hidden()
    person.shot(f"keys-{language}-{'over' if lies else 'smaller'}")
    person.button("note.done").tap()
    if lies:
        person.page.evaluate(LYING_KEYS, 0)
    else:
        person.page.set_viewport_size({"width": SMALL.width, "height": SMALL.height})
    expect(person.board.locator(".dock")).to_be_visible()
    text = "Lause joka jatkuu " + 3 * "ja jatkuu vielä toisenkin rivin verran "
    written(person, text.strip())


def test_the_bar_names_the_zone_one_looks_at_and_switches_it(
    people: People, workshop: Workshop
) -> None:
    person = come(people, workshop)
    crowd(person, person.board_id(workshop), {"challenges": 12, "inspirations": 12})
    expect(person.notes).to_have_count(24)
    expect(bar(person)).to_contain_text(person.zone_title("challenges"))
    person.zone("inspirations").locator("article").last.scroll_into_view_if_needed()
    expect(bar(person)).to_contain_text(person.zone_title("inspirations"))
    switch(person, "challenges")
    expect(bar(person)).to_contain_text(person.zone_title("challenges"))
    expect(person.zone("challenges").get_by_role("heading").first).to_be_in_viewport()
    new(person).tap()
    person.write("Tänne")
    person.button("note.done").tap()
    expect(person.zone("challenges").locator("article")).to_have_count(13)


def test_another_zone_or_colour_while_writing_keeps_caret_and_keys(
    people: People, workshop: Workshop
) -> None:
    person = come(people, workshop)
    new(person).tap()
    person.write("Alku loppu")
    person.page.evaluate("""() => {
        const field = document.activeElement;
        field.setSelectionRange(2, 6);
        field.left = 0;
        field.addEventListener('blur', () => (field.left += 1));
    }""")
    switch(person, "inspirations")
    person.page.get_by_role("radio", name=person.t("note.color.green")).tap()
    caret = person.page.evaluate("""() => {
        const { selectionStart, selectionEnd, left } = document.activeElement;
        return [selectionStart, selectionEnd, left];
    }""")
    assert caret == [2, 6, 0]
    person.page.keyboard.type("x")
    expect(person.editor).to_have_value("Alxoppu")
    person.shot("switched")
    person.button("note.done").tap()
    inspirations = person.zone("inspirations").locator("article")
    expect(inspirations).to_have_count(1)
    expect(inspirations).to_have_attribute("data-color", "green")
    expect(person.zone("challenges").locator("article")).to_have_count(0)


def test_a_note_that_stands_is_written_in_the_bar_too(people: People, workshop: Workshop) -> None:
    person = come(people, workshop)
    crowd(person, person.board_id(workshop), {"challenges": 12}, named="Lappu ")
    expect(person.notes).to_have_count(12)
    article = person.notes.nth(9)
    edit = article.locator("[data-edit]")
    edit.scroll_into_view_if_needed()
    edit.tap()
    expect(bar(person).get_by_role("textbox")).to_be_focused()
    expect(person.button("list.next")).to_have_count(0)
    person.page.keyboard.press("End")
    person.page.keyboard.type(" jatkoa")
    person.button("note.done").tap()
    expect(article).to_contain_text("jatkoa")
    expect(article).to_be_in_viewport(ratio=0.99)
    expect(new(person)).to_be_focused()


def test_two_fingers_that_come_nearer_are_no_keys(people: People, workshop: Workshop) -> None:
    person = come(people, workshop)
    session = person.page.context.new_cdp_session(person.page)
    session.send("Emulation.setPageScaleFactor", {"pageScaleFactor": 2})
    person.page.wait_for_function("visualViewport.scale === 2")
    assert not person.page.evaluate("document.documentElement.hasAttribute('data-keys')")


def test_thirty_people_write_and_the_bar_stays(people: People, workshop: Workshop) -> None:
    """Notes of others come all the time: zone, field and caret are one's own."""
    person = come(people, workshop, TALL)
    board = person.board_id(workshop)
    crowd(person, board, {"challenges": 30, "inspirations": 30})
    new(person).tap()
    person.write("Alku ")
    before = bar(person).bounding_box()
    for turn in range(30):
        crowd(person, board, {"challenges": 1, "inspirations": 1}, named=f"Toinen {turn} ")
        person.page.keyboard.type(f"{turn % 10}")
    expect(person.notes).to_have_count(120)
    expect(person.editor).to_have_value("Alku " + "".join(str(n % 10) for n in range(30)))
    assert bar(person).bounding_box() == before
    person.button("note.done").tap()
    written(person, "Alku " + "".join(str(n % 10) for n in range(30)))


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_map_of_many_cells_has_them_all_in_the_switch(
    people: People, workshop: Workshop, language: str
) -> None:
    person = come(people, workshop, language=language)
    actions.go(person, "change")
    expect(bar(person)).to_be_visible()
    person.shot(f"map-{language}")
    zone = bar(person).get_by_role("button", name=re.compile(person.t("list.zone", zone="")))
    zone.tap()
    menu = person.page.get_by_role("menu")
    expect(menu.get_by_role("menuitemradio")).to_have_count(16)
    person.shot(f"map-switch-{language}")
    last = actions.zone_title("change", "tools/to", language)
    choice = menu.get_by_role("menuitemradio", name=last, exact=True)
    choice.scroll_into_view_if_needed()
    choice.tap()
    expect(bar(person)).to_contain_text(last)
    new(person).tap()
    person.write("Uusi väline")
    person.button("note.done").tap()
    written(person, "Uusi väline")
