"""Every page on three sizes of screen, in three languages: pictures to look at, and no page that
has to be scrolled sideways."""

from __future__ import annotations

import pytest

from server.i18n import LANGUAGES
from tests.e2e.screens.exhibits import Exhibits
from tests.e2e.screens.tour import Tour
from tests.e2e.support.reading import assert_complete
from tests.support.browsers.browser import PHONE, WIDE, Device, People, Person
from tests.support.server import Server

pytestmark = [pytest.mark.xdist_group("e2e-screens"), pytest.mark.timeout(600)]

DEVICES = {"wide": WIDE, "tablet": Device(768, 1024), "phone": PHONE}
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


@pytest.mark.parametrize("device", DEVICES)
def test_every_page(device: str, people: People) -> None:
    tour = Tour(people)
    for language in LANGUAGES:
        for name, person in tour.everything(language, DEVICES[device]):
            person.shot(f"{language}-{name}")
            assert_fits(person, name)


def test_every_state_on_a_phone_in_the_longest_words(people: People, server: Server) -> None:
    """All boards empty and full, dialogs, sheets, troubles: gallery.py has them in every language
    on every size."""
    everybody = Exhibits(people, server)
    for name, person in everybody.everything("sv", PHONE):
        person.shot(name)
        assert_fits(person, name)
        assert_complete(person)
    for person in (everybody.lead, everybody.full.lead, everybody.full.aino, everybody.full.bo):
        person.forgive(everybody.refused)
