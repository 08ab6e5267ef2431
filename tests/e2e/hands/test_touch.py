"""By finger: the list comes first on a phone; the board pans, chooses, drags and zooms."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from playwright.sync_api import CDPSession, expect

from tests.support.browsers.browser import PHONE, People, Person, Workshop

pytestmark = pytest.mark.xdist_group("e2e-touch")

Point = tuple[float, float]


class Fingers:
    """Touches the glass itself, below everything that a page could fake."""

    def __init__(self, person: Person) -> None:
        self.page = person.page
        self.session: CDPSession = person.page.context.new_cdp_session(person.page)

    def _send(self, kind: str, points: Sequence[Point]) -> None:
        touches = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(points)]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def move(self, *ways: tuple[Point, Point], steps: int = 12) -> None:
        """Every finger goes its own way, from and to, all at the same time."""
        self._send("touchStart", [start for start, _ in ways])
        for step in range(1, steps + 1):
            part = step / steps
            points = [(x0 + (x1 - x0) * part, y0 + (y1 - y0) * part) for (x0, y0), (x1, y1) in ways]
            self._send("touchMove", points)
        self._send("touchEnd", [])


@pytest.fixture
def workshop(people: People) -> Workshop:
    """One with notes enough to scroll over."""
    lead = people("Vetäjä")
    workshop = lead.create("Tiimin kehittämispäivä")
    lead.close_dialog()
    for number in range(4):
        lead.put("challenges", f"Haaste {number}")
    lead.sees_status("saved")
    return workshop


@pytest.fixture
def person(people: People, workshop: Workshop) -> Person:
    person = people("Kuovi", device=PHONE)
    person.join(workshop)
    person.sees("Haaste 3")
    return person


def to_canvas(person: Person) -> None:
    person.button("board.view.canvas").tap()
    expect(person.board.locator(".viewport")).to_be_visible()
    expect(person.board.locator("[data-note]")).to_have_count(4)


def scroll(person: Person) -> Point:
    x, y = person.board.locator(".viewport").evaluate("v => [v.scrollLeft, v.scrollTop]")
    return x, y


def middle(person: Person, text: str) -> Point:
    box = person.note(text).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def place(person: Person, text: str) -> str:
    return str(person.note(text).evaluate("note => note.style.transform"))


def test_the_list_comes_first_and_does_it_all(person: Person) -> None:
    expect(person.board.locator(".viewport")).to_have_count(0)
    person.shot("list")
    person.add("inspirations", "Puhelimesta")
    person.button("list.next").tap()  # straight on to the next thought
    person.write("Ja toinen")
    person.button("note.done").tap()
    person.sees("Puhelimesta", "Ja toinen")
    person.button("note.more-named", note="Puhelimesta").tap()
    dialog = person.page.get_by_role("dialog")
    person.shot("note-menu")
    dialog.get_by_role("button", name=person.zone_title("challenges")).tap()
    expect(person.zone("challenges").locator("[data-note-id]")).to_have_count(5)
    person.button("note.more-named", note="Ja toinen").tap()
    dialog.get_by_role("button", name=person.t("note.delete")).tap()
    expect(person.note("Ja toinen")).to_have_count(0)
    person.page.locator(".toast").get_by_role("button", name=person.t("board.undo")).tap()
    person.sees("Ja toinen")
    person.sees_status("saved")


def test_the_choice_of_view_is_kept(person: Person) -> None:
    to_canvas(person)
    person.page.reload()
    expect(person.board.locator(".viewport")).to_be_visible()
    person.button("board.view.list").tap()
    expect(person.board.locator(".viewport")).to_have_count(0)


def test_one_finger_pans_even_where_it_starts_on_a_note(person: Person) -> None:
    to_canvas(person)
    for _ in range(3):  # closer, so that there is something to pan over
        person.button("board.zoom-in").tap()
    person.board.locator(".viewport").evaluate("v => v.scrollTo(0, 0)")
    before = place(person, "Haaste 0")
    x, y = middle(person, "Haaste 0")
    Fingers(person).move(((x, y), (x, y - 150)))
    person.page.wait_for_function("document.querySelector('.viewport').scrollTop > 60")
    assert place(person, "Haaste 0") == before
    expect(person.page.get_by_role("option", selected=True)).to_have_count(0)


def test_a_tap_chooses_and_then_the_finger_drags(person: Person) -> None:
    to_canvas(person)
    before, still = place(person, "Haaste 1"), scroll(person)
    person.note("Haaste 1").tap()
    expect(person.note("Haaste 1")).to_have_attribute("aria-selected", "true")
    person.shot("chosen")
    x, y = middle(person, "Haaste 1")
    Fingers(person).move(((x, y), (x + 20, y + 60)))
    person.page.wait_for_function(
        "([id, was]) => document.getElementById(id).style.transform !== was",
        arg=[person.note("Haaste 1").get_attribute("id"), before],
    )
    assert scroll(person) == still
    person.sees_status("saved")
    moved = place(person, "Haaste 1")
    person.page.reload()
    person.sees("Haaste 1")
    assert place(person, "Haaste 1") == moved


def test_two_fingers_zoom_the_board_and_not_the_page(person: Person) -> None:
    to_canvas(person)
    scale = "new DOMMatrix(getComputedStyle(document.querySelector('.world')).transform).a"
    before = person.page.evaluate(scale)
    Fingers(person).move(((160, 350), (100, 300)), ((200, 390), (280, 460)))
    person.page.wait_for_function(f"{scale} > {before} * 1.5")
    assert person.page.evaluate("visualViewport.scale") == 1
    person.shot("zoomed")


def test_the_keyboard_of_the_phone_leaves_the_note_in_sight(person: Person) -> None:
    """Half of the screen goes to the keys: what one writes stays visible above them."""
    person.page.set_viewport_size({"width": PHONE.width, "height": 370})
    person.add("inspirations", "Näkyykö")
    expect(person.editor).to_be_in_viewport(ratio=0.99)
    expect(person.button("note.done")).to_be_in_viewport(ratio=0.99)
    person.shot("short-screen")
    person.button("note.done").tap()
    person.sees("Näkyykö")


def test_keys_that_come_up_while_one_writes_leave_the_note_in_sight(person: Person) -> None:
    person.add("inspirations", "Näkyykö")
    person.page.set_viewport_size({"width": PHONE.width, "height": 370})
    expect(person.editor).to_be_in_viewport(ratio=0.99)
    expect(person.button("note.done")).to_be_in_viewport(ratio=0.99)


def test_messages_do_not_cover_what_one_reaches_for(person: Person) -> None:
    to_canvas(person)
    person.note("Haaste 1").tap()
    person.button("note.delete").tap()
    person.note("Haaste 2").tap()
    toast = person.page.locator(".toast").bounding_box()
    bar = person.page.get_by_role("toolbar").bounding_box()
    assert toast
    assert bar
    assert toast["y"] + toast["height"] <= bar["y"]
    person.shot("message-and-actions")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_guide_is_at_hand_on_a_phones_canvas(
    people: People, workshop: Workshop, language: str
) -> None:
    person = people("Kuovi", device=PHONE, language=language)
    person.join(workshop)
    to_canvas(person)
    guide = person.button("board.guide")
    person.shot(f"guide-{language}")
    guide.tap()
    expect(person.page.get_by_role("dialog")).to_contain_text(person.t("board.principles"))
    dock = person.board.locator(".dock")
    assert dock.evaluate("dock => dock.scrollWidth <= dock.clientWidth")


def test_the_caret_of_a_long_note_stays_above_the_sheet(person: Person) -> None:
    """The note is taller than what is seen of the board; the caret is what one looks at."""
    to_canvas(person)
    person.note("Haaste 3").tap()
    person.button("note.edit").tap()
    expect(person.editor).to_be_focused()
    person.page.keyboard.press("End")
    for number in range(24):
        person.page.keyboard.insert_text(f"\nrivi {number}")
        bar = person.page.locator(".note-bar").bounding_box()
        assert bar
        person.page.wait_for_function(
            """top => {
                const field = document.activeElement.getBoundingClientRect();
                return field.bottom <= top && field.bottom > 0;
            }""",
            arg=bar["y"],
        )
    person.shot("caret-at-the-end")
    person.page.keyboard.press("Control+Home")
    person.page.wait_for_function(
        """() => {
            const field = document.activeElement.getBoundingClientRect();
            const view = document.querySelector('.viewport').getBoundingClientRect();
            return field.top >= view.top && field.top < view.bottom - 100;
        }"""
    )
    person.shot("caret-at-the-start")


def test_a_long_press_opens_the_menu_of_a_note(person: Person) -> None:
    to_canvas(person)
    box = person.note("Haaste 1").bounding_box()
    assert box
    fingers = Fingers(person)
    fingers._send("touchStart", [(box["x"] + 60, box["y"] + 30)])
    menu = person.page.get_by_role("menu", name=person.t("note.more"))
    expect(menu).to_be_visible()
    fingers._send("touchEnd", [])
    person.shot("long-press")
    menu.get_by_role("menuitem", name=person.t("note.delete")).tap()
    expect(person.note("Haaste 1")).to_have_count(0)


def test_a_pen_chooses_carries_and_writes(person: Person) -> None:
    to_canvas(person)
    session = person.page.context.new_cdp_session(person.page)

    def pen(kind: str, at: Point, clicks: int = 1) -> None:
        down = 0 if kind == "mouseReleased" else 1
        event = {"type": kind, "x": at[0], "y": at[1], "button": "left", "buttons": down}
        session.send(
            "Input.dispatchMouseEvent", {**event, "clickCount": clicks, "pointerType": "pen"}
        )

    start = middle(person, "Haaste 1")
    pen("mousePressed", start)
    pen("mouseReleased", start)
    expect(person.note("Haaste 1")).to_have_attribute("aria-selected", "true")
    before = place(person, "Haaste 1")
    x, y = middle(person, "Haaste 1")
    pen("mousePressed", (x, y))
    for step in range(1, 9):
        pen("mouseMoved", (x + 3 * step, y + 8 * step))
    pen("mouseReleased", (x + 24, y + 64))
    expect(person.note("Haaste 1")).not_to_have_css("transform", "none")
    assert place(person, "Haaste 1") != before
    person.sees_status("saved")
    for clicks in (1, 2):
        at = middle(person, "Haaste 0")
        pen("mousePressed", at, clicks)
        pen("mouseReleased", at, clicks)
    expect(person.editor).to_be_focused()
