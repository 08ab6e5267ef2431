"""What people set for their own eyes: room between letters and lines, colours of their system, low
windows as of a magnified screen. Nothing is lost, and what has the focus is seen."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.screens.reflow import assert_fits
from tests.e2e.screens.tour import Tour
from tests.e2e.support import actions
from tests.support.browsers.browser import WIDE, Device, People, Person

pytestmark = [pytest.mark.xdist_group("e2e-own-eyes"), pytest.mark.timeout(600)]

# The least that WCAG 1.4.12 asks a page to bear. No style element: the page's policy forbids it.
SPACED = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
        word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }`);
    document.adoptedStyleSheets = [sheet];
}"""
# Words that a box cuts off, unless it says so with dots or can be scrolled.
CUT = """() => [...document.querySelectorAll('button, a, label, h1, h2, h3, p, td, th, .text')]
    .filter(each => each.checkVisibility({visibilityProperty: true}))
    .filter(each => !each.closest('.visually-hidden, .skip-link, .cut, .paper, .still'))
    .filter(each => each.clientWidth > 1)  // what only screen readers have
    .filter(each => {
        const style = getComputedStyle(each);
        return style.overflowY === 'hidden' && style.webkitLineClamp === 'none' &&
            each.scrollHeight > each.clientHeight + 2;
    })
    .map(each => each.outerHTML.slice(0, 160))"""
# Notes of one zone of which one covers the words of another.
COVERED = """() => {
    const notes = [...document.querySelectorAll('.canvas [data-note]')]
        .map(note => [note, note.getBoundingClientRect(),
            note.querySelector('.text').getBoundingClientRect()]);
    const faults = [];
    for (const [note, box, text] of notes) {
        if (text.bottom > box.bottom + 1) faults.push(`out of its note: ${note.textContent}`);
        for (const [other, over] of notes) {
            if (other !== note && over.left < text.right && over.right > text.left &&
                over.top < text.bottom && over.bottom > text.top)
                faults.push(`${other.textContent} over ${note.textContent}`);
        }
    }
    return faults;
}"""
LONG = "Tieto katkeaa, kun vuoro vaihtuu eikä kukaan ehdi kertoa, mitä yöllä tapahtui: kysytään"


def test_notes_grow_with_the_room_between_letters_and_lines(people: People) -> None:
    lead = people("Vetäjä", device=WIDE)
    lead.create("Kevät")
    lead.close_dialog()
    lead.button("panel.close").click()
    for number in range(8):
        lead.put("challenges", f"{number} {LONG}")
    before = lead.note(f"0 {LONG}").bounding_box()
    lead.page.evaluate(SPACED)
    lead.shot("spaced")
    after = lead.note(f"0 {LONG}").bounding_box()
    assert before
    assert after
    assert after["height"] > before["height"] * 1.2
    expect(lead.notes).to_have_count(8)
    assert lead.page.evaluate(COVERED) == []
    lead.page.evaluate("document.adoptedStyleSheets = []")
    back = lead.note(f"0 {LONG}").bounding_box()
    assert back
    assert abs(back["height"] - before["height"]) < 1


@pytest.mark.parametrize("device", [WIDE, Device(360, 740, touch=True)], ids=["wide", "phone"])
def test_more_room_between_letters_and_lines_cuts_nothing_off(
    device: Device, people: People
) -> None:
    """In the language with the longest words."""
    bad: list[str] = []
    for name, person in Tour(people).everything("fi", device):
        person.page.evaluate(SPACED)
        bad += [f"{name}: {each}" for each in person.page.evaluate(CUT)]
        person.shot(f"spaced-{name}")
        assert_fits(person, name)
        person.page.evaluate("document.adoptedStyleSheets = []")
    assert bad == []


# Height of all that stays while the rest goes by, px.
STUCK = """() => [...document.querySelectorAll('*')]
    .filter(each => each.checkVisibility())
    .filter(each => !each.closest('.visually-hidden, .skip-link, .toasts'))
    .filter(each => {
        const {position, top, bottom} = getComputedStyle(each);
        return position === 'fixed' || position === 'sticky' &&
            !(top === 'auto' && bottom === 'auto');
    })
    .reduce((sum, each) => sum + each.getBoundingClientRect().height, 0)"""


@pytest.mark.parametrize(
    "device", [Device(320, 256), Device(740, 360, touch=True)], ids=["400-percent", "landscape"]
)
@pytest.mark.parametrize("language", ["fi", "en"])
def test_on_a_low_screen_one_row_stays_and_the_rest_goes_by(
    device: Device, language: str, people: People
) -> None:
    lead = people("Vetäjä")
    workshop = lead.create("Kevät")
    lead.close_dialog()
    lead.put("challenges", "Kiire")
    change = {"announcement": "Tauko, jatkamme klo 10.15"}
    assert lead.call("PATCH", f"/api/workshops/{workshop.id}", change)[0] == 200
    person = people("Kuovi", language=language, device=device)
    person.join(workshop)
    for key in ("phenomena", "phenomena_summary", "change", "assessment", "experiments"):
        actions.go(person, key)
        person.shot(f"low-{key}")
        stuck = person.page.evaluate(STUCK)
        assert stuck <= 60, f"{key}: {stuck} px"
        assert_fits(person, key)
        every_stop_is_seen(person, key)


def every_stop_is_seen(person: Person, name: str, most: int = 40) -> None:
    """By Tab through the page: what has the focus is on the screen, and nothing lies over it."""
    person.page.evaluate("document.activeElement?.blur()")
    for _ in range(most):
        person.page.keyboard.press("Tab")
        found: Any = person.page.evaluate(FOCUSED)
        if found is None:
            return
        assert found["seen"], f"{name}: {found['name']}"


# Of what has the focus: a part of it is to be seen (WCAG 2.4.11). Null: the page's end.
FOCUSED = """() => {
    const at = document.activeElement;
    if (!at || at === document.body) return null;
    const {left, right, top, bottom} = at.getBoundingClientRect();
    const xs = [left + 2, (left + right) / 2, right - 2];
    const ys = [top + 2, (top + bottom) / 2, bottom - 2];
    const seen = xs.some(x => ys.some(y => {
        const hit = document.elementFromPoint(x, y);
        return hit && (at.contains(hit) || hit.contains(at));
    }));
    return {seen, name: `${at.outerHTML.slice(0, 120)} ${[left, top, right, bottom]}`};
}"""


def test_with_forced_colours_zones_colours_and_choices_are_told_apart(people: People) -> None:
    lead = people("Vetäjä", device=WIDE, forced_colors="active")
    lead.create("Kevät")
    lead.close_dialog()
    lead.put("challenges", "Kiire")
    lead.note("Kiire").click()
    edges = lead.page.locator(".zone").evaluate_all(
        "zones => zones.map(zone => parseFloat(getComputedStyle(zone).borderTopWidth))"
    )
    assert edges
    assert all(edge >= 1 for edge in edges)
    dots = lead.page.get_by_role("radiogroup", name=lead.t("note.color")).get_by_role("radio")
    fills = dots.evaluate_all(
        "dots => dots.map(dot => getComputedStyle(dot, '::before').backgroundColor)"
    )
    assert len(set(fills)) == len(fills) == 6
    chosen = lead.note("Kiire").evaluate("note => getComputedStyle(note).outlineWidth")
    assert float(chosen.removesuffix("px")) >= 2
    lead.shot("forced-colours")


def test_with_reduced_motion_nothing_glides(people: People) -> None:
    """Everything has come to rest in the frame after it began, also what scrolls by itself."""
    lead = people("Vetäjä", device=WIDE)  # every browser of the tests asks for less motion
    lead.create("Kevät")
    lead.close_dialog()
    lead.put("challenges", "Kiire")
    lead.button("panel.close").click()
    longest = lead.page.evaluate(
        """() => Math.max(0, ...[...document.querySelectorAll('*')].flatMap(each => {
            const {transitionDuration, animationDuration} = getComputedStyle(each);
            return [transitionDuration, animationDuration].map(parseFloat);
        }))"""
    )
    assert longest <= 0.01
