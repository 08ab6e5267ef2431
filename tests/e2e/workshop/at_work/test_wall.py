"""The wall: the board that everybody is at, in a window of its own that nobody stands in."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from tests.e2e.screens.reflow import assert_fits
from tests.e2e.screens.test_axe import look
from tests.e2e.support import actions
from tests.e2e.support.crowd import crowd, theme_of
from tests.support.browsers.browser import PHONE, WIDE, Device, People, Person

pytestmark = [pytest.mark.xdist_group("e2e-wall"), pytest.mark.timeout(180)]

SECOND_ZONE = actions.definition("phenomena")["zones"][1]["id"]
PROJECTOR = Device(1920, 1080)
SMALLEST = 20  # CSS pixels, of a note on a wall


def size_of(wall: Person) -> float:
    """Of the text of notes, CSS pixels."""
    size: float = wall.page.evaluate(
        "() => Math.min(...[...document.querySelectorAll('.flow li p')]"
        ".map((p) => parseFloat(getComputedStyle(p).fontSize)))"
    )
    return size


def sees_all(wall: Person) -> None:
    """Everything that is written on the board, on one screen."""
    wall.page.wait_for_function(
        "() => [...document.querySelectorAll('.flow li')].every((note) => {"
        " const { left, right, top, bottom } = note.getBoundingClientRect();"
        " return left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight; })"
    )


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_wall_follows_and_shows_what_is_for_all(people: People, language: str) -> None:
    lead = people("Vetäjä", device=WIDE, language=language)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    guest = people("Tiira", language=language)
    guest.join(workshop)
    first = lead.board_id(workshop)
    crowd(lead, first, {"challenges": 20, SECOND_ZONE: 20})
    theme_of(lead, first, "Jonot", "challenges", 3)
    with lead.page.expect_popup() as opened:
        lead.page.get_by_role("link", name=lead.t("wall.open")).press("Enter")
    wall = replace(lead, page=opened.value)
    wall.page.set_viewport_size({"width": PROJECTOR.width, "height": PROJECTOR.height})
    heading = wall.page.get_by_role("heading", level=1)
    expect(heading).to_have_text(actions.title("phenomena", language))
    expect(wall.page.locator(".flow li")).to_have_count(43)

    sees_all(wall)
    assert size_of(wall) >= SMALLEST
    wall.shot(f"wall-{language}")

    path = f"/api/workshops/{workshop.id}"
    lead.call("PATCH", path, {"announcement": "Tauko klo 10.15 asti", "timer": {"seconds": 900}})
    expect(wall.page.get_by_text("Tauko klo 10.15 asti")).to_be_visible()
    expect(wall.page.get_by_role("timer")).to_contain_text("14:")
    wall.shot(f"wall-message-{language}")
    wall.page.get_by_role("button", name=wall.t("wall.message_whole")).press("Enter")
    expect(wall.page.locator(".flow")).to_have_count(0)
    wall.shot(f"wall-whole-{language}")

    # Large code and picture, by keyboard and back.
    expect(wall.page.get_by_text(wall.t("wall.in", n=1))).to_be_visible()
    wall.page.get_by_role("button", name=wall.t("wall.code_large")).press("Enter")
    dialog = wall.page.get_by_role("dialog")
    expect(dialog.get_by_text(workshop.code)).to_be_visible()
    wall.shot(f"wall-code-{language}")
    wall.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)

    second = actions.title("phenomena_summary", language)
    invitation = {"board": lead.board_id(workshop, "phenomena_summary"), "seconds": 600}
    lead.call("PATCH", path, {"invitation": invitation})
    expect(wall.page.locator(".line")).to_contain_text(second)
    assert look(wall, "wall") == []

    # It goes along; nobody is more, and who leads stands where they stood.
    actions.lead_to(lead, "phenomena_summary")
    expect(heading).to_have_text(actions.title("phenomena_summary", language))
    lead.call("PATCH", path, {"announcement": None})
    expect(wall.page.locator(".flow h3").first).to_be_visible()
    wall.shot(f"wall-answers-{language}")
    # A name, the panel, a toast: nothing of these is on a wall.
    for private in ("Tiira", "Vetäjä"):
        assert private not in wall.page.locator("body").inner_text()
    expect(wall.page.locator("#panel, .toast")).to_have_count(0)
    here = guest.page.get_by_role("button", name=guest.t("workshop.people_here", n=2))
    expect(here).to_be_visible()


def test_a_wall_turns_pages_and_is_for_who_leads(people: People) -> None:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    crowd(lead, lead.board_id(workshop), {"challenges": 150, SECOND_ZONE: 150})
    lead.page.emulate_media(color_scheme="dark")
    lead.go(f"/w/{workshop.id}/wall")
    page = lead.page.locator("footer .page")
    expect(page).to_contain_text(re.compile(r" 1/\d"))
    assert size_of(lead) >= SMALLEST
    lead.shot("wall-full")
    lead.button("wall.still").press("Enter")
    lead.page.keyboard.press("ArrowRight")
    expect(page).to_contain_text(re.compile(r" 2/\d"))
    lead.shot("wall-full-2")
    lead.page.keyboard.press("PageUp")
    expect(page).to_contain_text(re.compile(r" 1/\d"))

    # Of a grid, a row at a time.
    change = lead.board_id(workshop, "change")
    row = actions.definition("change")["rows"]
    columns = [column["id"] for column in actions.definition("change")["columns"]]
    crowd(lead, change, {f"{row[0]['id']}/{columns[0]}": 3, f"{row[1]['id']}/{columns[1]}": 2})
    path = f"/api/workshops/{workshop.id}"
    lead.call("PATCH", path, {"board": change})
    expect(lead.page.get_by_role("heading", name=row[0]["title"]["fi"])).to_be_visible()
    lead.shot("wall-grid")
    lead.page.keyboard.press("ArrowRight")
    expect(lead.page.get_by_role("heading", name=row[1]["title"]["fi"])).to_be_visible()
    lead.call("PATCH", path, {"board": lead.board_id(workshop, "assessment")})
    expect(lead.page.get_by_text(lead.t("wall.survey_closed"))).to_be_visible()
    lead.shot("wall-survey")
    lead.call("PATCH", path, {"board": lead.board_id(workshop)})
    lead.page.set_viewport_size({"width": PHONE.width, "height": PHONE.height})
    expect(page).to_contain_text(re.compile(r" 1/\d"))
    lead.shot("wall-phone")
    assert_fits(lead, "wall")

    guest = people("Tiira")
    guest.join(workshop)
    guest.go(f"/w/{workshop.id}/wall")
    expect(guest.page).to_have_url(re.compile(rf"/w/{workshop.id}$"))
    expect(guest.board).to_be_visible()
