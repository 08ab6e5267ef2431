"""Hands slip, double click and press twice: what they meant happens, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Locator, expect

from tests.support.browsers.browser import LAPTOP, PHONE, WIDE, People, Person

pytestmark = pytest.mark.xdist_group("e2e-hands")

LOW = "Alhaalla"
#: So high a screen has no room for the bar but over the notes; CSS pixels.
NO_ROOM = 220
#: From the dock to the buttons of a bar at the edge; CSS pixels.
BAR_GAP = 13


@pytest.fixture
def lead(people: People) -> Person:
    """A facilitator on the phenomena map, with the panel closed."""
    lead = people("Vetäjä")
    lead.create("Tiimin kehittämispäivä")
    lead.close_dialog()
    lead.button("panel.open").click()
    return lead


def put_low(person: Person, zone: str = "inspirations") -> tuple[float, float]:
    """A note right where *Delete* of a bar at the edge comes up; gives a point on it."""
    person.put(zone, LOW)
    delete = person.button("note.delete").bounding_box()
    dock = person.board.locator(".dock").bounding_box()
    box = person.note(LOW).bounding_box()
    assert delete
    assert dock
    assert box
    at_edge = dock["y"] - BAR_GAP - delete["height"] / 2
    spot = delete["x"] + delete["width"] / 2, max(delete["y"] + delete["height"] / 2, at_edge)
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


@pytest.mark.parametrize("between_ms", [0, 450])  # as slow as a system may let hands be
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


def vanished(lead: Person, count: int) -> str:
    return lead.t("deleted.told", name="Lokki", n=count, board=lead.board_title)


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
    told = lead.page.locator(".toast", has_text=vanished(lead, 7))
    expect(told).to_be_visible()
    lead.shot("told")
    told.get_by_role("button", name=lead.t("deleted.bring")).click()
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
    told = lead.page.locator(".toast", has_text=vanished(lead, 6))
    told.get_by_role("button", name=lead.t("deleted.bring")).click()
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


class Mouse:
    """A mouse whose release may get lost on its way to the page."""

    def __init__(self, person: Person) -> None:
        self.session = person.page.context.new_cdp_session(person.page)

    def send(self, kind: str, x: float, y: float, button: str, buttons: int) -> None:
        event = {"type": kind, "x": x, "y": y, "button": button, "buttons": buttons}
        self.session.send("Input.dispatchMouseEvent", {**event, "clickCount": 1})

    def press(self, x: float, y: float) -> None:
        self.send("mousePressed", x, y, "left", 1)

    def drag(self, x: float, y: float) -> None:
        self.send("mouseMoved", x, y, "left", 1)

    def press_right(self, x: float, y: float) -> None:
        self.send("mousePressed", x, y, "right", 3)

    def move(self, x: float, y: float) -> None:
        """Without any button."""
        self.send("mouseMoved", x, y, "none", 0)


def middle(person: Person, text: str) -> tuple[float, float]:
    box = person.note(text).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def in_hand(person: Person) -> Locator:
    return person.board.locator(".in-hand, .marquee")


def pick_up(person: Person) -> tuple[Mouse, float, float]:
    """Press on the note and drag it somewhere; the button is still down."""
    person.put("challenges", LOW)
    mouse = Mouse(person)
    x, y = middle(person, LOW)
    mouse.press(x, y)
    for step in (20, 60, 100):
        mouse.drag(x + step, y + step)
    expect(in_hand(person)).to_have_count(1)
    return mouse, x + 100, y + 100


def stays(person: Person, mouse: Mouse, x: float, y: float) -> None:
    """Nothing follows the mouse any more."""
    before = middle(person, LOW)
    mouse.move(x + 90, y - 40)
    mouse.move(x + 120, y - 60)
    expect(in_hand(person)).to_have_count(0)
    assert middle(person, LOW) == before


def alert(person: Person) -> None:
    def close(dialog: Dialog) -> None:
        dialog.dismiss()

    person.page.once("dialog", close)
    person.page.evaluate("alert('Tauko')")


def blur(person: Person) -> None:
    person.page.evaluate("window.dispatchEvent(new Event('blur'))")


@pytest.mark.parametrize("interrupt", [None, alert, blur])
def test_a_release_that_nobody_heard_leaves_nothing_on_the_pointer(
    lead: Person, interrupt: Callable[[Person], None] | None
) -> None:
    mouse, x, y = pick_up(lead)
    if interrupt:
        interrupt(lead)
    if interrupt is blur:
        expect(in_hand(lead)).to_have_count(0)
    mouse.move(x, y)
    expect(in_hand(lead)).to_have_count(0)
    stays(lead, mouse, x, y)
    lead.sees_status("saved")


def test_a_menu_that_opens_during_a_drag_puts_back_what_was_dragged(lead: Person) -> None:
    mouse, x, y = pick_up(lead)
    mouse.press_right(x, y)
    expect(in_hand(lead)).to_have_count(0)
    stays(lead, mouse, x, y)


def test_a_press_that_was_let_go_elsewhere_drags_nothing(lead: Person) -> None:
    lead.put("challenges", LOW)
    mouse = Mouse(lead)
    x, y = middle(lead, LOW)
    mouse.press(x, y)
    stays(lead, mouse, x, y)


def test_a_new_press_ends_what_ran(lead: Person) -> None:
    mouse, x, y = pick_up(lead)
    mouse.press(x + 200, y + 100)
    expect(in_hand(lead)).to_have_count(0)
    before = middle(lead, LOW)
    mouse.drag(x + 230, y + 130)  # draws a frame, and drags no note
    expect(lead.board.locator(".marquee")).to_have_count(1)
    assert middle(lead, LOW) == before


def test_what_keys_carry_is_put_down_by_a_press(lead: Person) -> None:
    for text in (LOW, "Toinen"):
        lead.put("challenges", text)
    lead.note(LOW).click()
    lead.page.keyboard.press("Escape")  # by keys from here on
    lead.page.keyboard.press("m")
    lead.page.keyboard.press("ArrowDown")
    expect(in_hand(lead)).to_have_count(1)
    lead.note("Toinen").click()
    expect(in_hand(lead)).to_have_count(0)


def touch(person: Person) -> Callable[..., None]:
    session = person.page.context.new_cdp_session(person.page)

    def send(kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    return send


def test_a_second_finger_that_rests_ends_no_drag(people: People) -> None:
    person = people("Kuovi", device=PHONE)
    person.create("Tiimin kehittämispäivä")
    person.close_dialog()
    person.button("board.view.canvas").tap()
    person.put("challenges", LOW)
    person.note(LOW).tap()
    send = touch(person)
    x, y = middle(person, LOW)
    second = (x + 150, y + 120)
    send("touchStart", (x, y))
    for step in (10, 20, 30):
        send("touchMove", (x + step, y + step))
    send("touchStart", (x + 30, y + 30), second)
    for step in (40, 50, 60):
        send("touchMove", (x + step, y + step), (second[0] + 2, second[1] - 2))
    expect(in_hand(person)).to_have_count(1)
    send("touchMove", (x + 70, y + 70))  # the second one has gone
    expect(in_hand(person)).to_have_count(1)
    send("touchEnd")
    expect(in_hand(person)).to_have_count(0)
    now = middle(person, LOW)
    assert now[0] - x > 50
    assert now[1] - y > 50
