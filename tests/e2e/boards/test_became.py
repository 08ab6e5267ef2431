"""'This became that' on the change map: by menu, keys and pointer, told to eye and ear, undone."""

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, Device, People, Person

pytestmark = pytest.mark.xdist_group("e2e-became")

OLD, NEW, NEWER = "Kolme erillistä rekisteriä", "Yksi yhteinen rekisteri", "Asiakas näkee tietonsa"


def open_map(people: People, device: Device) -> Person:
    person = people("Tiira", device=device)
    person.create("Muutoksen äärellä")
    person.close_dialog()
    actions.go(person, "change")
    return person


def write(person: Person, zone: str, text: str) -> None:
    if person.board.locator(".viewport").count():
        add = person.page.locator(f"[data-zone='{zone}'] .add")
    else:
        add = person.page.locator(f"[data-add='{zone}']")
    add.click()
    person.write(text)
    person.done()


def lines(person: Person) -> Locator:
    return person.board.locator(".world svg path.tip")


def test_by_menu_and_keys_on_the_canvas(people: People) -> None:
    person = open_map(people, WIDE)
    write(person, "tools/from", OLD)
    write(person, "tools/to", NEW)
    person.note(OLD).click()
    person.button("note.more").click()
    person.page.get_by_role("menuitem", name=person.t("became.to")).click()
    dialog = person.page.get_by_role("dialog")
    person.shot("dialog")
    dialog.get_by_role("button", name=NEW).click()
    expect(lines(person)).to_have_count(1)
    expect(person.note(OLD)).to_be_focused()
    said = f"{person.t('links.became-to')} {NEW}"
    assert said in (person.note(OLD).get_attribute("aria-label") or "")
    assert OLD in (person.note(NEW).get_attribute("aria-label") or "")
    # By key, and a note that is not there yet.
    person.page.keyboard.press("Escape")
    person.page.keyboard.press("b")
    expect(dialog.get_by_role("button", name=NEW)).to_have_count(0)  # it is linked already
    dialog.get_by_role("button", name=person.t("became.new")).press("Enter")
    person.write(NEWER)
    person.page.keyboard.press("Escape")
    expect(person.note(NEWER)).to_be_focused()
    expect(lines(person)).to_have_count(2)
    person.shot("lines")
    # Nothing written: neither the note nor the tie was ever there.
    person.page.keyboard.press("b")
    dialog.get_by_role("button", name=person.t("became.new")).click()
    expect(lines(person)).to_have_count(3)
    expect(person.editor).to_be_focused()
    person.page.keyboard.press("Escape")
    expect(lines(person)).to_have_count(2)
    person.note(OLD).focus()
    for _ in range(4):  # what was typed, its tie and its note; then the first tie
        person.page.keyboard.press("Control+z")
    expect(lines(person)).to_have_count(0)
    person.sees(OLD, NEW)
    person.page.keyboard.press("Control+y")
    expect(lines(person)).to_have_count(1)


def middle(target: Locator) -> tuple[float, float]:
    box = target.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(person: Person, start: tuple[float, float], end: tuple[float, float]) -> None:
    mouse = person.page.mouse
    mouse.move(*start)
    mouse.down()
    mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=4)
    mouse.move(*end, steps=4)
    mouse.up()


def test_a_line_is_drawn_with_the_pointer(people: People) -> None:
    person = open_map(people, WIDE)
    actions.page_of(person, 1).click()
    write(person, "customers/from", OLD)
    write(person, "customers/to", NEW)
    place = person.note(OLD).get_attribute("style")
    person.note(OLD).hover()
    handle = person.note(OLD).locator("[data-link-from]")
    person.shot("handle")
    drag(person, middle(handle), middle(person.note(NEW)))
    expect(lines(person)).to_have_count(1)
    assert person.note(OLD).get_attribute("style") == place  # the note itself has not moved
    # To an empty spot of the other cell: there a note is written.
    person.note(OLD).hover()
    x, y = middle(person.note(NEW))
    drag(person, middle(handle), (x + 250, y + 20))
    person.write(NEWER)
    person.page.keyboard.press("Escape")
    expect(lines(person)).to_have_count(2)
    # To another row: nothing.
    person.note(OLD).hover()
    drag(person, middle(handle), middle(person.page.locator("[data-zone='megatrends/to'] .spot")))
    expect(person.notes).to_have_count(3)
    expect(lines(person)).to_have_count(2)
    person.shot("drawn")


def test_on_a_phone_in_the_list(people: People) -> None:
    person = open_map(people, PHONE)
    write(person, "rules/from", OLD)
    person.button("note.more-named", note=OLD).tap()
    person.button("became.to").tap()
    dialog = person.page.get_by_role("dialog")
    person.shot("dialog")
    dialog.get_by_role("button", name=person.t("became.new")).tap()
    person.write(NEW)
    person.button("note.done").tap()
    here = person.page.locator("[data-note-id]", has_text=OLD).first
    expect(here).to_contain_text(f"{person.t('links.became-to')} {NEW}")
    there = person.page.locator("[data-note-id]", has_text=NEW).last
    expect(there).to_contain_text(f"{person.t('links.became-from')} {OLD}")
    there.scroll_into_view_if_needed()
    person.shot("list")
    person.sees_status("saved")
    person.page.reload()
    actions.stands_on(person, "change")
    expect(here).to_contain_text(NEW)
    person.button("board.view.canvas").tap()
    expect(lines(person)).to_have_count(1)
    person.shot("canvas")
