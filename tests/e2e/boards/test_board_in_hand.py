"""The board under the hand: moved, fitted and read; and what others do moves nothing of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.support.crowd import crowd
from tests.support.browsers.browser import PHONE, WIDE, Device, People, Person, Workshop

pytestmark = [pytest.mark.xdist_group("e2e-board-in-hand"), pytest.mark.timeout(180)]

CHALLENGES, INSPIRATIONS = "challenges", "inspirations"
LONG = " ".join(f"ajatus{number}" for number in range(120))
NARROW = Device(1024, 768)
Opened = tuple[Person, Workshop, str]


@pytest.fixture
def opened(people: People) -> Opened:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    lead.button("panel.close").click()
    return lead, workshop, lead.board_id(workshop)


def scroll(person: Person) -> list[float]:
    found: list[float] = person.page.locator(".viewport").evaluate(
        "view => [view.scrollLeft, view.scrollTop]"
    )
    return found


def place(person: Person, text: str) -> dict[str, Any]:
    """Where a note is on the screen, and how large."""
    found = person.note(text).evaluate(
        "note => { const {x, y, width} = note.getBoundingClientRect(); return {x, y, width}; }"
    )
    return {key: round(value) for key, value in found.items()}


def middle(person: Person, selector: str) -> tuple[float, float]:
    box = person.page.locator(selector).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_space_and_the_middle_button_move_the_board(opened: Opened) -> None:
    lead, _, board = opened
    crowd(lead, board, {CHALLENGES: 60})
    expect(lead.notes).to_have_count(60)
    x, y = middle(lead, ".viewport")
    mouse, keyboard = lead.page.mouse, lead.page.keyboard
    lead.page.locator(".viewport").focus()
    mouse.move(x, y)
    mouse.down(button="middle")
    mouse.move(x, y - 150, steps=5)
    expect(lead.page.locator(".viewport")).to_have_attribute("data-hand", "closed")
    mouse.up(button="middle")
    assert scroll(lead)[1] == pytest.approx(150, abs=2)
    lead.note(
        "1. Asiakas soittaa kolmannen kerran samasta asiasta, koska vastaus on kahdessa "
        "järjestelmässä."
    ).focus()
    before = scroll(lead)[1]
    keyboard.down(" ")
    expect(lead.page.locator(".viewport")).to_have_attribute("data-hand", "open")
    mouse.move(x, y)
    mouse.down()
    mouse.move(x, y - 100, steps=5)
    mouse.up()
    keyboard.up(" ")
    expect(lead.page.locator(".viewport")).not_to_have_attribute("data-hand", re.compile("."))
    assert scroll(lead)[1] == pytest.approx(before + 100, abs=2)
    # It moved the board, and chose neither the note in focus nor those under the way.
    expect(lead.board.get_by_role("option", selected=True)).to_have_count(0)
    keyboard.press(" ")
    expect(lead.board.get_by_role("option", selected=True)).to_have_count(1)


def test_board_zone_and_selection_fit_and_every_zone_is_a_step_away(opened: Opened) -> None:
    lead, _, board = opened
    crowd(lead, board, {CHALLENGES: 60, INSPIRATIONS: 4})
    expect(lead.notes).to_have_count(64)
    looks = lead.page.get_by_role("button", name=re.compile("^Mitä näkyy"))

    def look(name: str) -> None:
        looks.click()
        lead.page.get_by_role("menuitem", name=name).click()

    look(lead.t("board.fit"))
    for zone in (CHALLENGES, INSPIRATIONS):
        expect(lead.zone(zone)).to_be_in_viewport(ratio=0.95)
    lead.shot("whole")
    lead.note("61. Jono kasvaa maanantaisin.").click()
    look(lead.t("board.look-chosen"))
    expect(lead.note("61. Jono kasvaa maanantaisin.")).to_be_in_viewport(ratio=1)
    assert place(lead, "61. Jono kasvaa maanantaisin.")["width"] > 200
    look(lead.t("board.look-zone"))
    assert lead.zone(INSPIRATIONS).locator(".field").bounding_box()
    lead.shot("zone")
    look(lead.t("board.look-readable"))
    notes = lead.t("board.notes", n=60)
    place_of = lead.t("board.look-at", place=lead.zone_title(CHALLENGES), notes=notes)
    look(place_of)
    expect(lead.board.get_by_role("option").first).to_be_focused()
    expect(lead.board.get_by_role("option").first).to_be_in_viewport(ratio=1)


def test_a_right_click_opens_the_menu_of_the_note_at_the_pointer(opened: Opened) -> None:
    lead, _, _ = opened
    lead.put(CHALLENGES, "Katso https://example.org/ohje.")
    note = lead.note("Katso https://example.org/ohje.")
    box = note.bounding_box()
    assert box
    note.click(button="right", position={"x": 20, "y": box["height"] - 12})
    menu = lead.page.get_by_role("menu", name=lead.t("note.more"))
    expect(menu).to_be_visible()
    shown = menu.bounding_box()
    assert shown
    assert abs(shown["x"] - box["x"] - 20) < 30
    assert abs(shown["y"] - box["y"] - box["height"]) < 40
    lead.shot("menu")
    name = lead.t("note.open-link", host="example.org")
    expect(menu.get_by_role("menuitem", name=name)).to_be_visible()
    lead.page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    note.click(button="right", position={"x": 20, "y": box["height"] - 12})
    menu.get_by_role("menuitem", name=lead.t("note.delete")).click()
    expect(note).to_have_count(0)


def test_addresses_in_a_note_open_a_page_that_learns_nothing(opened: Opened) -> None:
    lead, _, _ = opened
    lead.page.context.route(
        "https://example.org/**",
        lambda route: route.fulfill(body="<p>Ohje</p>", content_type="text/html"),
    )
    text = "Katso https://example.org/ohje, ei javascript:alert(1)"
    lead.put(CHALLENGES, text)
    link = lead.note(text).locator("a")
    expect(link).to_have_count(1)
    with lead.page.context.expect_page() as opening:
        link.click()
    page = opening.value
    expect(page.get_by_text("Ohje")).to_be_visible()
    assert page.evaluate("[window.opener, document.referrer]") == [None, ""]
    expect(lead.editor).to_have_count(0)


def test_a_long_note_is_read_without_writing(opened: Opened) -> None:
    lead, _, _ = opened
    lead.put(CHALLENGES, LONG)
    note = lead.note(LONG)
    before = note.bounding_box()
    assert before
    note.get_by_text(lead.t("note.whole")).click()
    after = note.bounding_box()
    assert after
    assert after["height"] > before["height"] * 1.5
    text = note.locator(".text")
    assert text.evaluate("text => text.scrollHeight <= text.clientHeight + 1")
    expect(lead.editor).to_have_count(0)
    lead.shot("whole")
    note.get_by_text(lead.t("note.less")).click()
    expect(note.get_by_text(lead.t("note.whole"))).to_be_visible()
    # By the menu as well, which keys reach.
    lead.page.keyboard.press("Escape")
    note.focus()
    lead.page.keyboard.press("Shift+F10")
    lead.button("note.more").press("Enter")
    lead.page.get_by_role("menuitem", name=lead.t("note.whole")).press("Enter")
    expect(note.get_by_text(lead.t("note.less"))).to_be_visible()


def test_a_zone_is_put_in_order_in_one_step(opened: Opened) -> None:
    """By keys: what was written first stands first, in rows; and one undo brings it all back."""
    lead, _, board = opened
    scattered = {"Ensimmäinen": (150, 560), "Toinen": (300, 300), "Kolmas": (20, 40)}
    crowd(lead, board, {CHALLENGES: 0}, spots=scattered)
    expect(lead.notes).to_have_count(3)
    before = [place(lead, text) for text in scattered]

    zone = lead.zone_title(CHALLENGES)
    arrange = lead.button("board.tidy", zone=zone)
    arrange.press("Enter")
    menu = lead.page.get_by_role("menu", name=lead.t("board.tidy", zone=zone))
    # One group, no dots, no themes: nothing else tells them apart.
    expect(menu.get_by_role("menuitem")).to_have_text(
        [lead.t("board.tidy-rows"), lead.t("board.tidy-oldest")]
    )
    lead.shot("tidy-menu")
    lead.page.keyboard.press("ArrowDown")
    lead.page.keyboard.press("Enter")
    expect(arrange).to_be_focused()
    lead.page.wait_for_function("document.getAnimations().length === 0")
    first, second, third = (place(lead, text) for text in scattered)
    assert first["y"] == second["y"]
    assert first["x"] < second["x"]
    assert third["y"] > first["y"] or third["x"] > second["x"]
    lead.shot("tidied")
    lead.button("board.undo").click()
    lead.page.wait_for_function("document.getAnimations().length === 0")
    assert [place(lead, text) for text in scattered] == before


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_narrow_zone_is_put_in_order_too(people: People, opened: Opened, language: str) -> None:
    """On a phone its heading has room for the sign, as "add a note" goes without words."""
    lead, workshop, board = opened
    scattered = {"Ensimmäinen": (150, 560), "Toinen": (300, 300)}
    crowd(lead, board, {CHALLENGES: 0}, spots=scattered)
    guest = people("Olli", device=PHONE, language=language)
    guest.join(workshop)
    guest.button("board.view.canvas").tap()
    expect(guest.notes).to_have_count(2)
    zone = guest.zone_title(CHALLENGES)
    guest.button("board.tidy", zone=zone).tap()
    menu = guest.page.get_by_role("menu", name=guest.t("board.tidy", zone=zone))
    rows = menu.get_by_role("menuitem", name=guest.t("board.tidy-rows"))
    expect(rows).to_be_in_viewport(ratio=0.99)
    guest.shot(f"tidy-phone-{language}")
    rows.tap()
    guest.page.wait_for_function("document.getAnimations().length === 0")
    first, second = (place(guest, text) for text in scattered)
    assert first["y"] == second["y"]


def test_what_others_write_moves_nothing_that_one_looks_at(people: People, opened: Opened) -> None:
    """One below the other: what the upper zone grows by is out of sight, and stays there."""
    lead, workshop, board = opened
    crowd(lead, board, {CHALLENGES: 30, INSPIRATIONS: 30})
    guest = people("Olli", device=NARROW)
    guest.join(workshop)
    expect(guest.notes).to_have_count(60)
    text = "45. Uusi lomake on selkeä meille, mutta ei ikäihmisille."
    guest.note(text).scroll_into_view_if_needed()
    guest.page.wait_for_function("document.querySelector('.viewport').scrollTop > 300")
    before = place(guest, text)
    crowd(lead, board, {CHALLENGES: 40}, named="Uusi ", spots={"Kaukana": (1900, 60)})
    expect(guest.notes).to_have_count(101)
    assert place(guest, text) == before
    # What came is told, and shown when asked for.
    told = guest.board.locator(".pill").filter(has_text=guest.t("board.fresh", n=41))
    expect(told).to_be_visible()
    guest.shot("fresh")
    guest.button("board.fresh-show").click()
    expect(guest.board.locator(".note.fresh")).to_have_count(41)
    expect(guest.board.locator(".note.fresh").first).to_be_in_viewport()
    expect(told).to_have_count(0)
    # Side by side it neither moves sideways nor changes its size.
    wide = people("Aino", device=WIDE)
    wide.join(workshop)
    expect(wide.notes).to_have_count(101)
    seen = place(wide, "Kaukana")
    crowd(lead, board, {CHALLENGES: 30}, named="Lisää ", spots={"Kauempana": (2500, 700)})
    expect(wide.notes).to_have_count(132)
    after = place(wide, "Kaukana")
    assert (after["x"], after["width"]) == (seen["x"], seen["width"])
    zones = [wide.zone(zone).bounding_box() for zone in (CHALLENGES, INSPIRATIONS)]
    assert zones[0]
    assert zones[1]
    assert zones[0]["width"] == pytest.approx(zones[1]["width"], abs=1)
