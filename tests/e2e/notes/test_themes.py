"""Themes: notes put together under a name, by mouse, menu, keyboard and on a phone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, People, Person, Workshop

pytestmark = [pytest.mark.xdist_group("e2e-themes"), pytest.mark.timeout(300)]

TEXTS = ("Tieto katkeaa vuorossa", "Jono kasvaa aamuisin", "Palaverit venyvät")


def theme(person: Person, name: str) -> Locator:
    """The heading of a theme, on the canvas or in the list."""
    starts = person.t("theme.heading", name=name, notes="")
    return person.board.get_by_role("button", name=re.compile(rf"^{re.escape(starts)}\d"))


def frame(person: Person, name: str) -> Locator:
    return theme(person, name).locator("xpath=ancestor::*[@data-theme]")


def drag(person: Person, what: Locator, onto: Locator, *, drop: bool = True) -> None:
    """With the mouse, from the middle of one thing to the middle of the other."""
    start, end = what.bounding_box(), onto.bounding_box()
    assert start is not None
    assert end is not None
    mouse = person.page.mouse
    mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    mouse.down()
    mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=8)
    if drop:
        mouse.up()


def drag_by(person: Person, what: Locator, dx: int, dy: int) -> None:
    """With the mouse; `dx`, `dy`: CSS pixels."""
    start = what.bounding_box()
    assert start is not None
    x, y = start["x"] + start["width"] / 2, start["y"] + start["height"] / 2
    person.page.mouse.move(x, y)
    person.page.mouse.down()
    person.page.mouse.move(x + dx, y + dy, steps=8)
    person.page.mouse.up()


def make_by_dragging(person: Person, one: str, onto: str, name: str) -> None:
    drag(person, person.note(one), person.note(onto))
    field = person.textbox("theme.name")
    expect(field).to_be_focused()
    person.page.keyboard.type(name)
    person.page.keyboard.press("Enter")
    expect(theme(person, name)).to_be_focused()


def board(person: Person, workshop: Workshop) -> dict[str, Any]:
    person.sees_status("saved")
    return dict(person.get(f"/api/boards/{person.board_id(workshop)}")[1])


def opened(people: People, *texts: str) -> tuple[Person, Workshop]:
    """Somebody at a board with these notes in one zone."""
    person = people("Tiira", device=WIDE)
    workshop = person.create("Tiimin kehittämispäivä")
    person.close_dialog()
    for text in texts:
        person.put("challenges", text)
    return person, workshop


def test_a_note_is_dragged_onto_another_into_the_theme_and_out_again(people: People) -> None:
    person, workshop = opened(people, *TEXTS)
    other = people("Lokki", language="en")
    other.join(workshop)
    one, two, three = TEXTS
    drag(person, person.note(one), person.note(two), drop=False)
    expect(person.note(two)).to_contain_text(person.t("theme.drop"))
    person.shot("aimed-at-a-note")
    person.page.mouse.up()
    expect(person.textbox("theme.name")).to_be_focused()
    # Before it has a name, everybody reads in their own language that it has none.
    expect(theme(other, other.t("theme.unnamed"))).to_be_visible()
    person.page.keyboard.type("Kiire")
    person.shot("naming")
    person.page.keyboard.press("Enter")
    expect(theme(person, "Kiire")).to_be_focused()
    expect(theme(other, "Kiire")).to_be_visible()
    drag(person, person.note(three), theme(person, "Kiire"), drop=False)
    expect(frame(person, "Kiire")).to_contain_text(person.t("theme.drop-into"))
    person.page.mouse.up()
    expect(frame(person, "Kiire")).to_contain_text("3")
    other.shot("theme-of-three")
    expect(other.note(three)).to_have_attribute(
        "aria-label", re.compile(re.escape(other.t("theme.of-note", name="Kiire")))
    )
    drag_by(person, person.note(one), 0, 420)
    expect(frame(other, "Kiire")).to_contain_text("2")
    found = board(person, workshop)
    assert [each["name"] for each in found["themes"]] == ["Kiire"]
    by_text = {note["text"]: note for note in found["notes"]}
    assert by_text[one]["theme"] is None
    assert by_text[one]["position"] is not None
    assert by_text[two]["theme"] == by_text[three]["theme"] == found["themes"][0]["id"]
    person.shot("one-out")


def test_a_theme_moves_as_one_and_is_taken_apart_where_it_stands(people: People) -> None:
    person, workshop = opened(people, *TEXTS)
    make_by_dragging(person, TEXTS[0], TEXTS[1], "Kiire")
    drag(person, theme(person, "Kiire"), person.zone("inspirations"))
    in_zone = person.zone("inspirations")
    for text in TEXTS[:2]:
        expect(in_zone.locator(".note", has_text=text)).to_have_count(1)
    expect(person.page.get_by_role("dialog")).to_have_count(0)  # it was dragged, not pressed
    person.shot("moved")
    assert {each["zone"] for each in board(person, workshop)["themes"]} == {"inspirations"}
    theme(person, "Kiire").click()
    person.shot("theme-menu")
    person.button("theme.apart").click()
    expect(theme(person, "Kiire")).to_have_count(0)
    assert all(each["theme"] is None for each in board(person, workshop)["notes"])
    for text in TEXTS[:2]:
        expect(in_zone.locator(".note", has_text=text)).to_have_count(1)
    toast = person.page.locator(".toast", has_text=person.t("theme.taken-apart", name="Kiire"))
    toast.get_by_role("button", name=person.t("board.undo")).click()
    expect(theme(person, "Kiire")).to_be_focused()
    for _ in range(2):  # back from the toast's own step, and from taking it apart
        person.page.keyboard.press("Control+z")
    expect(theme(person, "Kiire")).to_be_visible()


def test_all_of_it_by_keyboard(people: People) -> None:
    person, workshop = opened(people, *TEXTS)
    keys = person.page.keyboard
    expect(person.note(TEXTS[2])).to_be_focused()
    keys.press("Control+a")
    keys.press("t")
    dialog = person.page.get_by_role("dialog", name=person.t("theme.choose"))
    person.shot("dialog-new")
    dialog.get_by_role("textbox").fill("Arki")
    keys.press("Enter")
    expect(dialog).to_have_count(0)
    expect(theme(person, "Arki")).to_be_visible()
    expect(person.page.locator(".note:focus")).to_have_count(1)
    keys.press("t")
    dialog.get_by_role("button", name=person.t("theme.take-out")).click()
    expect(frame(person, "Arki")).to_contain_text("2")
    keys.press("t")
    dialog.get_by_role("button", name=re.compile("^Arki")).click()
    expect(frame(person, "Arki")).to_contain_text("3")
    theme(person, "Arki").focus()
    keys.press("F2")
    expect(person.textbox("theme.name")).to_have_value("Arki")
    keys.type("n kiire")
    keys.press("Escape")
    expect(theme(person, "Arkin kiire")).to_be_focused()
    before = board(person, workshop)["themes"][0]["position"]
    keys.press("m")
    for _ in range(3):
        keys.press("Shift+ArrowDown")
    keys.press("Enter")
    expect(theme(person, "Arkin kiire")).to_be_focused()
    x, y = before
    assert board(person, workshop)["themes"][0]["position"] == [x, y + 150]
    keys.press("Delete")
    expect(theme(person, "Arkin kiire")).to_have_count(0)
    expect(person.page.locator(".note:focus")).to_have_count(1)
    keys.press("Control+z")
    expect(theme(person, "Arkin kiire")).to_be_visible()


def test_on_a_phone_a_theme_is_a_heading_with_its_notes_as_one_list(people: People) -> None:
    lead, workshop = opened(people, *TEXTS)
    phone = people("Kuovi", language="sv", device=PHONE)
    phone.join(workshop)
    phone.button("note.more-named", note=TEXTS[0]).click()
    phone.button("theme.put").click()
    phone.page.get_by_role("dialog").get_by_role("textbox").fill("Brådska")
    phone.button("theme.make").click()
    expect(theme(lead, "Brådska")).to_be_visible()
    phone.button("note.more-named", note=TEXTS[1]).click()
    phone.button("theme.put").click()
    phone.shot("dialog")
    phone.page.get_by_role("dialog").get_by_role("button", name=re.compile("^Brådska")).click()
    region = phone.page.get_by_role("region", name="Brådska", exact=True)
    expect(region.get_by_role("heading", level=3)).to_be_visible()
    expect(region.get_by_role("listitem")).to_have_count(2)
    expect(
        phone.board.get_by_role("heading", level=3, name=phone.t("list.other-notes"))
    ).to_be_visible()
    phone.shot("list", full=True)
    theme(phone, "Brådska").click()
    phone.shot("menu")
    phone.button("theme.rename").click()
    expect(phone.textbox("theme.name")).to_be_focused()
    phone.page.keyboard.type(" i vardagen")
    phone.page.keyboard.press("Enter")
    expect(theme(lead, "Brådska i vardagen")).to_be_visible()
    theme(phone, "Brådska i vardagen").click()
    phone.page.get_by_role("dialog").get_by_role(
        "button", name=phone.zone_title("inspirations")
    ).click()
    expect(theme(phone, "Brådska i vardagen")).to_be_focused()
    expect(lead.zone("inspirations").locator(".note")).to_have_count(2)
    lead.shot("made-on-a-phone")


def test_two_people_at_once(people: People) -> None:
    """One moves the theme while the other writes its name and adds a note: nothing is lost."""
    one, workshop = opened(people, *TEXTS)
    two = people("Lokki", language="en", device=WIDE)
    two.join(workshop)
    make_by_dragging(one, TEXTS[0], TEXTS[1], "Kiire")
    theme(two, "Kiire").focus()
    two.page.keyboard.press("F2")
    expect(two.textbox("theme.name")).to_be_focused()
    expect(frame_of(one)).to_contain_text("Lokki")
    one.page.keyboard.press("m")
    one.page.keyboard.press("Shift+ArrowRight")
    two.page.keyboard.type(" ja jonot")
    one.page.keyboard.press("Enter")
    two.page.keyboard.press("Enter")
    drag(two, two.note(TEXTS[2]), theme(two, "Kiire ja jonot"))
    for person in (one, two):
        expect(theme(person, "Kiire ja jonot")).to_be_visible()
        expect(frame_of(person)).to_contain_text("3")
        assert person.texts() == sorted(TEXTS)
    one.page.keyboard.press("Control+z")  # one's own move, and nothing of the other's
    expect(frame_of(two)).to_contain_text("3")
    expect(theme(one, "Kiire ja jonot")).to_be_visible()


def test_in_a_cell_of_a_grid_the_heading_has_the_room_it_needs(people: People) -> None:
    person = people("Tiira", language="en", device=WIDE)
    person.create("Team day")
    person.close_dialog()
    actions.go(person, "change")
    cell = person.page.get_by_role("region", name="Customers – From", exact=True)
    cell.get_by_role("button", name=person.t("board.add")).click()
    person.write(TEXTS[0])
    person.done()
    for text in TEXTS[1:]:
        person.page.keyboard.press("n")
        person.write(text)
        person.done()
    person.page.keyboard.press("Control+a")
    person.page.keyboard.press("t")
    name = "Waiting and asking again, with a name that takes more than one line"
    person.page.get_by_role("dialog").get_by_role("textbox").fill(name)
    person.page.keyboard.press("Enter")
    expect(cell.get_by_role("heading", level=4)).to_have_count(1)
    person.shot("in-a-cell")
    heading = theme(person, name).locator(".name").bounding_box()
    notes = [box for box in map(Locator.bounding_box, cell.locator(".note").all()) if box]
    assert heading is not None
    assert len(notes) == 3
    assert all(heading["y"] + heading["height"] <= note["y"] for note in notes)


def frame_of(person: Person) -> Locator:
    return person.board.locator("[data-theme]")


def test_groups_bring_their_themes_home_as_one(people: People) -> None:
    lead, workshop = opened(people, TEXTS[0])
    one, two = people("Kurki", device=WIDE), people("Kuovi", device=WIDE)
    for person in (one, two):
        person.join(workshop)
    actions.panel_tab(lead, "groups")
    lead.button("breakout.start").click()
    for person, name in ((one, "Arki"), (two, "Ilo")):
        mine = person.t("workshop.my_group", name="@").partition("@")[0]
        expect(person.page.get_by_text(mine).first).to_be_visible()
        person.sees_status("saved")
        person.put("inspirations", f"Eka {name}")
        person.put("inspirations", f"Toka {name}")
        make_by_dragging(person, f"Eka {name}", f"Toka {name}", name)
        person.sees_status("saved")
    lead.shot("groups-with-themes")
    lead.button("merge.merge").click()
    lead.shot("merged")
    for name in ("Arki", "Ilo"):
        expect(theme(lead, name)).to_be_visible()
        expect(frame(lead, name)).to_contain_text("2")
    found = board(lead, workshop)
    assert sorted(each["name"] for each in found["themes"]) == ["Arki", "Ilo"]
    assert len(found["notes"]) == 5
