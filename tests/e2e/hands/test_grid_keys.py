"""The change map by keyboard alone: every cell is reached, an empty one too, and written into."""

import pytest
from playwright.sync_api import Locator, expect

from boards.workbook.installed import load
from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, Device, People, Person

pytestmark = pytest.mark.xdist_group("e2e-grid-keys")

BOARD = load("valoa").board("change")
ROWS = [row.id for row in BOARD.rows]
CELLS = [f"{row}/{column}" for row in ROWS for column in ("from", "to")]


def open_map(people: People, device: Device = WIDE, language: str = "fi") -> Person:
    person = people("Tiira", device=device, language=language)
    person.create("Muutoksen äärellä")
    person.close_dialog()
    actions.choose(person, "change")
    person.sees_status("saved")
    expect(person.board.locator(".zone")).to_have_count(len(CELLS))
    return person


def press(person: Person, *keys: str) -> None:
    for key in keys:
        person.page.keyboard.press(key)


def cell(person: Person, zone: str) -> Locator:
    return person.page.locator(f'[data-cell="{zone}"]')


def named(person: Person, zone: str) -> str:
    """What a screen reader says of an empty cell."""
    row, column = zone.split("/")
    titles = [each.title[person.language] for each in BOARD.rows if each.id == row]
    titles += [each.title[person.language] for each in BOARD.columns if each.id == column]
    return person.t("board.zone-empty", zone=" – ".join(titles))


def at(person: Person, zone: str) -> None:
    expect(cell(person, zone)).to_be_focused()
    expect(cell(person, zone)).to_have_accessible_name(named(person, zone))


def start(person: Person) -> None:
    """The only stop that Tab makes in an empty map is its first cell."""
    stops = person.page.locator("[data-cell][tabindex='0']")
    expect(stops).to_have_count(1)
    stops.focus()


def test_arrows_reach_every_cell_of_the_whole_grid(people: People) -> None:
    person = open_map(people, language="en")
    start(person)
    for row in ROWS:
        at(person, f"{row}/from")
        press(person, "ArrowRight")
        at(person, f"{row}/to")
        expect(cell(person, f"{row}/to")).to_be_in_viewport()
        press(person, "ArrowLeft", "ArrowDown")
    at(person, f"{ROWS[-1]}/from")
    press(person, "Control+Home")
    at(person, CELLS[0])
    press(person, "Control+End")
    at(person, CELLS[-1])
    for zone in reversed(CELLS[:-1]):
        press(person, "PageUp")
        at(person, zone)


def test_keys_write_in_an_empty_cell_and_come_back_to_it(people: People) -> None:
    person = open_map(people)
    start(person)
    press(person, "PageDown", "PageDown", "n")
    person.write("Asiakkaat tulevat naapurikunnasta")
    press(person, "Escape")
    note = person.note("Asiakkaat tulevat naapurikunnasta")
    expect(note).to_be_focused()
    zone = person.page.locator("[data-zone='customers/from']")
    expect(zone.locator("[data-note]")).to_have_count(1)
    # From a note over the edge of its cell to an empty one, and back.
    press(person, "ArrowRight")
    at(person, "customers/to")
    press(person, "Enter")
    person.write("")
    press(person, "Escape")  # nothing written: it is empty as before
    at(person, "customers/to")
    press(person, "ArrowLeft")
    expect(note).to_be_focused()
    press(person, "ArrowDown")
    at(person, "services/from")
    press(person, "ArrowUp")
    expect(note).to_be_focused()
    # What is empty again takes the focus of its last note.
    press(person, "Delete")
    at(person, "customers/from")
    press(person, "Insert")
    person.write("Toinen yritys")
    press(person, "Escape")
    expect(person.note("Toinen yritys")).to_be_focused()


def test_a_page_and_a_row_keep_to_their_cells(people: People) -> None:
    person = open_map(people)
    actions.page_of(person, 2).click()
    start(person)
    at(person, "services/from")
    press(person, "ArrowDown", "ArrowDown", "ArrowRight")
    at(person, "practices/to")
    press(person, "Control+Home", "PageUp")
    at(person, "services/from")
    row = next(each.title["fi"] for each in BOARD.rows if each.id == "tools")
    person.board.get_by_role("combobox").select_option(label=row)
    start(person)
    at(person, "tools/from")
    press(person, "ArrowRight", "ArrowRight", "PageDown", "ArrowDown")
    at(person, "tools/to")
    person.shot("row")


def test_somebody_else_writes_in_the_cell_that_has_the_focus(people: People) -> None:
    person = open_map(people)
    start(person)
    other = people("Kurki")
    workshop = person.page.url
    person.button("panel.invite").first.click()
    code = person.page.get_by_role("dialog").locator(".code").inner_text()
    person.close_dialog()
    other.go(f"/j/{code.replace('-', '')}")
    other.textbox("join.name").fill("Kurki")
    other.button("join.join").click()
    other.page.wait_for_url(workshop)
    actions.choose(other, "change")
    start(person)
    start(other)
    press(other, "n")
    other.write("Väki vanhenee")
    press(other, "Escape")
    expect(person.note("Väki vanhenee")).to_be_focused()


def test_the_map_is_stacked_on_a_narrow_canvas(people: People) -> None:
    person = people("Kuovi", device=PHONE)
    person.create("Kapea näyttö")
    person.close_dialog()
    actions.choose(person, "change")
    person.button("board.view.canvas").click()
    expect(person.board.locator(".zone")).to_have_count(len(CELLS))
    start(person)
    for zone in CELLS:
        at(person, zone)
        press(person, "ArrowDown")
