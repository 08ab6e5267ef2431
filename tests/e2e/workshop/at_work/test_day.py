"""The day by the clock: planned times, an invitation, who comes late, notes of who leads."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.hands.test_said import LISTEN, hears
from tests.e2e.support import actions
from tests.support.browsers.browser import PHONE, WIDE, People, Person, Workshop

pytestmark = [pytest.mark.xdist_group("e2e-day"), pytest.mark.timeout(180)]

FIRST, SECOND = "phenomena", "phenomena_summary"
SECRET = "kettu-koputtaa-ikkunaan"


def desk_of(lead: Person, workshop: Workshop) -> Any:
    return lead.get(f"/api/workshops/{workshop.id}")[1]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_times_are_planned_and_everybody_is_brought_on_softly(
    people: People, language: str
) -> None:
    lead = people("Vetäjä", device=WIDE, language=language)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    guest = people("Tiira", language=language)
    guest.join(workshop)
    first, second = (lead.board_id(workshop, key) for key in (FIRST, SECOND))
    agenda = lead.page.get_by_role("region", name=lead.t("agenda.heading"))
    agenda.get_by_role("button").press("Enter")  # begin now
    pace = agenda.locator(".pace")
    expect(pace).to_contain_text(lead.t("agenda.on_time"))
    agenda.get_by_text(lead.t("agenda.change")).press("Enter")
    title = actions.title(FIRST, language)
    minutes = agenda.get_by_label(re.compile(f"^{lead.t('agenda.minutes')}.*{re.escape(title)}$"))
    minutes.fill("25")
    minutes.press("Tab")
    expect(pace).to_contain_text("/25")
    # Planned for midnight, it is behind.
    begins = agenda.get_by_label(re.compile(f"^{lead.t('agenda.begins')}.*{re.escape(title)}$"))
    begins.fill("00:00")
    expect(pace).not_to_contain_text(lead.t("agenda.on_time"))
    desk = desk_of(lead, workshop)
    assert desk["guidance"]["boards"][FIRST]["minutes"] == [25, 25]
    reached = desk["reached"]
    assert reached["board"] == first
    lead.call(
        "PATCH",
        f"/api/workshops/{workshop.id}",
        {"starts": {first: reached["at"] - 10 * 60_000 - 30_000}},
    )
    expect(pace).to_contain_text(lead.t("agenda.over", n=10))
    lead.shot(f"agenda-{language}")

    for person in (lead, guest):
        person.page.evaluate(LISTEN)
    to = actions.title(SECOND, language)
    invites = lead.page.get_by_role("group", name=lead.t("invitation.first", board=to))
    invites.get_by_role("button").first.press("Enter")
    row = guest.page.locator(".invitation")
    expect(row).to_contain_text(to)
    expect(row.get_by_role("timer")).to_be_visible()
    hears(guest, lead.t("invitation.said", board=to, time="x").split("x")[0])
    guest.shot(f"invited-{language}")
    lead.shot(f"invites-{language}")
    row.get_by_role("button").press("Enter")  # at once, by oneself
    actions.stands_on(guest, SECOND)
    actions.stands_on(lead, FIRST)
    lead.page.locator(".invitation").get_by_role(
        "button", name=lead.t("invitation.call_off")
    ).press("Enter")
    expect(row).to_have_count(0)
    lead.call(
        "PATCH",
        f"/api/workshops/{workshop.id}",
        {"invitation": {"board": second, "seconds": 1}},
    )
    actions.stands_on(lead, SECOND)
    assert desk_of(lead, workshop)["reached"]["board"] == second


def test_who_comes_late_is_told_where_all_are(people: People) -> None:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    lead.call("PATCH", f"/api/workshops/{workshop.id}", {"board": lead.board_id(workshop, SECOND)})
    late = people("Tiira", device=PHONE)  # after everybody went on
    late.join(workshop)
    here = late.page.locator(".you-are-here")
    expect(here).to_contain_text(actions.title(SECOND, "fi"))
    late.shot("late-on-a-phone")
    here.get_by_role("button").press("Enter")
    expect(here).to_have_count(0)


def test_notes_of_who_leads_reach_no_other_browser(people: People) -> None:
    lead = people("Vetäjä", device=WIDE)
    workshop = lead.create("Kevät")
    lead.close_dialog()
    guest = people("Tiira")
    got: list[bytes] = []
    guest.page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda frame: got.append(raw(frame))),
    )
    guest.page.on("requestfinished", lambda request: got.append(body_of(request)))
    guest.join(workshop)
    notes = lead.page.get_by_label(lead.t("script.label", board=actions.title(FIRST, "fi")))
    notes.fill(f"Kysy ensin\n{SECRET}")
    lead.shot("own-notes")
    told = f"/api/workshops/{workshop.id}/scripts"
    lead.page.wait_for_function(
        "async ([path, secret]) => (await (await fetch(path)).text()).includes(secret)",
        arg=[told, SECRET],
    )
    actions.lead_to(lead, SECOND)
    actions.stands_on(guest, SECOND)
    guest.page.reload()
    actions.stands_on(guest, SECOND)
    assert guest.get(told)[0] == 403
    assert len(got) > 10
    assert not [each for each in got if SECRET.encode() in each]
    lead.page.reload()
    actions.go(lead, FIRST)
    expect(notes).to_have_value(f"Kysy ensin\n{SECRET}")


def raw(frame: bytes | str) -> bytes:
    return frame.encode() if isinstance(frame, str) else frame


def body_of(request: Any) -> bytes:
    try:
        answer: bytes = request.response().body()
    except Exception:  # a page that was left has none any more
        return b""
    return answer
