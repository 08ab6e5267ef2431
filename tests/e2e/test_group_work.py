"""Nothing that was filled in is lost, and nothing that groups wrote stays behind unseen."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from boards.document import Document
from boards.edits import add_note
from tests.support.browser import WIDE, People, Person

pytestmark = [pytest.mark.xdist_group("e2e-group-work"), pytest.mark.timeout(240)]

PROMPT = "Mikä työssä hiertää juuri nyt?"


def test_what_is_filled_in_in_the_panel_outlives_tabs_and_reloads(people: People) -> None:
    lead, guest = people("Vetäjä", device=WIDE), people("Tiira")
    workshop = lead.create("Tiimin kehittämispäivä")
    lead.close_dialog()
    guest.join(workshop)
    name = lead.page.get_by_label(lead.t("breakout.group_name", letter="A"))
    name.fill("Koivikko")
    lead.button("breakout.way_hand").click()
    lead.button("breakout.more").click()
    open_tab(lead, "pace")
    lead.page.locator("#announcement").fill("Tauko kello")
    open_tab(lead, "guidance")
    summary = lead.page.get_by_role("tabpanel").locator("summary").first
    summary.click()
    prompt = lead.page.get_by_role("tabpanel").locator("textarea").nth(1)
    prompt.fill(PROMPT)  # and never left
    lead.page.reload()
    open_tab(lead, "pace")
    expect(lead.page.locator("#announcement")).to_have_value("Tauko kello")
    open_tab(lead, "guidance")
    lead.page.get_by_role("tabpanel").locator("summary").first.click()
    expect(lead.page.get_by_role("tabpanel").locator("textarea").nth(1)).to_have_value(PROMPT)
    expect(guest.page.get_by_text(PROMPT).first).to_be_attached()
    open_tab(lead, "groups")
    expect(name).to_have_value("Koivikko")
    expect(lead.page.get_by_label(lead.t("breakout.group_name", letter="C"))).to_be_visible()
    expect(lead.button("breakout.way_hand")).to_have_attribute("aria-pressed", "true")
    lead.shot("plan-kept")


def test_a_recall_gathers_and_what_comes_late_is_gathered_with_one_press(people: People) -> None:
    lead, guest = people("Vetäjä", device=WIDE), people("Tiira")
    workshop = lead.create("Tiimin kehittämispäivä")
    lead.close_dialog()
    guest.join(workshop)
    lead.button("breakout.start").click()
    expect(lead.button("breakout.recall")).to_be_visible()
    guest.put("challenges", "Kirjoitettu ennen kutsua")
    breakout = desk(lead, workshop.id)["breakouts"][0]
    group = next(group for group in breakout["groups"] if group["people"])
    lead.button("breakout.recall").click()
    report = lead.page.get_by_role("complementary").get_by_role("status")
    expect(report).to_contain_text(lead.t("merge.added", n=1, board=lead.board_title))
    lead.sees("Kirjoitettu ennen kutsua")
    for _ in range(2):
        open_tab(lead, "people")
        open_tab(lead, "groups")
        expect(report).to_contain_text(lead.t("merge.added", n=1, board=lead.board_title))
        lead.page.reload()
    bring_late(guest, group["board"], "Junassa kirjoitettu")
    told = lead.t("late.came", n=1, group=group["name"])
    sheet = lead.page.get_by_role("tabpanel")
    expect(sheet.get_by_text(told)).to_be_visible()
    lead.shot("late")
    lead.page.reload()
    expect(sheet.get_by_text(told)).to_be_visible()
    sheet.get_by_role("button", name=lead.t("late.gather"), exact=True).click()
    expect(sheet.get_by_text(told)).to_have_count(0)
    lead.sees("Junassa kirjoitettu")
    guest.sees("Junassa kirjoitettu")
    lead.shot("late-gathered")
    for left in (1, 0):
        lead.button("merge.close_report").first.click()
        expect(lead.button("merge.close_report")).to_have_count(left)


def test_a_paused_timer_given_more_time_and_a_clock_set_anew(people: People) -> None:
    lead, guest = people("Vetäjä", device=WIDE), people("Tiira")
    workshop = lead.create("Tiimin kehittämispäivä")
    lead.close_dialog()
    guest.join(workshop)
    here = lead.button("workshop.people_here", n=2)
    expect(here).to_be_visible()
    guest.page.context.new_cdp_session(guest.page).send(
        "Page.setWebLifecycleState", {"state": "frozen"}
    )
    open_tab(lead, "pace")
    lead.page.get_by_role("button", name=lead.t("panel.minutes", n=20), exact=True).click()
    lead.button("panel.timer_pause").click()
    time = clock(lead)
    expect(lead.button("panel.timer_go_on")).to_be_visible()
    before = seconds(time)
    for _ in range(2):
        lead.button("panel.timer_more").click()
    expect(lead.button("panel.timer_go_on")).to_be_visible()
    lead.page.wait_for_function(
        "left => document.querySelector('[role=timer]').textContent.includes(left)",
        arg=shown(before + 120),
    )
    lead.button("panel.timer_go_on").click()
    expect(lead.button("panel.timer_pause")).to_be_visible()
    lead.page.evaluate("const real = Date.now; Date.now = () => real() + 3600_000")
    lead.page.wait_for_function(
        "left => document.querySelector('[role=timer]').textContent.includes(left)",
        arg=f"{(before + 120) // 60 - 1}:",
    )
    expect(here).to_be_visible()  # who is frozen is here as long as the server hears them


def open_tab(lead: Person, tab: str) -> None:
    toggle = lead.button("panel.open")
    if toggle.get_attribute("aria-expanded") == "false":
        toggle.click()
    lead.page.get_by_role("tab", name=lead.t(f"panel.tab_{tab}")).click()


def clock(person: Person) -> Locator:
    return person.page.get_by_role("timer")


def seconds(time: Locator) -> int:
    minutes, rest = time.locator(".clock").inner_text().split(":")
    return 60 * int(minutes) + int(rest)


def shown(left: int) -> str:
    return f"{left // 60}:{left % 60:02}"


def desk(person: Person, workshop: str) -> Any:
    status, found = person.get(f"/api/workshops/{workshop}")
    assert status == 200
    return found


def bring_late(person: Person, board: str, text: str) -> None:
    """As the browser does it for a board that is not open any more."""
    document = Document()
    add_note(document, board, zone="challenges", text=text, at=1)
    origin = person.page.evaluate("location.origin")
    answer = person.page.context.request.post(
        f"{origin}/api/boards/{board}/edits",
        data=document.get_update(),
        headers={"Content-Type": "application/octet-stream", "Origin": origin},
    )
    assert answer.ok, answer.text()
