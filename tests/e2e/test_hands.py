"""Hands slip, double click and press twice: what they meant happens, and nothing else does."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.support.browser import LAPTOP, PHONE, People, Person

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
