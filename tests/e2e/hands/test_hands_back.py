"""Back on a phone closes what is open, one thing at a time, and then leaves the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.browsers.browser import PHONE, People, Person

pytestmark = pytest.mark.xdist_group("e2e-hands-back")


@pytest.fixture
def person(people: People) -> Person:
    """With the invitation open, which comes when a workshop is made."""
    person = people("Kuovi", device=PHONE)
    person.create("Tiimin kehittämispäivä")
    return person


def back(person: Person) -> None:
    """As the phone does it: not waiting for a page to load."""
    person.page.wait_for_function("() => history.state?.hahmo === 'open'")
    person.page.evaluate("() => history.back()")


def is_clean(person: Person) -> None:
    person.page.wait_for_function("() => history.state?.hahmo !== 'open'")


def test_back_closes_what_is_open_one_by_one_and_then_leaves(person: Person) -> None:
    here = person.page.url
    dialog = person.page.get_by_role("dialog")
    back(person)
    expect(dialog).to_have_count(0)
    person.button("panel.open").tap()
    panel = person.page.locator("#panel")
    expect(panel).to_be_visible()
    panel.get_by_role("button", name=person.t("panel.invite"), exact=True).tap()
    expect(dialog).to_be_visible()
    back(person)
    expect(dialog).to_have_count(0)
    expect(panel).to_be_visible()
    back(person)
    expect(panel).to_have_count(0)
    person.add("challenges", "Puhelimesta")
    back(person)
    expect(person.editor).to_have_count(0)
    person.sees("Puhelimesta")
    menu = person.page.get_by_role("menu")
    person.page.locator("header [aria-haspopup=menu]").locator("visible=true").first.tap()
    expect(menu).to_be_visible()
    back(person)
    expect(menu).to_have_count(0)
    is_clean(person)
    person.sees_status("saved")
    assert person.page.url == here
    person.page.go_back()
    expect(person.page).not_to_have_url(here)


def test_what_was_closed_otherwise_leaves_nothing_in_the_history(person: Person) -> None:
    here = person.page.url
    person.page.wait_for_function("() => history.state?.hahmo === 'open'")
    length = person.page.evaluate("() => history.length")
    person.close_dialog()
    is_clean(person)
    for text in ("Yksi", "Kaksi"):
        person.add("challenges", text)
        person.page.wait_for_function("() => history.state?.hahmo === 'open'")
        person.button("note.done").tap()
        is_clean(person)
    assert person.page.evaluate("() => history.length") == length
    person.sees_status("saved")
    person.add("challenges", "Kolme")
    person.sees_status("saved")
    person.page.wait_for_function("() => history.state?.hahmo === 'open'")
    person.page.reload()
    person.sees("Kolme")
    is_clean(person)
    person.page.go_back()
    expect(person.page).not_to_have_url(here)
