"""Nothing has to be scrolled sideways to be read (WCAG 1.4.10)."""

from __future__ import annotations

from tests.support.browsers.browser import Person

__all__ = ["assert_fits"]

# What sticks out of the screen, unless something that scrolls or clips holds it.
OUTSIDE = """() => {
    const held = element => {
        for (let at = element.parentElement; at; at = at.parentElement) {
            const { overflowX, position } = getComputedStyle(at);
            if (overflowX !== 'visible' && at !== document.documentElement) return true;
            if (position === 'fixed') break;
        }
        return false;
    };
    return [...document.querySelectorAll('button, a, input, select, textarea, h1, h2, h3, p')]
        .filter(element => element.checkVisibility() && !element.closest('.visually-hidden'))
        .filter(element => !element.matches('.skip-link'))
        .filter(element => {
            const { left, right, width } = element.getBoundingClientRect();
            return width > 0 && (left < -1 || right > innerWidth + 1) && !held(element);
        })
        .map(element => element.outerHTML.slice(0, 120));
}"""


# Sheets are read downwards; what is wide by nature (the board, a row of tabs) may scroll.
SIDEWAYS = """() => [...document.querySelectorAll(
    'dialog[open], dialog[open] *, aside, #sheet, .list *')]
    .filter(element => element.scrollWidth > element.clientWidth + 1)
    .filter(element => ['auto', 'scroll'].includes(getComputedStyle(element).overflowX))
    .map(element => `${element.outerHTML.slice(0, 120)} ${element.scrollWidth} px`)"""


def assert_fits(person: Person, name: str) -> None:
    width = person.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0, f"{name}: the page is {width} px too wide"
    sideways = person.page.evaluate(SIDEWAYS)
    assert not sideways, f"{name}: {sideways}"
    outside = person.page.evaluate(OUTSIDE)
    assert not outside, f"{name}: {outside}"
