"""Every page on three sizes of screen, in three languages: pictures to look at, and no page that
has to be scrolled sideways."""

from __future__ import annotations

import pytest

from server.i18n import LANGUAGES
from tests.e2e.screens.exhibits import Exhibits
from tests.e2e.screens.reflow import assert_fits
from tests.e2e.screens.tour import Tour
from tests.e2e.support.reading import assert_complete
from tests.support.browsers.browser import PHONE, WIDE, Device, People
from tests.support.server import Server

pytestmark = [pytest.mark.xdist_group("e2e-screens"), pytest.mark.timeout(600)]

DEVICES = {"wide": WIDE, "tablet": Device(768, 1024), "phone": PHONE}


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
