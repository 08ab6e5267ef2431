"""While one writes: others take the note away, and hands go on for a moment all the same."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

from tests.e2e.support import actions
from tests.support.browsers.browser import LAPTOP, PHONE, People, Person, Workshop

pytestmark = pytest.mark.xdist_group("e2e-hands-writing")

KEPT = "Kesken jää"
#: What runs a shortcut or presses a button where no field takes it.
KEYS = ["n", "Delete", " ", "Enter", "m", "d", "Backspace", "t", "Control+d", "Control+a", "Delete"]
PATIENCE_S = 20.0


@pytest.fixture
def room(people: People) -> tuple[Workshop, Person, Person]:
    """A workshop, who leads it, and one who writes there."""
    lead = people("Vetäjä")
    workshop = lead.create("Tiimin kehittämispäivä")
    lead.close_dialog()
    person = people("Tiira", permissions=["clipboard-read", "clipboard-write"])
    person.join(workshop)
    return workshop, lead, person


def write_on_until_it_is_gone(person: Person) -> None:
    """Hands that do not look: letters go on while the field vanishes, and after."""
    until = time.monotonic() + PATIENCE_S
    while person.editor.count() > 0:
        person.page.keyboard.press("n")
        assert time.monotonic() < until, "the note stayed open"
    for key in KEYS:
        person.page.keyboard.press(key)


def begin(person: Person, lead: Person) -> None:
    for text in ("Naapuri", KEPT):
        person.put("challenges", text)
    lead.sees("Naapuri", KEPT)
    person.edit(KEPT)


def copied(person: Person) -> str:
    kept = person.page.locator(".asides")
    kept.get_by_role("button", name=person.t("aside.copy")).click()
    expect(person.page.locator(".toast", has_text=person.t("app.copied"))).to_be_visible()
    return str(person.page.evaluate("navigator.clipboard.readText()"))


def test_letters_for_a_note_that_another_deleted_do_nothing_else(
    room: tuple[Workshop, Person, Person],
) -> None:
    _, lead, person = room
    begin(person, lead)
    lead.note(KEPT).click()
    lead.button("note.delete").click()
    write_on_until_it_is_gone(person)
    expect(person.notes).to_have_count(1)
    person.sees("Naapuri")
    expect(person.page.get_by_role("dialog")).to_have_count(0)
    person.shot("kept")
    person.page.set_viewport_size({"width": PHONE.width, "height": PHONE.height})
    person.shot("kept-phone")
    person.page.set_viewport_size({"width": LAPTOP.width, "height": LAPTOP.height})
    assert re.fullmatch(rf"{KEPT}n*", copied(person))
    person.note("Naapuri").click()  # and now the keys are commands again
    person.page.keyboard.press("Delete")
    expect(person.notes).to_have_count(0)


def test_letters_for_a_board_that_was_locked_do_nothing_else(
    room: tuple[Workshop, Person, Person],
) -> None:
    workshop, lead, person = room
    begin(person, lead)
    lock = {"locks": {person.board_id(workshop): True}}
    assert lead.call("PATCH", f"/api/workshops/{workshop.id}", lock)[0] == 200
    write_on_until_it_is_gone(person)
    expect(person.notes).to_have_count(2)
    expect(person.page.get_by_role("option", selected=True)).to_have_count(1)
    person.shot("locked")
    assert copied(person).startswith(KEPT)


def test_letters_for_a_group_that_was_called_back_do_nothing_else(
    room: tuple[Workshop, Person, Person],
) -> None:
    """Gathered and closed: the person is led to the shared board, and writes nothing there."""
    workshop, lead, person = room
    board = lead.board_id(workshop)
    path = f"/api/workshops/{workshop.id}/breakouts"
    breakout = lead.call("POST", path, {"board": board, "groups": 1})[1]["id"]
    person.double_click("challenges", 300, 300, KEPT)
    person.sees_status("saved")
    assert lead.call("POST", f"/api/breakouts/{breakout}/close", {"gather": True})[0] == 200
    write_on_until_it_is_gone(person)
    expect(lead.notes.filter(has_text=KEPT)).to_have_count(1)
    expect(lead.notes).to_have_count(1)
    expect(person.notes.filter(has_text=KEPT)).to_have_count(1)
    expect(person.notes).to_have_count(1)
    person.shot("called-back")
    assert copied(person).startswith(KEPT)


def test_undo_while_writing_takes_back_words_and_nothing_else(
    room: tuple[Workshop, Person, Person],
) -> None:
    _, lead, person = room
    person.put("challenges", "Naapuri")
    person.note("Naapuri").click()
    person.page.get_by_role("radio", name=person.t("note.color.blue")).click()
    person.add("challenges", "yksi kaksi kolme")
    person.page.keyboard.press("Control+z")
    expect(person.editor).to_have_value("yksi kaksi ")
    for _ in range(4):
        person.page.keyboard.press("Control+z")
    expect(person.editor).to_have_value("")
    expect(person.note("Naapuri")).to_have_attribute("data-color", "blue")
    for _ in range(4):
        person.page.keyboard.press("Control+y")
    expect(person.editor).to_have_value("yksi kaksi kolme")
    person.done()
    lead.sees("Naapuri", "yksi kaksi kolme")
    person.page.keyboard.press("Control+z")  # on the board it is one step
    expect(person.note("yksi kaksi kolme")).to_have_count(0)
    person.sees("Naapuri")


def test_undo_in_an_answer_takes_back_what_was_typed_there(
    room: tuple[Workshop, Person, Person],
) -> None:
    _, _, person = room
    person.put("challenges", "Lappu")
    actions.go(person, "synthesis")
    fields = person.board.locator(".answer textarea")
    fields.first.click()
    person.page.keyboard.type("ensimmäinen vastaus")
    fields.nth(1).click()
    person.page.keyboard.type("toinen")
    for _ in range(3):
        person.page.keyboard.press("Control+z")
    expect(fields.nth(1)).to_have_value("")
    expect(fields.first).to_have_value("ensimmäinen vastaus")


def test_ctrl_enter_ends_a_note_and_begins_the_next(
    room: tuple[Workshop, Person, Person],
) -> None:
    _, lead, person = room
    person.add("challenges", "Yksi")
    for text in ("Kaksi", "Kolme"):
        person.page.keyboard.press("Control+Enter")
        expect(person.editor).to_have_value("")
        person.write(text)
    person.done()
    lead.sees("Yksi", "Kaksi", "Kolme")
    person.button("board.view.list").click()
    person.add("inspirations", "Neljä")
    person.page.keyboard.press("Control+Enter")
    expect(person.editor).to_have_value("")
    person.page.keyboard.press("Control+Enter")  # nothing was written: that was all
    expect(person.editor).to_have_count(0)
    lead.sees("Neljä")
    expect(lead.notes).to_have_count(4)
    person.button("board.view.canvas").click()
    person.button("board.keys").click()
    expect(person.page.get_by_role("dialog")).to_contain_text(person.t("board.key.next"))
    person.shot("keys")


def test_a_dialog_stays_where_a_selection_ends_beside_it(
    room: tuple[Workshop, Person, Person],
) -> None:
    _, _, person = room
    person.put("challenges", "Lappu")
    person.page.keyboard.press("t")
    dialog = person.page.get_by_role("dialog")
    field = dialog.get_by_role("textbox")
    field.fill("Teeman nimi")
    box, sheet = field.bounding_box(), dialog.bounding_box()
    assert box
    assert sheet
    inside = box["x"] + 40, box["y"] + box["height"] / 2
    outside = sheet["x"] - 60, box["y"]
    for start, end in ((inside, outside), (outside, inside)):
        person.page.mouse.move(*start)
        person.page.mouse.down()
        person.page.mouse.move(*end, steps=4)
        person.page.mouse.up()
        expect(dialog).to_be_visible()
        expect(field).to_have_value("Teeman nimi")
    person.page.mouse.click(*outside)
    expect(dialog).to_have_count(0)
