"""Undo takes back one's own doing and nobody else's; what is deleted can be had again."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.browsers.browser import People, Person

pytestmark = pytest.mark.xdist_group("e2e-undo")


@pytest.fixture
def pair(people: People) -> tuple[Person, Person]:
    """Two people on the phenomena map."""
    workshop = people("Vetäjä").create("Tiimin kehittämispäivä")
    one, two = people("Tiira"), people("Lokki", language="en")
    one.join(workshop)
    two.join(workshop)
    return one, two


def delete(person: Person, text: str) -> None:
    person.note(text).click()
    person.button("note.delete").click()
    expect(person.note(text)).to_have_count(0)


def place(person: Person, text: str) -> str:
    """Where a note of the canvas stands in its zone."""
    return str(person.note(text).evaluate("note => note.style.transform"))


def test_a_deleted_note_comes_back_with_text_place_and_colour(
    pair: tuple[Person, Person],
) -> None:
    one, two = pair
    one.double_click("inspirations", 200, 350, "Takaisin vain")
    one.page.get_by_role("radio", name=one.t("note.color.blue")).click()
    one.button("note.done").click()
    before = place(one, "Takaisin vain")
    delete(one, "Takaisin vain")
    expect(two.note("Takaisin vain")).to_have_count(0)
    toast = one.page.locator(".toast")
    expect(toast).to_contain_text(one.t("note.deleted", n=1))
    one.shot("deleted")
    toast.get_by_role("button", name=one.t("board.undo")).click()
    two.sees("Takaisin vain")
    assert place(one, "Takaisin vain") == before
    expect(two.note("Takaisin vain")).to_have_attribute("data-color", "blue")
    expect(toast).to_have_count(0)


def test_the_offer_to_undo_stays_until_it_is_closed(people: People) -> None:
    person = people("Tiira")
    person.page.clock.install()
    person.create("Tiimin kehittämispäivä")
    person.close_dialog()
    person.put("challenges", "Pois")
    delete(person, "Pois")
    person.page.clock.run_for("10:00")
    toast = person.page.locator(".toast", has_text=person.t("note.deleted", n=1))
    expect(toast).to_be_visible()
    toast.get_by_role("button", name=person.t("app.close")).click()
    expect(toast).to_have_count(0)


def test_undo_and_redo_are_ones_own(pair: tuple[Person, Person]) -> None:
    one, two = pair
    one.put("challenges", "Oma")
    two.put("challenges", "Theirs")
    one.sees("Oma", "Theirs")
    one.page.keyboard.press("Control+z")
    expect(one.note("Oma")).to_have_count(0)
    expect(two.note("Oma")).to_have_count(0)
    two.sees("Theirs")
    one.button("board.redo").click()
    two.sees("Oma", "Theirs")
    for _ in range(3):  # more often than there is anything of one's own
        two.page.keyboard.press("Control+z")
    expect(two.note("Theirs")).to_have_count(0)
    one.sees("Oma")


def test_undo_in_a_note_leaves_what_others_wrote_there(pair: tuple[Person, Person]) -> None:
    one, two = pair
    one.put("challenges", "Alku")
    two.sees("Alku")
    one.edit("Alku")
    two.edit("Alku")
    one.page.keyboard.type(" oma")
    expect(two.editor).to_have_value("Alku oma")
    two.page.keyboard.press("End")
    two.page.keyboard.type(" theirs")
    expect(one.editor).to_have_value("Alku oma theirs")
    one.page.keyboard.press("Control+z")
    expect(one.editor).to_have_value("Alku theirs")
    expect(two.editor).to_have_value("Alku theirs")
    one.page.keyboard.press("Control+y")
    expect(two.editor).to_have_value(re.compile(r"^Alku(?=.* oma)(?=.* theirs).{11}$"))


def test_a_note_deleted_under_the_pen_keeps_its_text(pair: tuple[Person, Person]) -> None:
    one, two = pair
    one.put("challenges", "Kesken")
    two.sees("Kesken")
    one.edit("Kesken")
    one.page.keyboard.type(" jää")
    delete(two, "Kesken jää")
    expect(one.editor).to_have_count(0)
    told = one.page.locator(".asides li", has_text=one.t("notice.note-deleted"))
    one.shot("deleted-by-another")
    told.get_by_role("button", name=one.t("aside.bring-back")).click()
    one.sees("Kesken jää")
    two.sees("Kesken jää")


def test_a_move_is_undone_in_one_step(pair: tuple[Person, Person]) -> None:
    one, two = pair
    one.double_click("challenges", 200, 350, "Siirtyvä")
    one.done()
    before = place(one, "Siirtyvä")
    one.note("Siirtyvä").drag_to(one.zone("inspirations"), target_position={"x": 300, "y": 300})
    expect(two.zone("inspirations").locator("[data-note]")).to_have_count(1)
    one.page.keyboard.press("Control+z")
    expect(two.zone("challenges").locator("[data-note]")).to_have_count(1)
    assert place(one, "Siirtyvä") == before
