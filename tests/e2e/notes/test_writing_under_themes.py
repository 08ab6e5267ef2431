"""While one writes a note, it comes under a theme and out of it again; caret and keys stay."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.support.crowd import theme_of
from tests.support.browsers.browser import LAPTOP, PHONE, Device, People, Person

pytestmark = [pytest.mark.xdist_group("e2e-writing-themes"), pytest.mark.timeout(180)]

ZONE = "challenges"
SMALL = Device(360, 640, touch=True)


def opened(people: People, device: Device, language: str = "fi") -> Person:
    person = people("Tiira", device=device, language=language)
    workshop = person.create("Tiimin kehittämispäivä")
    person.close_dialog()
    for name in ("Kiire", "Tiedon kulku ja sen katkeaminen vuorojen välillä"):
        theme_of(person, person.board_id(workshop), name, ZONE, 2)
    person.sees("Kiire 1", "Kiire 2")
    return person


def themes(person: Person) -> Locator:
    starts = person.t("theme.is", name="")
    return person.board.get_by_role("button", name=re.compile(rf"^{re.escape(starts)}"))


def under(person: Person, theme: str, text: str) -> Locator:
    """The note with this text, as it is named while it lies under a theme."""
    words = person.t("theme.of-note", name=theme)
    return person.board.get_by_role("option", name=re.compile(f"{text}.*{re.escape(words)}"))


def choose(person: Person, name: str) -> None:
    themes(person).click()
    person.page.get_by_role("menuitemradio", name=name, exact=True).click()


def test_the_caret_stays_while_the_note_comes_under_a_theme(people: People) -> None:
    person = opened(people, LAPTOP)
    keyboard = person.page.keyboard
    person.add(ZONE, "Vuoro vaihtuu")
    for _ in range(7):
        keyboard.press("ArrowLeft")
    themes(person).click()
    menu = person.page.get_by_role("menu")
    expect(menu.get_by_role("menuitemradio")).to_have_count(3)
    expect(menu.get_by_role("menuitemradio", checked=True)).to_have_text(person.t("theme.none"))
    person.shot("menu")
    menu.get_by_role("menuitemradio", name="Kiire", exact=True).click()
    expect(person.editor).to_be_focused()
    expect(themes(person)).to_have_accessible_name(person.t("theme.is", name="Kiire"))
    keyboard.type("taas ")
    person.shot("under")
    # The next one is written under it as well, and can leave it.
    keyboard.press("Control+Enter")
    expect(themes(person)).to_have_accessible_name(person.t("theme.is", name="Kiire"))
    keyboard.type("Tauot jäävät")
    choose(person, person.t("theme.none"))
    keyboard.type(" väliin")
    person.done()
    expect(under(person, "Kiire", "Vuoro taas vaihtuu")).to_have_count(1)
    expect(person.note("Tauot jäävät väliin")).to_have_count(1)
    expect(under(person, "Kiire", "Tauot")).to_have_count(0)
    # Letters and theme are steps of their own.
    for _ in range(3):
        person.button("board.undo").click()
    expect(person.note("Tauot jäävät väliin")).to_have_count(0)
    expect(under(person, "Kiire", "Vuoro taas vaihtuu")).to_have_count(1)


def test_by_keys_alone(people: People) -> None:
    person = opened(people, LAPTOP)
    keyboard = person.page.keyboard
    person.add(ZONE, "Vuoro vaihtuu")
    themes(person).focus()
    keyboard.press("Enter")
    keyboard.press("ArrowDown")
    expect(person.page.get_by_role("menuitemradio").nth(1)).to_be_focused()
    keyboard.press("Home")
    name = person.page.get_by_role("menuitemradio").first.inner_text()
    keyboard.press("Enter")
    expect(themes(person)).to_be_focused()
    said = person.t("theme.added.one", name=name)
    expect(person.page.get_by_role("status").filter(has_text=said)).not_to_have_count(0)
    keyboard.press("Escape")
    expect(under(person, name, "Vuoro vaihtuu")).to_be_focused()


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_on_a_phone_it_is_in_the_bar(people: People, language: str) -> None:
    person = opened(people, SMALL, language)
    person.board.locator("[data-write]").tap()
    person.page.keyboard.type("Vuoro")
    themes(person).tap()
    item = person.page.get_by_role("menuitemradio", name="Kiire", exact=True)
    expect(item).to_be_in_viewport(ratio=0.99)
    popup = person.page.locator(".popup").bounding_box()
    assert popup
    assert popup["x"] >= 0
    assert popup["x"] + popup["width"] <= SMALL.width
    person.shot(f"phone-{language}")
    item.tap()
    expect(person.board.locator(".writing-bar textarea")).to_be_focused()
    person.page.keyboard.type(" vaihtuu")
    person.button("note.done").tap()
    section = person.board.get_by_role("region", name="Kiire", exact=True)
    expect(section.get_by_role("article").filter(has_text="Vuoro vaihtuu")).to_have_count(1)


def test_where_there_is_no_theme_nothing_asks_for_one(people: People) -> None:
    person = people("Tiira", device=PHONE)
    person.create("Tiimin kehittämispäivä")
    person.close_dialog()
    person.board.locator("[data-write]").tap()
    expect(person.editor).to_be_focused()
    expect(themes(person)).to_have_count(0)
