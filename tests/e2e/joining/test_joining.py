"""Coming in: quickly, only once, and as oneself again."""

import os
import signal
from dataclasses import replace

import pytest
from playwright.sync_api import FloatRect, expect

from tests.e2e.support import actions
from tests.e2e.support.first_character import LIMIT_SECONDS, WAYS, Way, first_character
from tests.support.browsers.browser import PHONE, People
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


def test_who_follows_the_link_on_a_shared_computer_says_who_they_are(people: People) -> None:
    workshop = people("Vetäjä").create("Pian mukana")
    person = people("Kuovi", device=PHONE)
    person.forgive("status of 401")
    person.join(workshop)
    person.put("challenges", "Kuovin oma")
    person.sees_status("saved")
    person.go(f"/j/{workshop.plain_code}")
    expect(person.page.get_by_text(person.t("join.already", name="Kuovi"))).to_be_visible()
    assert person.page.get_by_role("textbox").count() == 0
    person.shot("is-that-you")
    person.page.get_by_role("link", name=person.t("join.go_on", name="Kuovi")).click()
    person.page.wait_for_url(f"**/w/{workshop.id}")
    person.sees_status("saved")
    person.go(f"/j/{workshop.plain_code}")
    person.button("join.anew").click()
    expect(person.page.get_by_text(person.t("leave.lead", name="Kuovi"))).to_be_visible()
    person.shot("somebody-else-here")
    person.button("leave.leave").click()
    person.textbox("join.name").fill("Kuovi")  # of the same name, and yet another person
    person.button("join.join").click()
    person.page.wait_for_url(f"**/w/{workshop.id}")
    person.sees_status("saved")
    people_there = person.get(f"/api/workshops/{workshop.id}")[1]["people"]
    assert [each["name"] for each in people_there][1:] == ["Kuovi", "Kuovi (2)"]


def test_leaving_a_device_clears_it_and_names_what_is_not_saved(people: People) -> None:
    workshop = people("Vetäjä").create("Kiertävä läppäri")
    person = people("Kuovi")
    person.forgive("status of 401|ERR_INTERNET_DISCONNECTED|WebSocket")
    person.join(workshop)
    person.sees_status("saved")
    person.has_all_parts()
    person.page.context.set_offline(True)
    person.put("challenges", "Ei vielä perillä")
    person.button("workshop.me", name="Kuovi").click()
    person.page.get_by_role("menuitem", name=person.t("leave.button")).click()
    dialog = person.page.get_by_role("dialog")
    expect(dialog.get_by_role("alert").first).to_contain_text("1")
    person.shot("leave-unsaved")
    dialog.get_by_role("button", name=person.t("leave.wait")).click()
    person.page.context.set_offline(False)
    person.sees_status("saved")
    person.button("workshop.me", name="Kuovi").click()
    person.page.get_by_role("menuitem", name=person.t("leave.button")).click()
    expect(dialog.get_by_role("alert")).to_have_count(0)
    person.shot("leave")
    dialog.get_by_role("button", name=person.t("leave.leave"), exact=True).click()
    person.page.wait_for_url("**/")
    kept = person.page.evaluate(
        "Object.keys(localStorage).concat(Object.keys(sessionStorage)).join()"
    )
    assert workshop.id not in kept
    assert person.get(f"/api/workshops/{workshop.id}")[0] == 401


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
    way_back = second.page.locator(".leave strong").inner_text()
    second.shot("leave-as-facilitator")
    second.button("leave.leave").click()
    second.button("join.join").click()
    second.page.wait_for_url("**/w/*")
    second.sees("Vetäjän oma")
    expect(lead.page.get_by_text(lead.t("error.other-person.detail"))).to_be_visible()
    lead.shot("somebody-else")
    lead.textbox("join.code").fill(way_back)
    lead.button("join.come_back").click()
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
    actions.choose(person, "experiments")
    expect(person.note("Täällä jo")).to_have_count(0)
    person.sees_status("saved")
    os.kill(server.pid, signal.SIGSTOP)  # as slow as a network can be
    actions.choose(person, "phenomena")
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
