"""What passes between groups at work and who leads them, as it is seen and heard."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.hands.test_said import LISTEN, hears
from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, Device, People, Person, Workshop

pytestmark = [pytest.mark.xdist_group("e2e-recall-notice"), pytest.mark.timeout(180)]


def test_a_group_calls_is_answered_is_told_and_goes_on_after_its_end(people: People) -> None:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    member = people("Tiira", device=PHONE)
    member.join(workshop)
    actions.panel_tab(lead, "groups")
    lead.button("breakout.start").click()
    alone = member.page.get_by_text(member.t("workshop.alone_in_group"))
    expect(alone).to_be_visible()
    [breakout] = lead.get(f"/api/workshops/{workshop.id}")[1]["breakouts"]
    name = breakout["groups"][0]["name"]
    for person in (lead, member):
        person.page.evaluate(LISTEN)

    actions.panel_tab(lead, "people")  # wherever they stand
    member.button("workshop.me", name="Tiira").click()
    actions.menu_item(member, "help.ask").click()
    expect(member.page.get_by_text(member.t("help.asked"))).to_be_visible()
    hears(lead, lead.t("help.said", group=name))
    go = lead.page.get_by_role("button", name=re.compile(f"^{lead.t('help.go')}"))
    go.focus()
    lead.page.keyboard.press("Enter")
    expect(go).to_have_count(0)
    expect(lead.page.get_by_text(lead.t("workshop.visiting", name=name))).to_be_visible()
    expect(member.page.get_by_text(member.t("help.answered"))).to_be_visible()

    actions.panel_tab(lead, "groups")
    lead.page.get_by_label(lead.t("message.text")).fill("Viisi minuuttia jäljellä")
    lead.page.get_by_label(lead.t("message.text")).press("Enter")
    hears(member, member.t("message.said", text="Viisi minuuttia jäljellä"))
    told = member.page.locator(".announcement")
    expect(told).to_contain_text("Viisi minuuttia jäljellä")
    told.get_by_role("button", name=member.t("app.close")).click()
    expect(told).to_have_count(0)

    lead.button("breakout.recall").click()
    expect(member.page.get_by_text(member.t("workshop.recalled"))).to_be_visible()
    lead.button("breakout.reopen").click()
    expect(alone).to_be_visible()


def test_a_hand_goes_up_and_is_seen_and_who_is_ready_is_counted(people: People) -> None:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    member = people("Tiira", device=PHONE)
    member.join(workshop)
    me = member.page.get_by_role("button", name=re.compile("^Tiira"))
    lead.page.evaluate(LISTEN)
    me.press("Enter")
    actions.menu_item(member, "signal.raise").press("Enter")
    expect(member.page.get_by_text(member.t("signal.hand_shown"))).to_be_visible()
    hears(lead, lead.t("signal.said", name="Tiira"))
    lead.shot("hand")
    member.shot("hand-on-a-phone")
    seen = lead.page.get_by_role("button", name=re.compile(f"^{lead.t('signal.seen')}.*Tiira"))
    seen.press("Enter")
    expect(seen).to_have_count(0)
    expect(member.page.get_by_text(member.t("signal.hand_gone"))).to_be_visible()

    actions.panel_tab(lead, "pace")
    expect(lead.page.get_by_text(lead.t("signal.count", n=0, all=1))).to_be_visible()
    me.press("Enter")
    actions.menu_item(member, "signal.be_ready").press("Enter")
    expect(lead.page.get_by_text(lead.t("signal.count", n=1, all=1))).to_be_visible()
    hears(lead, lead.t("signal.all_ready"))
    lead.shot("ready")
    lead.button("signal.reset").press("Enter")
    expect(lead.page.get_by_text(lead.t("signal.count", n=0, all=1))).to_be_visible()
    expect(member.page.get_by_text(member.t("signal.ready_gone"))).to_be_visible()


@pytest.mark.parametrize(("device", "rows"), [(WIDE, 4), (PHONE, 1)], ids=["wide", "phone"])
def test_many_hands_leave_the_board_in_sight(people: People, device: Device, rows: int) -> None:
    """On a phone the first alone stands in words, and how many more there are."""
    lead = people("Vetäjä", device=device)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    with httpx.Client(base_url=lead.url, trust_env=False) as http:
        for name in ("Tiira", "Kuovi", "Lokki", "Sorsa"):
            body = {"code": workshop.code, "name": name}
            joined = http.post("/api/join", json=body).raise_for_status().json()
            way = f"/api/workshops/{workshop.id}/people/{joined['person']}/signals"
            who = {"Authorization": f"Bearer {joined['token']}"}
            http.patch(way, json={"hand": True}, headers=who).raise_for_status()
    more = 4 - min(rows, 3)
    expect(lead.page.get_by_text(lead.t("signal.others", n=more))).to_be_visible()
    strip = lead.page.locator("ul").filter(has_text=lead.t("signal.said", name="Tiira"))
    expect(strip.get_by_role("listitem")).to_have_count(rows)
    box = strip.bounding_box()
    assert box
    assert box["height"] <= 60 * rows
    lead.shot("many-hands")
    seen = strip.get_by_role("button", name=re.compile("Tiira"))
    seen.press("Enter")
    expect(strip).to_have_count(0)
    next_one = lead.page.get_by_text(lead.t("signal.said", name="Kuovi"), exact=True)
    expect(next_one).to_be_visible()


#: A tone stands among what is said.
RINGS = """() => {
  const { start } = OscillatorNode.prototype;
  OscillatorNode.prototype.start = function (...when) {
    window.said.push('♪');
    return start.apply(this, when);
  };
}"""


def test_the_end_of_the_time_is_heard_where_somebody_leads_until_they_switch_it_off(
    people: People,
) -> None:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    member = people("Tiira", device=WIDE)
    member.join(workshop)
    for person in (lead, member):
        person.page.evaluate(LISTEN)
        person.page.evaluate(RINGS)
    last = "workshop.time_last"
    timer(lead, workshop)
    hears(lead, "♪")
    hears(member, member.t(last))
    assert "♪" not in member.page.evaluate("window.said")

    lead.button("workshop.me", name=lead.t("workshop.facilitator")).click()
    actions.menu_item(lead, "workshop.time_sound").click()
    lead.page.evaluate("() => { window.said = []; }")
    timer(lead, workshop)
    hears(lead, lead.t(last))
    assert "♪" not in lead.page.evaluate("window.said")


def timer(lead: Person, workshop: Workshop) -> None:
    """It has a minute left in a second."""
    path = f"/api/workshops/{workshop.id}"
    assert lead.call("PATCH", path, {"timer": {"seconds": 61}})[0] == 200
