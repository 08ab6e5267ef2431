"""Coming in: quickly, only once, and as oneself again."""

import os
import signal
from dataclasses import replace

import pytest
from playwright.sync_api import FloatRect, expect

from tests.e2e.first_character import LIMIT_SECONDS, WAYS, Way, first_character
from tests.support.browser import PHONE, People
from tests.support.server import Server

pytestmark = pytest.mark.xdist_group("e2e-joining")


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name.replace(",", "").split(" (")[0])
def test_first_character_within_15_seconds_and_two_fields(way: Way, people: People) -> None:
    measured = first_character(people, way)
    print(measured)
    assert measured.fields == (2 if way.by == "code" else 1)
    assert measured.person < LIMIT_SECONDS
    assert measured.seconds < LIMIT_SECONDS or way.by == "code" or way.slow


def test_the_join_page_says_where_one_is_going(people: People) -> None:
    workshop = people("Vetäjä").create("Tiimin kehittämispäivä")
    person = people("Kuovi", language="sv", device=PHONE)
    person.go(f"/j/{workshop.code.lower()}")
    expect(person.page.get_by_role("heading", level=1)).to_have_text("Tiimin kehittämispäivä")
    person.shot("join")


def test_who_is_in_already_is_not_asked_again(people: People) -> None:
    workshop = people("Vetäjä").create("Pian mukana")
    person = people("Kuovi")
    person.join(workshop)
    person.go(f"/j/{workshop.plain_code}")
    person.page.wait_for_url(f"**/w/{workshop.id}")
    person.sees_status("saved")
    assert person.page.get_by_role("textbox").count() == 0


def test_the_observers_link_lets_in_who_only_looks_on(people: People) -> None:
    lead = people("Vetäjä")
    workshop = lead.create("Avoimin ovin")
    lead.page.get_by_text(lead.t("panel.observer_link"), exact=True).click()
    lead.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    lead.button("panel.copy_observer_link").click()
    expect(lead.page.get_by_text(lead.t("app.copied"))).to_be_visible()
    lead.shot("observers-link")
    guest = people("Kuovi", language="sv", device=PHONE)
    guest.page.goto(lead.page.evaluate("navigator.clipboard.readText()"))
    expect(guest.page.get_by_text(guest.t("join.as_observer"))).to_be_visible()
    guest.shot("as-observer")
    guest.textbox("join.name").fill("Kuovi")
    guest.button("join.join").click()
    expect(guest.page.get_by_text(guest.t("board.read-only.observer"))).to_be_visible()
    roles = {each["role"] for each in lead.get(f"/api/workshops/{workshop.id}")[1]["people"]}
    assert roles == {"facilitator", "observer"}


def test_who_joins_anew_in_one_browser_is_told_whose_place_that_is(people: People) -> None:
    """As a facilitator does who tries the product alone: in a second tab, by the code."""
    lead = people("Vetäjä")
    lead.forgive("status of 401")
    workshop = lead.create("Kokeilu")
    lead.close_dialog()
    lead.put("challenges", "Vetäjän oma")
    lead.sees_status("saved")
    me = lead.t("workshop.facilitator")
    second = replace(lead, page=lead.page.context.new_page(), name="Toinen")
    second.go("/")
    second.textbox("join.code").fill(workshop.code)
    second.textbox("join.name").fill("Toinen")
    second.button("join.join").click()
    expect(second.page.get_by_text(second.t("join.already", name=me))).to_be_visible()
    go_on = second.page.get_by_role("link", name=second.t("join.go_on", name=me))
    expect(go_on).to_be_focused()
    second.shot("already-in")
    go_on.click()
    second.sees("Vetäjän oma")
    expect(second.button("panel.open")).to_be_visible()  # still the facilitator
    second.go("/")
    second.textbox("join.code").fill(workshop.code)
    second.textbox("join.name").fill("Toinen")
    second.button("join.join").click()
    second.button("join.anew").click()
    second.page.wait_for_url("**/w/*")
    second.sees("Vetäjän oma")
    expect(lead.page.get_by_text(lead.t("error.other-person.detail"))).to_be_visible()
    lead.shot("somebody-else")
    lead.button("join.go_on_leading").click()
    lead.sees("Vetäjän oma")
    expect(lead.button("panel.open")).to_be_visible()


def test_a_return_code_brings_the_same_person_back_on_another_device(people: People) -> None:
    workshop = people("Vetäjä").create("Pian mukana")
    laptop = people("Kuovi")
    laptop.join(workshop)
    laptop.button("workshop.me", name="Kuovi").click()
    code = laptop.page.locator(".head .code strong").inner_text()
    phone = people("Kuovi", device=PHONE)
    phone.go("/")
    phone.textbox("join.code").fill(code)
    expect(phone.textbox("join.name")).to_have_count(0)  # we know them by the code
    phone.button("join.come_back").click()
    phone.page.wait_for_url(f"**/w/{workshop.id}")
    phone.sees_status("saved")
    desk = laptop.get(f"/api/workshops/{workshop.id}")[1]
    assert [each["name"] for each in desk["people"] if each["role"] == "participant"] == ["Kuovi"]


def test_a_note_written_before_the_board_has_arrived_covers_no_other(
    people: People, server: Server
) -> None:
    lead = people("Vetäjä")
    workshop = lead.create("Pian mukana")
    lead.close_dialog()
    lead.put("challenges", "Täällä jo")
    lead.sees_status("saved")
    person = people("Kuovi")
    person.join(workshop)
    boards = person.page.get_by_role("navigation").get_by_role("button")
    boards.last.click()
    expect(person.note("Täällä jo")).to_have_count(0)
    person.sees_status("saved")
    os.kill(server.pid, signal.SIGSTOP)  # as slow as a network can be
    boards.first.click()
    person.put("challenges", "Nopea")
    os.kill(server.pid, signal.SIGCONT)
    person.sees("Täällä jo", "Nopea")
    person.sees_status("saved")
    places = [person.note(text).bounding_box() for text in ("Täällä jo", "Nopea")]
    assert not overlap(*places), places


def overlap(a: FloatRect | None, b: FloatRect | None) -> bool:
    assert a
    assert b
    across = a["x"] < b["x"] + b["width"] and b["x"] < a["x"] + a["width"]
    return across and a["y"] < b["y"] + b["height"] and b["y"] < a["y"] + a["height"]
