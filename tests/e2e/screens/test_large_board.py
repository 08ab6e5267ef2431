"""A thousand notes: what is out of sight is there for searching and for keys, and costs little."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.support.crowd import crowd
from tests.support.browsers.browser import WIDE, People

pytestmark = [pytest.mark.xdist_group("e2e-large-board"), pytest.mark.timeout(300)]

NOTES = 1_000
MOST_NODES = 10_000  # 18,900 when every note was drawn in full
MOST_IN_FULL = 150
MOST_LISTED_NODES = 8_000  # 84,000 when every row was drawn in full

COUNT = """selector => {
    const board = document.querySelector(selector);
    const walker = document.createTreeWalker(board, NodeFilter.SHOW_ALL);
    let nodes = 0;
    while (walker.nextNode()) nodes += 1;
    return nodes;
}"""

NONE_AFAR_IN_SIGHT = """() => {
    const view = document.querySelector('.viewport').getBoundingClientRect();
    return [...document.querySelectorAll('.note.afar')].every(note => {
        const { top, bottom } = note.getBoundingClientRect();
        return bottom < view.top || top > view.bottom;
    });
}"""


def test_a_thousand_notes_are_there_and_few_are_drawn(people: People) -> None:
    person = people("Tiira", device=WIDE)
    workshop = person.create("Tuhat lappua")
    person.close_dialog()
    counts = {"challenges": NOTES // 2, "inspirations": NOTES // 2}
    crowd(person, person.board_id(workshop), counts)
    expect(person.notes).to_have_count(NOTES)
    full = person.page.locator(".note:not(.afar)")
    nodes = person.page.evaluate(COUNT, ".viewport")
    drawn = full.count()
    assert 0 < drawn <= MOST_IN_FULL
    assert nodes <= MOST_NODES
    # All texts are in the page, where its search and a screen reader find them.
    last = person.notes.nth(NOTES // 2 - 1)
    expect(last).to_contain_text(f"{NOTES // 2}. ")
    assert "afar" in (last.get_attribute("class") or "")
    # Keys go there, and it is drawn by then.
    person.notes.first.focus()
    person.page.keyboard.press("End")
    expect(last).to_be_focused()
    expect(last).to_be_in_viewport()
    expect(last).not_to_contain_class("afar")
    expect(person.notes.first).to_contain_class("afar")
    assert full.count() <= MOST_IN_FULL
    person.shot("far-end")
    # Whatever the zoom, what is on the screen is drawn.
    person.page.keyboard.press("0")
    expect(full.nth(MOST_IN_FULL)).to_be_attached()
    person.page.wait_for_function(NONE_AFAR_IN_SIGHT)
    person.shot("from-afar")


def test_a_list_of_a_thousand_notes_is_their_texts_until_one_comes_near(people: People) -> None:
    person = people("Tiira", device=WIDE)
    workshop = person.create("Tuhat lappua")
    person.close_dialog()
    person.button("panel.close").click()
    counts = {"challenges": NOTES // 2, "inspirations": NOTES // 2}
    crowd(person, person.board_id(workshop), counts)
    expect(person.notes).to_have_count(NOTES)
    person.button("board.view.list").click()
    expect(person.notes).to_have_count(NOTES)
    nodes = person.page.evaluate(COUNT, ".zones")
    assert nodes <= MOST_LISTED_NODES, nodes
    last, first = person.notes.nth(NOTES // 2 - 1), person.notes.first
    buttons = last.get_by_role("button")
    expect(last).to_contain_text(f"{NOTES // 2}. ")
    expect(last).to_have_accessible_name(re.compile(rf"^{NOTES // 2}\. "))
    expect(buttons).to_have_count(0)
    # The keyboard stays where it is, however far one scrolls; there all is drawn by then.
    edit = first.get_by_role("button").first
    edit.focus()
    last.scroll_into_view_if_needed()
    expect(buttons.first).to_be_visible()
    expect(edit).to_be_focused()
    person.shot("list-end")
    buttons.first.focus()
    person.page.keyboard.press("Shift+Tab")
    before = person.notes.nth(NOTES // 2 - 2)
    expect(before.get_by_role("button").last).to_be_focused()
    assert person.page.evaluate(COUNT, ".zones") <= MOST_LISTED_NODES
    # Whoever is led to a note far away finds it whole, with the focus on it.
    far = person.notes.nth(NOTES // 4)
    words = f"{NOTES // 4 + 1}."
    expect(far.get_by_role("button")).to_have_count(0)
    person.button("search.title").click()
    person.page.get_by_role("searchbox").fill(words)
    found = person.page.get_by_role("dialog").get_by_role("listitem").get_by_role("button")
    found.filter(has_text=re.compile(rf"^\s*{re.escape(words)}")).first.click()
    expect(far).to_be_focused()
    expect(far).to_be_in_viewport()
    expect(far.get_by_role("button").first).to_be_visible()
