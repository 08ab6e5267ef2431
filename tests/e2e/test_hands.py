"""Hands slip, double click and press twice: what they meant happens, and nothing else does."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.support.browser import LAPTOP, PHONE, WIDE, People, Person

pytestmark = pytest.mark.xdist_group("e2e-hands")

LOW = "Alhaalla"
#: So high a screen has no room for the bar but over the notes; CSS pixels.
NO_ROOM = 220


@pytest.fixture
def lead(people: People) -> Person:
    """A facilitator on the phenomena map, with the panel closed."""
    lead = people("Vetäjä")
    lead.create("Tiimin kehittämispäivä")
    lead.close_dialog()
    lead.button("panel.open").click()
    return lead


def put_low(person: Person, zone: str = "inspirations") -> tuple[float, float]:
    """A note right where *Delete* of its own bar comes up; gives a point on it."""
    person.put(zone, LOW)
    delete = person.button("note.delete").bounding_box()
    box = person.note(LOW).bounding_box()
    assert delete
    assert box
    spot = delete["x"] + delete["width"] / 2, delete["y"] + delete["height"] / 2
    person.page.keyboard.press("Escape")
    person.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 10)
    person.page.mouse.down()
    person.page.mouse.move(spot[0], spot[1] - 30, steps=4)  # farther down the board scrolls along
    person.page.mouse.up()
    person.page.keyboard.press("Escape")
    expect(person.page.get_by_role("toolbar", name=person.t("note.actions"))).to_have_count(0)
    return spot


def is_written(person: Person) -> None:
    expect(person.editor).to_be_focused()
    person.page.keyboard.type("!")
    person.done()
    person.sees(f"{LOW}!")


@pytest.mark.parametrize("between_ms", [0, 150])
@pytest.mark.parametrize("room", [True, False])
def test_a_double_click_low_on_the_screen_writes(
    lead: Person, between_ms: int, *, room: bool
) -> None:
    if not room:
        lead.page.set_viewport_size({"width": LAPTOP.width, "height": NO_ROOM})
    x, y = put_low(lead)
    lead.page.mouse.dblclick(x, y, delay=between_ms)
    is_written(lead)


@pytest.mark.parametrize("room", [True, False])
def test_two_taps_low_on_the_screen_write(people: People, *, room: bool) -> None:
    person = people("Kuovi", device=PHONE)
    person.create("Tiimin kehittämispäivä")
    person.close_dialog()
    person.button("board.view.canvas").tap()
    if not room:
        person.page.set_viewport_size({"width": PHONE.width, "height": NO_ROOM + 100})
    for _ in range(5):  # closer, so that there are zones down to the edge
        person.button("board.zoom-in").tap()
    x, y = put_low(person, "challenges")
    person.page.touchscreen.tap(x, y)
    person.page.touchscreen.tap(x, y)
    is_written(person)


def test_the_bar_opens_beside_the_pointer(lead: Person) -> None:
    x, y = put_low(lead)
    lead.page.mouse.click(x, y)
    bar = lead.page.get_by_role("toolbar", name=lead.t("note.actions"))
    box = bar.bounding_box()
    assert box
    assert box["y"] + box["height"] < y
    lead.shot("bar-above")


def test_quick_second_clicks_on_one_control_count(lead: Person) -> None:
    for text in ("Yksi", "Toinen"):
        lead.put("challenges", text)
    lead.button("board.undo").dblclick()
    expect(lead.notes).to_have_count(1)  # writing it was one step, making it the other
    lead.button("board.redo").dblclick()
    lead.sees("Yksi", "Toinen")
    add = lead.zone("challenges").get_by_role("button", name=lead.t("board.add"), exact=False)
    add.first.dblclick()
    lead.write("Kolmas")
    lead.done()
    lead.sees("Kolmas")


def test_a_dialog_that_opens_under_a_double_click_stays(lead: Person) -> None:
    lead.button("board.guide").dblclick()
    expect(lead.page.get_by_role("dialog")).to_be_visible()
    lead.page.keyboard.press("Escape")
    expect(lead.page.get_by_role("dialog")).to_have_count(0)


def test_a_button_in_the_place_of_another_takes_no_second_click(lead: Person) -> None:
    lead.put("challenges", LOW)
    lead.note(LOW).click()
    lead.button("note.edit").dblclick()  # "Done" comes into its place
    is_written(lead)


def close_buttons(person: Person) -> Locator:
    return person.page.locator(".toast").get_by_role("button", name=person.t("app.close"))


def test_a_message_that_slides_under_the_pointer_is_not_closed_with_the_other(
    lead: Person,
) -> None:
    for text in ("Yksi", "Toinen"):
        lead.put("challenges", text)
        lead.note(text).click()
        lead.button("note.delete").click()
    expect(close_buttons(lead)).to_have_count(2)
    close_buttons(lead).last.dblclick()
    expect(close_buttons(lead)).to_have_count(1)
    close_buttons(lead).click()
    expect(close_buttons(lead)).to_have_count(0)


def many(people: People, count: int) -> tuple[Person, Person, Person]:
    """Who leads, one who wrote so many notes, and another participant."""
    lead, writer, other = people("Vetäjä", device=WIDE), people("Tiira"), people("Lokki")
    workshop = lead.create("Tiimin kehittämispäivä")
    lead.close_dialog()
    for person in (writer, other):
        person.join(workshop)
    for number in range(count):
        writer.put("challenges", f"Lappu {number}")
    for person in (lead, other):
        person.sees(*(f"Lappu {number}" for number in range(count)))
    return lead, writer, other


def choose_all(person: Person) -> None:
    person.note("Lappu 0").click()
    person.page.keyboard.press("Control+a")
    person.page.keyboard.press("Delete")


def test_many_notes_of_others_are_deleted_only_when_one_says_so(people: People) -> None:
    lead, writer, other = many(people, 6)
    other.put("challenges", "Oma")
    lead.sees("Oma")
    choose_all(other)
    dialog = other.page.get_by_role("dialog", name=other.t("note.remove-many", n=7))
    expect(dialog).to_contain_text(other.t("note.remove-others", n=6))
    other.shot("asked")
    dialog.get_by_role("button", name=other.t("note.remove-not")).click()
    expect(dialog).to_have_count(0)
    expect(other.note("Lappu 0")).to_be_focused()
    expect(other.notes).to_have_count(7)
    other.page.keyboard.press("Delete")
    dialog.get_by_role("button", name=other.t("note.delete"), exact=True).click()
    expect(other.notes).to_have_count(0)
    expect(other.page.locator("[data-cell]:focus")).to_have_count(1)
    expect(writer.notes).to_have_count(0)
    told = lead.page.locator(".toast", has_text=lead.t("note.vanished", name="Lokki", n=7))
    expect(told).to_be_visible()
    lead.shot("told")
    told.get_by_role("button", name=lead.t("note.bring-these-back")).click()
    lead.sees("Oma", *(f"Lappu {number}" for number in range(6)))
    expect(writer.notes).to_have_count(7)
    expect(told).to_have_count(0)


def test_what_is_brought_back_is_what_vanished_at_once(people: People) -> None:
    lead, writer, other = many(people, 7)
    writer.note("Lappu 6").click()
    writer.page.keyboard.press("Delete")
    expect(other.notes).to_have_count(6)
    choose_all(other)
    other.button("note.delete").last.click()
    told = lead.page.locator(".toast", has_text=lead.t("note.vanished", name="Lokki", n=6))
    told.get_by_role("button", name=lead.t("note.bring-these-back")).click()
    expect(writer.notes).to_have_count(6)
    expect(writer.note("Lappu 6")).to_have_count(0)


def test_few_notes_of_others_and_any_of_ones_own_are_deleted_at_once(people: People) -> None:
    lead, writer, other = many(people, 6)
    choose_all(writer)
    expect(writer.notes).to_have_count(0)
    expect(lead.notes).to_have_count(0)
    writer.page.keyboard.press("Control+z")
    expect(other.notes).to_have_count(6)
    other.note("Lappu 0").click()
    other.page.keyboard.press("Shift+ArrowRight")
    other.page.keyboard.press("Delete")
    expect(other.notes).to_have_count(4)
    expect(lead.notes).to_have_count(4)
    expect(lead.page.locator(".toast")).to_have_count(0)


def test_many_notes_of_others_on_a_phone(people: People) -> None:
    """How the question and the news look there."""
    lead, _, other = many(people, 6)
    lead.page.set_viewport_size({"width": PHONE.width, "height": PHONE.height})
    choose_all(other)
    other.page.set_viewport_size({"width": PHONE.width, "height": PHONE.height})
    other.shot("asked")
    other.button("note.delete").last.click()
    expect(lead.page.locator(".toast")).to_be_visible()
    lead.shot("told")
