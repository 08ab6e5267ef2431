"""An empty note that somebody has open goes with its page: reloaded, closed, or broken off."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.browsers.browser import People, Person

pytestmark = [pytest.mark.xdist_group("e2e-blanks"), pytest.mark.timeout(180)]

#: As where a machine runs out of memory: the page is gone before it can do anything. It has to come
#: before the page's own listeners, as those of a window are called in the order in which they came.
NO_TIME = "addEventListener('pagehide', (event) => event.stopImmediatePropagation(), true)"


@pytest.fixture
def lead(people: People) -> Person:
    return people("Vetäjä")


def test_an_empty_note_goes_with_its_page(people: People, lead: Person) -> None:
    workshop = lead.create("Kevät")
    lead.close_dialog()
    guest = people("Tiira")
    guest.join(workshop)
    guest.put("challenges", "Jono")
    guest.add("challenges")
    expect(lead.notes).to_have_count(2)
    guest.page.add_init_script(NO_TIME)  # of the next page, not of this one
    guest.page.reload()
    expect(lead.notes).to_have_count(1)
    guest.sees("Jono")
    guest.add("challenges")
    expect(lead.notes).to_have_count(2)
    guest.sees_status("saved")
    guest.page.reload()
    guest.sees("Jono")
    expect(lead.notes).to_have_count(1)
    lead.sees("Jono")
