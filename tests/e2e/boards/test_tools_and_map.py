"""The tools stand at what is chosen, and a large board is shown small in its corner."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FloatRect, Locator, expect

from tests.e2e.support.crowd import crowd
from tests.support.browsers.browser import WIDE, People, Person

pytestmark = [pytest.mark.xdist_group("e2e-tools-and-map"), pytest.mark.timeout(180)]

CHALLENGES, INSPIRATIONS = "challenges", "inspirations"
SPOTS = {"Ylhäällä": (20, 10), "Keskellä": (280, 220), "Alhaalla": (540, 470)}
TOOLS_PX = 480  # of a screen, so that they lie over few notes
NEAR_PX = 40  # from a note to its tools
Opened = tuple[Person, str]


@pytest.fixture
def opened(people: People) -> Opened:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    lead.button("panel.close").click()
    return lead, lead.board_id(workshop)


def tools(person: Person) -> Locator:
    return person.page.get_by_role("toolbar", name=person.t("note.actions"))


def box_of(what: Locator) -> FloatRect:
    box = what.bounding_box()
    assert box
    return box


def gap(one: FloatRect, other: FloatRect) -> float:
    """From one to the other, downwards; negative where they overlap."""
    below = other["y"] - one["y"] - one["height"]
    above = one["y"] - other["y"] - other["height"]
    return max(below, above)


def test_tools_stand_at_the_note_and_cover_neither_it_nor_a_heading(opened: Opened) -> None:
    lead, board = opened
    crowd(lead, board, {CHALLENGES: 0}, spots=SPOTS)
    heading = box_of(lead.zone(CHALLENGES).locator("header"))
    for text in SPOTS:
        note = lead.note(text)
        note.click()
        bar, box = box_of(tools(lead)), box_of(note)
        assert 0 < gap(bar, box) < NEAR_PX, text
        assert bar["y"] > heading["y"] + heading["height"]
        assert bar["width"] < TOOLS_PX
        assert bar["x"] >= 0
        assert bar["x"] + bar["width"] <= WIDE.width
    lead.shot("below")
    lead.note("Keskellä").click()
    lead.shot("above")
    # Menus open where there is room, and keys reach the tools as ever.
    lead.page.keyboard.press("Shift+F10")
    expect(lead.button("note.edit")).to_be_focused()
    for text in ("Ylhäällä", "Alhaalla"):
        lead.note(text).click()
        lead.button("note.more").click()
        expect(lead.page.get_by_role("menuitem").last).to_be_in_viewport(ratio=1)
        expect(lead.page.get_by_role("menuitem").first).to_be_in_viewport(ratio=1)
        lead.page.keyboard.press("Escape")


def test_tools_are_at_all_that_is_chosen_and_away_while_it_is_carried(opened: Opened) -> None:
    lead, board = opened
    crowd(lead, board, {CHALLENGES: 0}, spots=SPOTS)
    lead.note("Keskellä").click()
    lead.note("Alhaalla").click(modifiers=["Shift"])
    bar = box_of(tools(lead))
    assert gap(bar, box_of(lead.note("Keskellä"))) > 0
    assert gap(bar, box_of(lead.note("Alhaalla"))) > 0
    lead.page.keyboard.press("Escape")
    note = lead.note("Keskellä")
    note.click()
    box = box_of(note)
    mouse = lead.page.mouse
    mouse.move(box["x"] + 100, box["y"] + 40)
    mouse.down()
    mouse.move(box["x"] + 160, box["y"] + 120, steps=4)
    expect(lead.board.locator(".note-bar")).not_to_be_visible()
    mouse.up()
    assert 0 < gap(box_of(tools(lead)), box_of(note)) < NEAR_PX
    # While one writes they are at the edge, where they cover nothing.
    note.dblclick()
    expect(lead.editor).to_be_focused()
    assert box_of(tools(lead))["y"] > WIDE.height * 0.8


def test_tools_go_along_when_the_board_is_scrolled(opened: Opened) -> None:
    lead, board = opened
    crowd(lead, board, {CHALLENGES: 60})
    expect(lead.notes).to_have_count(60)
    note = lead.notes.nth(8)
    note.click()
    before = box_of(note)["y"]
    lead.page.mouse.wheel(0, 60)
    expect(lead.board.locator(".viewport")).to_have_js_property("scrollTop", 60)
    assert box_of(note)["y"] == pytest.approx(before - 60, abs=2)
    assert 0 < gap(box_of(tools(lead)), box_of(note)) < NEAR_PX
    # Out of sight, its tools are where they can be reached.
    lead.page.mouse.wheel(0, 1200)
    expect(note).not_to_be_in_viewport()
    expect(tools(lead)).to_be_in_viewport(ratio=1)


def test_a_large_board_is_shown_small_and_a_press_leads_there(opened: Opened) -> None:
    lead, board = opened
    small = lead.page.locator(".minimap")
    crowd(lead, board, {CHALLENGES: 3})
    expect(lead.notes).to_have_count(3)
    expect(small).to_have_count(0)
    crowd(lead, board, {CHALLENGES: 150, INSPIRATIONS: 20}, named="Vielä ")
    expect(lead.notes).to_have_count(173)
    expect(small).to_be_visible()
    picture = small.locator("canvas")
    drawn = """canvas => {
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const colors = new Set();
        for (let i = 0; i < data.length; i += 4) colors.add(data.slice(i, i + 3).join());
        return colors.size;
    }"""
    assert picture.evaluate(drawn) >= 6  # two zones, and notes of five colours
    lead.shot("map")
    view = lead.board.locator(".viewport")
    seen = box_of(small.locator(".seen"))
    box = box_of(small)
    lead.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.8)
    expect(view).not_to_have_js_property("scrollTop", 0)
    assert box_of(small.locator(".seen"))["y"] > seen["y"] + 10
    expect(lead.board.get_by_role("option").last).not_to_be_focused()
    expect(lead.board.get_by_role("option", selected=True)).to_have_count(0)
    # Dragged, the board goes along; and it can be put away, for good.
    lead.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.8)
    lead.page.mouse.down()
    lead.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 2, steps=4)
    lead.page.mouse.up()
    expect(view).to_have_js_property("scrollTop", 0)
    look = lead.page.get_by_role("button", name=re.compile("^Mitä näkyy"))
    look.click()
    lead.page.get_by_role("menuitem", name=lead.t("board.minimap-hide")).click()
    expect(small).to_have_count(0)
    lead.page.reload()
    expect(lead.notes).to_have_count(173)
    look.click()
    lead.page.get_by_role("menuitem", name=lead.t("board.minimap-show")).click()
    expect(small).to_be_visible()
