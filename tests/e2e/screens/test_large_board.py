"""A thousand notes: what is out of sight is there for searching and for keys, and costs little."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.support.crowd import crowd
from tests.support.browsers.browser import WIDE, People

pytestmark = [pytest.mark.xdist_group("e2e-large-board"), pytest.mark.timeout(300)]

NOTES = 1_000
MOST_NODES = 10_000  # 18,900 when every note was drawn in full
MOST_IN_FULL = 150

COUNT = """() => {
    const board = document.querySelector('.viewport');
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
    nodes = person.page.evaluate(COUNT)
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
