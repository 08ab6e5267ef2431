"""The way through the workbook: stages in sight, their boards one tap away, and who is where."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from server.i18n import LANGUAGES
from tests.e2e.screens.reflow import assert_fits
from tests.e2e.support import actions
from tests.e2e.support.crowd import crowd
from tests.support.browsers.browser import PHONE, WIDE, Device, People, Person, Workshop

pytestmark = [pytest.mark.xdist_group("e2e-wayfinding"), pytest.mark.timeout(300)]

NARROW = Device(1024, 768)
TABLET = Device(768, 1024, touch=True)
TITLE = "Palvelutiimin kehittämispäivä 12.3."


@pytest.fixture
def room(people: People) -> tuple[Person, Workshop]:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create(TITLE)
    lead.close_dialog()
    return lead, workshop


def told(person: Person, key: str) -> Locator:
    """What the open list tells of a board, beside its name."""
    return actions.row_of_board(person, key).locator(".told")


def in_sight(element: Locator) -> bool:
    """Nothing of it is cut off, by the screen or by what it stands in."""
    return bool(
        element.evaluate(
            """element => {
                const { left, right, top, width } = element.getBoundingClientRect();
                const middle = document.elementFromPoint(left + width / 2, top + 20);
                return left >= 0 && right <= innerWidth && element.contains(middle);
            }"""
        )
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("device", [WIDE, NARROW, TABLET], ids=["wide", "narrow", "tablet"])
def test_all_stages_are_in_sight(
    people: People, room: tuple[Person, Workshop], device: Device, language: str
) -> None:
    """With a clock and on the board with the longest name, for who leads as for who takes part."""
    lead, workshop = room
    lead.call("PATCH", f"/api/workshops/{workshop.id}", {"timer": {"seconds": 900}})
    guest = people("Aino Mäkinen-Saarikoski", device=device, language=language)
    guest.join(workshop)
    lead.page.set_viewport_size({"width": device.width, "height": device.height})
    for person in (lead, guest):
        actions.go(person, "change_summary")
        expect(person.page.get_by_role("timer")).to_be_visible()
        chips = actions.chips(person)
        expect(chips).to_have_count(3)
        assert all(in_sight(chips.nth(at)) for at in range(3))
        assert_fits(person, f"stages-{language}-{device.width}")
    guest.shot(f"stages-{language}-{device.width}")


def test_boards_by_keys_and_the_focus_stays(room: tuple[Person, Workshop]) -> None:
    person, _ = room
    chips = actions.chips(person)
    first = chips.first
    name = f"Viivähdä: {person.board_title}"
    expect(first).to_have_accessible_name(name)
    expect(first).to_have_attribute("aria-current", "step")
    first.focus()
    person.page.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-expanded", "true")
    row = actions.row_of_board(person, "phenomena")
    expect(row).to_be_focused()
    expect(row).to_have_attribute("aria-current", "page")
    person.page.keyboard.press("End")
    expect(actions.row_of_board(person, "change_summary")).to_be_focused()
    person.page.keyboard.press("ArrowDown")
    expect(row).to_be_focused()
    person.page.keyboard.press("Escape")
    expect(first).to_be_focused()
    expect(row).to_have_count(0)
    # Another stage, by Tab and Enter; leaving a list closes it.
    person.page.keyboard.press("Tab")
    expect(chips.nth(1)).to_be_focused()
    person.page.keyboard.press("Enter")
    expect(actions.row_of_board(person, "assessment")).to_be_focused()
    person.page.keyboard.press("Tab")
    expect(chips.nth(1)).to_have_attribute("aria-expanded", "false")
    chips.nth(2).press("Enter")
    person.page.keyboard.press("End")
    person.page.keyboard.press("Enter")
    actions.stands_on(person, "experiments")
    expect(chips.nth(2)).to_be_focused()
    expect(chips.first).to_have_accessible_name("Viivähdä")


def test_step_by_step_through_the_workbook(room: tuple[Person, Workshop]) -> None:
    person, _ = room
    steps = actions.contents(person).locator(".step")
    back, on = steps.first, steps.last
    expect(back).to_have_attribute("aria-disabled", "true")
    expect(back).to_have_accessible_name(person.t("contents.previous-none"))
    for key in ("phenomena_summary", "change", "change_summary", "assessment"):
        name = person.t("contents.next", board=actions.title(key, "fi"))
        expect(on).to_have_accessible_name(name)
        on.press("Enter")
        actions.stands_on(person, key)
        expect(on).to_be_focused()
    back.click()
    actions.stands_on(person, "change_summary")


def test_the_list_tells_what_is_done_and_where_everybody_is(
    people: People, room: tuple[Person, Workshop]
) -> None:
    lead, workshop = room
    guests = [people(name) for name in ("Tiira", "Kuovi")]
    for guest in guests:
        guest.join(workshop)
        guest.put("challenges", f"Jono kasvaa ({guest.name})")
    actions.go(guests[0], "phenomena_summary")
    question = actions.definition("phenomena_summary")["questions"][0]["id"]
    actions.answer(guests[0], "phenomena_summary", question, "Odotus näkyy asiakkaalle.")
    lead.call("PATCH", f"/api/workshops/{workshop.id}", {"locks": {lead.board_id(workshop): True}})
    actions.go(lead, "experiments")
    actions.open_boards(lead, "phenomena")
    phenomena, summary = told(lead, "phenomena"), told(lead, "phenomena_summary")
    expect(phenomena).to_contain_text(lead.t("board.notes", n=2))
    expect(phenomena).to_contain_text(lead.t("contents.people", n=1))
    expect(phenomena).to_contain_text(lead.t("panel.locked"))
    asked = len(actions.definition("phenomena_summary")["questions"])
    expect(summary).to_contain_text(lead.t("answers.answered", n=1, of=asked))
    expect(summary).to_contain_text(lead.t("contents.people", n=1))
    row = actions.row_of_board(lead, "phenomena")
    expect(row).to_have_accessible_description(re.compile(lead.t("panel.locked")))
    # Somebody goes elsewhere while one looks.
    actions.go(guests[1], "phenomena_summary")
    expect(summary).to_contain_text(lead.t("contents.people", n=2))
    expect(phenomena).not_to_contain_text(lead.t("contents.people", n=1))
    change = {"board": lead.board_id(workshop, "change")}
    lead.call("PATCH", f"/api/workshops/{workshop.id}", change)
    expect(told(lead, "change")).to_contain_text(lead.t("panel.all_here"))
    expect(told(lead, "change")).to_contain_text(lead.t("contents.people", n=3))
    lead.page.keyboard.press("Escape")
    actions.stands_on(guests[0], "change")
    guests[0].page.reload()
    guests[0].sees_status("saved")
    actions.open_boards(guests[0], "change")
    expect(told(guests[0], "change")).to_contain_text(lead.t("contents.people", n=3))
    guests[0].shot("told")


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_phone_a_sheet_has_the_whole_workbook(
    people: People, room: tuple[Person, Workshop], language: str
) -> None:
    _, workshop = room
    person = people("Tiira", device=PHONE, language=language)
    person.join(workshop)
    bar = person.page.locator("header.bar")
    box = bar.bounding_box()
    assert box
    assert box["height"] <= 52
    assert_fits(person, "bar")
    chip = actions.contents(person).get_by_role("button")
    expect(chip).to_have_count(1)
    expect(chip).to_have_accessible_name(person.t("contents.open", board=person.board_title))
    rows = actions.open_boards(person, "phenomena")
    expect(rows).to_have_count(7)
    sheet = person.page.get_by_role("dialog", name=TITLE)
    expect(sheet.get_by_role("heading", level=3)).to_have_count(3)
    person.shot(f"sheet-{language}")
    assert_fits(person, "sheet")
    person.page.keyboard.press("Escape")
    expect(chip).to_be_focused()
    actions.go(person, "experiments")
    expect(sheet).to_have_count(0)
    expect(chip).to_be_focused()


def test_in_a_group_there_is_the_group_and_no_way_elsewhere(
    people: People, room: tuple[Person, Workshop]
) -> None:
    lead, workshop = room
    guest = people("Tiira", device=PHONE)
    guest.join(workshop)
    actions.panel_tab(lead, "groups")
    lead.button("breakout.start").click()
    expect(guest.page.locator("header.bar .only")).to_contain_text("Koivu")
    expect(actions.contents(guest)).to_have_count(0)
    guest.shot("group")


def test_a_note_of_any_board_is_found_by_its_words(
    people: People, room: tuple[Person, Workshop]
) -> None:
    """By keys on a wide screen, from the menu on a phone; in a group only what is on its board."""
    lead, workshop = room
    crowd(lead, lead.board_id(workshop), {"challenges": 3}, named="Ryhmän ")
    crowd(lead, lead.board_id(workshop, "change"), {"tools/from": 2}, named="Vanha lomake ")
    lead.button("search.title").press("Enter")
    field = lead.page.get_by_role("searchbox", name=lead.t("search.words"))
    expect(field).to_be_focused()
    lead.page.keyboard.type("lomake 2")
    found = lead.page.get_by_role("dialog").get_by_role("listitem").get_by_role("button")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("Vanha lomake 2.")
    lead.shot("search")
    lead.page.keyboard.press("Tab")
    lead.page.keyboard.press("Enter")
    actions.stands_on(lead, "change")
    expect(lead.page.locator("[data-note]:focus")).to_contain_text("Vanha lomake 2.")

    guest = people("Olli", device=PHONE)
    guest.join(workshop)
    everybody = lead.get(f"/api/workshops/{workshop.id}")[1]["people"]
    (member,) = [one["id"] for one in everybody if one["role"] == "participant"]
    groups = [{"name": "Koivu", "people": [member]}]
    body = {"board": lead.board_id(workshop), "groups": groups}
    assert lead.call("POST", f"/api/workshops/{workshop.id}/breakouts", body)[0] == 201
    expect(guest.page.locator(".banner[data-group]")).to_be_visible()
    guest.button("workshop.me", name=guest.name).tap()
    guest.page.get_by_role("menuitem", name=guest.t("search.title")).tap()
    guest.page.get_by_role("searchbox").fill("lomake")
    expect(guest.page.get_by_text(guest.t("search.found", n=1), exact=True)).to_be_visible()
    guest.shot("search")


def test_an_answer_is_found_by_its_words(people: People, room: tuple[Person, Workshop]) -> None:
    """Summaries and the synthesis are searched too; the way leads to the field itself."""
    lead, workshop = room
    actions.go(lead, "synthesis")
    first, second = [item["id"] for item in actions.definition("synthesis")["questions"][:2]]
    actions.answer(lead, "synthesis", first, "Jono lyhenee keväällä")
    actions.answer(lead, "synthesis", second, "Toinen vastaus")
    lead.sees_status("saved")
    guest = people("Tiira")
    guest.join(workshop)
    guest.button("search.title").click()
    guest.page.get_by_role("searchbox").fill("keväällä jono")
    found = guest.page.get_by_role("dialog").get_by_role("listitem").get_by_role("button")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("Jono lyhenee keväällä")
    expect(found).to_contain_text(actions.question_text(guest, "synthesis", first))
    guest.shot("answer-found")
    found.click()
    actions.stands_on(guest, "synthesis")
    expect(guest.page.locator(f"#question-{first}")).to_be_focused()
