"""Whatever the screen and however many notes: texts can be read, and buttons be hit."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.support import actions
from tests.e2e.support.crowd import crowd, theme_of
from tests.support.browsers.browser import WIDE, People, Person

pytestmark = [pytest.mark.xdist_group("e2e-readable"), pytest.mark.timeout(300)]

SIZES = {
    1024: 768,
    1280: 720,
    1366: 768,
    1440: 900,
    1920: 1080,
    2560: 1440,
    360: 740,
    390: 844,
}
LEAST_TEXT_PX = 12
LEAST_TARGET_PX = 24
WIDEST_LAPTOP = 960  # px; with less room a zone may be wider than the screen
ZONES = ("challenges", "inspirations")

# Of all that is in sight on the board: texts smaller, and buttons smaller, than they may be.
MEASURE = """([text, target]) => {
    const viewport = document.querySelector('.viewport');
    const view = viewport.getBoundingClientRect();
    const seen = element => {
        if (element.closest('[hidden], .visually-hidden')) return false;
        const asked = {opacityProperty: true, visibilityProperty: true};
        if (!element.checkVisibility(asked)) return false;
        const box = element.getBoundingClientRect();
        return box.width > 0 && box.right > view.left && box.left < view.right &&
            box.bottom > view.top && box.top < view.bottom;
    };
    const name = element => `${element.className || element.tagName}: ` +
        (element.getAttribute('aria-label') ?? element.textContent).trim().slice(0, 30);
    const scale = element => {
        const block = element.closest('.note, .frame, .zone, .viewport');
        return block.getBoundingClientRect().width / block.offsetWidth;
    };
    const written = element => [...element.childNodes].some(
        node => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== '');
    const all = [...viewport.querySelectorAll('*')].filter(seen);
    const size = element => parseFloat(getComputedStyle(element).fontSize) * scale(element);
    const box = element => {
        const {width, height} = element.getBoundingClientRect();
        return [Math.round(width * 10) / 10, Math.round(height * 10) / 10];
    };
    const targets = all.filter(each => each.matches(
        'button, a, select, input, [data-press], [data-link-from]'));
    const cut = element => {
        const {left, right, top, bottom} = element.getBoundingClientRect();
        return left < view.left || right > view.right || top < view.top || bottom > view.bottom;
    };
    return {
        texts: all.filter(each => written(each) && size(each) < text - 0.01)
            .map(each => `${name(each)} ${size(each).toFixed(1)}`),
        targets: targets.filter(each => !cut(each) && box(each).some(px => px < target - 0.01))
            .map(each => `${name(each)} ${box(each)}`),
        notes: all.filter(each => each.matches('.note .text')).length,
        pressed: targets.length,
        sideways: viewport.scrollWidth - viewport.clientWidth,
        used: Math.max(0, ...all.filter(each => each.matches('.zone'))
            .map(each => each.getBoundingClientRect().right)) -
            Math.min(...all.filter(each => each.matches('.zone'))
            .map(each => each.getBoundingClientRect().left)),
        room: viewport.clientWidth,
    };
}"""


def measure(person: Person) -> Any:
    return person.page.evaluate(MEASURE, [LEAST_TEXT_PX, LEAST_TARGET_PX])


def resize(person: Person, width: int) -> None:
    """Until the board has taken the room there is."""
    person.page.set_viewport_size({"width": width, "height": SIZES[width]})
    person.page.wait_for_function(
        """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(
            () => done(true))))"""
    )


@pytest.fixture
def lead(people: People) -> Person:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    theme_of(lead, lead.board_id(workshop), "Kiire", "challenges", 1)
    return lead


@pytest.mark.parametrize("notes", [3, 60, 300])
def test_notes_can_be_read_and_buttons_be_hit_on_every_screen(lead: Person, notes: int) -> None:
    """With voting open: dots are given and taken back by buttons on the notes themselves."""
    workshop = lead.page.url.rsplit("/", 1)[1]
    boards = lead.get(f"/api/workshops/{workshop}")[1]["boards"]
    board = next(each["id"] for each in boards if each["key"] == "phenomena")
    share = (notes - 1) // 2
    crowd(lead, board, {ZONES[0]: share, ZONES[1]: notes - 1 - share})
    expect(lead.notes).to_have_count(notes)
    actions.panel_tab(lead, "pace")
    actions.set_up_voting(lead, dots=3, hidden=False)
    lead.page.locator("[data-note] [data-give]").first.click()
    faults: dict[str, Any] = {}
    for panel in (True, False):
        if not panel:
            lead.button("panel.close").click()
        for width in SIZES:
            resize(lead, width)
            found = measure(lead)
            where = f"{width}-{'panel' if panel else 'board'}"
            lead.shot(where)
            if panel and found["room"] < 240:
                continue  # the panel covers the board
            assert found["notes"] > 0, where
            assert found["pressed"] > 0, where
            wrong = {key: found[key][:4] for key in ("texts", "targets") if found[key]}
            if width > WIDEST_LAPTOP and found["sideways"] > 0:
                wrong["sideways"] = found["sideways"]
            if wrong:
                faults[where] = wrong
    assert not faults


@pytest.mark.parametrize("width", [1920, 2560])
def test_a_wide_screen_is_used(lead: Person, width: int) -> None:
    lead.button("panel.close").click()
    resize(lead, width)
    found = measure(lead)
    assert found["used"] >= 0.9 * found["room"]
